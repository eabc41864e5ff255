"""The ontology with its vocabularies is in OWL 2 DL.

The structural checks always run. ROBOT gives the full verdict where the environment variable KG_ROBOT names a folder
with its jars; robot/fetch.sh fills such a folder.
Source: OWL 2 Structural Specification, sections 2.4, 4, 5.8.1 and 11.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, URIRef

PROPERTY_KINDS = {OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
LANGUAGE = tuple(map(str, (RDF, RDFS, OWL, XSD)))
SYNTAX_CLASSES = PROPERTY_KINDS | {
    OWL.Ontology,
    OWL.Class,
    OWL.NamedIndividual,
    OWL.AllDisjointClasses,
    OWL.FunctionalProperty,
    OWL.SymmetricProperty,
}
DATATYPES = {RDFS.Literal, XSD.string, XSD.boolean, XSD.integer, XSD.nonNegativeInteger}

BREACHES = {
    "reserved-class": "hs:Claim rdfs:subClassOf rdf:Statement .",
    "datatype-outside-the-map": "hs:year rdfs:range xsd:gYear .",
    "punned-property": "hs:year a owl:ObjectProperty .",
    "untyped-class": "hs:Hospital rdfs:subClassOf <https://example.org/Clinic> .",
    "functional-and-transitive": "hs:relatedEvent a owl:TransitiveProperty , owl:FunctionalProperty .",
}
PREFIXES = """
@prefix hs: <https://w3id.org/health-solidarity/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def kinds(graph: Graph, term: object) -> set[object]:
    return set(graph.objects(term, RDF.type)) if isinstance(term, URIRef | BNode) else set()


def reserved(term: object) -> bool:
    return isinstance(term, URIRef) and str(term).startswith(LANGUAGE)


def structural_breaches(graph: Graph) -> list[str]:
    """What breaks OWL 2 DL, as far as one look at each triple can tell."""
    found = []
    for subject, predicate, value in graph:
        where = f"{subject} {predicate} {value}"
        kind = kinds(graph, predicate) & PROPERTY_KINDS
        if not reserved(predicate) and len(kind) != 1:
            found.append(f"property with {len(kind)} kinds: {where}")
        if kind == {OWL.ObjectProperty} and isinstance(value, Literal):
            found.append(f"object property with a literal: {where}")
        if kind == {OWL.DatatypeProperty} and not isinstance(value, Literal):
            found.append(f"data property without a literal: {where}")
        if predicate == RDF.type and value not in SYNTAX_CLASSES and OWL.Class not in kinds(graph, value):
            found.append(f"instance of an undeclared class: {where}")
        if predicate in (RDFS.subClassOf, RDFS.domain, OWL.disjointWith, RDFS.range):
            datatype = predicate == RDFS.range and OWL.ObjectProperty not in kinds(graph, subject)
            if not (value in DATATYPES if datatype else value == OWL.Thing or OWL.Class in kinds(graph, value)):
                found.append(f"undeclared class or datatype outside the map: {where}")
        relates_properties = predicate in (RDFS.subPropertyOf, OWL.inverseOf)
        if relates_properties and kinds(graph, subject) & PROPERTY_KINDS != kinds(graph, value) & PROPERTY_KINDS:
            found.append(f"properties of two kinds: {where}")
    for term in set(graph.subjects(RDF.type)):
        if len(kinds(graph, term) & PROPERTY_KINDS) > 1:
            found.append(f"punned property: {term}")
    # With no transitive property and no chain every property is simple, so each may be functional.
    found += [f"not simple: {p}" for p in graph.subjects(RDF.type, OWL.TransitiveProperty)]
    found += [f"not simple: {p}" for p in graph.subjects(OWL.propertyChainAxiom)]
    return sorted(found)


def robot_verdict(graph: Graph, folder: Path) -> str:
    """ROBOT's report on the profile OWL 2 DL; skip the test where it cannot run."""
    jars = os.environ.get("KG_ROBOT")
    if not jars:
        pytest.skip("KG_ROBOT names no folder with ROBOT's jars; tests/ontology/robot/fetch.sh fills one")
    java = shutil.which("java")
    if not java:
        pytest.skip("ROBOT needs Java, and no java is on PATH")
    graph.serialize(folder / "ontology.nt", format="nt", encoding="utf-8")
    command = [java, "-cp", f"{Path(jars).resolve()}/*", "org.obolibrary.robot.CommandLineInterface"]
    command += ["validate-profile", "--profile", "DL", "--input", "ontology.nt", "--output", "report.txt"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (folder / "report.txt").is_file(), run.stdout + run.stderr
    return (folder / "report.txt").read_text(encoding="utf-8").strip()


def broken(whole: Graph, statements: str) -> Graph:
    return whole + Graph().parse(data=PREFIXES + statements)


def test_the_ontology_passes_the_structural_checks(whole: Graph) -> None:
    assert structural_breaches(whole) == []


@pytest.mark.parametrize("statements", BREACHES.values(), ids=BREACHES)
def test_a_breach_fails_the_structural_checks(whole: Graph, statements: str) -> None:
    assert structural_breaches(broken(whole, statements))


def test_robot_finds_the_ontology_in_the_profile(whole: Graph, tmp_path: Path) -> None:
    assert robot_verdict(whole, tmp_path) == "OWL 2 DL Profile Report: [Ontology and imports closure in profile]"


@pytest.mark.parametrize("statements", BREACHES.values(), ids=BREACHES)
def test_robot_finds_a_breach(whole: Graph, tmp_path: Path, statements: str) -> None:
    assert "NOT in profile" in robot_verdict(broken(whole, statements), tmp_path)
