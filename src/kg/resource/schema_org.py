"""A thing as search engines read it: JSON-LD in the page, saying no more than the page does.

Most of it comes from the ontology: what it aligns with schema.org, the release has inferred, and the page shows.
Source: JSON-LD 1.1, section 7 (embedding JSON-LD in HTML documents).
"""

from __future__ import annotations

from collections import defaultdict

import pyoxigraph as ox

from kg.pages.values import Value
from kg.resource.describe import Description
from kg.resource.viewer import is_shortened
from kg.store.rdf_io import Term
from kg.words.names import DCTERMS, FOAF, LABEL_PROPERTIES, OWL, SCHEMA, SKOS, XSD

_CLASSES = {
    FOAF + "Person": "Person",
    FOAF + "Organization": "Organization",
    SKOS + "Concept": "DefinedTerm",
    SKOS + "ConceptScheme": "DefinedTermSet",
}
"""Classes of well-known vocabularies that an ontology need not align itself."""

_OF_ALL = {
    SKOS + "altLabel": "alternateName",
    SKOS + "definition": "description",
    DCTERMS + "description": "description",
    FOAF + "homepage": "url",
    OWL + "sameAs": "sameAs",
}
_OF_SOME = {
    "DefinedTerm": {SKOS + "inScheme": "inDefinedTermSet", SKOS + "notation": "termCode"},
    "CreativeWork": {
        DCTERMS + "issued": "datePublished",
        DCTERMS + "language": "inLanguage",
        DCTERMS + "publisher": "publisher",
        DCTERMS + "license": "license",
    },
}


def schema_org(description: Description, title: Value) -> dict[str, object]:
    """The names, classes and statements for which schema.org has terms, and their values."""
    types = {t.removeprefix(SCHEMA) if t.startswith(SCHEMA) else _CLASSES.get(t, "") for t in description.types} - {""}
    properties = _OF_ALL | {p: name for type_ in types for p, name in _OF_SOME.get(type_, {}).items()}
    members: dict[str, list[object]] = defaultdict(list)
    names: dict[str, list[object]] = defaultdict(list)
    for fact in description.facts:
        if isinstance(fact.value, ox.Literal) and is_shortened(fact.value):
            continue
        value = _value(fact.value)
        name = properties.get(fact.predicate, "")
        if types and fact.predicate.startswith(SCHEMA):  # for what schema.org has no class, it has no properties
            name = fact.predicate.removeprefix(SCHEMA)
        if fact.predicate in LABEL_PROPERTIES:
            names[fact.predicate].append(value)
        elif name and value and value not in members[name]:
            members[name].append(value)
    called = next((names[p] for p in LABEL_PROPERTIES if names[p]), [title.text])
    return {
        "@context": "https://schema.org/",
        "@id": description.iri,
        "@type": sorted(types) or ["Thing"],
        "name": called,
        **members,
    }


def _value(term: Term) -> object:
    if isinstance(term, ox.Literal):
        if term.language:
            return {"@value": term.value, "@language": term.language}
        return int(term.value) if term.datatype.value == XSD + "integer" else term.value
    return {"@id": term.value} if isinstance(term, ox.NamedNode) else ""
