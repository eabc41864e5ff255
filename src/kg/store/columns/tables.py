"""Solutions as a table: a column of term numbers for each variable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.store.columns.terms import UNBOUND, Ids

Rows = NDArray[np.intp] | NDArray[np.bool_] | slice
"""Which rows: their places, or whether each."""


@dataclass(frozen=True)
class Table:
    """rows     how many there are; a table may have no columns, where nobody asks for the values
    columns  for each variable what it is bound to
    """

    rows: int
    columns: Mapping[str, Ids]

    def take(self, rows: Rows, count: int) -> Table:
        """Some rows, by their places or by whether they are wanted; count says how many these are."""
        return Table(count, {name: column[rows] for name, column in self.columns.items()})

    def where(self, wanted: NDArray[np.bool_]) -> Table:
        count = int(np.count_nonzero(wanted))
        return self if count == self.rows else self.take(wanted, count)

    def part(self, start: int, end: int) -> Table:
        return self.take(slice(start, end), max(min(end, self.rows) - start, 0))

    def only(self, names: Iterable[str]) -> Table:
        """Without the other columns."""
        return Table(self.rows, {n: self.columns[n] for n in names if n in self.columns})

    def having(self, **columns: Ids) -> Table:
        """With more columns."""
        return Table(self.rows, {**self.columns, **columns})

    def column(self, name: str) -> Ids:
        """What a variable is bound to; unbound where the table does not have it."""
        found = self.columns.get(name)
        return np.full(self.rows, UNBOUND, np.int32) if found is None else found


Solution = Mapping[str, int]
"""One solution by itself: what the bound variables are bound to."""

ONE = Table(1, {})
"""The one solution without variables, which every pattern begins with."""


def joined(tables: Iterable[Table], names: Iterable[str]) -> Table:
    """Tables one below the other."""
    found = list(tables)
    rows = sum(t.rows for t in found)
    if len(found) == 1:
        return Table(rows, {n: found[0].column(n) for n in names})
    return Table(rows, {n: np.concatenate([_NO_IDS, *(t.column(n) for t in found)]) for n in names})


def sliced(tables: Iterable[Table], offset: int, limit: int | None) -> Iterator[Table]:
    """Leave out so many rows, and stop after so many more."""
    left = limit
    for table in tables:
        skipped = min(offset, table.rows)
        offset -= skipped
        end = table.rows if left is None else min(table.rows, skipped + left)
        if end > skipped:
            yield table if skipped == 0 and end == table.rows else table.part(skipped, end)
            if left is not None:
                left -= end - skipped
        if left == 0:
            return


_NO_IDS = np.zeros(0, np.int32)
