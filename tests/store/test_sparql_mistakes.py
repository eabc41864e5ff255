"""Mistakes in SPARQL text are told where they are, not where the parser's rules looked last."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.store.sparql_text import readable_syntax_error, without_requests
from kg.words.errors import KgError, QuerySyntaxError


def mistake(text: str) -> QuerySyntaxError:
    with pytest.raises(SyntaxError) as caught:
        ox.Store().query(text, base_iri="https://example.org/")
    assert isinstance(caught.value, SyntaxError)
    return readable_syntax_error(caught.value, text)


CASES = {
    "keyword misspelt": ("SELEC * {}", 1, 1, 'unexpected "SELEC". Did you mean SELECT?'),
    "keyword misspelt at the end": ("SELECT * {\n} LIMT 1", 2, 3, 'unexpected "LIMT". Did you mean LIMIT?'),
    "no object": ("SELECT ?x { ?x a }", 1, 18, 'unexpected "}"'),
    "no BY": ("SELECT ?s { ?s ?p ?o } GROUP ?s", 1, 30, 'unexpected "?s"'),
    "no brackets around a comparison": ("ASK { ?s ?p ?o FILTER ?o = 1 }", 1, 23, 'unexpected "?o"'),
    "an operator of two characters": ("ASK { ?s ?p 'x'^^<a:b> , ?q && }", 1, 29, 'unexpected "&&"'),
    "behind a datatype": ("ASK { ?s ?p 'x'^^<a:b> . ?q }", 1, 29, 'unexpected "}"'),
    "behind an annotation": ("ASK { ?c ?d ?e {| ?f ?g |} . ?x }", 1, 33, 'unexpected "}"'),
    "one bracket too many": ("ASK { ?s ?p ?o . # {\n} }", 2, 3, 'unexpected "}"'),
    "bare aggregate": ("SELECT COUNT(?s) {}", 1, 8, "(COUNT(?x) AS ?name)"),
    "bracket left open": ("SELECT * {\n ?s ?p ?o", 2, 10, 'the "{" of line 1, column 10 is not closed'),
    "string left open": ('ASK { ?s ?p "abc }', 1, 13, "a string begins here and is not closed"),
    "half a query": ("ASK", 1, 4, "the query ends before it is complete"),
    "nothing": ("", 1, 1, "the query is empty"),
    "comment only": ("# x", 1, 1, "the query is empty"),
    "no prefix": ("ASK { ?s foo:bar 1 }", 1, 17, 'not declared: "foo:". Add PREFIX foo: <IRI>'),
    "variable that is not grouped": ("SELECT ?a (COUNT(?b) AS ?c) { ?a ?p ?b }", 1, 41, "a variable that is unbound"),
    "update": ("PREFIX x: <y:z>\nINSERT DATA { x:a x:b x:c }", 2, 1, "INSERT begins an update"),
    "escapes from the plane of letters": ("ASK { ?s ?p '🏥' . ?x }", 1, 22, 'unexpected "}"'),
}


@pytest.mark.parametrize(("text", "line", "column", "what"), CASES.values(), ids=CASES)
def test_a_mistake_is_told_where_it_is(text: str, line: int, column: int, what: str) -> None:
    error = mistake(text)
    assert what in error.what
    assert (error.line, error.column) == (line, column)
    assert error.excerpt.endswith("\n" + " " * (column - 1) + "^")


def test_a_mistake_beside_a_service_clause_is_told_where_it_is() -> None:
    with pytest.raises(KgError) as caught:
        without_requests("ASK { SERVICE <https://example.org/> { ?s ?p } }")
    assert isinstance(caught.value, QuerySyntaxError)
    assert (caught.value.line, caught.value.column) == (1, 46)


PIECES = (
    "SELECT",
    "ASK",
    "*",
    "{",
    "}",
    "(",
    ")",
    "?s",
    ".",
    ";",
    "'x",
    "'",
    "^^",
    "<a:b>",
    "||",
    "a:b",
    "{|",
    "#",
    "\n",
    "1",
)


@given(st.lists(st.sampled_from(PIECES)))
def test_every_mistake_has_a_place_in_the_text(pieces: list[str]) -> None:
    text = " ".join(pieces)
    try:
        ox.Store().query(text, base_iri="https://example.org/")
    except SyntaxError as caught:
        error = readable_syntax_error(caught, text)
        lines = text.split("\n")
        assert 1 <= error.line <= len(lines)
        assert 1 <= error.column <= len(lines[error.line - 1]) + 1
        assert error.what
