"""Where the shapes and the ontology have grown apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kg.store.project import Project
from kg.store.rdf_io import Document
from kg.validation.named import Names
from kg.words.findings import Finding, Severity
from kg.words.names import OWL, RDF, RDFS, SH, TYPE, XSD

_OBJECT: Final = OWL + "ObjectProperty"
_VALUE: Final = OWL + "DatatypeProperty"
_CLASSES: Final = frozenset({OWL + "Class", RDFS + "Class"})
_ANY_VALUE: Final = frozenset({RDFS + "Literal", RDF + "langString", ""})
_ANY_THING: Final = frozenset({OWL + "Thing", RDFS + "Resource", ""})
_DERIVED: Final = {
    XSD + "nonNegativeInteger": XSD + "integer",
    XSD + "positiveInteger": XSD + "nonNegativeInteger",
    XSD + "integer": XSD + "decimal",
}

Place = tuple[Document, int]


@dataclass
class _Ontology:
    """What the ontology says: subject -> objects, for types, ranges and superclasses."""

    types: dict[str, set[str]]
    ranges: dict[str, set[str]]
    above: dict[str, set[str]]

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


def check(project: Project, names: Names) -> Iterator[Finding]:
    """`drift`, a warning: a shape demands of a property what the ontology rules out, or targets what is no class.

    Only what the ontology says in one word is compared: a range that is a class expression says nothing here.
    """
    if project.incomplete or not project.ontology:
        return
    ontology = _read(project)
    statements: dict[ox.NamedNode | ox.BlankNode, dict[str, list[tuple[str, Place]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for document in project.shapes:
        for index, quad in enumerate(document.quads):
            if isinstance(quad.object, ox.NamedNode) and quad.predicate.value.startswith(SH):
                name = quad.predicate.value.removeprefix(SH)
                statements[quad.subject][name].append((quad.object.value, (document, index)))  # type: ignore[index]
    for shape in statements.values():
        for class_, place in shape["targetClass"]:
            types = ontology.types.get(class_, set())
            if types and not types & _CLASSES:
                yield _finding(
                    f"sh:targetClass {names.short(class_)} is no class in the ontology", place, class_, names
                )
        for property_, _ in shape["path"]:
            for problem, place in _demands(property_, shape, ontology, names):
                yield _finding(problem, place, property_, names)


def _demands(
    property_: str, shape: dict[str, list[tuple[str, Place]]], ontology: _Ontology, names: Names
) -> Iterator[tuple[str, Place]]:
    types, ranges = ontology.types.get(property_, set()), ontology.ranges.get(property_, set())
    short = names.short(property_)
    for kind, place in shape["nodeKind"]:
        if kind == SH + "Literal" and _OBJECT in types:
            yield f"sh:nodeKind sh:Literal, but {short} is an owl:ObjectProperty", place
        elif kind in (SH + "IRI", SH + "BlankNode", SH + "BlankNodeOrIRI") and _VALUE in types:
            yield f"sh:nodeKind {names.short(kind)}, but {short} is an owl:DatatypeProperty", place
    for datatype, place in shape["datatype"]:
        if _OBJECT in types:
            yield f"sh:datatype {names.short(datatype)}, but {short} is an owl:ObjectProperty", place
        for range_ in ranges - _ANY_VALUE:
            if not _derives(datatype, range_) and not _derives(range_, datatype):
                yield f"sh:datatype {names.short(datatype)}, but the range of {short} is {names.short(range_)}", place
    for class_, place in shape["class"]:
        if _VALUE in types:
            yield f"sh:class {names.short(class_)}, but {short} is an owl:DatatypeProperty", place
        for range_ in ranges - _ANY_THING:
            if not ontology.related(class_, range_):
                yield f"sh:class {names.short(class_)}, but the range of {short} is {names.short(range_)}", place


def _derives(datatype: str, from_: str) -> bool:
    step: str | None = datatype
    while step is not None:
        if step == from_:
            return True
        step = _DERIVED.get(step)
    return False


def _read(project: Project) -> _Ontology:
    types, ranges, above = (
        defaultdict[str, set[str]](set),
        defaultdict[str, set[str]](set),
        defaultdict[str, set[str]](set),
    )
    into = {TYPE: types, RDFS + "range": ranges, RDFS + "subClassOf": above}
    for document in project.ontology:
        for quad in document.quads:
            found = into.get(quad.predicate.value)
            if found is not None and isinstance(quad.subject, ox.NamedNode):
                # a class expression is a blank node: it says nothing that is compared here
                value = quad.object.value if isinstance(quad.object, ox.NamedNode) else ""
                found[quad.subject.value].add(value)
    return _Ontology(types, ranges, above)


def _finding(problem: str, place: Place, about: str, names: Names) -> Finding:
    document, index = place
    message = f"{problem}. Change the shape or the ontology, whichever is wrong"
    return Finding(Severity.WARNING, "drift", message, document.place(index), names.short(about))
