"""The evaluator as the others see it: asked first, it answers what it surely can and what pays."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import IO

import pyoxigraph as ox

from kg.store.columns import graphs, loading, results, triples
from kg.store.columns.algebra import Constant, Declined, Query, Slot, calls
from kg.store.columns.cells import LINES, Cells
from kg.store.columns.constants import Constants, Known, whole
from kg.store.columns.costs import Costs
from kg.store.columns.evaluation import Evaluation
from kg.store.columns.shape import Shape, cut
from kg.store.columns.syntax import parse
from kg.store.columns.tables import Solution
from kg.store.columns.terms import UNBOUND, Terms
from kg.store.columns.triples import Triples
from kg.store.columns.walking import Lookups, Walk, tabular
from kg.words import formats
from kg.words.formats import Format

_PLANS = 512
_LARGE = 64
_LONGEST = 20_000
_LONGEST_AT_ONCE = 2_000
"""Characters of a query, each number being one: its pages are equally long."""
_NUMBER = re.compile(r"\d+")
_MOST_PARTS, _MOST_LAST = 64, 8
_MOST_TRIPLES, _MOST_CELLS, _MOST_BYTES = 256, 2_000, 1 << 15
"""What may be looked at, and written, while others wait: in some tenths of a millisecond."""
_WORTH = 50
"""About so many solutions take the other evaluator as long as a pattern without any takes here."""


@dataclass(frozen=True)
class Plan:
    """What the queries of a shape say.

    constants  how they are written
    known      those that are the same in all of them; None for the others
    matched    the places of the others that stand in triple patterns
    large      how these are written where the patterns alone match more than is looked at at once, of the first such
    """

    query: Query
    constants: tuple[Constant, ...]
    known: tuple[Known | None, ...]
    matched: frozenset[int]
    large: set[int] = field(default_factory=set, compare=False, repr=False)

    def patterns(self, written: list[str]) -> int:
        """How a query writes what its patterns have, as a hash: who is taken for another is answered as well."""
        return hash(tuple([written[place] for place in self._slots]))

    @cached_property
    def _slots(self) -> tuple[int, ...]:
        matched = [self.constants[place] for place in sorted(self.matched)]
        return tuple(part.place for c in matched for part in (c.text, c.datatype) if isinstance(part, Slot))

    @cached_property
    def is_short(self) -> bool:
        """Whether it says so little that it takes long only if it looks at much."""
        query = self.query
        last = len(query.order) + len(query.aggregates) + sum(map(calls, query.having))
        parts = len(self.constants) + len(query.patterns) + len(query.template or ())
        return parts <= _MOST_PARTS and last <= _MOST_LAST


@dataclass(frozen=True)
class Columns:
    """The triples of one graph, and the shapes of the queries that were asked.

    always  whether to answer also what the other evaluator answers sooner
    """

    terms: Terms
    triples: Triples
    always: bool = False
    _writers: dict[Format, Cells] = field(default_factory=dict, repr=False)

    @cached_property
    def _plans(self) -> Callable[[Shape], Plan | None]:
        return lru_cache(maxsize=_PLANS)(self._plan)

    @cached_property
    def _lookups(self) -> Lookups:
        return Lookups(self.triples)

    @cached_property
    def _constants(self) -> Constants:
        return Constants(self.terms)

    @classmethod
    def of(cls, store: ox.Store, *, always: bool = False) -> Columns | None:
        """The default graph of a store that will not change; None if it has what only RDF 1.2 has, or nothing."""
        found = loading.load(store) if len(store) else None
        return found and cls(found[0], triples.build(found[1], found[0]), always)

    def answer(self, text: str, format_: Format) -> Callable[[IO[bytes]], object] | None:
        """What writes the answer to a query; None if the query is for the other evaluator.

        That depends on what there is for the query to match, not on LIMIT and OFFSET, so that pages fit together.
        """
        plan, written = self._planned(text) if not _is_longer(text, _LONGEST) else (None, [])
        if plan is None or not plan.query.is_tabular:
            return None
        try:
            return self._answer(plan, written, format_)
        except Declined:
            return None

    def at_once(self, text: str, result: Format | None, graph: Format | None) -> tuple[Format, bytes] | None:
        """The whole answer to a query that takes next to nothing, in one of two syntaxes; None for any other query.

        That too depends on what there is to match alone, and takes no longer than `_MOST_TRIPLES` allow.
        """
        plan, written = self._planned(text) if not _is_longer(text, _LONGEST_AT_ONCE) else (None, [])
        if plan is None or not plan.is_short:
            return None
        format_ = result if plan.query.template is None else graph
        if format_ is None or (plan.large and plan.patterns(written) in plan.large):
            return None
        try:
            return format_, self._walked(plan, written, format_)
        except Declined:
            return None

    def _walked(self, plan: Plan, written: list[str], format_: Format) -> bytes:
        query, terms = plan.query, self.terms
        constants = self._resolved(plan.known, plan, written)
        offset, limit = whole(query.offset or "0", written), _limit(query, written)
        numbers = [known.number for known in constants]
        walk = Walk(query, constants, terms, self.triples, self._lookups, _MOST_TRIPLES)
        try:
            found = walk.solutions()
            if query.ask:
                return results.truth(bool(found), format_)
            _check_size(query, found, terms)
        except Declined:
            if walk.by_patterns and len(plan.large) < _LARGE:
                plan.large.add(plan.patterns(written))
            raise
        end = None if limit is None else offset + limit
        if query.template is not None:
            return graphs.few(
                query.template, found[offset:end], constants, terms, self._cells(formats.N_TRIPLES), format_
            )
        if query.keys is None and not query.order:
            found = _different(found, query.projected) if query.distinct else found
            return results.few(found[offset:end], query.projected, format_, self._cells(format_))
        evaluation = Evaluation(query, constants, terms, self.triples, Costs(query, numbers, self.triples))
        tables = evaluation.finished(iter((tabular(found, query.needed),)), offset, limit)
        output = io.BytesIO()
        results.write(tables, query.projected, format_, terms, evaluation.computed, output)
        return output.getvalue()

    def _resolved(self, known: Iterable[Known | None], plan: Plan, written: list[str]) -> list[Known]:
        """The constants of a query, of which some are known."""
        return [k or self._constants.resolve(c, written) for k, c in zip(known, plan.constants, strict=True)]

    def _planned(self, text: str) -> tuple[Plan | None, list[str]]:
        """What a query says, if it is for this evaluator, and the constants as it writes them."""
        shape, written = cut(text)
        return self._plans(shape), written

    def _plan(self, shape: Shape) -> Plan | None:
        try:
            query, constants = parse(shape)
            known = tuple(self._constants.resolve(c, ()) if c.fixed else None for c in constants)
        except Declined:
            return None
        matched = frozenset(place for p in query.patterns for place in p.constants if known[place] is None)
        return Plan(query, constants, known, matched)

    def _answer(self, plan: Plan, written: list[str], format_: Format) -> Callable[[IO[bytes]], object] | None:
        query, terms = plan.query, self.terms
        known = list(plan.known)
        for place in plan.matched:
            known[place] = self._constants.resolve(plan.constants[place], written)
        costs = Costs(query, [k.number if k else -1 for k in known], self.triples)
        if not self.always and costs.work(query.group) < _WORTH * (len(query.patterns) + 2):
            return None
        constants = self._resolved(known, plan, written)
        evaluation = Evaluation(query, constants, terms, self.triples, costs)
        tables = evaluation.solutions(whole(query.offset or "0", written), _limit(query, written))
        if query.ask:
            truth = any(table.rows for table in tables)
            return lambda output: output.write(results.truth(truth, format_))
        return lambda output: results.write(tables, query.projected, format_, terms, evaluation.computed, output)

    def _cells(self, format_: Format) -> Cells:
        if format_ not in self._writers:
            syntax = LINES if format_ is formats.N_TRIPLES else results.syntax_of(format_)
            self._writers[format_] = Cells(syntax, self.terms)
        return self._writers[format_]


def _is_longer(text: str, most: int) -> bool:
    return len(text) > most and (len(text) > 2 * most or len(_NUMBER.sub("0", text)) > most)


def _limit(query: Query, written: list[str]) -> int | None:
    return None if query.limit is None else whole(query.limit, written)


def _different(solutions: list[Solution], names: tuple[str, ...]) -> list[Solution]:
    """The first of each that are the same in some variables."""
    found: dict[tuple[int, ...], Solution] = {}
    for solution in solutions:
        found.setdefault(tuple([solution.get(name, UNBOUND) for name in names]), solution)
    return list(found.values())


def _check_size(query: Query, found: list[Solution], terms: Terms) -> None:
    """Raise Declined if it takes long to write all of what was found, whatever of it is asked for."""
    names = query.written
    cells = len(found) * len(names)
    texts = (solution[name] for solution in found for name in names if name in solution)
    if cells > _MOST_CELLS or (cells * terms.longest > _MOST_BYTES and terms.size(texts) > _MOST_BYTES):
        raise Declined
