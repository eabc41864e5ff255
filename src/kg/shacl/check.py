"""Data against shapes: what is wrong with the shapes, else what they find."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox
import rdflib
from rdflib.namespace import RDF, SH
from rdflib.term import Node, URIRef

from kg.shacl import lint, queries
from kg.shacl.authority import Refused
from kg.shacl.mistake import name
from kg.shacl.results import Teller
from kg.shacl.terms import from_rdflib, into_rdflib
from kg.shacl.validator import Validator
from kg.store.locate import Locate
from kg.store.triples import Lookup, Triples
from kg.words.errors import BadInput
from kg.words.findings import Finding, Severity


@dataclass(frozen=True)
class Result:
    """What the shapes found, and how many shapes and targets there were.

    names  of the shapes that have one, as findings name them
    notes  what was not asked, or asked in full against expectation, in sentences
    """

    findings: list[Finding]
    shapes: int
    targets: int
    names: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def check(
    triples: Triples,
    shapes: Iterable[ox.Quad],
    locate: Locate,
    *,
    base: str = "",
    focus: tuple[str, ...] = (),
) -> Result:
    """Validate data against shapes.

    triples  stated ones, the ontology's (for its class hierarchy) and the expanded claims
    locate   where a statement is written
    base     left out in front of names in the findings
    focus    IRIs; with any, only results about these nodes are kept
    Return Result: lint findings of the shapes (errors: the shapes were not run), else what pySHACL reports.
    Raise BadInput if a focus node is not in the data.
    """
    validator = Validator(triples, shapes)
    for iri in focus:
        if not _is_subject(iri, triples):
            raise BadInput(f"--focus {iri} is not in the graph")
    findings = list(lint.lint(validator.shapes, triples, locate))
    if not any(f.severity is Severity.ERROR for f in findings):
        try:
            results = validator.everything()
        except Refused:
            findings += queries.refused(validator.shapes, locate)
        else:
            findings += teller(triples, locate, base).findings(r for r in results if not focus or str(r.focus) in focus)
    return result(findings, validator.shapes)


def teller(triples: Lookup, locate: Locate, base: str) -> Teller:
    """Says results with the names that these triples give."""

    def names(node: Node, property_: str) -> list[Node]:
        term = from_rdflib(node)
        return [] if term is None else [into_rdflib(t.object) for t in triples.out(term, ox.NamedNode(property_))]

    return Teller(names, locate, base)


def result(findings: list[Finding], shapes: rdflib.Graph, notes: tuple[str, ...] = ()) -> Result:
    """Findings, with what is told of the shapes."""
    found = [s for type_ in (SH.NodeShape, SH.PropertyShape) for s in shapes.subjects(RDF.type, type_)]
    names = tuple(sorted({name(s) for s in found if isinstance(s, URIRef)}))
    return Result(findings, len(found), lint.targets(shapes), names, notes)


def _is_subject(iri: str, triples: Triples) -> bool:
    try:
        return next(triples.out(ox.NamedNode(iri)), None) is not None
    except ValueError:
        return False
