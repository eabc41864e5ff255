"""Comunica, a client of another make, asks the endpoint over HTTP."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import requests
from rdflib import Graph
from rdflib.compare import isomorphic

from tests.conftest import Server

FOLDER = Path(__file__).parent / "comunica"
PREFIX = "PREFIX hs: <https://w3id.org/health-solidarity/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "


def comunica(server: Server, query: str) -> str:
    if not shutil.which("node"):
        pytest.skip("Comunica needs Node.js (apt install nodejs npm)")
    if not (FOLDER / "node_modules").is_dir():
        pytest.skip("Comunica is not installed (npm ci --prefix tests/sparql/comunica)")
    done = subprocess.run(
        ["node", "ask.js", f"{server.url}/sparql", query],
        cwd=FOLDER,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_comunica_reads_the_rows_of_a_select(server: Server) -> None:
    query = PREFIX + (
        "SELECT ?partner ?name { ?p a hs:Partnership ; hs:foreignParty ?partner . ?partner skos:prefLabel ?name "
        'FILTER(LANG(?name) = "uk") } ORDER BY ?name ?partner'
    )
    rows = json.loads(comunica(server, query))
    ours = requests.get(f"{server.url}/sparql", {"query": query}, timeout=10).json()["results"]["bindings"]
    assert rows
    assert [row["partner"] for row in rows] == [f"<{row['partner']['value']}>" for row in ours]
    assert all(row["name"].endswith("@uk") for row in rows)


def test_comunica_reads_the_triples_of_a_construct(server: Server) -> None:
    query = PREFIX + "CONSTRUCT { ?p ?is ?what } WHERE { ?p a hs:Partnership ; ?is ?what }"
    ours = requests.get(f"{server.url}/sparql", {"query": query}, headers={"Accept": "text/turtle"}, timeout=10).text
    theirs = Graph().parse(data=comunica(server, query), format="nt")
    assert len(theirs) > 50
    assert isomorphic(theirs, Graph().parse(data=ours, format="turtle"))
