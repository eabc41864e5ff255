"""The search field in a real browser: with suggestions, with the keyboard alone, and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import ROOT, Server

CONTRAST = (ROOT / "tests" / "pages" / "contrast.js").read_text()

MISSPELT = "охмадит"
DOCUMENT = re.compile(r"/doc/org/okhmatdyt\?lang=uk$")


@pytest.fixture
def reader(headless: Browser, server: Server) -> Iterator[Page]:
    """Somebody on a page, in Ukrainian; nothing may be complained of in the browser's console."""
    context = headless.new_context(base_url=server.url, viewport={"width": 1280, "height": 800})
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/ns?lang=uk")
    yield page
    context.close()
    assert complaints == []


def test_a_misspelt_name_is_opened_with_the_keyboard_alone(reader: Page) -> None:
    field = reader.get_by_role("combobox")
    field.focus()
    expect(field).to_have_attribute("aria-expanded", "false")
    reader.keyboard.type(MISSPELT, delay=15)
    first = reader.get_by_role("option").first
    expect(first).to_contain_text("Охматдит")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(field).not_to_have_attribute("aria-activedescendant", re.compile("."))
    reader.keyboard.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == first.get_attribute("id")
    reader.keyboard.press("Enter")
    reader.wait_for_url(DOCUMENT)


def test_the_list_goes_round_and_closes(reader: Page) -> None:
    field, options = reader.get_by_role("combobox"), reader.get_by_role("option")
    field.press_sequentially("лікарня")
    expect(options).to_have_count(8)
    reader.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    reader.keyboard.press("ArrowDown")
    expect(reader.locator("[aria-selected=true]")).to_have_count(0)
    expect(reader.get_by_role("status")).to_have_text("8 підказок")
    reader.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(field).to_have_value("лікарня")
    reader.keyboard.press("ArrowDown")
    expect(options).to_have_count(8)
    reader.keyboard.press("Tab")
    expect(options).to_have_count(0)


def test_a_click_opens_it(reader: Page) -> None:
    reader.get_by_role("combobox").press_sequentially(MISSPELT)
    reader.get_by_role("option").first.click()
    reader.wait_for_url(DOCUMENT)


def test_enter_without_a_choice_searches(reader: Page) -> None:
    reader.get_by_role("combobox").press_sequentially(MISSPELT)
    expect(reader.get_by_role("option").first).to_be_visible()
    reader.keyboard.press("Enter")
    reader.wait_for_url(re.compile(r"/search\?"))
    expect(reader.locator(".hits a").first).to_contain_text("Охматдит")
    expect(reader.locator("html")).to_have_attribute("lang", "uk")


def test_without_javascript_the_form_does_it(headless: Browser, server: Server) -> None:
    context = headless.new_context(base_url=server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/ns?lang=uk")
    page.get_by_role("searchbox").fill(MISSPELT)
    page.keyboard.press("Enter")
    page.locator(".hits a").first.click()
    page.wait_for_url(DOCUMENT)
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_can_be_read(headless: Browser, server: Server, scheme: Literal["light", "dark"]) -> None:
    context = headless.new_context(base_url=server.url, color_scheme=scheme)
    page = context.new_page()
    for path in ("/search?q=%D0%BE%D1%85%D0%BC%D0%B0%D0%B4%D0%B8%D1%82", "/search?q=qqzzxxyy"):
        page.goto(path)
        assert page.evaluate(CONTRAST) == []
    page.get_by_role("combobox").fill("hospital")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    assert page.evaluate(CONTRAST) == []
    context.close()


def test_nothing_is_wider_than_a_telephone(headless: Browser, server: Server) -> None:
    context = headless.new_context(base_url=server.url, viewport={"width": 320, "height": 600})
    page = context.new_page()
    for path in ("/search?q=hospital", "/search?q=qqzzxxyy", "/search"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.get_by_role("combobox").press_sequentially("hospital")
    expect(page.get_by_role("option").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    context.close()
