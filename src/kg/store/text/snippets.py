"""The part of a text that answers a query, with the answering words marked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from kg.store.text.folding import words
from kg.store.text.ranking import Match

_LENGTH: Final = 180
_BEFORE: Final = 60
_SPACES: Final = re.compile(r"\s+")


@dataclass(frozen=True)
class Snippet:
    """A text, or the part of it around the first marked word, in pieces.

    parts     (piece, whether it is marked)
    language  of the text; empty if it has none
    """

    parts: tuple[tuple[str, bool], ...]
    language: str

    @property
    def text(self) -> str:
        return "".join(piece for piece, _ in self.parts)


def snippet(text: str, language: str, matches: list[Match | None]) -> Snippet:
    """A text with the words that answer a query marked."""
    found = words(text)
    marked = [found[place] for place in sorted({m.place for m in matches if m})]
    start, end = _window(text, marked[0].start if marked else 0)
    parts: list[tuple[str, bool]] = [("…", False)] if start else []
    here = start
    for word in marked:
        if word.end <= end:
            parts += [(text[here : word.start], False), (text[word.start : word.end], True)]
            here = word.end
    parts += [(text[here:end], False), ("…" if end < len(text) else "", False)]
    return Snippet(tuple((_SPACES.sub(" ", piece), mark) for piece, mark in parts if piece), language)


def _window(text: str, first: int) -> tuple[int, int]:
    """Start and end of what is shown, at spaces where there are any near."""
    if len(text) <= _LENGTH:
        return 0, len(text)
    start = max(0, first - _BEFORE)
    if start:
        space = text.find(" ", start, first)
        start = space + 1 if space >= 0 else start
    end = min(len(text), start + _LENGTH)
    space = text.rfind(" ", start, end) if end < len(text) else end
    return start, space if space > first else end
