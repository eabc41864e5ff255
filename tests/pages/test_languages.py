"""Which language a page speaks, in which languages it shows what the data says, and how a choice is kept."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from bs4 import BeautifulSoup, Tag

from tests.conftest import Server, Starter

BASE = "https://data.example/"
DATA = f"""\
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@base <{BASE}> .
<dataset> dcterms:title "Brücken"@de .
<id/bridge/all> skos:prefLabel "Brücke"@de, "pont"@fr, "міст"@uk, "bridge"@en, "мост"@ru ;
    skos:related <id/bridge/fr>, <id/bridge/gb>, <id/bridge/ja>, <id/bridge/no> ;
    skos:definition "Führt über Wasser."@de, "Веде через воду."@uk, "Leads over water."@en .
<id/bridge/fr> skos:prefLabel "vieux pont"@fr, "старий міст"@uk .
<id/bridge/gb> skos:prefLabel "grey bridge"@en-GB, "сірий міст"@uk .
<id/bridge/ja> skos:prefLabel "橋"@ja .
<id/bridge/no> skos:prefLabel "B 7" .
<id/claim/1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#subject> <id/bridge/all> ;
    <http://www.w3.org/1999/02/22-rdf-syntax-ns#predicate> skos:related ;
    <http://www.w3.org/1999/02/22-rdf-syntax-ns#object> <id/bridge/ja> .
"""
PAGE = "/doc/bridge/all"

ORDERS = {
    "the browser's first": ("de;q=1, fr;q=.8, uk;q=.5", "uk", ("Brücke", "vieux pont", "сірий міст"), "de"),
    "of the data, not of the interface": ("fr, de;q=0.5", "uk", ("pont", "vieux pont", "сірий міст"), "fr"),
    "a region": ("uk-UA", "uk", ("міст", "старий міст", "сірий міст"), "uk"),
    "a language of another region": ("en-US, uk;q=0.5", "en", ("bridge", "старий міст", "grey bridge"), "en"),
    "none that there is": ("sw", "uk", ("pont", "vieux pont", "сірий міст"), "fr"),
    "no header": (None, "uk", ("pont", "vieux pont", "сірий міст"), "fr"),
    "not what is refused": ("sw, fr;q=0", "uk", ("міст", "старий міст", "сірий міст"), "uk"),
}


@pytest.fixture(scope="module")
def site(start: Starter, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """Bridges with names in some languages, with French and Ukrainian as the operator's languages."""
    folder: Path = tmp_path_factory.mktemp("bridges")
    (folder / "kg.toml").write_text(f'base = "{BASE}"\nlanguages = ["fr", "uk"]\n')
    for name in ("ontology", "shapes", "data"):
        (folder / name).mkdir()
    (folder / "data" / "bridges.ttl").write_text(DATA, encoding="utf-8")
    return start(cwd=folder)


def get(site: Server, path: str, languages: str | None, **headers: str) -> requests.Response:
    accept = {"Accept-Language": languages} if languages is not None else {"Accept-Language": ""}
    return requests.get(site.url + path, headers={"Accept": "text/html", **accept, **headers}, timeout=10)


def soup(response: requests.Response) -> BeautifulSoup:
    return BeautifulSoup(response.text, "html.parser")


def named(page: BeautifulSoup, slug: str) -> Tag:
    link = page.select_one(f"main a[href^='/doc/bridge/{slug}']")
    assert link is not None
    return link


@pytest.mark.parametrize(("header", "interface", "names", "language"), ORDERS.values(), ids=ORDERS)
def test_interface_and_content_follow_the_browser_each_for_itself(
    site: Server, header: str | None, interface: str, names: tuple[str, str, str], language: str
) -> None:
    response = get(site, PAGE, header)
    page = soup(response)
    assert response.headers["Content-Language"] == interface
    assert page.select_one(f"html[lang={interface}]")
    assert page.h1 is not None
    assert page.h1.find(string=True) == names[0]
    assert page.h1["lang"] == language
    assert [named(page, slug).get_text() for slug in ("fr", "gb")] == list(names[1:])


def test_text_in_another_language_is_marked(site: Server) -> None:
    page = soup(get(site, PAGE, "de, uk;q=0.5"))
    assert {mark.get_text(): mark["title"] for mark in page.select("main abbr.tongue")} == {
        "ja": "японська",
        "en": "англійська",
    }
    assert [named(page, slug)["lang"] for slug in ("fr", "gb", "ja")] == ["uk", "uk", "ja"]
    assert not named(page, "no").get("lang")


def test_page_says_in_which_order_it_tries_languages(site: Server) -> None:
    footer = soup(get(site, PAGE, "de, uk;q=0.5")).select_one("footer")
    assert footer is not None
    assert "німецька, українська, французька, англійська" in footer.get_text()


def test_definition_follows_the_same_order(site: Server) -> None:
    described = soup(get(site, PAGE, "fr;q=0, de")).select_one("meta[name=description]")
    assert described is not None
    assert "Führt über Wasser." in str(described["content"])


def test_title_of_the_site_carries_its_language(site: Server) -> None:
    assert [tag["lang"] for tag in soup(get(site, "/", "uk")).select("header.site .name span, h1")] == ["de", "de"]


def test_statement_in_several_languages_says_so(site: Server) -> None:
    page = soup(get(site, "/doc/claim/1", "uk"))
    assert page.h1 is not None
    assert page.h1["lang"] == "mul"
    assert str(page.h1.find(string=True)) == "міст – пов’язане поняття – 橋"


CHOICES = {
    "of the interface": ("uk", "uk", "міст"),
    "by its region": ("uk-UA", "uk", "міст"),
    "of the data only": ("fr", "uk", "pont"),
    "in capital letters": ("RU", "ru", "мост"),
    "unknown": ("xx", "uk", "pont"),
    "empty": ("", "uk", "pont"),
    "hostile": ('"><script>', "uk", "pont"),
}


@pytest.mark.parametrize(("chosen", "interface", "name"), CHOICES.values(), ids=CHOICES)
def test_choice_comes_before_the_browser(site: Server, chosen: str, interface: str, name: str) -> None:
    response = requests.get(site.url + PAGE, {"lang": chosen}, headers={"Accept": "text/html"}, timeout=10)
    page = soup(response)
    assert response.headers["Content-Language"] == interface
    assert page.h1 is not None
    assert page.h1.find(string=True) == name


def test_choice_beats_a_refusal(site: Server) -> None:
    assert get(site, f"{PAGE}?lang=ru", "ru;q=0, uk").headers["Content-Language"] == "ru"


@pytest.mark.parametrize("chosen", ["uk", "fr"])
@pytest.mark.parametrize("path", ["/", PAGE, "/queries", "/sparql", "/doc/bridge/none"])
def test_choice_stays_behind_every_link_and_form(site: Server, path: str, chosen: str) -> None:
    page = soup(get(site, f"{path}?lang={chosen}", "en"))
    links = [str(a["href"]) for a in page.select("body a[href^='/']:not([hreflang], [rel=alternate], [type])")]
    assert links
    assert {href for href in links if parse_qs(urlsplit(href).query).get("lang") != [chosen]} == set()
    forms = page.select("form")
    assert [[f["value"] for f in form.select("input[name=lang]")] for form in forms] == [[chosen]] * len(forms)


def test_without_a_choice_no_link_has_one(site: Server) -> None:
    page = soup(get(site, PAGE, "uk"))
    assert not page.select("main a[href*='lang='], form input[name=lang]")


def test_etag_differs_exactly_where_the_page_does(site: Server) -> None:
    found = [get(site, PAGE, header) for header in ("de, uk", "uk, de", "de,uk;q=0.9", "de, sw, uk", "de, uk, fr, en")]
    tags = [response.headers["ETag"] for response in found]
    assert tags[0] != tags[1]
    assert tags[0] == tags[2] == tags[3] == tags[4]
    assert found[0].text == found[2].text == found[3].text == found[4].text
    assert "Accept-Language" in found[0].headers["Vary"]
    again = get(site, PAGE, "de, uk", **{"If-None-Match": tags[0]})
    assert again.status_code == 304
    assert get(site, PAGE, "uk, de", **{"If-None-Match": tags[0]}).status_code == 200


def test_page_that_is_not_there_varies_by_language_too(site: Server) -> None:
    assert "Accept-Language" in get(site, "/doc/bridge/none", "uk").headers["Vary"]


def test_long_header_is_cut_short(site: Server) -> None:
    header = ",".join(["de", *("x" * 8 for _ in range(300)), "uk"])
    assert get(site, PAGE, header).headers["ETag"] == get(site, PAGE, "de").headers["ETag"]


def test_data_is_the_same_in_every_language(site: Server) -> None:
    answers = [
        requests.get(f"{site.url}{PAGE}.nt", headers={"Accept-Language": tag}, timeout=10) for tag in ("de", "uk")
    ]
    assert answers[0].content == answers[1].content
    assert answers[0].headers["ETag"] == answers[1].headers["ETag"]
