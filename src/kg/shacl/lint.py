"""Mistakes in shapes that an engine passes over in silence, or dies of. Source: SHACL, sections 2 to 5."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import replace

import rdflib
from rdflib.namespace import RDF, RDFS, SH

from kg.shacl import queries, structure
from kg.shacl.mistake import mistake, name
from kg.store.locate import Locate
from kg.words.findings import Finding, Severity
from kg.words.names import curie

_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
_SHAPE_TYPES = (SH.NodeShape, SH.PropertyShape)


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
    yield from structure.check(shapes, locate)
    yield from queries.check(shapes, locate)
    yield from _empty_targets(shapes, data, locate)


def targets(shapes: rdflib.Graph) -> int:
    """How many targets the shapes declare."""
    return sum(1 for target in _TARGETS for _ in shapes.subject_objects(target))


def _unknown_terms(shapes: rdflib.Graph, locate: Locate) -> Iterator[Finding]:
    python_keywords = ("and", "class", "in", "not", "or")  # rdflib keeps these out of dir()
    known = {str(term) for term in dir(SH)} | {str(SH[word]) for word in python_keywords}
    for s, p, o in sorted(shapes):
        for term in (p, o):
            if isinstance(term, rdflib.URIRef) and term.startswith(str(SH)) and str(term) not in known:
                close = difflib.get_close_matches(str(term), known, n=1)
                hint = f" Did you mean {curie(close[0])}?" if close else ""
                yield mistake(f"SHACL has no {curie(str(term))}.{hint}", locate, s, p, o)


def _empty_targets(shapes: rdflib.Graph, data: rdflib.Graph, locate: Locate) -> Iterator[Finding]:
    for shape, class_ in sorted(shapes.subject_objects(SH.targetClass)):
        classes = data.transitive_subjects(RDFS.subClassOf, class_)
        if not any((None, RDF.type, c) in data for c in classes):
            message = f"{name(shape)} validates nothing: the data has no {name(class_)}"
            yield replace(mistake(message, locate, shape, SH.targetClass, class_), severity=Severity.WARNING)
