"""Numbers in a text, in digits or words, each with its hedge and with what it counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from kg.drafting.names import Mention
from kg.drafting.reading import Reading, Span, Token
from kg.evidence.numerals import numerals

_NO_COUNT: Final = re.compile(r"(?:№|\bno?\.|#|\d\s?[-–—:/])\s?\Z|[@_]\Z")
_RAN_ON: Final = re.compile(r"\s?(?:[-–—:/]\d|-[^\W\d_])|[@_]")
_PERCENT: Final = re.compile(r"\s?%")
_MAX_COUNTED: Final = 7
_TIMES: Final = frozenset(
    """
    рік місяць тиждень день доба година хвилина секунда год месяц неделя день сутки час минута секунда
    year years month months week weeks day days hour hours minute minutes second seconds
    """.split()  # noqa: SIM905  a table for people
)
"""What is counted where a number says how long something took, and is no number of things."""


@dataclass(frozen=True)
class Quantity(Span):
    """A number with what stands around it: «понад 150 учасників».

    number   the number alone
    hedge    what says how it is meant, if anything does
    counted  the words for what is counted; None where they do not follow
    """

    value: Decimal
    number: Span
    hedge: Mention | None = None
    counted: Span | None = None

    def is_share(self, reading: Reading) -> bool:
        return self.counted is not None and reading.of(self.counted) == "%"

    @property
    def hedged(self) -> Span:
        """The number with its hedge."""
        return Span(min(self.hedge.start, self.number.start) if self.hedge else self.number.start, self.number.end)


def quantities(reading: Reading, hedges: Sequence[Mention], taken: Iterable[Span]) -> list[Quantity]:
    """The numbers, in order.

    hedges  where the text names a qualifier
    taken   where numbers are part of something else: dates, addresses
    """
    found, taken = [], list(taken)
    for numeral in numerals(reading.level):
        span = Span(numeral.start, numeral.end)
        counted = _counted(reading, span)
        if any(t.overlaps(span) for t in taken) or not _counts(reading, span, numeral.value):
            continue
        if counted and any(not t.word.bases.isdisjoint(_TIMES) for t in reading.within(counted)):
            continue
        hedge = next((h for h in hedges if h.end <= span.start and not reading.gap(h, span).strip()), None)
        start, end = hedge.start if hedge else span.start, counted.end if counted else span.end
        found.append(Quantity(start, end, numeral.value, span, hedge, counted))
    return found


def _counts(reading: Reading, span: Span, value: Decimal) -> bool:
    """Whether the number counts anything: «№ 5», «один із них» and 12:30 do not."""
    words = reading.within(span)
    is_word = not reading.text[span.start].isdigit()
    if is_word and (value <= 1 or (len(words) == 1 and words[0].is_capital and not _begins(reading, words[0]))):
        return False
    before, after = reading.level[max(0, span.start - 5) : span.start], reading.level[span.end : span.end + 3]
    return not (_NO_COUNT.search(before) or _RAN_ON.match(after))


def _begins(reading: Reading, token: Token) -> bool:
    return reading.sentence(token).start == token.start


def _counted(reading: Reading, number: Span) -> Span | None:
    """The words for what is counted: «спільних операцій», «медзакладів Німеччини»; or the percent sign."""
    if percent := _PERCENT.match(reading.text, number.end):
        return Span(percent.end() - 1, percent.end())
    row = list(_run(reading, number))
    if not reading.morphology.has_dictionary:
        return Span(row[0].start, row[0].end) if row and not row[0].text.isdigit() else None
    kept: list[Token] = []
    for token in row:
        if token.may_be("NOUN") and not token.may_be("PREP", "CONJ"):
            kept.append(token)
            break
        if not token.may_be("ADJF", "PRTF", "CONJ"):
            break
        kept.append(token)
    if kept and kept[-1].may_be("NOUN"):
        behind = row[len(kept) :][:1]
        kept += [t for t in behind if t.is_capital and "gent" in t.word.cases]
    while kept and kept[-1].may_be("CONJ"):
        kept.pop()
    return Span(kept[0].start, kept[-1].end) if kept else None


def _run(reading: Reading, after: Span) -> Iterator[Token]:
    """The words behind a span up to the first punctuation."""
    place = reading.index(after.end)
    for token in reading.tokens[place : place + _MAX_COUNTED]:
        if reading.gap(after, token).strip():
            return
        yield token
        after = token
