"""A picture of a thing among its neighbours: what points at it on the left, what it points at on the right.

The layout is fixed, so no two labels can overlap: every neighbour has a row of its own, and its name as many lines of
it as it needs, cut where they do not suffice. There are two layouts, for wide and for narrow screens.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from kg.pages.values import Value
from kg.resource.pointing import Pages
from kg.resource.statements import Property, Statements
from kg.words.names import HS, NIF, PROV, SH, TYPE, VOID

_HIDDEN = {TYPE, HS + "inGraph", PROV + "wasQuotedFrom", PROV + "wasDerivedFrom", NIF + "referenceContext"}
_A_SIDE = 7
_ROW, _LINE, _MARGIN = 58, 17, 12
_BROAD, _THIN = frozenset("mwMWжмфшщыюЖМФШЩЫЮ@%…"), frozenset(" fijltI.,:;'’()[]|іїІЇ")
_UNUSUAL = re.compile(r"[\u0300-\u036f\u0483-\u1fff\u2e80-\U0010ffff]")
_LETTER, _BOLD_LETTER, _SMALL_LETTER = 8.7, 9.3, 7.5
"""Widths of the widest usual letters at the sizes of names and properties: too many cut a name short, never less."""


@dataclass(frozen=True)
class Line:
    """A line of text: its place and its words."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Node:
    """A neighbour.

    side    "left" where it points here, "right" where it is pointed at
    edge    the path of its line to the middle, in SVG
    dot     where its point is
    property, name  lines of text; the name is a link
    """

    thing: Value
    property_name: Value
    side: str
    edge: str
    dot: tuple[float, float]
    property: Line
    name: tuple[Line, ...]


@dataclass(frozen=True)
class Layout:
    """A picture of some width. `kind` is "wide" or "narrow"; `middle` is where the thing itself stands."""

    kind: str
    width: int
    height: int
    middle: tuple[float, float]
    title: tuple[Line, ...]
    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class Picture:
    """The thing and some neighbours, and how many others there are."""

    wide: Layout
    narrow: Layout
    shown: int
    left_out: int


@dataclass(frozen=True)
class _Neighbour:
    thing: Value
    property: Value


def picture(title: Value, iri: str, said: Statements, incoming: Pages) -> Picture | None:
    """The neighbourhood, None for a thing that has none.

    Neighbours are taken property by property, one of each first: what tells most of a thing is how many ways it is
    connected. What is stated comes before what follows, and what has a page here before what has none.
    """
    seen = {iri}
    stated = _distinct(_outgoing(said.properties()), seen)
    left = _distinct(_incoming(incoming), seen)
    right = sorted([*stated, *_distinct(_outgoing(said.derived), seen)], key=lambda n: n.thing.external)
    if not left and not right:
        return None
    of_left = min(len(left), max(_A_SIDE, 2 * _A_SIDE - len(right)))
    of_right = min(len(right), 2 * _A_SIDE - of_left)
    hidden = len(left) + len(right) - of_left - of_right
    shown = left[:of_left], right[:of_right]
    unlisted = sum(p.count - sum(len(k.things) for k in p.kinds) for p in incoming.all if not _is_hidden(p.name))
    return Picture(_wide(title, *shown), _narrow(title, *shown), of_left + of_right, hidden + unlisted)


def _outgoing(properties: Iterable[Property]) -> Iterator[_Neighbour]:
    rows = [
        [_Neighbour(s.value, p.name) for s in p.statements if s.value.iri and s.value.href]
        for p in properties
        if not _is_hidden(p.name)
    ]
    return _by_turns(rows)


def _incoming(pages: Pages) -> Iterator[_Neighbour]:
    rows = [
        [_Neighbour(t, p.name) for k in p.kinds for t in k.things if t.href]
        for p in pages.all
        if not _is_hidden(p.name)
    ]
    return _by_turns(rows)


def _is_hidden(property_: Value) -> bool:
    """Whether it joins a thing to what is said about it, not to another thing."""
    return property_.iri in _HIDDEN or property_.iri.startswith((SH, VOID))


def _by_turns(rows: list[list[_Neighbour]]) -> Iterator[_Neighbour]:
    return (n for turn in zip_longest(*rows) for n in turn if n)


def _distinct(neighbours: Iterable[_Neighbour], seen: set[str]) -> list[_Neighbour]:
    """Each thing once, none that was seen. Adds them to `seen`."""
    found = []
    for neighbour in neighbours:
        if neighbour.thing.iri not in seen:
            seen.add(neighbour.thing.iri)
            found.append(neighbour)
    return found


def _wide(title: Value, left: list[_Neighbour], right: list[_Neighbour]) -> Layout:
    """The thing in the middle between two columns; in the first column where it has neighbours on one side only."""
    column, gap, centre = 300, 70, 200
    height = max(len(left), len(right), 2) * _ROW + 2 * _MARGIN
    begin = column + gap if left else 0
    middle = (begin + centre / 2, height / 2)
    width = begin + centre + (gap + column if right else 0)
    nodes = [
        *_column(left, "left", column - 14, begin, height, middle),
        *_column(right, "right", begin + centre + gap + 14, begin + centre, height, middle),
    ]
    lines = _wrapped(title.text, centre - 24, 5, _BOLD_LETTER)
    top = middle[1] - (len(lines) - 1) * _LINE / 2 + 5
    return Layout(
        "wide", width, height, middle,
        tuple(Line(middle[0], top + i * _LINE, text) for i, text in enumerate(lines)), tuple(nodes),
    )  # fmt: skip


def _column(
    neighbours: list[_Neighbour], side: str, x: float, from_x: float, height: float, middle: tuple[float, float]
) -> Iterator[Node]:
    top = (height - len(neighbours) * _ROW) / 2
    for index, neighbour in enumerate(neighbours):
        y = top + index * _ROW + _ROW / 2
        dot = (x + 14 if side == "left" else x - 14, y)
        bend = (dot[0] + from_x) / 2
        edge = f"M{from_x:g} {middle[1]:g}C{bend:g} {middle[1]:g} {bend:g} {y:g} {dot[0]:g} {y:g}"
        yield _node(neighbour, side, edge, dot, x, 286)


def _narrow(title: Value, left: list[_Neighbour], right: list[_Neighbour]) -> Layout:
    """The thing on top, a rail down from it, and a row for each neighbour beside the rail."""
    width, rail, indent = 340, 10, 44
    lines = _wrapped(title.text, width - 24, 3, _BOLD_LETTER)
    top = _MARGIN + len(lines) * _LINE + 10
    nodes = []
    for index, (side, neighbour) in enumerate([*(("left", n) for n in left), *(("right", n) for n in right)]):
        y = top + index * _ROW + _ROW / 2
        dot = (indent - 14.0, y)
        edge = f"M{rail:g} {top:g}V{y - 12:g}Q{rail:g} {y:g} {rail + 12:g} {y:g}H{dot[0]:g}"
        nodes.append(_node(neighbour, side, edge, dot, indent, width - indent))
    height = round(top + len(nodes) * _ROW + _MARGIN)
    title_lines = tuple(Line(rail - 8, _MARGIN + (i + 1) * _LINE, text) for i, text in enumerate(lines))
    return Layout("narrow", width, height, (rail, top), title_lines, tuple(nodes))


def _node(neighbour: _Neighbour, side: str, edge: str, dot: tuple[float, float], x: float, width: float) -> Node:
    property_ = _wrapped(neighbour.property.text, width - 16, 1, _SMALL_LETTER)[0]
    name = _wrapped(neighbour.thing.text, width, 2, _LETTER)
    top = dot[1] - (len(name) - 1) * _LINE / 2
    lines = tuple(Line(x, top + 12 + i * _LINE, text) for i, text in enumerate(name))
    return Node(neighbour.thing, neighbour.property, side, edge, dot, Line(x, top - 8, property_), lines)


def _wrapped(text: str, width: float, most: int, letter: float) -> list[str]:
    """The text in lines that fit, of which the last ends in an ellipsis where there are more."""
    lines: list[str] = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        if _wide_as(joined) * letter <= width:
            lines[-1] = joined
            continue
        if lines[-1]:
            lines.append("")
        lines[-1] = word
        if _wide_as(word) * letter > width:
            lines[-1] = _cut(word, width, letter)
            most = min(most, len(lines))
    if len(lines) > most:
        lines = [*lines[: most - 1], _cut(f"{lines[most - 1]} …", width, letter)]
    return lines


def _cut(text: str, width: float, letter: float) -> str:
    room = width / letter
    if _wide_as(text) <= room:
        return text
    used = _width("…")
    for place, character in enumerate(text):
        used += _width(character)
        if used > room:
            return text[:place].rstrip() + "…"
    return text + "…"


def _wide_as(text: str) -> float:
    """How many letters wide."""
    return sum(map(_width, text))


def _width(character: str) -> float:
    """Broad ones count half as much again, thin ones little, East Asian ones twice, combining ones not at all."""
    if character in _BROAD or character in _THIN:
        return 1.5 if character in _BROAD else 0.6
    if not _UNUSUAL.match(character):
        return 1
    return 0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
