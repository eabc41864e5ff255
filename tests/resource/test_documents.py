"""Things and documents over HTTP."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
import requests
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCTERMS, FOAF

from tests.conftest import Server

BASE = "https://w3id.org/health-solidarity/"
THING = "org/okhmatdyt"
U = URIRef(f"{BASE}id/{THING}")
CHROME = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
    "application/signed-exchange;v=b3;q=0.7"
)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("accept", ["text/turtle", "text/html", "image/png", "*/*"])
def test_a_thing_is_303_to_its_document(method: str, accept: str, server: Server) -> None:
    answer = requests.request(
        method, f"{server.url}/id/{THING}", headers={"Accept": accept}, allow_redirects=False, timeout=10
    )
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/doc/{THING}"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "path",
    [
        "/id/org/nobody",
        "/doc/org/nobody",
        "/doc/org/nobody.ttl",
        "/id/org/Охматдит",
        "/vocab/x/y",
        "/graph/none",
        "/doc/org/okhmatdyt.pdf",
    ],
)
@pytest.mark.parametrize("accept", ["text/turtle", "text/html", "image/png"])
def test_what_is_unknown_is_404(path: str, accept: str, server: Server) -> None:
    answer = requests.get(server.url + path, headers={"Accept": accept}, timeout=10)
    assert answer.status_code == 404
    expected = "text/html" if accept == "text/html" else "application/problem+json"
    assert answer.headers["Content-Type"].startswith(expected)


NEGOTIATION = [
    ("missing", None, "text/html"),
    ("anything", "*/*", "text/html"),
    ("Chrome", CHROME, "text/html"),
    ("Turtle", "text/turtle", "text/turtle"),
    ("Turtle before a page", "text/turtle;q=0.5, text/html;q=0.3", "text/turtle"),
    ("rdflib asking for nt", "text/plain, */*;q=0.1", "application/n-triples"),
    ("a profile", 'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "application/ld+json"),
    ("a version", "text/turtle;version=1.2", "text/turtle"),
    ("excluded page", "text/html;q=0, */*", "text/turtle"),
    ("quads", "application/n-quads", "application/n-quads"),
]


@pytest.mark.parametrize(("accept", "expected"), [n[1:] for n in NEGOTIATION], ids=[n[0] for n in NEGOTIATION])
def test_a_document_is_negotiated(accept: str | None, expected: str, server: Server) -> None:
    answer = requests.get(f"{server.url}/doc/{THING}", headers={"Accept": accept}, timeout=10)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].partition(";")[0] == expected
    assert {"Accept", "Accept-Language"} <= set(answer.headers["Vary"].split(", "))


def test_nothing_acceptable_is_406_with_the_list(server: Server) -> None:
    answer = requests.get(f"{server.url}/doc/{THING}", headers={"Accept": "image/png"}, timeout=10)
    assert answer.status_code == 406
    assert "text/turtle" in answer.json()["offers"]


def test_a_suffix_overrides_accept(server: Server) -> None:
    answer = requests.get(f"{server.url}/doc/{THING}.nt", headers={"Accept": "text/html"}, timeout=10)
    assert answer.headers["Content-Type"] == "application/n-triples"


def graph(server: Server, path: str, format_: str) -> Graph:
    return Graph().parse(data=requests.get(server.url + path, timeout=10).text, format=format_)


@pytest.mark.parametrize(("suffix", "format_"), [("jsonld", "json-ld"), ("rdf", "xml"), ("nt", "nt")])
@pytest.mark.parametrize(
    "path", ["/doc/org/giz", "/doc/source/imp-forum-2025", "/vocab/specialty/oncology", "/ns", "/graph/derived"]
)
def test_every_syntax_says_the_same(path: str, suffix: str, format_: str, server: Server) -> None:
    turtle = graph(server, f"{path}.ttl", "turtle")
    assert len(turtle) > 3
    assert isomorphic(graph(server, f"{path}.{suffix}", format_), turtle)


def test_quads_tell_the_graphs(server: Server) -> None:
    content = requests.get(f"{server.url}/doc/{THING}.nq", timeout=10).content
    names = {str(q.graph_name) for q in ox.parse(content, ox.RdfFormat.N_QUADS)}
    assert {f"<{BASE}graph/{g}>" for g in ("source/imp-forum-2025", "provenance", "inferred")} <= names


def test_a_document_says_what_it_is_about(server: Server) -> None:
    found = graph(server, f"/doc/{THING}.ttl", "turtle")
    document = URIRef(f"{BASE}doc/{THING}")
    assert (document, FOAF.primaryTopic, U) in found
    assert (document, DCTERMS.license, URIRef("https://creativecommons.org/licenses/by/4.0/")) in found
    assert list(found.objects(document, DCTERMS.modified))
    assert (None, None, U) in found
    assert (U, None, None) in found


def test_the_subject_is_canonical_whatever_the_host(server: Server) -> None:
    for host in ("example.org", "localhost:1", "пацієнт.укр".encode("idna").decode()):
        text = requests.get(f"{server.url}/doc/{THING}.nt", headers={"Host": host}, timeout=10).text
        assert f"<{U}>" in text
        assert host not in text


def test_the_claims_about_a_thing_come_with_it(server: Server) -> None:
    found = graph(server, "/doc/partnership/mechnikov-hospital-dnipro--razom-for-ukraine.ttl", "turtle")
    nif = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
    assert (
        URIRef(f"{BASE}source/imp-forum-2025.txt#char=2617,2634"),
        URIRef(nif + "anchorOf"),
        Literal("Razom for Ukraine"),
    ) in found


def test_an_unchanged_document_is_304(server: Server) -> None:
    for path, headers in ((f"/doc/{THING}.ttl", {}), (f"/doc/{THING}", {"Accept-Language": "uk"}), ("/", {})):
        first = requests.get(server.url + path, headers=headers, timeout=10)
        again = requests.get(server.url + path, headers={**headers, "If-None-Match": first.headers["ETag"]}, timeout=10)
        assert again.status_code == 304
        assert again.content == b""


def test_etags_differ_by_syntax_and_language(server: Server) -> None:
    variants = [
        {"Accept": "text/turtle"},
        {"Accept": "text/html", "Accept-Language": "uk"},
        {"Accept": "text/html", "Accept-Language": "ru"},
    ]
    tags = {requests.get(f"{server.url}/doc/{THING}", headers=v, timeout=10).headers["ETag"] for v in variants}
    assert len(tags) == 3


def test_a_page_is_in_the_readers_language(server: Server) -> None:
    title = {
        "uk-UA,uk;q=0.9,en;q=0.5": "Національна дитяча спеціалізована лікарня «Охматдит»",
        "ru": "Национальная детская специализированная больница «Охматдет»",
        "fr": "National Children’s Specialised Hospital “Okhmatdyt”",
    }
    for header, expected in title.items():
        answer = requests.get(
            f"{server.url}/doc/{THING}", headers={"Accept": "text/html", "Accept-Language": header}, timeout=10
        )
        language = answer.headers["Content-Language"]
        assert f'<html lang="{language}"' in answer.text
        assert expected in answer.text.partition("</h1>")[0]


def test_cross_origin_requests_are_welcome(server: Server) -> None:
    answer = requests.options(f"{server.url}/doc/{THING}", timeout=10)
    assert answer.status_code == 204
    assert "GET" in answer.headers["Allow"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Max-Age"]


def test_the_text_of_a_source_is_there_only_where_the_operator_has_it(server: Server) -> None:
    answer = requests.get(f"{server.url}/source/imp-forum-2025.txt", timeout=10)
    assert answer.status_code == 404
    assert "/doc/source/imp-forum-2025" in answer.text
    assert requests.get(f"{server.url}/source/nothing.txt", timeout=10).status_code == 404


def test_links_name_the_alternates(server: Server) -> None:
    header = requests.head(f"{server.url}/doc/{THING}", timeout=10).headers["Link"]
    assert f'</doc/{THING}.ttl>; rel="alternate"; type="text/turtle"' in header
    assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in header
