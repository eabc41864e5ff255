"""One address of every kind of page."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import quote

import pytest
import requests

from tests.conftest import ROOT

BASE = "https://w3id.org/health-solidarity/"
_TABLE = "SELECT ?thing ?kind WHERE { ?thing a ?kind } ORDER BY ?thing LIMIT 20"

PAGES = {
    "home": "/",
    "list": "/browse?class=hs:Hospital&inCountry=id/country/UA",
    "sources": "/sources",
    "search with results": "/search?q=ohmatdit",
    "search without results": "/search?q=zzzzqqqq",
    "empty search": "/search",
    "organisation": "/doc/org/national-cancer-institute-ua",
    "partnership": "/doc/partnership/mechnikov-hospital-dnipro--razom-for-ukraine",
    "observation": "/doc/observation/partnerships-total",
    "quotation": "/doc/quotation/imp-forum-2025-1",
    "source": "/doc/source/psd-press-release",
    "claim": "",
    "concept": "/vocab/specialty/oncology",
    "vocabulary": "/vocab/org-kind",
    "class": f"/doc/external?iri={quote('http://xmlns.com/foaf/0.1/Person')}",
    "property": f"/doc/external?iri={quote('http://www.w3.org/ns/org#linkedTo')}",
    "external page": f"/doc/external?iri={quote('https://iapo.org.uk/')}",
    "ontology": "/ns",
    "shapes": "/shapes",
    "graph": "/graph/curated",
    "dataset": "/dataset",
    "query": "/sparql",
    "answer": f"/sparql?query={quote(_TABLE)}",
    "saved queries": "/queries",
    "saved query": "/queries/where-is-it-said",
    "not found": "/nowhere",
    "bad parameter": "/doc/org/giz?page=x",
    "query error": f"/sparql?query={quote('SELECT * WHERE { ?thing a hs:Hospital')}",
    "preview": "/reconcile/preview?id=id/org/giz",
}
WITH_EDITOR = ("query", "answer", "query error")
EDITOR = ROOT / "src" / "kg" / "static" / "editor" / "editor.js"


def has_editor(kind: str) -> bool:
    """Whether a kind of page has the editor; skip the test if that is not built."""
    if kind in WITH_EDITOR and not EDITOR.is_file():
        pytest.skip("the editor is not built (cd editor && npm ci && npm run build)")
    return kind in WITH_EDITOR


@cache
def address(url: str, kind: str) -> str:
    """The address of such a page on the server at a URL. Claims are named by a hash, so the first one found will do."""
    if kind != "claim":
        return url + PAGES[kind]
    found = re.search(r"/doc/claim/[0-9a-f]{8}", requests.get(address(url, "partnership"), timeout=10).text)
    assert found
    return url + found.group()
