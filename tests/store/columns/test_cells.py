"""Terms written, tested and changed as Oxigraph writes, tests and changes them."""

from __future__ import annotations

import sys

import pyoxigraph as ox
import pytest

from kg.store.columns.columns import Columns
from kg.store.columns.loading import _UNUSUAL
from kg.store.columns.texts import in_range
from kg.words import formats
from tests.store.columns.comparing import assert_alike, ours, rows, store_of, theirs
from tests.store.columns.worlds import XSD

A, P = ox.NamedNode("http://example.org/a"), ox.NamedNode("http://example.org/p")
ALL = "SELECT ?o WHERE { ?s ?p ?o }"


def typed(text: str, name: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + name))


STRINGS = [
    "", "plain", "a,b", 'say "x"', "back\\slash", "line\nfeed", "c\rr", " both ", "\t", "<&>'", "\x00\x1f\x7f", "Ї№😀",
]  # fmt: skip
TERMS = [
    A,
    ox.NamedNode("http://example.org/a,b'c&d"),
    ox.BlankNode("b1"),
    *map(ox.Literal, STRINGS),
    ox.Literal("a,b", language="en-gb"),
    *(typed(text, name) for name in ("integer", "decimal", "double", "float") for text in ("1", "-2", "1e3", "x")),
    *(typed(text, "double") for text in ("1e22", "1e-7", "INF", "NaN", "-0", "0.1", "123456789.125")),
    *(typed(text, "decimal") for text in ("1.50", "0.000000000000000001", "-0.5", "100")),
    typed("true", "boolean"),
    typed("2020-01-01", "date"),
    ox.Literal("x", datatype=ox.NamedNode("http://example.org/type")),
]


@pytest.mark.parametrize("format_", formats.RESULTS, ids=lambda f: f.name)
@pytest.mark.parametrize(
    "term", TERMS, ids=[f"{n}-{t}".encode("ascii", "replace").decode() for n, t in enumerate(TERMS)]
)
def test_cell_is_written_to_the_byte(term: ox.NamedNode | ox.BlankNode | ox.Literal, format_: formats.Format) -> None:
    store = store_of([ox.Quad(A, P, term)])
    columns = Columns.of(store, always=True)
    assert columns is not None
    for query in (ALL, "SELECT ?s ?none ?o WHERE { ?s ?p ?o }", "ASK { ?s ?p ?o }"):
        assert ours(columns, query, format_) == theirs(store, query, format_)


@pytest.mark.parametrize("format_", formats.RESULTS, ids=lambda f: f.name)
def test_unbound_cells_are_left_out_or_empty(format_: formats.Format) -> None:
    store = store_of([ox.Quad(A, P, A), ox.Quad(P, A, ox.Literal("x"))])
    columns = Columns.of(store, always=True)
    assert columns is not None
    pattern = f"{{ ?x {P} ?y }} UNION {{ ?y {A} ?z }}"
    for names in ("?x ?y ?z", "?z ?x", "?none", "?x"):
        assert assert_alike(columns, store, f"SELECT {names} WHERE {{ {pattern} }}", format_, [])


def test_letters_change_case_alike() -> None:
    usual = [c for c in map(chr, range(1, sys.maxunicode + 1)) if not ("\ud800" <= c <= "\udfff" or _UNUSUAL.match(c))]
    assert len(usual) > 30_000
    store = store_of([ox.Quad(A, P, ox.Literal(c)) for c in usual])
    for lower, upper, text in store.query("SELECT (LCASE(?o) AS ?l) (UCASE(?o) AS ?u) ?o { ?s ?p ?o }"):  # type: ignore[misc, union-attr]
        assert (text.value.lower(), text.value.upper()) == (lower.value, upper.value)


def test_unusual_letters_are_left_to_oxigraph() -> None:
    for letter, usual in (("ı", False), ("σ", False), ("ɤ", False), ("K", False), ("ſ", False), ("Ж", True)):
        columns = Columns.of(store_of([ox.Quad(A, P, ox.Literal(letter))]), always=True)
        assert columns is not None
        assert (
            ours(columns, 'ASK { ?s ?p ?o FILTER (LCASE(?o) = "x" || CONTAINS(LCASE(?o), "i")) }', formats.RESULTS_CSV)
            is None
        ) or usual


def test_letters_match_in_any_case_alike() -> None:
    cased = [c for c in map(chr, range(1, sys.maxunicode + 1)) if c.lower() != c.upper() and not _UNUSUAL.match(c)]
    store = store_of([ox.Quad(A, P, ox.Literal(c)) for c in cased])
    columns = Columns.of(store, always=True)
    assert columns is not None
    answered = 0
    for letter in [c for c in cased if ord(c) < 0x530]:
        query = f'SELECT ?o WHERE {{ ?s ?p ?o FILTER REGEX(?o, "^{letter}$", "i") }}'
        if (found := ours(columns, query, formats.RESULTS_TSV)) is not None:
            answered += 1
            expected = rows(theirs(store, query, formats.RESULTS_TSV), formats.RESULTS_TSV)
            assert sorted(rows(found, formats.RESULTS_TSV)[1]) == sorted(expected[1]), letter
    assert answered > 150


@pytest.mark.parametrize(
    ("pattern", "declined"),
    [
        *((p, False) for p in ("^a.*b$", r"\\.com", "(ab|c)d", "[a-c]x", "Київ", "a?b+")),
        *((p, True) for p in ("(a+)+$", ".*.*.*x", "a{3}", r"\\bword", r"\\d", "a*?", "(?i)a", "[[:alpha:]]")),
        *((p, True) for p in ("(a", "*", "ß", "[z-a]")),
    ],
)
def test_expression_is_taken_only_if_it_means_the_same(pattern: str, declined: bool) -> None:
    store = store_of([ox.Quad(A, P, ox.Literal(t)) for t in ("ab", "a.com", "abd", "cx", "Київ", "b\n", "aab")])
    columns = Columns.of(store, always=True)
    assert columns is not None
    query = f'SELECT ?o WHERE {{ ?s ?p ?o FILTER REGEX(?o, "{pattern}") }}'
    assert assert_alike(columns, store, query, formats.RESULTS_JSON, []) is not declined


@pytest.mark.parametrize(
    ("tag", "wanted", "matches"),
    [
        ("en", "en", True),
        ("en-gb", "EN", True),
        ("", "*", False),
        ("de", "*", True),
        ("en", "en-gb", False),
        ("e", "en", False),
    ],
)
def test_language_range(tag: str, wanted: str, matches: bool) -> None:
    assert in_range(tag, wanted) is matches
