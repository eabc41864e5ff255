"""Names that nothing declares, links that lead nowhere, values that no datatype has."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.store import project
from kg.validation import terms
from kg.words.findings import Finding, Severity
from tests.validation.clinics import DATA, FIRST_LINE, SHAPES, turtle, write


def found(folder: Path, data: str, *, shapes: str = "", without: tuple[str, ...] = ()) -> list[Finding]:
    files = {"data/clinics.ttl": turtle(DATA + data), "shapes/shapes.ttl": turtle(SHAPES + shapes)}
    return list(terms.check(project.read(write(folder, files, without=without))))


UNKNOWN: dict[str, tuple[str, str, list[str]]] = {
    "property": ("<id/clinic/dawn> ns:bed 3 .", "unknown-term", ["ns#bed", "Did you mean ns#beds?"]),
    "class": ("<id/clinic/b> a ns:Clinik .", "unknown-term", ["ns#Clinik", "Did you mean ns#Clinic?"]),
    "thing": (
        "<id/clinic/b> ns:partner <id/clinic/down> .",
        "unknown-thing",
        ["id/clinic/down", "Did you mean id/clinic/dawn?"],
    ),
    "thing like no other": ("<id/clinic/b> ns:partner <id/person/zzz> .", "unknown-thing", ["id/person/zzz"]),
    "concept": ("<id/clinic/b> ns:partner <vocab/kind/public> .", "unknown-term", ["vocab/kind/public"]),
    "in an annotation": ("<id/clinic/dawn> ns:beds 3 {| ns:bed 4 |} .", "unknown-term", ["ns#bed"]),
    "term of the claims' vocabulary": (
        "<id/clinic/dawn> hs:quote 3 .",
        "unknown-term",
        ["hs:quote", "Did you mean hs:quotes?"],
    ),
    "datatype of the project": ('<id/clinic/dawn> ns:opened "x"^^ns:day .', "unknown-term", ["ns#day"]),
    "datatype of the claims' vocabulary": ('<id/clinic/dawn> ns:opened "x"^^hs:day .', "unknown-term", ["hs:day"]),
}


@pytest.mark.parametrize(("data", "rule", "said"), UNKNOWN.values(), ids=UNKNOWN)
def test_unknown_name_is_told_with_its_line_and_a_suggestion(
    tmp_path: Path, data: str, rule: str, said: list[str]
) -> None:
    (finding,) = found(tmp_path, "\n" + data)
    assert (finding.severity, finding.rule) == (Severity.VIOLATION, rule)
    assert str(finding.place) == f"data/clinics.ttl:{FIRST_LINE + 4}:1"
    assert [s for s in said if s not in finding.message] == []


def test_a_beginning_that_all_addresses_share_makes_no_two_names_alike(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, "\n<id/clinic/b> ns:partner <id/clinic/hilltop> .")
    assert finding.message == (
        "unknown thing id/clinic/hilltop: no file says what it is. Declare it, or use a thing that is there"
    )


def test_a_name_is_missed_in_each_file_that_has_it_wherever_it_stands(tmp_path: Path) -> None:
    documents = "<vocab/kind/a> rdfs:seeAlso <docs/x> . <vocab/kind/b> rdfs:isDefinedBy <docs/x> ."
    rules = [(f.rule, f.value) for f in found(tmp_path, documents + "\n<id/clinic/b> ns:partner <id/clinic/hilltop> .")]
    assert rules == [("unknown-term", "docs/x"), ("unknown-thing", "id/clinic/hilltop")]


TEXTS: dict[str, tuple[str, list[str]]] = {
    "one of two is described": ("<source/a.txt>, <source/b.txt>", ["source/b.txt"]),
    "none is, as with other data": ("<source/b.txt>, <source/c.txt>", []),
}


@pytest.mark.parametrize(("cited", "missed"), TEXTS.values(), ids=TEXTS)
def test_text_that_the_ontology_cites_is_missed_beside_one_that_is_there(
    tmp_path: Path, cited: str, missed: list[str]
) -> None:
    files = {
        "data/clinics.ttl": turtle(DATA + "<source/a.txt> a hs:SourceDocument ."),
        "ontology/more.ttl": turtle(f"<ns> dcterms:source {cited} ."),
    }
    assert [f.value for f in terms.check(project.read(write(tmp_path, files)))] == missed


ONTOLOGY = """
<https://schema.org/startDate> a owl:DatatypeProperty .
<http://www.wikidata.org/prop/direct/P31> a owl:ObjectProperty .
dcterms:title a owl:DatatypeProperty .
"""
NEARLY: dict[str, tuple[str, str]] = {
    "a letter less": ("<https://schema.org/startDat>", "Did you mean schema:startDate?"),
    "http for https": ("<http://schema.org/startDate>", "Did you mean schema:startDate?"),
    "a prefix with a slip, of a declared term": ("<http://purl.org/dc/term/title>", "Did you mean dcterms:title?"),
    "a prefix with a slip, of a closed vocabulary": ("<http://xmlns.com/foaf/1/name>", "Did you mean foaf:name?"),
    "another term": ("<https://schema.org/keywords>", ""),
    "a term of a vocabulary that is only near": ("<http://purl.org/dc/elements/1.1/title>", ""),
    "a number": ("<http://www.wikidata.org/prop/direct/P131>", ""),
}


@pytest.mark.parametrize(("property_", "said"), NEARLY.values(), ids=NEARLY)
def test_term_that_is_nearly_one_of_another_vocabulary_is_told_as_a_warning(
    tmp_path: Path, property_: str, said: str
) -> None:
    files = {"ontology/reused.ttl": turtle(ONTOLOGY), "data/x.ttl": turtle(f"<id/clinic/dawn> {property_} 3 .")}
    findings = list(terms.check(project.read(write(tmp_path, files))))
    assert [(f.severity, f.rule) for f in findings] == ([(Severity.WARNING, "unknown-term")] if said else [])
    assert all(f.message.endswith(said) for f in findings)


ANNOTATED = '<id/clinic/dawn> ns:beds 4 {| hs:quotes "0,1 4" ; hs:wording <vocab/wording/implied> |} .'
KNOWN = {
    "of another vocabulary": "<id/clinic/dawn> <https://v.example/noSuchThing> 3 .",
    "of the ontology": "<id/clinic/dawn> ns:partner <id/clinic/dawn> .",
    "of the claims' vocabulary, which the program knows": ANNOTATED,
    "the graph of a file": "<id/clinic/dawn> ns:partner <graph/clinics> .",
}


@pytest.mark.parametrize("data", KNOWN.values(), ids=KNOWN)
def test_known_name_is_not_told(tmp_path: Path, data: str) -> None:
    assert found(tmp_path, data) == []


def test_name_is_told_once_a_file(tmp_path: Path) -> None:
    assert len(found(tmp_path, "<id/clinic/dawn> ns:bed 3 , 4 . <id/clinic/x> ns:bed 5 .")) == 1


def test_unknown_name_in_the_shapes_is_told_there(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, "", shapes="shapes:Y sh:path ns:bedz .")
    assert finding.place is not None
    assert finding.place.path == "shapes/shapes.ttl"
    assert "Did you mean ns#beds?" in finding.message


def test_without_an_ontology_only_things_are_checked(tmp_path: Path) -> None:
    data = "<id/clinic/dawn> ns:bed 3 ; ns:partner <id/clinic/down> ."
    assert [f.rule for f in found(tmp_path, data, without=("ontology/ontology.ttl",))] == ["unknown-thing"]
