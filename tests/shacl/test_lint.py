"""Mistakes in shapes that an engine passes over, or dies of."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.store import project
from kg.validation.validate import validate
from kg.words.errors import BadInput
from kg.words.findings import Finding, Severity
from tests.validation.clinics import BASE, DATA, FIRST_LINE, turtle, write

DECLARED = f"""<shapes> a owl:Ontology ; sh:declare <shapes#ns> .
<shapes#ns> sh:prefix "ns" ; sh:namespace "{BASE}ns#"^^xsd:anyURI .
"""
SHAPE = "shapes:X a sh:NodeShape ; sh:targetClass ns:Clinic ;\n    "


def found(folder: Path, shapes: str, *, data: str = "", instead: bool = False) -> list[Finding]:
    """Findings with one more file of shapes (or `instead` of the others), and more data."""
    name = "shapes/shapes.ttl" if instead else "shapes/x.ttl"
    files = {name: turtle(shapes), "data/clinics.ttl": turtle(DATA + data)}
    return [f for f in validate(project.read(write(folder, files))).findings if f.rule != "unused-term"]


def told(folder: Path, shapes: str, *, data: str = "") -> str:
    """All that is said about the shapes, whether as findings or as one refusal."""
    try:
        return "\n".join(f"{f.place}: {f.message}" for f in found(folder, shapes, data=data))
    except BadInput as error:
        return str(error)


NOTHING = {
    "no shapes at all": "",
    "no target": "shapes:X a sh:NodeShape ; sh:property [ sh:path ns:beds ; sh:minCount 1 ] .",
    "something else": "ns:x a ns:Clinic .",
}


@pytest.mark.parametrize("shapes", NOTHING.values(), ids=NOTHING)
def test_shapes_that_validate_nothing_are_an_error(tmp_path: Path, shapes: str) -> None:
    (finding,) = [f for f in found(tmp_path, shapes, instead=True) if f.rule == "shapes"]
    assert finding.severity is Severity.ERROR
    assert "validates nothing" in finding.message


def test_shape_that_is_a_class_has_itself_as_target(tmp_path: Path) -> None:
    shapes = (
        "ns:Clinic a sh:NodeShape , rdfs:Class ; sh:property [ sh:path ns:beds ; sh:maxCount 0 ; sh:message 'no' ] ."
    )
    assert [f.message for f in found(tmp_path, shapes, instead=True)] == ["no"]


def test_class_without_instances_is_a_warning_with_its_line(tmp_path: Path) -> None:
    shapes = "shapes:X a sh:NodeShape ;\n    sh:targetClass ns:Hospital , owl:Restriction ."
    (finding,) = found(tmp_path, shapes)
    assert finding.severity is Severity.WARNING
    assert str(finding.place) == f"shapes/x.ttl:{FIRST_LINE + 1}:5"
    assert "X validates nothing" in finding.message
    assert "owl:Restriction" in finding.message


def test_class_with_instances_of_a_subclass_is_no_warning(tmp_path: Path) -> None:
    assert found(tmp_path, "shapes:X a sh:NodeShape ; sh:targetClass ns:Clinic .") == []


WRONG: dict[str, tuple[str, list[str]]] = {
    "slip of the pen in a constraint": (
        SHAPE + "sh:property [ sh:path ns:beds ;\n sh:minCont 1 ] .",
        ["sh:minCont", "Did you mean sh:minCount?", "@2"],
    ),
    "slip of the pen in a target": (
        "shapes:X a sh:NodeShape ;\n sh:targetClas ns:Clinic .",
        ["Did you mean sh:targetClass?", "@1"],
    ),
    "slip of the pen in a type": (
        "shapes:X a sh:NodeShap ; sh:targetClass ns:Clinic .",
        ["Did you mean sh:NodeShape?", "@0"],
    ),
    "slip of the pen in a value": (SHAPE + "sh:nodeKind sh:IRl .", ["Did you mean sh:IRI?", "@1"]),
    "no path": (
        SHAPE + "sh:property shapes:Y .\nshapes:Y a sh:PropertyShape ; sh:minCount 1 .",
        ["Y has no sh:path", "@2"],
    ),
    "no path, blank": (SHAPE + "sh:property [ sh:minCount 1 ] .", ["no sh:path", "@1"]),
    "count that is a word": (
        SHAPE + 'sh:property [ sh:path ns:beds ; sh:minCount "x" ] .',
        ["sh:minCount takes an integer", '"x"', "@1"],
    ),
    "count that is a string": (
        SHAPE + 'sh:property [ sh:path ns:beds ; sh:maxCount "1" ] .',
        ["sh:maxCount takes an integer", "@1"],
    ),
    "count below zero": (SHAPE + "sh:property [ sh:path ns:beds ; sh:minCount -1 ] .", ["sh:minCount", "@1"]),
    "count given twice": (SHAPE + "sh:property [ sh:path ns:beds ; sh:minCount 1 , 2 ] .", ["sh:minCount", "@1"]),
    "pattern that is none": (
        SHAPE + 'sh:property [ sh:path ns:beds ; sh:pattern "(" ] .',
        ["sh:pattern", "no regular expression", "@1"],
    ),
    "two paths": (SHAPE + "sh:property [ sh:path ns:beds , ns:opened ; sh:minCount 1 ] .", ["sh:path", "@1"]),
    "a path that is a string": (SHAPE + 'sh:property [ sh:path "x" ; sh:minCount 1 ] .', ["sh:path", "@1"]),
    "a list that is none": (SHAPE + "sh:property [ sh:path ns:beds ; sh:in ns:Clinic ] .", ["sh:in", "list", "@1"]),
    "alternatives that are no list": (SHAPE + "sh:or ns:Clinic .", ["sh:or", "list", "@1"]),
    "no alternatives": (SHAPE + "sh:or ( ) .", ["sh:or", "list", "@1"]),
    "a qualified count of nothing": (
        SHAPE + "sh:property [ sh:path ns:beds ; sh:qualifiedMinCount 1 ] .",
        ["sh:qualifiedValueShape", "@1"],
    ),
    "uniqueLang that is a word": (
        SHAPE + 'sh:property [ sh:path ns:beds ; sh:uniqueLang "x" ] .',
        ["sh:uniqueLang", "@1"],
    ),
    "a shape that nobody describes": (SHAPE + "sh:node shapes:Missing .", ["Missing", "@1"]),
    "a property shape that nobody describes": (SHAPE + "sh:property shapes:Missing .", ["Missing"]),
    "a shape within itself": (SHAPE + "sh:node shapes:X .", ["X", "@1"]),
    "a target of the advanced features": (
        'shapes:X a sh:NodeShape ;\n sh:target [ sh:select "SELECT ?this { ?this ?p ?o }" ] .',
        ["sh:target", "@1"],
    ),
    "a constraint in JavaScript": (SHAPE + 'sh:js [ sh:jsFunctionName "f" ] .', ["sh:js", "@1"]),
}


@pytest.mark.parametrize(("shapes", "said"), WRONG.values(), ids=WRONG)
def test_mistake_is_told_with_the_shape_and_its_line(tmp_path: Path, shapes: str, said: list[str]) -> None:
    """`@n` is the line behind the prefixes."""
    message = told(tmp_path, shapes)
    wanted = [f"shapes/x.ttl:{FIRST_LINE + int(s[1:])}:" if s.startswith("@") else s for s in said]
    assert [s for s in wanted if s not in message] == []


def select(query: str) -> str:
    return f'{DECLARED}{SHAPE}sh:sparql shapes:Q .\nshapes:Q sh:prefixes <shapes> ;\n    sh:select """{query}""" .'


QUERIES: dict[str, tuple[str, list[str]]] = {
    "not SPARQL": ("SELECT $this WHERE { $this ns:beds ?v ", ["X is no valid SPARQL", "line 1, column"]),
    "undeclared prefix": ("SELECT $this WHERE { $this foo:beds ?v }", ['X uses the prefix "foo"', "sh:prefixes"]),
    "ASK where SELECT must be": ("ASK { $this ns:beds ?v }", ["X", "SELECT"]),
    "CONSTRUCT where SELECT must be": ("CONSTRUCT WHERE { $this ns:beds ?v }", ["X", "SELECT"]),
    "$this not among the results": ("SELECT ?v WHERE { ?node ns:beds ?v }", ["X", "$this"]),
    "MINUS, which SHACL forbids": ("SELECT $this WHERE { $this ns:beds ?v MINUS { ?a ?b ?v } }", ["X", "MINUS"]),
    "VALUES, which SHACL forbids": ("SELECT $this WHERE { $this ns:beds ?v VALUES ?v { 3 } }", ["X", "VALUES"]),
    "SERVICE, which SHACL forbids": (
        "SELECT $this WHERE { SERVICE <http://127.0.0.1:1/> { $this ns:beds ?v } }",
        ["X", "SERVICE"],
    ),
    "a function that nobody has": (
        "SELECT $this WHERE { $this ns:beds ?v FILTER(<https://a/f>(?v)) }",
        ["X", "https://a/f"],
    ),
    "SPARQL 1.2, which rdflib does not know": ("SELECT $this WHERE { << $this ns:beds ?v >> ?p ?o }", ["X", "SPARQL"]),
    "$PATH without a path": ("SELECT $this WHERE { $this $PATH ?v }", ["X", "$PATH"]),
}


@pytest.mark.parametrize(("query", "said"), QUERIES.values(), ids=QUERIES)
def test_query_that_cannot_be_used_is_told_with_its_constraint_and_line(
    tmp_path: Path, query: str, said: list[str]
) -> None:
    message = told(tmp_path, select(query))
    assert [s for s in [*said, "shapes/x.ttl:"] if s not in message] == []


GOOD_QUERIES = {
    "declared prefix": "SELECT $this ?value WHERE { $this ns:beds ?value FILTER ( ?value > 100 ) }",
    "question mark for dollar": "SELECT ?this ?value WHERE { ?this ns:beds ?value FILTER ( ?value > 100 ) }",
    "grouping": "SELECT $this ( COUNT ( ?v ) AS ?value ) { $this ns:beds ?v } GROUP BY $this",
    "no prefix needed": f"SELECT $this ?value WHERE {{ $this <{BASE}ns#beds> ?value }}",
}


@pytest.mark.parametrize("query", GOOD_QUERIES.values(), ids=GOOD_QUERIES)
def test_query_that_can_be_used_is_run(tmp_path: Path, query: str) -> None:
    (finding,) = found(tmp_path, select(query))
    assert (finding.rule, finding.focus) == ("X", "id/clinic/dawn")


def test_two_shapes_with_one_mistake_each_are_both_told(tmp_path: Path) -> None:
    shapes = SHAPE + "sh:minCont 1 .\nshapes:Y a sh:NodeShape ; sh:targetClass ns:Clinic ; sh:maxCont 1 ."
    lines = [f.place.line for f in found(tmp_path, shapes) if f.place and f.severity is Severity.ERROR]
    assert lines == [FIRST_LINE + 1, FIRST_LINE + 2]


def test_mistake_in_a_shape_does_not_hide_what_is_wrong_in_the_data(tmp_path: Path) -> None:
    message = told(tmp_path, SHAPE + "sh:minCont 1 .", data='<id/clinic/x> ns:opened "2031-13-45"^^xsd:date .')
    assert "2031-13-45" in message
    assert "sh:minCont" in message


def test_annotation_in_a_shapes_file_is_no_trouble(tmp_path: Path) -> None:
    assert told(tmp_path, SHAPE + 'sh:order 1 {| rdfs:comment "first" |} .') == ""


def test_several_values_that_cannot_be_compared_are_no_trouble(tmp_path: Path) -> None:
    shapes = SHAPE + (
        'sh:property [ sh:path ns:opened ; sh:hasValue "2031-01-01T00:00:00"^^xsd:dateTime , '
        '"2031-01-01T00:00:00Z"^^xsd:dateTime , "x" , 1 , ns:Clinic ; sh:message "all of them" ] .'
    )
    assert "all of them" in told(tmp_path, shapes)
