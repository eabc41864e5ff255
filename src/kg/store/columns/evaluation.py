"""A query evaluated step by step, each a stream of tables made from the one before.

What has to be known before the first row flows is found out before, as no answer can be declined halfway.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from kg.store.columns.algebra import (
    Call,
    Declined,
    Exists,
    Filter,
    Group,
    Join,
    Optional,
    Pattern,
    Query,
    Step,
    Union,
    Values,
)
from kg.store.columns.conditions import Conditions, odd_variables
from kg.store.columns.constants import Known
from kg.store.columns.costs import Costs
from kg.store.columns.grouping import Computed, grouped
from kg.store.columns.matching import Matcher
from kg.store.columns.ordering import different, ordered
from kg.store.columns.tables import ONE, Table, joined, sliced
from kg.store.columns.terms import UNBOUND, Ids, Terms
from kg.store.columns.triples import Spread, Triples

_NO_ROWS = np.zeros(0, np.intp)
_MOST_VALUES = 100
_MANY = 1 << 10
"""With fewer triples one begins without looking for what filters leave of their terms."""

Stream = Iterator[Table]
Stage = Callable[[Stream], Stream]
Test = Callable[[Table], NDArray[np.bool_]]


class Evaluation:
    """One query with its constants.

    computed  the terms of its answer that the store does not have
    """

    def __init__(self, query: Query, constants: list[Known], terms: Terms, triples: Triples, costs: Costs) -> None:
        self.query, self.constants, self.terms, self.costs = query, constants, terms, costs
        self.numbers = [known.number for known in constants]
        self.computed = Computed(terms)
        self._matcher = Matcher(self.numbers, triples)
        self._odd = odd_variables(query, self.numbers, terms, triples)
        self._marks = 0

    def solutions(self, offset: int, limit: int | None) -> Stream:
        """Its solutions, with the projected columns at least. Raise Declined, before the first one or never."""
        tables = self._compiled(self.query.group, self.query.needed, frozenset(), 1.0)(iter((ONE,)))
        return self.finished(tables, offset, limit)

    def finished(self, tables: Stream, offset: int, limit: int | None) -> Stream:
        """What becomes of the solutions of its group: grouped, ordered, different, cut. Raise Declined likewise."""
        query = self.query
        by = [name for name, _ in query.order]
        wanted = None if limit is None else offset + limit
        if query.keys is not None:
            tables = iter((self._groups(tables),))
        if query.order:
            table = joined(tables, dict.fromkeys([*query.projected, *by]))
            most = None if query.distinct else wanted
            tables = iter((ordered(table, query.order, most, self.terms, self.computed.values),))
        if query.distinct:
            size = len(self.terms) + len(self.computed.values)
            tables = different(tables, query.projected, wanted, size)
        return _begun(sliced(tables, offset, limit))

    def _groups(self, tables: Stream) -> Table:
        found = grouped(tables, self.query, self.terms, self.computed)
        samples = {n for n, a in self.query.aggregates if a.function == "SAMPLE" and a.variable in self._odd}
        conditions = Conditions(self.terms, self.constants, self.computed.values, self._odd | samples)
        for having in self.query.having:
            found = found.where(conditions.condition(having)(found))
        return found

    def _compiled(self, group: Group, needed: frozenset[str], bound: Set[str], rows: float) -> Stage:
        """What makes the solutions of a group from those before it.

        needed  the variables that are asked for afterwards
        bound   those that may be bound before
        rows    about how many solutions there are before
        """
        stages: list[Stage] = []
        known = set(bound)
        steps = list(group.steps)
        while steps:
            step = steps.pop(0)
            if isinstance(step, Join):
                tests = []
                while steps and isinstance(test := steps[0], Filter):
                    tests.append(test)
                    del steps[0]
                stages += self._join(step, tests, needed.union(*(s.variables for s in steps)), known, rows)
            else:
                stages.append(self._step(step, needed.union(*(s.variables for s in steps)), known, rows))
            known |= step.variables
        return lambda tables: _through(stages, tables)

    def _join(self, join: Join, tests: list[Filter], after: Set[str], known: Set[str], rows: float) -> Iterator[Stage]:
        """Patterns in the best order, with each filter as soon as the patterns have bound its variables."""
        own = join.variables
        seen: set[str] = set()
        if not known and (chosen := self._chosen(join, tests)) is not None:
            name, ids, tests = chosen
            yield _with_terms(name, ids)
            seen, rows = {name}, rows * len(ids)
        patterns, _ = self.costs.order(join.patterns, known | seen, rows)
        waiting = [(t.variables, self._test(t)) for t in tests]
        while patterns:
            pattern = patterns.pop(0)
            seen |= pattern.variables
            later = set(after).union(*(p.variables for p in patterns), *(names for names, _ in waiting))
            yield self._pattern(pattern, later)
            yield from (_filter(test) for names, test in waiting if names & own <= seen)
            waiting = [(names, test) for names, test in waiting if not names & own <= seen]

    def _chosen(self, join: Join, tests: list[Filter]) -> tuple[str, Ids, list[Filter]] | None:
        """The terms that a variable may have, as filters tell, to begin with; and the other filters.

        None if that takes long, or if a pattern has fewer triples to begin with.
        """
        _, (fewest, *_) = self.costs.order(join.patterns, set(), 1.0)
        if fewest < _MANY:
            return None
        for pattern in join.patterns:
            spread = self._spread(pattern)
            own = [t for t in tests if t.variables == {pattern.object}]
            if spread is not None and own:
                condition = Call("&&", tuple(t.condition for t in own))
                ids = self._conditions().chosen(condition, spread.blocks)
                if ids is not None and len(ids) <= fewest:
                    return str(pattern.object), ids, [t for t in tests if t not in own]
        return None

    def _spread(self, pattern: Pattern) -> Spread | None:
        predicate = self.numbers[pattern.predicate] if isinstance(pattern.predicate, int) else UNBOUND
        return self._matcher.triples.spreads.get(predicate)

    def _pattern(self, pattern: Pattern, needed: Set[str]) -> Stage:
        return lambda tables: chain.from_iterable(self._matcher.extended(t, pattern, needed) for t in tables)

    def _step(self, step: Step, needed: frozenset[str], known: Set[str], rows: float) -> Stage:
        if isinstance(step, Filter):
            return _filter(self._test(step))
        if isinstance(step, Values):
            return self._values(step)
        if isinstance(step, Union):
            groups = [self._compiled(g, needed, known, rows) for g in step.branches]
            return lambda tables: (found for table in tables for group in groups for found in group(iter((table,))))
        mark = f" row {self._marks}"
        self._marks += 1
        if isinstance(step, Optional):
            group = self._compiled(step.group, needed | {mark}, known, rows)
            return lambda tables: chain.from_iterable(_optional(t, step, group, needed, mark) for t in tables if t.rows)
        assert isinstance(step, Exists)
        group = self._compiled(step.group, frozenset({mark}), step.shared, rows)
        return lambda tables: (_existing(table, step, group, mark) for table in tables)

    def _test(self, step: Filter) -> Test:
        return self._conditions().condition(step.condition)

    def _conditions(self) -> Conditions:
        return Conditions(self.terms, self.constants, [], self._odd)

    def _values(self, step: Values) -> Stage:
        if len(step.rows) > _MOST_VALUES or any(self.numbers[c] < 0 for row in step.rows for c in row):
            raise Declined
        rows = np.array([[self.numbers[c] for c in row] for row in step.rows], np.int32)
        return lambda tables: (found for table in tables for found in _with_values(table, step.names, rows))


def _through(stages: list[Stage], tables: Stream) -> Stream:
    for stage in stages:
        tables = stage(tables)
    return tables


def _begun(tables: Stream) -> Stream:
    """The same stream, of which the first table is made at once."""
    first = next(tables, None)
    return iter(()) if first is None else chain((first,), tables)


def _filter(test: Test) -> Stage:
    return lambda tables: (table.where(test(table)) for table in tables)


def _with_terms(name: str, ids: Ids) -> Stage:
    """Each solution with each of some terms for a new variable."""
    return lambda tables: (
        Table(len(ids), {**{n: np.repeat(c[row], len(ids)) for n, c in table.columns.items()}, name: ids})
        for table in tables
        for row in range(table.rows)
    )


def _optional(table: Table, step: Optional, group: Stage, needed: Set[str], mark: str) -> Stream:
    """The solutions of a table with what the group adds to them, or as they are. The mark tells which they were.

    The group gets no more of them than it asks for. Those that stay as they are go with the last others, as a table of
    few rows costs as much as one of hundreds.
    """
    matched = np.zeros(table.rows, np.bool_)
    given = table.only(step.variables).having(**{mark: np.arange(table.rows, dtype=np.int32)})
    last = Table(0, {mark: given.columns[mark][:0]})
    for found in group(iter((given,))):
        matched[found.columns[mark]] = True
        if last.rows:
            yield _completed(table, last, _NO_ROWS, needed, mark)
        last = found
    yield _completed(table, last, np.flatnonzero(~matched), needed, mark)


def _completed(table: Table, found: Table, rest: NDArray[np.intp], needed: Set[str], mark: str) -> Table:
    """What a group has found, with the other columns of the table that it was made from; then the rest of its rows."""
    rows = np.concatenate((found.columns[mark], rest))
    columns = {
        name: column[rows] for name, column in table.columns.items() if name in needed and name not in found.columns
    }
    for name in found.columns.keys() & needed:
        before = table.columns[name][rest] if name in table.columns else np.zeros(len(rest), np.int32)
        columns[name] = np.concatenate((found.columns[name], before))
    return Table(len(rows), columns)


def _existing(table: Table, step: Exists, group: Stage, mark: str) -> Table:
    """The solutions of a table for which the group has a solution, or has none."""
    matched = np.zeros(table.rows, np.bool_)
    given = table.only(step.shared).having(**{mark: np.arange(table.rows, dtype=np.int32)})
    for found in group(iter((given,))):
        matched[found.columns[mark]] = True
    return table.where(~matched if step.negated else matched)


def _with_values(table: Table, names: tuple[str, ...], rows: NDArray[np.int32]) -> Stream:
    """The solutions of a table that agree with a row of values, with what it adds."""
    for row in rows.tolist():
        fits = np.ones(table.rows, np.bool_)
        for name, value in zip(names, row, strict=True):
            column = table.column(name)
            fits &= (column == value) | (column == UNBOUND)
        found = table.where(fits)
        yield found.having(**{n: np.full(found.rows, v, np.int32) for n, v in zip(names, row, strict=True)})
