"""A small project with queries of every form and parameters of every kind, for the tests of saved queries."""

from __future__ import annotations

from pathlib import Path

from kg.store import project, release
from kg.store.release import Release
from kg.words.settings import Settings

BASE = "https://example.org/kg/"
PREFIXES = """@base <https://example.org/kg/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATA = """@base <https://example.org/kg/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<id/clinic/a> a <ns#Clinic> ; rdfs:label "Clinic A"@en , "Клініка А"@uk ; <ns#beds> 12 ;
    <ns#opened> "2001-05-06"^^xsd:date ; <ns#motto> "<b>\\"bold\\"</b> } { ?x" ; <ns#open> true .
<id/clinic/b> a <ns#Clinic> ; rdfs:label "Clinic B"@en ; <ns#beds> 7 ; <ns#opened> "1999-12-31"^^xsd:date ;
    <ns#motto> "plain" ; <ns#open> false .
<id/town/c> a <ns#Town> ; rdfs:label "Town C"@en .
<ns#Clinic> rdfs:label "clinic"@en . <ns#Town> rdfs:label "town"@en .
"""
QUERIES = {
    "prefixes": "<queries> a owl:Ontology ; owl:imports <more> ;\n"
    '  sh:declare [ sh:prefix "rdfs" ; sh:namespace "http://www.w3.org/2000/01/rdf-schema#"^^xsd:anyURI ] .\n'
    '<more> sh:declare [ sh:prefix "own" ; sh:namespace "https://example.org/kg/ns#"^^xsd:anyURI ] .\n',
    "clinics": '<queries/clinics> a sh:SPARQLSelectExecutable ; rdfs:label "Which clinics?"@en ;\n'
    '  sh:prefixes <queries> ; rdfs:comment "Clinics & <em>more</em>."@en ; dcat:keyword "clinics"@en , "beds"@en ;\n'
    "  sh:parameter [ sh:path <p#beds> ; sh:datatype xsd:integer ; sh:optional true ; sh:order 2 ] ,\n"
    "    [ sh:path <p#clinic> ; sh:class <ns#Clinic> ; sh:order 1 ; sh:defaultValue <id/clinic/a> ] ,\n"
    "    [ sh:path <p#opened> ; sh:datatype xsd:date ; sh:optional true ; sh:order 3 ] ,\n"
    "    [ sh:path <p#name> ; sh:datatype rdf:langString ; sh:optional true ; sh:order 4 ] ,\n"
    "    [ sh:path <p#motto> ; sh:nodeKind sh:Literal ; sh:optional true ; sh:order 5 ] ,\n"
    "    [ sh:path <p#open> ; sh:datatype xsd:boolean ; sh:optional true ; sh:order 6 ] ;\n"
    '  sh:select """\nSELECT ?clinic ?beds ?opened ?name ?motto ?open {\n'
    "  ?clinic a own:Clinic ; own:beds ?beds ; own:opened ?opened ; rdfs:label ?name ;\n"
    '    own:motto ?motto ; own:open ?open\n} ORDER BY ?clinic ?name""" .\n',
    "is-one": '<queries/is-one> a sh:SPARQLAskExecutable ; rdfs:label "Is it a clinic?"@en ; sh:prefixes <queries> ;\n'
    "  sh:parameter [ sh:path <p#thing> ; sh:nodeKind sh:IRI ] ;\n"
    '  sh:ask "ASK { ?thing a own:Clinic }" .\n',
    "names": '<queries/names> a sh:SPARQLConstructExecutable ; rdfs:label "What are the names?"@en ;\n'
    "  sh:prefixes <queries> ; sh:parameter [ sh:path <p#thing> ; sh:nodeKind sh:IRI ; sh:optional true ] ;\n"
    '  sh:construct "CONSTRUCT { ?thing rdfs:label ?name } WHERE { ?thing rdfs:label ?name }" .\n',
}


def write(root: Path, **queries: str) -> Settings:
    """The project, with these files of queries instead or besides; an empty text leaves one out."""
    (root / "data").mkdir(parents=True, exist_ok=True)
    (root / "queries").mkdir(exist_ok=True)
    (root / "data" / "a.ttl").write_text(DATA, encoding="utf-8")
    for name, text in (QUERIES | queries).items():
        if text:
            (root / "queries" / f"{name}.ttl").write_text(PREFIXES + text, encoding="utf-8")
    (root / "kg.toml").write_text(f'base = "{BASE}"\n')
    return Settings(root=root, base=BASE)


def build(root: Path, **queries: str) -> Release:
    return release.build(project.read(write(root, **queries)))
