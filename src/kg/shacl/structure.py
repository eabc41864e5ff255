"""How shapes must be put together. Source: SHACL, sections 2 to 4."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import rdflib
from rdflib.namespace import RDF, SH
from rdflib.term import Literal, Node

from kg.shacl.mistake import mistake, name
from kg.store.locate import Locate
from kg.words.findings import Finding
from kg.words.names import curie

_Kind = tuple[tuple[Node, ...], str, Callable[[Any], bool]]
"""Properties, what they take, and whether a value is that."""

_COUNT: Final[_Kind] = (
    (SH.minCount, SH.maxCount, SH.minLength, SH.maxLength, SH.qualifiedMinCount, SH.qualifiedMaxCount),
    "an integer, 0 or more",
    lambda value: isinstance(value, int) and value >= 0,
)
_FLAG: Final[_Kind] = (
    (SH.uniqueLang, SH.closed, SH.deactivated, SH.qualifiedValueShapesDisjoint),
    "true or false",
    lambda value: isinstance(value, bool),
)
_ALTERNATIVES: Final = (SH["and"], SH["or"], SH.xone)
_LISTS: Final = (*_ALTERNATIVES, SH["in"], SH.languageIn, SH.ignoredProperties)
_NESTED: Final = (SH.node, SH.property, SH["not"], SH.qualifiedValueShape)
_NOT_RUN: Final = (SH.target, SH.js, SH.rule, SH.expression)
"""Of SHACL Advanced Features and SHACL JavaScript Extensions."""


def check(shapes: rdflib.Graph, locate: Locate) -> Iterator[Finding]:
    """Values that a property of SHACL cannot have, shapes that are missing, shapes that lead back to themselves."""
    yield from _paths(shapes, locate)
    yield from _values(shapes, locate)
    yield from _lists(shapes, locate)
    yield from _useless(shapes, locate)
    inside = {s: sorted(nested(shapes, s), key=str) for s in sorted(set(shapes.subjects()), key=str)}
    for s, inner in inside.items():
        for p, o in inner:
            if (o, None, None) not in shapes:
                yield mistake(f"{_term(p)} names {name(o)}, which no file describes. Correct the name", locate, s, p, o)
            elif p != SH.property and s in _same_focus(shapes, inside, o):
                yield mistake(f"{name(s)} leads back to itself by {_term(p)}, without end", locate, s, p, o)


def members(shapes: rdflib.Graph, node: Node) -> list[Node] | None:
    """The members of an RDF list; None if it is none."""
    members: list[Node] = []
    seen: set[Node] = set()
    while node != RDF.nil:
        first, rest = list(shapes.objects(node, RDF.first)), list(shapes.objects(node, RDF.rest))
        if len(first) != 1 or len(rest) != 1 or node in seen:
            return None
        seen.add(node)
        members.append(first[0])
        node = rest[0]
    return members


def _paths(shapes: rdflib.Graph, locate: Locate) -> Iterator[Finding]:
    property_shapes = set(shapes.objects(None, SH.property)) | set(shapes.subjects(RDF.type, SH.PropertyShape))
    for shape in sorted((s for s in property_shapes if (s, None, None) in shapes), key=str):
        paths = list(shapes.objects(shape, SH.path))
        if not paths:
            yield mistake(f"the property shape {name(shape)} has no sh:path. Add one", locate, shape)
        elif len(paths) > 1 or isinstance(paths[0], Literal):
            found = " and ".join(sorted(p.n3() for p in paths))
            message = f"sh:path of {name(shape)} takes one property or property path, found {found}"
            yield mistake(message, locate, shape, SH.path)


def _values(shapes: rdflib.Graph, locate: Locate) -> Iterator[Finding]:
    for predicates, wanted, fits in (_COUNT, _FLAG):
        for p in predicates:
            for s, o in sorted(shapes.subject_objects(p)):
                if not (isinstance(o, Literal) and fits(o.value)):
                    yield mistake(f"{_term(p)} takes {wanted}, found {o.n3()}", locate, s, p, o)
                elif len(set(shapes.objects(s, p))) > 1:
                    yield mistake(f"{_term(p)} is given more than once. Give it once", locate, s, p, o)
    for s, o in sorted(shapes.subject_objects(SH.pattern)):
        try:
            re.compile(str(o))
        except re.error as error:
            yield mistake(f"sh:pattern {o.n3()} is no regular expression: {error}", locate, s, SH.pattern, o)


def _useless(shapes: rdflib.Graph, locate: Locate) -> Iterator[Finding]:
    for p in (SH.qualifiedMinCount, SH.qualifiedMaxCount):
        for s, o in sorted(shapes.subject_objects(p)):
            if (s, SH.qualifiedValueShape, None) not in shapes:
                yield mistake(f"{_term(p)} counts nothing. Add sh:qualifiedValueShape", locate, s, p, o)
    for p in _NOT_RUN:
        for s, o in sorted(shapes.subject_objects(p)):
            message = f"{_term(p)} is neither SHACL Core nor SHACL-SPARQL, and not run. Say it in these"
            yield mistake(message, locate, s, p, o)


def _lists(shapes: rdflib.Graph, locate: Locate) -> Iterator[Finding]:
    for p in _LISTS:
        for s, o in sorted(shapes.subject_objects(p)):
            found = members(shapes, o)
            if found is None or (p in _ALTERNATIVES and not found):
                wanted = "a list of one shape or more" if p in _ALTERNATIVES else "a list"
                yield mistake(f"{_term(p)} of {name(s)} takes {wanted}, as ( … … )", locate, s, p, o)


def nested(shapes: rdflib.Graph, shape: Node) -> Iterator[tuple[Node, Node]]:
    """The shapes that a shape names, each behind its property."""
    for p in _NESTED:
        yield from ((p, o) for o in shapes.objects(shape, p))
    for p in _ALTERNATIVES:
        for o in shapes.objects(shape, p):
            yield from ((p, member) for member in members(shapes, o) or ())


def _same_focus(shapes: rdflib.Graph, inside: dict[Node, list[tuple[Node, Node]]], start: Node) -> set[Node]:
    """The shape and all that it has to conform to at the same node: a property shape goes on to other nodes."""
    reached, frontier = {start}, [start]
    while frontier:
        shape = frontier.pop()
        if (shape, SH.path, None) in shapes:
            continue
        for p, o in inside.get(shape, ()):
            if p not in (SH.property, SH.qualifiedValueShape) and o not in reached:
                reached.add(o)
                frontier.append(o)
    return reached


def _term(predicate: Node) -> str:
    return curie(str(predicate))
