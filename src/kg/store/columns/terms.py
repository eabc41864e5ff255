"""The terms of a store: numbered in an order that says much about them, their texts in one buffer."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from kg.store.columns.words import Words

Ids = NDArray[np.int32]
"""Numbers of terms."""

UNBOUND = 0
"""The number of no term."""


_FENCE = 8
_DENSE = 16
"""Numbers are sorted or searched in the time in which so many times as many are written or read in a row."""


class Kind(IntEnum):
    """What can be said of a term, in the order of the numbers.

    DATED  a date, time or year in the one form in which the order of texts is the order in time
    OTHER  of a datatype that SPARQL does not know, which can be the same as another literal, but neither equal nor less
    ODD    a literal that only the other evaluator knows how to compare: a float, a huge number, a date with a time zone
    """

    __hash__ = int.__hash__

    UNBOUND = 0
    BLANK = 1
    IRI = 2
    STRING = 3
    TAGGED = 4
    BOOLEAN = 5
    INTEGER = 6
    DECIMAL = 7
    DOUBLE = 8
    DATED = 9
    OTHER = 10
    ODD = 11


class Mark(IntFlag):
    """What a text has, so that it cannot stand as it is: in a string of JSON or Turtle, in a list of CSV, in XML."""

    STRING = 1
    LIST = 2
    MARKUP = 4


NUMERIC = (Kind.INTEGER, Kind.DECIMAL, Kind.DOUBLE)


@dataclass(frozen=True)
class Block:
    """Terms of one kind, with one language or datatype: numbers `start` to `end`, in the order of their texts."""

    kind: Kind
    start: int
    end: int
    datatype: str = ""
    language: str = ""


@dataclass(frozen=True)
class Terms:
    """All terms of a store. The arrays are read by many processes, and written by none.

    values   all texts without a separator: of an IRI, a blank node's name, the lexical form of a literal (UTF-8)
    offsets  where the text of a number begins; one more at the end
    marks    which characters that some syntax escapes a text has: see `Mark`
    blocks   by kind, IRIs before literals; the first has the number for no term
    numbers  the values of all numeric terms
    ranks    of literals: their places in an order by text, datatype and language
    words    for each block those of its texts, where it has many texts of few words
    usual_letters  whether all letters are of alphabets to which no capital or small letter was added of late, and
             those beside ASCII are the same as none of it but for the case
    """

    values: bytes
    offsets: NDArray[np.int64]
    marks: NDArray[np.uint8]
    blocks: tuple[Block, ...]
    numbers: NDArray[np.float64]
    ranks: Ids
    words: tuple[Words | None, ...]
    usual_letters: bool

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @cached_property
    def kinds(self) -> NDArray[np.int8]:
        """The kind of each block; numbers after all blocks are those of computed integers and decimals."""
        return np.array([*(b.kind for b in self.blocks), Kind.DECIMAL], np.int8)

    @cached_property
    def first_iri(self) -> int:
        return next((b.start for b in self.blocks if b.kind >= Kind.IRI), len(self))

    @cached_property
    def first_literal(self) -> int:
        return next((b.start for b in self.blocks if b.kind >= Kind.STRING), len(self))

    @cached_property
    def first_number(self) -> int:
        return next((b.start for b in self.blocks if b.kind in NUMERIC), len(self))

    @cached_property
    def longest(self) -> int:
        """Bytes of the longest text."""
        return int(np.diff(self.offsets).max())

    def size(self, numbers: Iterable[int]) -> int:
        """Bytes of some texts."""
        offsets = self.offsets.data
        return sum([offsets[number + 1] - offsets[number] for number in numbers])

    def text(self, number: int) -> bytes:
        return self.values[self.offsets[number] : self.offsets[number + 1]]

    def texts(self, ids: Ids) -> list[bytes]:
        """The texts of many terms."""
        values = self.values
        return [values[a:b] for a, b in zip(self.offsets[ids].tolist(), self.offsets[ids + 1].tolist(), strict=True)]

    def blocks_of(self, ids: Ids) -> NDArray[np.uint16]:
        """For each term the place of its block; one past the last for computed terms."""
        return self.owners[np.minimum(ids, len(self))]

    def kinds_of(self, ids: Ids) -> NDArray[np.int8]:
        return self.kinds[self.blocks_of(ids)]

    def block(self, kind: Kind, datatype: str = "", language: str = "") -> Block | None:
        return self._by_name.get((kind, datatype, language))

    def place(self, block: Block, text: bytes) -> int:
        """The first number in the block whose text is not before this one."""
        low, high = block.start, block.end
        if high - low > 2 * _FENCE:  # search coarsely among some that are at hand, then finely between two of them
            first, last = low // _FENCE + 1, (high - 1) // _FENCE
            fence = bisect_left(self._fences, text, first, last + 1)
            low, high = max(low, (fence - 1) * _FENCE), min(high, fence * _FENCE)
        values, offsets = self.values, self.offsets.data
        while low < high:
            middle = (low + high) >> 1
            if values[offsets[middle] : offsets[middle + 1]] < text:
                low = middle + 1
            else:
                high = middle
        return low

    @cached_property
    def _fences(self) -> list[bytes]:
        return [self.text(number) for number in range(0, len(self), _FENCE)]

    @cached_property
    def owners(self) -> NDArray[np.uint16]:
        """For each number the place of its block."""
        sizes = [*(b.end - b.start for b in self.blocks), 1]
        return np.repeat(np.arange(len(sizes), dtype=np.uint16), sizes)

    @cached_property
    def _by_name(self) -> dict[tuple[Kind, str, str], Block]:
        return {(b.kind, b.datatype, b.language): b for b in self.blocks}


def distinct(ids: NDArray[Any]) -> NDArray[Any]:
    """The different numbers among many, sorted; none is less than 0."""
    if not len(ids):
        return ids
    most = int(ids.max())
    before = 0 if most <= _DENSE * len(ids) else int(ids.min())
    if most - before > _DENSE * len(ids):
        return once(np.sort(ids))
    seen = np.zeros(most - before + 1, np.bool_)
    seen[ids - before if before else ids] = True
    return np.asarray(np.flatnonzero(seen).astype(ids.dtype) + before)


def once(ordered: NDArray[Any]) -> NDArray[Any]:
    """Sorted values, each once."""
    return ordered[firsts(ordered)]


def firsts(ordered: NDArray[Any]) -> NDArray[np.bool_]:
    """Which of some sorted values is the first of its like."""
    found = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=found[1:])
    return found


def places(ids: NDArray[Any], different: NDArray[Any]) -> NDArray[np.intp]:
    """Where each of many numbers stands among the different ones."""
    if not len(ids):
        return np.zeros(0, np.intp)
    most = int(different[-1])
    before = 0 if most <= _DENSE * len(ids) else int(different[0])
    if most - before > _DENSE * len(ids):
        return different.searchsorted(ids)
    found = np.empty(most - before + 1, np.intp)  # many are looked up, not searched
    found[different - before] = np.arange(len(different))
    return np.asarray(found[ids - before if before else ids])


def of(texts: Iterable[bytes]) -> NDArray[np.int64]:
    """Where each of many texts begins if they stand one after the other; one more at the end."""
    lengths = np.fromiter(map(len, texts), np.int64)
    return np.concatenate(([0], np.cumsum(lengths)))
