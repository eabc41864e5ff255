"""WCAG 2.2 AA by axe-core on every kind of page, in light and dark, wide and narrow, with all that unfolds unfolded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.kinds import PAGES, WITH_EDITOR, address, has_editor
from tests.conftest import ROOT, Server

AXE = ROOT / "tests" / "browser" / "node_modules" / "axe-core" / "axe.min.js"
EVERYTHING = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
LAYOUT = {"type": "rule", "values": ["target-size", "scrollable-region-focusable", "color-contrast"]}


@pytest.fixture(scope="module")
def page(headless: Browser) -> Iterator[Page]:
    """A page that axe-core is loaded into; the policy of the site, which forbids that, is set aside."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed (npm ci --prefix tests/browser)")
    context = headless.new_context(locale="en", bypass_csp=True)
    context.add_init_script(AXE.read_text())
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("kind", PAGES)
def test_page_breaks_no_rule_of_wcag_2_2_aa(page: Page, server: Server, kind: str) -> None:
    open_(page, address(server.url, kind))
    if has_editor(kind):
        page.wait_for_selector(".tabPanel.active .run")
    assert broken(page, EVERYTHING) == []
    page.emulate_media(color_scheme="dark")
    assert broken(page, COLOURS) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert broken(page, LAYOUT) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("kind", WITH_EDITOR)
def test_form_without_the_editor_breaks_no_rule(page: Page, server: Server, kind: str) -> None:
    page.route("**/editor.js*", lambda route: route.abort())
    open_(page, address(server.url, kind))
    assert page.locator("form.ask").is_visible()
    assert broken(page, EVERYTHING) == []
    page.unroute("**/editor.js*")


@pytest.mark.parametrize("language", ["uk", "ru"])
def test_page_in_another_language_breaks_no_rule(page: Page, server: Server, language: str) -> None:
    open_(page, f"{address(server.url, 'organisation')}?lang={language}")
    assert broken(page, EVERYTHING) == []


def test_a_broken_page_is_noticed(page: Page) -> None:
    page.goto("about:blank")
    page.set_content("<main><h1>A</h1><img src=x><p style='color: #aaa; background: #fff'>faint</p></main>")
    found = {complaint.partition(" ")[0] for complaint in broken(page, EVERYTHING)}
    assert {"html-has-lang", "image-alt", "color-contrast"} <= found


def open_(page: Page, url: str) -> None:
    """Show a page in light colours on a wide screen, with everything unfolded."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    page.goto(url)
    page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")


def broken(page: Page, what: dict[str, Any]) -> list[str]:
    """Each rule that an element breaks: the rule's name, the element, why."""
    found = page.evaluate("what => axe.run({runOnly: what, resultTypes: ['violations']})", what)
    return [
        f"{rule['id']} {node['target']}: {node['html'][:120]} {node['failureSummary'][:300]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
