"""What the shapes say about data, and how it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.store import project
from kg.validation.checks import CHECKS
from kg.validation.validate import validate
from kg.words.errors import BadInput
from kg.words.findings import Finding, Place, Severity
from tests.validation.clinics import BASE, DATA, FIRST_LINE, turtle, write

SHAPE = "shapes:X a sh:NodeShape ; sh:targetClass ns:Clinic ;\n    "


def found(folder: Path, *, data: str = "", shapes: str = "", focus: tuple[str, ...] = ()) -> list[Finding]:
    files = {"data/clinics.ttl": turtle(DATA + data), "shapes/x.ttl": turtle(shapes)}
    findings = validate(project.read(write(folder, files)), focus=focus).findings
    return [f for f in findings if f.rule in ("shapes", "syntax") or f.rule not in CHECKS]


def test_violation_is_told_with_place_name_path_and_message(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, data='<id/clinic/b>\n    a ns:Clinic ;\n    skos:prefLabel "Друга"@uk .')
    assert finding == Finding(
        Severity.VIOLATION,
        "Beds",
        "A clinic has one number of beds. Add ns:beds.",
        Place("data/clinics.ttl", FIRST_LINE + 4, 5),
        "id/clinic/b",
        "Друга",
        "ns#beds",
        "",
    )


def test_offending_value_is_told_at_its_own_line(tmp_path: Path) -> None:
    shapes = (
        SHAPE + 'sh:property shapes:Few . shapes:Few sh:path ns:beds ; sh:maxInclusive 100 ; sh:message "many"@en .'
    )
    (finding,) = found(tmp_path, shapes=shapes)
    assert finding.rule == "Few"
    assert "171" in finding.value
    assert finding.place == Place("data/clinics.ttl", FIRST_LINE + 2, 5)


def test_english_name_is_shown_before_others(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, data="<id/clinic/dawn> ns:beds 2 .")
    assert finding.label == "Dawn Clinic"


SEVERITIES = {
    "violation": ("sh:Violation", Severity.VIOLATION),
    "warning": ("sh:Warning", Severity.WARNING),
    "info": ("sh:Info", Severity.INFO),
    "none said": ("", Severity.VIOLATION),
    "one of its own": ("ns:Clinic", Severity.VIOLATION),
}


@pytest.mark.parametrize(("said", "severity"), SEVERITIES.values(), ids=SEVERITIES)
def test_severity_is_that_of_the_shape(tmp_path: Path, said: str, severity: Severity) -> None:
    extra = f"sh:severity {said} ; " if said else ""
    (finding,) = found(tmp_path, shapes=SHAPE + extra + 'sh:nodeKind sh:Literal ; sh:message "no" .')
    assert finding.severity is severity


PATHS = {
    "inverse": ("[ sh:inversePath ns:partner ]", "ns#partner"),
    "sequence": ("( ns:partner ns:beds )", "ns#partner / ns#beds"),
    "alternative": ("[ sh:alternativePath ( ns:partner ns:opened ) ]", "ns#partner / ns#opened"),
    "repeated": ("[ sh:oneOrMorePath ns:partner ]", "ns#partner"),
}


@pytest.mark.parametrize(("path", "shown"), PATHS.values(), ids=PATHS)
def test_property_path_is_shown_by_its_properties(tmp_path: Path, path: str, shown: str) -> None:
    (finding,) = found(tmp_path, shapes=SHAPE + f"sh:property [ sh:path {path} ; sh:minCount 1 ; sh:message 'x' ] .")
    assert finding.path == shown


DATATYPES = {
    "string with and without its type": ('"a"^^xsd:string', '"a"'),
    "plain string in the shape": ('"a"', '"a"^^xsd:string'),
    "number as it is written": ("01", "01"),
    "with a language": ('"a"@uk', '"a"@uk'),
}


@pytest.mark.parametrize(("in_data", "in_shape"), DATATYPES.values(), ids=DATATYPES)
def test_equal_literals_are_equal(tmp_path: Path, in_data: str, in_shape: str) -> None:
    shapes = SHAPE + f"sh:property [ sh:path ns:opened ; sh:in ( {in_shape} ) ; sh:hasValue {in_shape} ] ."
    assert found(tmp_path, data=f"<id/clinic/dawn> ns:opened {in_data} .", shapes=shapes) == []


INCOMPARABLE = {
    "an IRI": "<id/clinic/dawn>",
    "a blank node": "[]",
    "a string": '"x"',
    "an ill-typed number": '"x"^^xsd:integer',
}
COMPARISONS = {
    "lessThan": "sh:property [ sh:path ns:beds ; sh:lessThan ns:opened ]",
    "lessThanOrEquals": "sh:property [ sh:path ns:opened ; sh:lessThanOrEquals ns:beds ]",
    "minInclusive": "sh:property [ sh:path ns:opened ; sh:minInclusive 3 ]",
    "maxExclusive": 'sh:property [ sh:path ns:opened ; sh:maxExclusive "2020-01-01T00:00:00Z"^^xsd:dateTime ]',
}


@pytest.mark.parametrize("constraint", COMPARISONS.values(), ids=COMPARISONS)
@pytest.mark.parametrize("value", INCOMPARABLE.values(), ids=INCOMPARABLE)
def test_values_that_cannot_be_compared_are_violations_at_their_line(
    tmp_path: Path, constraint: str, value: str
) -> None:
    data = f"<id/clinic/dawn>\n    ns:opened {value} ."
    findings = found(tmp_path, data=data, shapes=SHAPE + constraint + " .")
    assert {f.severity for f in findings} == {Severity.VIOLATION}
    assert {f.place.path for f in findings if f.place} == {"data/clinics.ttl"}


def test_focus_keeps_only_what_the_shapes_say_about_these_nodes(tmp_path: Path) -> None:
    data = "<id/clinic/b> a ns:Clinic . <id/clinic/c> a ns:Clinic ; ns:beds 1 ."
    assert [f.focus for f in found(tmp_path, data=data)] == ["id/clinic/b"]
    assert [f.focus for f in found(tmp_path, data=data, focus=(BASE + "id/clinic/b",))] == ["id/clinic/b"]
    assert found(tmp_path, data=data, focus=(BASE + "id/clinic/c",)) == []


@pytest.mark.parametrize("focus", [BASE + "id/clinic/nobody", "id/clinic/nobody", "", "not an IRI"])
def test_focus_that_is_not_in_the_graph_is_bad_input(tmp_path: Path, focus: str) -> None:
    with pytest.raises(BadInput, match="not in the graph"):
        found(tmp_path, focus=(focus,))


def test_focus_on_one_node_asks_the_nested_shapes_too(tmp_path: Path) -> None:
    shapes = SHAPE + (
        "sh:property [ sh:path ns:partner ; sh:message 'nested' ; "
        "sh:node [ sh:property [ sh:path ns:beds ; sh:minCount 5 ] ] ] ."
    )
    data = "<id/clinic/b> a ns:Clinic ; ns:beds 1 ; ns:partner <id/clinic/dawn> ."
    assert [f.message for f in found(tmp_path, data=data, shapes=shapes, focus=(BASE + "id/clinic/b",))] == ["nested"]


def test_iri_that_a_query_makes_up_is_no_trouble(tmp_path: Path) -> None:
    shapes = SHAPE + (
        'sh:sparql [ sh:message "made up" ; '
        'sh:select "SELECT $this ?value WHERE { $this a ?c BIND ( IRI ( \\"not an <iri>\\" ) AS ?value ) }" ] .'
    )
    assert [f.message for f in found(tmp_path, shapes=shapes)] == ["made up"]


def test_blank_node_is_shown_by_its_line_and_never_by_its_label(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, data="[] a ns:Clinic .")
    assert finding.place == Place("data/clinics.ttl", FIRST_LINE + 3, 1)
    assert "_:" not in f"{finding.focus} {finding.label} {finding.value} {finding.message}"


def test_triple_terms_are_told_and_no_trouble(tmp_path: Path) -> None:
    """RDF 1.1, which SHACL is about, has none; annotations are turned into claims before."""
    try:
        messages = [f"{f.place}" for f in found(tmp_path, data="<id/x> ns:partner <<( <id/a> ns:beds 1 )>> .")]
    except BadInput as error:
        messages = [str(error)]
    assert f"data/clinics.ttl:{FIRST_LINE + 3}:1" in "\n".join(messages)


def test_same_result_is_told_once(tmp_path: Path) -> None:
    shapes = (
        SHAPE
        + "sh:property shapes:Beds . shapes:Y a sh:NodeShape ; sh:targetClass ns:Hospital ; sh:property shapes:Beds ."
    )
    findings = found(tmp_path, data="<id/clinic/b> a ns:Hospital .", shapes=shapes)
    assert len(findings) == len(set(findings))
