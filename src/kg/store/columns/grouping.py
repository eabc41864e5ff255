"""Groups of solutions and what is counted, summed or found in each. Source: SPARQL 1.1 Query, section 18.5.1."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from kg.store.columns.algebra import Aggregate, Declined, Query
from kg.store.columns.ordering import codes, groups, ranks
from kg.store.columns.tables import Table, joined
from kg.store.columns.terms import UNBOUND, Ids, Kind, Terms, distinct, firsts, places

_EXACT = 1 << 53
_DIGITS = 18


@dataclass
class Computed:
    """Numbers that a query computes: they get numbers after those of the store's terms, though it may have the same.

    texts, kinds, values  of these, in the order of their numbers
    """

    terms: Terms
    texts: list[str] = field(default_factory=list)
    kinds: list[Kind] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    _known: dict[tuple[Kind, str], int] = field(default_factory=dict)

    def number(self, kind: Kind, text: str) -> int:
        """The number of an integer or a decimal."""
        found = self._known.get((kind, text))
        if found is None:
            found = self._known[kind, text] = len(self.terms) + len(self.texts)
            self.texts.append(text)
            self.kinds.append(kind)
            self.values.append(float(text))
        return found


def grouped(tables: Iterable[Table], query: Query, terms: Terms, computed: Computed) -> Table:
    """A row a group, with what it is grouped by and its aggregates. Raise Declined if one is not the same here."""
    keys = query.keys or ()
    names = dict.fromkeys([*keys, *(a.variable for _, a in query.aggregates if a.variable)])
    table = joined(tables, names)
    if not names:  # however many there are, they are only counted
        if table.rows >= 1 << 63:
            raise Declined
        number = np.array([computed.number(Kind.INTEGER, str(table.rows))], np.int32)
        return Table(1, dict.fromkeys((name for name, _ in query.aggregates), number))
    own = np.zeros(table.rows, np.intp)
    if len(keys) == 1:  # the terms themselves tell the groups apart
        different = distinct(table.column(keys[0]))
        own, found = places(table.column(keys[0]), different), Table(len(different), {keys[0]: different})
    elif keys:
        first, own = groups(codes(table, keys, len(terms)))
        found = table.only(keys).take(first, len(first))
    else:
        found = Table(1, {})
    for name, aggregate in query.aggregates:
        found = found.having(**{name: _Groups(own, found.rows, terms, computed).aggregate(aggregate, table)})
    return found


@dataclass(frozen=True)
class _Groups:
    """groups  for each row the place of its group"""

    groups: NDArray[np.intp]
    count: int
    terms: Terms
    computed: Computed

    def aggregate(self, aggregate: Aggregate, table: Table) -> Ids:
        groups = self.groups
        if aggregate.variable is None:
            return self.integers(np.bincount(groups, minlength=self.count))
        column = table.column(aggregate.variable)
        if aggregate.function == "SAMPLE":
            return self.sampled(groups, column)
        if aggregate.function == "COUNT":
            bound = column != UNBOUND
            groups, column = (groups, column) if bound.all() else (groups[bound], column[bound])
        if aggregate.distinct and len(column):
            least = int(column.min())
            size = int(column.max()) - least + 1
            pairs = distinct(groups.astype(np.int64) * size + (column - least))
            groups, column = pairs // size, (pairs % size + least).astype(np.int32)
        if aggregate.function == "COUNT":
            return self.integers(np.bincount(groups, minlength=self.count))
        if aggregate.function in ("MIN", "MAX"):
            return self.extreme(groups, column, aggregate.function == "MAX")
        return self.sums(groups, column, aggregate.function == "AVG")

    def integers(self, values: NDArray[np.int64]) -> Ids:
        different = distinct(values)
        numbers = [self.computed.number(Kind.INTEGER, str(v)) for v in different.tolist()]
        return np.array(numbers, np.int32)[places(values, different)]

    def sampled(self, groups: NDArray[np.intp], column: Ids) -> Ids:
        """The first in each group."""
        found = np.zeros(self.count, np.int32)
        bound = np.flatnonzero(column != UNBOUND)[::-1]
        found[groups[bound]] = column[bound]
        return found

    def extreme(self, groups: NDArray[np.intp], column: Ids, greatest: bool) -> Ids:
        """The least or greatest in each group; none where one is unbound. Raise Declined if different terms tie."""
        keys = ranks(column, self.terms, ()) * (-1 if greatest else 1)
        order = np.lexsort((column, keys, groups))
        groups, keys, column = groups[order], keys[order], column[order]
        starts = np.flatnonzero(firsts(groups))
        sizes = np.diff(starts, append=len(groups))
        best = keys == np.repeat(keys[starts], sizes)
        if (best & (column != np.repeat(column[starts], sizes))).any():
            raise Declined
        found = np.zeros(self.count, np.int32)
        found[groups[starts]] = column[starts]
        found[groups[column == UNBOUND]] = UNBOUND
        return found

    def sums(self, groups: NDArray[np.intp], column: Ids, average: bool) -> Ids:
        """The sum or mean of each group; none where something is no number. Raise Declined at floating-point ones."""
        kinds = self.terms.kinds_of(column)
        if np.isin(kinds, [Kind.DOUBLE, Kind.ODD]).any():
            raise Declined
        wrong = np.zeros(self.count, np.bool_)
        wrong[groups[~np.isin(kinds, [Kind.INTEGER, Kind.DECIMAL])]] = True
        exact = np.zeros(self.count, np.bool_)
        exact[groups[kinds == Kind.DECIMAL]] = True
        digits, values = self.scaled(column)
        if digits > _DIGITS or float(np.abs(values).sum()) >= _EXACT:
            raise Declined
        totals = np.bincount(groups, values, self.count).tolist()
        counts = np.bincount(groups, minlength=self.count).tolist()
        found = []
        for total, count, is_wrong, is_decimal in zip(totals, counts, wrong.tolist(), exact.tolist(), strict=True):
            whole = int(total) * 10 ** (_DIGITS - digits)
            if is_wrong:
                found.append(UNBOUND)
            elif average and count:
                found.append(self.decimal(abs(whole) // count * (-1 if whole < 0 else 1)))
            elif is_decimal:
                found.append(self.decimal(whole))
            else:
                found.append(self.computed.number(Kind.INTEGER, str(whole // 10**_DIGITS)))
        return np.array(found, np.int32)

    def scaled(self, column: Ids) -> tuple[int, NDArray[np.float64]]:
        """The values as whole numbers of a power of ten, and how many digits after the point that stands for."""
        different = distinct(column)
        kinds = self.terms.kinds_of(different)
        texts = self.terms.texts(different)
        digits = max(
            (len(t.partition(b".")[2]) for t, k in zip(texts, kinds, strict=True) if k == Kind.DECIMAL), default=0
        )
        values = [
            float(Decimal(t.decode()).scaleb(digits)) if k in (Kind.INTEGER, Kind.DECIMAL) else 0.0
            for t, k in zip(texts, kinds, strict=True)
        ]
        return digits, np.array(values)[places(column, different)] if values else np.zeros(0)

    def decimal(self, scaled: int) -> int:
        whole, rest = divmod(abs(scaled), 10**_DIGITS)
        text = f"{'-' * (scaled < 0)}{whole}.{rest:0{_DIGITS}}".rstrip("0").rstrip(".")
        return self.computed.number(Kind.DECIMAL, text)
