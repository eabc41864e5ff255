"""Mistakes in shapes that an engine passes over in silence, or dies of. Source: SHACL, sections 2 to 5."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

import pyoxigraph as ox
import rdflib
from pyparsing import ParseException
from rdflib.namespace import RDF, RDFS, SH
from rdflib.plugins.sparql import prepareQuery
from rdflib.term import BNode, Literal, Node

from kg.shacl.terms import from_rdflib
from kg.store.locate import Locate
from kg.words.findings import Finding, Severity
from kg.words.names import curie

_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
_COUNTS = (SH.minCount, SH.maxCount, SH.minLength, SH.maxLength, SH.qualifiedMinCount, SH.qualifiedMaxCount)
_SHAPE_TYPES = (SH.NodeShape, SH.PropertyShape)
_SELECTS = (SH.select, SH.ask)


def lint(shapes: rdflib.Graph, data: rdflib.Graph, locate: Locate) -> Iterator[Finding]:
    """What is wrong with the shapes themselves, as errors; targets that nothing in the data meets, as warnings."""
    shapes_found = {s for type_ in _SHAPE_TYPES for s in shapes.subjects(RDF.type, type_)}
    if not any(True for target in _TARGETS for _ in shapes.subject_objects(target)) and not any(
        (s, RDF.type, RDFS.Class) in shapes for s in shapes_found
    ):
        message = "no shape has a target: this validates nothing. Give a shape sh:targetClass"
        if any(True for type_ in _SHAPE_TYPES for _ in data.subjects(RDF.type, type_)):
            message += ". The data holds shapes: are data and shapes swapped?"
        yield Finding(Severity.ERROR, "shapes", message)
        return
    yield from _unknown_terms(shapes, locate)
    yield from _bad_values(shapes, locate)
    yield from _bad_queries(shapes, locate)
    yield from _empty_targets(shapes, data, locate)


def targets(shapes: rdflib.Graph) -> int:
    """How many targets the shapes declare."""
    return sum(1 for target in _TARGETS for _ in shapes.subject_objects(target))


def _unknown_terms(shapes: rdflib.Graph, locate: Locate) -> Iterator[Finding]:
    python_keywords = ("and", "class", "in", "not", "or")  # rdflib keeps these out of dir()
    known = {str(term) for term in dir(SH)} | {str(SH[name]) for name in python_keywords}
    for s, p, o in sorted(shapes):
        for term in (p, o):
            if isinstance(term, rdflib.URIRef) and term.startswith(str(SH)) and str(term) not in known:
                close = difflib.get_close_matches(str(term), known, n=1)
                hint = f" Did you mean {curie(close[0])}?" if close else ""
                yield _error(f"SHACL has no {curie(str(term))}.{hint}", locate, s, p, o)


def _bad_values(shapes: rdflib.Graph, locate: Locate) -> Iterator[Finding]:
    property_shapes = set(shapes.objects(None, SH.property)) | set(shapes.subjects(RDF.type, SH.PropertyShape))
    for shape in sorted(property_shapes, key=str):
        if (shape, SH.path, None) not in shapes:
            yield _error(f"the property shape {_name(shape)} has no sh:path. Add one", locate, shape)
    for predicate in _COUNTS:
        for s, o in sorted(shapes.subject_objects(predicate)):
            if not (isinstance(o, Literal) and isinstance(o.value, int)):
                yield _error(f"{curie(str(predicate))} takes an integer, found {o.n3()}", locate, s, predicate, o)
    for s, o in sorted(shapes.subject_objects(SH.pattern)):
        try:
            re.compile(str(o))
        except re.error as error:
            yield _error(f"sh:pattern {o.n3()} is no regular expression: {error}", locate, s, SH.pattern, o)


def _bad_queries(shapes: rdflib.Graph, locate: Locate) -> Iterator[Finding]:
    scratch = ox.Store()
    for predicate in _SELECTS:
        for s, text in sorted(shapes.subject_objects(predicate)):
            query, prefixes = re.sub(r"[$?]PATH\b", "<urn:path>", str(text)), _prefixes(shapes, s)
            try:
                scratch.query(query, prefixes=prefixes)  # a hundred times faster than rdflib, and a little too strict
            except SyntaxError:
                if problem := _rdflib_refuses(query, prefixes):
                    owners = " and ".join(sorted(_name(o) for o in shapes.subjects(SH.sparql, s))) or _name(s)
                    yield _error(f"the constraint of {owners} {problem}", locate, s, predicate, text)


def _rdflib_refuses(query: str, prefixes: dict[str, str]) -> str:
    """Why rdflib, which is to run the query, does not take it; empty if it does."""
    try:
        prepareQuery(query, initNs=prefixes)
    except ParseException as error:
        return f"is no valid SPARQL at its line {error.lineno}, column {error.col}: {error.line.strip()}"
    except Exception as error:  # noqa: BLE001  rdflib raises plain Exception for an undeclared prefix
        unknown = re.search(r"Unknown namespace prefix : (\S+)", str(error))
        return f'uses the prefix "{unknown[1]}", which sh:prefixes does not declare' if unknown else f"fails: {error}"
    return ""


def _prefixes(shapes: rdflib.Graph, constraint: Node) -> dict[str, str]:
    prefixes = {"rdf": str(RDF), "rdfs": str(RDFS), "owl": "http://www.w3.org/2002/07/owl#"}
    for ontology in shapes.objects(constraint, SH.prefixes):
        for declaration in shapes.objects(ontology, SH.declare):
            prefixes[str(shapes.value(declaration, SH.prefix))] = str(shapes.value(declaration, SH.namespace))
    return prefixes


def _empty_targets(shapes: rdflib.Graph, data: rdflib.Graph, locate: Locate) -> Iterator[Finding]:
    for shape, class_ in sorted(shapes.subject_objects(SH.targetClass)):
        classes = data.transitive_subjects(RDFS.subClassOf, class_)
        if not any((None, RDF.type, c) in data for c in classes):
            message = f"{_name(shape)} validates nothing: the data has no {_name(class_)}"
            place = locate(from_rdflib(shape), ox.NamedNode(str(SH.targetClass)), from_rdflib(class_))
            yield Finding(Severity.WARNING, "shapes", message, place)


def _error(message: str, locate: Locate, s: Node, p: Node | None = None, o: Node | None = None) -> Finding:
    predicate = ox.NamedNode(str(p)) if p is not None else None
    place = locate(from_rdflib(s), predicate, from_rdflib(o) if o is not None else None)
    return Finding(Severity.ERROR, "shapes", message, place)


def _name(node: Node) -> str:
    return "a blank shape" if isinstance(node, BNode) else curie(str(node)).rpartition("#")[2]
