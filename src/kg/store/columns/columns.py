"""The evaluator as the others see it: asked first, it answers what it surely can and what pays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO

import pyoxigraph as ox
from cachetools import LRUCache

from kg.store.columns import loading, results, triples
from kg.store.columns.algebra import Constant, Declined, Query
from kg.store.columns.constants import Known, resolve, whole
from kg.store.columns.costs import Costs
from kg.store.columns.evaluation import Evaluation
from kg.store.columns.shape import Shape, cut
from kg.store.columns.syntax import parse
from kg.store.columns.terms import Terms
from kg.store.columns.triples import Triples
from kg.words.formats import Format

_PLANS = 512
_LONGEST = 20_000
_WORTH = 100
"""About so many solutions take the other evaluator as long as a pattern without any takes here."""


@dataclass(frozen=True)
class Plan:
    """What the queries of a shape say.

    constants  how they are written
    known      those that are the same in all of them; None for the others
    matched    the places of the others that stand in triple patterns
    """

    query: Query
    constants: tuple[Constant, ...]
    known: tuple[Known | None, ...]
    matched: frozenset[int]


@dataclass(frozen=True)
class Columns:
    """The triples of one graph, and the shapes of the queries that were asked.

    always  whether to answer also what the other evaluator answers sooner
    """

    terms: Terms
    triples: Triples
    always: bool = False
    _plans: LRUCache[Shape, Plan | None] = field(default_factory=lambda: LRUCache(_PLANS), repr=False)

    @classmethod
    def of(cls, store: ox.Store, *, always: bool = False) -> Columns | None:
        """The default graph of a store that will not change; None if it has what only RDF 1.2 has, or nothing."""
        found = loading.load(store) if len(store) else None
        return found and cls(found[0], triples.build(found[1], found[0]), always)

    def answer(self, text: str, format_: Format) -> Callable[[IO[bytes]], object] | None:
        """What writes the answer to a query; None if the query is for the other evaluator.

        That depends on what there is for the query to match, not on LIMIT and OFFSET, so that pages fit together.
        """
        if len(text) > _LONGEST:
            return None
        shape, written = cut(text)
        try:
            plan = self._plans[shape]
        except KeyError:
            plan = self._plans[shape] = self._plan(shape)
        if plan is None:
            return None
        try:
            return self._answer(plan, written, format_)
        except Declined:
            return None

    def _plan(self, shape: Shape) -> Plan | None:
        try:
            query, constants = parse(shape)
            known = tuple(resolve(c, (), self.terms) if c.fixed else None for c in constants)
        except Declined:
            return None
        matched = frozenset(place for p in query.patterns for place in p.constants if known[place] is None)
        return Plan(query, constants, known, matched)

    def _answer(self, plan: Plan, written: list[str], format_: Format) -> Callable[[IO[bytes]], object] | None:
        query, terms = plan.query, self.terms
        known = list(plan.known)
        for place in plan.matched:
            known[place] = resolve(plan.constants[place], written, terms)
        costs = Costs(query, [k.number if k else -1 for k in known], self.triples)
        if not self.always and costs.work(query.group) < _WORTH * (len(query.patterns) + 2):
            return None
        constants = [k or resolve(c, written, terms) for k, c in zip(known, plan.constants, strict=True)]
        evaluation = Evaluation(query, constants, terms, self.triples, costs)
        limit = None if query.limit is None else whole(query.limit, written)
        tables = evaluation.solutions(whole(query.offset or "0", written), limit)
        if query.ask:
            truth = any(table.rows for table in tables)
            return lambda output: results.write_truth(truth, format_, output)
        return lambda output: results.write(tables, query.projected, format_, terms, evaluation.computed, output)
