"""Texts by their words, of which many texts have but few: a piece of text is looked for in these alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.store.columns.terms import firsts

_MARK, _BORDER = b"\xff", b"\xfe"
"""What no text has in UTF-8: around each word, and as a word of its own between two texts."""
_WORTH = 2
"""Words are worth it if all different ones are that many times shorter than the texts."""
_PIECE = 10_000
"""So many texts are split at once, as the words of all would take a multiple of their memory."""

Places = NDArray[np.int32]


@dataclass(frozen=True)
class Words:
    """A word is what stands between two spaces, be it nothing. Their places are those of all words of all texts.

    count     how many texts there are
    together  the different words, a mark around each; the first is the border between texts
    marks     where in there the marks are
    places    where each word stands, one word after the other
    starts    for each word where its places begin; one more at the end
    owners    for each place which text it is in
    """

    count: int
    together: bytes
    marks: Places
    places: Places
    starts: Places
    owners: Places

    def changed(self, change: Callable[[bytes], bytes]) -> Words:
        """As they are if something is done to the texts that neither makes nor takes a space."""
        together = change(self.together)
        return replace(self, together=together, marks=_marks(together))

    def having(self, piece: str) -> NDArray[np.bool_]:
        """Which texts have a piece in them."""
        together, marks = self.together, self.marks
        first, *others = piece.encode().split(b" ")
        found = self._places(_numbers(together, marks, first + (_MARK if others else b"")))
        if others:
            fits = self._standing(found)
            for place, word in enumerate(others, 1):
                end = b"" if place == len(others) else _MARK
                fits[:-place] &= self._standing(self._places(_numbers(together, marks, _MARK + word + end)))[place:]
            found = np.flatnonzero(fits[: -len(others)])
        passed = np.zeros(self.count, np.bool_)
        passed[self.owners[found]] = True
        return passed

    def _places(self, words: Places | None) -> NDArray[Any]:
        """Where some words stand, or any word."""
        if words is None:
            return self.places[self.starts.item(1) :]
        if len(words) == 1:
            return self.places[self.starts.item(words.item(0)) : self.starts.item(words.item(0) + 1)]
        counts = self.starts[words + 1] - self.starts[words]
        ends = np.cumsum(counts)
        where = np.repeat(self.starts[words] - ends + counts, counts) + np.arange(counts.sum())
        return np.asarray(self.places[where])

    def _standing(self, places: NDArray[Any]) -> NDArray[np.bool_]:
        found = np.zeros(len(self.owners), np.bool_)
        found[places] = True
        return found


def of(texts: Sequence[bytes]) -> Words | None:
    """The words of some texts; None if there are so many different ones that the texts themselves say it shorter."""
    numbers = defaultdict(count(1).__next__, {_BORDER: 0})
    words = np.concatenate(
        [_numbered(texts[start : start + _PIECE], numbers) for start in range(0, len(texts), _PIECE)]
    )
    together = _MARK + _MARK.join(numbers) + _MARK
    if len(together) * _WORTH > sum(map(len, texts)):
        return None
    starts = np.concatenate(([0], np.cumsum(np.bincount(words)))).astype(np.int32)
    places = np.argsort(words, kind="stable").astype(np.int32)
    return Words(len(texts), together, _marks(together), places, starts, np.cumsum(words == 0, dtype=np.int32))


def _numbered(texts: Sequence[bytes], numbers: defaultdict[bytes, int]) -> Places:
    """The words of some texts, with a border after each text."""
    each = [*(b" " + _BORDER + b" ").join(texts).split(b" "), _BORDER]
    return np.fromiter(map(numbers.__getitem__, each), np.int32, len(each))


def _marks(together: bytes) -> Places:
    return np.flatnonzero(np.frombuffer(together, np.uint8) == _MARK[0]).astype(np.int32)


def _numbers(together: bytes, marks: Places, piece: bytes) -> Places | None:
    """The words that have a piece in them, which may have a mark at either end; None if all have."""
    if piece in (b"", _MARK):
        return None
    between = together.split(piece)  # quicker than searching again and again
    lengths = np.fromiter(map(len, between), np.int32, len(between))[:-1]
    found = np.cumsum(lengths + len(piece)) - len(piece)
    words = (marks.searchsorted(found, side="right") - 1).astype(np.int32)
    return words[firsts(words)]
