"""Hostile data in a real browser: nothing runs, nothing spills over, no name turns the words beside it."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import hostile
from tests.conftest import Server, Starter

BYTES = 300_000
PAGES = {slug: f"/doc/trap/{slug}" for slug in ("hub", *hostile.NAMES)} | {
    "home": "/",
    "list": "/browse?class=ex:Trap",
    "graph": "/graph/curated",
    "search": "/search?q=safe",
    "search for markup": f"/search?q={quote(hostile.MARKUP)}",
    "search for control characters": f"/search?q={quote(hostile.NAMES['controls'])}",
    "query": f"/sparql?query={quote('SELECT * { ?s ?p ?o FILTER(STRLEN(STR(?o)) < 5000) }')}",
    "broken query": f"/sparql?query={quote(hostile.MARKUP)}",
    "javascript": f"/doc/external?iri={quote(hostile.IRIS[0])}",
    "long IRI": f"/doc/external?iri={quote(hostile.IRIS[5])}",
    "not found": f"/{quote(hostile.MARKUP + hostile.NAMES['override'])}",
}
REVERSED = r"""
(() => {
  const found = [], range = document.createRange();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, text = node.data;
    if (/[^\x20-\x7e\n\u00a0-\u024f\u0400-\u04ff\u2010-\u2027\u2030-\u205e\u2190-\u21ff]/.test(text)) continue;
    const place = text.search(/[A-Za-z]{3}/);
    if (place < 0 || !node.parentElement.checkVisibility() || node.parentElement.closest("script, style")) continue;
    const at = (from) => (range.setStart(node, from), range.setEnd(node, from + 1), range.getBoundingClientRect());
    const first = at(place), second = at(place + 1);
    if (first.width && Math.abs(first.top - second.top) < 1 && first.left > second.left) found.push(text.slice(0, 80));
  }
  return found;
})()
"""


@pytest.fixture(scope="module")
def traps(start: Starter, tmp_path_factory: pytest.TempPathFactory) -> Server:
    folder = tmp_path_factory.mktemp("traps")
    hostile.write(folder)
    return start(cwd=folder)


@pytest.fixture(scope="module")
def context(headless: Browser) -> Iterator[BrowserContext]:
    context = headless.new_context(locale="en", viewport={"width": 375, "height": 700})
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    with context.new_page() as page:
        yield page


@pytest.mark.parametrize("kind", PAGES)
def test_hostile_data_are_only_text(page: Page, traps: Server, kind: str) -> None:
    complaints: list[str] = []
    page.route("**/editor.js*", lambda route: route.abort())  # the editor has its own tests; this is the page's table
    page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
    page.on(
        "console", lambda message: complaints.append(message.text) if "Failed to load" not in message.text else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    answer = page.goto(traps.url + PAGES[kind])
    assert answer
    assert answer.status < 500
    assert len(answer.body()) < BYTES
    assert complaints == []
    assert page.title() != "ran"
    assert page.title().strip()
    assert page.locator("main img, main [onerror], main [onmouseover]").count() == 0
    hrefs = page.locator("a[href]").evaluate_all(
        "all => all.map(one => new URL(one.getAttribute('href'), location).protocol)"
    )
    assert set(hrefs) <= {"http:", "https:"}
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert page.evaluate(REVERSED) == []
    unnamed = "all => all.filter(one => !(one.textContent + (one.ariaLabel ?? '')).trim()).map(one => one.outerHTML)"
    assert page.locator("main a[href]").evaluate_all(unnamed) == []


def test_words_turned_round_are_noticed(page: Page) -> None:
    page.set_content("<main><p>before \u202e<b>name</b> after</p></main>")
    assert page.evaluate(REVERSED) == ["name", " after"]


@pytest.mark.parametrize("width", [375, 1280])
def test_picture_of_neighbours_keeps_hostile_names_within_its_frame(page: Page, traps: Server, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{traps.url}/doc/trap/hub")
    picture = page.locator("svg.neighbours:visible")
    assert picture.locator("a").count() > 5
    spilt = """svg => {
        const frame = svg.getBoundingClientRect();
        return [...svg.querySelectorAll("text")].map(one => [one.getBoundingClientRect(), one.textContent])
            .filter(([box]) => box.left < frame.left - 1 || box.right > frame.right + 1)
            .map(([box, text]) => text.slice(0, 60));
    }"""
    assert picture.evaluate(spilt) == []
