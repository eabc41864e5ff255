"""Each rule derives what its first line says, and nothing from what it must not touch."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

PREFIXES = """
@base <https://w3id.org/health-solidarity/> .
@prefix hs: <https://w3id.org/health-solidarity/ns#> .
@prefix label-status: <https://w3id.org/health-solidarity/vocab/label-status/> .
@prefix qualifier: <https://w3id.org/health-solidarity/vocab/qualifier/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
HEDGED = """
<exact> hs:qualifier qualifier:exact ; hs:statedNumber 71 .
<more> hs:qualifier qualifier:more-than ; hs:statedNumber 150 .
<less> hs:qualifier qualifier:less-than ; hs:statedNumber 10 .
<least> hs:qualifier qualifier:at-least ; hs:statedNumber 3 .
<most> hs:qualifier qualifier:at-most ; hs:statedNumber 5 .
<about> hs:qualifier qualifier:about ; hs:statedNumber 150 .
<bare> hs:statedNumber 8 .
"""
CASES = {
    "campaign-super-events": (
        "<e1> hs:editionOf <day> . <day> a hs:Campaign . <e2> hs:editionOf <programme> . <programme> a hs:Initiative .",
        "<e1> schema:superEvent <day> . <day> schema:subEvent <e1> .",
    ),
    "display-labels": (
        '<giz> skos:prefLabel "GIZ (de)"@en , "ГІЗ"@uk ; skos:altLabel "GIZ"@en .',
        '<giz> rdfs:label "GIZ (de)"@en , "ГІЗ"@uk .',
    ),
    "exact-value": (HEDGED, "<exact> schema:value 71 ."),
    "linked-parties": (
        "<p> hs:ukrainianParty <u> ; hs:foreignParty <f> . <lone> hs:ukrainianParty <v> .",
        "<u> org:linkedTo <f> . <f> org:linkedTo <u> .",
    ),
    "maximum-value": (HEDGED, "<less> schema:maxValue 9 . <most> schema:maxValue 5 ."),
    "minimum-value": (HEDGED, "<more> schema:minValue 151 . <least> schema:minValue 3 ."),
    "reified-statements": (
        "<c> a hs:Claim . <n> a hs:LabelNote . <o> a hs:Observation .",
        "<c> a rdf:Statement . <n> a rdf:Statement .",
    ),
    "source-labels": (
        """<c> rdf:predicate skos:prefLabel ; prov:wasQuotedFrom <t#char=0,3> .
           <d> rdf:predicate skos:prefLabel ; prov:wasDerivedFrom <t#char=0,3> .
           <e> rdf:predicate hs:inCountry ; prov:wasQuotedFrom <t#char=0,3> .""",
        "<c> hs:labelStatus label-status:source .",
    ),
}


@pytest.fixture(scope="module")
def rules(folder: Path) -> dict[str, str]:
    """Rule name -> its text."""
    return {path.stem: path.read_text(encoding="ascii") for path in sorted((folder / "rules").glob("*.rq"))}


def test_every_rule_has_a_case_and_a_first_line_that_explains_it(rules: dict[str, str]) -> None:
    assert list(rules) == list(CASES)
    assert not [name for name, text in rules.items() if not text.startswith("# Derives ")]


@pytest.mark.parametrize(("name", "given", "expected"), [(n, *case) for n, case in CASES.items()], ids=list(CASES))
def test_rule_derives_exactly_what_it_should(rules: dict[str, str], name: str, given: str, expected: str) -> None:
    store = ox.Store()
    store.load((PREFIXES + given).encode(), format=ox.RdfFormat.TURTLE)
    derived = store.query(rules[name])
    assert isinstance(derived, ox.QueryTriples)
    wanted = ox.parse((PREFIXES + expected).encode(), format=ox.RdfFormat.TURTLE)
    assert set(derived) == {quad.triple for quad in wanted}
