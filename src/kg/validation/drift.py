"""Where the shapes, the data and the ontology have grown apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

import pyoxigraph as ox

from kg.store.project import Project
from kg.store.rdf_io import Term
from kg.validation.axioms import ANY_THING, CLASSES, DATATYPE_PROPERTY, OBJECT_PROPERTY, Axioms, Place, read
from kg.validation.named import Names
from kg.words.findings import Finding, Severity
from kg.words.names import OWL, RDF, RDFS, SH, TYPE, XSD

_KINDS: Final = CLASSES | {OBJECT_PROPERTY, DATATYPE_PROPERTY, OWL + "AnnotationProperty", RDF + "Property"}
_ANY_VALUE: Final = frozenset({RDFS + "Literal", RDF + "langString", ""})
_DERIVED: Final = {
    XSD + "nonNegativeInteger": XSD + "integer",
    XSD + "positiveInteger": XSD + "nonNegativeInteger",
    XSD + "integer": XSD + "decimal",
}


def check(project: Project, names: Names) -> Iterator[Finding]:
    """`drift`, a warning: a shape demands of a property what the ontology rules out, or targets what is no class; the
    data uses a property otherwise than the ontology says; or a property is below one of another kind.

    Only named classes and unions of them are compared: another class expression says nothing here.
    """
    if project.incomplete or not project.ontology:
        return
    axioms = read(project.ontology)
    yield from _kinds(axioms, names)
    yield from _uses(project, axioms, names)
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
            types = axioms.types.get(class_, set())
            if types and not types & CLASSES:
                yield _finding(
                    f"sh:targetClass {names.short(class_)} is no class in the ontology", place, class_, names
                )
        for property_, _ in shape["path"]:
            for problem, place in _demands(property_, shape, axioms, names):
                yield _finding(problem, place, property_, names)


def _demands(
    property_: str, shape: dict[str, list[tuple[str, Place]]], axioms: Axioms, names: Names
) -> Iterator[tuple[str, Place]]:
    types, ranges = axioms.types.get(property_, set()), axioms.ranges.get(property_, set())
    short = names.short(property_)
    for kind, place in shape["nodeKind"]:
        if kind == SH + "Literal" and OBJECT_PROPERTY in types:
            yield f"sh:nodeKind sh:Literal, but {short} is an owl:ObjectProperty", place
        elif kind in (SH + "IRI", SH + "BlankNode", SH + "BlankNodeOrIRI") and DATATYPE_PROPERTY in types:
            yield f"sh:nodeKind {names.short(kind)}, but {short} is an owl:DatatypeProperty", place
    for datatype, place in shape["datatype"]:
        if OBJECT_PROPERTY in types:
            yield f"sh:datatype {names.short(datatype)}, but {short} is an owl:ObjectProperty", place
        for range_ in ranges - _ANY_VALUE:
            if not _derives(datatype, range_) and not _derives(range_, datatype):
                yield f"sh:datatype {names.short(datatype)}, but the range of {short} is {names.short(range_)}", place
    for class_, place in shape["class"]:
        if DATATYPE_PROPERTY in types:
            yield f"sh:class {names.short(class_)}, but {short} is an owl:DatatypeProperty", place
        for range_ in ranges - ANY_THING:
            if not axioms.related(class_, range_):
                yield f"sh:class {names.short(class_)}, but the range of {short} is {names.short(range_)}", place


def _derives(datatype: str, from_: str) -> bool:
    step: str | None = datatype
    while step is not None:
        if step == from_:
            return True
        step = _DERIVED.get(step)
    return False


def _kinds(axioms: Axioms, names: Names) -> Iterator[Finding]:
    for term, place in sorted(axioms.places.items(), key=lambda item: item[0]):
        types, ranges = axioms.types.get(term, set()), axioms.ranges.get(term, set())
        is_property = any(t.endswith("Property") for t in types) or bool(ranges) or term in axioms.properties_above
        if types and is_property and not types & (_KINDS - CLASSES):
            yield _finding(f"{names.short(term)} is a property of no kind", place, term, names, "term")
        things = [r for r in ranges if axioms.types.get(r, set()) & CLASSES]
        if DATATYPE_PROPERTY in types and things:
            problem = (
                f"{names.short(term)} is an owl:DatatypeProperty, and its range {names.short(things[0])} is a class"
            )
            yield _finding(problem, place, term, names, "term")
        for above in sorted(axioms.above.get(term, set()) | axioms.properties_above.get(term, set())):
            one, other = (axioms.types.get(t, set()) & _KINDS for t in (term, above))
            if term == above:
                yield _finding(f"{names.short(term)} is above itself", place, term, names, "term")
            elif one and other and not one & other:
                problem = f"{names.short(term)} and {names.short(above)} above it are of different kinds"
                yield _finding(problem, place, term, names, "term")


def _uses(project: Project, axioms: Axioms, names: Names) -> Iterator[Finding]:
    """How the data uses properties, each problem once."""
    classes: dict[Term, set[str]] = defaultdict(set)
    for document in (*project.data, *project.ontology):
        for quad in document.quads:
            if quad.predicate.value == TYPE and isinstance(quad.object, ox.NamedNode):
                classes[quad.subject] |= axioms.ancestors(quad.object.value)
    told: set[str] = set()
    for document in project.data:
        for index, quad in enumerate(document.quads):
            for problem in _misuses(quad, axioms, classes, names):
                if problem not in told:
                    told.add(problem)
                    yield _finding(problem, (document, index), quad.predicate.value, names, "data")


def _misuses(quad: ox.Quad, axioms: Axioms, classes: Mapping[Term, set[str]], names: Names) -> Iterator[str]:
    property_, value = quad.predicate.value, quad.object
    types = axioms.types.get(property_, set())
    if types & CLASSES and not any(t.endswith("Property") for t in types):
        yield f"{names.short(property_)} is used as a property, and is a class in the ontology"
    if OBJECT_PROPERTY in types and isinstance(value, ox.Literal):
        yield f"{names.short(property_)} has a text or a number, but is an owl:ObjectProperty"
    if DATATYPE_PROPERTY in types and isinstance(value, ox.NamedNode):
        yield f"{names.short(property_)} leads to a thing, but is an owl:DatatypeProperty"
    domains, ranges = axioms.domains.get(property_, set()), axioms.ranges.get(property_, set())
    for allowed, term, how, name in ((domains, quad.subject, "of", "domain"), (ranges, value, "for", "range")):
        own = classes.get(term, set())
        if own and allowed and not allowed & (own | ANY_THING):
            kinds = " or ".join(sorted(map(names.short, allowed)))
            yield f"{names.short(property_)} is used {how} {names.short(term)}, but its {name} is {kinds}"


def _finding(problem: str, place: Place, about: str, names: Names, what: str = "shape") -> Finding:
    document, index = place
    message = f"{problem}. Change the {what} or the ontology, whichever is wrong"
    return Finding(Severity.WARNING, "drift", message, document.place(index), names.short(about))
