"""No query makes the server send a request: tried against a listener that would see one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from tests.conftest import Server


class _Listener(ThreadingHTTPServer):
    hits = 0


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, _Listener)
        self.server.hits += 1
        self.send_response(404)
        self.end_headers()

    do_POST = do_GET  # noqa: N815

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def listener() -> Iterator[_Listener]:
    with _Listener(("127.0.0.1", 0), _Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


ATTACKS = {
    "plain": "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "silent": "SELECT * { SERVICE SILENT <URL> { ?s ?p ?o } }",
    "lower case": "SELECT * { service <URL> { ?s ?p ?o } }",
    "escaped letter": "SELECT * { \\u0053ERVICE <URL> { ?s ?p ?o } }",
    "variable": "SELECT * { BIND(<URL> AS ?u) SERVICE ?u { ?s ?p ?o } }",
    "comparison that looks like an IRI": "SELECT * { FILTER(1<'>' ) SERVICE <URL> { ?s ?p ?o } #'\n }",
    "two such": "SELECT * { ?s <http://a/'> ?o FILTER(1<'>' ) SERVICE <URL> { ?s ?p ?o } #'\n }",
    "comment that looks like an IRI": "SELECT * { FILTER(1<1#>'''\n) SERVICE <URL> { ?s ?p ?o } #'''\n }",
    "escaped name": "PREFIX e: <http://e/> SELECT * { ?a ?b e:a\\' SERVICE <URL> { ?s ?p ?o } #'\n }",
    "behind a number": "SELECT * { ?a ?b 1e5SERVICE <URL> { ?s ?p ?o } }",
    "behind a word": "SELECT * { ?a ?b trueSERVICE <URL> { ?s ?p ?o } }",
    "in EXISTS": "SELECT * { ?a ?b ?c FILTER EXISTS { SERVICE <URL> { ?s ?p ?o } } }",
    "in a subquery": "SELECT * { { SELECT * { SERVICE <URL> { ?s ?p ?o } } } }",
}


@pytest.mark.parametrize("query", ATTACKS.values(), ids=ATTACKS.keys())
def test_no_query_sends_a_request(query: str, server: Server, listener: _Listener) -> None:
    url = f"http://127.0.0.1:{listener.server_port}/sparql"
    answer = requests.post(f"{server.url}/sparql", data={"query": query.replace("URL", url)}, timeout=30)
    assert answer.status_code in (400, 403)
    assert listener.hits == 0


UPDATES = {
    "load": "LOAD <URL>",
    "silent load": "LOAD SILENT <URL>",
    "escaped load": "\\u004cOAD <URL>",
    "second operation": "CREATE GRAPH <http://g/1> ; LOAD <URL> INTO GRAPH <http://g/1>",
    "service": "INSERT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
    "from": "INSERT { ?s ?p ?o } USING <URL> WHERE { ?s ?p ?o }",
}


@pytest.mark.parametrize("update", UPDATES.values(), ids=UPDATES.keys())
def test_no_update_sends_a_request(update: str, plain: Server, listener: _Listener) -> None:
    url = f"http://127.0.0.1:{listener.server_port}/data.ttl"
    requests.post(f"{plain.url}/sparql/update", data={"update": update.replace("URL", url)}, timeout=30)
    assert listener.hits == 0


def test_from_fetches_nothing(server: Server, listener: _Listener) -> None:
    url = f"http://127.0.0.1:{listener.server_port}/data.ttl"
    query = f"SELECT * FROM <{url}> FROM NAMED <{url}> {{ ?s ?p ?o }}"
    answer = requests.post(f"{server.url}/sparql", data={"query": query}, timeout=30)
    assert answer.json()["results"]["bindings"] == []
    assert listener.hits == 0


HARMLESS = {
    "string": 'SELECT * { ?s ?p "health SERVICE" }',
    "long string": 'SELECT * { ?s ?p """a\nSERVICE <x> {}""" }',
    "comment": "SELECT * { ?s ?p ?o } # SERVICE",
    "variable": "SELECT ?service { ?service ?p ?o } LIMIT 1",
    "IRI": "SELECT * { ?s ?p <http://example.org/SERVICE> }",
    "prefixed name": "PREFIX s: <http://example.org/> SELECT * { ?s ?p s:SERVICE }",
    "prefix": "PREFIX service: <http://example.org/> SELECT * { ?s ?p service:x }",
}


@pytest.mark.parametrize("query", HARMLESS.values(), ids=HARMLESS.keys())
def test_the_word_alone_is_harmless(query: str, server: Server) -> None:
    assert requests.post(f"{server.url}/sparql", data={"query": query}, timeout=30).status_code == 200
