"""In which order patterns are joined, and about how many solutions that takes, before any is evaluated."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from kg.store.columns.algebra import Exists, Group, Join, Optional, Pattern, Query, Union, Values
from kg.store.columns.triples import Triples


@dataclass(frozen=True)
class _Sizes:
    """How many triples fit a pattern, and how many different terms they have in each position."""

    triples: int
    s: float
    p: float
    o: float


class Costs:
    """Of one query.

    numbers  of the constants in its patterns; anything for the others
    """

    def __init__(self, query: Query, numbers: Sequence[int], triples: Triples) -> None:
        self._triples = triples
        self._sizes = {
            p: self._measured(*(numbers[r] if isinstance(r, int) else None for r in p)) for p in query.patterns
        }

    def order(self, patterns: Sequence[Pattern], bound: Set[str], rows: float) -> tuple[list[Pattern], list[float]]:
        """The order to join patterns in, and about how many solutions there are after each.

        First what gives least, then always what multiplies the solutions least, of what hangs together if any does.
        bound  the variables that the solutions have already, of which there are about `rows`
        """
        known = set(bound)
        left = [(p, p.variables, self._sizes[p]) for p in patterns]
        found: list[Pattern] = []
        counts: list[float] = []
        while left:
            growths = [
                (bool(known and names) and known.isdisjoint(names), _growth(p, s, known)) for p, names, s in left
            ]
            best = growths.index(min(growths))
            pattern, names, _ = left.pop(best)
            rows *= growths[best][1]
            known |= names
            found.append(pattern)
            counts.append(rows)
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
                known |= step.variables
            elif isinstance(step, Values):
                rows *= len(step.rows)
                known |= step.variables
            elif isinstance(step, Union):
                parts = [self._work(g, known, rows) for g in step.branches]
                rows = sum(p[0] for p in parts)
                total += sum(p[1] for p in parts)
                known |= step.variables
            elif isinstance(step, Optional | Exists):
                inner, more = self._work(step.group, known, rows)
                total += rows + more
                rows = max(rows, inner) if isinstance(step, Optional) else rows
        return rows, total

    def _measured(self, s: int | None, p: int | None, o: int | None) -> _Sizes:
        triples = self._triples
        if any(c is not None and c < 0 for c in (s, p, o)):
            return _Sizes(0, 1, 1, 1)
        if p is not None:
            spread = triples.spreads.get(p)
            if spread is None:
                return _Sizes(0, 1, 1, 1)
            if s is None and o is None:
                return _Sizes(spread.triples, spread.subjects, 1, spread.objects)
            start, end = triples.pso.within(p, s) if s is not None else triples.pos.within(p, o or 0)
            count = end - start
            return _Sizes(count, count, 1, 1) if s is None else _Sizes(count, 1, 1, count)
        if s is not None or o is not None:
            start, end = triples.spo.range(s) if s is not None else triples.osp.range(o or 0)
            count = end - start
            return _Sizes(count, count, min(count, len(triples.spreads)), count)
        count = len(triples)
        return _Sizes(count, count / 8, len(triples.spreads), count / 8)


def _growth(pattern: Pattern, sizes: _Sizes, known: Set[str]) -> float:
    """By how much a join with a pattern multiplies the solutions."""
    found = float(sizes.triples)
    for reference, different in zip(pattern, (sizes.s, sizes.p, sizes.o), strict=True):
        if reference in known:
            found /= max(different, 1)
    return found
