"""An invented project with terms of its own, so that nothing of the shipped one is needed, and an invented text."""

from __future__ import annotations

import hashlib
from pathlib import Path

from kg.drafting.model import Model
from kg.store import project
from kg.words.settings import Settings, load

BASE = "https://example.org/kg/"
PREFIXES = """@base <https://example.org/kg/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix hedge: <https://example.org/kg/vocab/hedge/> .
@prefix hs: <https://w3id.org/health-solidarity/ns#> .
@prefix kind: <https://example.org/kg/vocab/kind/> .
@prefix ns: <https://example.org/kg/ns#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shapes: <https://example.org/kg/shapes#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
ONTOLOGY = """
<ns> a owl:Ontology .
ns:Body a owl:Class ; rdfs:label "body"@en , "організація"@uk ; rdfs:subClassOf org:Organization .
ns:Clinic a owl:Class ; rdfs:label "clinic"@en , "клініка"@uk ; rdfs:subClassOf ns:Body .
ns:Deal a owl:Class ; rdfs:label "deal"@en , "угода"@uk .
ns:Meeting a owl:Class ; rdfs:label "meeting"@en , "зустріч"@uk .
ns:Figure a owl:Class ; rdfs:label "figure"@en .
ns:Unit a owl:Class ; rdfs:label "unit"@en .
ns:Land a owl:Class ; rdfs:label "land"@en .
hs:SourceDocument a owl:Class . foaf:Person a owl:Class . skos:Concept a owl:Class . schema:Quotation a owl:Class .
ns:giver a owl:ObjectProperty ; rdfs:label "giver"@en ; rdfs:domain ns:Deal ; rdfs:range ns:Body .
ns:taker a owl:ObjectProperty ; rdfs:label "taker"@en ; rdfs:domain ns:Deal ; rdfs:range ns:Body .
ns:land a owl:ObjectProperty ; rdfs:label "land"@en .
ns:of a owl:ObjectProperty . ns:unit a owl:ObjectProperty . ns:hedge a owl:ObjectProperty .
ns:head a owl:ObjectProperty .
ns:speaker a owl:ObjectProperty . ns:care a owl:ObjectProperty .
ns:amount a owl:DatatypeProperty . ns:told a owl:DatatypeProperty . ns:held a owl:DatatypeProperty .
ns:over a owl:DatatypeProperty . ns:beds a owl:DatatypeProperty .
ns:motto a owl:DatatypeProperty ; rdfs:label "motto"@en , "гасло"@uk , "девиз"@ru ; rdfs:domain ns:Meeting .
dcterms:type a owl:AnnotationProperty . dcterms:publisher a owl:AnnotationProperty .
dcterms:creator a owl:AnnotationProperty .
foaf:homepage a owl:ObjectProperty . schema:text a owl:DatatypeProperty .
ns:guests a owl:NamedIndividual , ns:Unit ; rdfs:label "number of guests"@en , "кількість гостей"@uk .
ns:surgeons a owl:NamedIndividual , ns:Unit ; rdfs:label "number of surgeons"@en , "кількість хірургів"@uk .
<vocab/hedge> a skos:ConceptScheme . <vocab/kind> a skos:ConceptScheme . <vocab/care> a skos:ConceptScheme .
hedge:exact a skos:Concept ; skos:inScheme <vocab/hedge> ; skos:prefLabel "exactly"@en , "рівно"@uk .
hedge:over a skos:Concept ; skos:inScheme <vocab/hedge> ; skos:prefLabel "over"@en , "понад"@uk , "более"@ru .
hedge:about a skos:Concept ; skos:inScheme <vocab/hedge> ; skos:prefLabel "about"@en , "близько"@uk .
kind:release a skos:Concept ; skos:inScheme <vocab/kind> ; skos:prefLabel "press release"@en , "пресреліз"@uk .
<vocab/care/birth> a skos:Concept ; skos:inScheme <vocab/care> ;
    skos:prefLabel "obstetrics"@en , "акушерська допомога"@uk .
"""
SHAPES = """
shapes:Named a sh:NodeShape ; sh:targetClass ns:Body , ns:Deal , ns:Meeting ;
    sh:and ( [ sh:path skos:prefLabel ; sh:qualifiedValueShape [ sh:languageIn ( "uk" ) ] ; sh:qualifiedMinCount 1 ]
             [ sh:path skos:prefLabel ; sh:qualifiedValueShape [ sh:languageIn ( "en" ) ] ; sh:qualifiedMinCount 1 ] ) ;
    sh:message "A name in Ukrainian or English is missing."@en .
shapes:Deal a sh:NodeShape ; sh:targetClass ns:Deal ; sh:property shapes:giver , shapes:taker , shapes:heads .
shapes:giver a sh:PropertyShape ; sh:path ns:giver ; sh:minCount 1 ; sh:maxCount 1 ; sh:class ns:Body ; sh:order 1 .
shapes:taker a sh:PropertyShape ; sh:path ns:taker ; sh:minCount 1 ; sh:maxCount 1 ; sh:order 2 .
shapes:heads a sh:PropertyShape ; sh:path [ sh:inversePath ns:head ] ; sh:minCount 0 ; rdfs:seeAlso ns:care .
shapes:Meeting a sh:NodeShape ; sh:targetClass ns:Meeting ; sh:property shapes:held .
shapes:held a sh:PropertyShape ; sh:path ns:held ; sh:datatype xsd:gYear ; sh:maxCount 1 .
shapes:Figure a sh:NodeShape ; sh:targetClass ns:Figure ;
    sh:property shapes:amount , shapes:hedge , shapes:unit , shapes:of , shapes:told .
shapes:amount a sh:PropertyShape ; sh:path ns:amount ; sh:minCount 1 ; sh:maxCount 1 ; sh:node shapes:Count ;
    sh:order 1 .
shapes:Count a sh:NodeShape ; sh:datatype xsd:integer .
shapes:hedge a sh:PropertyShape ; sh:path ns:hedge ; sh:minCount 1 ; sh:order 2 ;
    sh:in ( hedge:exact hedge:over hedge:about ) .
shapes:unit a sh:PropertyShape ; sh:path ns:unit ; sh:minCount 1 ; sh:class ns:Unit ; sh:order 3 .
shapes:of a sh:PropertyShape ; sh:path ns:of ; sh:minCount 1 ; sh:nodeKind sh:IRI ; sh:order 4 .
shapes:told a sh:PropertyShape ; sh:path ns:told ; sh:minCount 1 ; sh:datatype xsd:date ; sh:order 5 .
shapes:Quotation a sh:NodeShape ; sh:targetClass schema:Quotation ; sh:property shapes:speaker .
shapes:speaker a sh:PropertyShape ; sh:path ns:speaker ; sh:maxCount 1 ; sh:class foaf:Person .
shapes:Source a sh:NodeShape ; sh:targetClass hs:SourceDocument ; sh:property shapes:language .
shapes:language a sh:PropertyShape ; sh:path dcterms:language ; sh:in ( "uk" "ru" "en" ) .
"""
DATA = """
<id/land/elbonia> a ns:Land ; skos:prefLabel "Ельбонія"@uk , "Elbonia"@en .
<id/body/heron> a ns:Clinic ; skos:prefLabel "Клініка «Чапля»"@uk , "Heron Clinic"@en ; ns:land <id/land/elbonia> .
<id/body/ministry-of-care> a ns:Body ; skos:prefLabel "Міністерство опіки Ельбонії"@uk , "Ministry of Care"@en ;
    skos:altLabel "МОЕ"@uk .
<id/body/north-fund> a ns:Body ;
    skos:prefLabel "Северный благотворительный фонд"@ru , "Фонд Півночі"@uk , "North Fund"@en .
<id/meeting/spring> a ns:Meeting ; skos:prefLabel "Весняна зустріч"@uk , "Spring Meeting"@en ;
    ns:held "2030"^^xsd:gYear .
<id/deal/ministry-of-care--heron> a ns:Deal ; skos:prefLabel "Угода з «Чаплею»"@uk , "Deal with Heron"@en ;
    ns:giver <id/body/ministry-of-care> ; ns:taker <id/body/heron> .
<id/figure/old> a ns:Figure ; ns:amount 20 ; ns:over 20 ; ns:hedge hedge:over ; ns:unit ns:guests ;
    ns:of <id/meeting/spring> ; ns:told "2030-05-01"^^xsd:date .
<id/figure/older> a ns:Figure ; ns:amount 7 ; ns:hedge hedge:exact ; ns:unit ns:surgeons ; ns:of <id/meeting/spring> ;
    ns:told "2030-05-01"^^xsd:date .
<id/person/keeper> a foaf:Person ; skos:prefLabel "Доглядачка Кита"@uk , "Keeper of the Whale"@en .
<id/quotation/old> a schema:Quotation ; skos:prefLabel "Слова"@uk , "Words"@en ; ns:speaker <id/person/keeper> ;
    schema:text "Так"@uk .
"""
TEXT = """Пресреліз
Клініки домовилися про обмін

Міністерство опіки Ельбонії повідомляє, що 14 травня 2031 року на Весняній зустрічі, яка проходила під гаслом «Руку подай», було понад 150 гостей і дев'ять хірургів.

«Ми довго чекали на цю угоду. Тепер почнемо працювати разом», – сказала Доглядачка Кита.

Угоду уклали: Міністерство опіки Ельбонії та Клініка «Чапля» (Ельбонія); МОЕ та Вигадана клініка «Лелека» (Ельбонія).

Клініка дає акушерську допомогу. У планах ще один візит.

https://example.org/care
"""  # noqa: E501  one line a paragraph, as releases have it


def write(root: Path, data: str = DATA) -> Settings:
    """The project, with an empty folder of texts beside it."""
    files = {
        "kg.toml": f'base = "{BASE}"\nlanguages = ["uk", "en"]\n',
        "ontology/ontology.ttl": PREFIXES + ONTOLOGY,
        "shapes/shapes.ttl": PREFIXES + SHAPES,
        "data/things.ttl": PREFIXES + data,
    }
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, encoding="utf-8")
    (root / "texts").mkdir()
    return load(root, sources=root / "texts")


def model(root: Path) -> Model:
    return Model.of(project.read(load(root)))


def registered(slug: str, text: str = TEXT) -> str:
    """A source as data/provenance.ttl has it."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return (
        f'<source/{slug}.txt> a hs:SourceDocument ; dcterms:language "uk" ; hs:sha256 "{digest}" ;\n'
        f"    hs:characters {len(text)} ; hs:bytes {len(text.encode())} .\n"
    )
