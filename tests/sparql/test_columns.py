"""Large questions at the door: a graph of 24,000 triples, served."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
import requests

from tests.conftest import Server, Starter

THINGS = 8_000
EX = "http://example.org/"


@pytest.fixture(scope="module")
def large(start: Starter, tmp_path_factory: pytest.TempPathFactory) -> Server:
    root: Path = tmp_path_factory.mktemp("large")
    (root / "data").mkdir()
    lines = []
    for n in range(THINGS):
        thing = f"<{EX}thing/{n}>"
        lines.append(f'{thing} <{EX}name> "Thing, {n}"@en .')
        lines.append(f'{thing} <{EX}size> "{n % 10}"^^<http://www.w3.org/2001/XMLSchema#integer> .')
        lines.append(f"{thing} <{EX}next> <{EX}thing/{(n + 1) % THINGS}> .")
    (root / "data" / "things.nt").write_text("\n".join(lines) + "\n")
    return start("--base", EX, "--timeout", "1", cwd=root)


def ask(server: Server, query: str, accept: str) -> requests.Response:
    return requests.get(f"{server.url}/sparql", {"query": query}, headers={"Accept": accept}, timeout=30)


def test_export_has_every_row(large: Server) -> None:
    answer = ask(large, f"SELECT ?s ?name {{ ?s <{EX}name> ?name }}", "text/csv")
    rows = list(csv.reader(io.StringIO(answer.text, newline="")))
    assert rows[0] == ["s", "name"]
    assert sorted(rows[1:]) == sorted([f"{EX}thing/{n}", f"Thing, {n}"] for n in range(THINGS))


def test_aggregate_and_order(large: Server) -> None:
    query = f"SELECT ?size (COUNT(*) AS ?n) {{ ?s <{EX}size> ?size }} GROUP BY ?size ORDER BY DESC(?size) LIMIT 2"
    assert ask(large, query, "text/csv").text == "size,n\r\n9,800\r\n8,800\r\n"


@pytest.mark.parametrize("accept", ["application/sparql-results+json", "application/sparql-results+xml"])
def test_other_syntaxes_are_whole(large: Server, accept: str) -> None:
    body = ask(large, f"SELECT ?s ?t {{ ?s <{EX}next> ?t }}", accept).text
    assert body.count("thing/") == 2 * THINGS
    assert body.endswith("}" if "json" in accept else "</sparql>")


def test_graph_and_dataset_are_seen_as_before(large: Server) -> None:
    named = ask(large, f"SELECT (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s <{EX}name> ?o }} }}", "text/csv")
    assert named.text == f"n\r\n{THINGS}\r\n"
    query = {"query": f"SELECT (COUNT(*) AS ?n) {{ ?s <{EX}name> ?o }}", "default-graph-uri": f"{EX}none"}
    assert requests.get(f"{large.url}/sparql", query, headers={"Accept": "text/csv"}, timeout=30).text == "n\r\n0\r\n"


def test_cross_product_ends_at_the_limit(large: Server) -> None:
    with pytest.raises(requests.exceptions.RequestException):
        ask(large, "SELECT * { ?a ?b ?c . ?d ?e ?f }", "text/csv")
    sorted_ = ask(large, "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f } ORDER BY ?d ?a", "text/csv")
    assert sorted_.status_code == 503
    assert ask(large, "ASK {}", "text/csv").text == "true"
