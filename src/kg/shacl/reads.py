"""What a shape reads, as walks from its focus node. Source: SHACL, sections 2 to 5."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import rdflib
from rdflib.namespace import RDF, SH
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import BNode, Node, URIRef, Variable

from kg.shacl import queries
from kg.shacl.structure import members
from kg.shacl.targets import classes
from kg.shacl.walks import NonLocal, Walk, along, of_shacl, of_sparql, reverse

_DEPTH: Final = 20
_NESTED: Final = (SH.node, SH.property, SH["not"], SH.qualifiedValueShape)
_LISTED: Final = (SH["and"], SH["or"], SH.xone)
_PAIRS: Final = (SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals)
_THROUGH: Final = frozenset(
    {"SelectQuery", "Project", "Distinct", "Reduced", "Slice", "OrderBy", "Group", "AggregateJoin", "Extend", "Filter"}
)
"""Operators of the algebra with one operand, whose solutions are extended, filtered or grouped."""

_PATH: Final = URIRef("urn:kg:path")
"""Stands for $PATH, which is no SPARQL until pySHACL puts the path of the shape there."""

_Scope = tuple[int, ...]
"""The groups of a query that a pattern stands in, from the outermost: a solution of it has one of every group."""


def walks(shapes: rdflib.Graph, shape: Node) -> frozenset[Walk]:
    """All that the shape, applied to a node of its targets, can depend on: the triples on these walks, and no others.

    Raise NonLocal where that cannot be told; the class hierarchy is not among it.
    """
    found = set(_targets(shapes, shape))
    found.update(_shape(shapes, shape, 0))
    return frozenset(walk for walk in found if walk)


def _targets(shapes: rdflib.Graph, shape: Node) -> Iterator[Walk]:
    if classes(shapes, shape):
        yield (along(RDF.type),)
    yield from ((along(p),) for p in shapes.objects(shape, SH.targetSubjectsOf))
    yield from ((along(p, inverse=True),) for p in shapes.objects(shape, SH.targetObjectsOf))
    if (None, RDF.type, SH.ConstraintComponent) in shapes:
        raise NonLocal("the shapes have constraint components of their own")


def _shape(shapes: rdflib.Graph, shape: Node, depth: int) -> Iterator[Walk]:
    if depth > _DEPTH:
        raise NonLocal("shapes lead back to themselves")
    paths = list(shapes.objects(shape, SH.path))
    walk = of_shacl(shapes, paths[0]) if paths else ()
    yield walk
    for inner in _at_values(shapes, shape, depth):
        yield (*walk, *inner)
    for pair in _PAIRS:
        yield from ((along(p),) for p in shapes.objects(shape, pair))
    for constraint in shapes.objects(shape, SH.sparql):
        for text in shapes.objects(constraint, SH.select):
            yield from _query(str(text), queries.prefixes(shapes, constraint), walk)


def _at_values(shapes: rdflib.Graph, shape: Node, depth: int) -> Iterator[Walk]:
    if (shape, SH["class"], None) in shapes:
        yield (along(RDF.type),)
    if any(bool(closed) for closed in shapes.objects(shape, SH.closed)):
        yield (along(None),)
    if any(bool(d) for d in shapes.objects(shape, SH.qualifiedValueShapesDisjoint)):
        raise NonLocal("a shape counts values that no other shape may count")
    for p in _NESTED:
        for nested in shapes.objects(shape, p):
            yield from _shape(shapes, nested, depth + 1)
    for p in _LISTED:
        for listed in shapes.objects(shape, p):
            for nested in members(shapes, listed) or ():
                yield from _shape(shapes, nested, depth + 1)


def _query(text: str, prefixes: dict[str, str], path: Walk) -> Iterator[Walk]:
    """The walks from $this to every triple that a pattern of the query can meet; `path` is what $PATH stands for."""
    text = re.sub(r"[$?]PATH\b", f"<{_PATH}>", text)
    patterns = [
        (s, path if p == _PATH else of_sparql(p), o, scope)
        for (s, p, o), scope in _patterns(prepareQuery(text, initNs=prefixes).algebra, (), [0], top=True)
    ]
    for s, walk, o, scope in patterns:
        usable = [(a, w, b) for a, w, b, around in patterns if scope[: len(around)] == around]
        to_subject, to_object = _chain(s, usable), _chain(o, usable)
        if to_subject is not None and (to_object is None or len(to_subject) <= len(to_object)):
            yield (*to_subject, *walk)
        elif to_object is not None:
            yield (*to_object, *reverse(walk))
        else:
            raise NonLocal("a query reads what nothing links to $this")


def _chain(end: Node, patterns: list[tuple[Node, Walk, Node]]) -> Walk | None:
    """The shortest walk from $this to a variable by patterns that all hold at once; None if there is none."""
    if not isinstance(end, Variable | BNode):
        return None
    reached: dict[Node, Walk] = {Variable("this"): ()}
    frontier: list[Node] = [Variable("this")]
    while frontier and end not in reached:
        node = frontier.pop(0)
        for s, walk, o in patterns:
            for start, goal, onwards in ((s, o, walk), (o, s, reverse(walk))):
                if start == node and goal not in reached and isinstance(goal, Variable | BNode):
                    reached[goal] = (*reached[node], *onwards)
                    frontier.append(goal)
    return reached.get(end)


def _patterns(node: Any, scope: _Scope, number: list[int], *, top: bool = False) -> Iterator[tuple[Any, _Scope]]:
    """Each triple pattern and where it stands. Raise NonLocal for an operator of which that cannot be told."""
    if node.name == "BGP":
        yield from ((triple, scope) for triple in node.triples)
    elif node.name == "Join":
        yield from _patterns(node.p1, scope, number)
        yield from _patterns(node.p2, scope, number)
    elif node.name == "LeftJoin":
        yield from _patterns(node.p1, scope, number)
        inner = _group(scope, number)
        yield from _patterns(node.p2, inner, number)
        yield from _within(node.expr, inner, number)
    elif node.name == "Union":
        yield from _patterns(node.p1, _group(scope, number), number)
        yield from _patterns(node.p2, _group(scope, number), number)
    elif node.name in _THROUGH and (top or node.name not in ("Project", "Slice", "Group", "AggregateJoin")):
        yield from _patterns(node.p, scope, number, top=top)
        for member, value in node.items():
            if member != "p":
                yield from _within(value, scope, number)
    else:
        raise NonLocal(f"a query has a part ({node.name}) that is asked apart from $this")


def _within(expression: Any, scope: _Scope, number: list[int]) -> Iterator[tuple[Any, _Scope]]:
    """The patterns in EXISTS and NOT EXISTS, wherever in an expression."""
    if isinstance(expression, CompValue):
        if expression.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
            yield from _patterns(expression.graph, _group(scope, number), number)
        else:
            for value in expression.values():
                yield from _within(value, scope, number)
    elif isinstance(expression, list | tuple | set):
        for value in expression:
            yield from _within(value, scope, number)


def _group(scope: _Scope, number: list[int]) -> _Scope:
    number[0] += 1
    return (*scope, number[0])
