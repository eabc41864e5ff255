"""What the ontology says in axioms that are compared with shapes and data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from kg.store.rdf_io import Document, Term
from kg.words.names import OWL, RDF, RDFS, TYPE

OBJECT_PROPERTY: Final = OWL + "ObjectProperty"
DATATYPE_PROPERTY: Final = OWL + "DatatypeProperty"
CLASSES: Final = frozenset({OWL + "Class", RDFS + "Class"})
ANY_THING: Final = frozenset({OWL + "Thing", RDFS + "Resource", ""})

Place = tuple[Document, int]


def _sets() -> dict[str, set[str]]:
    return defaultdict(set)


@dataclass(frozen=True)
class Axioms:
    """Subject -> objects, for types, domains, ranges, superclasses and superproperties.

    A union of classes is all of them; "" stands for any other class expression, which says nothing here.
    places  where the first of these is said of a subject
    """

    types: dict[str, set[str]] = field(default_factory=_sets)
    domains: dict[str, set[str]] = field(default_factory=_sets)
    ranges: dict[str, set[str]] = field(default_factory=_sets)
    above: dict[str, set[str]] = field(default_factory=_sets)
    properties_above: dict[str, set[str]] = field(default_factory=_sets)
    places: dict[str, Place] = field(default_factory=dict)

    def ancestors(self, class_: str) -> set[str]:
        """The class and all above it."""
        found, frontier = {class_}, [class_]
        while frontier:
            for higher in self.above.get(frontier.pop(), ()):
                if higher not in found:
                    found.add(higher)
                    frontier.append(higher)
        return found

    def related(self, one: str, other: str) -> bool:
        """Whether one class is above the other, or both are above a third."""
        below = [c for c in self.above if {one, other} <= self.ancestors(c)]
        return one in self.ancestors(other) or other in self.ancestors(one) or bool(below)


def read(ontology: Iterable[Document]) -> Axioms:
    """The axioms in these documents."""
    found = Axioms()
    into = {
        TYPE: found.types, RDFS + "domain": found.domains, RDFS + "range": found.ranges,
        RDFS + "subClassOf": found.above, RDFS + "subPropertyOf": found.properties_above,
    }  # fmt: skip
    for document in ontology:
        nodes: dict[tuple[Term, str], Term] = {
            (q.subject, q.predicate.value): q.object for q in document.quads if isinstance(q.subject, ox.BlankNode)
        }
        for index, quad in enumerate(document.quads):
            values = into.get(quad.predicate.value)
            if values is not None and isinstance(quad.subject, ox.NamedNode):
                values[quad.subject.value].update(_classes(quad.object, nodes))
                found.places.setdefault(quad.subject.value, (document, index))
    return found


def _classes(term: Term, nodes: dict[tuple[Term, str], Term]) -> set[str]:
    """The classes that a term stands for."""
    if isinstance(term, ox.NamedNode):
        return {term.value}
    item, found = nodes.get((term, OWL + "unionOf")), set()
    while item is not None and isinstance(first := nodes.get((item, RDF + "first")), ox.NamedNode):
        found.add(first.value)
        item = nodes.get((item, RDF + "rest"))
    return found or {""}
