"""The short notation of claims and what becomes of it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.store import claims, project, release
from kg.store.claims import Expansion
from kg.store.locate import Locator
from kg.words.errors import BadInput
from kg.words.findings import Place, Severity
from kg.words.names import HS, NIF
from kg.words.settings import Settings

BASE = "https://example.org/kg/"
PREFIXES = """@base <https://example.org/kg/> .
@prefix ns: <https://example.org/kg/ns#> .
@prefix hs: <https://w3id.org/health-solidarity/ns#> .
@prefix nif: <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix modality: <vocab/modality/> .
@prefix wording: <vocab/wording/> .
@prefix label-status: <vocab/label-status/> .
"""
FIRST_LINE = PREFIXES.count("\n") + 1


def expand(folder: Path, **files: str) -> tuple[Expansion, Locator]:
    """Files (name with `__` for a slash -> Turtle after the prefixes), expanded, and where their statements are."""
    for name, text in files.items():
        path = folder / "data" / (name.replace("__", "/") + ".ttl")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PREFIXES + text, encoding="utf-8")
    read = project.read(Settings(root=folder, base=BASE))
    assert read.findings == ()
    expansion = claims.expand(read.documents, BASE)
    return expansion, Locator(read.documents, expansion)


def graph(expansion: Expansion, name: str) -> set[ox.Triple]:
    return {q.triple for q in expansion.quads if q.graph_name == ox.NamedNode(f"{BASE}graph/{name}")}


def triples(text: str) -> set[ox.Triple]:
    return {q.triple for q in ox.parse((PREFIXES + text).encode(), format=ox.RdfFormat.TURTLE, base_iri=BASE)}


def iri(triple: str, graph_name: str) -> str:
    """The claim's IRI as the documentation defines it, computed from N-Triples text."""
    digest = hashlib.sha256(f"{triple} <{BASE}graph/{graph_name}>".encode()).hexdigest()
    return f"id/claim/{digest[:8]}"


BEDS = f'<{BASE}id/clinic/a> <{BASE}ns#beds> "120"^^<http://www.w3.org/2001/XMLSchema#integer>'
NAME = f'<{BASE}id/clinic/a> <http://www.w3.org/2004/02/skos/core#prefLabel> "Лікарня"@uk'


def test_annotated_triple_becomes_a_plain_triple_a_claim_and_a_range(tmp_path: Path) -> None:
    expansion, _ = expand(tmp_path, source__t='<id/clinic/a> ns:beds 120 {| hs:quotes "10,19 120 ліжок" |} .')
    assert graph(expansion, "source/t") == triples("<id/clinic/a> ns:beds 120 .")
    assert graph(expansion, "provenance") == triples(f"""
        <{iri(BEDS, "source/t")}> a hs:Claim ; rdf:subject <id/clinic/a> ; rdf:predicate ns:beds ; rdf:object 120 ;
            hs:inGraph <graph/source/t> ; hs:modality modality:asserted ; hs:wording wording:verbatim ;
            prov:wasQuotedFrom <source/t.txt#char=10,19> .
        <source/t.txt#char=10,19> a nif:RFC5147String ; nif:referenceContext <source/t.txt> ; nif:anchorOf "120 ліжок" ;
            nif:beginIndex "10"^^xsd:nonNegativeInteger ; nif:endIndex "19"^^xsd:nonNegativeInteger .
    """)


def test_expansion_is_rdf_1_1(tmp_path: Path) -> None:
    expansion, _ = expand(tmp_path, source__t='<id/clinic/a> ns:beds 120 {| hs:quotes "10,19 120 ліжок" |} .')
    assert not any(isinstance(q.object, ox.Triple) for q in expansion.quads)
    assert not any(q.predicate == claims.REIFIES for q in expansion.quads)


def test_expansion_of_the_same_files_is_the_same_whatever_their_order(tmp_path: Path) -> None:
    expand(
        tmp_path,
        source__t='<id/clinic/a> ns:beds 120 {| hs:quotes "10,19 120 ліжок" |} .',
        curated="<id/clinic/a> ns:beds 120 {| prov:wasDerivedFrom <source/t.txt#char=10,19> |} .",
    )
    read = project.read(Settings(root=tmp_path, base=BASE))
    forwards, backwards = (claims.expand(d, BASE).quads for d in (read.documents, read.documents[::-1]))
    assert set(forwards) == set(backwards)


def test_object_keeps_its_lexical_form_in_iri_and_claim(tmp_path: Path) -> None:
    expansion, _ = expand(tmp_path, source__t='<id/clinic/a> ns:share 1.50 {| hs:quotes "0,4 1,50" |} .')
    written = f'<{BASE}id/clinic/a> <{BASE}ns#share> "1.50"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    assert triples(f"<{iri(written, 'source/t')}> rdf:object 1.50 .") <= graph(expansion, "provenance")


def test_long_range_carries_its_hash_and_no_words(tmp_path: Path) -> None:
    expansion, _ = expand(
        tmp_path, source__t=f'<id/clinic/a> ns:beds 120 {{| hs:quotes "0,200 sha256:{"a" * 64}" |}} .'
    )
    found = {t for t in graph(expansion, "provenance") if t.subject == ox.NamedNode(f"{BASE}source/t.txt#char=0,200")}
    assert found == triples(f"""
        <source/t.txt#char=0,200> a nif:RFC5147String ; nif:referenceContext <source/t.txt> ; hs:sha256 "{"a" * 64}" ;
            nif:beginIndex "0"^^xsd:nonNegativeInteger ; nif:endIndex "200"^^xsd:nonNegativeInteger .
    """)


def test_line_break_and_odd_spaces_of_a_phrase_are_kept(tmp_path: Path) -> None:
    expansion, _ = expand(tmp_path, source__t='<id/clinic/a> ns:beds 1 {| hs:quotes "3,9  одне\\n\\u00A0" |} .')
    assert triples('<source/t.txt#char=3,9> nif:anchorOf " одне\\n\\u00A0" .') <= graph(expansion, "provenance")


def test_two_ranges_make_one_claim_with_both(tmp_path: Path) -> None:
    text = '<id/clinic/a> ns:beds 120 {| hs:quotes "10,13 120", "10,19 120 ліжок" |} .'
    expansion, _ = expand(tmp_path, source__t=text)
    claim = iri(BEDS, "source/t")
    assert triples(f"<{claim}> prov:wasQuotedFrom <source/t.txt#char=10,13>, <source/t.txt#char=10,19> .") <= graph(
        expansion, "provenance"
    )


def test_annotations_of_one_triple_in_one_graph_are_merged(tmp_path: Path) -> None:
    expansion, _ = expand(
        tmp_path,
        source__t="""<id/clinic/a> ns:beds 120 {| hs:quotes "10,13 120" ; hs:modality modality:reported |} .
            <id/clinic/a> ns:beds 120 {| hs:quotes "30,33 120" ; rdfs:comment "twice"@en |} .""",
    )
    provenance = graph(expansion, "provenance")
    assert len([t for t in provenance if t.object == ox.NamedNode(HS + "Claim")]) == 1
    claim = iri(BEDS, "source/t")
    assert (
        triples(
            f"""<{claim}> prov:wasQuotedFrom <source/t.txt#char=10,13>, <source/t.txt#char=30,33> ;
            hs:modality modality:reported ; rdfs:comment "twice"@en ."""
        )
        <= provenance
    )


def test_same_triple_in_two_graphs_makes_two_claims(tmp_path: Path) -> None:
    expansion, _ = expand(
        tmp_path,
        source__t='<id/clinic/a> ns:beds 120 {| hs:quotes "10,13 120" |} .',
        source__u='<id/clinic/a> ns:beds 120 {| hs:quotes "5,8 120" |} .',
    )
    provenance = graph(expansion, "provenance")
    for name in ("source/t", "source/u"):
        assert triples(f"<{iri(BEDS, name)}> a hs:Claim ; hs:inGraph <graph/{name}> .") <= provenance


MODALITIES = {
    "a source asserts": ("source__t", 'hs:quotes "0,1 x"', "asserted"),
    "an outside document asserts": ("external", "prov:wasDerivedFrom <https://example.net/>", "asserted"),
    "derived": ("derived", "prov:wasDerivedFrom <source/t.txt#char=0,1>", "derived"),
    "as written": ("source__t", 'hs:quotes "0,1 x" ; hs:modality modality:planned', "planned"),
}


@pytest.mark.parametrize(("file", "block", "modality"), MODALITIES.values(), ids=MODALITIES)
def test_modality_has_a_default_for_each_graph(tmp_path: Path, file: str, block: str, modality: str) -> None:
    expansion, _ = expand(tmp_path, **{file: f"<id/clinic/a> ns:beds 1 {{| {block} |}} ."})
    assert {t.object for t in graph(expansion, "provenance") if t.predicate == claims.MODALITY} == {
        ox.NamedNode(f"{BASE}vocab/modality/{modality}")
    }


WORDINGS = {
    "verbatim unless said": ('hs:quotes "0,1 x"', {"verbatim"}),
    "as written": ('hs:quotes "0,1 x" ; hs:wording wording:implied', {"implied"}),
    "none where nothing is quoted": ("prov:wasDerivedFrom <https://example.net/>", set()),
}


@pytest.mark.parametrize(("block", "expected"), WORDINGS.values(), ids=WORDINGS)
def test_wording_has_a_default_for_quotes(tmp_path: Path, block: str, expected: set[str]) -> None:
    expansion, _ = expand(tmp_path, source__t=f"<id/clinic/a> ns:beds 1 {{| {block} |}} .")
    assert {t.object for t in graph(expansion, "provenance") if t.predicate == claims.WORDING} == {
        ox.NamedNode(f"{BASE}vocab/wording/{w}") for w in expected
    }


def test_status_of_a_label_without_evidence_makes_a_label_note(tmp_path: Path) -> None:
    text = '<id/clinic/a> skos:prefLabel "Лікарня"@uk {| hs:labelStatus label-status:translated |} .'
    expansion, _ = expand(tmp_path, curated=text)
    assert graph(expansion, "provenance") == triples(f"""
        <{iri(NAME, "curated")}> a hs:LabelNote ; rdf:subject <id/clinic/a> ; rdf:predicate skos:prefLabel ;
            rdf:object "Лікарня"@uk ; hs:inGraph <graph/curated> ; hs:labelStatus label-status:translated .
    """)


def test_status_of_a_label_with_evidence_makes_a_claim(tmp_path: Path) -> None:
    text = (
        '<id/clinic/a> skos:prefLabel "Лікарня"@uk {| hs:labelStatus label-status:source ; hs:quotes "0,7 Лікарня" |} .'
    )
    expansion, _ = expand(tmp_path, source__t=text)
    assert triples(f"<{iri(NAME, 'source/t')}> a hs:Claim ; hs:labelStatus label-status:source .") <= graph(
        expansion, "provenance"
    )


def test_claim_may_be_named(tmp_path: Path) -> None:
    expansion, _ = expand(tmp_path, source__t='<id/clinic/a> ns:beds 1 ~ <id/claim/one> {| hs:quotes "0,1 1" |} .')
    assert triples("<id/claim/one> a hs:Claim ; rdf:object 1 .") <= graph(expansion, "provenance")


def test_two_claims_that_share_eight_digits_have_two_iris(tmp_path: Path) -> None:
    """The two names were found by trying numbers until eight digits of two hashes were equal: fda0d5ff."""
    expansion, _ = expand(
        tmp_path,
        source__t='<id/clinic/a> ns:name "446" {| hs:quotes "0,3 446" |} , "24397" {| hs:quotes "4,9 24397" |} .',
    )
    expected = triples("""
        <id/claim/fda0d5ff> a hs:Claim ; rdf:object "24397" .
        <id/claim/fda0d5ff32037271> a hs:Claim ; rdf:object "446" .
    """)
    assert expected <= graph(expansion, "provenance")


WRONG = {
    "no range": ('"Лікарня"', 'hs:quotes "start,end phrase"'),
    "no phrase": ('"0,7"', 'hs:quotes "start,end phrase"'),
    "hyphen for comma": ('"0-7 Лікарня"', "0-7 Лікарня"),
    "negative start": ('"-1,7 Лікарня"', "-1,7"),
    "an IRI": ("<source/t.txt#char=0,7>", 'hs:quotes "start,end phrase"'),
    "a number": ("7", 'hs:quotes "start,end phrase"'),
    "more digits than a number can have": (f'"0,{"9" * 5000} Лікарня"', "hs:quotes"),
}


@pytest.mark.parametrize(("value", "said"), WRONG.values(), ids=WRONG)
def test_quote_that_cannot_be_read_is_told_with_its_line(tmp_path: Path, value: str, said: str) -> None:
    expansion, _ = expand(tmp_path, source__t=f"\n<id/clinic/a> ns:beds 1\n  {{| hs:quotes {value} |}} .")
    (finding,) = expansion.findings
    assert finding.severity is Severity.ERROR
    assert finding.place == Place("data/source/t.ttl", FIRST_LINE + 2, 3)
    assert said in finding.message


def test_graph_without_a_source_cannot_quote(tmp_path: Path) -> None:
    expansion, _ = expand(tmp_path, curated='<id/clinic/a> ns:beds 1 {| hs:quotes "0,1 1" |} .')
    (finding,) = expansion.findings
    assert finding.place == Place("data/curated.ttl", FIRST_LINE, 1)
    assert "prov:wasDerivedFrom" in finding.message


def test_place_of_a_claim_a_range_and_a_phrase_is_that_of_its_annotation(tmp_path: Path) -> None:
    _, locator = expand(
        tmp_path,
        source__t="""<id/clinic/a>
    ns:beds 120 {| hs:quotes "10,13 120",
        "10,19 120 ліжок" |} ;
    ns:floors 4
        {| hs:quotes "10,13 130" |} .""",
    )
    claim = ox.NamedNode(BASE + iri(BEDS, "source/t"))
    shared = ox.NamedNode(f"{BASE}source/t.txt#char=10,13")
    longer = ox.NamedNode(f"{BASE}source/t.txt#char=10,19")
    anchor = ox.NamedNode(NIF + "anchorOf")
    assert locator.place(claim) == Place("data/source/t.ttl", FIRST_LINE + 1, 5)
    assert locator.place(longer) == Place("data/source/t.ttl", FIRST_LINE + 2, 9)
    assert locator.place(shared, anchor, ox.Literal("120")) == Place("data/source/t.ttl", FIRST_LINE + 1, 5)
    assert locator.place(shared, anchor, ox.Literal("130")) == Place("data/source/t.ttl", FIRST_LINE + 4, 9)


def test_annotation_of_an_annotation_is_a_claim_too_and_no_traceback(tmp_path: Path) -> None:
    expansion, _ = expand(
        tmp_path,
        source__t="""<id/clinic/a> ns:beds 1 ~ <id/claim/one>
            {| hs:quotes "0,1 1" ; rdfs:comment "sure" {| prov:wasAttributedTo <id/person/b> |} |} .""",
    )
    assert not any(isinstance(q.object, ox.Triple) for q in expansion.quads)


@pytest.mark.parametrize("mark", ["true", "false", '"soon"'])
def test_each_mark_of_a_draft_is_a_violation_at_its_line(tmp_path: Path, mark: str) -> None:
    text = f'<id/clinic/a> ns:beds 120\n    {{| hs:draft {mark} ; hs:quotes "10,19 120 ліжок" |}} ;\n ns:rooms 3 .'
    expansion, _ = expand(tmp_path, source__t=text)
    (found,) = expansion.findings
    assert (found.severity, found.rule) == (Severity.VIOLATION, "draft")
    assert found.place == Place("data/source/t.ttl", FIRST_LINE + 1, 5)
    assert (found.focus, found.path, found.value) == ("id/clinic/a", f"{BASE}ns#beds".removeprefix(BASE), "120")
    assert "remove its “hs:draft true ;”" in found.message


def test_a_draft_is_a_claim_like_others_and_says_that_it_is_one(tmp_path: Path) -> None:
    text = '<id/clinic/a> ns:beds 120 {| hs:draft true ; hs:quotes "10,19 120 ліжок" |} .'
    expansion, _ = expand(tmp_path, source__t=text)
    assert graph(expansion, "source/t") == triples("<id/clinic/a> ns:beds 120 .")
    assert triples(f"<{iri(BEDS, 'source/t')}> a hs:Claim ; hs:draft true .") <= graph(expansion, "provenance")


def test_a_thing_can_be_a_draft_as_a_whole(tmp_path: Path) -> None:
    expansion, _ = expand(tmp_path, curated="<id/clinic/a> ns:beds 120 ; hs:draft true .")
    (found,) = expansion.findings
    assert (found.rule, found.focus) == ("draft", "id/clinic/a")
    assert found.message.startswith("this thing is a draft")


def test_a_release_has_no_draft(tmp_path: Path) -> None:
    marked = "<id/clinic/a> ns:beds 120 {| hs:draft true |} ; ns:rooms 3 {| hs:draft true |} ."
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "x.ttl").write_text(PREFIXES + marked, encoding="utf-8")
    found = project.read(Settings(root=tmp_path, base=BASE))
    with pytest.raises(
        BadInput, match=r"nobody has confirmed this.* with a draft \(1 more: run kg validate\)"
    ) as refused:
        release.build(found)
    assert refused.value.where == f"data/x.ttl:{FIRST_LINE}:1"
    assert release.build(found, drafts=True).triples > 2
