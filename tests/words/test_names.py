"""IRIs and their short forms."""

from __future__ import annotations

import pytest

from kg.words.names import HS, PREFIXES, RDF, SCHEMA, SKOS, curie, local_name

SHORT = {
    "property": (SKOS + "prefLabel", "skos:prefLabel"),
    "own vocabulary": (HS + "Partnership", "hs:Partnership"),
    "rdf:type": (RDF + "type", "rdf:type"),
    "list member": (RDF + "_1", "rdf:_1"),
    "hyphen": (SCHEMA + "a-b", "schema:a-b"),
    "the namespace itself stays whole": (SCHEMA, SCHEMA),
    "a longer path stays whole": (SCHEMA + "a/b", SCHEMA + "a/b"),
    "a line break is no name": (SCHEMA + "a\n", SCHEMA + "a\n"),
    "unknown namespace": ("https://example.org/x", "https://example.org/x"),
    "not an IRI": ("x", "x"),
    "empty": ("", ""),
}


@pytest.mark.parametrize(("iri", "expected"), SHORT.values(), ids=SHORT)
def test_known_namespace_becomes_a_prefix(iri: str, expected: str) -> None:
    assert curie(iri) == expected


@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_prefix_can_be_used(prefix: str) -> None:
    assert curie(PREFIXES[prefix] + "x") == f"{prefix}:x"


def test_namespaces_do_not_overlap() -> None:
    namespaces = list(PREFIXES.values())
    assert len(set(namespaces)) == len(namespaces)
    assert [(a, b) for a in namespaces for b in namespaces if a != b and a.startswith(b)] == []


LOCAL = {
    "hash": ("https://example.org/ns#Clinic", "Clinic"),
    "slash": ("https://example.org/id/clinic/a", "a"),
    "slash at the end": ("https://example.org/id/", "id"),
    "urn": ("urn:isbn:123", "123"),
    "bare": ("x", "x"),
    "only slashes": ("//", "//"),
}


@pytest.mark.parametrize(("iri", "expected"), LOCAL.values(), ids=LOCAL)
def test_local_name_is_the_last_part(iri: str, expected: str) -> None:
    assert local_name(iri) == expected
