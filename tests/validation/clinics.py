"""An invented project about clinics, small enough to break in every way."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kg.words.settings import Settings

BASE = "https://example.org/kg/"
CONFIG = f'base = "{BASE}"\n'
PREFIXES = """@base <https://example.org/kg/> .
@prefix ns: <https://example.org/kg/ns#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix hs: <https://w3id.org/health-solidarity/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shapes: <https://example.org/kg/shapes#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
FIRST_LINE = PREFIXES.count("\n") + 1
"""The line of a file at which the text behind the prefixes begins."""

ONTOLOGY = """<ns> a owl:Ontology .
ns:Clinic a owl:Class .
ns:Hospital a owl:Class ; rdfs:subClassOf ns:Clinic .
ns:beds a owl:DatatypeProperty .
ns:opened a owl:DatatypeProperty .
ns:partner a owl:ObjectProperty .
"""
SHAPES = """shapes:ClinicShape a sh:NodeShape ;
    sh:targetClass ns:Clinic ;
    sh:property shapes:Beds ; rdfs:seeAlso ns:opened , ns:partner .

shapes:Beds a sh:PropertyShape ;
    sh:path ns:beds ;
    sh:minCount 1 ;
    sh:maxCount 1 ;
    sh:message "A clinic has one number of beds. Add ns:beds."@en .
"""
DATA = """<id/clinic/dawn> a ns:Hospital ;
    skos:prefLabel "Лікарня «Світанок»"@uk , "Dawn Clinic"@en ;
    ns:beds 171 .
"""
FILES: Mapping[str, str] = {
    "ontology/ontology.ttl": PREFIXES + ONTOLOGY,
    "shapes/shapes.ttl": PREFIXES + SHAPES,
    "data/clinics.ttl": PREFIXES + DATA,
}


def write(root: Path, files: Mapping[str, str | bytes] | None = None, *, without: tuple[str, ...] = ()) -> Settings:
    """The project with `files` added or instead of its own, which stand as they are, without prefixes."""
    everything: dict[str, str | bytes] = {"kg.toml": CONFIG, **FILES, **(files or {})}
    for name, content in everything.items():
        if name not in without:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
    return Settings(root=root, base=BASE)


def turtle(text: str) -> str:
    """Turtle with all prefixes."""
    return PREFIXES + text
