"""How shapes stand in one another: which shapes with a target lead to a shape that reports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import rdflib
from rdflib.namespace import SH
from rdflib.term import Node, URIRef

from kg.shacl.structure import nested
from kg.shacl.targets import targeted
from kg.shacl.walks import NonLocal, Walk, of_shacl

Positions = Mapping[Node, list[tuple[Node, Walk]]]


def positions(shapes: rdflib.Graph) -> Positions:
    """Each shape that reports -> the shapes with a target that lead to it, and the walk to its focus nodes."""
    found: dict[Node, list[tuple[Node, Walk]]] = defaultdict(list)

    def visit(shape: Node, target: Node, walk: Walk, around: tuple[Node, ...]) -> None:
        if (target, walk) in found[shape] or shape in around:
            return
        found[shape].append((target, walk))
        path = shapes.value(shape, SH.path)
        for inner in shapes.objects(shape, SH.property):
            visit(inner, target, walk if path is None else walk + of_shacl(shapes, path), (*around, shape))

    for target in sorted(targeted(shapes), key=str):
        try:
            visit(target, target, (), ())
        except NonLocal:
            continue
    return found


def named(shapes: rdflib.Graph) -> Mapping[Node | None, set[Node]]:
    """Each shape that has an IRI -> itself and the blank property shapes that it is the nearest around."""
    found: dict[Node | None, set[Node]] = defaultdict(set)

    def visit(shape: Node, root: Node) -> None:
        if shape not in found[root]:
            found[root].add(shape)
            for inner in shapes.objects(shape, SH.property):
                if not isinstance(inner, URIRef):
                    visit(inner, root)

    for shape in {*targeted(shapes), *shapes.objects(None, SH.property)}:
        if isinstance(shape, URIRef):
            visit(shape, shape)
    return found


def within(shapes: rdflib.Graph, shape: Node) -> set[Node]:
    """The shape and all that it names, however deep."""
    reached, frontier = {shape}, [shape]
    while frontier:
        for _, inner in nested(shapes, frontier.pop()):
            if inner not in reached:
                reached.add(inner)
                frontier.append(inner)
    return reached


def at_focus(shapes: rdflib.Graph, shape: Node) -> set[Node]:
    """The shape and those within it that are asked about the same nodes, and not about values of these."""
    reached, frontier = {shape}, [shape]
    while frontier:
        around = frontier.pop()
        if (around, SH.path, None) not in shapes:
            new = {inner for _, inner in nested(shapes, around)} - reached
            reached |= new
            frontier += new
    return reached
