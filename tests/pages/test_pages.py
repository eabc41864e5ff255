"""What people see, in a real browser: languages, evidence, narrow and dark screens, the keyboard, hostile data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlsplit

import pyoxigraph as ox
import pytest
import requests
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, BrowserContext, Page

from kg.app import create_app
from kg.pages.phrases import INTERFACE_LANGUAGES
from kg.store.release import empty
from kg.words.names import DCTERMS, HS, NIF, PROV, RDF, RDFS, SKOS, TYPE
from kg.words.settings import Settings
from tests.browser.visit import Visit
from tests.conftest import Server

BASE = "https://w3id.org/health-solidarity/"
PARTNERSHIP = "/doc/partnership/mechnikov-hospital-dnipro--razom-for-ukraine"
HOSPITAL = "/doc/org/national-cancer-institute-ua"
SOURCE = "/doc/source/imp-forum-2025"

PAGES = {
    "home": "/",
    "partnership": PARTNERSHIP,
    "hospital": HOSPITAL,
    "campaign": "/doc/campaign/patient-solidarity-day",
    "observation": "/doc/observation/partnerships-total",
    "quotation": "/doc/quotation/imp-forum-2025-1",
    "source": SOURCE,
    "concept": "/vocab/specialty/oncology",
    "vocabulary": "/vocab/org-kind",
    "ontology": "/ns",
    "shapes": "/shapes",
    "things": "/browse",
    "things narrowed": "/browse?class=hs:Hospital&inCountry=id/country/UA",
    "sources": "/sources",
    "dataset": "/dataset",
    "graph": "/graph/curated",
    "query": "/sparql",
    "table": "/sparql?query=" + quote("SELECT ?thing ?name WHERE { ?thing <http://schema.org/x>|a ?name } LIMIT 20"),
    "verdict": "/sparql?query=" + quote("ASK { ?s ?p ?o }"),
    "turtle": "/sparql?query=" + quote(f"DESCRIBE <{BASE}id/org/iapo>"),
    "saved queries": "/queries",
    "saved queries found": "/queries?q=partnerships",
    "saved query": "/queries/where-is-it-said",
    "saved query without parameters": "/queries/campaign-motto",
    "saved query error": "/queries/partnerships-of-a-country?country=XX",
    "query error": "/sparql?query=" + quote("SELECT * WHERE { ?thing a hs:Hospital"),
    "missing page": "/doc/org/nobody",
    "missing text": "/source/imp-forum-2025.txt",
}
LANDMARKS: tuple[Literal["banner", "main", "contentinfo"], ...] = ("banner", "main", "contentinfo")
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
every_page = pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())

CONTRAST = (Path(__file__).parent / "contrast.js").read_text()


@pytest.fixture(scope="session")
def browser(headless: Browser) -> BrowserContext:
    return headless.new_context(
        locale="en",
        viewport={"width": 1280, "height": 900},
        java_script_enabled=False,  # pages need none; with it the query page has an editor, which has its own tests
    )


@pytest.fixture(scope="module")
def page(browser: BrowserContext) -> Iterator[Page]:
    with browser.new_page() as page:
        yield page


@pytest.fixture(scope="module", params=PAGES.values(), ids=PAGES.keys())
def visit(request: pytest.FixtureRequest, browser: BrowserContext, server: Server) -> Iterator[Visit]:
    """A page of each kind, opened once for all that is looked at in it."""
    with browser.new_page() as page:
        visit = Visit(page)
        visit.open(server.url + request.param)
        yield visit


@every_page
@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
def test_page_is_in_the_reader_s_language_and_says_so(server: Server, path: str, language: str) -> None:
    response = requests.get(server.url + path, headers={"Accept": "text/html", "Accept-Language": language}, timeout=10)
    html = BeautifulSoup(response.text, "html.parser")
    assert response.headers["Content-Language"] == language
    assert html.select_one(f"html[lang={language}]")
    assert html.select_one(f"nav [aria-current=true][lang={language}]")
    assert html.title
    assert html.title.get_text().strip()
    assert [h1.get_text().strip() != "" for h1 in html.select("h1")] == [True]
    assert [bool(meta["content"]) for meta in html.select("meta[name=description]")] == [True]


def test_page_loads_nothing_from_elsewhere_and_breaks_no_policy(visit: Visit, server: Server) -> None:
    assert visit.complaints == []
    assert any(request.url.endswith(".css") for request in visit.requests)
    assert {urlsplit(request.url).netloc for request in visit.requests} == {urlsplit(server.url).netloc}
    assert not visit.page.locator("script:not([type='application/ld+json'], [src^='/static/']), [style], style").count()


def test_page_has_its_landmarks(visit: Visit) -> None:
    assert [visit.page.get_by_role(role).count() for role in LANDMARKS] == [1, 1, 1]
    assert not visit.page.locator("nav:not([aria-label])").count()


def test_first_tab_offers_to_skip_to_the_content(visit: Visit) -> None:
    page = visit.page
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.get_attribute("href") == "#content"
    box = skip.bounding_box()
    assert box is not None
    assert box["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)") or not page.evaluate(
        "document.querySelector('main').querySelector('a, button, summary, textarea, [tabindex=\"0\"]')"
    )


def test_page_fits_a_screen_of_320_pixels(visit: Visit) -> None:
    wide = visit.page.viewport_size
    assert wide is not None
    visit.page.set_viewport_size({"width": 320, "height": 640})
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 320
    visit.page.set_viewport_size(wide)


def test_text_has_the_contrast_of_wcag_2_2_aa(visit: Visit) -> None:
    visit.page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    for scheme in SCHEMES:
        visit.page.emulate_media(color_scheme=scheme)
        assert visit.page.evaluate(CONTRAST) == [], scheme


def test_contrast_of_faint_text_is_noticed(page: Page) -> None:
    page.set_content("<p style='color: #888; background: #fff'>faint</p><p style='color: #767676'>strong enough</p>")
    assert [found[1] for found in page.evaluate(CONTRAST)] == ["3.54: faint"]


def test_dark_page_is_dark(page: Page, server: Server) -> None:
    page.goto(server.url)
    brightness = {}
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        colour = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        brightness[scheme] = sum(int(part) for part in re.findall(r"\d+", colour)[:3]) / 3
    assert brightness["light"] > 230
    assert brightness["dark"] < 40


def test_language_switch_changes_the_title_and_stays(page: Page, server: Server) -> None:
    page.goto(server.url + HOSPITAL)
    assert page.locator("h1").inner_text() == "National Cancer Institute (Ukraine)"
    page.get_by_role("link", name="Українська").click()
    assert page.locator("h1").inner_text() == "Національний інститут раку"
    assert page.locator("h1").get_attribute("lang") == "uk"
    page.get_by_role("link", name="Україна", exact=True).first.click()
    assert page.locator("html").get_attribute("lang") == "uk"
    assert page.locator("h1").inner_text() == "Україна"


def test_language_switch_keeps_the_query(page: Page, server: Server) -> None:
    page.goto(server.url + "/sparql?query=" + quote("ASK { ?s ?p ?o }"))
    page.get_by_role("link", name="Русский").click()
    assert page.locator("textarea").input_value() == "ASK { ?s ?p ?o }"
    assert page.locator(".verdict").inner_text() == "да"
    page.get_by_role("button", name="Выполнить").click()
    assert page.locator("html").get_attribute("lang") == "ru"


def test_name_in_each_language_is_marked_with_it(page: Page, server: Server) -> None:
    page.goto(server.url + HOSPITAL)
    assert page.locator("[lang=uk]", has_text="Національний інститут раку").count()
    assert page.locator("[lang=ru]", has_text="Национальный институт рака").count()
    ours = page.locator(".names dd > p[lang]")
    assert set(ours.evaluate_all("all => all.map(one => one.lang)")) == {"en", "ru", "uk"}


def test_evidence_shows_the_words_and_leads_to_them(page: Page, server: Server) -> None:
    page.goto(server.url + PARTNERSHIP)
    statement = page.locator(".fact dd", has=page.get_by_role("link", name="Razom for Ukraine", exact=True))
    words = statement.locator("q")
    assert words.inner_text() == "Razom for Ukraine"
    assert words.get_attribute("lang") == "uk"
    assert statement.locator("cite").inner_text() == "Release about the International Medical Partnership Forum"
    statement.locator("a", has_text="2617–2634").click()
    assert urlsplit(page.url).path == SOURCE
    assert urlsplit(page.url).fragment == "char=2617,2634"
    cited = page.locator(":target")
    assert cited.locator("q").inner_text() == "Razom for Ukraine"
    box = cited.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 900
    unlit = page.locator(".cited:not(:target) q").first
    background = "one => getComputedStyle(one).backgroundColor"
    assert cited.locator("q").evaluate(background) != unlit.evaluate(background)


def test_every_link_to_a_range_has_its_anchor(page: Page, server: Server) -> None:
    found: dict[str, set[str]] = {}
    for path in (PARTNERSHIP, HOSPITAL, PAGES["campaign"], PAGES["observation"], PAGES["quotation"]):
        page.goto(server.url + path)
        for href in page.locator("a[href*='#char=']").evaluate_all("all => all.map(one => one.getAttribute('href'))"):
            document, _, anchor = href.partition("#")
            found.setdefault(document, set()).add(anchor)
    assert len(found) == 2
    for document, anchors in found.items():
        page.goto(server.url + document)
        assert anchors <= set(page.locator(".cited").evaluate_all("all => all.map(one => one.id)"))


def test_folded_passages_open_by_keyboard(page: Page, server: Server) -> None:
    page.goto(server.url + PARTNERSHIP)
    why = page.locator(".fact .why", has=page.locator("details")).first
    assert why.locator("q:visible").count() == 1
    why.locator("summary").focus()
    page.keyboard.press("Enter")
    assert why.locator("q:visible").count() == 2


def test_modality_shows_where_a_source_does_not_simply_say_it(page: Page, server: Server) -> None:
    page.goto(server.url + PAGES["quotation"])
    statement = page.locator(".fact dd", has_text="Ваша робота вже давно вийшла за межі лікування").last
    assert statement.locator(".badge").inner_text() == "quoted"
    assert statement.get_by_role("link", name="Olena Zelenska").is_visible()
    page.goto(server.url + PARTNERSHIP)
    assert not page.get_by_text("asserted", exact=True).count()


def test_names_stand_once_and_not_among_the_statements(page: Page, server: Server) -> None:
    page.goto(server.url + HOSPITAL)
    assert page.get_by_text("Национальный институт рака", exact=True).count() == 1
    assert (
        not page.locator(".facts code, .plain code")
        .filter(has_text=re.compile(r"^(rdfs:label|skos:prefLabel)$"))
        .count()
    )


def test_term_of_the_ontology_is_where_its_fragment_says(page: Page, server: Server) -> None:
    page.goto(server.url + "/ns#Hospital")
    assert page.locator(":target dt").inner_text().startswith("hospital")
    assert "medical institution" in page.locator(":target").inner_text()


def test_page_as_data_has_the_types_it_promises(page: Page, server: Server) -> None:
    page.goto(server.url + PARTNERSHIP)
    links = page.locator("link[rel=alternate][type]").evaluate_all("all => all.map(one => [one.href, one.type])")
    assert len(links) == 6
    for href, media_type in links:
        response = page.request.get(href)
        assert response.ok
        assert response.headers["content-type"].startswith(media_type)


def test_query_page_gives_the_same_answer_as_data(page: Page, server: Server) -> None:
    page.goto(server.url + PAGES["table"])
    rows = page.locator("tbody tr").count()
    href = page.get_by_role("link", name="CSV").get_attribute("href")
    answer = page.request.get(f"{server.url}{href}")
    assert answer.headers["content-type"].startswith("text/csv")
    assert len(answer.text().splitlines()) == rows + 1


def test_undeclared_prefix_is_offered(page: Page, server: Server) -> None:
    page.goto(server.url + PAGES["query error"])
    assert f"PREFIX hs: <{HS}>" in page.locator(".error").inner_text()


def test_json_ld_in_the_page_is_about_its_thing_and_says_no_more(page: Page, server: Server) -> None:
    page.goto(server.url + HOSPITAL)
    data = json.loads(page.locator("script[type='application/ld+json']").inner_text())
    assert data["@id"] == BASE + HOSPITAL.replace("/doc/", "id/")
    shown = page.locator("main").inner_text()
    assert {name["@language"] for name in data["name"]} == {"en", "uk", "ru"}
    assert all(name["@value"] in shown for name in data["name"])


HOSTILE = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)><a href=javascript:alert(1)>"
THING, CLAIM, RANGE = (f"https://data.example/{p}" for p in ("id/x", "id/claim/1", "source/s.txt#char=0,9"))


@pytest.fixture(scope="module")
def hostile_pages() -> dict[str, str]:
    """Every kind of page over a store whose every literal attacks."""
    release = empty(Settings(base="https://data.example/", title=HOSTILE))
    graph, node, text = ox.NamedNode("https://data.example/graph/g"), ox.NamedNode, ox.Literal(HOSTILE)
    source = node("https://data.example/source/s.txt")
    triples: list[tuple[str, str, ox.NamedNode | ox.Literal]] = [
        (THING, TYPE, node("https://data.example/ns#Attack")),
        (THING, SKOS + "prefLabel", ox.Literal(HOSTILE, language="en")),
        (THING, SKOS + "definition", text),
        (THING, RDFS + "seeAlso", node("javascript:alert(1)")),
        (THING, HS + "statedNumber", text),
        (THING, HS + "note", ox.Literal(HOSTILE, datatype=node("https://data.example/ns#type"))),
        ("https://data.example/ns#Attack", RDFS + "label", text),
        (CLAIM, TYPE, node(HS + "Claim")),
        (CLAIM, RDF + "subject", node(THING)),
        (CLAIM, RDF + "predicate", node(HS + "statedNumber")),
        (CLAIM, RDF + "object", text),
        (CLAIM, PROV + "wasQuotedFrom", node(RANGE)),
        (CLAIM, DCTERMS + "source", node("javascript:alert(1)")),
        (CLAIM, RDFS + "comment", text),
        (RANGE, NIF + "referenceContext", source),
        (RANGE, NIF + "anchorOf", text),
        (RANGE, NIF + "beginIndex", text),
        (source.value, TYPE, node(HS + "SourceDocument")),
        (source.value, DCTERMS + "language", text),
        (source.value, RDFS + "label", text),
    ]
    release.store.extend(ox.Quad(node(s), node(p), o, g) for s, p, o in triples for g in (graph, ox.DefaultGraph()))
    client = create_app(release).test_client()
    query = quote("SELECT * WHERE { ?s ?p ?o }")
    paths = ["/", "/doc/x", "/doc/claim/1", "/doc/source/s", "/source/s.txt", "/graph/g", f"/sparql?query={query}"]
    paths += ["/sparql?query=" + quote(HOSTILE), "/" + quote(HOSTILE), "/doc/x?lang=" + quote(HOSTILE)]
    return {path: client.get(path, headers={"Accept": "text/html"}).text for path in paths}


def test_hostile_literals_are_only_text(hostile_pages: dict[str, str]) -> None:
    for path, html in hostile_pages.items():
        soup = BeautifulSoup(html, "html.parser")
        assert not soup.select("img, script:not([type='application/ld+json'], [src^='/static/'])"), path
        assert not [tag for tag in soup.find_all() if any(name.startswith("on") for name in tag.attrs)], path
        hrefs = [str(link["href"]) for link in soup.select("[href]")]
        assert all(href.startswith(("/", "#", "https://", "http://")) for href in hrefs), path
        assert not [href for href in hrefs if href.startswith("//")], path


def test_hostile_literals_still_show_what_they_say(hostile_pages: dict[str, str]) -> None:
    for path in ("/doc/x", "/doc/claim/1", "/doc/source/s"):
        soup = BeautifulSoup(hostile_pages[path], "html.parser")
        assert HOSTILE in soup.get_text(), path
    data = BeautifulSoup(hostile_pages["/doc/x"], "html.parser").select_one("script")
    assert data is not None
    assert json.loads(data.get_text())["name"] == [{"@value": HOSTILE, "@language": "en"}]
