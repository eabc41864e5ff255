"""The editor on the query page, in a real browser; the form in its place without JavaScript."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, expect

from kg.app import create_app
from kg.pages.phrases import INTERFACE_LANGUAGES
from kg.sparql.editor import PHRASES
from kg.store.release import empty
from kg.words.names import HS, PREFIXES
from kg.words.settings import Settings
from tests.browser.kinds import EDITOR
from tests.conftest import ROOT, Server

SOURCES = ROOT / "editor" / "src"
CONTRAST = (ROOT / "tests" / "pages" / "contrast.js").read_text()
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

HOSPITALS = f"PREFIX hs: <{HS}>\nSELECT ?hospital WHERE {{ ?hospital a hs:Hospital }} ORDER BY ?hospital"
BROKEN = "SELECT *\nWHERE {\n  ?thing a ?class ; ; WHERE ?other\n}"


@dataclass
class Reader:
    """Somebody with a browser, and whatever the browser complained of."""

    context: BrowserContext
    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    def open(self, query: str = "", language: str = "") -> None:
        parameters = [f"query={quote(query)}"] * bool(query) + [f"lang={language}"] * bool(language)
        self.page.goto(f"{self.url}/sparql?{'&'.join(parameters)}".rstrip("?"))
        self.page.wait_for_selector(".tabPanel.active .run")

    def type(self, query: str) -> None:
        """Type a query over what stands in the editor; no completion is taken, no bracket closed."""
        self.page.locator(".tabPanel.active .yasqe .CodeMirror").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(query)

    def run(self) -> None:
        self.panel.get_by_role("button", name="Run").click()

    def text(self) -> str:
        return str(
            self.page.evaluate("document.querySelector('.tabPanel.active .yasqe .CodeMirror').CodeMirror.getValue()")
        )

    @property
    def panel(self):  # type: ignore[no-untyped-def]
        return self.page.locator(".tabPanel.active")

    @property
    def cells(self):  # type: ignore[no-untyped-def]
        return self.panel.locator(".yasr_results tbody td")


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    if not EDITOR.exists():
        pytest.skip("the editor is not built (cd editor && npm ci && npm run build)")


in_the_browser_that_people_have = pytest.mark.parametrize("reader", ["chromium"], indirect=True)


@pytest.fixture
def reader(request: pytest.FixtureRequest, server: Server) -> Iterator[Reader]:
    """A reader with a fresh browser; after the test nothing may have been complained of."""
    browser: Browser = request.getfixturevalue(getattr(request, "param", "headless"))
    context = browser.new_context(locale="en", viewport={"width": 1280, "height": 900}, accept_downloads=True)
    reader = Reader(context, context.new_page(), server.url)

    def hear(message: ConsoleMessage) -> None:
        refused = message.text.startswith("Failed to load resource") and "/sparql?query=" in message.location["url"]
        if message.type in ("error", "warning") and not refused:  # the browser itself tells of every 400
            reader.complaints.append(message.text)

    reader.page.on("console", hear)
    reader.page.on("pageerror", lambda error: reader.complaints.append(f"{error}\n{error.stack}"))
    yield reader
    context.close()
    assert not reader.complaints


@in_the_browser_that_people_have
def test_a_query_is_typed_run_and_read(reader: Reader) -> None:
    reader.open()
    reader.type(HOSPITALS)
    reader.run()
    link = reader.panel.locator("tbody a.iri").first
    assert link.inner_text().startswith("id/org/")
    assert link.get_attribute("title") == "https://w3id.org/health-solidarity/" + link.inner_text()
    assert requests.get(reader.url + str(link.get_attribute("href")), timeout=10).ok


@pytest.mark.parametrize(
    ("query", "suffixes"),
    [(HOSPITALS, ["json", "xml", "csv", "tsv"]), ("DESCRIBE hs:Hospital", ["ttl", "nt", "rdf", "jsonld"])],
    ids=["table", "graph"],
)
def test_an_answer_can_be_downloaded_in_each_of_its_syntaxes(reader: Reader, query: str, suffixes: list[str]) -> None:
    if not query.startswith("PREFIX"):
        query = f"PREFIX hs: <{HS}>\n{query}"
    reader.open(query)
    links = reader.panel.locator("nav.data a")
    expect(links).to_have_count(4)
    for link, suffix in zip(links.all(), suffixes, strict=True):
        with reader.page.expect_download() as download:
            link.click()
        assert download.value.suggested_filename == f"answer.{suffix}"
        asked = requests.get(f"{reader.url}/sparql", {"query": query, "format": suffix}, timeout=10)
        assert len(Path(download.value.path()).read_bytes()) == len(asked.content)


@in_the_browser_that_people_have
def test_csv_has_the_rows_of_the_table(reader: Reader) -> None:
    reader.open(HOSPITALS)
    with reader.page.expect_download() as download:
        reader.panel.get_by_role("link", name="CSV").click()
    header, *rows = csv.reader(io.StringIO(Path(download.value.path()).read_text()))
    assert header == ["hospital"]
    shown = reader.panel.locator("tbody a.iri").evaluate_all("all => all.map(one => one.title)")
    assert [row[0] for row in rows] == shown


def test_a_syntax_error_is_marked_at_its_place(reader: Reader) -> None:
    reader.open()
    reader.type(BROKEN)
    reader.run()
    told = reader.panel.get_by_role("alert")
    problem = requests.get(f"{reader.url}/sparql", {"query": BROKEN}, timeout=10).json()
    assert problem["line"] == 3
    expect(told.get_by_role("button", name=f"Line {problem['line']}, column {problem['column']}")).to_be_visible()
    assert reader.panel.locator(".wrong").inner_text() == "WHERE"
    line = reader.panel.locator(".CodeMirror-code > div", has=reader.page.locator(".wrong"))
    assert line.locator(".CodeMirror-linenumber").inner_text() == "3"
    assert line.locator(".wrong-mark").count() == 1
    told.get_by_role("button").first.click()
    reader.page.keyboard.insert_text("#")
    expect(reader.panel.locator(".wrong")).to_have_count(0)
    assert reader.text().splitlines()[2].endswith("#WHERE ?other")


def test_a_prefix_that_is_missing_is_added(reader: Reader) -> None:
    reader.open("SELECT * { ?hospital a hs:Hospital }")
    reader.panel.get_by_role("button", name="PREFIX hs:").click()
    expect(reader.cells.first).to_be_visible()
    assert reader.text().startswith(f"PREFIX hs: <{HS}>\n")


def test_the_address_is_a_permalink(reader: Reader, headless: Browser) -> None:
    reader.open()
    reader.type(HOSPITALS)
    reader.run()
    expect(reader.cells.first).to_be_visible()
    assert parse_qs(urlsplit(reader.page.url).query) == {"query": [HOSPITALS]}
    reader.panel.get_by_role("button", name="Permalink").click()
    shown = reader.panel.locator(".yasqe_sharePopup input").input_value()
    assert shown == reader.page.url
    first = reader.cells.nth(1).inner_text()
    with headless.new_context() as elsewhere:
        page = elsewhere.new_page()
        page.goto(shown)
        expect(page.locator(".tabPanel.active .yasr_results tbody td").nth(1)).to_have_text(first)
        assert page.locator(".tab").count() == 1


def test_a_permalink_works_without_javascript(headless: Browser, server: Server) -> None:
    with headless.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{server.url}/sparql?query={quote(HOSPITALS)}")
        assert page.locator("textarea").input_value() == HOSPITALS
        assert page.locator(".answer tbody td a").first.get_attribute("href", timeout=1000)
        page.get_by_label("Query in SPARQL 1.1").fill("ASK { ?s ?p ?o }")
        page.get_by_role("button", name="Run").click()
        assert page.locator(".verdict").inner_text() == "True"
        assert not page.locator("#editor").count()


def test_another_language_keeps_the_query(reader: Reader) -> None:
    reader.open()
    reader.type(HOSPITALS)
    reader.run()
    expect(reader.cells.first).to_be_visible()
    reader.page.get_by_role("link", name="Українська").click()
    expect(reader.cells.first).to_be_visible()
    assert reader.text() == HOSPITALS
    expect(reader.panel.get_by_role("button", name="Виконати")).to_be_visible()
    expect(reader.panel.get_by_placeholder("Відібрати рядки")).to_be_visible()
    assert "lang=uk" in reader.page.url


def test_a_saved_query_is_found_and_run(reader: Reader) -> None:
    reader.open()
    saved = reader.page.locator("details.saved")
    saved.locator("summary").click()
    expect(saved.get_by_role("searchbox")).to_be_focused()
    everything = saved.locator("li:visible").count()
    reader.page.keyboard.type("forum партнерства")
    expect(saved.locator("li:visible")).not_to_have_count(everything)
    saved.get_by_role("button", name="Which partnerships were established at the forum, and between whom?").click()
    expect(reader.cells.first).to_be_visible()
    assert "?partnership" in reader.text()
    expect(reader.page.locator(".tab.active")).to_contain_text("Which partnerships were established")
    saved.get_by_role("searchbox").fill("no such words")
    expect(saved.get_by_role("status")).to_have_text("No saved query has all these words.")


@pytest.mark.parametrize("typed", ["hs:Partner", "Partner", "partnership", "партнерство"])
def test_completion_offers_our_class(reader: Reader, typed: str) -> None:
    reader.open()
    reader.type("SELECT * WHERE { ?p a ")
    reader.page.keyboard.type(typed)
    hints = reader.page.locator(".CodeMirror-hint")
    hint = hints.filter(has_text=re.compile(r"^hs:Partnership"))
    expect(hint).to_be_visible()
    assert "partnership" in hint.inner_text()
    hint.click()
    assert reader.text() == f"PREFIX hs: <{HS}>\nSELECT * WHERE {{ ?p a hs:Partnership"


def test_completion_offers_our_property_and_asks_nobody(reader: Reader) -> None:
    reader.open()
    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url))
    reader.type("SELECT * WHERE { ?p hs:foreign")
    reader.page.keyboard.press("Control+Space")
    expect(reader.page.locator(".CodeMirror-hint").first).to_contain_text("hs:foreignParty")
    reader.page.keyboard.press("Enter")
    assert reader.text().endswith("?p hs:foreignParty")
    assert not asked


def test_no_completion_opens_in_a_variable_or_a_string(reader: Reader) -> None:
    reader.open()
    for start in ("SELECT * WHERE { ?", 'SELECT * WHERE { ?a ?b "'):
        reader.type(start)
        reader.page.keyboard.type("partner")
        assert reader.page.locator(".CodeMirror-hint .name").count() == 0


def test_a_new_prefix_declares_itself(reader: Reader) -> None:
    reader.open()
    reader.type("SELECT * WHERE { ?p ")
    reader.page.keyboard.type("skos:")
    expect(reader.panel.locator(".CodeMirror-code")).to_contain_text(f"PREFIX skos: <{PREFIXES['skos']}>")


def test_numbers_become_a_chart(reader: Reader) -> None:
    reader.open("SELECT ?name ?n { VALUES (?name ?n) { ('one' 1) ('four' 4) } }")
    reader.panel.get_by_role("button", name="Chart").click()
    widths = reader.panel.locator(".chart .bar").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().width)"
    )
    assert widths[1] == pytest.approx(4 * widths[0], rel=0.02)
    reader.open("SELECT ?name { VALUES ?name { 'one' } }")
    expect(reader.panel.get_by_role("button", name="Chart")).to_be_hidden()


def test_the_raw_response_can_be_read(reader: Reader) -> None:
    reader.open("ASK { ?s ?p ?o }")
    expect(reader.panel.locator(".booleanResult")).to_have_text("True")
    reader.panel.get_by_role("button", name="Response").click()
    expect(reader.panel.locator(".yasr_results .CodeMirror-code")).to_contain_text('"boolean":true')


def test_literals_are_shown_as_they_are(reader: Reader) -> None:
    reader.open(
        "SELECT ?a ?b { VALUES (?a ?b) { ('{{b}} <img src=x onerror=alert(1)>' <<( <urn:a> <urn:b> 'c' )>>) } }"
    )
    expect(reader.cells.nth(1)).to_contain_text("{{b}} <img src=x onerror=alert(1)>")
    expect(reader.cells.nth(2)).to_contain_text('<<( <urn:a> <urn:b> "c"')
    assert not reader.panel.locator("img").count()


def test_what_no_view_can_parse_is_shown_as_it_is(reader: Reader) -> None:
    reader.open("CONSTRUCT { <urn:s> <urn:p> <<( <urn:a> <urn:b> 1 )>> } {}")
    expect(reader.panel.locator(".yasr_results .CodeMirror-code")).to_contain_text("urn:a")


def test_an_answer_too_large_for_a_page_can_be_downloaded(reader: Reader) -> None:
    reader.open("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 60000")
    expect(reader.panel.get_by_role("alert")).to_contain_text("too large", timeout=20_000)
    expect(reader.panel.get_by_role("link", name="CSV")).to_be_visible()


def test_a_query_can_be_stopped(reader: Reader) -> None:
    reader.open()
    reader.type("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i BIND (1 AS ?one) }")
    reader.run()
    reader.panel.get_by_role("button", name="Stop").click()
    expect(reader.panel.get_by_role("button", name="Run")).to_be_visible()


def test_a_server_that_is_gone_is_told(reader: Reader) -> None:
    reader.open()
    reader.page.route("**/sparql?query=*", lambda route: route.abort())
    reader.run()
    expect(reader.panel.get_by_role("alert")).to_have_text("The server cannot be reached")


def test_a_long_query_is_posted(reader: Reader) -> None:
    reader.open()
    reader.type("SELECT ?n { VALUES ?n { " + "1234567890 " * 1000 + "} } LIMIT 1")
    reader.run()
    expect(reader.cells.nth(1)).to_contain_text("1234567890")
    assert not urlsplit(reader.page.url).query


def test_the_editor_can_be_used_with_the_keyboard_alone(reader: Reader) -> None:
    reader.open()
    focus = "document.activeElement.closest('.CodeMirror') ? 'editor' : document.activeElement.textContent.trim()"
    reader.page.locator("details.saved summary").focus()
    for _ in range(6):
        reader.page.keyboard.press("Tab")
        if reader.page.evaluate(focus) == "editor":
            break
    assert reader.page.evaluate(focus) == "editor"
    assert reader.page.evaluate("document.activeElement.getAttribute('aria-label')") == "Query in SPARQL 1.1"
    reader.page.keyboard.press("Control+Enter")
    expect(reader.cells.first).to_be_visible()
    reader.page.keyboard.press("Tab")
    assert reader.page.evaluate(focus) == "Run"


def test_the_last_tab_gives_way_to_a_new_one(reader: Reader) -> None:
    reader.open(HOSPITALS)
    expect(reader.cells.first).to_be_visible()
    reader.page.locator(".tab.active a").focus()
    reader.page.keyboard.press("Delete")
    expect(reader.page.locator(".tab")).to_have_count(1)
    assert reader.text().startswith("SELECT ?class")
    reader.run()
    expect(reader.cells.first).to_be_visible()


def test_what_is_typed_before_the_editor_is_there_is_kept(reader: Reader) -> None:
    waiting: list[Route] = []
    reader.page.route("**/editor.json*", lambda route: waiting.append(route))  # noqa: PLW0108  it keeps a note on it
    reader.page.goto(f"{reader.url}/sparql")
    reader.page.locator("textarea").fill("ASK {}")
    waiting[0].continue_()
    reader.page.wait_for_selector(".tabPanel.active .run")
    assert reader.text() == "ASK {}"


def test_a_dataset_in_the_address_stays_with_the_form(reader: Reader) -> None:
    graph = "https://w3id.org/health-solidarity/graph/curated"
    reader.page.goto(f"{reader.url}/sparql?query={quote('ASK { ?s ?p ?o }')}&default-graph-uri={quote(graph, safe='')}")
    reader.page.wait_for_load_state("networkidle")
    expect(reader.page.locator(".verdict")).to_have_text("True")
    expect(reader.page.locator("form.ask")).to_be_visible()


@pytest.mark.parametrize("width", [320, 375, 1280])
@pytest.mark.parametrize("query", [HOSPITALS, BROKEN], ids=["answer", "error"])
def test_it_fits_the_screen_and_its_text_has_contrast(reader: Reader, query: str, width: int) -> None:
    reader.page.set_viewport_size({"width": width, "height": 800})
    reader.open(query)
    expect(reader.panel.locator(".yasr_results > *").first).to_be_visible()
    reader.page.locator("details.saved").evaluate("one => one.open = true")
    assert reader.page.evaluate("document.documentElement.scrollWidth") <= width
    for scheme in SCHEMES:
        reader.page.emulate_media(color_scheme=scheme)
        assert reader.page.evaluate(CONTRAST) == [], scheme


def test_everything_comes_from_this_server(reader: Reader) -> None:
    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url))
    reader.open(HOSPITALS)
    expect(reader.cells.first).to_be_visible()
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(reader.url).netloc}
    assert reader.page.locator("script:not([src]), style").count() == 0


def test_pages_allow_scripts_in_files_of_ours_only(server: Server) -> None:
    policies = {
        path: requests.get(server.url + path, headers={"Accept": "text/html"}, timeout=10).headers[
            "Content-Security-Policy"
        ]
        for path in ("/", "/ns", "/sparql", f"/sparql?query={quote(BROKEN)}")
    }
    assert all("script-src 'self';" in policy for policy in policies.values())
    assert not [policy for policy in policies.values() if "unsafe" in policy or "data:" in policy]


def test_the_page_without_the_build_needs_no_script() -> None:
    app = create_app(empty(Settings(base="https://data.example/")))
    app.static_folder = "nowhere"
    answer = app.test_client().get("/sparql", headers={"Accept": "text/html"})
    assert "<form" in answer.text
    assert "editor.js" not in answer.text


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
def test_the_editor_s_data_is_in_the_reader_s_language(server: Server, language: str) -> None:
    answer = requests.get(f"{server.url}/sparql/editor.json", headers={"Accept-Language": language}, timeout=10)
    assert answer.headers["Content-Language"] == language
    data = answer.json()
    assert data["prefixes"] == PREFIXES
    assert {query["language"] for query in data["saved"]} == {language}
    partnership = next(term for term in data["terms"] if term["curie"] == "hs:Partnership")
    assert partnership["kind"] == "class"
    assert partnership["name"] == {"en": "partnership", "uk": "партнерство", "ru": "партнерство"}[language]
    again = requests.get(
        f"{server.url}/sparql/editor.json",
        headers={"Accept-Language": language, "If-None-Match": answer.headers["ETag"]},
        timeout=10,
    )
    assert again.status_code == 304


def test_every_phrase_of_the_editor_comes_with_its_data() -> None:
    used: set[str] = set()
    for path in SOURCES.glob("*.js"):
        source = path.read_text()
        used |= set(re.findall(r'\bt\(\s*"([^"]+)"', source))
        used |= set(re.findall(r'^  (?:\w+|"[^"]+"): "([^"]+)",$', source, re.MULTILINE))
    assert used == set(PHRASES)


@pytest.mark.parametrize("folder", ["editor", "tests/sparql/comunica"])
def test_lock_files_name_no_address(folder: str) -> None:
    packages = json.loads((ROOT / folder / "package-lock.json").read_text())["packages"]
    assert len(packages) > 10
    assert not [name for name, package in packages.items() if "resolved" in package]
    assert all("integrity" in package for name, package in packages.items() if name)
