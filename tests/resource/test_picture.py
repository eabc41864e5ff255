"""The picture of a neighbourhood: bounded, and no two labels in one place, whatever the names are."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.pages.values import Value
from kg.resource.picture import Layout, picture
from kg.resource.pointing import OfKind, Pages, Pointing
from kg.resource.statements import Group, Property, Statement, Statements

names = st.text(min_size=1, max_size=90)
THING = "https://lamps.example/kg/id/x"


def thing(number: int, name: str) -> Value:
    return Value(name, f"/doc/{number}", iri=f"https://lamps.example/kg/id/{number}")


def property_(number: int, things: list[Value]) -> Property:
    name = Value(f"property {number}", iri=f"https://lamps.example/kg/ns#p{number}")
    return Property(name, tuple(Statement(t, "", False, None, (), (), False) for t in things), 0, "")


def said(outgoing: list[list[Value]]) -> Statements:
    return Statements((Group(None, tuple(property_(i, t) for i, t in enumerate(outgoing))),), ())


def pointing(incoming: list[Value], count: int | None = None) -> Pages:
    count = len(incoming) if count is None else count
    by = Pointing(Value("by", iri=THING + "#by"), count, "", "", True, (OfKind(None, count, tuple(incoming)),))
    return Pages((by,), 1, 1, count, "", "", "")


def tops(layout: Layout) -> list[tuple[str, float, float]]:
    """(side, top, bottom) of the labels of each neighbour, of letters of 12 and 14 units."""
    return sorted((n.side, n.property.y - 12, max(line.y for line in n.name) + 4) for n in layout.nodes)


@settings(deadline=None)
@given(names, st.lists(st.lists(names, max_size=5), max_size=5), st.lists(names, max_size=20))
def test_labels_have_places_of_their_own(title: str, out: list[list[str]], into: list[str]) -> None:
    outgoing = [[thing(100 * i + j, n) for j, n in enumerate(row)] for i, row in enumerate(out)]
    incoming = [thing(1000 + i, n) for i, n in enumerate(into)]
    drawn = picture(Value(title), THING, said(outgoing), pointing(incoming))
    whole = len(incoming) + sum(map(len, outgoing))
    if drawn is None:
        assert whole == 0
        return
    assert drawn.shown + drawn.left_out == whole
    assert drawn.shown <= 14
    for layout in (drawn.wide, drawn.narrow):
        assert len(layout.nodes) == drawn.shown
        rows = (
            tops(layout) if layout.kind == "wide" else [("", *r[1:]) for r in sorted(tops(layout), key=lambda r: r[1])]
        )
        for (side, _, bottom), (next_side, top, _) in pairwise(rows):
            assert side != next_side or bottom <= top
        assert all(n.property.y >= 12 and max(line.y for line in n.name) <= layout.height for n in layout.nodes)


def test_each_property_shows_its_first_thing_before_any_shows_its_second() -> None:
    many = [thing(i, f"many {i}") for i in range(40)]
    drawn = picture(Value("x"), THING, said([many, [thing(99, "only")]]), pointing([]))
    assert drawn is not None
    assert [n.thing.text for n in drawn.wide.nodes][:3] == ["many 0", "only", "many 1"]
    assert drawn.left_out == 41 - drawn.shown


def test_a_thing_that_both_points_here_and_is_pointed_at_stands_once() -> None:
    friend = thing(1, "friend")
    drawn = picture(Value("x"), THING, said([[friend]]), pointing([friend]))
    assert drawn is not None
    assert [n.side for n in drawn.wide.nodes] == ["right"]


def test_things_that_are_only_counted_are_among_those_left_out() -> None:
    drawn = picture(Value("x"), THING, said([]), pointing([thing(1, "one")], count=100_000))
    assert drawn is not None
    assert (drawn.shown, drawn.left_out) == (1, 99_999)


def test_names_that_are_too_long_end_in_an_ellipsis() -> None:
    drawn = picture(Value("x"), THING, said([[thing(1, "many words " * 30)]]), pointing([]))
    assert drawn is not None
    for layout in (drawn.wide, drawn.narrow):
        name = layout.nodes[0].name
        assert len(name) == 2
        assert name[-1].text.endswith("…")
