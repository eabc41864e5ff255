"""An invented project: fruit trees in orchards, who swaps grafts with whom, and when an orchard was planted."""

from __future__ import annotations

from pathlib import Path

BASE = "https://orchard.example/"
NAMES = ["Явір", "Їжак", "Інжир", "Ґедзь", "Гілка", "Єва", "Ель", "Аґрус"]
"""Of the sorts, not in the order of the alphabet; IN_ORDER: in that of the Ukrainian one."""
IN_ORDER = ["Аґрус", "Гілка", "Ґедзь", "Ель", "Єва", "Інжир", "Їжак", "Явір"]
TREES = 130

_PREFIXES = f"""@base <{BASE}> .
@prefix : <{BASE}ns#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix queries: <{BASE}queries#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shapes: <{BASE}shapes#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix void: <http://rdfs.org/ns/void#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

_ONTOLOGY = """
<ns> a owl:Ontology ; rdfs:label "Orchards"@en ; dcterms:description "Trees."@en ; owl:versionInfo "3" .
:Plant a owl:Class ; rdfs:label "plant"@en , "рослина"@uk ; skos:definition "What grows."@en .
:Tree a owl:Class ; rdfs:label "tree"@en , "дерево"@uk ; rdfs:subClassOf :Plant ; skos:definition "A woody plant."@en .
:Orchard a owl:Class ; rdfs:label "orchard"@en .
:Swap a owl:Class ; rdfs:label "swap of grafts"@en .
:Village a owl:Class ; rdfs:label "village"@en .
:Sort a owl:Class ; rdfs:label "sort"@en .
:sort a owl:ObjectProperty ; rdfs:label "of sort"@en , "сорту"@uk ; rdfs:domain :Tree ; rdfs:range :Sort .
:in a owl:ObjectProperty ; rdfs:label "grows in"@en ; rdfs:domain :Tree ; rdfs:range :Orchard .
:near a owl:ObjectProperty ; rdfs:label "near"@en ; rdfs:domain :Orchard ; rdfs:range :Village .
:giver a owl:ObjectProperty ; rdfs:label "giver"@en , "хто дає"@uk ; rdfs:domain :Swap ; rdfs:range :Orchard .
:taker a owl:ObjectProperty ; rdfs:label "taker"@en ; rdfs:domain :Swap ; rdfs:range :Orchard .
:planted a owl:DatatypeProperty ; rdfs:label "planted"@en ; rdfs:domain :Orchard .
:unused a owl:ObjectProperty ; rdfs:label "unused"@en .
<vocab/soil> a skos:ConceptScheme ; skos:prefLabel "soil"@en .
<vocab/soil/clay> a skos:Concept ; skos:inScheme <vocab/soil> ; skos:prefLabel "clay"@en .
"""

_SHAPES = """
<shapes> a owl:Ontology ; rdfs:label "Rules of the orchard"@en .
shapes:TreeShape a sh:NodeShape ; sh:targetClass :Tree ; sh:property shapes:OneSort , shapes:Within .
shapes:OneSort a sh:PropertyShape ; sh:name "one sort"@en ; sh:path :sort ;
    sh:minCount 1 ; sh:maxCount 1 ; sh:class :Sort .
shapes:Within a sh:PropertyShape ; sh:path :in ; sh:maxCount 3 ; sh:nodeKind sh:IRI .
shapes:SwapShape a sh:NodeShape ; sh:targetClass :Swap ; sh:not [ sh:class :Tree ] ; sh:sparql shapes:SwapQuery ;
    sh:property [ sh:path ( :giver :near ) ; sh:minCount 1 ] , [ sh:path [ sh:inversePath :in ] ; sh:in ( "a" "b" ) ] .
shapes:SwapQuery a sh:SPARQLConstraint ; sh:select "SELECT $this WHERE { $this a <https://orchard.example/none> }" .
"""

_QUERIES = """
queries:swaps a sh:SPARQLSelectExecutable ; rdfs:label "Who gives whom grafts?"@en , "Хто кому дає живці?"@uk ;
    sh:select "SELECT ?giver ?taker ?swap WHERE { ?swap <ns#giver> ?giver ; <ns#taker> ?taker } ORDER BY ?swap" .
queries:plantings a sh:SPARQLSelectExecutable ; rdfs:label "When were they planted?"@en ;
    sh:select "SELECT ?orchard ?day ?village WHERE { ?orchard <ns#planted> ?day ; <ns#near> ?village } ORDER BY ?day" .
"""

_DATA = """
<dataset> a void:Dataset ; dcterms:title "Orchards of the valley"@en ; dcterms:description "Every tree, counted."@en ;
    void:exampleResource <id/tree/1> .
<id/village/a> a :Village ; rdfs:label "Alder"@en . <id/village/b> a :Village ; rdfs:label "Birch"@en .
<id/orchard/1> a :Orchard ; rdfs:label "First orchard"@en ; :near <id/village/a> ; :planted "1890-05-02"^^xsd:date .
<id/orchard/2> a :Orchard ; rdfs:label "Second orchard"@en ; :near <id/village/a> ; :planted "1891"^^xsd:gYear .
<id/orchard/3> a :Orchard ; rdfs:label "Third orchard"@en ; :near <id/village/b> ; :planted "1950-03"^^xsd:gYearMonth .
<id/orchard/4> a :Orchard ; rdfs:label "Fourth orchard"@en ; :near <id/village/b> ; :planted "unknown" .
<id/swap/1> a :Swap ; rdfs:label "Swap one"@en ; :giver <id/orchard/1> ; :taker <id/orchard/3> .
<id/swap/2> a :Swap ; rdfs:label "Swap two"@en ; :giver <id/orchard/2> ; :taker <id/orchard/4> .
<id/swap/3> a :Swap ; rdfs:label "Swap three"@en ; :giver <id/orchard/3> ; :taker <id/orchard/2> .
"""


def write(folder: Path) -> Path:
    """The project below a folder, which it returns."""
    sorts = "".join(f'<id/sort/{n}> a :Sort ; rdfs:label "{name}"@uk .\n' for n, name in enumerate(NAMES, 1))
    trees = "".join(
        f'<id/tree/{n}> a :Tree ; rdfs:label "Tree {n:03}"@en ; '
        f":sort <id/sort/{n % 3 + 1}> ; :in <id/orchard/{n % 2 + 1}> .\n"
        for n in range(1, TREES + 1)
    )
    files = {
        "ontology/ontology.ttl": _ONTOLOGY,
        "shapes/shapes.ttl": _SHAPES,
        "queries/queries.ttl": _QUERIES,
        "data/orchards.ttl": _DATA + sorts + trees,
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(_PREFIXES + content, encoding="utf-8")
    (folder / "ontology" / "rules").mkdir()
    rule = (
        "# A thing of a class is of its superclasses too.\n"
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
        "CONSTRUCT { ?thing a ?wide } WHERE { ?thing a ?narrow . ?narrow rdfs:subClassOf ?wide }\n"
    )
    (folder / "ontology" / "rules" / "subclass.rq").write_text(rule, encoding="utf-8")
    settings = f'base = "{BASE}"\nlanguages = ["en"]\nhome_diagram = "swaps"\nhome_timeline = "plantings"\n'
    (folder / "kg.toml").write_text(settings, encoding="utf-8")
    return folder
