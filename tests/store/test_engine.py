"""The engine: formats, datasets, and refusals that tell where and why."""

from __future__ import annotations

import io
import json

import pyoxigraph as ox
import pytest

from kg.store.engine import MemoryEngine
from kg.store.evaluate import Evaluator
from kg.store.operation import Operation
from kg.store.rdf_io import ox_format
from kg.words import formats
from kg.words.errors import NotAcceptable, NotAllowed, NotSupported, QuerySyntaxError
from kg.words.formats import DATASETS, GRAPHS, RESULTS, Format

E = "https://example.org/"
G, H = E + "g", E + "h"
QUADS = (
    ox.Quad(ox.NamedNode(E + "a"), ox.NamedNode(E + "p"), ox.Literal("Ґанок", language="uk"), ox.NamedNode(G)),
    ox.Quad(ox.NamedNode(E + "b"), ox.NamedNode(E + "p"), ox.Literal(2), ox.NamedNode(H)),
    ox.Quad(ox.NamedNode(E + "c"), ox.NamedNode(E + "p"), ox.Literal(3)),
)
SUBJECTS = "SELECT ?s { ?s ?p ?o } ORDER BY ?s"
NAMED = "SELECT ?s { GRAPH ?g { ?s ?p ?o } } ORDER BY ?s"


@pytest.fixture
def engine() -> MemoryEngine:
    store = ox.Store()
    store.extend(QUADS)
    return MemoryEngine(store, E)


def subjects(engine: MemoryEngine, operation: Operation) -> str:
    """The last letters of the subjects that a query finds."""
    body = json.loads(engine.answer(operation).body())
    return "".join(b["s"]["value"][-1] for b in body["results"]["bindings"])


@pytest.mark.parametrize("format_", RESULTS, ids=[f.name for f in RESULTS])
def test_select_and_ask_come_in_every_result_syntax(engine: MemoryEngine, format_: Format) -> None:
    for query in (SUBJECTS, "ASK { ?s ?p 3 }"):
        if query.startswith("ASK") and format_ in (formats.RESULTS_CSV, formats.RESULTS_TSV):
            continue
        answer = engine.answer(Operation(query, results=format_))
        body = answer.body()
        assert answer.format == format_
        assert (E + "c").encode() in body or b"true" in body


@pytest.mark.parametrize("format_", GRAPHS + DATASETS, ids=[f.name for f in GRAPHS + DATASETS])
def test_construct_and_describe_come_in_every_graph_syntax(engine: MemoryEngine, format_: Format) -> None:
    for query in ("CONSTRUCT WHERE { ?s ?p 3 }", f"DESCRIBE <{E}c>"):
        answer = engine.answer(Operation(query, graph=format_))
        assert answer.format == format_
        assert [q.triple for q in ox.parse(answer.body(), format=ox_format(format_))] == [QUADS[2].triple]


def test_client_that_takes_no_results_is_told_what_there_is(engine: MemoryEngine) -> None:
    with pytest.raises(NotAcceptable) as caught:
        engine.answer(Operation(SUBJECTS, results=None))
    assert caught.value.offers == tuple(f.media_type for f in RESULTS)


def test_client_that_takes_no_graph_is_told_what_there_is(engine: MemoryEngine) -> None:
    with pytest.raises(NotAcceptable) as caught:
        engine.answer(Operation("CONSTRUCT WHERE { ?s ?p ?o }", graph=None))
    assert set(caught.value.offers) == {f.media_type for f in GRAPHS + DATASETS}


def test_relative_iri_is_resolved_against_the_base(engine: MemoryEngine) -> None:
    assert b"true" in engine.answer(Operation("ASK { <c> <p> 3 }")).body()


DATASET = {
    "none named: the whole store": ((), (), "c", "ab"),
    "a default graph": ((G,), (), "a", ""),
    "two default graphs": ((G, H), (), "ab", ""),
    "named graphs only": ((), (H,), "", "b"),
    "both": ((G,), (H,), "a", "b"),
    "a graph that is not there": ((E + "none",), (), "", ""),
}


@pytest.mark.parametrize(("default", "named", "in_default", "in_named"), DATASET.values(), ids=DATASET)
def test_query_sees_the_dataset_that_the_request_names(
    engine: MemoryEngine, default: tuple[str, ...], named: tuple[str, ...], in_default: str, in_named: str
) -> None:
    operation = Operation(SUBJECTS, default_graphs=default, named_graphs=named)
    assert subjects(engine, operation) == in_default
    assert subjects(engine, operation._replace(query=NAMED)) == in_named


def test_dataset_of_the_request_overrides_from(engine: MemoryEngine) -> None:
    query = f"SELECT ?s FROM <{G}> {{ ?s ?p ?o }}"
    assert subjects(engine, Operation(query, default_graphs=(H,))) == "b"


SEEN = {
    "no graph named": (SUBJECTS, (), "default"),
    "the word in a string": ('SELECT ?s { ?s ?p "a graph" }', (), "whole"),
    "GRAPH": (NAMED, (), "whole"),
    "FROM": (f"SELECT ?s FROM <{G}> {{ ?s ?p ?o }}", (), "whole"),
    "FROM NAMED": (f"SELECT ?s FROM NAMED <{G}> {{ GRAPH ?g {{ ?s ?p ?o }} }}", (), "whole"),
    "the request's graphs": (SUBJECTS, (G,), "whole"),
}


@pytest.mark.parametrize(("query", "graphs", "seen"), SEEN.values(), ids=SEEN)
def test_query_that_sees_no_named_graph_is_evaluated_on_the_default_graph_alone(
    query: str, graphs: tuple[str, ...], seen: str
) -> None:
    whole, default = ox.Store(), ox.Store()
    whole.add(ox.Quad(ox.NamedNode(E + "whole"), ox.NamedNode(E + "p"), ox.Literal("a graph")))
    whole.add(ox.Quad(ox.NamedNode(E + "whole"), ox.NamedNode(E + "p"), ox.Literal(1), ox.NamedNode(G)))
    default.add(ox.Quad(ox.NamedNode(E + "default"), ox.NamedNode(E + "p"), ox.Literal("a graph")))
    output = io.BytesIO()
    _, write = Evaluator(whole, E, default).evaluate(Operation(query, default_graphs=graphs))
    write(output)
    found = {row["s"]["value"].removeprefix(E) for row in json.loads(output.getvalue())["results"]["bindings"]}
    assert found == {seen}


SYNTAX: dict[str, tuple[str, int, int, str]] = {
    "missing brace": ("SELECT * {?s ?p ?o", 1, 19, "is not closed"),
    "second line": ("SELECT * {\n ?s ?p ;; }", 2, 8, "expected|unexpected"),
    "undeclared prefix": ("SELECT ?x { ?x foo:p ?y }", 1, 21, "prefix"),
    "empty": ("", 1, 1, "empty"),
    "only a comment": ("# nothing", 1, 1, "empty"),
    "only a verb": ("SELECT", 1, 7, "before it is complete"),
    "Windows line ends and a tab": ("SELECT * {\r\n\t?s ?p }", 2, 8, "expected|unexpected"),
    "after Cyrillic letters": ('SELECT * { ?s ?p "їжак" ?x }', 1, 25, "expected|unexpected"),
    "an update": ("INSERT DATA { <a:a> <a:b> 1 }", 1, 1, "begins an update"),
}


@pytest.mark.parametrize(("query", "line", "column", "said"), SYNTAX.values(), ids=SYNTAX)
def test_syntax_error_tells_line_column_and_excerpt(
    engine: MemoryEngine, query: str, line: int, column: int, said: str
) -> None:
    with pytest.raises(QuerySyntaxError, match=said) as caught:
        engine.answer(Operation(query))
    error = caught.value
    assert (error.line, error.column) == (line, column)
    shown, caret = error.excerpt.split("\n")
    assert shown == ([*query.splitlines(), ""][line - 1]).expandtabs(1)
    assert caret == " " * (column - 1) + "^"


def test_unknown_function_is_not_supported(engine: MemoryEngine) -> None:
    with pytest.raises(NotSupported, match=E + "f"):
        engine.answer(Operation(f"SELECT (<{E}f>(?o) AS ?x) {{ ?s ?p ?o }}"))


SERVICE = {
    "plain": "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "silent": "SELECT * { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "in a subquery": "SELECT * { { SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } } } }",
    "a variable": "SELECT * { BIND(<http://127.0.0.1:9/> AS ?x) SERVICE ?x { ?s ?p ?o } }",
    "in a CONSTRUCT": "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "in an EXISTS": "ASK { FILTER EXISTS { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } } }",
}


@pytest.mark.parametrize("query", SERVICE.values(), ids=SERVICE)
def test_query_that_would_ask_another_server_is_refused(engine: MemoryEngine, query: str) -> None:
    with pytest.raises(NotAllowed, match="SERVICE"):
        engine.answer(Operation(query))


def test_broken_query_with_service_is_told_its_mistake_first(engine: MemoryEngine) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        engine.answer(Operation("SELECT * {\n SERVICE <http://127.0.0.1:9/> { ?s ?p } }"))
    assert caught.value.line == 2
