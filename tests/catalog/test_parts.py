"""What the pages are made of: sets of things, curves, sentences, values that are computed once."""

from __future__ import annotations

import threading
from urllib.parse import parse_qsl

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.catalog import census
from kg.catalog.browse import _around
from kg.catalog.lists import Asked, Lists
from kg.pages.address import Address
from kg.pages.curves import curve, untangled
from kg.pages.once import Once
from kg.pages.sentence import joined, plain, say, say_counted
from kg.pages.values import Value

edges = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("uvwxyz")), min_size=1, unique=True)


def crossings(drawn: list[tuple[str, str]], left: list[str], right: list[str]) -> int:
    lines = [(left.index(a), right.index(b)) for a, b in drawn]
    return sum((a - c) * (b - d) < 0 for i, (a, b) in enumerate(lines) for c, d in lines[:i])


@given(edges)
def test_untangled_keeps_every_end_and_is_never_worse(drawn: list[tuple[str, str]]) -> None:
    left, right = untangled(drawn)
    assert sorted(left) == sorted({a for a, _ in drawn})
    assert sorted(right) == sorted({b for _, b in drawn})
    as_given = [list(dict.fromkeys(side)) for side in zip(*drawn, strict=True)]
    assert crossings(drawn, left, right) <= crossings(drawn, *as_given)


def test_untangled_finds_an_order_without_crossings_where_pairs_are_apart() -> None:
    drawn = [("a", "z"), ("b", "y"), ("c", "x"), ("c", "z")]
    assert crossings(drawn, *untangled(drawn)) == 0
    assert untangled([]) == ([], [])


def test_curve_goes_from_the_middle_of_a_row_to_the_middle_of_a_row() -> None:
    assert curve(0, 2, 3, 4) == "M0 25C50 25 50 87.5 100 87.5"


@given(st.sets(st.integers(0, 200)))
def test_members_are_the_places_of_a_set(places: set[int]) -> None:
    whole = census.Census(tuple(map(str, range(201))), {}, {}, frozenset(), {}, {})
    assert list(whole.members(sum(1 << p for p in places))) == sorted(places)


def test_circle_of_subclasses_ends() -> None:
    store, sub = ox.Store(), ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
    type_ = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    a, b = (ox.NamedNode(f"https://x.example/ns#{n}") for n in "ab")
    thing = ox.NamedNode("https://x.example/id/t")
    store.extend([ox.Quad(a, sub, b), ox.Quad(b, sub, a), ox.Quad(thing, type_, a), ox.Quad(thing, type_, b)])
    found = census.take(store, "https://x.example/")
    assert found.classes == {a.value: 1, b.value: 1}


@pytest.mark.parametrize(
    ("page", "pages", "shown"),
    [(1, 1, [1]), (1, 5, [1, 2, 3, 0, 5]), (3, 5, [1, 2, 3, 4, 5]), (9, 20, [1, 0, 7, 8, 9, 10, 11, 0, 20])],
)
def test_pages_around(page: int, pages: int, shown: list[int]) -> None:
    assert _around(page, pages) == shown


def test_value_is_computed_once_by_many_threads() -> None:
    once, computed, ready = Once(), [], threading.Barrier(8)

    def compute() -> int:
        computed.append(1)
        return once.get("other", lambda: 41) + 1

    def ask() -> None:
        ready.wait()
        assert once.get("key", compute) == 42

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(computed) == 1


def test_failed_computation_is_tried_again() -> None:
    once = Once()
    with pytest.raises(ZeroDivisionError):
        once.get("key", lambda: 1 // 0)
    assert once.get("key", lambda: 1) == 1


def test_changing_store_is_asked_every_time() -> None:
    once, values = Once(keeps=False), iter((1, 2))
    assert [once.get("key", lambda: next(values)) for _ in range(2)] == [1, 2]


def test_sentence_has_its_things_in_place() -> None:
    thing = Value("{path}", "/x")
    sentence = say("may have {path}", "en", path=thing)
    assert sentence == ("may have ", thing)
    assert plain(
        say_counted("has exactly one {path}", "has exactly {count} values of {path}", 2, "en", path=thing)
    ) == ("has exactly 2 values of {path}")
    assert plain(joined([sentence, ("x",)], ", ")) == "may have {path}, x"


def test_every_list_has_an_address_that_leads_back_to_it() -> None:
    """Also by properties that share a local name, and by one that is called as a parameter of the page."""
    properties = ("https://a.example/kind", "https://b.example/kind", "https://a.example/page", "https://a.example/in")
    values = {p: {"https://x.example/id/v": 1} for p in properties}
    whole = census.Census(("https://x.example/id/v",), {"https://x.example/id/v": 0}, {}, frozenset(), {}, values)
    lists = Lists(whole, "https://x.example/")
    for path in [*((p,) for p in properties), *((p, q) for p in properties for q in properties)]:
        wanted = Asked("", {path: ("https://x.example/id/v",)}, 1)
        address = lists.href(Address("https://x.example/"), wanted)
        assert lists.asked(parse_qsl(address.partition("?")[2])) == wanted, address
