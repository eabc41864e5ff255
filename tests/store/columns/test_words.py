"""Pieces of texts are found by words wherever they stand, and what a filter leaves is what a join begins with."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.store.columns import evaluation, texts, words
from kg.store.columns.columns import Columns
from kg.store.columns.texts import TextTest
from kg.words import formats
from tests.store.columns.comparing import assert_alike, iri, store_of

TEXTS = [
    "",
    " ",
    "  ",
    "a",
    "b a",
    "a b",
    "a  b",
    "Central City Hospital",
    "central city hospital",
    "City Hospital of Lviv",
    "Центральна міська лікарня",
    "ЦЕНТРАЛЬНА лікарня",
    "Straße",
    "STRASSE",
    "line\nbreak of a text",
    "tab\tbed",
    "x.y*z",
    "ends with space ",
    " begins with space",
    "one",
    "two",
]
ODD_LETTERS = ["İstanbul", "ſtrong", "\u212aelvin", "ΣΑΣ σας"]
CONDITIONS = [
    'CONTAINS(?o, "")',
    'CONTAINS(?o, " ")',
    'CONTAINS(?o, "  ")',
    'CONTAINS(?o, "a")',
    'CONTAINS(?o, "ity Hos")',
    'CONTAINS(?o, "l City H")',
    'CONTAINS(?o, "b C")',
    'CONTAINS(?o, "onetwo")',
    'CONTAINS(?o, "one two")',
    'CONTAINS(?o, "e ")',
    'CONTAINS(?o, " b")',
    'CONTAINS(?o, "ька л")',
    'CONTAINS(?o, "nothing of it")',
    'CONTAINS(LCASE(STR(?o)), "city h")',
    'CONTAINS(UCASE(?o), "STRASSE")',
    'CONTAINS(LCASE(?o), "льна л")',
    'CONTAINS(LCASE(?o), "City")',
    'CONTAINS(UCASE(LCASE(?o)), "SS")',
    'STRSTARTS(STR(?o), "Central")',
    'STRENDS(?o, "ce ")',
    'STR(?o) = "a  b"',
    '!CONTAINS(?o, "a")',
    'CONTAINS(?o, "it") && CONTAINS(STR(?o), "sp")',
    'LANG(?o) = "en" && CONTAINS(?o, "it")',
    'LANGMATCHES(LANG(?o), "*") && CONTAINS(?o, "it")',
    'LANG(?o) != "en" && REGEX(STR(?o), "hospital", "i")',
    'CONTAINS(?o, "it") && (?o = "one" || ISLITERAL(?o))',
    'REGEX(?o, "city")',
    'REGEX(?o, "^central.*hospital$", "i")',
    'REGEX(?o, "City|лікарня")',
    'REGEX(?o, "(City) Hos")',
    'REGEX(?o, "x\\\\.y\\\\*z")',
    'REGEX(?o, "break of.*text")',
    'REGEX(?o, "line.break", "s")',
    'REGEX(?o, "line.break")',
    'REGEX(?o, "^центральна", "i")',
    'REGEX(?o, "strasse", "i")',
    'REGEX(?o, "STRAßE", "i")',
    'REGEX(?o, "kelvin", "i")',
    'REGEX(?o, "strong", "i")',
    'REGEX(LCASE(?o), "City hosp", "i")',
    'REGEX(UCASE(?o), "CITY H")',
    'REGEX(?o, "")',
]


@pytest.fixture(autouse=True)
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words, however few texts there are."""
    monkeypatch.setattr(words, "_WORTH", 0)
    monkeypatch.setattr(words, "_PIECE", 5)
    monkeypatch.setattr(texts, "_SPARSE", 1_000_000)
    monkeypatch.setattr(evaluation, "_MANY", 0)


def with_texts(found: list[str]) -> ox.Store:
    literals = [ox.Literal(t) for t in found] + [ox.Literal(t, language="en") for t in found[::2]]
    literals += [ox.Literal(t, language="uk") for t in found[::3]]
    quads = [ox.Quad(iri(f"{n}"), iri("p"), o) for n, o in enumerate(literals)]
    quads += [ox.Quad(iri(f"{n}"), iri("q"), o) for n, o in enumerate(literals[::2])]
    quads += [ox.Quad(iri("a"), iri("r"), iri("City Hospital".replace(" ", "-")))]
    return store_of(quads)


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("letters", ["usual", "odd"])
def test_condition_on_texts_holds_as_in_oxigraph(condition: str, letters: str) -> None:
    store = with_texts(TEXTS + (ODD_LETTERS if letters == "odd" else []))
    columns = Columns.of(store, always=True)
    assert columns is not None
    group = f"?s {iri('p')} ?o FILTER ({condition})"
    answered = [
        assert_alike(columns, store, query, formats.RESULTS_TSV, [])
        for query in (
            f"SELECT ?s ?o {{ {group} }}",
            f"SELECT ?o {{ {group} }}",
            f"SELECT ?s ?t {{ {group} . ?s {iri('q')} ?t }}",
            f"SELECT ?s ?t {{ {group} . ?t {iri('q')} ?o }}",
            f"SELECT * {{ ?s ?any ?o FILTER ({condition}) }}",
            f"SELECT * {{ {{ {group} }} UNION {{ ?s {iri('r')} ?u }} }}",
            f"SELECT * {{ ?u {iri('r')} ?v OPTIONAL {{ {group} }} }}",
            f"SELECT * {{ {group} FILTER (LANG(?o) = 'en') }}",
            f"SELECT (COUNT(*) AS ?n) {{ {group} }}",
            f"ASK {{ {group} }}",
        )
    ]
    assert letters == "odd" or any(answered) or "ß" in condition


@given(
    st.lists(st.text("ab йÄ\n", max_size=8), min_size=1, unique=True),
    st.text("abAй Ä", min_size=1, max_size=5),
    st.sampled_from([(), (str.lower,), (str.upper,)]),
    st.booleans(),
)
@settings(max_examples=300, deadline=None)
def test_words_find_what_texts_have(found: list[str], piece: str, changes: tuple[type, ...], any_case: bool) -> None:
    known = words.of([text.encode() for text in found])
    assert known is not None
    test = TextTest(lambda text: piece in text, changes, (piece,), any_case)
    changed = [test._changed(text.encode()).decode() for text in found]
    assert test._by_words(known).tolist() == [piece in text for text in changed]


def test_texts_of_ever_new_words_are_searched_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "_WORTH", 2)
    assert words.of([b"%x" % (n * n) for n in range(1000)]) is None
    assert words.of([b"one of %d" % (n % 50) for n in range(1000)]) is not None


def test_a_join_begins_with_what_a_filter_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts.TextTest, "__call__", lambda *_: pytest.fail("texts were tested triple by triple"))
    columns = Columns.of(with_texts(TEXTS), always=True)
    assert columns is not None
    query = f"SELECT ?s {{ ?s {iri('p')} ?o FILTER (LANG(?o) = 'en' && CONTAINS(STR(?o), 'ity Hos')) }}"
    assert columns.answer(query, formats.RESULTS_CSV) is not None
