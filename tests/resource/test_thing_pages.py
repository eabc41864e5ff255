"""The pages of things, as people get them from a server of an invented project."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlsplit

import pyoxigraph as ox
import pytest
import requests
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser

from tests.conftest import ROOT, Server, Starter
from tests.resource import lantern

CLUB, DARK, NORTH = "/doc/club/lamp", "/doc/club/dark", "/doc/source/north"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
CONTRAST = (ROOT / "tests" / "pages" / "contrast.js").read_text()
ELSEWHERE = "https://elsewhere.example/lamps?a=1&b=2"


def external(iri: str, **parameters: str) -> str:
    return f"/doc/external?iri={quote(iri, safe='')}" + "".join(f"&{k}={v}" for k, v in parameters.items())


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lamps")
    lantern.write(folder)
    return folder


@pytest.fixture(scope="module")
def lamps(project: Path, start: Starter) -> Server:
    return start("--root", str(project), "--sources", str(project / "sources"))


def get(server: Server, path: str, language: str = "en", **headers: str) -> requests.Response:
    asked = {"Accept": "text/html", "Accept-Language": language, **headers}
    return requests.get(server.url + path, headers=asked, timeout=10)


def page(server: Server, path: str, language: str = "en") -> BeautifulSoup:
    answer = get(server, path, language)
    assert answer.status_code == 200, answer.text
    return BeautifulSoup(answer.text, "html.parser")


def texts(soup: BeautifulSoup | Tag, selector: str) -> list[str]:
    return [" ".join(tag.get_text().split()) for tag in soup.select(selector)]


def test_facts_stand_in_the_groups_and_the_order_of_the_shapes(lamps: Server) -> None:
    soup = page(lamps, CLUB)
    assert texts(soup, "h3.group") == ["Where", "Words", "Other statements"]
    properties = [t.removesuffix(f"{lantern.BASE}ns#") for t in texts(soup, ".fact dt a:first-child")]
    assert properties[:3] == ["is a ↗".removesuffix(" ↗"), "has its seat at", "what it says"]
    assert set(properties[3:]) == {"founded", "colour", "see also"}


def test_properties_are_called_as_the_shapes_call_them_in_the_reader_s_language(lamps: Server) -> None:
    soup = page(lamps, CLUB, "uk")
    assert "що каже" in texts(soup, ".fact dt a")
    assert texts(soup, "h3.group")[0] == "Де"


def test_the_way_to_a_thing_is_its_class(lamps: Server) -> None:
    assert texts(page(lamps, CLUB), ".trail li") == ["Home", "club", "Lamp Club"]


def test_the_way_to_a_concept_is_its_vocabulary_and_what_is_broader(lamps: Server) -> None:
    soup = page(lamps, "/vocab/light/warm")
    assert texts(soup, ".trail li") == ["Home", "light", "any light", "warm light"]
    assert [a["href"] for a in soup.select(".trail a")] == ["/", "/vocab/light", "/vocab/light/any"]


def test_single_values_that_differ_stand_side_by_side_with_their_evidence(lamps: Server) -> None:
    section = page(lamps, CLUB).select_one(".conflicts")
    assert section is not None
    sides = {h3.get_text().strip(): h3.find_next("ul") for h3 in section.select("h3")}
    assert set(sides) == {"founded", "has its seat at", "number of members"}
    founded = sides["founded"]
    assert isinstance(founded, Tag)
    assert [t.split()[0] for t in texts(founded, ".value")] == ["1901", "1903"]
    assert texts(founded, "q") == ["1901", "1903"]
    assert [a["href"] for a in founded.select(".where > a:first-child")] == [
        f"/doc/source/north#char={lantern.place('north', '1901')}",
        f"/doc/source/south#char={lantern.place('south', '1903')}",
    ]


def test_numbers_that_differ_say_how_exact_they_are_and_who_says_so(lamps: Server) -> None:
    for path in (CLUB, "/doc/observation/members-south"):
        section = page(lamps, path).select_one(".conflicts")
        assert section is not None
        told = section.get_text()
        assert "more than 150" in " ".join(told.split())
        assert "148" in told
        assert "reported by the keeper" in " ".join(told.split())


def test_numbers_worked_out_from_others_or_of_another_phase_are_no_conflict(lamps: Server) -> None:
    for path, number in (("members-sum", "298"), ("lights-north", "5")):
        soup = page(lamps, f"/doc/observation/{path}")
        assert number in texts(soup, ".count strong")
        assert soup.select_one(".conflicts") is None
    section = page(lamps, CLUB).select_one(".conflicts")
    assert section is not None
    assert "298" not in section.get_text()


def test_values_that_nothing_limits_to_one_are_no_conflict(lamps: Server) -> None:
    assert page(lamps, DARK).select_one(".conflicts") is None


def test_what_points_here_is_counted_and_every_page_shows_more_of_it(lamps: Server) -> None:
    first = page(lamps, CLUB)
    whole = lantern.LAMPS + len(lantern.LETTERS) + lantern.OBSERVATIONS
    assert first.select_one("#pointing .tally").get_text() == str(whole)  # type: ignore[union-attr]
    seen: list[str] = []
    path: str | None = CLUB
    pages = 0
    while path:
        soup = page(lamps, path)
        links = soup.select(".pointing .plain dd:not(.of-kind) a")
        seen += [str(a["href"]) for a in links]
        pages += 1
        assert len(links) <= 100
        follow = soup.select_one(".pointing a[rel=next]")
        path = str(follow["href"]) if follow else None
    assert pages == -(-whole // 100)
    assert len(seen) == len(set(seen)) == whole


def test_pages_of_what_points_here_are_the_same_each_time(lamps: Server) -> None:
    first, again = (texts(page(lamps, f"{CLUB}?page=4"), ".pointing dd") for _ in range(2))
    assert first == again != []


def test_what_points_here_is_grouped_by_kind_in_the_order_of_the_alphabet(lamps: Server) -> None:
    names = texts(page(lamps, CLUB, "uk"), ".pointing dd")
    letters = [n for n in names if n in lantern.LETTERS]
    assert letters == ["Zoe", "Ґудзик", "Єва", "Ірис", "Їжак", "Яна"]


@pytest.mark.parametrize(("asked", "status"), [("0", 404), ("8", 404), ("x", 400), ("", 400), ("-1", 400), ("²", 400)])
def test_a_page_that_is_not_there_is_an_error(asked: str, status: int, lamps: Server) -> None:
    assert get(lamps, f"{CLUB}?page={quote(asked)}").status_code == status


def test_the_neighbourhood_is_a_picture_whose_links_stand_in_the_lists_too(lamps: Server) -> None:
    soup = page(lamps, CLUB)
    drawings = soup.select("svg.neighbours")
    assert [d["class"] for d in drawings] == [["neighbours", "wide"], ["neighbours", "narrow"]]
    listed = {a["href"] for a in soup.select(".facts a, .plain a")}
    for drawing in drawings:
        links = {a["href"] for a in drawing.select("a")}
        assert 0 < len(links) <= 14
        assert links <= listed
    assert "neighbours are left out here" in soup.select_one(".neighbourhood figcaption").get_text()  # type: ignore[union-attr]


def test_labels_in_the_picture_do_not_overlap(lamps: Server, headless: Browser) -> None:
    boxes = """all => all.filter(one => one.closest('svg').getBoundingClientRect().width).map(one => {
        const b = one.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom] })"""
    for width in (1280, 375):
        with headless.new_page(viewport={"width": width, "height": 900}) as tab:
            tab.goto(lamps.url + CLUB)
            found = tab.locator("svg.neighbours text").evaluate_all(boxes)
            assert len(found) > 4
            assert all(left >= 0 and right <= width for left, _, right, _ in found)
            overlaps = [
                (a, b)
                for i, a in enumerate(found)
                for b in found[i + 1 :]
                if min(a[2], b[2]) - max(a[0], b[0]) > 1 and min(a[3], b[3]) - max(a[1], b[1]) > 1
            ]
            assert not overlaps


def test_the_text_at_hand_shows_each_passage_where_it_stands(lamps: Server) -> None:
    soup = page(lamps, NORTH)
    text = soup.select_one(".passages")
    assert text is not None
    assert text.get_text() == lantern.TEXTS["north"]
    for words in ("Lamp Club", "1901", "150"):
        passage = soup.find(id=f"char={lantern.place('north', words)}")
        assert isinstance(passage, Tag)
        assert passage.get_text() == words
        link = passage.select_one("a")
        assert link is not None
        entry = soup.find(id=str(link["href"]).removeprefix("#"))
        assert isinstance(entry, Tag)
        assert entry.name == "li"


def test_a_passage_that_more_claims_cite_is_darker(lamps: Server) -> None:
    soup = page(lamps, NORTH)
    shades = {a.get_text(): a["class"] for a in soup.select(".passages a")}
    assert shades == {"Lamp Club": ["warm-2"], "1901": ["warm-1"], "150": ["warm-1"]}


def test_a_link_to_a_passage_marks_it(lamps: Server, headless: Browser) -> None:
    with headless.new_page() as tab:
        tab.goto(lamps.url + CLUB)
        tab.locator(".facts a", has_text="29–33").first.click()
        assert urlsplit(tab.url).fragment == "char=29,33"
        marked = tab.locator(".passage:target")
        assert marked.inner_text() == "1901"
        weight = "one => getComputedStyle(one).fontWeight"
        assert int(marked.evaluate(weight)) > int(tab.locator(".passages").evaluate(weight))


def test_without_the_text_the_list_has_the_anchors(project: Path, start: Starter) -> None:
    soup = page(start("--root", str(project)), NORTH)
    assert soup.select_one(".passages") is None
    entry = soup.find(id="char=29,33")
    assert isinstance(entry, Tag)
    assert entry.name == "li"


def test_things_elsewhere_link_to_what_is_said_of_them_here(lamps: Server) -> None:
    hrefs = [str(a["href"]) for a in page(lamps, CLUB).select(".facts a.aside")]
    assert external(ELSEWHERE) in hrefs
    soup = page(lamps, external(ELSEWHERE))
    assert texts(soup, ".pointing dd") == ["Lamp Club"]
    assert [a["href"] for a in soup.select(".subject .lead a")] == [ELSEWHERE]


def test_what_is_no_web_address_has_a_page_and_no_link(lamps: Server) -> None:
    soup = page(lamps, external("urn:isbn:1"))
    assert texts(soup, ".pointing dd") == ["Lamp Club"]
    assert not soup.select(".subject .lead a")


@pytest.mark.parametrize(
    ("iri", "status"),
    [
        (ELSEWHERE, 200),
        ("https://nobody.example/", 404),
        ("no IRI", 404),
        ("", 400),
        (f"{lantern.BASE}id/club/no", 404),
    ],
    ids=["mentioned", "unknown", "no IRI", "none", "unknown of ours"],
)
def test_only_what_the_graph_mentions_is_known(iri: str, status: int, lamps: Server) -> None:
    assert get(lamps, external(iri)).status_code == status
    assert get(lamps, external(iri), Accept="text/turtle").status_code == status


def test_what_is_ours_is_sent_to_its_document(lamps: Server) -> None:
    url = lamps.url + external(f"{lantern.BASE}id/club/lamp")
    answer = requests.get(url, allow_redirects=False, timeout=10)
    assert (answer.status_code, answer.headers["Location"]) == (303, CLUB)


@pytest.mark.parametrize(("suffix", "media_type"), [("ttl", "text/turtle"), ("nt", "application/n-triples")])
def test_what_is_said_of_things_elsewhere_is_data_too(suffix: str, media_type: str, lamps: Server) -> None:
    asked = get(lamps, external(ELSEWHERE, format=suffix))
    negotiated = get(lamps, external(ELSEWHERE), Accept=media_type)
    for answer in (asked, negotiated):
        assert answer.headers["Content-Type"].startswith(media_type)
        triples = ox.parse(answer.content, ox.RdfFormat.from_media_type(media_type))
        pairs = {(q.subject, q.object) for q in triples}
        assert (ox.NamedNode(f"{lantern.BASE}id/club/lamp"), ox.NamedNode(ELSEWHERE)) in pairs
    assert get(lamps, external(ELSEWHERE, format="pdf")).status_code == 404


def test_hostile_data_is_only_text(lamps: Server) -> None:
    answer = get(lamps, DARK)
    soup = BeautifulSoup(answer.text, "html.parser")
    assert not soup.select("img, script:not([type='application/ld+json'], [src^='/static/'])")
    hrefs = [str(tag["href"]) for tag in soup.select("[href]")]
    assert all(href.startswith(("/", "#", "http://", "https://")) for href in hrefs)
    assert lantern.HOSTILE in soup.get_text()
    assert "javascript:alert(1)" in soup.get_text()
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_characters_that_turn_text_around_are_spelled_out(lamps: Server) -> None:
    for path in (DARK, external("https://elsewhere.example/\u202edesrever")):
        assert "\u202e" not in page(lamps, path).get_text()
    html = get(lamps, DARK).text
    assert "\x07" not in html
    assert "abc\\u202edcba\\u0007" in html


def test_an_endless_text_is_shortened_with_a_link_to_all_of_it(lamps: Server) -> None:
    answer = get(lamps, DARK)
    assert len(answer.text) < 100_000
    link = BeautifulSoup(answer.text, "html.parser").find("a", string="The whole text is in the data")
    assert isinstance(link, Tag)
    assert lantern.LONGEST in get(lamps, str(link["href"]), Accept="*/*").text


def test_text_from_right_to_left_is_laid_out_so(lamps: Server, headless: Browser) -> None:
    with headless.new_page() as tab:
        tab.goto(lamps.url + DARK)
        value = tab.locator(".value", has_text="שלום")
        assert value.evaluate("one => getComputedStyle(one).direction") == "rtl"


@pytest.mark.parametrize(
    "path",
    [CLUB, DARK, NORTH, f"{CLUB}?page=3", external(ELSEWHERE)],
    ids=["club", "hostile", "text", "page", "external"],
)
def test_pages_can_be_read_by_everybody(path: str, lamps: Server, headless: Browser) -> None:
    with headless.new_page(viewport={"width": 320, "height": 640}) as tab:
        complaints: list[str] = []
        tab.on("console", lambda message: complaints.append(message.text))
        tab.goto(lamps.url + path)
        assert not complaints
        assert tab.evaluate("document.documentElement.scrollWidth") <= 320
        tab.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
        for scheme in SCHEMES:
            tab.emulate_media(color_scheme=scheme)
            assert tab.evaluate(CONTRAST) == [], scheme
        assert tab.locator("nav:not([aria-label]), a:not([href]), svg a[href='']").count() == 0
        ids = tab.locator("[id]").evaluate_all("all => all.map(one => one.id)")
        assert len(ids) == len(set(ids))


def test_the_iri_is_copied_by_a_button_that_needs_a_script(lamps: Server, headless: Browser) -> None:
    iri = f"{lantern.BASE}id/club/lamp"
    with headless.new_context(permissions=["clipboard-read", "clipboard-write"]) as context:
        tab = context.new_page()
        tab.goto(lamps.url + CLUB)
        button = tab.get_by_role("button", name="Copy")
        button.click()
        tab.get_by_role("button", name="Copied").wait_for()
        assert tab.evaluate("navigator.clipboard.readText()") == iri
    with headless.new_context(java_script_enabled=False) as context:
        tab = context.new_page()
        tab.goto(lamps.url + CLUB)
        assert not tab.locator("button.copy").is_visible()
        assert tab.get_by_text(iri, exact=True).is_visible()


def test_json_ld_in_the_page_is_about_its_thing(lamps: Server) -> None:
    script = page(lamps, CLUB).select_one("script[type='application/ld+json']")
    assert script is not None
    assert json.loads(script.get_text())["@id"] == f"{lantern.BASE}id/club/lamp"


def test_later_pages_say_nothing_but_what_points_here(lamps: Server) -> None:
    soup = page(lamps, f"{CLUB}?page=2")
    assert not soup.select(".facts, svg.neighbours, .conflicts, script[type='application/ld+json']")
    assert soup.select(".pointing dd")
    assert "page 2 of 7" in soup.title.get_text()  # type: ignore[union-attr]


def test_the_page_of_a_graph_counts_what_it_does_not_list(lamps: Server) -> None:
    soup = page(lamps, "/graph/curated")
    sections = {h2.get_text().split()[0]: h2 for h2 in soup.select("section.terms h2")}
    tally = sections["lamp"].select_one(".tally")
    assert tally is not None
    assert tally.get_text() == str(lantern.LAMPS)
    listed = sections["lamp"].find_parent("section")
    assert isinstance(listed, Tag)
    assert len(listed.select("dt")) == 200
    assert texts(listed, ".small") == [f"and {lantern.LAMPS - 200} more"]
