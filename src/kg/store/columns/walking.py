"""Few solutions, found one after the other: what is small takes a fraction of the time that whole columns take.

Every triple that is looked at is counted, and so is every look-up. A query that takes more of them than it may is
declined, whatever it had seemed to take; so this can be done where nobody may wait long for anything.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from kg.store.columns.algebra import (
    Call,
    Declined,
    Exists,
    Expression,
    Filter,
    Group,
    Join,
    Optional,
    Pattern,
    Query,
    Step,
    Union,
    Values,
    calls,
    variables,
)
from kg.store.columns.conditions import Conditions, odd_variables
from kg.store.columns.constants import Known
from kg.store.columns.tables import Solution, Table
from kg.store.columns.terms import UNBOUND, Block, Kind, Terms
from kg.store.columns.triples import Index, Triples
from kg.words.names import RDF

_CONDITION = 32
"""So many triples are looked at in the time that an operator or a function takes for a table."""
_ABOUT_TEXTS = ("STR", "LCASE", "UCASE", "CONTAINS", "STRSTARTS", "STRENDS", "REGEX")


_Terms = tuple[int, int, int]
_Positions = tuple[tuple[str, int], tuple[str, int], tuple[str, int]]
"""Of a pattern: for each the name of its variable, or nothing, and the number of its constant, or that of no term."""


@dataclass(frozen=True)
class _PlainIndex:
    """An index as plain memory, which gives single numbers quicker than arrays do."""

    offsets: memoryview
    second: memoryview
    third: memoryview
    steps: dict[int, tuple[int, memoryview]]

    @classmethod
    def of(cls, index: Index) -> _PlainIndex:
        steps = {term: (found.before, found.places.data) for term, found in index.steps.items()}
        return cls(index.offsets.data, index.second.data, index.third.data, steps)

    def find(self, first: int, second: int, third: int) -> tuple[int, int]:
        """From where to where triples have these terms in their positions, of which later ones may be free."""
        if second and first in self.steps:
            before, places = self.steps[first]
            place = second - before
            if not 0 < place < len(places) - 1:
                return 0, 0
            start, end = places[place], places[place + 1]
        else:
            start, end = self.offsets[first], self.offsets[first + 1]
            if second:
                start, end = bisect_left(self.second, second, start, end), bisect_right(self.second, second, start, end)
        if third:
            start, end = bisect_left(self.third, third, start, end), bisect_right(self.third, third, start, end)
        return start, end


class Lookups:
    """Finds the triples that have some terms in some positions; a free position has no term's number."""

    def __init__(self, triples: Triples) -> None:
        self._spo, self._osp, self._pso, self._pos = map(
            _PlainIndex.of, (triples.spo, triples.osp, triples.pso, triples.pos)
        )

    def find(self, s: int, p: int, o: int) -> tuple[_PlainIndex, int, int]:
        """Where they stand side by side; their terms of free positions are in its last columns, in the order s, p, o.

        Raise Declined if all positions are free.
        """
        if s:
            index, terms = (self._osp, (o, s, 0)) if o and not p else (self._spo, (s, p, o))
        elif o:
            index, terms = (self._pos, (p, o, 0)) if p else (self._osp, (o, 0, 0))
        elif p:
            index, terms = self._pso, (p, 0, 0)
        else:
            raise Declined
        return index, *index.find(*terms)


class Walk:
    """Finds the solutions of one query, with its constants.

    left  how many triples may yet be looked at
    by_patterns  whether what was found so far depends on the patterns alone: on no condition and no value of VALUES
    """

    def __init__(
        self, query: Query, constants: list[Known], terms: Terms, triples: Triples, lookups: Lookups, most: int
    ) -> None:
        self._query, self._constants, self._terms, self._triples = query, constants, terms, triples
        self._numbers = [known.number for known in constants]
        self._lookups = lookups
        self.left = most
        self.by_patterns = True

    def solutions(self) -> list[Solution]:
        """All of them, before they are ordered and cut. Raise Declined."""
        return self._group(self._query.group, [{}])

    def _spend(self, triples: int) -> None:
        self.left -= 1 + triples
        if self.left < 0:
            raise Declined

    def _group(self, group: Group, solutions: list[Solution]) -> list[Solution]:
        for step in group.steps:
            if not solutions:
                break
            self._spend(len(solutions))
            solutions = list(self._step(step, solutions))
        return solutions

    def _step(self, step: Step, solutions: list[Solution]) -> Iterable[Solution]:
        if isinstance(step, Join):
            return self._join(step, solutions)
        if isinstance(step, Filter):
            return self._filter(step.condition, solutions)
        if isinstance(step, Optional):
            return (more for s in solutions for more in self._group(step.group, [s]) or [s])
        if isinstance(step, Union):
            return (more for group in step.branches for more in self._group(group, solutions))
        if isinstance(step, Values):
            return self._values(step, solutions)
        assert isinstance(step, Exists)
        return (s for s in solutions if bool(self._group(step.group, [_only(s, step.shared)])) != step.negated)

    def _join(self, join: Join, solutions: list[Solution]) -> list[Solution]:
        """Each pattern where it goes on from fewest triples, as far as the first solution tells."""
        waiting = [(pattern, self._positions(pattern)) for pattern in join.patterns]
        while waiting and solutions:
            place = self._next([positions for _, positions in waiting], solutions[0]) if len(waiting) > 1 else 0
            pattern, positions = waiting.pop(place)
            extended = self._repeated if pattern.repeat else self._extended
            found: list[Solution] = []
            for solution in solutions:
                found += extended(pattern, solution, _terms(positions, solution))
            solutions = found
        return solutions

    def _positions(self, pattern: Pattern) -> _Positions:
        numbers = self._numbers
        s, p, o = pattern.subject, pattern.predicate, pattern.object
        return (
            ("", numbers[s]) if isinstance(s, int) else (s, UNBOUND),
            ("", numbers[p]) if isinstance(p, int) else (p, UNBOUND),
            ("", numbers[o]) if isinstance(o, int) else (o, UNBOUND),
        )

    def _next(self, patterns: list[_Positions], solution: Solution) -> int:
        found = [_terms(positions, solution) for positions in patterns]
        linked = [place for place, (s, _, o) in enumerate(found) if s or o] or list(range(len(found)))
        return linked[0] if len(linked) == 1 else min(linked, key=lambda place: self._count(found[place]))

    def _count(self, terms: _Terms) -> int:
        if min(terms) < 0:
            return 0
        self._spend(0)
        _, start, end = self._lookups.find(*terms)
        return end - start

    def _extended(self, pattern: Pattern, solution: Solution, terms: _Terms) -> list[Solution]:
        """A solution with each triple that it goes on with."""
        s, p, o = terms
        if s < 0 or p < 0 or o < 0:
            return []
        index, start, end = self._lookups.find(s, p, o)
        self._spend(end - start)
        if start == end:
            return []
        if (not s) + (not p) + (not o) == 2:
            first, second = (
                str(pattern.predicate if s else pattern.subject),
                str(pattern.predicate if o else pattern.object),
            )
            pairs = zip(index.second[start:end].tolist(), index.third[start:end].tolist(), strict=True)
            return [{**solution, first: one, second: other} for one, other in pairs if first != second or one == other]
        if s and p and o:
            return [solution]
        name = str(pattern.object if not o else pattern.predicate if not p else pattern.subject)
        return [{**solution, name: term} for term in index.third[start:end].tolist()]

    def _repeated(self, pattern: Pattern, solution: Solution, terms: _Terms) -> Iterator[Solution]:
        """A solution with each term that a path leads to. Source: SPARQL 1.1 Query, section 18.4, ALP."""
        s, p, o = terms
        if not isinstance(pattern.predicate, int) or not (s or o):
            raise Declined
        if pattern.repeat != "+" and not all(self._is_node(term) for term in (s, o) if term):
            raise Declined  # no step at all leads to the same term, but not everywhere if it is no node
        if min(s, o) < 0:
            return
        found = self._reached(s or o, p, pattern.repeat, backwards=not s)
        if s and o:
            if o in found:
                yield solution
        else:
            name = str(pattern.object if s else pattern.subject)
            for term in found:
                yield {**solution, name: term}

    def _is_node(self, term: int) -> bool:
        """Whether a term is the subject or the object of a triple."""
        if term < 0:
            return False
        self._spend(0)
        return any(start < end for _, start, end in (self._lookups.find(term, 0, 0), self._lookups.find(0, 0, term)))

    def _reached(self, start: int, predicate: int, repeat: str, *, backwards: bool) -> dict[int, None]:
        """The terms that steps of one predicate lead to, each once."""
        found: dict[int, None] = {} if repeat == "+" else {start: None}
        waiting = [start] if predicate > 0 else []
        while waiting:
            term = waiting.pop()
            s, o = (0, term) if backwards else (term, 0)
            index, first, last = self._lookups.find(s, predicate, o)
            self._spend(last - first)
            new = [t for t in index.third[first:last].tolist() if t not in found]
            found.update(dict.fromkeys(new))
            waiting += new if repeat != "?" else []
        return found

    def _values(self, step: Values, solutions: list[Solution]) -> Iterator[Solution]:
        self.by_patterns = False
        rows = [[self._numbers[place] for place in row] for row in step.rows]
        if any(number < 0 for row in rows for number in row):
            raise Declined
        for row in rows:
            self._spend(len(solutions))
            values = dict(zip(step.names, row, strict=True))
            for solution in solutions:
                if all(solution.get(name, value) == value for name, value in values.items()):
                    yield {**solution, **values}

    def _filter(self, condition: Expression, solutions: list[Solution]) -> Iterable[Solution]:
        if (found := self._of_language(condition)) is not None:
            self.by_patterns = False
            name, block = found
            return [s for s in solutions if block and block.start <= s.get(name, UNBOUND) < block.end]
        if not _is_quick(condition):
            raise Declined
        self.by_patterns = False
        self._spend(_CONDITION * calls(condition))
        odd = odd_variables(self._query, self._numbers, self._terms, self._triples)
        passes = Conditions(self._terms, self._constants, [], odd).condition(condition)
        passed = passes(tabular(solutions, variables(condition))).tolist()
        return [solution for solution, passes_too in zip(solutions, passed, strict=True) if passes_too]

    def _of_language(self, condition: Expression) -> tuple[str, Block | None] | None:
        """The variable and the terms of the usual condition, LANG(?name) = "en"; None if it is another one."""
        match condition:
            case Call("=", (Call("LANG", (str(name),)), int(place))):
                known = self._constants[place]
                if known.kind is Kind.STRING and known.text:
                    return name, self._terms.block(Kind.TAGGED, RDF + "langString", known.text)
        return None


def _terms(positions: _Positions, solution: Solution) -> _Terms:
    """What a pattern has in its positions: less than 0 for what the store does not have."""
    (subject, s), (predicate, p), (obj, o) = positions
    return solution.get(subject, s), solution.get(predicate, p), solution.get(obj, o)


def tabular(solutions: list[Solution], names: Iterable[str]) -> Table:
    """The same as a table."""
    columns = {n: np.array([s.get(n, UNBOUND) for s in solutions], np.int32) for n in names}
    return Table(len(solutions), columns)


def _only(solution: Solution, names: frozenset[str]) -> Solution:
    return {name: term for name, term in solution.items() if name in names}


def _is_quick(condition: Expression) -> bool:
    """Whether it is about numbers of terms, never about their texts, which may be long."""
    return not isinstance(condition, Call) or (
        condition.name not in _ABOUT_TEXTS and all(map(_is_quick, condition.arguments))
    )
