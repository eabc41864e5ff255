"""What is wrong with a shape, as a finding at its line."""

from __future__ import annotations

import pyoxigraph as ox
from rdflib.term import BNode, Node

from kg.shacl.terms import from_rdflib
from kg.store.locate import Locate
from kg.words.findings import Finding, Severity
from kg.words.names import curie


def mistake(message: str, locate: Locate, s: Node, p: Node | None = None, o: Node | None = None) -> Finding:
    """An error at the place of the statement, or of the shape alone."""
    subject = from_rdflib(s)
    predicate = ox.NamedNode(str(p)) if p is not None else None
    place = locate(subject, predicate, from_rdflib(o) if o is not None else None) if subject else None
    return Finding(Severity.ERROR, "shapes", message, place)


def name(node: Node) -> str:
    """What a reader knows a shape by."""
    return "a blank shape" if isinstance(node, BNode) else curie(str(node)).rpartition("#")[2]
