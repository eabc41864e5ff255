"""Things: what has no class or no name, and what has the name or the identifier of another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from kg.store.project import Project
from kg.store.rdf_io import Document
from kg.store.text import folding, sound
from kg.validation.named import Names
from kg.words.findings import Finding, Severity, Terms
from kg.words.names import LABEL_PROPERTIES, OWL, RDFS, SKOS, TYPE

_ALSO_NAMES: Final = (*LABEL_PROPERTIES, SKOS + "altLabel")
_SAME: Final = (OWL + "sameAs", SKOS + "exactMatch")
_IDENTIFYING: Final = ox.NamedNode(OWL + "InverseFunctionalProperty")
_BELOW: Final = RDFS + "subClassOf"


@dataclass
class _Thing:
    """What the data says of one thing, each with its place."""

    place: tuple[Document, int]
    types: set[str] = field(default_factory=set)
    names: dict[tuple[str, ox.Literal], tuple[Document, int]] = field(default_factory=dict)
    identifiers: dict[tuple[str, str], tuple[Document, int]] = field(default_factory=dict)


def check(project: Project) -> Iterator[Finding]:
    """`type-missing`, `label-missing`, `near-duplicate`, all warnings."""
    names = Names(project.settings.base)
    things = _things(project, names)
    if "data" not in project.incomplete:
        yield from _without_type(project, names)
        yield from _without_name(things, names)
    yield from _alike(things, names)


def _things(project: Project, names: Names) -> dict[str, _Thing]:
    """Everything that the data describes, by its IRI, sorted; its types and their superclasses of the project's own."""
    identifying = {
        q.subject.value
        for d in project.ontology
        for q in d.quads
        if q.object == _IDENTIFYING and isinstance(q.subject, ox.NamedNode)
    }
    found: dict[str, _Thing] = {}
    for document in project.data:
        for index, quad in enumerate(document.quads):
            if not (isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(names.things)):
                continue
            thing = found.setdefault(quad.subject.value, _Thing((document, index)))
            predicate, value = quad.predicate.value, quad.object
            if predicate == TYPE and isinstance(value, ox.NamedNode):
                thing.types.add(value.value)
            elif predicate in _ALSO_NAMES and isinstance(value, ox.Literal):
                thing.names.setdefault((predicate, value), (document, index))
            elif predicate in _SAME or predicate in identifying:
                thing.identifiers.setdefault(("" if predicate in _SAME else predicate, str(value)), (document, index))
    above = _above(project, names)
    for thing in found.values():
        thing.types = set().union(*(above.get(t, {t}) for t in thing.types)) if thing.types else set()
    return dict(sorted(found.items()))


def _above(project: Project, names: Names) -> dict[str, set[str]]:
    """Each class -> itself and all above it; a class of another vocabulary, such as owl:Thing, makes nothing alike."""
    direct: dict[str, set[str]] = defaultdict(set)
    for document in project.ontology:
        for q in document.quads:
            lower, higher = q.subject, q.object
            if q.predicate.value != _BELOW or not isinstance(lower, ox.NamedNode):
                continue
            if isinstance(higher, ox.NamedNode) and higher.value.startswith(names.own_terms):
                direct[lower.value].add(higher.value)
    found: dict[str, set[str]] = {}
    for class_ in direct:
        reached, frontier = {class_}, [class_]
        while frontier:
            new = direct.get(frontier.pop(), set()) - reached
            reached |= new
            frontier += new
        found[class_] = reached
    return found


def _without_type(project: Project, names: Names) -> Iterator[Finding]:
    """Where most things say what they are: one that does not is often another, with a slip of the pen in its IRI."""
    described: dict[ox.NamedNode, tuple[Document, int]] = {}
    typed, judged = set(), {*project.data, *project.ontology}
    for document in project.documents:
        for index, quad in enumerate(document.quads):
            if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(names.base):
                if document in judged:
                    described.setdefault(quad.subject, (document, index))
                if quad.predicate.value == TYPE:
                    typed.add(quad.subject)
    without = described.keys() - typed
    for thing in sorted(without, key=str) if 2 * len(without) < len(described) else ():
        message = "no file says of what class it is. Correct its IRI, or add its class"
        yield _finding("type-missing", message, described[thing], thing.value, names)


def _without_name(things: dict[str, _Thing], names: Names) -> Iterator[Finding]:
    """Of the kinds of things that are named: where no thing of a class has a name, none is missed."""
    named = {t for thing in things.values() if thing.names for t in thing.types}
    for iri, thing in things.items():
        if not thing.names and thing.types & named:
            message = "has no name, and others of its kind have. Add skos:prefLabel"
            yield _finding("label-missing", message, thing.place, iri, names)


def _alike(things: dict[str, _Thing], names: Names) -> Iterator[Finding]:
    """Things with the identifier of an earlier one, or the name, however spelt, of an earlier one of their kind."""
    told: set[tuple[str, str]] = set()
    owners: dict[tuple[str, str], str] = {}
    named: dict[tuple[str, str], str] = {}
    for iri, thing in things.items():
        for identifier, place in thing.identifiers.items():
            first = owners.setdefault(identifier, iri)
            if first != iri and (first, iri) not in told:
                told.add((first, iri))
                message = f"has the identifier of {names.short(first)}. Merge the two, or correct one identifier"
                yield _finding("near-duplicate", message, place, iri, names, identifier[1].strip("<>"))
        for (_, name), place in thing.names.items():
            spelling = _spelling(name.value)
            firsts = [named.setdefault((spelling, kind), iri) for kind in sorted(thing.types)] if spelling else []
            for first in firsts:
                if first != iri and (first, iri) not in told:
                    told.add((first, iri))
                    message = f"has the name of {names.short(first)}. Merge the two, or tell them apart by their names"
                    yield _finding("near-duplicate", message, place, iri, names, name.value)


def _spelling(name: str) -> str:
    """One text for all the ways to spell a name, in Cyrillic or in Latin letters."""
    return " ".join(sound.key(word.folded) for word in folding.words(name))


def _finding(rule: str, message: str, place: tuple[Document, int], iri: str, names: Names, value: str = "") -> Finding:
    document, index = place
    terms = Terms(str(ox.NamedNode(iri)))
    return Finding(Severity.WARNING, rule, message, document.place(index), names.short(iri), "", "", value, terms)
