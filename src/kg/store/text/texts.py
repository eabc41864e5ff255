"""What in a release can be found by its words: names, what is said of things, and phrases quoted from sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import pyoxigraph as ox

from kg.words.names import DCTERMS, HS, LABEL_PROPERTIES, NIF, OWL, RDF, RDFS, SCHEMA, SKOS, TYPE

Field = Literal["label", "alternative", "definition", "phrase"]
FIELDS: Final[tuple[Field, ...]] = ("label", "alternative", "definition", "phrase")

_ALTERNATIVES: Final = (
    SKOS + "altLabel", SKOS + "hiddenLabel", SKOS + "notation", SCHEMA + "alternateName", SCHEMA + "identifier",
    DCTERMS + "alternative", DCTERMS + "identifier",
)  # fmt: skip
_PHRASE: Final = NIF + "anchorOf"
_REIFIED: Final = (RDF + "Statement", HS + "Claim", HS + "LabelNote", NIF + "RFC5147String")
"""What stands beside things: a reader looks for the thing that a claim is about, not for the claim."""
_UNTOLD: Final = (*_REIFIED, OWL + "NamedIndividual", RDFS + "Resource")
_DEFAULT: Final = ox.DefaultGraph()
_MENTIONS: Final = """SELECT ?thing (COUNT(*) AS ?times)
{ ?other ?property ?thing FILTER(isIRI(?thing) && ?property != <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>) }
GROUP BY ?thing"""
_PROPERTIES: Final = "SELECT DISTINCT ?property { ?thing ?property ?text FILTER(isLiteral(?text)) }"


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a thing, and what kind of text it is. The language is empty for text that has none."""

    iri: str
    field: Field
    language: str
    text: str


@dataclass(frozen=True)
class Classes:
    """The classes of things.

    all     thing -> its classes, those that rules infer among them
    stated  thing -> the classes that a file gives it: those worth telling
    """

    all: dict[str, frozenset[str]]
    stated: dict[str, frozenset[str]]


def texts(store: ox.Store) -> Iterator[Text]:
    """The texts of a store's default graph. Where a thing has several naming properties, the best gives the labels."""
    aside = {s for class_ in _REIFIED for s in _instances(store, class_)}
    named: set[str] = set()
    told: set[tuple[str, ox.Literal]] = set()
    for property_ in LABEL_PROPERTIES:
        field: Field
        found = set()
        for iri, literal in _literals(store, property_):
            if iri not in aside and (iri, literal) not in told:
                field = "alternative" if iri in named else "label"
                found.add(iri)
                told.add((iri, literal))
                yield Text(iri, field, literal.language or "", literal.value)
        named |= found
    for property_ in _ALTERNATIVES:
        for iri, literal in _literals(store, property_):
            if iri in named:
                yield Text(iri, "alternative", literal.language or "", literal.value)
    taken = {*LABEL_PROPERTIES, *_ALTERNATIVES, _PHRASE, RDF + "object"}
    for property_ in sorted(_used(store) - taken):
        for iri, literal in _literals(store, property_):
            if literal.language and iri in named:
                yield Text(iri, "definition", literal.language, literal.value)
    yield from _phrases(store)


def classes(store: ox.Store, inferred: str) -> Classes:
    """What the things of a store are.

    inferred  IRI of the graph with what rules infer
    """
    all_: dict[str, set[str]] = {}
    stated: dict[str, set[str]] = {}
    graph = ox.NamedNode(inferred)
    for quad in store.quads_for_pattern(None, ox.NamedNode(TYPE), None, None):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
            all_.setdefault(quad.subject.value, set()).add(quad.object.value)
            if quad.graph_name not in (_DEFAULT, graph) and quad.object.value not in _UNTOLD:
                stated.setdefault(quad.subject.value, set()).add(quad.object.value)
    return Classes(_frozen(all_), _frozen(stated))


def mentions(store: ox.Store) -> dict[str, int]:
    """Thing -> how many statements lead to it, those that say what something is left out."""
    rows = store.query(_MENTIONS)
    return {row["thing"].value: int(row["times"].value) for row in rows}  # type: ignore[union-attr]


def _phrases(store: ox.Store) -> Iterator[Text]:
    """Phrases with the language of the source that they stand in."""
    contexts = {
        q.subject: q.object
        for q in store.quads_for_pattern(None, ox.NamedNode(NIF + "referenceContext"), None, _DEFAULT)
    }
    languages = {iri: literal.value for iri, literal in _literals(store, DCTERMS + "language")}
    for quad in store.quads_for_pattern(None, ox.NamedNode(_PHRASE), None, _DEFAULT):
        source = contexts.get(quad.subject)
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
            language = languages.get(source.value, "") if isinstance(source, ox.NamedNode) else ""
            yield Text(quad.subject.value, "phrase", quad.object.language or language, quad.object.value)


def _used(store: ox.Store) -> set[str]:
    """The properties that some literal is a value of."""
    return {row["property"].value for row in store.query(_PROPERTIES)}  # type: ignore[union-attr]


def _literals(store: ox.Store, property_: str) -> Iterator[tuple[str, ox.Literal]]:
    for quad in store.quads_for_pattern(None, ox.NamedNode(property_), None, _DEFAULT):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
            yield quad.subject.value, quad.object


def _instances(store: ox.Store, class_: str) -> Iterator[str]:
    for quad in store.quads_for_pattern(None, ox.NamedNode(TYPE), ox.NamedNode(class_), _DEFAULT):
        if isinstance(quad.subject, ox.NamedNode):
            yield quad.subject.value


def _frozen(sets: dict[str, set[str]]) -> dict[str, frozenset[str]]:
    shared: dict[frozenset[str], frozenset[str]] = {}
    return {iri: shared.setdefault(value, value) for iri, members in sets.items() for value in (frozenset(members),)}
