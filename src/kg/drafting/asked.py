"""What a maintainer says of a new thing, understood; and what is still to be asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kg.drafting import naming
from kg.drafting.model import Model
from kg.drafting.requirements import Requirement
from kg.evidence.texts import Source
from kg.store.lookup import values
from kg.words.datatypes import belongs
from kg.words.errors import BadInput
from kg.words.names import DCTERMS, RDF, RDFS, SKOS, XSD, curie, local_name

_PROPERTY_CLASSES: Final = ("ObjectProperty", "DatatypeProperty", "AnnotationProperty", "FunctionalProperty")
_TAGGED: Final = re.compile(r"([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)=(.*)", re.DOTALL)
_WRITTEN: Final = {
    XSD + "date": "2025-10-08", XSD + "gYear": "2025", XSD + "gYearMonth": "2025-10", XSD + "gMonthDay": "--10-08",
    XSD + "dateTime": "2025-10-08T14:30:00", XSD + "duration": "P1Y",
}  # fmt: skip

Value = ox.NamedNode | ox.Literal
Values = dict[str, list[Value]]


@dataclass(frozen=True)
class Asked:
    """Something that is missing.

    option    that says it; what: it is, for people
    property  IRI; language: of a name that is missing; needed: what its value has to be
    """

    option: str
    what: str
    property: str = ""
    language: str = ""
    needed: Requirement | None = None


def missing(
    model: Model, needed: Sequence[Requirement], values: Values, languages: Iterable[str], labels: Mapping[str, str]
) -> list[Asked]:
    """What the shapes require and nobody has said; not what another thing can say as well."""
    gaps = [
        Asked(f"--label {code}=…", f"its name in {naming.language(code)}", SKOS + "prefLabel", code)
        for code in languages
        if not labels.get(code)
    ]
    for requirement in needed:
        said = any(values.get(p) for p in requirement.properties)
        if (
            requirement.least
            and not said
            and not requirement.from_others
            and SKOS + "prefLabel" not in requirement.properties
        ):
            property_ = requirement.properties[0]
            alone = next((r for r in needed if r.properties == (property_,) and r is not requirement), requirement)
            gaps.append(Asked(f"--set {local_name(property_)}=…", _what(model, property_, alone), property_, "", alone))
    return gaps


def values_of(
    model: Model, class_: str, needed: Sequence[Requirement], said: Iterable[str], source: Source | None
) -> Values:
    """What was said, by property. Dates of statements are the source's where nothing else was said.

    Raise BadInput for what is not `property=value`, or names a property or a value that nobody knows.
    """
    found: Values = {}
    for text in said:
        name, equals, value = text.partition("=")
        if not (name and equals and value):
            raise BadInput(f'--set "{text}" is not PROPERTY=VALUE')
        property_ = _property(model, needed, name)
        requirement = next((r for r in needed if r.properties == (property_,)), None)
        asked = Asked(f"--set {name}", "", property_, "", requirement)
        found.setdefault(property_, []).append(value_of(model, asked, value))
    for requirement in needed:
        dated = [
            r.properties[0]
            for r in needed
            if r.datatype == XSD + "date" and set(r.properties) <= set(requirement.properties)
        ]
        if requirement.least and dated and source and not any(p in found for p in requirement.properties):
            issued = [v for v in values(model.store, source.iri, DCTERMS + "issued") if isinstance(v, ox.Literal)]
            found.update({dated[0]: list(issued[:1])} if issued else {})
    return found


def value_of(model: Model, asked: Asked, said: str) -> Value:
    """The value that somebody names. Raise BadInput if it is none that the property takes."""
    needed, range_ = asked.needed, sorted(model.range(asked.property))
    if needed and needed.choices:
        return _choice(model, asked, needed, said)
    datatype = needed.datatype if needed else ""
    classes = (needed.classes if needed else ()) or tuple(c for c in range_ if c in model.own_classes)
    if classes or (needed and needed.is_iri) or _is_object(model, asked.property):
        if said.startswith(("http://", "https://")):
            return ox.NamedNode(said)
        return ox.NamedNode(naming.thing(model, said, asked.option, classes))
    tagged = _TAGGED.fullmatch(said)
    if tagged and datatype in ("", RDF + "langString"):
        return ox.Literal(tagged[2], language=tagged[1].lower())
    datatype = (
        datatype or next((r for r in range_ if r.startswith(XSD)), "") or model.datatype(asked.property) or _plain(said)
    )
    if datatype == RDF + "langString":
        raise BadInput(f'{asked.option} "{said}" names no language. Write it as uk=… or en=…')
    if not belongs(said, datatype):
        how = f". Write it as {_WRITTEN[datatype]}" if datatype in _WRITTEN else ""
        raise BadInput(f'{asked.option} "{said}" is no {curie(datatype)}{how}')
    return ox.Literal(said, datatype=ox.NamedNode(datatype))


def _property(model: Model, needed: Sequence[Requirement], name: str) -> str:
    """The property that is meant by an IRI, a short name, the last part of it, or its English label."""
    kinds = [ox.NamedNode(f"http://www.w3.org/2002/07/owl#{k}") for k in _PROPERTY_CLASSES]
    declared = {
        q.subject.value
        for kind in kinds
        for q in model.store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), kind, ox.DefaultGraph())
        if isinstance(q.subject, ox.NamedNode)
    }
    required = [p for r in needed for p in r.properties]
    every = dict.fromkeys((*required, *sorted(declared)))
    for spelling in (lambda p: p, curie, local_name, model.name):
        able = [p for p in every if spelling(p) == name]
        if able:
            return next((p for p in able if p in required or model.is_own(p)), able[0])
    close = sorted(local_name(p) for p in every if name.lower() in local_name(p).lower())[:5]
    hint = f"Did you mean {', '.join(close)}?" if close else f"Known are {', '.join(sorted(map(local_name, required)))}"
    raise BadInput(f'no property is called "{name}". {hint}')


def _choice(model: Model, asked: Asked, needed: Requirement, said: str) -> Value:
    for choice in needed.choices:
        value = getattr(choice, "value", "")
        names = (
            (value, curie(value), local_name(value), model.name(value))
            if isinstance(choice, ox.NamedNode)
            else (value,)
        )
        if said in names and isinstance(choice, ox.NamedNode | ox.Literal):
            return choice
    known = ", ".join(local_name(getattr(c, "value", "")) for c in needed.choices)
    raise BadInput(f'{asked.option} "{said}" is none of {known}')


def _is_object(model: Model, property_: str) -> bool:
    return model.says(property_, RDF + "type", "http://www.w3.org/2002/07/owl#ObjectProperty")


def _plain(said: str) -> str:
    return XSD + ("integer" if said.isdecimal() else "boolean" if said in ("true", "false") else "string")


def _what(model: Model, property_: str, needed: Requirement) -> str:
    """What a property takes, in words."""
    name = model.name(property_)
    if needed.choices:
        return f"{name}: one of {', '.join(local_name(getattr(c, 'value', '')) for c in needed.choices)}"
    if needed.classes:
        return f"{name}: {' or '.join(model.name(c) for c in needed.classes)}, by its address, slug or name"
    if needed.datatype:
        return f"{name}: {curie(needed.datatype)}"
    note = next(iter(model.literals(property_, RDFS + "comment")), None)
    return (
        f"{name}: a thing, by its address, slug or name"
        if needed.is_iri
        else name + (f" ({note.value})" if note else "")
    )
