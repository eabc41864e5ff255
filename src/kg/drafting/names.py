"""Where a text names what the graph knows: labels word by word, each word in any of its forms.

Labels in the text's language come first. Where a thing has none in it, its labels in other languages are tried: by the
sound of their words, and by what `Lexicon` has learned from things with labels in both languages.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import pyoxigraph as ox

from kg.drafting import morphology
from kg.drafting.lexicon import Lexicon
from kg.drafting.reading import Reading, Span, Token
from kg.evidence.agreement import primary
from kg.store.lookup import instances
from kg.store.text import folding, sound
from kg.words.names import LABEL_PROPERTIES, SKOS

PROPERTIES: Final = (*LABEL_PROPERTIES, SKOS + "altLabel", SKOS + "hiddenLabel")
_MAX_WORDS: Final = 14
_BETWEEN: Final = re.compile(r"[\s«»„“”\"'’-]*|\.\s*")
_ASIDE: Final = re.compile(r"\s*\([^()]*\)")
_MARKS: Final = frozenset(",;:/&№+–—")
_QUOTED: Final = {"«": "»", "„": "“", "“": "”"}


@dataclass(frozen=True)
class Label:
    """A name of a thing, as the graph has it."""

    iri: str
    property: str
    literal: ox.Literal


@dataclass(frozen=True)
class Mention(Span):
    """A place where a text names a thing.

    labels      what names it so; the first is the best
    is_foreign  the label is in another language: likely, and not sure
    """

    labels: tuple[Label, ...]
    is_foreign: bool = False

    @property
    def iri(self) -> str:
        return self.labels[0].iri


@dataclass(frozen=True)
class _Known:
    label: Label
    words: tuple[frozenset[str], ...]
    is_capital: bool
    is_foreign: bool
    marks: frozenset[str]


class Names:
    """The names of the things of a graph, to be found in texts of one language."""

    def __init__(self, labels: Iterable[Label], language: str) -> None:
        self._code = primary(language)
        self._own = morphology.load(language)
        every = list(labels)
        self.lexicon = Lexicon.of(((x.iri, x.literal) for x in every), self._code)
        named = {x.iri for x in every if primary(x.literal.language or "") == self._code}
        self._index: dict[str, list[_Known]] = defaultdict(list)
        for label in every:
            if self._is_own(label) or label.iri not in named:
                for known in self._known(label):
                    for base in known.words[0]:
                        self._index[base].append(known)

    def find(self, reading: Reading) -> list[Mention]:
        """Each place with the thing that it names, in order; the longest name of a place, and names of others in it."""
        found = [m for i in range(len(reading.tokens)) for m in self._at(reading, i)]
        found.sort(key=lambda m: (m.start - m.end, m.is_foreign, m.start))
        kept: list[Mention] = []
        for mention in found:
            rivals = [k for k in kept if k.overlaps(mention)]
            same = next((k for k in rivals if (k.start, k.end) == (mention.start, mention.end)), None)
            if same is not None and not mention.is_foreign:
                kept[kept.index(same)] = Mention(same.start, same.end, (*same.labels, *mention.labels), same.is_foreign)
            elif not rivals or _is_part(mention, rivals, reading):
                kept.append(mention)
        return sorted(kept, key=lambda m: (m.start, m.end))

    def words(self, label: Label) -> list[tuple[str, frozenset[str], bool]]:
        """The words of a name, folded, each with what it is compared by, and whether it is written large.

        Words that sound alike are alike.
        """
        text, language = label.literal.value, primary(label.literal.language or "")
        is_foreign, found = not self._is_own(label), []
        for word in folding.words(text):
            forms = self._forms(text[word.start : word.end], language, is_foreign=is_foreign)
            compared = forms if is_foreign else forms | heard(forms)
            found.append((word.folded, compared, text[word.start].isupper()))
        return found

    def _is_own(self, label: Label) -> bool:
        """Whether the label may stand in the text as it is: in its language, in none, or as GIZ stands in English."""
        return primary(label.literal.language or "") in (self._code, "", "en")

    def _known(self, label: Label) -> Iterator[_Known]:
        text = label.literal.value
        for shown in dict.fromkeys((text, _ASIDE.sub("", text))):
            words = [shown[w.start : w.end] for w in folding.words(shown)]
            if not 0 < len(words) <= _MAX_WORDS:
                continue
            language = primary(label.literal.language or "")
            is_foreign = not self._is_own(label)
            forms = tuple(self._forms(w, language, is_foreign=is_foreign) for w in words)
            is_capital = shown.lstrip('«„“"')[:1].isupper()
            yield _Known(label, forms, is_capital, is_foreign, frozenset(shown) & _MARKS)

    def _forms(self, word: str, language: str, *, is_foreign: bool) -> frozenset[str]:
        if not is_foreign:
            return self._own.word(word).bases
        bases = morphology.load(language).word(word).bases
        return frozenset(heard(bases) | {t for b in bases for t in self.lexicon.translations(language, b)})

    def _at(self, reading: Reading, place: int) -> Iterator[Mention]:
        """The mentions that begin with a word of the text."""
        first = reading.tokens[place]
        for base in first.word.bases | heard(first.word.bases):
            for known in self._index.get(base, ()):
                row = reading.tokens[place : place + len(known.words)]
                if _answers(row, known, reading):
                    yield Mention(first.start, _closed(reading, first, row[-1]), (known.label,), known.is_foreign)


def labels(store: ox.Store, base: str) -> list[Label]:
    """The names of the project's things and concepts, the best property first; those of its sources are left out."""
    found = []
    for property_ in PROPERTIES:
        for quad in store.quads_for_pattern(None, ox.NamedNode(property_), None, ox.DefaultGraph()):
            subject = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""
            if isinstance(quad.object, ox.Literal) and subject.startswith((base + "id/", base + "vocab/")):
                found.append(Label(subject, property_, quad.object))
    schemes = set(instances(store, SKOS + "ConceptScheme"))
    order = {p: i for i, p in enumerate(PROPERTIES)}
    return sorted((x for x in found if x.iri not in schemes), key=lambda x: (order[x.property], x.iri, str(x.literal)))


def heard(bases: Iterable[str]) -> set[str]:
    """The sound of words, which no word of a text is taken for."""
    return {f"~{sound.key(b)}" for b in bases if len(b) > 2}


def _answers(row: Sequence[Token], known: _Known, reading: Reading) -> bool:
    if len(row) < len(known.words):
        return False
    if len(row) == 1 and not _is_written_so(row[0], known, reading):
        return False
    for token, wanted in zip(row, known.words, strict=True):
        bases = token.word.bases | heard(token.word.bases) if known.is_foreign else token.word.bases
        if bases.isdisjoint(wanted):
            return False
    return all(_may_stand(reading.gap(a, b), a, known.marks) for a, b in pairwise(row))


def _is_written_so(token: Token, known: _Known, reading: Reading) -> bool:
    """Whether a single word is large or small as the name is: the world is no place that is called World."""
    if token.is_capital == known.is_capital or token.is_acronym:
        return True
    begins = not reading.text[: token.start].rpartition("\n")[2].strip() or reading.sentence(token).start == token.start
    return token.is_capital and begins


def _may_stand(gap: str, before: Token, marks: frozenset[str]) -> bool:
    """Whether this may stand between two words of a name; the marks that the name has itself may."""
    for mark in marks:
        gap = gap.replace(mark, " ")
    return _BETWEEN.fullmatch(gap) is not None and ("." not in gap or len(before.text) <= 2)


def _closed(reading: Reading, first: Token, last: Token) -> int:
    """The end of a name, with the quotation mark that closes one in it."""
    inside, after = reading.text[first.start : last.end], reading.text[last.end : last.end + 1]
    closes = any(inside.count(o) > inside.count(c) and after == c for o, c in _QUOTED.items())
    return last.end + closes


def _is_part(mention: Mention, rivals: list[Mention], reading: Reading) -> bool:
    """Whether it is a name of several words within the names of other things, as a university in that of its clinic.

    What a longer name begins with is none: «Лікарня Святої Анни» in «Лікарня Святої Анни, Брно».
    """
    return (
        len(reading.within(mention)) > 1
        and all(mention in r and mention.start > r.start for r in rivals)
        and mention.iri not in {r.iri for r in rivals}
        and "/vocab/" not in mention.iri
    )
