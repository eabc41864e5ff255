"""Things: what has no name, a name in the wrong letters, or the name or the identifier of another."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
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
_LATIN: Final = re.compile(r"[A-Za-zÀ-ɏ]")
_CYRILLIC: Final = re.compile(r"[Ѐ-ԯ]")
_MIXED: Final = re.compile(r"\w*(?:[A-Za-z](?=[Ѐ-ԯ])|[Ѐ-ԯ](?=[A-Za-z]))\w*")
_FOREIGN: Final = {"uk": re.compile("[ЁёЪъЫыЭэ]"), "ru": re.compile("[ҐґЄєІіЇї]"), "be": re.compile("[ИиЩщЪъҐґЄєЇї]")}
"""Letters that a language does not have."""
_CYRILLIC_LANGUAGES: Final = frozenset({"be", "bg", "kk", "ky", "mk", "mn", "ru", "sr", "tg", "uk"})
_LATIN_LANGUAGES: Final = frozenset(
    {"cs", "da", "de", "en", "es", "fi", "fr", "hu", "it", "nl", "no", "pl", "pt", "sv"}
)


@dataclass
class _Thing:
    """What the data says of one thing, each with its place."""

    place: tuple[Document, int]
    types: set[str] = field(default_factory=set)
    names: dict[tuple[str, ox.Literal], tuple[Document, int]] = field(default_factory=dict)
    identifiers: dict[tuple[str, str], tuple[Document, int]] = field(default_factory=dict)


def check(project: Project) -> Iterator[Finding]:
    """`label-missing`, `label-script`, `near-duplicate`, all warnings."""
    names = Names(project.settings.base)
    things = _things(project, names)
    if "data" not in project.incomplete:
        yield from _without_name(things, names)
    for iri, thing in things.items():
        for (predicate, name), place in thing.names.items():
            if problem := _script(name, (n for p, n in thing.names if p == predicate)):
                yield _finding("label-script", problem, place, iri, names, name.value)
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


def _without_name(things: dict[str, _Thing], names: Names) -> Iterator[Finding]:
    """Of the kinds of things that are named: where no thing of a class has a name, none is missed."""
    named = {t for thing in things.values() if thing.names for t in thing.types}
    for iri, thing in things.items():
        if not thing.names and thing.types & named:
            message = "has no name, and others of its kind have. Add skos:prefLabel"
            yield _finding("label-missing", message, thing.place, iri, names)


def _script(name: ox.Literal, others: Iterable[ox.Literal]) -> str:
    """What is wrong with the letters of a name, if anything. A name such as GIZ is Latin in every language."""
    language = _language(name)
    if (mixed := _MIXED.search(name.value)) and "-" not in mixed[0]:
        return f'"{mixed[0]}" mixes Latin and Cyrillic letters, of which some look alike. Write it in one of them'
    if (letters := _FOREIGN.get(language)) and (letter := letters.search(name.value)):
        return f'"{letter[0]}" is no letter of the language @{language}. Correct the text or its language'
    cyrillic, latin = _CYRILLIC.search(name.value), _LATIN.search(name.value)
    if language in _LATIN_LANGUAGES and cyrillic and not latin:
        return f"is written in Cyrillic and said to be @{language}. Correct the text or its language"
    translated = any(_language(o) in _CYRILLIC_LANGUAGES and _CYRILLIC.search(o.value) for o in others)
    if language in _CYRILLIC_LANGUAGES and latin and not cyrillic and translated:
        return f"is written in Latin letters and said to be @{language}. Correct the text or its language"
    return ""


def _language(name: ox.Literal) -> str:
    return (name.language or "").lower().partition("-")[0]


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
