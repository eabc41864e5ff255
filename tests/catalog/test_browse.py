"""Lists of things: by class, narrowed, in the alphabet's order, in pages, and the same as data."""

from __future__ import annotations

import csv
import io
from urllib.parse import urljoin

import pytest
import requests
from bs4 import BeautifulSoup
from playwright.sync_api import Browser

from tests.catalog.conftest import get, words
from tests.catalog.orchard import BASE, IN_ORDER, TREES
from tests.conftest import Server

TREE = "/browse?class=ns%23Tree"


def follow(server: Server, soup: BeautifulSoup, selector: str, text: str) -> BeautifulSoup:
    """The page behind the link with this text."""
    (href,) = (str(a["href"]) for a in soup.select(selector) if text in a.get_text())
    return get(server, href)


def listed_as_data(server: Server, soup: BeautifulSoup) -> list[str]:
    (href,) = (str(a["href"]) for a in soup.select("main a") if a.get_text() == "CSV")
    answer = requests.get(urljoin(server.url, href), timeout=20)
    assert answer.headers["Content-Type"].startswith("text/csv")
    return [row[0] for row in csv.reader(io.StringIO(answer.text))][1:]


def test_list_of_a_class_has_its_things_and_those_of_its_subclasses(orchards: Server) -> None:
    page = get(orchards, "/browse?class=ns%23Plant")
    assert words(page, "h1") == ["plant"]
    assert f"{TREES} things" in words(page, "#found")[0]
    assert "tree" in words(page, ".things .sort")


def test_classes_stand_as_a_tree_with_their_counts(orchards: Server) -> None:
    page = get(orchards, "/browse")
    tree = words(page, ".tree li")
    assert tree[0] == "All things 147"
    assert tree[tree.index("plant 130") + 1] == "tree 130"
    assert page.select(".tree .depth-1 a")[0].get_text() == "tree"


def test_values_narrow_the_list_and_are_taken_back(orchards: Server) -> None:
    page = get(orchards, TREE)
    assert sorted(words(page, ".facet h2")) == ["grows in", "of sort"]
    first = follow(orchards, page, ".facet a", "First orchard")
    assert words(first, "#found")[0].startswith("65 things")
    both = follow(orchards, first, ".facet a", "Явір")
    assert words(both, "#found")[0].startswith("21 things")
    assert len(both.select(".chips a")) == 3
    again = follow(orchards, both, ".facet a[aria-current]", "First orchard")
    assert words(again, "#found")[0].startswith("43 things")
    assert words(follow(orchards, both, ".chips a", "Take all back"), "#found")[0].startswith("130 things")


def test_two_values_of_one_property_widen(orchards: Server) -> None:
    page = get(orchards, f"{TREE}&in=id/orchard/1&in=id/orchard/2")
    assert words(page, "#found")[0].startswith("130 things")


def test_counts_say_what_a_choice_would_leave(orchards: Server) -> None:
    page = get(orchards, f"{TREE}&in=id/orchard/1")
    for item in page.select(".facet li"):
        (link,), count = item.select("a"), int(item.select(".tally")[0].get_text())
        if "aria-current" not in link.attrs and "sort" in str(link["href"]):
            assert words(get(orchards, str(link["href"])), "#found")[0].startswith(f"{count} things")


def test_what_has_too_many_values_is_told_by_theirs(orchards: Server) -> None:
    page = get(orchards, "/browse?class=ns%23Swap")
    assert words(page, ".facet h2") == ["giver › near", "taker › near"]
    narrowed = get(orchards, "/browse?class=ns%23Swap&taker.near=id/village/b")
    assert words(narrowed, ".things .name a") == ["Swap one", "Swap two"]


@pytest.mark.parametrize(
    "path", [TREE, f"{TREE}&in=id/orchard/1&sort=id/sort/2", "/browse", f"{TREE}&in=id/orchard/1&in=id/orchard/2"]
)
def test_list_as_data_has_the_same_things(orchards: Server, path: str) -> None:
    page = get(orchards, path)
    rows = listed_as_data(orchards, page)
    assert len(rows) == len(set(rows)) == int(words(page, "#found")[0].split()[0])
    shown = [BASE + str(a["href"]).replace("/doc/", "id/", 1).lstrip("/") for a in page.select(".things .name a")]
    assert set(shown) <= set(rows)


def test_shipped_list_as_data_has_the_same_things(server: Server) -> None:
    for path in ("/browse", "/browse?class=hs:Hospital&inCountry=id/country/UA", "/browse?class=hs:SourceDocument"):
        page = get(server, path)
        assert len(listed_as_data(server, page)) == int(words(page, "#found")[0].split()[0])


def test_names_stand_in_the_order_of_the_alphabet(orchards: Server) -> None:
    page = get(orchards, "/browse?class=ns%23Sort", "uk")
    assert words(page, ".things .name a") == IN_ORDER


def test_pages_have_everything_once(orchards: Server) -> None:
    path, seen, pages = TREE, [], 0
    while path:
        page = get(orchards, path)
        seen += words(page, ".things .name a")
        pages += 1
        path = next((str(a["href"]) for a in page.select(".pager a[rel=next]")), "")
    assert pages == 3
    assert seen == [f"Tree {n:03}" for n in range(1, TREES + 1)]


def test_language_and_address_stay_along_the_links(orchards: Server) -> None:
    page = get(orchards, f"{TREE}&lang=uk&in=id/orchard/1")
    links = [str(a["href"]) for a in page.select("main a[href^='/browse']")]
    assert links
    assert all("lang=uk" in href for href in links)
    assert str(page.select(".pager a[rel=next]")[0]["href"]) == "/browse?class=ns%23Tree&in=id/orchard/1&page=2&lang=uk"


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/browse?class=ns%23Nothing", 404, "ns#Nothing"),
        (f"{TREE}&page=99", 404, "3 pages"),
        (f"{TREE}&page=0", 400, "number from 1"),
        (f"{TREE}&page=x", 400, "number from 1"),
        (f"{TREE}&colour=red", 400, "colour"),
        (f"{TREE}&in=id/orchard/99", 400, "id/orchard/99"),
        ("/browse?class=%3Cscript%3E", 404, "<script>"),
    ],
)
def test_what_is_not_there_is_said_so(orchards: Server, path: str, status: int, told: str) -> None:
    assert told in get(orchards, path, status=status).get_text()


def test_address_is_one_whatever_way_led_there(orchards: Server) -> None:
    ways = (f"{TREE}&in=id/orchard/1&sort=id/sort/2", "/browse?sort=id/sort/2&in=id/orchard/1&class=ns%23Tree&page=1")
    pages = [get(orchards, way) for way in ways]
    assert {str(page.select("link[rel=canonical]")[0]["href"]) for page in pages} == {
        f"{BASE}browse?class=ns%23Tree&in=id/orchard/1&sort=id/sort/2"
    }
    assert all(page.select("meta[name=robots][content=noindex]") for page in pages)
    assert not get(orchards, TREE).select("meta[name=robots]")


def test_list_has_its_data_in_its_headers(orchards: Server) -> None:
    answer = requests.get(orchards.url + TREE, headers={"Accept": "text/html"}, timeout=20)
    assert 'rel="alternate"; type="text/csv"' in answer.headers["Link"]
    again = requests.get(
        orchards.url + TREE, headers={"Accept": "text/html", "If-None-Match": answer.headers["ETag"]}, timeout=20
    )
    assert again.status_code == 304


def test_narrow_screen_folds_what_narrows(orchards: Server, headless: Browser) -> None:
    with headless.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640}) as context:
        page = context.new_page()
        page.goto(orchards.url + TREE)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        link = page.get_by_role("link", name="First orchard").first
        assert not link.is_visible()
        page.get_by_text("Narrow the list", exact=True).first.focus()
        page.keyboard.press("Enter")
        link.click()
        assert page.locator("#found").inner_text().startswith("65 things")
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(orchards.url + TREE)
        assert page.get_by_role("link", name="First orchard").first.is_visible()
