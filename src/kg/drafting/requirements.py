"""What the shapes require of a thing of a class, property by property."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import pyoxigraph as ox

from kg.drafting.model import Model
from kg.store.lookup import subjects
from kg.store.rdf_io import Term
from kg.words.names import RDF, SH, XSD

_DEPTH: Final = 8
_LANG_STRING: Final = RDF + "langString"


@dataclass(frozen=True)
class Requirement:
    """What one property takes, and how often it must be there.

    properties   the property; or several of which one will do
    least, most  values that it must and may have; most is None without a limit
    languages    in each of which there must be a value
    classes      of which a value must be one; choices: the values of which one must be taken
    from_others  that another thing leads here by this property will do as well
    message      what the shape says where it fails
    """

    properties: tuple[str, ...]
    least: int = 0
    most: int | None = None
    languages: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    choices: tuple[Term, ...] = ()
    datatype: str = ""
    is_iri: bool = False
    from_others: str = ""
    message: str = ""
    order: int = 0

    @property
    def is_needed(self) -> bool:
        return self.least > 0 or bool(self.languages)

    @property
    def is_number(self) -> bool:
        return self.datatype in (XSD + "integer", XSD + "nonNegativeInteger", XSD + "decimal")


def requirements(model: Model, class_: str) -> list[Requirement]:
    """What the shapes of a class and of those above it say of each property, in the order of the shapes."""
    merged: dict[tuple[str, ...], Requirement] = {}
    for found in _found(model, class_):
        known = merged.get(found.properties)
        merged[found.properties] = _both(known, found) if known else found
    ranged = (_with_range(model, r, merged.values()) for r in merged.values())
    return sorted(ranged, key=lambda r: (r.order, r.properties))


def _with_range(model: Model, one: Requirement, every: Iterable[Requirement]) -> Requirement:
    """With the classes of values that a shape about several properties names, or else the ontology."""
    if one.classes or one.choices or one.datatype or len(one.properties) != 1:
        return one
    property_ = one.properties[0]
    wider = (r.classes for r in every if property_ in r.properties and r.classes)
    classes = next(wider, tuple(sorted(model.range(property_) & model.own_classes)))
    return replace(one, classes=classes, is_iri=one.is_iri or bool(classes))


def _found(model: Model, class_: str) -> Iterator[Requirement]:
    targets = {s for c in model.above(class_) for s in subjects(model.store, SH + "targetClass", c)}
    for shape in sorted(targets | (model.above(class_) & set(subjects(model.store, RDF + "type", SH + "NodeShape")))):
        yield from _shape(model, ox.NamedNode(shape), _DEPTH)


def _shape(model: Model, node: Term, depth: int) -> Iterator[Requirement]:
    """The requirements of a shape, and of those that it is made of."""
    if not depth:
        return
    path = model.value(node, SH + "path")
    if path is not None:
        if found := _property(model, node, path):
            yield found
        return
    for part in _objects(model, node, SH + "property", SH + "node"):
        yield from _shape(model, part, depth - 1)
    for list_ in _objects(model, node, SH + "and"):
        for part in model.members(list_):
            yield from _shape(model, part, depth - 1)


def _property(model: Model, shape: Term, path: Term) -> Requirement | None:
    ways = model.members(model.value(path, SH + "alternativePath")) or [path]
    properties = tuple(w.value for w in ways if isinstance(w, ox.NamedNode))
    inverse = (model.value(w, SH + "inversePath") for w in ways if not isinstance(w, ox.NamedNode))
    from_others = next((i.value for i in inverse if isinstance(i, ox.NamedNode)), "")
    if not properties and not from_others:
        return None
    kinds = [shape, *_objects(model, shape, SH + "node")]
    any_of = [m for k in kinds for list_ in _objects(model, k, SH + "or") for m in model.members(list_)]
    named = [
        c.value for k in (*kinds, *any_of) for c in _objects(model, k, SH + "class") if isinstance(c, ox.NamedNode)
    ]
    choices = next((tuple(model.members(x)) for k in kinds for x in _objects(model, k, SH + "in")), ())
    datatype = next((d.value for k in kinds for d in _objects(model, k, SH + "datatype")), "")  # type: ignore[union-attr]
    most = _number(model.value(shape, SH + "maxCount"))
    wants_iri = any(getattr(n, "value", "") == SH + "IRI" for k in kinds for n in _objects(model, k, SH + "nodeKind"))
    return Requirement(
        properties,
        _number(model.value(shape, SH + "minCount")) or 0,
        most,
        _languages(model, shape),
        tuple(dict.fromkeys(named)),
        choices,
        datatype,
        wants_iri or bool(named),
        from_others,
        getattr(model.value(shape, SH + "message"), "value", ""),
        _number(model.value(shape, SH + "order")) or 0,
    )


def _languages(model: Model, shape: Term) -> tuple[str, ...]:
    """The languages of which the shape wants at least one value each."""
    if not _number(model.value(shape, SH + "qualifiedMinCount")):
        return ()
    inner = model.value(shape, SH + "qualifiedValueShape")
    allowed = model.members(model.value(inner, SH + "languageIn")) if inner is not None else []
    return tuple(m.value for m in allowed if isinstance(m, ox.Literal)) if len(allowed) == 1 else ()


def _both(one: Requirement, other: Requirement) -> Requirement:
    limits = [m for m in (one.most, other.most) if m is not None]
    return replace(
        one,
        least=max(one.least, other.least),
        most=min(limits) if limits else None,
        languages=tuple(dict.fromkeys((*one.languages, *other.languages))),
        classes=one.classes or other.classes,
        choices=one.choices or other.choices,
        datatype=one.datatype or other.datatype,
        is_iri=one.is_iri or other.is_iri,
        from_others=one.from_others or other.from_others,
        message=one.message if one.least or not other.least else other.message,
    )


def _objects(model: Model, node: Term, *properties: str) -> list[Term]:
    found = (
        q.object
        for p in properties
        for q in model.store.quads_for_pattern(node, ox.NamedNode(p), None, ox.DefaultGraph())  # type: ignore[arg-type]
    )
    return sorted(found, key=str)


def _number(term: Term | None) -> int | None:
    return int(term.value) if isinstance(term, ox.Literal) and term.value.isdecimal() else None
