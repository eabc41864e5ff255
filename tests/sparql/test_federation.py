"""SERVICE, where the operator allows it."""

from __future__ import annotations

import json
import shutil
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from tests.conftest import ROOT, Server, Starter

NAMES = ["https://example.org/a", "https://example.org/b"]


class _Endpoint(ThreadingHTTPServer):
    asked: list[str]
    status = 200
    rows = 2


class _Handler(BaseHTTPRequestHandler):
    server: _Endpoint

    def do_POST(self) -> None:
        self.server.asked.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        bindings = [
            {"x": {"type": "uri", "value": NAMES[n % 2] + (str(n) if n > 1 else "")}} for n in range(self.server.rows)
        ]
        body = json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": bindings}}).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def endpoint() -> Iterator[_Endpoint]:
    with _Endpoint(("127.0.0.1", 0), _Handler) as server:
        server.asked = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(scope="module")
def allowing(start: Starter, endpoint: _Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A server whose queries may ask the endpoint, and one host whose name leads to loopback."""
    root = tmp_path_factory.mktemp("federated")
    shutil.copytree(ROOT / "ontology", root / "ontology")
    services = [address(endpoint), f"http://{socket.gethostname()}:9/sparql"]
    (root / "kg.toml").write_text(f'base = "https://example.org/"\nservices = {json.dumps(services)}\n')
    return start("--root", str(root))


@pytest.fixture(autouse=True)
def fresh(endpoint: _Endpoint) -> None:
    endpoint.asked.clear()
    endpoint.status, endpoint.rows = 200, 2


def address(endpoint: _Endpoint) -> str:
    return f"http://127.0.0.1:{endpoint.server_port}/sparql"


def ask(server: Server, query: str) -> requests.Response:
    return requests.post(f"{server.url}/sparql", data={"query": query}, timeout=30)


def test_an_allowed_endpoint_is_asked_and_its_answer_joined(allowing: Server, endpoint: _Endpoint) -> None:
    query = f"SELECT ?x {{ VALUES ?x {{ <{NAMES[0]}> }} SERVICE <{address(endpoint)}> {{ ?x a ?type }} }}"
    answer = ask(allowing, query)
    assert [b["x"]["value"] for b in answer.json()["results"]["bindings"]] == [NAMES[0]]
    assert len(endpoint.asked) == 1
    assert "127.0.0.1" not in endpoint.asked[0]


def test_what_is_in_a_string_stays_as_it_is(allowing: Server, endpoint: _Endpoint) -> None:
    text = f"SERVICE <{address(endpoint)}>"
    answer = ask(allowing, f'SELECT ("{text}" AS ?text) ?x {{ SERVICE <{address(endpoint)}> {{ ?x a ?type }} }}')
    assert {b["text"]["value"] for b in answer.json()["results"]["bindings"]} == {text}


OTHERS = {
    "another": "SELECT * { SERVICE <http://127.0.0.1:9/sparql> { ?x a ?y } }",
    "an allowed one and another": "SELECT * { SERVICE <URL> { ?x a ?y } SERVICE <http://127.0.0.1:9/> { ?x a ?y } }",
    "a variable": "SELECT * { BIND(<URL> AS ?u) SERVICE ?u { ?x a ?y } }",
    "a prefixed name": "PREFIX e: <http://127.0.0.1:9/> SELECT * { SERVICE e:sparql { ?x a ?y } }",
    "a longer address": "SELECT * { SERVICE <URL/more> { ?x a ?y } }",
}


@pytest.mark.parametrize("query", OTHERS.values(), ids=OTHERS.keys())
def test_nobody_else_is_asked(query: str, allowing: Server, endpoint: _Endpoint) -> None:
    answer = ask(allowing, query.replace("URL", address(endpoint)))
    assert answer.status_code == 403
    assert "SERVICE may ask <http" in answer.json()["detail"]
    assert endpoint.asked == []


def test_a_name_that_leads_to_a_private_address_is_not_followed(allowing: Server, endpoint: _Endpoint) -> None:
    try:
        socket.gethostbyname(socket.gethostname())
    except OSError:
        pytest.skip("this machine's own name leads to no address")
    answer = ask(allowing, f"SELECT * {{ SERVICE <http://{socket.gethostname()}:9/sparql> {{ ?x a ?y }} }}")
    assert answer.status_code == 502
    assert "not a public address" in answer.json()["detail"]
    assert endpoint.asked == []


def test_an_endpoint_that_fails_is_told(allowing: Server, endpoint: _Endpoint) -> None:
    endpoint.status = 500
    answer = ask(allowing, f"SELECT * {{ SERVICE <{address(endpoint)}> {{ ?fails a ?y }} }}")
    assert answer.status_code == 502
    assert "it answered 500" in answer.json()["detail"]


def test_an_endpoint_that_fails_silently_gives_nothing(allowing: Server, endpoint: _Endpoint) -> None:
    endpoint.status = 500
    answer = ask(allowing, f"SELECT * {{ SERVICE SILENT <{address(endpoint)}> {{ ?fails a ?y }} }}")
    assert answer.status_code == 200
    assert answer.json()["results"]["bindings"] == [{}]


def test_an_answer_with_too_many_rows_is_an_error_and_not_a_part(allowing: Server, endpoint: _Endpoint) -> None:
    endpoint.rows = 10_001
    answer = ask(allowing, f"SELECT * {{ SERVICE <{address(endpoint)}> {{ ?many a ?y }} }}")
    assert answer.status_code == 502, answer.text
    assert "10,001 rows" in answer.json()["detail"]


def test_what_fails_when_the_answer_has_begun_is_told_too(allowing: Server, endpoint: _Endpoint) -> None:
    """An answer begins to flow after a quarter of a second, which it takes to read so long a query."""
    endpoint.rows = 10_001
    numbers = " ".join(map(str, range(300_000)))
    answer = ask(allowing, f"SELECT * {{ SERVICE <{address(endpoint)}> {{ ?many a ?y }} VALUES ?z {{ {numbers} }} }}")
    assert answer.status_code == 502, answer.text


def test_queries_that_ask_nobody_are_as_before(allowing: Server) -> None:
    assert ask(allowing, "ASK { ?service ?p ?o }").json()["boolean"] is True
