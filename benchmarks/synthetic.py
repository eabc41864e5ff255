"""Invented releases of any size in the project's own ontology."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pyoxigraph as ox

from kg.words.names import HS, NIF, PROV, RDF, SKOS, XSD

BASE = "https://w3id.org/health-solidarity/"
_COUNTRIES = ("FR", "DE", "US", "LT", "SE", "PL", "ES", "IT")
_WORDS = ("Central", "Regional", "Children's", "Clinical", "City", "University", "Perinatal", "Emergency", "Cancer")


def quads(institutions: int, seed: int = 7) -> Iterator[ox.Quad]:
    """Facts about hospitals and their partnerships, and as in the shipped graph a claim with its range for each.

    About 110 triples an institution; the same for the same arguments.
    """
    provenance = ox.NamedNode(BASE + "graph/provenance")
    source = ox.NamedNode(BASE + "source/synthetic.txt")
    modality, wording = (ox.NamedNode(f"{BASE}vocab/{v}") for v in ("modality/asserted", "wording/verbatim"))
    integer = ox.NamedNode(XSD + "nonNegativeInteger")
    for number, fact in enumerate(facts(institutions, seed)):
        yield fact
        claim, start = ox.NamedNode(f"{BASE}id/claim/{number:08x}"), number * 10 // 4
        range_ = ox.NamedNode(f"{source.value}#char={start},{start + 9}")
        for s, p, o in (
            (claim, RDF + "type", ox.NamedNode(HS + "Claim")),
            (claim, RDF + "subject", fact.subject),
            (claim, RDF + "predicate", fact.predicate),
            (claim, RDF + "object", fact.object),
            (claim, HS + "inGraph", fact.graph_name),
            (claim, HS + "modality", modality),
            (claim, HS + "wording", wording),
            (claim, PROV + "wasQuotedFrom", range_),
            (range_, RDF + "type", ox.NamedNode(NIF + "RFC5147String")),
            (range_, NIF + "beginIndex", ox.Literal(str(start), datatype=integer)),
            (range_, NIF + "endIndex", ox.Literal(str(start + 9), datatype=integer)),
            (range_, NIF + "anchorOf", ox.Literal(f"words {number // 4}")),
            (range_, NIF + "referenceContext", source),
        ):
            yield ox.Quad(s, ox.NamedNode(p), o, provenance)  # type: ignore[arg-type]


def facts(institutions: int, seed: int) -> Iterator[ox.Quad]:
    """Hospitals with labels in three languages; for each Ukrainian one three partnerships with memoranda."""
    chance = random.Random(seed)  # noqa: S311
    graph = ox.NamedNode(BASE + "graph/synthetic")

    def say(subject: str, predicate: str, value: str | ox.Literal) -> ox.Quad:
        o = value if isinstance(value, ox.Literal) else ox.NamedNode(value)
        return ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), o, graph)

    foreign = [f"{BASE}id/org/foreign-{i}" for i in range(institutions // 2)]
    ukrainian = [f"{BASE}id/org/ukrainian-{i}" for i in range(institutions - len(foreign))]
    for number, iri in enumerate(foreign + ukrainian):
        yield say(iri, RDF + "type", HS + "Hospital")
        name = f"{chance.choice(_WORDS)} {chance.choice(_WORDS)} Hospital {number}"
        for language in ("en", "uk", "ru"):
            yield say(iri, SKOS + "prefLabel", ox.Literal(f"{name} ({language})", language=language))
        country = "UA" if "ukrainian" in iri else chance.choice(_COUNTRIES)
        yield say(iri, HS + "inCountry", f"{BASE}id/country/{country}")
        yield say(iri, HS + "participatesIn", f"{BASE}id/initiative/international-medical-partnership")
    for iri in ukrainian:
        for partner in chance.sample(foreign, k=min(3, len(foreign))):
            slug = f"{iri.rpartition('/')[2]}--{partner.rpartition('/')[2]}"
            partnership, memorandum = f"{BASE}id/partnership/{slug}", f"{BASE}id/memorandum/{slug}"
            yield say(partnership, RDF + "type", HS + "Partnership")
            yield say(partnership, HS + "ukrainianParty", iri)
            yield say(partnership, HS + "foreignParty", partner)
            yield say(partnership, HS + "partOfInitiative", f"{BASE}id/initiative/international-medical-partnership")
            yield say(memorandum, RDF + "type", HS + "Memorandum")
            yield say(memorandum, HS + "establishes", partnership)
            yield say(memorandum, HS + "signedAt", f"{BASE}id/event/imp-forum-2025-signing")
