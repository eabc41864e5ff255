"""Solutions extended by the triples that match a pattern."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.store.columns.algebra import Pattern
from kg.store.columns.tables import Rows, Table
from kg.store.columns.terms import UNBOUND, Ids, firsts
from kg.store.columns.triples import Index, Triples

FIRST_ROWS, MOST_ROWS = 1 << 14, 1 << 16
"""How many rows a table has, about: few at first, so that the first of them are soon there."""

_SEARCHED = 16
"""So many numbers are read or written in the time that it takes to search for one among many."""

Places = int | NDArray[Any]


@dataclass(frozen=True)
class _Stretch:
    """Where the triples stand that a solution can go on with: for all solutions alike, or for each.

    known  the positions that all these triples have right
    """

    index: Index
    start: Places
    end: Places
    known: str


class Matcher:
    """Extends the solutions of one query, with its constants."""

    def __init__(self, constants: list[int], triples: Triples) -> None:
        self.constants, self.triples = constants, triples
        self._directories: dict[tuple[str, int, int], tuple[Ids, Ids]] = {}

    def extended(self, table: Table, pattern: Pattern, needed: Set[str]) -> Iterator[Table]:
        """All solutions that go on from those of a table, with the columns that are needed.

        A variable that a solution leaves unbound is for that solution as if it were new.
        """
        for variable in pattern.variables:
            column = table.columns.get(variable)
            if column is not None and not (bound := column != UNBOUND).all():
                yield from self.extended(table.where(bound), pattern, needed)
                rest = table.where(~bound)
                yield from self.extended(rest.only(rest.columns.keys() - {variable}), pattern, needed)
                return
        if table.rows:
            yield from _Extension(self, table, pattern, needed).tables()

    def ranges(self, known: str, ordered: Ids, start: int, end: int, keys: Ids) -> tuple[Places, Places]:
        """For each key from where to where an ordered part of a column has it.

        Many keys are looked up in two arrays with a place for every term between the first and the last one of the
        part: searching takes ten times as long. Beside these places there is one for keys that are less, or greater.
        """
        part = ordered[start:end]
        if not len(part) or len(keys) * _SEARCHED < len(part) + (part[-1] - part[0]) // 8:
            return start + part.searchsorted(keys), start + part.searchsorted(keys, side="right")
        name = (known, start, end)
        if name not in self._directories:
            first = np.flatnonzero(firsts(part))
            low, high = (np.zeros(int(part[-1] - part[0]) + 3, np.int32) for _ in range(2))
            low[part[first] - part[0] + 1] = start + first
            high[part[first] - part[0] + 1] = start + np.append(first[1:], len(part))
            self._directories[name] = low, high
        low, high = self._directories[name]
        where = np.clip(keys, part[0] - 1, part[-1] + 1) - (part[0] - 1)
        return low[where], high[where]


class _Extension:
    """The solutions of one table with the triples for one pattern.

    bound  what each bound position has: one term, or one for each solution
    new    the names of the variables in the other positions
    """

    def __init__(self, matcher: Matcher, table: Table, pattern: Pattern, needed: Set[str]) -> None:
        self.matcher, self.table, self.needed = matcher, table, needed
        self.triples = matcher.triples
        self.bound: dict[str, int | Ids] = {}
        self.new: dict[str, str] = {}
        for position, reference in zip("spo", pattern, strict=True):
            if isinstance(reference, int):
                self.bound[position] = matcher.constants[reference]
            elif reference in table.columns:
                column = table.columns[reference]
                self.bound[position] = column.item(0) if table.rows == 1 else column
            else:
                self.new[position] = reference

    def tables(self) -> Iterator[Table]:
        if any(isinstance(value, int) and value < 0 for value in self.bound.values()):
            return
        found = self.stretch()
        unsure = self.bound.keys() - set(found.known)
        repeated = len(set(self.new.values())) < len(self.new)
        count = not unsure and not repeated and self.needed.isdisjoint((*self.table.columns, *self.new.values()))
        counts = found.end - found.start
        if count:
            yield Table(counts * self.table.rows if isinstance(counts, int) else int(counts.sum()), {})
        elif isinstance(found.start, int) and isinstance(found.end, int) and self.table.rows == 1:
            yield from self.scanned(found.index, found.start, found.end, unsure)
        else:
            starts, counts = (
                a if isinstance(a, np.ndarray) else np.full(self.table.rows, a) for a in (found.start, counts)
            )
            yield from self.spread(found.index, starts, counts, unsure)

    def stretch(self) -> _Stretch:
        """The narrowest stretch that is found without looking at the triples themselves."""
        bound, triples = self.bound, self.triples
        predicate = bound.get("p")
        if isinstance(predicate, int):
            subject, obj = bound.get("s"), bound.get("o")
            if isinstance(subject, int):
                return self.pair(triples.pso, predicate, subject, obj)
            if isinstance(obj, int):
                return self.pair(triples.pos, predicate, obj, subject)
            if subject is None and obj is None:
                return _Stretch(triples.pso, *triples.pso.range(predicate), "p")
            spread = triples.spreads.get(predicate)
            if subject is None or (obj is not None and spread is not None and spread.objects > spread.subjects):
                index, subject = triples.pos, obj
            else:
                index = triples.pso
            assert subject is not None
            if (steps := index.steps.get(predicate)) is not None:
                return _Stretch(index, *steps.ranges(subject), index.order[:2])
            return self.searched(index, index.second, *index.range(predicate), subject, index.order[:2])
        for position, index in (("s", triples.spo), ("o", triples.osp), ("p", triples.pso)):
            value = bound.get(position)
            if isinstance(value, int):
                return _Stretch(index, *index.range(value), position)
        for position, index in (("s", triples.spo), ("o", triples.osp), ("p", triples.pso)):
            value = bound.get(position)
            if value is not None:
                return _Stretch(
                    index, index.offsets[value].astype(np.int64), index.offsets[value + 1].astype(np.int64), position
                )
        return _Stretch(triples.spo, 0, len(triples), "")

    def pair(self, index: Index, first: int, second: int, third: int | Ids | None) -> _Stretch:
        start, end = index.within(first, second)
        if third is None:
            return _Stretch(index, start, end, index.order[:2])
        return self.searched(index, index.third, start, end, third, index.order)

    def searched(self, index: Index, ordered: Ids, start: int, end: int, keys: int | Ids, known: str) -> _Stretch:
        """The part of a stretch in which an ordered column has the key of each solution."""
        if isinstance(keys, int):
            part = ordered[start:end]
            return _Stretch(
                index, start + int(part.searchsorted(keys)), start + int(part.searchsorted(keys, side="right")), known
            )
        return _Stretch(index, *self.matcher.ranges(known, ordered, start, end, keys), known)

    def scanned(self, index: Index, start: int, end: int, unsure: Set[str]) -> Iterator[Table]:
        """One solution, and triples side by side: nothing is copied."""
        size = FIRST_ROWS
        while start < end:
            stop = min(start + size, end)
            yield from self.joined(index, slice(start, stop), np.zeros(stop - start, np.intp), stop - start, unsure)
            start, size = stop, MOST_ROWS

    def spread(self, index: Index, start: NDArray[Any], counts: NDArray[Any], unsure: Set[str]) -> Iterator[Table]:
        """Each solution with all of its triples, so many at once as make a table."""
        if len(counts) <= MOST_ROWS and counts.max() <= 1:
            rows = np.flatnonzero(counts)
            each = len(rows) == len(counts)
            yield from self.joined(
                index, start if each else start[rows], slice(None) if each else rows, len(rows), unsure
            )
            return
        sums = np.cumsum(counts)
        first, before, total = 0, 0, int(sums[-1])
        while before < total:
            last = len(counts) if total - before <= MOST_ROWS else int(sums.searchsorted(before + MOST_ROWS)) + 1
            size = int(sums[last - 1]) - before
            rows = np.repeat(np.arange(first, last), counts[first:last])
            places = np.arange(size) + (start - sums + counts + before)[rows]
            first, before = last, before + size
            yield from self.joined(index, places, rows, size, unsure)

    def joined(
        self, index: Index, places: slice | NDArray[np.intp], rows: Rows, size: int, unsure: Set[str]
    ) -> Iterator[Table]:
        """Solutions with the triples at some places.

        rows    which solution each triple goes with
        unsure  the bound positions at which it remains to see whether a triple fits
        """
        fits: NDArray[np.bool_] | None = None
        columns = {n: c[rows] for n, c in self.table.columns.items() if n in self.needed}
        made: dict[str, Ids] = {}
        for position, name in self.new.items():
            if name in made:
                fits = _both(fits, _at(index, position, places) == made[name])
            elif name in self.needed or len(self.new) > 1:
                made[name] = _at(index, position, places)
        for position in unsure:
            value = self.bound[position]
            fits = _both(fits, _at(index, position, places) == (value if isinstance(value, int) else value[rows]))
        table = Table(size, columns | {n: c for n, c in made.items() if n in self.needed})
        yield table if fits is None else table.where(fits)


def _at(index: Index, position: str, places: slice | NDArray[np.intp]) -> Ids:
    """What triples at some places of an index have in a position."""
    which = index.order.index(position)
    if which:
        return (index.second, index.third)[which - 1][places]
    if isinstance(places, slice):
        return index.firsts(places.start, places.stop)
    return (index.offsets.searchsorted(places, side="right") - 1).astype(np.int32)


def _both(one: NDArray[np.bool_] | None, other: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return other if one is None else one & other
