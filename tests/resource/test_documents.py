"""Things and documents over HTTP."""

from __future__ import annotations

from urllib.parse import quote

import pyoxigraph as ox
import pytest
import requests
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCTERMS, FOAF

from tests.conftest import Server, Starter

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


@pytest.mark.parametrize("suffix", ["nq", "trig"])
def test_the_default_graph_of_a_dataset_has_every_triple(suffix: str, server: Server) -> None:
    """Comunica asks for N-Quads first and looks nowhere else."""
    content = requests.get(f"{server.url}/doc/{THING}.{suffix}", timeout=10).content
    quads = list(ox.parse(content, ox.RdfFormat.from_extension(suffix)))
    named = {q.triple for q in quads if not isinstance(q.graph_name, ox.DefaultGraph)}
    assert named
    assert named < {q.triple for q in quads if isinstance(q.graph_name, ox.DefaultGraph)}


@pytest.mark.parametrize(
    "path", [f"/doc/{THING}", f"/doc/{THING}.ttl", "/vocab/specialty/oncology", "/ns", "/graph/derived"]
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_document_is_only_read(method: str, path: str, server: Server) -> None:
    answer = requests.request(method, server.url + path, timeout=10)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "path",
    [
        f"//doc/{THING}", f"//id/{THING}", "/doc//org/okhmatdyt", "/doc/org//okhmatdyt",
        f"/doc/{THING}/", f"/doc/{THING}.", f"/doc/{THING}%00", f"/doc/{THING}%FF", f"/DOC/{THING}", f"/id/{THING}/",
        f"/doc/{THING}.TTL", f"/doc/{THING}.ttl.ttl", f"/id/{THING}.ttl", "/doc/org/okhmatdy%2574",
        "/doc/vocab/specialty/oncology", "/doc/ns", "/id/vocab/specialty/oncology", "/graph/derived/",
        "/doc/", "/id/", "/vocab/", "/graph/", "/doc/%20", "/doc/org/%7B%7D", "/doc/..%2Fetc",
    ],
)  # fmt: skip
def test_a_document_has_one_address(path: str, server: Server) -> None:
    """Nothing else is it, and nothing redirects with the name of the host in it."""
    prepared = requests.Request("GET", server.url, headers={"Accept": "text/turtle"}).prepare()
    prepared.url = server.url + path  # as it is written
    with requests.Session() as session:
        answer = session.send(prepared, allow_redirects=False, timeout=10)
    assert answer.status_code == 404
    assert {"Accept", "Accept-Language"} <= set(answer.headers["Vary"].split(", "))


def test_an_unreserved_letter_may_be_percent_encoded(server: Server) -> None:
    answer = requests.get(f"{server.url}/doc/org/okhmatd%79t", headers={"Accept": "text/turtle"}, timeout=10)
    assert answer.headers["Content-Location"] == f"/doc/{THING}.ttl"


def test_a_concept_is_no_document(server: Server) -> None:
    """It answers at its own address, as vocabularies do, and is not called a page for that."""
    found = graph(server, "/vocab/specialty/oncology.ttl", "turtle")
    concept = URIRef(f"{BASE}vocab/specialty/oncology")
    assert (concept, DCTERMS.license, None) in found
    assert (concept, None, FOAF.Document) not in found
    assert (None, FOAF.primaryTopic, None) not in found


@pytest.fixture(scope="module")
def retiring(start: Starter, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """Things that are retired: one with successors, one without."""
    folder = tmp_path_factory.mktemp("retiring")
    (folder / "data").mkdir()
    (folder / "data" / "boats.ttl").write_text(
        "@base <http://example.org/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix dcterms: <http://purl.org/dc/terms/> .\n"
        "<id/boat/old> rdfs:label 'Old' ; owl:deprecated true ;\n"
        "  dcterms:isReplacedBy <id/boat/new>, <id/boat/нова,друга>, <javascript:alert(1)>, 'x' .\n"
        "<id/boat/lost> rdfs:label 'Lost' ; owl:deprecated 1 .\n"
        "<id/boat/new> rdfs:label 'New' ; owl:deprecated false .\n"
    )
    return start("--root", str(folder), "--base", "http://example.org/")


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
@pytest.mark.parametrize("accept", ["text/turtle", "text/html", "image/png", None])
def test_a_retired_thing_is_410_with_its_successors(method: str, accept: str | None, retiring: Server) -> None:
    answer = requests.request(method, f"{retiring.url}/id/boat/old", headers={"Accept": accept}, timeout=10)
    assert answer.status_code == 410
    other = "http://example.org/id/boat/" + quote("нова,друга")
    relation = 'rel="successor-version"'
    assert answer.headers["Link"] == f"<http://example.org/id/boat/new>; {relation}, <{other}>; {relation}"


def test_who_opens_a_retired_thing_is_told_where_to_go(retiring: Server) -> None:
    page = requests.get(f"{retiring.url}/id/boat/old", headers={"Accept": "text/html"}, timeout=10).text
    assert '<a href="http://example.org/id/boat/new">' in page
    assert "javascript:" not in page
    problem = requests.get(f"{retiring.url}/id/boat/old", timeout=10).json()
    assert problem["successors"][0] == "http://example.org/id/boat/new"
    assert problem["detail"] == "http://example.org/id/boat/old is no longer used. /doc/boat/old says what it was"


def test_a_retired_thing_needs_no_successor(retiring: Server) -> None:
    answer = requests.get(f"{retiring.url}/id/boat/lost", timeout=10)
    assert answer.status_code == 410
    assert "Link" not in answer.headers


def test_what_a_retired_thing_was_can_still_be_read(retiring: Server) -> None:
    answer = requests.get(f"{retiring.url}/doc/boat/old.ttl", timeout=10)
    assert answer.status_code == 200
    assert "isReplacedBy" in answer.text
    assert requests.get(f"{retiring.url}/id/boat/new", timeout=10).history[0].status_code == 303


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
    assert "Content-Type" not in answer.headers


def test_the_text_of_a_source_is_there_only_where_the_operator_has_it(server: Server) -> None:
    answer = requests.get(f"{server.url}/source/imp-forum-2025.txt", timeout=10)
    assert answer.status_code == 404
    assert "/doc/source/imp-forum-2025" in answer.text
    assert requests.get(f"{server.url}/source/nothing.txt", timeout=10).status_code == 404


def test_links_name_the_alternates(server: Server) -> None:
    header = requests.head(f"{server.url}/doc/{THING}", timeout=10).headers["Link"]
    assert f'</doc/{THING}.ttl>; rel="alternate"; type="text/turtle"' in header
    assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in header
    assert f'<{U}>; rel="cite-as"' in header
    assert '<https://schema.org/AboutPage>; rel="type", <https://schema.org/' in header


def test_what_a_page_is_found_by_is_not_said_of_its_data(server: Server) -> None:
    header = requests.head(f"{server.url}/doc/{THING}.ttl", timeout=10).headers["Link"]
    assert f'<{U}>; rel="describes"' in header
    assert "cite-as" not in header
