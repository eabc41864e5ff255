"""Solutions in order, and each once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.store.columns.algebra import Declined
from kg.store.columns.tables import Table, joined
from kg.store.columns.terms import NUMERIC, Ids, Kind, Terms, firsts


def ranks(ids: Ids, terms: Terms, computed: Sequence[float]) -> NDArray[Any]:
    """For each of some terms a number in the order that Oxigraph gives them; the same if they tie.

    Unbound, blank nodes, IRIs, literals: numbers by value, all others by text, datatype and language. Raise Declined if
    there are both, as it has no order then, and where it knows more about literals than their texts.
    """
    numeric = _numeric(terms.kinds_of(ids))
    first = terms.first_literal
    if not numeric.any():
        return np.where(ids < first, ids, terms.ranks[np.maximum(ids - first, 0)] if len(terms.ranks) else 0)
    late = ids >= len(terms)
    values = np.zeros(len(ids))
    stored = numeric & ~late
    values[stored] = terms.numbers[ids[stored] - terms.first_number]
    values[late] = np.array(computed)[ids[late] - len(terms)]
    if numeric.all():
        return values
    found = ids - first
    found[numeric] = np.unique(values[numeric], return_inverse=True)[1]
    return found


def _numeric(kinds: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Which terms are numeric. Raise Declined if there is no order among all."""
    counts = np.bincount(kinds, minlength=len(Kind))
    numbers = counts[NUMERIC[0] : NUMERIC[-1] + 1].sum()
    if counts[Kind.ODD] or (numbers and counts[Kind.STRING :].sum() > numbers):
        raise Declined
    return (kinds >= NUMERIC[0]) & (kinds <= NUMERIC[-1])


def ordered(
    table: Table, by: Sequence[tuple[str, bool]], most: int | None, terms: Terms, computed: Sequence[float]
) -> Table:
    """The rows sorted.

    by    variables, and whether from the greatest on
    most  how many rows are wanted
    """
    (name, down), *others = by
    first = ranks(table.column(name), terms, computed) * (-1 if down else 1)
    rows = np.arange(table.rows)
    if most is not None and 0 < most < table.rows // 4:
        for other, _ in others:
            _numeric(terms.kinds_of(table.column(other)))
        rows = np.flatnonzero(first <= np.partition(first, most - 1)[most - 1])
    keys = [ranks(table.column(name)[rows], terms, computed) * (-1 if down else 1) for name, down in others]
    rows = rows[np.lexsort([*keys[::-1], first[rows]])][:most]
    return table.take(rows, len(rows))


def different(tables: Iterable[Table], names: Sequence[str], wanted: int | None, size: int) -> Iterator[Table]:
    """Each row once, where it comes first.

    wanted  how many rows are enough
    size    all numbers of terms are less
    """
    if len(names) == 1:
        return _different_terms(tables, names[0], size)
    return _different_rows(tables, names, wanted, size)


def _different_terms(tables: Iterable[Table], name: str, size: int) -> Iterator[Table]:
    seen, where = np.zeros(size, np.bool_), np.empty(size, np.int32)
    for table in tables:
        new = table.column(name)
        new = new[~seen[new]]
        seen[new] = True
        rows = np.arange(len(new), dtype=np.int32)
        where[new[::-1]] = rows[::-1]  # the first is written last
        new = new[where[new] == rows]
        yield Table(len(new), {name: new})


def _different_rows(tables: Iterable[Table], names: Sequence[str], wanted: int | None, size: int) -> Iterator[Table]:
    found = joined((), names)
    waiting: list[Table] = []
    for table in tables:
        waiting.append(table)
        if sum(t.rows for t in waiting) > found.rows:
            found = _each_once(joined([found, *waiting], names), names, size)
            waiting = []
            if wanted is not None and found.rows >= wanted:
                break
    yield _each_once(joined([found, *waiting], names), names, size)


def _each_once(table: Table, names: Sequence[str], size: int) -> Table:
    rows, _ = groups(codes(table, names, size))
    rows.sort()
    return table.take(rows, len(rows))


def codes(table: Table, names: Sequence[str], size: int) -> NDArray[np.int64]:
    """A number for each row; the same for rows with the same terms, and for no others."""
    bits = size.bit_length()
    found = np.zeros(table.rows, np.int64)
    used = 0
    for name in names:
        if used + bits > 63:
            found = groups(found)[1]
            used = table.rows.bit_length()
        found = (found << bits) | table.column(name)
        used += bits
    return found


def groups(values: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where each different value stands first, in the order of the values; and which of these each of all values is."""
    order = np.argsort(values, kind="stable")
    first = firsts(values[order])
    found = np.empty(len(values), np.intp)
    found[order] = np.cumsum(first) - 1
    return order[first], found
