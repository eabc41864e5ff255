"""What a query says, taken apart: values without any behaviour.

A constant stands here by its place among the query's constants, as the same shape of query comes with others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

Reference = str | int
"""A variable by its name, or a constant by its place."""


class Declined(Exception):
    """This is for the other evaluator."""


@dataclass(frozen=True)
class Slot:
    """A text that the query brings: the place of it among those that were cut out."""

    place: int


@dataclass(frozen=True)
class Constant:
    """How a constant is written.

    text      an IRI without its brackets, a lexical form, or where it is cut out; then as it stood in the query
    datatype  its IRI; None for an IRI, and for a number whose form tells the datatype
    """

    text: str | Slot
    datatype: str | Slot | None = None
    language: str = ""
    number: bool = False

    @cached_property
    def is_iri(self) -> bool:
        return self.datatype is None and not self.language and not self.number

    @property
    def fixed(self) -> bool:
        """Whether it is the same in all queries of a shape."""
        return not isinstance(self.text, Slot) and not isinstance(self.datatype, Slot)


@dataclass(frozen=True)
class Call:
    """An operator or a function, by the name that SPARQL has for it in upper case."""

    name: str
    arguments: tuple[Expression, ...]


Expression = Call | Reference


@dataclass(frozen=True)
class Pattern:
    """A triple pattern.

    repeat  how often it may be taken one after the other, as in a property path: "?", "*" or "+"; empty for once
    """

    subject: Reference
    predicate: Reference
    object: Reference
    repeat: str = ""

    def __iter__(self) -> Iterator[Reference]:
        return iter((self.subject, self.predicate, self.object))

    @cached_property
    def variables(self) -> frozenset[str]:
        return frozenset(r for r in self if isinstance(r, str))

    @cached_property
    def constants(self) -> tuple[int, ...]:
        return tuple(r for r in self if isinstance(r, int))


@dataclass(frozen=True)
class Step:
    """A part of a group."""

    @property
    def groups(self) -> tuple[Group, ...]:
        """The inner groups that it has."""
        return ()

    @cached_property
    def variables(self) -> frozenset[str]:
        """All in it, also those of inner groups and of their filters."""
        return frozenset().union(*(s.variables for g in self.groups for s in g.steps))


@dataclass(frozen=True)
class Join(Step):
    """Triple patterns that stand together."""

    patterns: tuple[Pattern, ...]

    @cached_property
    def variables(self) -> frozenset[str]:
        return frozenset().union(*(p.variables for p in self.patterns))


@dataclass(frozen=True)
class Filter(Step):
    condition: Expression

    @cached_property
    def variables(self) -> frozenset[str]:
        return variables(self.condition)


@dataclass(frozen=True)
class Optional(Step):
    group: Group

    @property
    def groups(self) -> tuple[Group, ...]:
        return (self.group,)


@dataclass(frozen=True)
class Union(Step):
    branches: tuple[Group, ...]

    @property
    def groups(self) -> tuple[Group, ...]:
        return self.branches


@dataclass(frozen=True)
class Exists(Step):
    """Solutions for which the group has a solution, or has none.

    shared  the variables whose values the group gets; MINUS is NOT EXISTS with those that both sides have
    """

    group: Group
    negated: bool
    shared: frozenset[str]

    @property
    def groups(self) -> tuple[Group, ...]:
        return (self.group,)


@dataclass(frozen=True)
class Values(Step):
    """Rows of constants."""

    names: tuple[str, ...]
    rows: tuple[tuple[int, ...], ...]

    @cached_property
    def variables(self) -> frozenset[str]:
        return frozenset(self.names)


@dataclass(frozen=True)
class Group:
    """Steps in the order in which they are taken; filters stand as early as they may.

    certain   variables that every solution binds
    possible  variables that a solution may leave unbound
    """

    steps: tuple[Step, ...]
    certain: frozenset[str]
    possible: frozenset[str]

    @property
    def variables(self) -> frozenset[str]:
        return self.certain | self.possible


@dataclass(frozen=True)
class Aggregate:
    """variable  what it is about; None for the solutions themselves, as in COUNT(*)"""

    function: str
    variable: str | None
    distinct: bool


@dataclass(frozen=True)
class Query:
    """A SELECT, ASK or CONSTRUCT query.

    template    the triples that it constructs; None if it does not
    keys        what it groups by; None if it does not
    aggregates  what they are called, and what they are
    order       variables, and whether from the greatest on
    """

    group: Group
    ask: bool
    projected: tuple[str, ...]
    distinct: bool = False
    keys: tuple[str, ...] | None = None
    aggregates: tuple[tuple[str, Aggregate], ...] = ()
    having: tuple[Expression, ...] = ()
    order: tuple[tuple[str, bool], ...] = ()
    limit: str | Slot | None = None
    offset: str | Slot | None = None
    template: tuple[Pattern, ...] | None = None

    @cached_property
    def needed(self) -> frozenset[str]:
        """The variables of its group that the rest of it asks for."""
        if self.keys is None:
            return frozenset((*self.projected, *(name for name, _ in self.order)))
        return frozenset((*self.keys, *(a.variable for _, a in self.aggregates if a.variable)))

    @cached_property
    def written(self) -> tuple[str, ...]:
        """The variables whose values stand in the answer, as often as they do."""
        if self.template is None:
            return self.projected
        return tuple(r for pattern in self.template for r in pattern if isinstance(r, str))

    @cached_property
    def is_tabular(self) -> bool:
        """Whether whole columns can answer it."""
        return self.template is None and not any(pattern.repeat for pattern in self.patterns)

    @cached_property
    def patterns(self) -> tuple[Pattern, ...]:
        """All that it has, in inner groups too."""
        return tuple(_patterns(self.group))


def calls(expression: Expression) -> int:
    """How many operators and functions it has."""
    return 1 + sum(map(calls, expression.arguments)) if isinstance(expression, Call) else 0


def variables(expression: Expression) -> frozenset[str]:
    """Those of an expression."""
    if isinstance(expression, Call):
        return frozenset().union(*map(variables, expression.arguments))
    return frozenset({expression}) if isinstance(expression, str) else frozenset()


def _patterns(group: Group) -> Iterator[Pattern]:
    for step in group.steps:
        if isinstance(step, Join):
            yield from step.patterns
        for inner in step.groups:
            yield from _patterns(inner)
