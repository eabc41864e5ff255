"""What a change can affect: for each shape, the nodes about which it may say something else than before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import rdflib
from pyparsing import ParseException
from rdflib.namespace import RDF, RDFS, SH
from rdflib.term import Node

from kg.shacl import reads
from kg.shacl.mistake import name
from kg.shacl.walks import NonLocal, Step, Walk

_HUB = 500
"""Nodes of one shape; above that what they have in common is worth a word."""
_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)

_Triple = tuple[Node, Node, Node]


@dataclass(frozen=True)
class Scope:
    """What has to be asked again.

    nodes   shape -> nodes that a change can affect; shapes that are not among the keys are asked about everything
    notes   what a reader must know of it, in sentences
    asked   the nodes of targets that were asked about, once the shapes have run
    """

    nodes: dict[Node, set[Node]]
    notes: tuple[str, ...] = ()
    asked: set[Node] = field(default_factory=set)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """While this lasts, pySHACL gives a shape only those of its target nodes that are in the scope.

        Its own option `focus_nodes` would filter the nodes of nested shapes too, which changes what they mean. One
        scope at a time in a process.
        """
        from pyshacl.shape import Shape

        whole = Shape.focus_nodes

        def within(shape: Shape, *args: object, **kwargs: object) -> set[Node]:
            found: set[Node] = set(whole(shape, *args, **kwargs))  # type: ignore[no-untyped-call]
            wanted = self.nodes.get(shape.node)
            if wanted is not None:
                found &= wanted
            self.asked.update(found)
            return found

        Shape.focus_nodes = within  # type: ignore[method-assign,assignment]
        try:
            yield
        finally:
            Shape.focus_nodes = whole  # type: ignore[method-assign]


def affected(shapes: rdflib.Graph, data: rdflib.Graph, added: set[_Triple], removed: set[_Triple]) -> Scope | str:
    """The scope of a change; a string says why everything has to be checked instead.

    data            after the change
    added, removed  the triples that are new, and that are gone
    Walks are followed backwards in the graph before the change and after it, taken together: no node is missed, some
    are asked about in vain.
    """
    changed = added | removed
    if any(p == RDFS.subClassOf for _, p, _ in changed):
        return "the class hierarchy has changed"
    gone = rdflib.Graph()
    gone.addN((*triple, gone) for triple in removed)
    graphs = (data, gone)
    nodes: dict[Node, set[Node]] = {}
    notes = []
    for shape in sorted(_targeted(shapes), key=str):
        try:
            walks = reads.walks(shapes, shape)
        except NonLocal as reason:
            notes.append(f"{name(shape)} is asked about all its nodes: {reason}.")
            continue
        except ParseException:
            return "a query of the shapes does not parse"
        nodes[shape] = set().union(*(_starts(walk, changed, graphs) for walk in walks)) if walks else set()
        if len(nodes[shape]) > _HUB:
            notes.append(f"{name(shape)} is asked about {len(nodes[shape]):,} nodes: many depend on what has changed.")
    return Scope(nodes, tuple(notes))


def _targeted(shapes: rdflib.Graph) -> set[Node]:
    found = {s for target in _TARGETS for s in shapes.subjects(target)}
    classes = set(shapes.subjects(RDF.type, RDFS.Class))
    return found | {s for t in (SH.NodeShape, SH.PropertyShape) for s in shapes.subjects(RDF.type, t) if s in classes}


def _starts(walk: Walk, changed: set[_Triple], graphs: tuple[rdflib.Graph, ...]) -> set[Node]:
    """The nodes from which the walk meets a changed triple."""
    nodes: set[Node] = set()
    for step in reversed(walk):
        nodes = _back(step, nodes, graphs)
        met = {
            o if inverse else s
            for s, p, o in changed
            for predicate, inverse in step.ways
            if predicate is None or predicate == p
        }
        nodes |= _back(step, met, graphs) | met if step.repeat else met
    return nodes


def _back(step: Step, nodes: set[Node], graphs: tuple[rdflib.Graph, ...]) -> set[Node]:
    """The nodes from which the step leads to one of these."""
    found = _before(step, nodes, graphs)
    if not step.repeat:
        return found
    reached, frontier = nodes | found, found - nodes
    while frontier:
        frontier = _before(step, frontier, graphs) - reached
        reached |= frontier
    return reached


def _before(step: Step, nodes: set[Node], graphs: tuple[rdflib.Graph, ...]) -> set[Node]:
    found: set[Node] = set()
    for graph in graphs:
        for predicate, inverse in step.ways:
            for node in nodes:
                found.update(graph.objects(node, predicate) if inverse else graph.subjects(predicate, node))
    return found
