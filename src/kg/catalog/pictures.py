"""The pictures on the home page: each draws the rows of a saved query that `kg.toml` names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from math import log2

import pyoxigraph as ox

from kg.pages.ask import TROUBLE, Table, answer
from kg.pages.curves import curve, untangled
from kg.pages.readable import readable
from kg.pages.values import Reader, Value
from kg.site import Site
from kg.store.rdf_io import Term
from kg.store.saved import SavedQuery
from kg.words.errors import BadInput
from kg.words.names import XSD

_MOST_CURVES = 60
_MOST_MOMENTS = 40
_WIDEST = 5
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


@dataclass(frozen=True)
class Curve:
    """A link between a name on the left and one on the right: an SVG path, where it leads, and its words."""

    path: str
    href: str | None
    text: str


@dataclass(frozen=True)
class Diagram:
    """Who is linked with whom: the first two columns of a query; a third names what links them.

    title    the query's question, with the link to its page
    heads    what stands on each side
    rows     the same as text
    more     rows that are not drawn
    """

    title: Value
    heads: tuple[str, str]
    left: tuple[Value, ...]
    right: tuple[Value, ...]
    curves: tuple[Curve, ...]
    rows: tuple[tuple[Value, Value, Value | None], ...]
    more: int


@dataclass(frozen=True)
class Moment:
    """Something that has a date. `gap` from 0 to 5: how long ago the one before it was, on a logarithmic scale."""

    iso: str
    day: str
    thing: Value
    notes: tuple[Value, ...]
    gap: int


@dataclass(frozen=True)
class Timeline:
    """Things in the order of their dates: the first two columns of a query; the others are notes beside them."""

    title: Value
    moments: tuple[Moment, ...]
    more: int


def drawn(site: Site, name: str, setting: str) -> SavedQuery | None:
    """The saved query that a setting names; None if it names none. Raise BadInput if there is no such query."""
    if not name:
        return None
    query = site.release.saved.queries.get(name)
    if query is None or query.form != "SELECT":
        known = ", ".join(q.name for q in site.release.saved.queries.values() if q.form == "SELECT") or "none"
        raise BadInput(f'{setting}: no saved SELECT query is called "{name}". There are: {known}', "kg.toml")
    return query


def diagram(site: Site, query: SavedQuery, reader: Reader) -> Diagram | None:
    """The picture of a query's rows; None if there is nothing to draw."""
    table = _table(site, query)
    rows = [r for r in table.rows if len(r) > 1 and isinstance(r[0], ox.NamedNode) and isinstance(r[1], ox.NamedNode)]
    shown = rows[:_MOST_CURVES]
    if not shown:
        return None
    edges = [(_iri(r[0]), _iri(r[1])) for r in shown]
    left, right = untangled(edges)
    curves, told = [], []
    for (a, b), row in zip(edges, shown, strict=True):
        by = reader.value(row[2]) if len(row) > 2 and row[2] is not None else None
        start, end = reader.thing(a), reader.thing(b)
        path = curve(left.index(a), len(left), right.index(b), len(right))
        curves.append(Curve(path, by.href if by else None, f"{start.text} – {end.text}"))
        told.append((start, end, by))
    return Diagram(
        _question(query, reader),
        (_head(table.columns[0], reader), _head(table.columns[1], reader)),
        tuple(map(reader.thing, left)),
        tuple(map(reader.thing, right)),
        tuple(curves),
        tuple(told),
        len(rows) - len(shown),
    )


def timeline(site: Site, query: SavedQuery, reader: Reader) -> Timeline | None:
    """The rows of a query in the order of their dates, the latest if there are many; None if none has a date."""
    table = _table(site, query)
    dated = []
    for row in table.rows:
        if len(row) > 1 and isinstance(row[0], ox.NamedNode) and isinstance(row[1], ox.Literal):
            found = _DATE.match(row[1].value)
            if found and _year(found[0]) is not None:
                dated.append((found[0], row))
    dated.sort(key=lambda item: (item[0], str(item[1][0])))
    shown = dated[-_MOST_MOMENTS:]
    moments, before = [], None
    for iso, row in shown:
        now = _year(iso) or 0.0
        gap = 0 if before is None else min(_WIDEST, round(log2(1 + 2 * (now - before))))
        notes = tuple(reader.value(t) for t in row[2:] if t is not None)
        moments.append(Moment(iso, _day(iso, reader.language), reader.thing(_iri(row[0])), notes, gap))
        before = now
    return Timeline(_question(query, reader), tuple(moments), len(dated) - len(shown)) if moments else None


def _iri(term: Term | None) -> str:
    assert isinstance(term, ox.NamedNode)
    return term.value


def _question(query: SavedQuery, reader: Reader) -> Value:
    label = reader.labels.choose(query.questions, reader.languages)
    assert label is not None
    return Value(label.text, reader.address.saved(query.name, {}), language=label.language, iri=query.iri)


def _head(column: str, reader: Reader) -> str:
    """A column by the property of the ontology that is called so, else by its own words."""
    property_ = f"{reader.address.base}ns#{column}"
    if reader.labels.all(property_):
        return reader.thing(property_).text
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", column).lower()


def _year(iso: str) -> float | None:
    """A date as a number of years; None for what is no date."""
    try:
        day = date(*(int(part) for part in (iso + "-01-01").split("-")[:3]))
    except ValueError:
        return None
    return day.year + day.timetuple().tm_yday / 366


def _day(iso: str, language: str) -> str:
    from babel.dates import format_skeleton

    if len(iso) == len("2000-01"):
        return format_skeleton("yMMMM", date.fromisoformat(iso + "-01"), locale=language)
    datatype = "date" if len(iso) > len("2000") else "gYear"
    return readable(ox.Literal(iso, datatype=ox.NamedNode(XSD + datatype)), language)


def _table(site: Site, query: SavedQuery) -> Table:
    """The rows of a query, kept once they are there; none as long as the engine cannot give them."""
    try:
        return site.kept.get(("picture", query.name), lambda: answer(site.engine, query.text))
    except TROUBLE:
        return Table()
