"""HermiT finds the ontology consistent and every class possible, and does find a contradiction where there is one."""

from __future__ import annotations

import io
import shutil
from dataclasses import dataclass

import pyoxigraph as ox
import pytest
from rdflib import RDF, XSD, Graph, Literal

from .conftest import PROJECT

PREFIXES = """
@prefix ex: <https://example.org/> .
@prefix hs: <https://w3id.org/health-solidarity/ns#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
POSSIBLE = """
ex:partnership a hs:Partnership ; hs:ukrainianParty ex:hospital ; hs:foreignParty ex:clinic .
ex:hospital a hs:Hospital ; hs:participatesIn ex:initiative .
ex:memorandum hs:establishes ex:partnership ; hs:signedAt ex:signing .
ex:observation a hs:Observation ; hs:statedNumber 95 .
"""
CONTRADICTIONS = {
    "organisation-and-partnership": "ex:a a hs:Hospital , hs:FrameworkPartnership .",
    "memorandum-and-partnership": "ex:a a hs:Memorandum , hs:Partnership .",
    "person-as-party": "ex:a a foaf:Person . ex:b hs:hasParty ex:a .",
    "organisation-as-holder": "ex:a a hs:PublicAuthority . ex:b hs:holder ex:a .",
    "signed-at-a-campaign": "ex:a hs:signedAt ex:b . ex:b a hs:Campaign .",
    "two-ukrainian-parties": "ex:p hs:ukrainianParty ex:a , ex:b . ex:a owl:differentFrom ex:b .",
    "negative-number": "ex:a hs:statedNumber -1 .",
}
OWL_DATATYPES = {None, XSD.string, XSD.integer, XSD.nonNegativeInteger, XSD.boolean}


@dataclass(frozen=True)
class Verdict:
    consistent: bool
    impossible_classes: frozenset[str]


def reason(graph: Graph) -> Verdict:
    """Ask HermiT about the graph; skip the test where it cannot run."""
    owlready2 = pytest.importorskip("owlready2", reason="HermiT comes with owlready2, which is not installed")
    if not shutil.which("java"):
        pytest.skip("HermiT needs Java, and no java is on PATH")
    world = owlready2.World()
    try:
        content = graph.serialize(format="nt", encoding="utf-8")
        with world.get_ontology("https://example.org/checked").load(fileobj=io.BytesIO(content)):
            owlready2.sync_reasoner_hermit(world, debug=0)
        impossible = (c.iri for c in world.inconsistent_classes() if c is not owlready2.Nothing)
        return Verdict(True, frozenset(impossible))
    except owlready2.OwlReadyInconsistentOntologyError:
        return Verdict(False, frozenset())
    finally:
        world.close()


def test_the_ontology_is_consistent_and_every_class_possible(whole: Graph) -> None:
    assert reason(whole) == Verdict(True, frozenset())


def test_a_partnership_as_the_model_means_it_is_consistent(whole: Graph) -> None:
    assert reason(whole + Graph().parse(data=PREFIXES + POSSIBLE)) == Verdict(True, frozenset())


@pytest.mark.parametrize("statements", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_contradiction_is_found(whole: Graph, statements: str) -> None:
    assert not reason(whole + Graph().parse(data=PREFIXES + statements)).consistent


def test_an_impossible_class_is_found(whole: Graph) -> None:
    impossible = "ex:Impossible a owl:Class ; rdfs:subClassOf hs:Hospital , hs:Event ."
    verdict = reason(whole + Graph().parse(data=PREFIXES + impossible))
    assert verdict == Verdict(True, frozenset({"https://example.org/Impossible"}))


def test_the_data_are_consistent_with_the_ontology(whole: Graph) -> None:
    """Left out: literals whose datatype OWL 2 lacks, and reified statements, which OWL 2 DL does not know."""
    data = Graph()
    for path in sorted((PROJECT / "data").rglob("*.ttl")):
        for quad in ox.parse(path=path):
            if isinstance(quad.subject, ox.NamedNode) and not isinstance(quad.object, ox.Triple | ox.BlankNode):
                data.parse(data=ox.serialize([quad.triple], format=ox.RdfFormat.N_TRIPLES), format="nt")
    if not len(data):
        pytest.skip("no data yet")
    for s, p, o in list(data):
        reified = p in (RDF.subject, RDF.predicate, RDF.object)
        if reified or (isinstance(o, Literal) and o.datatype not in OWL_DATATYPES):
            data.remove((s, p, o))
    assert reason(whole + data) == Verdict(True, frozenset())
