"""Which variables a group binds and sees, and what that means for the order of its steps.

Inner groups are evaluated for the solutions found so far, not on their own as the standard has it. That gives the same
as long as an inner group has no variable that it may leave unbound and its surroundings have too, and its filters see
no more than they should. Where it might not, Declined is raised. Source: SPARQL 1.1 Query, sections 18.2 and 18.6.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Set

from kg.store.columns.algebra import Declined, Exists, Filter, Group, Join, Optional, Step, Union, Values


class Scope:
    """A group as far as it has been read.

    outside  the variables that its own filters see besides those of the group
    """

    def __init__(self, outside: frozenset[str]) -> None:
        self._outside = outside
        self._steps: list[Step] = []
        self._segment = 0  # where the steps begin that may change places: those since the last OPTIONAL or MINUS
        self._filters: list[Filter] = []
        self._exists: list[tuple[Group, bool]] = []
        self._certain: set[str] = set()
        self._possible: set[str] = set()

    @property
    def variables(self) -> frozenset[str]:
        """All that the group has so far."""
        return frozenset(self._certain | self._possible)

    def join(self, join: Join) -> None:
        """Add triple patterns, to those that stand in the same segment."""
        for place in range(self._segment, len(self._steps)):
            step = self._steps[place]
            if isinstance(step, Join):
                self._steps[place] = Join(step.patterns + join.patterns)
                break
        else:
            self._steps.append(join)
        self._bind(join.variables)

    def values(self, values: Values) -> None:
        self._steps.insert(self._segment, values)
        self._bind(values.variables)

    def union(self, union: Union) -> None:
        self._steps.append(union)
        certain = frozenset.intersection(*(g.certain for g in union.branches))
        self._bind(certain)
        self._leave_open({v for g in union.branches for v in g.variables} - certain)

    def optional(self, group: Group) -> None:
        if group.possible & self.variables:
            raise Declined
        self._steps.append(Optional(group))
        self._segment = len(self._steps)
        self._leave_open(group.variables)

    def minus(self, group: Group) -> None:
        shared = group.variables & self.variables
        if not shared or not _is_plain(group) or shared & self._possible:
            raise Declined  # without any it takes nothing away, unless EXISTS around it gives both sides some
        self._steps.append(Exists(group, True, shared))
        self._segment = len(self._steps)

    def filter(self, condition: Filter) -> None:
        self._filters.append(condition)

    def exists(self, group: Group, negated: bool) -> None:
        if not _is_plain(group):
            raise Declined
        self._exists.append((group, negated))

    def group(self) -> Group:
        """The whole of it, each filter after the first step from which on its variables do not change any more."""
        own = self.variables
        self._check_unions(own)
        waiting = [(f.variables, f) for f in self._filters]
        if any(not needed <= own | self._outside for needed, _ in waiting):
            raise Declined
        steps: list[Step] = []
        bound: set[str] = set()
        for step in (None, *self._steps):
            if step is not None:
                steps.append(step)
                bound |= _certain(step)
            steps += [f for needed, f in waiting if needed & own <= bound]
            waiting = [(needed, f) for needed, f in waiting if not needed & own <= bound]
        steps += [f for _, f in waiting]
        seen = own | self._outside
        steps += [Exists(group, negated, group.variables & seen) for group, negated in self._exists]
        return Group(tuple(steps), frozenset(self._certain), frozenset(self._possible))

    def _check_unions(self, own: frozenset[str]) -> None:
        steps_with = Counter(name for step in self._steps for name in _variables(step))
        for step in self._steps:
            if isinstance(step, Union):
                possible = frozenset().union(*(g.possible for g in step.branches))
                if possible & own & self._outside or any(steps_with[name] > 1 for name in possible):
                    raise Declined

    def _bind(self, names: Set[str]) -> None:
        self._certain |= names
        self._possible -= names

    def _leave_open(self, names: Set[str]) -> None:
        self._possible |= names - self._certain


def _certain(step: Step) -> frozenset[str]:
    """The variables that a step binds in every solution."""
    if isinstance(step, Union):
        return frozenset.intersection(*(g.certain for g in step.branches))
    return step.variables if isinstance(step, Join | Values) else frozenset()


def _variables(step: Step) -> frozenset[str]:
    """The variables that a step binds in any solution."""
    if isinstance(step, Join | Values):
        return step.variables
    return frozenset() if isinstance(step, Exists) else frozenset().union(*(g.variables for g in step.groups))


def _is_plain(group: Group) -> bool:
    """Whether it has no groups inside, of which EXISTS would make something else."""
    return all(isinstance(step, Join | Filter | Values) for step in group.steps)
