"""Each SKOS scheme is whole: named in three languages, closed, and without a broken or one-sided link."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from rdflib import DCTERMS, OWL, RDF, SKOS, Graph, Literal, Namespace, URIRef

BASE = "https://w3id.org/health-solidarity/vocab/"
HS = Namespace("https://w3id.org/health-solidarity/ns#")
SCHEMES = {
    "activity": 4,
    "aim": 8,
    "audience": 6,
    "genre": 1,
    "label-status": 3,
    "modality": 7,
    "org-kind": 24,
    "phase": 2,
    "qualifier": 6,
    "role": 2,
    "specialty": 4,
    "topic": 4,
    "wording": 3,
}


@pytest.fixture(params=SCHEMES)
def vocabulary(request: pytest.FixtureRequest, vocabularies: dict[str, Graph]) -> tuple[URIRef, Graph]:
    """A scheme and its file."""
    return URIRef(BASE + request.param), vocabularies[request.param]


def concepts(graph: Graph) -> list[URIRef]:
    return sorted(s for s in graph.subjects(RDF.type, SKOS.Concept) if isinstance(s, URIRef))


def test_there_is_one_file_a_scheme(vocabularies: dict[str, Graph]) -> None:
    assert {name: len(concepts(graph)) for name, graph in vocabularies.items()} == SCHEMES


def test_a_file_describes_its_scheme_and_the_concepts_below_it(vocabulary: tuple[URIRef, Graph]) -> None:
    scheme, graph = vocabulary
    assert list(graph.subjects(RDF.type, SKOS.ConceptScheme)) == [scheme]
    assert set(graph.subjects()) == {scheme, *concepts(graph)}
    assert not [c for c in concepts(graph) if not re.fullmatch(f"{scheme}/[a-z]+(-[a-z]+)*", c)]


def test_a_scheme_says_what_it_is_and_how_it_may_be_used(vocabulary: tuple[URIRef, Graph]) -> None:
    scheme, graph = vocabulary
    for predicate in (DCTERMS.description, DCTERMS.creator, DCTERMS.license, DCTERMS.modified, OWL.versionInfo):
        assert len(list(graph.objects(scheme, predicate))) == 1, predicate
    assert set(graph.objects(scheme, DCTERMS.title)) == set(graph.objects(scheme, SKOS.prefLabel))


def test_every_concept_and_scheme_has_one_label_in_each_language(vocabulary: tuple[URIRef, Graph]) -> None:
    scheme, graph = vocabulary
    for thing in (scheme, *concepts(graph)):
        labels = [o.language for o in graph.objects(thing, SKOS.prefLabel) if isinstance(o, Literal)]
        assert sorted(map(str, labels)) == ["en", "ru", "uk"], thing


def test_every_concept_has_one_definition_in_english(vocabulary: tuple[URIRef, Graph]) -> None:
    _, graph = vocabulary
    for concept in concepts(graph):
        definitions = [o.language for o in graph.objects(concept, SKOS.definition) if isinstance(o, Literal)]
        assert definitions == ["en"], concept


def test_no_two_concepts_of_a_scheme_share_a_label(vocabulary: tuple[URIRef, Graph]) -> None:
    _, graph = vocabulary
    labels = Counter(
        (str(o).casefold(), o.language)
        for concept in concepts(graph)
        for predicate in (SKOS.prefLabel, SKOS.altLabel)
        for o in graph.objects(concept, predicate)
        if isinstance(o, Literal)
    )
    assert not [label for label, times in labels.items() if times > 1]


def test_every_concept_is_in_its_scheme_at_the_top_or_below_another(vocabulary: tuple[URIRef, Graph]) -> None:
    scheme, graph = vocabulary
    for concept in concepts(graph):
        assert list(graph.objects(concept, SKOS.inScheme)) == [scheme], concept
        top = (concept, SKOS.topConceptOf, scheme) in graph
        assert top != ((concept, SKOS.broader, None) in graph), concept
        assert top == ((scheme, SKOS.hasTopConcept, concept) in graph), concept


def test_the_hierarchy_is_written_both_ways_and_has_no_cycle(vocabulary: tuple[URIRef, Graph]) -> None:
    _, graph = vocabulary
    assert {(b, a) for a, b in graph.subject_objects(SKOS.broader)} == set(graph.subject_objects(SKOS.narrower))
    for concept in concepts(graph):
        assert set(graph.objects(concept, SKOS.broader)) <= set(concepts(graph)), concept
        above = set(graph.transitive_objects(concept, SKOS.broader)) - {concept}
        assert not [a for a in above if concept in graph.transitive_objects(a, SKOS.broader)], concept


def test_audiences_are_typed_as_audiences(vocabularies: dict[str, Graph]) -> None:
    typed = {name: set(graph.subjects(RDF.type, HS.Audience)) for name, graph in vocabularies.items()}
    assert typed == {name: set(concepts(vocabularies[name])) if name == "audience" else set() for name in SCHEMES}


def test_only_verified_mappings_are_stated(whole: Graph) -> None:
    mappings = {
        (str(s).removeprefix(BASE), str(p).removeprefix(str(SKOS)), str(o))
        for p in (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
        for s, o in whole.subject_objects(p)
    }
    assert mappings == {
        ("specialty/oncology", "exactMatch", "https://schema.org/Oncologic"),
        ("specialty/perinatal-medicine", "relatedMatch", "https://schema.org/Obstetric"),
    }
