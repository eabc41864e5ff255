"""Words that translate each other, learned from things that have a name in both languages."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Final

import pyoxigraph as ox

from kg.drafting import morphology
from kg.evidence.agreement import primary
from kg.store.text import folding

_MOST: Final = 8
"""Words of a name that is still told apart word by word."""

Words = tuple[frozenset[str], ...]


class Lexicon:
    """Bases of words in other languages -> bases in one."""

    def __init__(self, words: Mapping[tuple[str, str], frozenset[str]]) -> None:
        self._words = words

    @classmethod
    def of(cls, names: Iterable[tuple[str, ox.Literal]], code: str) -> Lexicon:
        """What the names (of which thing, and the name) teach for a language."""
        by_thing: dict[str, dict[str, Words]] = defaultdict(dict)
        for iri, name in names:
            language = primary(name.language or "")
            if language and language not in by_thing[iri]:
                by_thing[iri][language] = _words(name.value, language)
        votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for spoken in by_thing.values():
            for language in spoken.keys() - {code}:
                for foreign, own in _pairs(spoken[language], spoken.get(code, ())):
                    for base, other in product(foreign, own):
                        votes[language, base][other] += 1
        return cls({key: _best(counted) for key, counted in votes.items()})

    def translations(self, language: str, base: str) -> frozenset[str]:
        return self._words.get((language, base), frozenset())


def _words(name: str, language: str) -> Words:
    known = morphology.load(language)
    return tuple(known.word(name[w.start : w.end]).bases for w in folding.words(name))


def _pairs(one: Words, other: Words) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """Words at the same place of names that have as many; nothing where that is no sign, as in long names."""
    if len(one) == len(other) <= _MOST:
        yield from zip(one, other, strict=True)


def _best(counted: Counter[str]) -> frozenset[str]:
    most = max(counted.values())
    return frozenset(word for word, votes in counted.items() if votes == most)
