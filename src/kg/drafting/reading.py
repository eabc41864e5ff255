"""A text as it is read: its words with what they may be, its sentences, and the clauses of these."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kg.drafting.morphology import Morphology, Word
from kg.store.text import folding

_STOP: Final = re.compile(r"[.!?…]+[»”\"')\]]*(?=\s)|\n\s*\n")
_ABBREVIATION: Final = re.compile(
    r"(?:^|[\s«(])(?:[^\W\d_]|ім|св|м|р|рр|обл|вул|г|гг|им|ул|тис|тыс|млн|млрд|див|см|St|Dr|Mr)\Z"
)
_CLAUSE: Final = re.compile(r"[,;:()]|\s[–—-]\s|[«»“”„]")
_APOSTROPHES: Final = str.maketrans(dict.fromkeys("’ʼ‘`", "'") | dict.fromkeys("\n\r\t\xa0\u202f\u2009", " "))


@dataclass(frozen=True)
class Span:
    """Characters `start` to `end` of a text (end excluded), counted from 0 (RFC 5147)."""

    start: int
    end: int

    def __contains__(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Token(Span):
    """A word where it stands."""

    text: str
    folded: str
    word: Word

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def is_acronym(self) -> bool:
        return len(self.text) > 1 and self.text.isupper() and not self.text.isdigit()

    def may_be(self, *parts: str) -> bool:
        return not self.word.parts.isdisjoint(parts)


class Reading:
    """One text, read once.

    level      the text in small letters, with one kind of apostrophe and of space: as long as the text itself
    sentences  in order, without white space around them
    """

    def __init__(self, text: str, language: str, morphology: Morphology) -> None:
        self.text, self.language, self.morphology = text, language, morphology
        self.level = "".join(c.lower() if len(c.lower()) == 1 else c for c in text).translate(_APOSTROPHES)
        self.tokens = [
            Token(w.start, w.end, text[w.start : w.end], w.folded, morphology.word(text[w.start : w.end]))
            for w in folding.words(text)
        ]
        self._starts = [t.start for t in self.tokens]
        self.sentences = list(_sentences(text))

    def of(self, span: Span) -> str:
        return self.text[span.start : span.end]

    def within(self, span: Span) -> list[Token]:
        """The words that lie in a span."""
        inside = self.tokens[bisect_left(self._starts, span.start) : bisect_left(self._starts, span.end)]
        return [t for t in inside if t.end <= span.end]

    def index(self, position: int) -> int:
        """The number of the first word that begins there or behind."""
        return bisect_left(self._starts, position)

    def sentence(self, span: Span) -> Span:
        """The sentence that the span begins in."""
        return self.sentences[max(0, bisect_right([s.start for s in self.sentences], span.start) - 1)]

    def clause(self, span: Span) -> Span:
        """What stands around the span between punctuation, without the conjunctions that it begins with.

        Nor with the adverbs that its sentence begins with: «Також …».
        """
        whole = self.sentence(span)
        start, end = whole.start, whole.end
        for mark in _CLAUSE.finditer(self.text, whole.start, whole.end):
            if mark.end() <= span.start:
                start = mark.end()
            elif mark.start() >= span.end:
                end = mark.start()
                break
        words = self.within(Span(start, end))
        leaders = ("CONJ", "ADVB") if start == whole.start else ("CONJ",)
        while words and words[0].start < span.start and words[0].may_be(*leaders) and not words[0].may_be("PREP"):
            words = words[1:]
        return trimmed(self.text, words[0].start if words else start, end)

    def gap(self, left: Span, right: Span) -> str:
        return self.text[left.end : right.start]


def trimmed(text: str, start: int, end: int) -> Span:
    """The span without white space, and without punctuation at its end."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ".,;:!?…"):
        end -= 1
    return Span(start, end)


def _sentences(text: str) -> Iterator[Span]:
    start = 0
    for stop in _STOP.finditer(text):
        ends_nothing = text[stop.start()] == "." and _ABBREVIATION.search(text[start : stop.start()])
        follows = text[stop.end() :].lstrip()[:1]
        if ends_nothing or (follows.islower() and "\n\n" not in stop.group()):
            continue
        yield from _sentence(text, start, stop.end())
        start = stop.end()
    yield from _sentence(text, start, len(text))


def _sentence(text: str, start: int, end: int) -> Iterator[Span]:
    inner = text[start:end]
    if inner.strip():
        begin = start + len(inner) - len(inner.lstrip())
        yield Span(begin, start + len(inner.rstrip()))
