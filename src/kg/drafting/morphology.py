"""Which forms of a word are one word: by the dictionaries of pymorphy3, or by common endings where there are none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Protocol

from kg.evidence import inflection
from kg.evidence.agreement import primary
from kg.store.text.folding import fold

INSTALL: Final = "pip install 'health-solidarity-kg[new]'"
_INFLECTED: Final = frozenset({"uk", "ru"})
_APOSTROPHES: Final = str.maketrans(dict.fromkeys("’ʼ‘`", "'"))
_ADJECTIVES: Final = ("ADJF", "PRTF")


@dataclass(frozen=True)
class Word:
    """What a word may be: its base forms, folded, and its parts of speech and cases as pymorphy3 calls them.

    is_plural  it is a noun or an adjective, and in no reading singular
    """

    bases: frozenset[str]
    parts: frozenset[str] = frozenset()
    cases: frozenset[str] = frozenset()
    is_plural: bool = False


class Morphology(Protocol):
    """What is known of the words of a language. Two words are forms of one if they share a base."""

    has_dictionary: bool

    def word(self, text: str) -> Word: ...

    def nominative(self, words: Sequence[str], head: int) -> list[str]: ...


def load(language: str) -> Morphology:
    """The morphology of a language: a dictionary, for Ukrainian and Russian and if it is installed."""
    code = primary(language)
    if code in _INFLECTED:
        try:
            return _dictionary(code)
        except (ImportError, ValueError):  # the latter where pymorphy3 is there without the language's dictionary
            pass
    return Endings()


def is_missing(morphology: Morphology, language: str) -> bool:
    """Whether there is a dictionary to install."""
    return not morphology.has_dictionary and primary(language) in _INFLECTED


class Endings:
    """Words without their endings, as the check of evidence compares them. Nothing is known of parts of speech."""

    has_dictionary = False

    def word(self, text: str) -> Word:
        folded = fold(text)
        return Word(frozenset(inflection.stems(folded)) | {folded})

    def nominative(self, words: Sequence[str], head: int) -> list[str]:
        return list(words)


class Dictionary:
    """Words as a dictionary has them."""

    has_dictionary = True

    def __init__(self, language: str) -> None:
        from pymorphy3 import MorphAnalyzer

        self._analyzer = MorphAnalyzer(lang=language)
        self.word = lru_cache(maxsize=50_000)(self._word)

    def _word(self, text: str) -> Word:
        parses = self._parses(text)
        bases = {fold(p.normal_form) for p in parses} | {fold(text)}
        parts, cases = ({str(v) for p in parses if (v := getattr(p.tag, name))} for name in ("POS", "case"))
        numbers = {str(p.tag.number) for p in parses if p.tag.POS in ("NOUN", *_ADJECTIVES)}
        return Word(frozenset(bases), frozenset(parts), frozenset(cases), numbers == {"plur"})

    def nominative(self, words: Sequence[str], head: int) -> list[str]:
        """A name as it is called: its head in the nominative, and the adjectives before it with it."""
        noun = next((p for p in self._parses(words[head]) if p.tag.POS == "NOUN" and p.tag.case), None)
        called = noun.inflect({"nomn"}) if noun else None
        if called is None or called.word == words[head].lower():
            return list(words)
        wanted = {"nomn"} | {g for g in (called.tag.number == "plur" and "plur", called.tag.gender) if g}
        before = [self._agreeing(w, wanted) for w in words[:head]]
        return [*before, _cased(called.word, words[head]), *words[head + 1 :]]

    def _agreeing(self, word: str, wanted: set[str]) -> str:
        adjective = next((p for p in self._parses(word) if p.tag.POS in _ADJECTIVES), None)
        found = adjective.inflect(wanted) if adjective else None
        return _cased(found.word, word) if found else word

    def _parses(self, text: str) -> list[Any]:
        return list(self._analyzer.parse(text.lower().translate(_APOSTROPHES)))


@lru_cache
def _dictionary(code: str) -> Dictionary:
    return Dictionary(code)


def _cased(word: str, like: str) -> str:
    return word.upper() if like.isupper() and len(like) > 1 else word.capitalize() if like[:1].isupper() else word
