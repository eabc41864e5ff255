"""A report as RDF: sh:ValidationReport. Source: SHACL, section 3.6; W3C, Pointers in RDF 1.0 for the places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from kg.store.rdf_io import Term, parse_term, serialize
from kg.validation.report.places import Named
from kg.words.findings import Finding, Place, Report, Severity
from kg.words.formats import TURTLE
from kg.words.names import DCTERMS, RDFS, SH, TYPE, XSD

_PTR = "http://www.w3.org/2009/pointers#"
_CHECK = "urn:kg:check:"
_SEVERITIES: Final = {
    Severity.ERROR: SH + "Violation",
    Severity.VIOLATION: SH + "Violation",
    Severity.WARNING: SH + "Warning",
    Severity.INFO: SH + "Info",
}


def render(report: Report, named: Named = str) -> str:
    """Every finding a sh:ValidationResult, with the place where it is written as its dcterms:source.

    A finding that is no shape's has `urn:kg:check:{rule}` for its constraint component; one that is about a file and
    no node has a blank focus node with the file's name. As SHACL has it, a report with any result does not conform.
    """
    prefixes = {"sh": SH, "ptr": _PTR, "dcterms": DCTERMS, "rdfs": RDFS, "xsd": XSD}
    lines = serialize(list(_report(report, named)), TURTLE, prefixes).decode().split("\n")
    # the library puts the prefixes in another order each time
    return "\n".join([*sorted(lines[: len(prefixes)]), *lines[len(prefixes) :]])


def _report(report: Report, named: Named) -> Iterator[ox.Triple]:
    whole = ox.BlankNode("report")
    yield _triple(whole, TYPE, ox.NamedNode(SH + "ValidationReport"))
    yield _triple(whole, SH + "conforms", ox.Literal(not report.findings))
    results = [(n, ox.BlankNode(f"result{n}"), finding) for n, finding in enumerate(report.findings, 1)]
    yield from (_triple(whole, SH + "result", result) for _, result, _ in results)
    for number, result, finding in results:
        yield from _result(result, finding, number, named)


def _result(result: ox.BlankNode, finding: Finding, number: int, named: Named) -> Iterator[ox.Triple]:
    terms = finding.terms
    yield _triple(result, TYPE, ox.NamedNode(SH + "ValidationResult"))
    yield _triple(result, SH + "resultSeverity", ox.NamedNode(_SEVERITIES[finding.severity]))
    yield _triple(result, SH + "resultMessage", ox.Literal(finding.message, language="en"))
    focus = (_term(terms.focus) if terms else None) or ox.BlankNode(f"focus{number}")
    yield _triple(result, SH + "focusNode", focus)
    component = _term(terms.component) if terms else None
    yield _triple(result, SH + "sourceConstraintComponent", component or ox.NamedNode(_CHECK + _slug(finding.rule)))
    for predicate, text in (
        ("resultPath", terms.path if terms else ""),
        ("value", terms.value if terms else ""),
        ("sourceShape", terms.shape if terms else ""),
    ):
        if (term := _term(text)) is not None:
            yield _triple(result, SH + predicate, term)
    place = finding.place
    pointer = ox.BlankNode(f"place{number}")
    if place:
        yield _triple(result, DCTERMS + "source", pointer)
    if isinstance(focus, ox.BlankNode):
        about = finding.focus or (named(place.path) if place else "the project")
        yield _triple(focus, RDFS + "label", ox.Literal(about))
    if place:
        yield from _pointer(pointer, place, named)


def _pointer(pointer: ox.BlankNode, place: Place, named: Named) -> Iterator[ox.Triple]:
    yield _triple(pointer, TYPE, ox.NamedNode(_PTR + "LineCharPointer"))
    yield _triple(pointer, _PTR + "reference", ox.Literal(named(place.path)))
    for name, value in (("lineNumber", place.line), ("charNumber", place.column)):
        if value:
            yield _triple(pointer, _PTR + name, ox.Literal(str(value), datatype=ox.NamedNode(XSD + "positiveInteger")))


def _term(text: str) -> Term | None:
    if not text:
        return None
    return ox.BlankNode(text[2:]) if text.startswith("_:") else parse_term(text)


def _slug(rule: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]", "-", rule)


def _triple(s: Term, p: str, o: Term) -> ox.Triple:
    return ox.Triple(s, ox.NamedNode(p), o)  # type: ignore[arg-type]
