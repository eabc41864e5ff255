"""Whatever comes, the server answers: no 500, no hang, no dead server."""

from __future__ import annotations

import contextlib
import socket
import string

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Server, Starter

FINE = {200, 303, 304, 400, 403, 404, 405, 406, 413, 414, 415, 431, 501, 503}
SETTINGS = settings(
    max_examples=120, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
SESSION = requests.Session()

_TEXT = r"""
SELECT ASK CONSTRUCT DESCRIBE WHERE FROM NAMED GRAPH FILTER OPTIONAL UNION MINUS SERVICE VALUES BIND ORDER BY GROUP
HAVING LIMIT OFFSET PREFIX BASE { } ( ) . ; , * + ? ! | / ^ ^^ < > <= = && || ?x ?y $z a <http://e/a> <a'b> <# e:a
_:b 1 1.5 1e5 true "text" 'text' \'\'\' @en # \\ \u0053 \uD800 é і
"""
WORDS = _TEXT.split()
words = st.sampled_from([*WORDS, "\n", "\x00"])
queries = st.one_of(st.lists(words, max_size=25).map(" ".join), st.text(max_size=80))
ODD = ["text/html", "*/*", "text/*;q=0.5, */*;q=0", "application/sparql-results+json;q=nan", ",,;;==", "a/b/c"]
headers = st.one_of(
    st.none(),
    st.text(string.ascii_letters + string.digits + "/*;,=.+-\"'q ", max_size=60).map(str.strip),
    st.sampled_from(ODD),
)


@pytest.fixture(scope="module")
def fuzzed(start: Starter) -> Server:
    return start("--timeout", "1", "--memory-mb", "256")


@SETTINGS
@given(query=queries, accept=headers)
def test_any_query_is_answered(query: str, accept: str | None, fuzzed: Server) -> None:
    answer = SESSION.post(f"{fuzzed.url}/sparql", data={"query": query}, headers={"Accept": accept}, timeout=20)
    assert answer.status_code in FINE, answer.text
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


NAMES = ["query", "default-graph-uri", "named-graph-uri", "format", "output", "timeout", "lang", "x", ""]
VALUES = ["ASK{}", "json", "csv", "0.5", "-1", "nan", "uk", "http://e/g", "%ff", ""]
values = st.one_of(st.sampled_from(VALUES), st.text(max_size=20))
parameters = st.lists(st.tuples(st.sampled_from(NAMES), values), max_size=5)
METHODS = ["GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE"]
FORMS = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
TYPES = ["application/sparql-query", *FORMS, "text/plain", "", "a"]


@SETTINGS
@given(parameters=parameters, accept=headers, method=st.sampled_from(METHODS))
def test_any_parameters_are_answered(
    parameters: list[tuple[str, str]], accept: str | None, method: str, fuzzed: Server
) -> None:
    answer = SESSION.request(method, f"{fuzzed.url}/sparql", params=parameters, headers={"Accept": accept}, timeout=20)
    assert answer.status_code in FINE | {204}, answer.text


@SETTINGS
@given(body=st.binary(max_size=200), media_type=st.sampled_from(TYPES))
def test_any_body_is_answered(body: bytes, media_type: str, fuzzed: Server) -> None:
    answer = SESSION.post(f"{fuzzed.url}/sparql", data=body, headers={"Content-Type": media_type}, timeout=20)
    assert answer.status_code in FINE, answer.text


@SETTINGS
@given(path=st.text(st.characters(exclude_characters="?#", exclude_categories=["Cs"]), max_size=40), accept=headers)
def test_any_path_is_answered(path: str, accept: str | None, fuzzed: Server) -> None:
    for prefix in ("/id/", "/doc/", "/vocab/", "/graph/", "/source/", "/queries/", "/"):
        answer = SESSION.get(fuzzed.url + prefix + path, headers={"Accept": accept}, timeout=20, allow_redirects=False)
        assert answer.status_code in FINE | {301, 308}, answer.text


@settings(SETTINGS, max_examples=60)
@given(content=st.binary(max_size=120))
def test_any_bytes_on_the_wire_leave_the_server_alive(content: bytes, fuzzed: Server) -> None:
    host, port = fuzzed.url.removeprefix("http://").split(":")
    with contextlib.suppress(OSError), socket.create_connection((host, int(port)), timeout=2) as connection:
        connection.settimeout(0.05)
        connection.sendall(b"GET /sparql?query=" + content)
        connection.recv(100)
    assert SESSION.get(f"{fuzzed.url}/health", timeout=20).text == "alive\n"


def test_a_graph_store_of_rdflib_asks_the_endpoint(fuzzed: Server) -> None:
    from rdflib import Graph, URIRef
    from rdflib.namespace import RDF
    from rdflib.plugins.stores.sparqlstore import SPARQLStore

    graph = Graph(store=SPARQLStore(f"{fuzzed.url}/sparql"))
    hs = "https://w3id.org/health-solidarity/ns#"
    assert len(list(graph.subjects(RDF.type, URIRef(hs + "Partnership")))) == 8
