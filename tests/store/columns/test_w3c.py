"""The queries of the W3C suites through columns: each declined, or answered as the other evaluator answers it."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox

from kg.store.columns.columns import Columns
from kg.words import formats
from kg.words.errors import KgError, NotAcceptable
from tests.store.columns.comparing import assert_alike, at_once, ours, store_of, theirs

_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
_TESTS = f"""
SELECT DISTINCT ?query ?data {{
  ?test <{_MF}action> ?action
  OPTIONAL {{ ?action <{_QT}query> ?inner }}
  OPTIONAL {{ ?action <{_QT}data> ?data }}
  BIND (COALESCE(?inner, ?action) AS ?query) FILTER (isIRI(?query))
}}"""
_SOME = [ox.Quad(ox.NamedNode("http://example.org/a"), ox.NamedNode("http://example.org/p"), ox.Literal("x"))]


def cases(suites: Path) -> list[tuple[Path, Path | None]]:
    """Each query with its data, if it has any."""
    found: set[tuple[Path, Path | None]] = set()
    for manifest in suites.rglob("manifest*.ttl"):
        store = ox.Store()
        store.load(path=str(manifest), format=ox.RdfFormat.TURTLE, base_iri=manifest.as_uri())
        for query, data in store.query(_TESTS):  # type: ignore[union-attr, misc]
            files = [Path(t.value.removeprefix("file://")) if t else None for t in (query, data)]
            if files[0] and files[0].suffix == ".rq" and files[0].is_file():
                found.add((files[0], files[1]))
    return sorted(found, key=str)


def read(data: Path | None) -> list[ox.Quad]:
    if data is None:
        return _SOME
    syntax = ox.RdfFormat.from_extension(data.suffix[1:])
    return [
        ox.Quad(q.subject, q.predicate, q.object)
        for q in ox.parse(path=str(data), format=syntax, base_iri=data.as_uri())
    ]


def test_every_query_is_declined_or_answered_alike(shared: Path) -> None:
    answered = quick = 0
    for query, data in cases(shared / "w3c" / "sparql"):
        text = query.read_text(encoding="utf-8", errors="replace")
        store = store_of(read(data))
        columns = Columns.of(store, always=True)
        if columns is None:
            continue
        try:
            theirs(store, text, formats.RESULTS_TSV)
        except NotAcceptable:  # it gives a graph
            assert ours(columns, text, formats.RESULTS_TSV) is None, query
        except KgError:  # a mistake, which columns must not overlook
            assert ours(columns, text, formats.RESULTS_TSV) is None, query
            assert columns.at_once(text, formats.RESULTS_TSV, formats.N_TRIPLES) is None, query
            continue
        answered += assert_alike(columns, store, text, formats.RESULTS_TSV, [])
        graph = re.search(r"^\s*CONSTRUCT", text, re.IGNORECASE | re.MULTILINE)
        format_ = formats.N_TRIPLES if graph else formats.RESULTS_TSV
        quick += assert_alike(columns, store, text, format_, [], at_once)
    assert answered > 100
    assert quick > 100
