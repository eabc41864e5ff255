"""An invented project: two sources disagree about a club, hundreds of lamps point at it, and some data is hostile."""

from __future__ import annotations

import hashlib
from pathlib import Path

BASE = "https://lamps.example/kg/"
HS = "https://w3id.org/health-solidarity/ns#"
TEXTS = {
    "north": "The Lamp Club was founded in 1901. It has more than 150 members, said its keeper.",
    "south": "The club of the lamps dates from 1903. It counts 148 members.",
}
LAMPS = 620
OBSERVATIONS = 5
LETTERS = ("Ґудзик", "Єва", "Їжак", "Ірис", "Яна", "Zoe")
"""Names whose alphabetical order is not that of their code points."""
LONGEST = "endless " * 130_000
HOSTILE = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
STEERING = "abc\\u202Edcba\\u0007"


def place(slug: str, words: str) -> str:
    """Where the words stand in a text: `start,end`."""
    start = TEXTS[slug].index(words)
    return f"{start},{start + len(words)}"


def quote(slug: str, words: str) -> str:
    """The value of hs:quotes for them."""
    return f"{place(slug, words)} {words}"


_PREFIXES = f"""@base <{BASE}> .
@prefix ex: <{BASE}ns#> .
@prefix hs: <{HS}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix schema: <https://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

_ONTOLOGY = """
<ns> a owl:Ontology ; rdfs:label "Lamps"@en .
ex:Body a owl:Class ; rdfs:label "body"@en .
ex:Club a owl:Class ; rdfs:label "club"@en ; rdfs:subClassOf ex:Body .
ex:Lamp a owl:Class ; rdfs:label "lamp"@en .
ex:founded a owl:DatatypeProperty , owl:FunctionalProperty ; rdfs:label "founded"@en .
ex:seat a owl:ObjectProperty ; rdfs:label "has its seat at"@en .
ex:motto a owl:DatatypeProperty ; rdfs:label "motto"@en .
ex:colour a owl:DatatypeProperty ; rdfs:label "colour"@en .
ex:hangsIn a owl:ObjectProperty ; rdfs:label "hangs in"@en .
ex:keeper a owl:ObjectProperty ; rdfs:label "keeper"@en .
ex:members a schema:StatisticalVariable ; rdfs:label "number of members"@en .
ex:lights a schema:StatisticalVariable ; rdfs:label "number of lights"@en .
<vocab/light> a skos:ConceptScheme ; skos:prefLabel "light"@en .
<vocab/light/any> a skos:Concept ; skos:prefLabel "any light"@en ; skos:inScheme <vocab/light> .
<vocab/light/warm> a skos:Concept ; skos:prefLabel "warm light"@en ; skos:inScheme <vocab/light> ;
    skos:broader <vocab/light/any> .
"""

_SHAPES = """
<shapes#Place> a sh:PropertyGroup ; rdfs:label "Where"@en , "Де"@uk ; sh:order 1 .
<shapes#Words> a sh:PropertyGroup ; rdfs:label "Words"@en ; sh:order 2 .
<shapes#Body> a sh:NodeShape ; sh:targetClass ex:Body ;
    sh:property
        [ sh:path ex:motto ; sh:group <shapes#Words> ; sh:order 1 ; sh:name "what it says"@en , "що каже"@uk ] ,
        [ sh:path ex:seat ; sh:group <shapes#Place> ; sh:order 2.5 ; sh:maxCount 1 ] .
<shapes#Off> a sh:NodeShape ; sh:targetClass ex:Club ; sh:deactivated true ;
    sh:property [ sh:path ex:colour ; sh:group <shapes#Place> ; sh:order 0 ] .
"""

_NORTH = f"""
<id/club/lamp> a ex:Club {{| hs:quotes "{quote("north", "Lamp Club")}" ; hs:wording <vocab/wording/implied> |}} ;
    skos:prefLabel "Lamp Club"@en {{| hs:quotes "{quote("north", "Lamp Club")}" |}} ;
    ex:founded "1901"^^xsd:gYear {{| hs:quotes "{quote("north", "1901")}" |}} ;
    ex:seat <id/place/hill> ; ex:motto "Let there be light"@en
        {{| hs:quotes "{quote("north", "Lamp Club")}" ; hs:wording <vocab/wording/implied> |}} ;
    ex:colour "yellow"
        {{| hs:quotes "{quote("north", "Lamp Club")}" ; hs:wording <vocab/wording/implied> |}} ;
    rdfs:seeAlso <https://elsewhere.example/lamps?a=1&b=2> , <urn:isbn:1> .
<id/observation/members-north> a hs:Observation ; schema:observationAbout <id/club/lamp> ;
    schema:variableMeasured ex:members ; hs:qualifier <vocab/qualifier/more-than> ;
    hs:statedNumber 150 {{| hs:quotes "{quote("north", "150")}" ; hs:modality <vocab/modality/reported> ;
        <http://www.w3.org/ns/prov#wasAttributedTo> <id/person/keeper> |}} .
<id/observation/lights-north> a hs:Observation ; schema:observationAbout <id/club/lamp> ;
    schema:variableMeasured ex:lights ; hs:phase <vocab/phase/before> ; hs:statedNumber 5 .
<id/person/keeper> skos:prefLabel "the keeper"@en .
<id/place/hill> a ex:Place ; skos:prefLabel "the hill"@en .
"""
_SOUTH = f"""
<id/club/lamp> ex:founded "1903"^^xsd:gYear {{| hs:quotes "{quote("south", "1903")}" |}} ; ex:seat <id/place/vale> .
<id/place/vale> skos:prefLabel "the vale"@en .
<id/observation/members-south> a hs:Observation ; schema:observationAbout <id/club/lamp> ;
    schema:variableMeasured ex:members ; hs:qualifier <vocab/qualifier/exact> ;
    hs:statedNumber 148 {{| hs:quotes "{quote("south", "148")}" |}} .
"""
_DERIVED = f"""
<id/observation/members-sum> a hs:Observation ; schema:observationAbout <id/club/lamp> ;
    schema:variableMeasured ex:members ;
    hs:statedNumber 298 {{| prov:wasDerivedFrom <source/north.txt#char={place("north", "150")}> |}} .
<id/observation/lights-south> a hs:Observation ; schema:observationAbout <id/club/lamp> ;
    schema:variableMeasured ex:lights ; hs:phase <vocab/phase/after> ; hs:statedNumber 9 .
"""
_CURATED = """
<vocab/qualifier/more-than> skos:prefLabel "more than"@en , "понад"@uk .
<vocab/qualifier/exact> skos:prefLabel "exactly"@en .
<vocab/modality/reported> skos:prefLabel "reported"@en .
<vocab/modality/asserted> skos:prefLabel "asserted"@en .
"""


def write(folder: Path) -> None:
    """The whole project below a folder."""
    (folder / "kg.toml").write_text(f'base = "{BASE}"\ntitle = "Lamps"\nlanguages = ["en", "uk"]\n')
    files = {
        "ontology/ontology.ttl": _ONTOLOGY,
        "shapes/shapes.ttl": _SHAPES,
        "data/source/north.ttl": _NORTH,
        "data/source/south.ttl": _SOUTH,
        "data/derived.ttl": _DERIVED,
        "data/curated.ttl": _CURATED + _lamps() + _hostile(),
        "data/provenance.ttl": "".join(_source(slug, text) for slug, text in TEXTS.items()),
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(_PREFIXES + content, encoding="utf-8")
    (folder / "sources").mkdir()
    for slug, text in TEXTS.items():
        (folder / "sources" / f"{slug}.txt").write_text(text, encoding="utf-8")


def _source(slug: str, text: str) -> str:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return (
        f'<source/{slug}.txt> a hs:SourceDocument ; dcterms:title "{slug}"@en ; dcterms:language "en" ;\n'
        f'    hs:sha256 "{digest}" ; hs:characters {len(text)} .\n'
    )


def _lamps() -> str:
    lamps = [
        f'<id/lamp/{n}> a ex:Lamp ; skos:prefLabel "lamp {n}"@en ; ex:hangsIn <id/club/lamp> .\n' for n in range(LAMPS)
    ]
    keepers = [
        f'<id/person/{n}> a ex:Body ; skos:prefLabel "{name}"@uk ; ex:keeper <id/club/lamp> .\n'
        for n, name in enumerate(LETTERS)
    ]
    return "".join(lamps + keepers)


def _hostile() -> str:
    quoted = HOSTILE.replace('"', '\\"')
    return f"""
<id/club/dark> a ex:Club ; skos:prefLabel "{quoted}"@en ; ex:motto "{STEERING}" , "{LONGEST}" , "שלום"@he ;
    rdfs:seeAlso <javascript:alert(1)> , <data:text/html,x> ,
        <https://elsewhere.example/\\u202Edesrever> ; ex:seat <id/place/hill> .
"""
