"""The home page draws what the project says it should, and leads into the graph."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser

from kg.app import create_app
from kg.store import project, release
from kg.words.errors import BadInput
from kg.words.settings import load
from tests.catalog import orchard
from tests.catalog.conftest import get, words
from tests.conftest import Server


def test_numbers_are_counted_and_lead_to_their_lists(orchards: Server) -> None:
    page = get(orchards, "/")
    assert words(page, "h1") == ["Orchards of the valley"]
    numbers = dict(zip(words(page, ".numbers dt"), words(page, ".numbers dd"), strict=True))
    assert numbers["Things"] == str(orchard.TREES + 17)
    assert numbers["Claims"] == "0"
    found = get(orchards, str(page.select(".numbers a")[0]["href"]))
    assert words(found, "#found")[0].startswith(numbers["Things"])


def test_diagram_has_both_sides_and_a_link_for_each_row(orchards: Server) -> None:
    page = get(orchards, "/")
    assert words(page, "#diagram") == ["Who gives whom grafts?"]
    assert words(page, ".strands .head") == ["giver", "taker"]
    left, right = page.select(".strands ul")
    assert set(words(left, "li")) == {"First orchard", "Second orchard", "Third orchard"}
    assert set(words(right, "li")) == {"Second orchard", "Third orchard", "Fourth orchard"}
    curves = {str(a["href"]): a.title.get_text() for a in page.select(".strands svg a") if a.title}
    assert curves == {
        "/doc/swap/1": "First orchard – Third orchard",
        "/doc/swap/2": "Second orchard – Fourth orchard",
        "/doc/swap/3": "Third orchard – Second orchard",
    }
    assert len(page.select(".picture table tbody tr")) == 3


def test_diagram_is_in_the_reader_s_language(orchards: Server) -> None:
    page = get(orchards, "/", "uk")
    assert words(page, "#diagram") == ["Хто кому дає живці?"]
    assert words(page, ".strands .head")[0] == "хто дає"


def test_timeline_has_what_has_a_date_in_its_order(orchards: Server) -> None:
    page = get(orchards, "/")
    moments = [(t["datetime"], t.get_text()) for t in page.select(".timeline time")]
    assert moments == [("1890-05-02", "2 May 1890"), ("1891", "1891"), ("1950-03", "March 1950")]
    assert words(page, ".timeline .note") == ["Alder", "Alder", "Birch"]
    gaps = [str(li["class"][0]) for li in page.select(".timeline li")]
    assert gaps[0] == "gap-0"
    assert int(gaps[2][-1]) > int(gaps[1][-1])


def test_newest_source_is_quoted(server: Server) -> None:
    page = get(server, "/")
    facts = page.select(".news li")
    assert len(facts) == 5
    for fact in facts:
        assert fact.select("q.mark")[0].get_text()
        assert "8 October 2025" in fact.get_text()
        (source,) = (str(a["href"]) for a in fact.select("a.where"))
        document, _, anchor = source.partition("#")
        assert get(server, document).find(id=anchor)
    subjects = [str(f.select(".statement a")[0]["href"]) for f in facts]
    assert len(set(subjects)) == len(subjects)


def test_number_is_told_with_what_qualifies_it(server: Server) -> None:
    facts = words(get(server, "/"), ".news .statement")
    assert "Number of forum participants stated number more than 150" in facts


def test_what_is_not_plainly_said_is_marked(server: Server) -> None:
    """A quoted opinion never stands on the home page as a bare fact."""
    page = get(server, "/")
    for fact in page.select(".news li"):
        subject = str(fact.select(".statement a")[0]["href"])
        assert ("/speech-act/" not in subject and "/quotation/" not in subject) or fact.select(".badge")


def test_coverage_of_each_source_is_told(server: Server) -> None:
    page = get(server, "/sources")
    assert len(page.select(".sources > li")) == 2
    assert "3,198 of 3,379 characters are cited" in page.get_text()
    answer = requests.get(server.url + str(page.select(".data a[type='text/csv']")[0]["href"]), timeout=10)
    assert len(answer.text.splitlines()) >= 3


def test_source_without_text_or_claims_is_listed(orchards: Server) -> None:
    assert not get(orchards, "/sources").select(".sources > li")


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
def test_search_of_the_header_keeps_the_language(server: Server, language: str) -> None:
    page = get(server, f"/browse?lang={language}")
    (form,) = page.select("header search form")
    assert form["action"] == "/search"
    assert [str(i["value"]) for i in form.select("input[name=lang]")] == [language]
    assert len(get(server, f"/?lang={language}").select("search form")) == 1


@pytest.mark.parametrize("setting", ["home_diagram", "home_timeline"])
def test_picture_of_a_query_that_is_not_there_is_refused(tmp_path: Path, setting: str) -> None:
    orchard.write(tmp_path)
    text = (tmp_path / "kg.toml").read_text()
    (tmp_path / "kg.toml").write_text(text.replace('"swaps"', '"nobody"').replace('"plantings"', '"nobody"'))
    if setting == "home_timeline":
        (tmp_path / "kg.toml").write_text(text.replace('"plantings"', '"nobody"'))
    built = release.build(project.read(load(tmp_path)))
    with pytest.raises(
        BadInput, match=rf'{setting}: no saved SELECT query is called "nobody". There are: plantings, swaps'
    ):
        create_app(built)


def test_project_without_pictures_has_a_home_page(tmp_path: Path) -> None:
    (tmp_path / "kg.toml").write_text(f'base = "{orchard.BASE}"\ntitle = "Bare"\n')
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "x.ttl").write_text(f"<{orchard.BASE}id/a/b> a <{orchard.BASE}ns#C> .")
    client = create_app(release.build(project.read(load(tmp_path)))).test_client()
    for path in ("/", "/browse", "/sources"):
        assert client.get(path).status_code == 200


def test_picture_is_read_on_a_telephone_and_by_keyboard(server: Server, headless: Browser) -> None:
    with headless.new_context(
        java_script_enabled=False, viewport={"width": 375, "height": 800}, locale="en"
    ) as context:
        page = context.new_page()
        page.goto(server.url)
        sides = page.locator(".strands ul")
        curves = page.locator(".strands svg").bounding_box()
        assert curves is not None
        for side in (sides.nth(0), sides.nth(1)):
            box = side.bounding_box()
            assert box is not None
            assert abs(box["height"] - curves["height"]) < 2
            heights = side.locator("li").evaluate_all("all => all.map(one => one.offsetHeight)")
            assert max(heights) - min(heights) <= 1
            assert side.locator("a").first.evaluate("one => parseFloat(getComputedStyle(one).fontSize)") >= 12
        page.locator(".strands svg a").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/doc/partnership/**")
