"""A small invented project whose hospitals have all that matching has to do with, for the tests of reconciliation."""

from __future__ import annotations

from pathlib import Path

from kg.reconcile.ids import Ids
from kg.reconcile.match import Matcher
from kg.reconcile.things import Things
from kg.store import project, release
from kg.store.release import Release
from kg.store.text.index import TextIndex
from kg.words.settings import Settings

BASE = "https://example.org/kg/"
DATA = """@base <https://example.org/kg/> .
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<ns#Hospital> a owl:Class ; rdfs:label "hospital"@en , "лікарня"@uk ; rdfs:subClassOf <ns#Place> .
<ns#Place> a owl:Class ; rdfs:label "place"@en .
<id/country/UA> a schema:Country ; skos:prefLabel "Україна"@uk , "Ukraine"@en .
<id/country/PL> a schema:Country ; skos:prefLabel "Польща"@uk , "Poland"@en .

<id/org/lviv> a <ns#Hospital> ; skos:prefLabel "Львівська обласна клінічна лікарня"@uk ;
    skos:prefLabel "Lviv Regional Clinical Hospital"@en ; schema:location <id/country/UA> ;
    owl:sameAs <https://ror.org/01abc2345>, <http://www.wikidata.org/entity/Q100200> ;
    schema:foundingDate "1784-09-01"^^xsd:date ; schema:numberOfBeds 1200 ; schema:isAccessibleForFree true ;
    schema:ratingValue "4.5"^^xsd:decimal ; schema:url <javascript:alert(1)> .
<id/org/lviv-1> a <ns#Hospital> ; skos:prefLabel "Львівська міська лікарня № 1"@uk ; schema:location <id/country/UA> .
<id/org/lviv-2> a <ns#Hospital> ; skos:prefLabel "Львівська міська лікарня № 2"@uk ; schema:location <id/country/UA> .
<id/org/dawn> a <ns#Hospital> ; skos:prefLabel "Дитяча лікарня «Світанок»"@uk , "Svitanok Children’s Hospital"@en .
<id/org/saint-ua> a <ns#Hospital> ; skos:prefLabel "Лікарня святого Пантелеймона"@uk ; schema:location <id/country/UA> .
<id/org/saint-pl> a <ns#Hospital> ; skos:prefLabel "Лікарня святого Пантелеймона"@uk ; schema:location <id/country/PL> .
<id/org/institute> a <ns#Institute> ; skos:prefLabel "National Heart Institute (Ukraine)"@en ; skos:altLabel "NHI"@en ;
    dcterms:identifier "ABC-77" .
<id/org/hostile> a <ns#Hospital> ; skos:prefLabel "<script>alert(1)</script> & \\"Weird\\" Hospital"@en .
<ns#Institute> a owl:Class ; rdfs:label "institute"@en .
"""


def build(root: Path) -> Release:
    """The project, built."""
    (root / "data").mkdir(parents=True)
    (root / "data" / "hospitals.ttl").write_text(DATA, encoding="utf-8")
    return release.build(project.read(Settings(root=root, base=BASE, title="Hospitals")))


def matcher(built: Release) -> Matcher:
    """What answers questions about it."""
    base = built.settings.base
    return Matcher(built.store, Things(built.store, base), TextIndex.of(built), Ids(base))
