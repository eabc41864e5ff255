"""The clients that people use, against the running server."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import requests
from rdflib import Dataset, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import SKOS
from SPARQLWrapper import CSV, JSON, POST, SPARQLWrapper

from kg.contract.accepts import JENA, JENA_DATASET
from tests.conftest import Server, Starter, free_port

BASE = "https://w3id.org/health-solidarity/"
OKHMATDYT = URIRef(BASE + "id/org/okhmatdyt")
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s a <https://w3id.org/health-solidarity/ns#Partnership> }"


def test_rdflib_follows_a_thing_to_its_triples(server: Server) -> None:
    graph = Graph().parse(f"{server.url}/id/org/okhmatdyt")
    assert (
        OKHMATDYT,
        SKOS.prefLabel,
        Literal("Національна дитяча спеціалізована лікарня «Охматдит»", lang="uk"),
    ) in graph


@pytest.mark.parametrize("format_", ["turtle", "xml", "nt", "json-ld"])
def test_rdflib_gets_each_format_it_asks_for(format_: str, server: Server) -> None:
    asked = Graph().parse(f"{server.url}/id/org/giz", format=format_)
    assert isomorphic(asked, Graph().parse(f"{server.url}/doc/org/giz.ttl"))


def test_sparqlwrapper_asks_by_get_and_post(server: Server) -> None:
    client = SPARQLWrapper(f"{server.url}/sparql", returnFormat=JSON)
    client.setQuery(COUNT)
    assert client.queryAndConvert()["results"]["bindings"][0]["n"]["value"] == "8"
    client.setMethod(POST)
    client.setReturnFormat(CSV)
    assert client.queryAndConvert().decode().split() == ["n", "8"]


@pytest.mark.parametrize(("suffix", "format_"), [("nq", "nquads"), ("trig", "trig")])
@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning")  # rdflib's own
def test_rdflib_reads_datasets(suffix: str, format_: str, server: Server) -> None:
    dataset = Dataset(default_union=True)
    dataset.parse(f"{server.url}/doc/org/giz.{suffix}", format=format_)
    found = Graph()
    for triple in dataset.triples((None, None, None)):
        found.add(triple)
    assert isomorphic(found, Graph().parse(f"{server.url}/doc/org/giz.ttl"))


def test_rdflib_finds_the_syntax_by_suffix_or_by_what_comes(server: Server) -> None:
    whole = Graph().parse(f"{server.url}/doc/org/giz.ttl")
    for path in ("/id/org/giz", "/doc/org/giz", "/doc/org/giz.jsonld", "/doc/org/giz.rdf", "/doc/org/giz.nt"):
        assert isomorphic(Graph().parse(server.url + path), whole), path


@pytest.mark.parametrize(
    ("accept", "expected"), [(JENA, "text/turtle"), (JENA_DATASET, "application/trig")], ids=["graph", "dataset"]
)
def test_jena_follows_a_thing_to_its_triples(accept: str, expected: str, server: Server) -> None:
    """As RDFDataMgr asks, whose HTTP client follows 303 and sends the same headers again."""
    answer = requests.get(f"{server.url}/id/org/giz", headers={"Accept": accept}, timeout=10)
    assert [hop.status_code for hop in answer.history] == [303]
    assert answer.headers["Content-Type"].partition(";")[0] == expected


def curl(*arguments: str) -> str:
    if not shutil.which("curl"):
        pytest.skip("curl is not installed")
    return subprocess.run(["curl", "-sS", *arguments], capture_output=True, text=True, check=True, timeout=30).stdout


def test_curl_follows_a_thing_to_turtle(server: Server) -> None:
    told = curl("-fL", "-H", "Accept: text/turtle", f"{server.url}/id/org/okhmatdyt")
    assert OKHMATDYT in set(Graph().parse(data=told).subjects())


def test_curl_sees_both_hops_in_the_headers(server: Server) -> None:
    told = curl("-IL", "-H", "Accept: text/turtle", f"{server.url}/id/org/okhmatdyt").replace("\r", "")
    first, second = told.strip().split("\n\n")
    assert first.splitlines()[0] == "HTTP/1.1 303 See Other"
    assert second.splitlines()[0] == "HTTP/1.1 200 OK"
    assert "content-type: text/turtle; charset=utf-8" in second


def test_curl_gets_the_same_compressed(server: Server) -> None:
    url, turtle = f"{server.url}/doc/org/okhmatdyt", ("-H", "Accept: text/turtle")
    assert curl("--compressed", *turtle, url) == curl(*turtle, url)
    assert "content-encoding: " in curl("--compressed", "-o", "/dev/null", "-D", "-", *turtle, url)


def test_curl_has_it_already(server: Server, tmp_path: Path) -> None:
    """As scripts do that fetch a document only if it has changed."""
    tag, url = str(tmp_path / "etag"), f"{server.url}/doc/org/okhmatdyt.ttl"
    assert curl("--etag-save", tag, "-o", "/dev/null", "-w", "%{http_code}", url) == "200"
    assert curl("--etag-compare", tag, "-o", "/dev/null", "-w", "%{http_code}", url) == "304"


LINK_TRAVERSAL = Path(__file__).parent / "link-traversal"


def test_comunica_follows_links_from_thing_to_thing(start: Starter, tmp_path: Path) -> None:
    """The engine knows one IRI and finds the rest behind it: where Ada lies, its name, who else lies there."""
    if not shutil.which("node"):
        pytest.skip("Comunica needs Node.js (apt install nodejs npm)")
    if not (LINK_TRAVERSAL / "node_modules").is_dir():
        pytest.skip("Comunica is not installed (npm ci --prefix tests/serving/link-traversal)")
    port = free_port()
    base = f"http://127.0.0.1:{port}/"
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "boats.ttl").write_text(
        f"@base <{base}> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        '<id/boat/ada> rdfs:label "Ada"@en ; <ns#liesIn> <id/harbour/порт> .\n'
        '<id/boat/bee> rdfs:label "Bee"@en ; <ns#liesIn> <id/harbour/порт> .\n'
        '<id/harbour/порт> rdfs:label "Порт"@uk .\n'
    )
    start("--root", str(tmp_path), "--base", base, port=port)
    query = (
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> SELECT ?harbour ?boat WHERE { "
        f"<{base}id/boat/ada> <{base}ns#liesIn> ?where . ?where rdfs:label ?harbour . "
        f"?other <{base}ns#liesIn> ?where ; rdfs:label ?boat }}"
    )
    done = subprocess.run(
        ["node", "ask.js", query, f"{base}id/boat/ada"],
        cwd=LINK_TRAVERSAL, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows = {(row["harbour"], row["boat"]) for row in json.loads(done.stdout)}
    assert rows == {("Порт", "Ada"), ("Порт", "Bee")}


@pytest.mark.parametrize("accept", ["application/sparql-results+json", "application/json"])
def test_json_says_what_it_is(accept: str, server: Server) -> None:
    answer = requests.post(f"{server.url}/sparql", data={"query": COUNT}, headers={"Accept": accept}, timeout=10)
    assert answer.headers["Content-Type"] == "application/sparql-results+json"
    assert answer.json()["head"]["vars"] == ["n"]
