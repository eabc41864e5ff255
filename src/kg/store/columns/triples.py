"""The triples of a store in four orders, so that those of any pattern stand side by side in one of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.store.columns.terms import Ids, Terms, once


@dataclass(frozen=True)
class Index:
    """All triples in the order of three of their positions.

    order    the positions, such as "pso"
    offsets  for each term the place of the first triple with it in the first position
    second, third  what those triples have in the other positions
    """

    order: str
    offsets: Ids
    second: Ids
    third: Ids

    def range(self, first: int) -> tuple[int, int]:
        """From where to where the first position has a term."""
        return self.offsets.item(first), self.offsets.item(first + 1)

    def within(self, first: int, second: int) -> tuple[int, int]:
        """From where to where the first two positions have two terms."""
        start, end = self.range(first)
        part = self.second[start:end]
        return start + int(part.searchsorted(second)), start + int(part.searchsorted(second, side="right"))

    def firsts(self, start: int, end: int) -> Ids:
        """What the triples from one place to another have in the first position."""
        low, high = (int(self.offsets.searchsorted(place, side="right")) for place in (start, end - 1))
        bounds = np.clip(self.offsets[low - 1 : high + 1], start, end)
        return np.repeat(np.arange(low - 1, high, dtype=np.int32), np.diff(bounds))


@dataclass(frozen=True)
class Spread:
    """How many triples a predicate has, with how many different subjects and objects, of which blocks of terms."""

    triples: int
    subjects: int
    objects: int
    blocks: frozenset[int]


@dataclass(frozen=True)
class Triples:
    """The triples, each once.

    spreads  of the predicates
    subjects, objects  how many different ones there are
    """

    spo: Index
    osp: Index
    pso: Index
    pos: Index
    spreads: dict[int, Spread]
    subjects: int
    objects: int

    def __len__(self) -> int:
        return len(self.spo.second)


def build(triples: NDArray[np.int32], terms: Terms) -> Triples:
    """Sort them. A row has the numbers of subject, predicate and object."""
    columns = {name: triples[:, i].astype(np.int64) for i, name in enumerate("spo")}
    spo, osp, pso, pos = (_index(order, columns, len(terms)) for order in ("spo", "osp", "pso", "pos"))
    subjects, objects = (int(np.count_nonzero(np.diff(index.offsets))) for index in (spo, osp))
    return Triples(spo, osp, pso, pos, _spreads(pso, pos, terms), subjects, objects)


def _index(order: str, columns: dict[str, NDArray[np.int64]], size: int) -> Index:
    """Sorted as one number each, where three fit into 64 bits: ten times as quick as sorting by three columns."""
    first, second, third = (columns[name] for name in order)
    bits = size.bit_length()
    if 3 * bits < 64:
        keys = np.sort((first << 2 * bits) | (second << bits) | third)
        first, second, third = keys >> 2 * bits, (keys >> bits) & ((1 << bits) - 1), keys & ((1 << bits) - 1)
    else:
        places = np.lexsort((third, second, first))
        first, second, third = first[places], second[places], third[places]
    offsets = np.concatenate(([0], np.cumsum(np.bincount(first, minlength=size))))
    return Index(order, *(a.astype(np.int32) for a in (offsets, second, third)))


def _spreads(pso: Index, pos: Index, terms: Terms) -> dict[int, Spread]:
    found = {}
    for predicate in np.flatnonzero(np.diff(pso.offsets)).tolist():
        start, end = pso.range(predicate)
        objects = pos.second[start:end]
        different = once(objects)
        blocks = once(terms.blocks_of(different))
        found[predicate] = Spread(
            end - start, len(once(pso.second[start:end])), len(different), frozenset(blocks.tolist())
        )
    return found
