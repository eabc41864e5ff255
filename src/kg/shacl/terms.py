"""Terms of the library that reads files as terms of the library that validates."""

from __future__ import annotations

import logging
from collections.abc import Iterable

import pyoxigraph as ox
import rdflib
from rdflib.term import BNode, Literal, Node, URIRef

from kg.store.rdf_io import Term
from kg.words.names import XSD, is_absolute

logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)  # ill-typed literals are findings, not log lines


def to_rdflib(quads: Iterable[ox.Quad] | Iterable[ox.Triple], graph: rdflib.Graph) -> rdflib.Graph:
    """Add the triples of the quads to an rdflib graph; lexical forms stay as they were written.

    `xsd:string` becomes a plain literal: rdflib tells the two apart, RDF 1.1 does not.
    """
    known: dict[Term, Node] = {}

    def convert(term: Term) -> Node:
        node = known.get(term)
        if node is None:
            node = known[term] = into_rdflib(term)
        return node

    graph.addN((convert(q.subject), convert(q.predicate), convert(q.object), graph) for q in quads)
    return graph


def from_rdflib(node: Node) -> Term | None:
    """One term back again; None for an IRI that is none, as a query may make one up."""
    if isinstance(node, URIRef):
        return ox.NamedNode(str(node)) if is_absolute(str(node)) else None
    if isinstance(node, Literal):
        if node.language:
            return ox.Literal(str(node), language=node.language)
        return ox.Literal(str(node), datatype=ox.NamedNode(str(node.datatype or XSD + "string")))
    return ox.BlankNode(str(node))


def into_rdflib(term: Term) -> Node:
    """One term."""
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    if isinstance(term, ox.Literal):
        if term.language:
            return Literal(term.value, lang=term.language)
        if term.datatype.value == XSD + "string":
            return Literal(term.value)
        return Literal(term.value, datatype=URIRef(term.datatype.value), normalize=False)
    raise TypeError(f"RDF 1.1 has no triple terms: {term}")
