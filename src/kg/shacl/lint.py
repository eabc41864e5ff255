"""Mistakes in shapes that an engine passes over in silence, or dies of. Source: SHACL, sections 2 to 5."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import replace

import pyoxigraph as ox
import rdflib
from rdflib.namespace import SH

from kg.shacl import queries, structure
from kg.shacl.mistake import mistake, name
from kg.shacl.targets import TARGETS, below, targeted
from kg.shacl.terms import from_rdflib
from kg.store.locate import Locate
from kg.store.triples import Lookup
from kg.words.findings import Finding, Severity
from kg.words.names import TYPE, curie

_SHAPE_TYPES = (SH.NodeShape, SH.PropertyShape)
_TYPE = ox.NamedNode(TYPE)


def lint(shapes: rdflib.Graph, data: Lookup, locate: Locate) -> Iterator[Finding]:
    """What is wrong with the shapes themselves, as errors; targets that nothing in the data meets, as warnings."""
    if not targeted(shapes):
        message = "no shape has a target: this validates nothing. Give a shape sh:targetClass"
        if any(True for type_ in _SHAPE_TYPES for _ in data.into(ox.NamedNode(str(type_)), _TYPE)):
            message += ". The data holds shapes: are data and shapes swapped?"
        yield Finding(Severity.ERROR, "shapes", message)
        return
    yield from _unknown_terms(shapes, locate)
    yield from structure.check(shapes, locate)
    yield from queries.check(shapes, locate)
    yield from empty_targets(shapes, data, locate)


def targets(shapes: rdflib.Graph) -> int:
    """How many targets the shapes declare."""
    return sum(1 for target in TARGETS for _ in shapes.subject_objects(target))


def _unknown_terms(shapes: rdflib.Graph, locate: Locate) -> Iterator[Finding]:
    python_keywords = ("and", "class", "in", "not", "or")  # rdflib keeps these out of dir()
    known = {str(term) for term in dir(SH)} | {str(SH[word]) for word in python_keywords}
    for s, p, o in sorted(shapes):
        for term in (p, o):
            if isinstance(term, rdflib.URIRef) and term.startswith(str(SH)) and str(term) not in known:
                close = difflib.get_close_matches(str(term), known, n=1)
                hint = f" Did you mean {curie(close[0])}?" if close else ""
                yield mistake(f"SHACL has no {curie(str(term))}.{hint}", locate, s, p, o)


def empty_targets(shapes: rdflib.Graph, data: Lookup, locate: Locate) -> Iterator[Finding]:
    """Classes that a shape targets, and of which there is no instance."""
    for shape, class_ in sorted(shapes.subject_objects(SH.targetClass)):
        term = from_rdflib(class_)
        if term is None or not any(True for c in below({term}, data) for _ in data.into(c, _TYPE)):
            message = f"{name(shape)} validates nothing: the data has no {name(class_)}"
            yield replace(mistake(message, locate, shape, SH.targetClass, class_), severity=Severity.WARNING)
