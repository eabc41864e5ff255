"""From a misspelt name to the words of a source: with a mouse, on a phone, without JavaScript, by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import rdflib
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.kinds import BASE
from tests.conftest import Server

MISSPELT = "Metchnikof"
HOSPITAL = "Dnipropetrovsk Regional Clinical Hospital named after I. I. Mechnikov"
PARTNERSHIP = "Partnership of Mechnikov Hospital and Razom for Ukraine"
PARTNERSHIP_ID = "id/partnership/mechnikov-hospital-dnipro--razom-for-ukraine"
WORDS = "Razom for Ukraine"
READERS: dict[str, dict[str, Any]] = {
    "desk": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 375, "height": 700}, "has_touch": True, "is_mobile": True},
    "without JavaScript": {"viewport": {"width": 1280, "height": 900}, "java_script_enabled": False},
    "phone without JavaScript": {"viewport": {"width": 320, "height": 640}, "java_script_enabled": False},
}
FOCUS = """
const style = getComputedStyle(document.activeElement);
const box = document.activeElement.getBoundingClientRect();
const seen = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
seen && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
"""


@pytest.fixture(params=READERS)
def reader(request: pytest.FixtureRequest, chromium: Browser, server: Server) -> Iterator[Page]:
    """Somebody at the home page, in English."""
    context = chromium.new_context(locale="en", base_url=server.url, accept_downloads=True, **READERS[request.param])
    page = context.new_page()
    page.goto("/")
    yield page
    context.close()


@pytest.fixture
def typist(chromium: Browser, server: Server) -> Iterator[Page]:
    """Somebody at the home page, in English, without a mouse."""
    context = chromium.new_context(locale="en", base_url=server.url, accept_downloads=True)
    page = context.new_page()
    page.goto("/")
    yield page
    context.close()


def test_from_a_misspelt_name_to_the_words_of_the_source(reader: Page) -> None:
    field = reader.locator("main input[name=q]")
    field.fill(MISSPELT)
    reader.locator("main").get_by_role("button").first.click()
    reader.locator("main").get_by_role("link", name=HOSPITAL).first.click()
    expect(reader.locator("h1")).to_have_text(HOSPITAL)
    fits(reader)
    reader.locator(".pointing").get_by_role("link", name=PARTNERSHIP).first.click()
    expect(reader.locator("h1")).to_have_text(PARTNERSHIP)
    fits(reader)

    fact = reader.locator(".fact", has_text="foreign party").locator("dd")
    expect(fact.get_by_role("link", name=WORDS, exact=True)).to_be_visible()
    expect(fact.locator("q")).to_have_text(WORDS)
    fact.locator(".where a").first.click()
    expect(reader.locator(":target q")).to_have_text(WORDS)
    expect(reader.locator(":target")).to_be_in_viewport()
    reader.go_back()

    turtle = reader.locator(".subject").get_by_role("link", name="Turtle")
    answer = reader.request.get(str(turtle.get_attribute("href")))
    about_it(answer.text())

    reader.get_by_role("link", name="Українська").click()
    expect(reader.locator("h1")).to_have_text("Партнерство лікарні імені І. І. Мечникова та Razom for Ukraine")
    reader.locator(".fact").get_by_role("link", name="Дніпропетровська").first.click()
    expect(reader.locator("html")).to_have_attribute("lang", "uk")
    expect(reader.locator("h1")).to_have_text(re.compile("Мечникова"))
    reader.locator("header.site").get_by_role("link", name="Набір даних").click()
    expect(reader.locator("html")).to_have_attribute("lang", "uk")


def test_the_same_by_the_keyboard_alone(typist: Page) -> None:
    keys = typist.keyboard
    field = typist.locator("main input[name=q]")
    tab_to(typist, field)
    keys.type(MISSPELT)
    hospital = typist.get_by_role("option").filter(has_text=HOSPITAL)
    expect(hospital).to_have_count(1)
    while hospital.get_attribute("aria-selected") != "true":
        keys.press("ArrowDown")
    keys.press("Enter")
    expect(typist.locator("h1")).to_have_text(HOSPITAL)
    tab_to(typist, typist.locator(".pointing").get_by_role("link", name=PARTNERSHIP).first)
    keys.press("Enter")
    expect(typist.locator("h1")).to_have_text(PARTNERSHIP)

    tab_to(typist, typist.locator(".fact summary").first)
    keys.press("Enter")
    expect(typist.locator(".fact details[open] q").first).to_be_visible()
    fact = typist.locator(".fact", has_text="foreign party").locator("dd")
    tab_to(typist, fact.locator(".where a").first)
    keys.press("Enter")
    expect(typist.locator(":target q")).to_have_text(WORDS)
    typist.go_back()

    tab_to(typist, typist.locator(".subject").get_by_role("link", name="Turtle"), backwards=True)
    with typist.expect_download() as download:
        keys.press("Alt+Enter")
    about_it(download.value.path().read_text())
    tab_to(typist, typist.get_by_role("link", name="Українська"), backwards=True)
    keys.press("Enter")
    expect(typist.locator("html")).to_have_attribute("lang", "uk")
    tab_to(typist, typist.locator(".fact").get_by_role("link", name="Дніпропетровська").first)
    keys.press("Enter")
    expect(typist.locator("h1")).to_have_text(re.compile("Мечникова"))
    expect(typist.locator("html")).to_have_attribute("lang", "uk")


def test_focus_that_does_not_show_is_noticed(typist: Page) -> None:
    tab_to(typist, typist.get_by_role("link", name="Українська"))
    typist.evaluate("document.styleSheets[0].insertRule(':focus-visible { outline: none !important }', 0)")
    assert not typist.evaluate(FOCUS)


def tab_to(page: Page, wanted: Locator, *, backwards: bool = False) -> None:
    """Press Tab until something has the focus; on the way each element that has it shows that."""
    goal = wanted.element_handle()
    for _ in range(200):
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
        assert page.evaluate(FOCUS), page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if page.evaluate("goal => goal === document.activeElement", goal):
            return
    raise AssertionError("Tab does not lead there")


def about_it(turtle: str) -> None:
    """The data are Turtle and about the partnership, under its canonical IRI."""
    graph = rdflib.Graph().parse(data=turtle, format="turtle")
    assert graph.value(rdflib.URIRef(BASE + PARTNERSHIP_ID), rdflib.URIRef(BASE + "ns#foreignParty"))


def fits(page: Page) -> None:
    """Nothing is to be scrolled sideways, once the page has its style."""
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
