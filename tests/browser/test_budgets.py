"""What a page costs and whether it is quiet: bytes, shifts of its layout, complaints, requests elsewhere; on paper."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.kinds import PAGES, WITH_EDITOR, address, has_editor
from tests.browser.visit import Visit
from tests.conftest import Server

BYTES = 60_000
BYTES_WITH_EDITOR = 360_000
"""The editor is loaded beside the form, which works before it is there."""
SHIFT = 0.001
"""From here on a shift is one: a hundredth of what counts as good. A browser without time may draw an icon twice."""
PHONE = {"width": 375, "height": 700}
SHIFTS = """
window.shifts = [];
new PerformanceObserver(list => window.shifts.push(...list.getEntries().map(
  one => [one.value, one.sources.map(source => source.node?.outerHTML?.slice(0, 80))]
))).observe({ type: "layout-shift", buffered: true });
"""
FOLDED = """
[...document.querySelectorAll("main details:not([open])")].filter(
  one => one.checkVisibility() && !one.lastElementChild.checkVisibility({ contentVisibilityAuto: true })
).map(one => one.outerHTML.slice(0, 80))
"""
MOVING = """
[...document.querySelectorAll("*")].filter(one => {
  const style = getComputedStyle(one);
  return style.animationName !== "none" || /[1-9]/.test(style.transitionDuration) || style.scrollBehavior === "smooth";
}).map(one => one.outerHTML.slice(0, 80))
"""


@pytest.fixture
def context(headless: Browser) -> Iterator[BrowserContext]:
    context = headless.new_context(locale="en", viewport=PHONE)
    context.add_init_script(SHIFTS)
    yield context
    context.close()


@pytest.mark.parametrize("kind", PAGES)
def test_page_is_light_still_and_quiet(context: BrowserContext, server: Server, kind: str) -> None:
    visit = Visit(context.new_page())
    visit.open(address(server.url, kind))
    visit.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    if has_editor(kind):
        visit.page.wait_for_selector(".tabPanel.active .run")
    assert visit.complaints == []
    assert {urlsplit(request.url).netloc for request in visit.requests} == {urlsplit(server.url).netloc}
    answers = [request.response() for request in visit.requests]
    large = [answer.headers for answer in answers if answer and int(answer.headers.get("content-length", 1000)) >= 1000]
    assert {headers.get("content-encoding") for headers in large} <= {"br", "zstd"}
    sizes = {urlsplit(request.url).path: request.sizes() for request in visit.requests}
    total = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes.values())
    assert total < (BYTES_WITH_EDITOR if kind in WITH_EDITOR else BYTES), sizes
    if kind not in WITH_EDITOR:
        assert [shift for shift in visit.page.evaluate("shifts") if shift[0] >= SHIFT] == []


@pytest.mark.parametrize("kind", WITH_EDITOR)
def test_form_without_the_editor_is_as_light_as_any_page(headless: Browser, server: Server, kind: str) -> None:
    context = headless.new_context(locale="en", viewport=PHONE, java_script_enabled=False)
    visit = Visit(context.new_page())
    visit.open(address(server.url, kind))
    assert visit.page.locator("form.ask textarea").is_visible()
    total = sum(sum(size for size in request.sizes().values()) for request in visit.requests)
    context.close()
    assert total < BYTES


def test_shift_is_noticed(context: BrowserContext, server: Server) -> None:
    page = context.new_page()
    page.goto(address(server.url, "home"))
    page.evaluate(
        """new Promise(done => {
            new PerformanceObserver(done).observe({ type: "layout-shift" });
            requestAnimationFrame(() => document.querySelector("main").style.marginTop = "200px");
        })"""
    )
    assert max(value for value, _ in page.evaluate("shifts")) >= SHIFT


@pytest.mark.parametrize("kind", ["home", "list", "partnership", "source", "dataset", "saved query"])
def test_paper_has_the_content_and_no_navigation(context: BrowserContext, server: Server, kind: str) -> None:
    page = context.new_page()
    page.goto(address(server.url, kind))
    page.emulate_media(media="print")
    shown = [one for one in page.locator("nav, search, header.site form, button").all() if one.is_visible()]
    assert [one.evaluate("one => one.outerHTML.slice(0, 100)") for one in shown] == []
    assert page.locator("h1").is_visible()
    assert page.locator("main a[href]:visible").count()
    assert page.evaluate(FOLDED) == []


@pytest.mark.parametrize("kind", ["home", "list", "partnership", "ontology"])
def test_nothing_moves_for_who_wants_no_motion(context: BrowserContext, server: Server, kind: str) -> None:
    page = context.new_page()
    page.emulate_media(reduced_motion="reduce")
    page.goto(address(server.url, kind))
    assert page.evaluate(MOVING) == []
    page.evaluate("document.body.style.transition = 'color 1s'")
    assert page.evaluate(MOVING) != []
