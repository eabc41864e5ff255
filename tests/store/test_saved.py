"""Saved queries: what is read, what is wrong with a file and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.store import project, release, saved
from kg.store.saved import Catalogue
from kg.words.errors import BadInput
from kg.words.findings import Place
from tests.store.saved import BASE, PREFIXES, build, write

LINES = PREFIXES.count("\n")
HEAD = '<queries/q> a sh:SPARQLExecutable ; rdfs:label "?"@en ;'


def read(root: Path, **queries: str) -> Catalogue:
    found = project.read(write(root, **queries))
    assert not found.findings
    return saved.read(found.queries, BASE)


def test_queries_of_every_form_are_read(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert not found.findings
    assert {q.name: q.form for q in found.queries.values()} == {
        "clinics": "SELECT", "is-one": "ASK", "names": "CONSTRUCT"
    }  # fmt: skip


def test_text_is_complete_with_the_prefixes_that_it_uses(tmp_path: Path) -> None:
    queries = read(tmp_path).queries
    assert queries["is-one"].text == f"PREFIX own: <{BASE}ns#>\nASK {{ ?thing a own:Clinic }}"
    assert queries["clinics"].text.count("PREFIX") == 2


def test_prefixes_in_strings_and_comments_are_not_used(tmp_path: Path) -> None:
    text = f"""{HEAD} sh:prefixes <queries> ; sh:select "SELECT ?x {{ ?x ?y 'own:a' }} # rdfs:label" ."""
    assert "PREFIX" not in read(tmp_path, q=text).queries["q"].text


def test_parameters_come_in_their_order_with_names_for_those_that_have_none(tmp_path: Path) -> None:
    parameters = read(tmp_path).queries["clinics"].parameters
    assert [p.variable for p in parameters] == ["clinic", "beds", "opened", "name", "motto", "open"]
    assert parameters[0].names == {"": "clinic"}
    assert [p.required for p in parameters] == [False] * 6
    assert read(tmp_path).queries["is-one"].parameters[0].required


def test_values_are_joined_to_the_text_for_other_places(tmp_path: Path) -> None:
    query = build(tmp_path).saved.queries["names"]
    text = query.with_values((("thing", f"<{BASE}id/clinic/a>"),))
    assert text.startswith(query.text)
    assert text.split() == [*query.text.split(), *f"VALUES ( ?thing ) {{ ( <{BASE}id/clinic/a> ) }}".split()]
    assert query.with_values(()) == query.text


def test_text_that_ends_in_values_gets_no_second_ones(tmp_path: Path) -> None:
    parameter = "sh:parameter [ sh:path <p#x> ; sh:nodeKind sh:IRI ]"
    text = f'{HEAD} {parameter} ; sh:select "SELECT ?x {{ ?x ?y ?z }} VALUES ?z {{ 1 2 }}" .'
    query = read(tmp_path, q=text).queries["q"]
    assert query.with_values((("x", "<urn:a>"),)) == query.text


MISTAKES = {
    "no text": (f"{HEAD} rdfs:comment 'none' .", "has no text", 0),
    "two texts": (f'{HEAD} sh:select "SELECT * {{}}" ; sh:ask "ASK {{}}" .', "has 2 texts", 0),
    "syntax in one line": (f'{HEAD} sh:select "SELECT ?x {{ ?x" .', "the query q does not parse", 0),
    "syntax in a text of several lines": (
        f'{HEAD}\n  sh:select """\nSELECT ?x\nWHERE {{ ?x foo:p ?y }}""" .', "a prefix is used that is not declared", 3
    ),
    "syntax in a text with escapes": (f'{HEAD} sh:select "SELECT \\"\\n {{" .', "does not parse", 0),
    "other server": (f'{HEAD} sh:select "SELECT * {{ SERVICE <urn:a> {{}} }}" .', "sends no requests", 0),
    "syntax beside another server": (f'{HEAD} sh:select "SELECT * {{ SERVICE <urn:a> {{}}" .', "does not parse", 0),
    "unknown function": (f'{HEAD} sh:ask "ASK {{ FILTER(<urn:f>(1)) }}" .', "cannot be evaluated", 0),
    "form": (f'{HEAD} sh:select "ASK {{}}" .', "sh:select of the query q holds ASK. Use sh:ask", 0),
    "update": (f'{HEAD} sh:select "DELETE WHERE {{ ?s ?p ?o }}" .', "does not parse", 0),
    "blank": ('[] sh:select "SELECT * {}" .', "needs an IRI", 0),
    "name": ('<queries/a.b> sh:select "SELECT * {}" .', '"a.b", the end of its IRI, cannot be its name', 0),
    "same name": (
        '<queries/x/clinics> a sh:SPARQLExecutable ;\n  sh:select "SELECT * {}" .', "have the same name. Rename one", 0
    ),
    "no path": (f'{HEAD} sh:parameter <p> ; sh:select "SELECT ?x {{}}" . <p> a sh:Parameter .', "needs an sh:path", 0),
    "path without a name": (
        f'{HEAD} sh:parameter <p> ; sh:select "SELECT ?x {{}}" . <p> sh:path <p#1> .', "needs an sh:path", 0
    ),
    "taken": (
        f'{HEAD} sh:parameter <p> ; sh:select "SELECT ?lang {{}}" . <p> sh:path <p#lang> .', 'called "lang"', 0
    ),
    "not projected": (
        f'{HEAD} sh:parameter <p> ; sh:select "SELECT ?x {{ ?x ?y ?z }}" .\n<p> sh:path <p#y> .',
        "the query gives no ?y, so that its parameter cannot be bound. Add it to SELECT", 1,
    ),
    "not in an ASK": (f'{HEAD} sh:parameter <p> ; sh:ask "ASK {{}}" . <p> sh:path <p#y> .', "has no variable ?y", 0),
    "no type": (f'{HEAD} sh:parameter <p> ; sh:ask "ASK {{?y ?x 1}}" . <p> sh:path <p#y> .', "what is ?y? Give", 0),
    "default of another type": (
        f'{HEAD} sh:parameter <p> ; sh:ask "ASK {{?y ?x 1}}" .\n'
        "<p> sh:path <p#y> ; sh:datatype xsd:date ; sh:defaultValue 1 .",
        'the default value of ?y is "1"^^<http://www.w3.org/2001/XMLSchema#integer>, and not xsd:date', 1,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "message", "line"), MISTAKES.values(), ids=MISTAKES.keys())
def test_mistake_is_told_with_its_place(tmp_path: Path, text: str, message: str, line: int) -> None:
    found = read(tmp_path, q=text)
    (finding,) = found.findings
    assert message in finding.message
    assert "q" not in found.queries
    assert finding.place is not None
    assert finding.place.line == LINES + 1 + line
    assert finding.place.path == "queries/q.ttl"


def test_place_of_a_syntax_error_is_exact(tmp_path: Path) -> None:
    several = f'{HEAD}\n  sh:select """\nSELECT ?x\nWHERE {{ ?x a }}""" .'
    one = f'{HEAD}\n  sh:select "SELECT ?x WHERE {{ ?x a }}" .'
    for text, line, column in ((several, 4, 14), (one, 2, 37)):
        (finding,) = read(tmp_path, q=text).findings
        assert finding.place == Place("queries/q.ttl", LINES + line, column)


def test_broken_query_ends_the_start_with_file_and_line(tmp_path: Path) -> None:
    settings = write(tmp_path, q=f'{HEAD}\n  sh:select "SELECT" .')
    with pytest.raises(BadInput, match=rf"^queries/q\.ttl:{LINES + 2}:\d+: the query q does not parse"):
        release.build(project.read(settings))


def test_file_that_is_no_turtle_ends_the_start_with_file_and_line(tmp_path: Path) -> None:
    settings = write(tmp_path, q="<a> <b>")
    with pytest.raises(BadInput, match=r"^queries/q\.ttl:8:"):
        release.build(project.read(settings))


def test_queries_are_part_of_the_hash_and_not_of_the_graph(tmp_path: Path) -> None:
    with_queries, without = build(tmp_path / "with"), build(tmp_path / "without", names="")
    assert with_queries.hash != without.hash
    assert with_queries.triples == without.triples


def test_project_without_queries_has_none(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.ttl").write_text("<urn:a> <urn:b> <urn:c> .")
    (tmp_path / "kg.toml").write_text(f'base = "{BASE}"')
    assert not saved.read((), BASE).queries
