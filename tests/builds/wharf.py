"""An invented project with all that a release can hold: graphs, rules, blank nodes, saved queries, a description."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

BASE = "https://wharf.example.org/kg/"
_HEAD = f"""@base <{BASE}> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ns: <{BASE}ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix void: <http://rdfs.org/ns/void#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""
_TURTLE = {
    "ontology/o.ttl": """<ns> a owl:Ontology ; rdfs:label "Wharf"@en .
ns:Crane a owl:Class ; rdfs:label "crane"@en ; rdfs:subClassOf ns:Machine .
ns:Machine a owl:Class ; rdfs:label "machine"@en .
ns:lifts a owl:DatatypeProperty ; rdfs:label "lifts"@en .
ns:open a owl:ObjectProperty ; rdfs:label "open"@en .
ns:from a owl:DatatypeProperty ; rdfs:label "from"@en .
ns:beside a owl:ObjectProperty ; rdfs:label "beside"@en .
""",
    "shapes/s.ttl": f"""<shapes#Crane> a sh:NodeShape ; sh:targetClass ns:Crane ;
    sh:property [ sh:path ns:lifts ; sh:minCount 1 ; sh:message "A crane lifts so many tons. Add ns:lifts."@en ] ;
    sh:property [ sh:path ns:beside ; sh:class ns:Machine ] ;
    sh:property [ sh:path ns:open ; sh:node [ sh:property [ sh:path ns:from ; sh:datatype xsd:integer ] ] ] ;
    rdfs:seeAlso <{BASE}ns#Machine> .
""",
    "data/cranes.ttl": """<id/crane/чайка> a ns:Crane ; rdfs:label "Чайка"@uk , "Gull"@en ; ns:lifts 012 ;
    ns:open [ ns:from 8 ] , [ ns:from 19 ] ; ns:beside <id/crane/tern> .
""",
    "data/quay/log.ttl": """<id/crane/tern> a ns:Crane ; rdfs:label "Tern"@en ; ns:lifts 7 .
""",
    "data/void.ttl": """<dataset> a void:Dataset ; dcterms:title "Wharf"@en ; dcterms:modified "2026-01-02"^^xsd:date ;
    dcterms:license <https://creativecommons.org/licenses/by/4.0/> .
""",
    "queries/heavy.ttl": f"""<queries/heavy> a sh:SPARQLSelectExecutable ; rdfs:label "Which lift most?"@en ;
    sh:select "SELECT ?crane {{ ?crane <{BASE}ns#lifts> ?tons FILTER(?tons > 9) }}" .
""",
}
FILES: Mapping[str, str] = {
    "kg.toml": f'base = "{BASE}"\ntitle = "Wharf"\n',
    **{name: _HEAD + text for name, text in _TURTLE.items()},
    "ontology/rules/beside.rq": f"# What is beside is so for both.\nPREFIX ns: <{BASE}ns#>\n"
    "CONSTRUCT { ?b ns:beside ?a } WHERE { ?a ns:beside ?b }\n",
}


def write(folder: Path, *, backwards: bool = False) -> Path:
    """The project in a new folder, its files made in one order or the other."""
    for name in sorted(FILES, reverse=backwards):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(FILES[name], encoding="utf-8")
    return folder


def change(folder: Path, name: str, before: str, after: str) -> None:
    """Put one text in the place of another."""
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")
