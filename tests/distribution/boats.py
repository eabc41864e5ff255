"""A small invented project: boats, with names that are hard to keep in files and links."""

from __future__ import annotations

from pathlib import Path

BASE = "https://boats.example.org/fleet/"

_CONFIG = f'base = "{BASE}"\ntitle = "Boats"\n'
_BOATS = """@base <https://boats.example.org/fleet/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<id/boat/ada> a <ns#Boat> ; rdfs:label "Ada"@en, "Ада"@uk ; <ns#length> "012"^^xsd:integer ;
  <ns#towedBy> <id/boat/човен> .
<id/boat/човен> a <ns#Boat> ; rdfs:label "Човен"@uk ; owl:sameAs <https://vessels.example.net/7> .
<id/boat/mark.2> a <ns#Boat> ; rdfs:label "Mark \\"2\\" <&>" .
<id/boat/that's> a <ns#Boat> ; rdfs:label "That's" ; rdfs:seeAlso <javascript:alert(1)> .
"""
_ONTOLOGY = """@base <https://boats.example.org/fleet/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
<ns> a owl:Ontology ; rdfs:label "Boats"@en .
<ns#Boat> a owl:Class ; rdfs:label "Boat"@en ; rdfs:isDefinedBy <ns> .
<ns#length> a owl:DatatypeProperty ; rdfs:label "length"@en .
<ns#towedBy> a owl:ObjectProperty ; rdfs:label "towed by"@en .
"""
_MORE = """@base <https://boats.example.org/fleet/> .
<id/boat/ada> a <ns#Boat> .
"""


def write(folder: Path) -> Path:
    """The project in a new folder; `Ada is a boat` stands in two graphs."""
    files = {
        "kg.toml": _CONFIG, "data/boats.ttl": _BOATS, "data/more.ttl": _MORE, "ontology/boats.ttl": _ONTOLOGY,
    }  # fmt: skip
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder
