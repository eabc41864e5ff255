"""In which order patterns are joined, and about how many solutions that takes, before any is evaluated."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from kg.store.columns.algebra import Exists, Filter, Group, Join, Optional, Pattern, Query, Union, Values
from kg.store.columns.triples import Triples

_PASSED = 0.3
"""The share of solutions that pass a filter, as far as one can tell without looking."""


@dataclass(frozen=True)
class _Size:
    """How many triples fit a pattern, and about how many different terms they have for each of its variables."""

    triples: float
    different: dict[str, float]


class Costs:
    """Of one query.

    numbers  of the constants in its patterns; anything for the others
    """

    def __init__(self, query: Query, numbers: Sequence[int], triples: Triples) -> None:
        self._numbers, self._triples = numbers, triples
        self._sizes = {pattern: self._size(pattern) for pattern in query.patterns}

    def order(self, patterns: Sequence[Pattern], bound: Set[str], rows: float) -> tuple[list[Pattern], list[float]]:
        """The order to join patterns in, and about how many solutions there are after each.

        First what gives least, then always what multiplies the solutions least, of what hangs together if any does.
        bound  the variables that the solutions have already, of which there are about `rows`
        """
        sizes = [self._sizes[p] for p in patterns]
        if len(sizes) == 1:
            (size,) = sizes
            for name in bound & size.different.keys():
                rows /= max(size.different[name], 1)
            return list(patterns), [rows * size.triples]
        growth = {place: size.triples for place, size in enumerate(sizes)}
        linked = {place for place, size in enumerate(sizes) if not size.different}
        found: list[Pattern] = []
        counts: list[float] = []
        known, new = set[str](), bound
        while growth:
            for place in growth if new else ():
                for name in new & sizes[place].different.keys():
                    growth[place] /= max(sizes[place].different[name], 1)
                    linked.add(place)
            known |= new
            best = min(growth, key=lambda place: (bool(known) and place not in linked, growth[place]))
            rows *= growth.pop(best)
            found.append(patterns[best])
            counts.append(rows)
            new = patterns[best].variables - known
        return found, counts

    def work(self, group: Group) -> float:
        """About how many solutions there are on the way to those of a query."""
        return self._work(group, set(), 1.0)[1]

    def _work(self, group: Group, bound: Set[str], rows: float) -> tuple[float, float]:
        """About how many solutions a group gives for so many before it, and how many on the way there."""
        known = set(bound)
        total = 0.0
        for step in group.steps:
            if isinstance(step, Join):
                counts = self.order(step.patterns, known, rows)[1]
                total += sum(counts)
                rows = counts[-1]
            elif isinstance(step, Filter):
                rows *= _PASSED
            elif isinstance(step, Values):
                rows *= len(step.rows)
            elif isinstance(step, Union):
                parts = [self._work(g, known, rows) for g in step.branches]
                rows = sum(p[0] for p in parts)
                total += sum(p[1] for p in parts)
            elif isinstance(step, Optional | Exists):
                inner, more = self._work(step.group, known, rows)
                total += rows + more
                rows = max(rows, inner) if isinstance(step, Optional) else rows
            known |= step.variables
        return rows, total

    def _size(self, pattern: Pattern) -> _Size:
        triples = self._triples
        subject, predicate, obj = (self._numbers[r] if isinstance(r, int) else None for r in pattern)
        spread = None if predicate is None else triples.spreads.get(predicate)
        different: dict[str, float] = {}
        if min(subject or 0, obj or 0) < 0 or (predicate is not None and spread is None):
            count = subjects = predicates = objects = 0
        elif subject is None and obj is None:
            count, predicates = len(triples), len(triples.spreads)
            subjects, objects = triples.subjects, triples.objects
            if spread is not None:
                count, subjects, objects = spread.triples, spread.subjects, spread.objects
        else:
            index, first = (triples.spo, subject) if subject is not None else (triples.osp, obj or 0)
            if predicate is not None:
                index = triples.pso if subject is not None else triples.pos
                start, end = index.within(predicate, first)
            else:
                start, end = index.range(first)
            count = subjects = predicates = objects = end - start
        for reference, terms in zip(pattern, (subjects, predicates, objects), strict=True):
            if isinstance(reference, str):
                different[reference] = max(terms, different.get(reference, 0))
        return _Size(count, different)
