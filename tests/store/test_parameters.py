"""Texts to terms: what each kind of parameter takes, and that nothing typed can become more than a value."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.store.engine import MemoryEngine
from kg.store.operation import Operation
from kg.store.parameters import bind, short
from kg.store.rdf_io import parse_term
from kg.store.release import Release
from kg.words.errors import BadParameter
from tests.store.saved import BASE, build

XSD = "http://www.w3.org/2001/XMLSchema#"
A = f"<{BASE}id/clinic/a>"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build(tmp_path_factory.mktemp("project"))


def value(built: Release, query: str, parameter: str, text: str) -> str | None:
    return dict(bind(built.saved.queries[query], {parameter: text}, built.store, BASE)).get(parameter)


def rows(built: Release, **given: str) -> int:
    """How many clinics there are with these values; of all clinics unless one is named."""
    query = built.saved.queries["clinics"]
    bindings = bind(query, {"clinic": "", **given}, built.store, BASE)
    body = MemoryEngine(built.store, BASE).answer(Operation(query.text, bindings=bindings)).body()
    solutions = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    assert isinstance(solutions, ox.QuerySolutions)
    return len(list(solutions))


GOOD = [
    ("full IRI", "clinic", BASE + "id/clinic/a", A),
    ("short path", "clinic", "id/clinic/a", A),
    ("path with a slash in front", "clinic", "/id/clinic/a", A),
    ("IRI in angle brackets", "clinic", A, A),
    ("spaces around", "clinic", "  id/clinic/a ", A),
    ("nothing", "clinic", "", None),
    ("integer", "beds", "12", f'"12"^^<{XSD}integer>'),
    ("signed integer", "beds", "+12", f'"+12"^^<{XSD}integer>'),
    ("date", "opened", "2001-05-06", f'"2001-05-06"^^<{XSD}date>'),
    ("boolean", "open", "true", f'"true"^^<{XSD}boolean>'),
    ("text with a language", "name", "Клініка А@uk", '"Клініка А"@uk'),
    ("text with an at sign", "name", "a@b@en", '"a@b"@en'),
    ("text", "motto", " two words ", '" two words "'),
    ("text with quotes", "motto", 'a"b\\c\n', '"a\\"b\\\\c\\n"'),
]


@pytest.mark.parametrize(("parameter", "text", "term"), [g[1:] for g in GOOD], ids=[g[0] for g in GOOD])
def test_text_becomes_the_term_that_is_meant(built: Release, parameter: str, text: str, term: str | None) -> None:
    assert value(built, "clinics", parameter, text) == term


def test_name_with_a_well_known_prefix_is_an_iri(built: Release) -> None:
    assert value(built, "is-one", "thing", "schema:Country") == "<https://schema.org/Country>"
    assert value(built, "is-one", "thing", "urn:x:y") == "<urn:x:y>"


BAD = [
    ("class", "clinic", "id/town/c", "is none that is known here. Give the IRI of a", "id/clinic/a"),
    ("unknown", "clinic", "id/clinic/z", "is none that is known here", "id/clinic/a"),
    ("no IRI", "clinic", "id/clinic/a b", "is no IRI", "id/clinic/a"),
    ("IRI broken out of", "clinic", "id/clinic/a> . ?x ?y ?z", "is no IRI", "id/clinic/a"),
    ("word for a number", "beds", "many", "Give a value of xsd:integer, such as 7", "7"),
    ("fraction", "beds", "7.5", "xsd:integer", "7"),
    ("day that is not", "opened", "2025-02-30", "xsd:date, such as 2025-12-31", "2025-12-31"),
    ("truth", "open", "yes", "xsd:boolean", "true"),
    ("no language", "name", "Clinic A", "says no language. Give a value of rdf:langString with a language", "text@en"),
    ("bad language", "name", "Clinic A@e n", "says no language", "text@en"),
    ("number with SPARQL", "beds", "12 } UNION { ?clinic ?p ?o", "xsd:integer", "7"),
]


@pytest.mark.parametrize(("parameter", "text", "message", "example"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_what_is_no_value_is_refused_with_an_example(
    built: Release, parameter: str, text: str, message: str, example: str
) -> None:
    with pytest.raises(BadParameter) as caught:
        value(built, "clinics", parameter, text)
    assert message in str(caught.value)
    assert f'{parameter}="{text}"' in str(caught.value)
    assert (caught.value.parameter, caught.value.example) == (parameter, example)
    assert caught.value.expected
    assert caught.value.exit_code == 2


def test_unknown_parameter_is_refused_with_those_that_there_are(built: Release) -> None:
    with pytest.raises(BadParameter, match=r'has no parameter "town"\. It takes clinic, beds') as caught:
        value(built, "clinics", "town", "c")
    assert caught.value.offers == ("clinic", "beds", "opened", "name", "motto", "open")


def test_missing_value_is_the_default_or_free_or_refused(built: Release) -> None:
    queries = built.saved.queries
    assert bind(queries["clinics"], {}, built.store, BASE) == (("clinic", A),)
    assert bind(queries["names"], {}, built.store, BASE) == ()
    for given in ({}, {"thing": ""}):
        with pytest.raises(BadParameter, match=r"thing is missing\. Give an IRI, such as"):
            bind(queries["is-one"], given, built.store, BASE)


def test_value_selects_its_rows(built: Release) -> None:
    assert rows(built) == 3
    assert rows(built, clinic="id/clinic/a") == 2
    assert rows(built, beds="7") == 1
    assert rows(built, beds="007") == 1
    assert rows(built, opened="2001-05-06", name="Clinic A@en") == 1
    assert rows(built, open="true") == 2
    assert rows(built, open="false") == 1


HOSTILE = [
    '"', "'", '" } ; DELETE WHERE { ?s ?p ?o } #', "?x } UNION { ?clinic a ?any }", "\\", "\\u0022", "x\" . ?a ?b ?c",
    "\n} VALUES ?motto { UNDEF }", "<b>", '""" } { """', "\x00", "😀", "{}", "}",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_a_value_like_any_other(built: Release, text: str) -> None:
    term = value(built, "clinics", "motto", text)
    assert term is not None
    assert parse_term(term) == ox.Literal(text)
    assert rows(built, motto=text) == 0


def test_text_with_sparql_in_it_finds_what_has_it(built: Release) -> None:
    assert rows(built, motto='<b>"bold"</b> } { ?x') == 2


@pytest.mark.parametrize(
    "text", ["<urn:a> <urn:b>", "_:a", '"a" . <urn:a> <urn:b> "c"', "", "?x", "<urn:a b>", "\ud800"]
)
def test_what_is_no_term_is_no_binding(text: str) -> None:
    with pytest.raises(ValueError, match=r"term|IRI|values|surrogates"):
        parse_term(text)


def test_short_text_of_a_term_is_understood_again(built: Release) -> None:
    tagged = ox.Literal("a@b", language="en")
    terms = [("clinic", ox.NamedNode(BASE + "id/clinic/a")), ("beds", ox.Literal(12)), ("name", tagged)]
    for parameter, term in terms:
        assert value(built, "clinics", parameter, short(term, BASE)) == str(term)
    assert short(ox.NamedNode("https://schema.org/Country"), BASE) == "schema:Country"
