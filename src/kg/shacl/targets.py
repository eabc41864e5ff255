"""Which nodes a shape is asked about. Source: SHACL, section 2.1.3."""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox
import rdflib
from rdflib.namespace import OWL, RDF, RDFS, SH
from rdflib.term import Node

from kg.shacl.terms import from_rdflib
from kg.store.rdf_io import Term
from kg.store.triples import Lookup, Triples
from kg.words.names import TYPE

TARGETS: Final = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
_SHAPES: Final = (SH.NodeShape, SH.PropertyShape)
_TYPE, _BELOW = ox.NamedNode(TYPE), ox.NamedNode(str(RDFS.subClassOf))


def targeted(shapes: rdflib.Graph) -> set[Node]:
    """The shapes that have a target, by themselves or because they are classes."""
    found = {s for target in TARGETS for s in shapes.subjects(target)}
    return found | {s for kind in _SHAPES for s in shapes.subjects(RDF.type, kind) if is_class(shapes, s)}


def is_class(shapes: rdflib.Graph, shape: Node) -> bool:
    """Whether the shape is a class too, and so its own target. An owl:Class is a class without being said to be."""
    kinds = {RDFS.Class, OWL.Class, *shapes.subjects(RDFS.subClassOf, RDFS.Class)}
    return any(type_ in kinds for type_ in shapes.objects(shape, RDF.type))


def classes(shapes: rdflib.Graph, shape: Node) -> set[Node]:
    """The classes whose instances the shape is asked about."""
    return {*shapes.objects(shape, SH.targetClass), *([shape] if is_class(shapes, shape) else [])}


def nodes(shapes: rdflib.Graph, shape: Node, triples: Triples) -> set[Term]:
    """All nodes that the shape is asked about."""
    found = {term for node in shapes.objects(shape, SH.targetNode) if (term := from_rdflib(node)) is not None}
    for class_ in below({t for c in classes(shapes, shape) if (t := from_rdflib(c)) is not None}, triples):
        found.update(t.subject for t in triples.into(class_, _TYPE))
    for property_ in shapes.objects(shape, SH.targetSubjectsOf):
        found.update(t.subject for t in triples.having(ox.NamedNode(str(property_))))
    for property_ in shapes.objects(shape, SH.targetObjectsOf):
        found.update(t.object for t in triples.having(ox.NamedNode(str(property_))))
    return found


def below(classes_: set[Term], triples: Lookup) -> set[Term]:
    """The classes and all that are below them."""
    reached, frontier = set(classes_), set(classes_)
    while frontier:
        found: set[Term] = {t.subject for class_ in frontier for t in triples.into(class_, _BELOW)}
        frontier = found - reached
        reached |= frontier
    return reached
