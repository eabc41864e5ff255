"""What stands between quotation marks: somebody's words, with who says them, or a title."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kg.drafting.names import Mention
from kg.drafting.reading import Reading, Span, Token, trimmed
from kg.evidence.check import MAX_QUOTED

_CLOSERS: Final = {"«": "»", "“": "”", "„": "“”"}
_AFTER: Final = re.compile(r"[,.!?…]?\s*[–—-]\s*(?=[^\W\d_])")
_BEFORE: Final = re.compile(r"(?:[,:]|:\s*[–—-])\s*\Z")
_PAUSE: Final = re.compile(r"\s[–—-]\s|[;:,]\s")
_LEAST_WORDS: Final = 4
_MANY_WORDS: Final = 12
_MAX_ASIDE: Final = 160


@dataclass(frozen=True)
class Quoted(Span):
    """What stands between quotation marks, without them.

    outer  with the marks
    """

    outer: Span


@dataclass(frozen=True)
class Quotation(Span):
    """Direct speech: from its first quotation mark to the end of what says whose it is.

    inner    the words without the marks
    parts    its sentences, those too long to quote at their pauses
    aside    what says whose it is: «зауважила Доглядачка Кита»; None where nothing does
    speaker  the thing that is named there; name: a name there that the graph does not know
    """

    inner: Span
    parts: tuple[Span, ...]
    aside: Span | None = None
    speaker: Mention | None = None
    name: Span | None = None


def quoted(reading: Reading) -> list[Quoted]:
    """Every stretch between quotation marks, without those in others."""
    found, text, position = [], reading.text, 0
    while position < len(text):
        mark = text[position]
        end = _end(text, position) if mark in _CLOSERS or mark == '"' else None
        if end is not None:
            found.append(Quoted(position + 1, end, Span(position, end + 1)))
            position = end
        position += 1
    return found


def quotations(reading: Reading, spans: Sequence[Quoted], mentions: Sequence[Mention]) -> list[Quotation]:
    """Those of them that are somebody's words.

    mentions  of those who may speak
    """
    return [q for span in spans if (q := _quotation(reading, span, mentions))]


def _end(text: str, start: int) -> int | None:
    """Where the quotation mark that is opened there is closed; None if it is not, in its paragraph."""
    opened, depth = text[start], 0
    closers = _CLOSERS.get(opened, '"')
    for position in range(start + 1, len(text)):
        mark = text[position]
        if mark == "\n" and not text[position + 1 : position + 2].strip():
            return None
        if mark in closers:
            if not depth:
                return position
            depth -= 1
        elif mark == opened:
            depth += 1
    return None


def _quotation(reading: Reading, span: Quoted, mentions: Sequence[Mention]) -> Quotation | None:
    words = reading.within(span)
    if len(words) < _LEAST_WORDS or not words[0].is_capital:
        return None
    aside = _aside_after(reading, span) or _aside_before(reading, span, mentions)
    if aside is None and (len(words) < _MANY_WORDS or not any(w.may_be("VERB") for w in words)):
        return None
    inside = [m for m in mentions if aside and m in aside]
    end = max(span.outer.end, aside.end if aside else 0)
    start = min(span.outer.start, aside.start if aside else span.outer.start)
    name = _name(reading.within(aside)) if aside and not inside else None
    return Quotation(start, end, span, tuple(_parts(reading, span)), aside, inside[-1] if inside else None, name)


def _aside_after(reading: Reading, span: Quoted) -> Span | None:
    """«…», – зауважила Доглядачка Кита"""
    dash = _AFTER.match(reading.text, span.outer.end)
    if dash is None:
        return None
    stop = re.compile(r"[.!?…](?=\s|\Z)|\n\s*\n|[«“„\"]|\s[–—]\s").search(reading.text, dash.end())
    end = min(stop.start() if stop else len(reading.text), dash.end() + _MAX_ASIDE)
    aside = trimmed(reading.text, dash.end(), end)
    words = reading.within(aside)
    speaks = words and (words[0].may_be("VERB") or not reading.morphology.has_dictionary)
    return aside if speaks and not words[0].is_capital else None


def _aside_before(reading: Reading, span: Quoted, mentions: Sequence[Mention]) -> Span | None:
    """Доглядачка Кита зауважила: «…»"""
    colon = _BEFORE.search(reading.text, 0, span.outer.start)
    if colon is None or ":" not in colon.group():
        return None
    start = max((s.start for s in reading.sentences if s.start < colon.start()), default=0)
    aside = trimmed(reading.text, max(start, colon.start() - _MAX_ASIDE), colon.start())
    return aside if any(m in aside for m in mentions) or _name(reading.within(aside)) else None


def _name(words: Sequence[Token]) -> Span | None:
    """The first two words or more in a row that are written large."""
    row: list[Token] = []
    for word in words:
        if word.is_capital and not word.is_acronym:
            row.append(word)
        elif len(row) > 1:
            break
        else:
            row = []
    return Span(row[0].start, row[-1].end) if len(row) > 1 else None


def _parts(reading: Reading, span: Span) -> Iterator[Span]:
    starts = [s.start for s in reading.sentences if span.start < s.start < span.end]
    for start, end in zip([span.start, *starts], [*starts, span.end], strict=True):
        yield from _short(reading.text, trimmed(reading.text, start, end))


def _short(text: str, span: Span) -> Iterator[Span]:
    """The span, or what its pauses part it into where it is too long to quote: as few parts as that takes."""
    if span.end - span.start <= MAX_QUOTED:
        if span.start < span.end:
            yield span
        return
    pauses = [p.span() for p in _PAUSE.finditer(text, span.start, span.end)]
    if not pauses:
        return
    dashes = [p for p in pauses if text[p[0]].isspace()]
    middle = (span.start + span.end) / 2
    start, end = min(dashes or pauses, key=lambda p: abs(p[0] - middle))
    yield from _short(text, trimmed(text, span.start, start))
    yield from _short(text, trimmed(text, end, span.end))
