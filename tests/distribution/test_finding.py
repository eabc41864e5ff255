"""How crawlers and readers of feeds find what there is."""

from __future__ import annotations

from xml.etree import ElementTree

import requests

from kg.distribution import sitemap
from tests.conftest import Server
from tests.distribution.boats import BASE as FLEET

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ATOM = "{http://www.w3.org/2005/Atom}"


def listed(text: str) -> list[str]:
    return [str(loc.text) for loc in ElementTree.fromstring(text).iter(SITEMAP + "loc")]


def get(url: str) -> requests.Response:
    return requests.get(url, headers={"Accept": "text/html"}, timeout=20)


def test_robots_names_the_sitemap_and_keeps_crawlers_from_queries(server: Server) -> None:
    text = get(f"{server.url}/robots.txt").text
    assert f"\nSitemap: {server.url}/sitemap.xml\n" in text
    assert "\nDisallow: /sparql?\n" in text


def test_all_that_the_sitemap_lists_is_there(fleet: Server) -> None:
    urls = listed(get(f"{fleet.url}/sitemap.xml").text)
    for url in urls:
        assert get(url).status_code == 200, url
    assert len(urls) == len(set(urls)) > 10


def test_the_sitemap_lists_every_document(server: Server, fleet: Server) -> None:
    for where, base in ((server, "https://w3id.org/health-solidarity/"), (fleet, FLEET)):
        query = f'SELECT DISTINCT ?t {{ ?t ?p ?o FILTER(STRSTARTS(STR(?t), "{base}id/")) }}'
        answer = requests.get(f"{where.url}/sparql", params={"query": query, "format": "json"}, timeout=20).json()
        things = {row["t"]["value"].removeprefix(base + "id/") for row in answer["results"]["bindings"]}
        urls = {requests.utils.unquote(u) for u in listed(get(f"{where.url}/sitemap.xml").text)}
        assert things
        assert {f"{where.url}/doc/{thing}" for thing in things} <= urls
        assert {f"{where.url}/", f"{where.url}/dataset", f"{where.url}/ns"} <= urls


def test_it_says_when_they_changed(server: Server) -> None:
    assert "<lastmod>2026-" in get(f"{server.url}/sitemap.xml").text
    assert get(f"{server.url}/sitemap-2.xml").status_code == 404
    assert listed(get(f"{server.url}/sitemap-1.xml").text) == listed(get(f"{server.url}/sitemap.xml").text)


def test_more_than_fifty_thousand_are_split() -> None:
    paths = [f"doc/{n}&<" for n in range(100_001)]
    assert listed(sitemap.index("https://example.org", len(paths), "2026-01-02")) == [
        f"https://example.org/sitemap-{n}.xml" for n in (1, 2, 3)
    ]
    parts = [listed(sitemap.part("https://example.org", paths, n, "")) for n in (1, 2, 3)]
    assert [len(part) for part in parts] == [50_000, 50_000, 1]
    assert [u for part in parts for u in part] == [f"https://example.org/{p}" for p in paths]
    assert sitemap.parts(50_000) == 1
    assert sitemap.parts(0) == 1


def test_the_feed_tells_of_the_release(server: Server) -> None:
    answer = get(f"{server.url}/feed.atom")
    assert answer.headers["Content-Type"] == "application/atom+xml"
    (entry,) = ElementTree.fromstring(answer.text).findall(ATOM + "entry")
    release = answer.headers["X-KG-Release"]
    assert entry.findtext(ATOM + "id") == f"https://w3id.org/health-solidarity/dumps/{release}"
    enclosures = [link for link in entry.iter(ATOM + "link") if link.get("rel") == "enclosure"]
    assert len(enclosures) == 4
    for link in enclosures:
        assert requests.head(str(link.get("href")), timeout=10).headers["Content-Length"] == link.get("length")
