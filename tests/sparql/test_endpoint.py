"""The endpoint: bindings, formats, errors."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET

import pyoxigraph as ox
import pytest
import requests
from rdflib import Graph
from rdflib.compare import isomorphic

from tests.conftest import Server

BASE = "https://w3id.org/health-solidarity/"
SELECT = "SELECT ?s WHERE { ?s a <https://w3id.org/health-solidarity/ns#Partnership> } ORDER BY ?s"
ASK = "ASK { ?s a <https://w3id.org/health-solidarity/ns#Partnership> }"
CONSTRUCT = f"CONSTRUCT WHERE {{ <{BASE}id/org/giz> ?p ?o }}"
ALL_RESULTS = [
    ("application/sparql-results+json", "json"),
    ("application/sparql-results+xml", "xml"),
    ("text/csv", "csv"),
    ("text/tab-separated-values", "tsv"),
]
ALL_GRAPHS = [
    ("text/turtle", "ttl"),
    ("application/n-triples", "nt"),
    ("application/rdf+xml", "rdf"),
    ("application/ld+json", "jsonld"),
]


def rows(answer: requests.Response) -> int:
    kind = answer.headers["Content-Type"].partition(";")[0]
    if kind.endswith("+json"):
        return len(answer.json()["results"]["bindings"])
    if kind.endswith("+xml"):
        return len(ET.fromstring(answer.content).findall(".//{*}result"))
    return len(list(csv.reader(io.StringIO(answer.text)))) - 1


@pytest.mark.parametrize(("media_type", "suffix"), ALL_RESULTS)
def test_a_selection_comes_in_every_syntax(media_type: str, suffix: str, server: Server) -> None:
    by_header = requests.get(
        f"{server.url}/sparql", params={"query": SELECT}, headers={"Accept": media_type}, timeout=10
    )
    by_name = requests.get(f"{server.url}/sparql", params={"query": SELECT, "format": suffix}, timeout=10)
    assert by_header.headers["Content-Type"].startswith(media_type)
    assert by_header.content == by_name.content
    assert rows(by_header) == 8


@pytest.mark.parametrize(("media_type", "suffix"), ALL_GRAPHS)
def test_a_construction_comes_in_every_syntax(media_type: str, suffix: str, server: Server) -> None:
    names = {"ttl": "turtle", "nt": "nt", "rdf": "xml", "jsonld": "json-ld"}
    turtle = requests.get(f"{server.url}/sparql", params={"query": CONSTRUCT, "format": "ttl"}, timeout=10)
    answer = requests.get(
        f"{server.url}/sparql", params={"query": CONSTRUCT}, headers={"Accept": media_type}, timeout=10
    )
    assert answer.headers["Content-Type"].startswith(media_type)
    got = Graph().parse(data=answer.text, format=names[suffix])
    assert len(got) > 5
    assert isomorphic(got, Graph().parse(data=turtle.text))


@pytest.mark.parametrize("media_type", ["application/n-quads", "application/trig"])
def test_a_construction_comes_as_quads_too(media_type: str, server: Server) -> None:
    answer = requests.get(
        f"{server.url}/sparql", params={"query": CONSTRUCT}, headers={"Accept": media_type}, timeout=10
    )
    assert len(list(ox.parse(answer.content, ox.RdfFormat.from_media_type(media_type)))) > 5


BINDINGS = {
    "GET": lambda url: requests.get(url, params={"query": ASK}, timeout=10),
    "POST form": lambda url: requests.post(url, data={"query": ASK}, timeout=10),
    "POST direct": lambda url: requests.post(
        url, data=ASK.encode(), headers={"Content-Type": "application/sparql-query"}, timeout=10
    ),
}


@pytest.mark.parametrize("binding", BINDINGS.values(), ids=BINDINGS.keys())
def test_a_query_comes_in_each_binding(binding: object, server: Server) -> None:
    answer = binding(f"{server.url}/sparql")  # type: ignore[operator]
    assert answer.status_code == 200
    assert answer.json()["boolean"] is True


def test_head_is_get_without_its_body(server: Server) -> None:
    get = requests.get(f"{server.url}/sparql", params={"query": ASK}, timeout=10)
    head = requests.head(f"{server.url}/sparql", params={"query": ASK}, timeout=10)
    assert head.status_code == get.status_code
    assert head.headers["Content-Type"] == get.headers["Content-Type"]
    assert head.content == b""


REFUSED = [
    ("syntax", {"query": "SELECT * { ?s ?p "}, 400, "query-syntax"),
    ("undeclared prefix", {"query": "SELECT * { ?s foo:p ?o }"}, 400, "query-syntax"),
    ("update", {"query": "DELETE WHERE { ?s ?p ?o }"}, 400, "query-syntax"),
    ("unknown format", {"query": ASK, "format": "xls"}, 400, "bad-request"),
    ("bad graph", {"query": ASK, "default-graph-uri": "not an IRI"}, 400, "bad-request"),
    ("service", {"query": "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"}, 403, "not-allowed"),
    ("unknown function", {"query": "SELECT (<http://example.org/f>(1) AS ?x) {}"}, 501, "not-supported"),
]


@pytest.mark.parametrize(("parameters", "status", "slug"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_a_refusal_is_a_problem_document(parameters: dict[str, str], status: int, slug: str, server: Server) -> None:
    answer = requests.get(f"{server.url}/sparql", params=parameters, timeout=10)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    problem = answer.json()
    assert problem["type"].endswith("/" + slug)
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]


def test_a_syntax_error_points_at_its_place(server: Server) -> None:
    query = "SELECT ?s\nWHERE { ?s foo:p ?o }"
    problem = requests.get(f"{server.url}/sparql", params={"query": query}, timeout=10).json()
    assert problem["line"] == 2
    line, caret = problem["excerpt"].splitlines()
    assert line == "WHERE { ?s foo:p ?o }"
    assert caret.index("^") == problem["column"] - 1
    assert "prefix" in problem["detail"]


def test_a_query_given_twice_is_refused(server: Server) -> None:
    answer = requests.get(f"{server.url}/sparql", params=[("query", ASK), ("query", ASK)], timeout=10)
    assert answer.status_code == 400
    assert "2 times" in answer.json()["detail"]


def test_another_body_is_415_and_another_method_405(server: Server) -> None:
    url = f"{server.url}/sparql"
    assert requests.post(url, data=ASK, headers={"Content-Type": "text/plain"}, timeout=10).status_code == 415
    wrong = requests.put(url, data=ASK, timeout=10)
    assert wrong.status_code == 405
    assert {"GET", "POST"} <= set(wrong.headers["Allow"].split(", "))


def test_what_the_client_does_not_take_is_406_with_the_list(server: Server) -> None:
    answer = requests.get(f"{server.url}/sparql", params={"query": SELECT}, headers={"Accept": "image/png"}, timeout=10)
    assert answer.status_code == 406
    assert "text/csv" in answer.json()["offers"]


def test_a_browser_gets_a_page_with_the_rows(server: Server) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    answer = requests.get(f"{server.url}/sparql", params={"query": SELECT}, headers={"Accept": accept}, timeout=10)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "/doc/partnership/mechnikov-hospital-dnipro--razom-for-ukraine" in answer.text


def test_a_browser_sees_its_error_in_place(server: Server) -> None:
    answer = requests.get(
        f"{server.url}/sparql", params={"query": "SELECT * {"}, headers={"Accept": "text/html"}, timeout=10
    )
    assert answer.status_code == 400
    assert "SELECT * {" in answer.text
    assert "line 1" in answer.text


def test_without_a_query_machines_get_the_service_description(server: Server) -> None:
    answer = requests.get(f"{server.url}/sparql", headers={"Accept": "text/turtle"}, timeout=10)
    graph = Graph().parse(data=answer.text)
    sd = "http://www.w3.org/ns/sparql-service-description#"
    names = {str(o) for o in graph.objects(None, None) if str(o).startswith(BASE + "graph/")}
    assert f"{BASE}graph/source/imp-forum-2025" in names
    assert f"{sd}UnionDefaultGraph" in {str(o) for o in graph.objects()}


def test_the_default_graph_is_the_union_and_counts_each_triple_once(server: Server) -> None:
    query = """SELECT (COUNT(*) AS ?all) (COUNT(DISTINCT ?triple) AS ?once) WHERE {
        ?s ?p ?o FILTER(isIRI(?s) && isLiteral(?o))
        BIND(CONCAT(STR(?s), " ", STR(?p), " ", STR(?o), " ", LANG(?o), STR(DATATYPE(?o))) AS ?triple) }"""
    row = requests.post(f"{server.url}/sparql", data={"query": query}, timeout=30).json()["results"]["bindings"][0]
    assert int(row["all"]["value"]) == int(row["once"]["value"]) > 1000


def test_graphs_of_the_request_are_the_dataset(server: Server) -> None:
    graph = f"{BASE}graph/links"
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    parameters = {"query": query, "default-graph-uri": graph}
    n = requests.get(f"{server.url}/sparql", params=parameters, timeout=10).json()["results"]["bindings"][0]["n"][
        "value"
    ]
    links = requests.get(f"{server.url}/graph/links.nt", timeout=10).text.count("\n")
    assert int(n) == links > 10


def test_inferred_triples_stay_apart(server: Server) -> None:
    ask = (
        "ASK {{ GRAPH <{}graph/{}> {{ <{}id/org/okhmatdyt> a <https://w3id.org/health-solidarity/ns#Organisation> }} }}"
    )
    for graph, expected in (("inferred", True), ("source/imp-forum-2025", False)):
        answer = requests.get(f"{server.url}/sparql", params={"query": ask.format(BASE, graph, BASE)}, timeout=10)
        assert answer.json()["boolean"] is expected


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/sparql-query; charset=utf-8", 200),
        ('application/sparql-query; charset="UTF-8"', 200),
        ("application/sparql-query; charset=utf-16", 415),
        ("application/sparql-query; charset=windows-1251", 415),
        ("application/sparql-query; charset=", 200),
    ],
)
def test_a_body_in_another_charset_is_415(content_type: str, status: int, server: Server) -> None:
    answer = requests.post(f"{server.url}/sparql", data=b"ASK {}", headers={"Content-Type": content_type}, timeout=10)
    assert answer.status_code == status
    if status == 415:
        assert content_type.rpartition("=")[2] in answer.json()["detail"]
