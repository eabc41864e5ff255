"""Programs find their way from a document by its headers alone. Source: Signposting the Scholarly Web."""

from __future__ import annotations

import requests

from kg.pages.signposting import Link, linkset
from tests.conftest import Server

BASE = "https://w3id.org/health-solidarity/"


def test_a_document_tells_how_to_cite_its_thing_and_where_its_data_is(server: Server) -> None:
    answer = requests.get(f"{server.url}/doc/org/okhmatdyt", headers={"Accept": "text/html"}, timeout=10)
    links: dict[str, list[str]] = {}
    for link in requests.utils.parse_header_links(answer.headers["Link"]):
        links.setdefault(link["rel"], []).append(link["url"])
    assert links["cite-as"] == [f"{BASE}id/org/okhmatdyt"]
    assert {"https://schema.org/AboutPage", "https://schema.org/Hospital"} <= set(links["type"])
    assert links["license"] == ["https://creativecommons.org/licenses/by/4.0/"]
    assert links["collection"] == ["/dataset"]
    assert links["describedby"] == [f"/doc/org/okhmatdyt.{s}" for s in ("ttl", "jsonld", "rdf", "nt", "nq", "trig")]


def test_no_target_can_end_the_link() -> None:
    assert str(Link("https://example.org/a>,b", "item")) == '<https://example.org/a%3E%2Cb>; rel="item"'


def test_a_linkset_groups_targets_by_relation() -> None:
    links = [Link("/a", "item", "text/turtle"), Link("/b", "item"), Link("/c", "license")]
    assert linkset("/x", links) == {
        "linkset": [
            {
                "anchor": "/x",
                "item": [{"href": "/a", "type": "text/turtle"}, {"href": "/b"}],
                "license": [{"href": "/c"}],
            }
        ]
    }
