"""The JSON-LD context names every term, coerces as the ontology says, and loses nothing on the way there and back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, Graph, Namespace, URIRef
from rdflib.compare import isomorphic

# rdflib 7.6 warns about a class that its own JSON-LD parser uses.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

HS = Namespace("https://w3id.org/health-solidarity/ns#")

DOCUMENT = {
    "id": "id/event/imp-forum-2025",
    "type": "ForumEdition",
    "prefLabel": {"uk": "Форум", "en": "Forum"},
    "altLabel": {"en": ["The forum", "The 2025 forum"], "@none": "IMP-2025"},
    "slogan": {"uk": "Від лікаря до лікаря"},
    "year": "2025",
    "isFirstEdition": False,
    "editionOf": "id/initiative/international-medical-partnership",
    "inCountry": ["id/country/UA"],
    "publisher": {"id": "id/org/giz"},
    "homepage": "https://example.org/forum",
}
TURTLE = """
@base <https://w3id.org/health-solidarity/> .
@prefix hs: <https://w3id.org/health-solidarity/ns#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<id/event/imp-forum-2025> a hs:ForumEdition ;
    skos:prefLabel "Форум"@uk , "Forum"@en ;
    skos:altLabel "The forum"@en , "The 2025 forum"@en , "IMP-2025" ;
    hs:slogan "Від лікаря до лікаря"@uk ;
    hs:year "2025"^^xsd:gYear ;
    hs:isFirstEdition false ;
    hs:editionOf <id/initiative/international-medical-partnership> ;
    hs:inCountry <id/country/UA> ;
    dcterms:publisher <id/org/giz> ;
    foaf:homepage <https://example.org/forum> .
"""
CLAIM = """
@base <https://w3id.org/health-solidarity/> .
@prefix hs: <https://w3id.org/health-solidarity/ns#> .
@prefix nif: <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<id/claim/01234567> a hs:Claim ;
    rdf:subject <id/observation/partnerships-total> ; rdf:predicate hs:statedNumber ; rdf:object 95 ;
    hs:inGraph <graph/source/imp-forum-2025> ; hs:modality <vocab/modality/asserted> ;
    prov:wasQuotedFrom <source/imp-forum-2025.txt#char=3132,3134> .
<source/imp-forum-2025.txt#char=3132,3134> a nif:RFC5147String ; nif:anchorOf "95" ;
    nif:beginIndex "3132"^^xsd:nonNegativeInteger ; nif:endIndex "3134"^^xsd:nonNegativeInteger .
<id/campaign/patient-solidarity-day> hs:observedOn "--12-06"^^xsd:gMonthDay .
<id/observation/union-member-count> hs:statedOnEdtf "[2013..]"^^<http://id.loc.gov/datatypes/edtf> .
<id/observation/partnerships-total> hs:statedOn "2025-10-08"^^xsd:date .
"""


@pytest.fixture(scope="module")
def context(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "context.jsonld").read_text(encoding="utf-8"))
    assert list(found) == ["@context"]
    return dict(found["@context"])


def terms(context: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Short name -> its definition, in the long form."""
    found = {name: value for name, value in context.items() if not name.startswith("@")}
    return {name: {"@id": value} if isinstance(value, str) else value for name, value in found.items()}


def from_json_ld(text: str) -> Graph:
    """The graph that rdflib reads, once pyoxigraph has read the same."""
    graph = Graph().parse(data=text, format="json-ld")
    triples = (quad.triple for quad in ox.parse(text, format=ox.RdfFormat.JSON_LD))
    second = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    assert second is not None
    assert isomorphic(graph, Graph().parse(data=second, format="nt"))
    return graph


def test_every_term_has_its_own_name_as_short_name(ontology: Graph, context: dict[str, Any]) -> None:
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    declared = {str(s) for kind in kinds for s in ontology.subjects(RDF.type, kind) if str(s).startswith(HS)}
    ours = {name: value["@id"] for name, value in terms(context).items() if value["@id"].startswith("hs:")}
    assert ours == {term.removeprefix(HS): "hs:" + term.removeprefix(HS) for term in declared}


def test_names_are_coerced_to_iris_exactly_where_they_stand_for_object_properties(
    ontology: Graph, context: dict[str, Any]
) -> None:
    for name, value in terms(context).items():
        prefix, _, local = value["@id"].partition(":")
        kinds = set(ontology.objects(URIRef(context.get(prefix, "") + local), RDF.type))
        if OWL.ObjectProperty in kinds:
            assert value["@type"] == "@id", name
        if OWL.DatatypeProperty in kinds:
            assert value.get("@type") != "@id", name


def test_a_document_means_what_its_turtle_says(context: dict[str, Any]) -> None:
    text = json.dumps({"@context": context, **DOCUMENT}, ensure_ascii=False)
    assert isomorphic(from_json_ld(text), Graph().parse(data=TURTLE, format="turtle"))


@pytest.mark.parametrize("turtle", [TURTLE, CLAIM], ids=["event", "claim"])
def test_data_survive_the_way_to_json_ld_and_back(context: dict[str, Any], turtle: str) -> None:
    graph = Graph().parse(data=turtle, format="turtle")
    text = graph.serialize(format="json-ld", context=context)
    document = json.loads(text)
    nodes = document.get("@graph", [document])
    assert not [key for node in nodes for key in node if key.startswith(("hs:", "http"))]
    assert isomorphic(from_json_ld(text), graph)


def test_vocabularies_survive_the_way_to_json_ld_and_back(
    context: dict[str, Any], vocabularies: dict[str, Graph]
) -> None:
    for graph in vocabularies.values():
        assert isomorphic(from_json_ld(graph.serialize(format="json-ld", context=context)), graph)
