"""sh:lessThan and sh:lessThanOrEquals where values cannot be compared, of which pySHACL 0.40 dies: they violate.

Source: SHACL, sections 4.5.3 and 4.5.4.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import Any

from pyshacl.constraints.core.property_pair_constraints import (
    LessThanConstraintComponent,
    LessThanOrEqualsConstraintComponent,
)
from rdflib.term import Literal, Node

Outcome = tuple[bool, list[Any]]
"""Whether a value violates, and pySHACL's reports."""


class LessThan(LessThanConstraintComponent):
    def _compare_lt(self, values: Iterable[Node], others: Iterable[Node], graph: Any, focus: Node) -> Outcome:
        return _outcome(self, operator.lt, values, others, graph, focus)


class LessThanOrEquals(LessThanOrEqualsConstraintComponent):
    def _compare_ltoe(self, values: Iterable[Node], others: Iterable[Node], graph: Any, focus: Node) -> Outcome:
        return _outcome(self, operator.le, values, others, graph, focus)


def _outcome(
    constraint: Any,
    compare: Callable[[Any, Any], bool],
    values: Iterable[Node],
    others: Iterable[Node],
    graph: Any,
    focus: Node,
) -> Outcome:
    wrong = [v for v in values for o in others if not _holds(compare, v, o)]
    return bool(wrong), [constraint.make_v_result(graph, focus, value_node=v) for v in wrong]


def _holds(compare: Callable[[Any, Any], bool], value: Node, other: Node) -> bool:
    if not (isinstance(value, Literal) and isinstance(other, Literal)) or value.language or other.language:
        return False
    if value.value is None or other.value is None:
        return False
    try:
        return compare(value.value, other.value)
    except TypeError:
        return False
