"""`/search`, `/suggest` and `/opensearch.xml` as browsers and programs meet them."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
import requests
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.pages.phrases import INTERFACE_LANGUAGES
from kg.words.names import HS
from tests.conftest import Server, Starter

HTML = {"Accept": "text/html"}
JSON = {"Accept": "application/json"}
OKHMATDYT = "https://w3id.org/health-solidarity/id/org/okhmatdyt"


def get(server: Server, path: str, headers: dict[str, str] | None = None, **parameters: object) -> requests.Response:
    return requests.get(server.url + path, parameters, headers=headers or {}, timeout=20)


def page(response: requests.Response) -> BeautifulSoup:
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    return BeautifulSoup(response.text, "html.parser")


def test_a_page_lists_what_was_found_with_the_words_marked(server: Server) -> None:
    found = page(get(server, "/search", HTML, q="мечникова лікарня"))
    first = found.select_one(".hits li")
    assert first is not None
    assert first.a is not None
    assert first.a["href"] == "/doc/org/mechnikov-hospital-dnipro"
    assert {m.text for m in found.select("mark")} >= {"Мечникова", "лікарня"}
    assert requests.get(server.url + str(first.a["href"]), headers=HTML, timeout=10).status_code == 200


def test_what_is_found_by_another_name_shows_that_name_in_its_language(server: Server) -> None:
    first = page(get(server, "/search", HTML, q="лікарня мечникова")).select_one(".hits li")
    assert first is not None
    name, snippet = first.select_one(".name a"), first.select_one(".snippet span")
    assert name is not None
    assert snippet is not None
    assert (name["lang"], snippet["lang"]) == ("en", "uk")


def test_a_phrase_leads_to_its_place_in_the_source(server: Server) -> None:
    found = page(get(server, "/search", HTML, q="пациенты всего мира объединяются"))
    link = found.select_one(".hits li:has(.snippet.phrase) a")
    assert link is not None
    path, _, place = str(link["href"]).partition("#")
    assert BeautifulSoup(get(server, path, HTML).text, "html.parser").find(id=place) is not None


def test_a_misspelt_name_is_found_and_the_right_one_offered(server: Server) -> None:
    found = page(get(server, "/search", HTML, q="Охмадит", lang="uk"))
    meant = found.select_one(".meant a")
    assert meant is not None
    assert meant.text == "Охматдит"
    again = page(requests.get(server.url + str(meant["href"]), headers=HTML, timeout=10))
    assert again.select_one(".meant") is None
    assert again.html is not None
    assert again.html["lang"] == "uk"


def test_kinds_narrow_the_search_and_widen_it_again(server: Server) -> None:
    whole = page(get(server, "/search", HTML, q="hospital"))
    kind = whole.select_one('.facet a[href*="hs%3AHospital"]')
    assert kind is not None
    count = kind.find_next(class_="tally")
    assert count is not None
    narrowed = page(requests.get(server.url + str(kind["href"]), headers=HTML, timeout=10))
    assert len(narrowed.select(".hits li")) == int(count.text)
    chosen = narrowed.select_one('.facet a[aria-current="true"]')
    assert chosen is not None
    widened = page(requests.get(server.url + str(chosen["href"]), headers=HTML, timeout=10))
    assert widened.select(".hits li") == whole.select(".hits li")
    assert narrowed.select_one('form input[name="class"]')


@pytest.mark.parametrize("class_", ["hs:Hospital", HS + "Hospital"])
def test_a_class_is_given_by_its_short_name_or_its_iri(server: Server, class_: str) -> None:
    found = get(server, "/search.json", q="hospital", **{"class": class_}).json()
    assert found["classes"] == [HS + "Hospital"]
    assert found["hits"]
    assert all(hit["iri"].rpartition("/")[0].endswith("/id/org") for hit in found["hits"])


def test_pages_follow_each_other_and_no_hit_is_on_two(server: Server) -> None:
    found, seen, path = 0, [], "/search?q=hospital"
    while path:
        shown = page(get(server, path, HTML))
        seen += [str(a["href"]) for a in shown.select(".hits .name a")]
        found += 1
        link = shown.select_one('.pager a[rel="next"]')
        path = str(link["href"]) if link else ""
    assert found > 1
    assert len(seen) == len(set(seen)) == get(server, "/search.json", q="hospital").json()["total"]
    assert get(server, "/search", HTML, q="hospital", page=found + 1).status_code == 404


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
def test_the_language_chosen_is_carried_along(server: Server, language: str) -> None:
    found = page(get(server, "/search", HTML, q="hospital", lang=language))
    field = found.select_one('main form input[name="lang"]')
    assert field is not None
    assert field["value"] == language
    links = [
        str(a["href"]) for a in found.select(".hits .name a, .facet a, .pager a") if str(a["href"]).startswith("/")
    ]
    assert links
    assert all(f"lang={language}" in link for link in links)


def test_nothing_found_says_so_and_helps(server: Server) -> None:
    found = page(get(server, "/search", HTML, q="qqzzxxyy"))
    assert found.select_one(".hits") is None
    assert len(found.select(".help li")) >= 2


@pytest.mark.parametrize("path", ["/search", "/search?q=", "/search?q=%20%20", "/search?lang=ru"])
def test_an_empty_search_is_a_page_that_explains(server: Server, path: str) -> None:
    found = page(get(server, path, HTML))
    assert found.select_one(".help li")
    assert found.select_one(".hits, .found, .data") is None


def test_the_words_of_a_search_stay_in_the_field_and_are_no_markup(server: Server) -> None:
    text = '"><script>alert(1)</script>'
    response = get(server, "/search", HTML, q=text)
    field = page(response).select_one("main input[name=q]")
    assert field is not None
    assert field["value"] == text
    assert "<script>alert" not in response.text


def test_json_tells_the_same(server: Server) -> None:
    by_header, by_suffix = get(server, "/search", JSON, q="okhmatdit"), get(server, "/search.json", q="okhmatdit")
    assert by_header.json() == by_suffix.json()
    found = by_header.json()
    first = found["hits"][0]
    assert (found["query"], found["page"], found["pages"], found["next"]) == ("okhmatdit", 1, 1, None)
    assert first["iri"] == OKHMATDYT
    assert first["page"] == f"{server.url}/doc/org/okhmatdyt"
    assert [p["text"] for p in first["snippet"]["parts"] if p["marked"]] == ["Okhmatdyt"]
    assert 0 < first["score"] <= 1
    assert found["facets"] == [{"class": HS + "Hospital", "name": "hospital", "count": 1}]


def test_json_has_the_way_to_the_next_page(server: Server) -> None:
    first = get(server, "/search.json", q="hospital").json()
    second = requests.get(first["next"], timeout=10).json()
    assert second["page"] == 2
    assert second["previous"] == get(server, "/search.json", q="hospital").url.replace("&page=1", "")


def test_an_address_or_short_name_leads_to_the_thing(server: Server) -> None:
    for text, iri in (
        (HS + "Hospital", HS + "Hospital"),
        ("hs:Hospital", HS + "Hospital"),
        (f"<{OKHMATDYT}>", OKHMATDYT),
    ):
        hits = get(server, "/search.json", q=text).json()["hits"]
        assert [hit["iri"] for hit in hits] == [iri]


def test_suggestions_are_those_of_opensearch(server: Server) -> None:
    response = get(server, "/suggest", q="ohmatd")
    assert response.headers["Content-Type"] == "application/x-suggestions+json"
    text, names, about, urls = response.json()
    assert text == "ohmatd"
    assert names == ["National Children’s Specialised Hospital “Okhmatdyt”"]
    assert about == ["hospital"]
    assert urls == [f"{server.url}/doc/org/okhmatdyt"]


def test_suggestions_come_in_more_detail_as_json(server: Server) -> None:
    found = get(server, "/suggest", JSON, q="охматд", lang="uk").json()
    assert (found["query"], found["told"]) == ("охматд", "1 підказка")
    assert found["suggestions"][0]["page"] == "/doc/org/okhmatdyt?lang=uk"


@pytest.mark.parametrize("path", ["/suggest", "/suggest?q=", "/suggest?q=%20"])
def test_nothing_typed_has_no_suggestions(server: Server, path: str) -> None:
    assert get(server, path).json() == ["", [], [], []]


@pytest.mark.parametrize(
    "path", ["/search?q=hospital", "/search.json?q=hospital", "/suggest?q=hosp", "/opensearch.xml"]
)
def test_answers_are_kept_until_the_release_changes(server: Server, path: str) -> None:
    first = get(server, path)
    tag = first.headers["ETag"]
    assert first.headers["X-KG-Release"][:16] in tag
    assert "no-store" not in first.headers["Cache-Control"]
    again = get(server, path, {"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert get(server, path, {"If-None-Match": tag, "Accept-Language": "uk"}).status_code == 200


@pytest.mark.parametrize("path", ["/search?q=a", "/suggest?q=a", "/opensearch.xml"])
def test_any_site_may_ask(server: Server, path: str) -> None:
    assert get(server, path, {"Origin": "https://elsewhere.example"}).headers["Access-Control-Allow-Origin"] == "*"
    options = requests.options(server.url + path, timeout=10)
    assert options.status_code == 204
    assert "GET" in options.headers["Allow"]


@pytest.mark.parametrize("path", ["/search", "/search.json", "/suggest", "/opensearch.xml"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_they_are_only_read(server: Server, path: str, method: str) -> None:
    response = requests.request(method, server.url + path, timeout=10)
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


@pytest.mark.parametrize(
    ("path", "status", "what"),
    [
        ("/search?q=" + "a" * 201, 400, "longer than 200 characters"),
        ("/suggest?q=" + "a" * 201, 400, "longer than 200 characters"),
        ("/search?q=a&page=0", 400, "is no page"),
        ("/search?q=a&page=two", 400, "is no page"),
        ("/search?q=a&page=-1", 400, "is no page"),
        ("/search?q=hospital&page=999999999999", 404, "none is number"),
        ("/search.csv?q=a", 404, "It can be had with .html and .json"),
    ],
)
def test_what_cannot_be_answered_is_told(server: Server, path: str, status: int, what: str) -> None:
    response = get(server, path, JSON)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert what in response.json()["detail"]
    assert get(server, path, HTML).status_code == status


def test_what_is_not_acceptable_is_told_with_the_alternatives(server: Server) -> None:
    response = get(server, "/search", {"Accept": "text/turtle"}, q="a")
    assert response.status_code == 406
    assert response.json()["offers"] == ["text/html", "application/json"]


def test_browsers_learn_to_search_here(server: Server) -> None:
    home = page(get(server, "/", HTML))
    link = home.select_one('link[rel="search"]')
    assert link is not None
    response = get(server, str(link["href"]))
    assert response.headers["Content-Type"].startswith(str(link["type"]))
    name = "{http://a9.com/-/spec/opensearch/1.1/}"
    description = ElementTree.fromstring(response.content)
    assert 0 < len(description.findtext(f"{name}ShortName") or "") <= 16
    urls = {url.get("type"): url.get("template") for url in description.findall(f"{name}Url")}
    for type_ in ("text/html", "application/json", "application/x-suggestions+json"):
        template = urls[type_]
        assert template is not None
        answer = requests.get(template.replace("{searchTerms}", "razom"), headers={"Accept": "*/*"}, timeout=10)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith(type_)


@pytest.mark.parametrize("path", ["/", "/search?q=razom", "/ns"])
def test_only_scripts_of_this_site_run(server: Server, path: str) -> None:
    response = get(server, path, HTML)
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    scripts = page(response).select("script:not([type='application/ld+json'])")
    assert scripts
    assert all(str(s["src"]).startswith("/static/") and not s.text for s in scripts)


@given(st.text(st.characters(), max_size=250))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_no_answer_is_our_fault(server: Server, text: str) -> None:
    encoded = text.encode("utf-8", "surrogatepass")
    for path in ("/search.json", "/suggest"):
        assert requests.get(server.url + path, {"q": encoded}, timeout=20).status_code in (200, 400)


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=%ff%fe",
        "q=%ED%A0%80",
        "q=" + "%22" * 100,
        "q=a&q=b",
        "q=NEAR(a%2C2)",
        "class=%00&q=a",
        "class=http://[&q=a",
    ],
)
def test_bytes_that_are_no_text_are_no_fault_of_ours(server: Server, query: str) -> None:
    for path in ("/search", "/search.json", "/suggest"):
        assert requests.get(f"{server.url}{path}?{query}", headers=HTML, timeout=10).status_code == 200


def test_a_plain_store_has_no_search(plain: Server) -> None:
    assert [get(plain, path).status_code for path in ("/search", "/suggest", "/opensearch.xml")] == [404] * 3
    home = page(get(plain, "/", HTML))
    assert home.select_one("search, script, link[rel=search]") is None


def test_another_graph_is_found_by_its_own_words(start: Starter, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "boats.ttl").write_text(
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "<http://example.org/id/boat/ada> rdfs:label 'Ladʼia' ."
    )
    server = start("--root", str(tmp_path), "--base", "http://example.org/")
    assert get(server, "/suggest", q="ладья").json()[3] == [f"{server.url}/doc/boat/ada"]


def test_its_json_is_one_line_of_utf_8(server: Server) -> None:
    content = get(server, "/search.json", q="Охматдит").content
    assert "Охматдит" in content.decode()
    assert json.loads(content)["query"] == "Охматдит"


def test_links_stay_on_this_site(server: Server) -> None:
    for hit in get(server, "/search.json", q="hospital").json()["hits"]:
        assert urlsplit(hit["page"]).netloc == urlsplit(server.url).netloc
