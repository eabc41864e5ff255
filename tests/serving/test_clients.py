"""The clients that people use, against the running server."""

from __future__ import annotations

import shutil
import subprocess

import pytest
import requests
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import SKOS
from SPARQLWrapper import CSV, JSON, POST, SPARQLWrapper

from tests.conftest import Server

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


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_curl_follows_a_thing_to_turtle(server: Server) -> None:
    done = subprocess.run(
        ["curl", "-sfL", "-H", "Accept: text/turtle", f"{server.url}/id/org/okhmatdyt"],
        capture_output=True, text=True, check=True, timeout=30,
    )  # fmt: skip
    assert OKHMATDYT in set(Graph().parse(data=done.stdout).subjects())


@pytest.mark.parametrize("accept", ["application/sparql-results+json", "application/json"])
def test_json_says_what_it_is(accept: str, server: Server) -> None:
    answer = requests.post(f"{server.url}/sparql", data={"query": COUNT}, headers={"Accept": accept}, timeout=10)
    assert answer.headers["Content-Type"] == "application/sparql-results+json"
    assert answer.json()["head"]["vars"] == ["n"]
