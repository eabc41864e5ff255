"""What both evaluators say to a question, held against each other."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from itertools import takewhile
from typing import Any

import pyoxigraph as ox

from kg.store.columns.columns import Columns
from kg.store.evaluate import Evaluator
from kg.store.operation import Operation
from kg.words import formats
from kg.words.formats import Format

EX = "http://example.org/"

Answer = Callable[[Columns, str, Format], bytes | None]
Row = tuple[tuple[str, str], ...]
_PARSED = {
    formats.RESULTS_JSON: ox.QueryResultsFormat.JSON,
    formats.RESULTS_XML: ox.QueryResultsFormat.XML,
    formats.RESULTS_TSV: ox.QueryResultsFormat.TSV,
}


def iri(name: str) -> ox.NamedNode:
    return ox.NamedNode(EX + name)


def store_of(quads: list[ox.Quad]) -> ox.Store:
    store = ox.Store()
    store.extend(quads)
    return store


def ours(columns: Columns, query: str, format_: Format) -> bytes | None:
    """What columns say; None if they decline."""
    write = columns.answer(query, format_)
    if write is None:
        return None
    output = io.BytesIO()
    write(output)
    return output.getvalue()


def at_once(columns: Columns, query: str, format_: Format) -> bytes | None:
    """What columns say at once; None if they decline."""
    found = columns.at_once(query, *_offered(format_))
    return found and found[1]


def _offered(format_: Format) -> tuple[Format | None, Format | None]:
    return (format_, None) if format_ in formats.RESULTS else (None, format_)


def theirs(store: ox.Store, query: str, format_: Format) -> bytes:
    """What Oxigraph says."""
    _, write = Evaluator(store, EX).evaluate(Operation(query, *_offered(format_)))
    output = io.BytesIO()
    write(output)
    return output.getvalue()


def rows(body: bytes, format_: Format) -> tuple[list[str], list[tuple[str, ...]]]:
    """The variables and the rows of an answer, each cell as text. An answer to ASK is one row, a graph has triples."""
    if format_ is formats.N_TRIPLES:
        return [], [(line,) for line in {str(quad.triple) for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES)}]
    if format_ is formats.RESULTS_CSV:
        lines = body.decode().split("\r\n")  # cells of the tests have no line breaks of this kind
        return [lines[0]], [(line,) for line in lines[1:]]
    found: Any = ox.parse_query_results(body, format=_PARSED[format_])
    if isinstance(found, ox.QueryBoolean):
        return [], [(str(bool(found)),)]
    return [v.value for v in found.variables], [tuple(str(t) for t in row) for row in found]


def assert_alike(
    columns: Columns, store: ox.Store, query: str, format_: Format, by: list[str], answer: Answer = ours
) -> bool:
    """Whether columns answer; if so the same rows, in the same order of what they are sorted by."""
    found = answer(columns, query, format_)
    if found is None:
        return False
    names, expected = rows(theirs(store, query, format_), format_)
    own_names, own = rows(found, format_)
    assert own_names == names
    assert Counter(own) == Counter(expected)
    places = [names.index(name) for name in takewhile(names.__contains__, by)]
    assert [[_key(r[p]) for p in places] for r in own] == [[_key(r[p]) for p in places] for r in expected]
    return True


def _key(cell: str) -> object:
    """Numbers by value: those that are equal may change places."""
    if "XMLSchema#" in cell and cell.rpartition("#")[2][:-1] in ("integer", "decimal", "double"):
        return float(cell.split('"')[1])
    return cell
