"""`/browse`: lists of things by class, narrowed by what is stated of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import pyoxigraph as ox

from kg.catalog.census import Census, Path
from kg.catalog.facets import Facet, facets
from kg.catalog.lists import Asked, Lists
from kg.pages import collation
from kg.pages.layout import Alternate
from kg.pages.once import Once
from kg.pages.telling import DEFINITIONS, Listed, listed, told
from kg.pages.values import Reader, Value
from kg.words import formats
from kg.words.errors import NotFound

PAGE_SIZE = 60
_SHOWN_CHOICES, _MOST_CHOICES = 8, 30
_COLUMNS = 3


@dataclass(frozen=True)
class Branch:
    """A class in the tree of classes. `depth` 0 for those without a superclass there; `here` for the one shown."""

    name: Value
    depth: int
    count: int
    here: bool


@dataclass(frozen=True)
class Choice:
    """A value that narrows the list, or one that does already, which the link takes back."""

    value: Value
    href: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Group:
    """A facet: `first` of its choices, and the `rest`, folded; `left` counts the values with still fewer things."""

    name: tuple[Value, ...]
    first: tuple[Choice, ...]
    rest: tuple[Choice, ...]
    left: int


@dataclass(frozen=True)
class Entry:
    """A thing in the list with its most specific classes and some of its values."""

    listed: Listed
    kinds: tuple[Value, ...]
    values: tuple[Value, ...]


@dataclass(frozen=True)
class BrowsePage:
    """Context `page` of `browse.html`.

    class_    None for all things; definition: what it means
    tree      all classes, a subclass behind its superclass
    all_href, total  the way to all things, and how many there are
    chosen    (names of the path, choice) for every value that narrows the list
    groups    what can narrow it further
    entries   those on this page; first, last: their numbers among `count`
    pages     (number, href) of the pages around this one, None where some are left out; previous, next: href or empty
    query, query_href  the list in SPARQL; downloads: its answer as data
    """

    class_: Value | None
    definition: Value | None
    tree: tuple[Branch, ...]
    all_href: str
    total: int
    chosen: tuple[tuple[tuple[Value, ...], Choice], ...]
    clear_href: str
    groups: tuple[Group, ...]
    entries: tuple[Entry, ...]
    count: int
    first: int
    last: int
    number: int
    pages: tuple[tuple[int, str] | None, ...]
    previous: str
    next: str
    query: str
    query_href: str
    downloads: tuple[Alternate, ...]


class Browser:
    """Shows lists of the things of a store.

    once  keeps the orders and facets of the classes
    """

    def __init__(self, census: Census, store: ox.Store, base: str, once: Once) -> None:
        self._census, self._store, self._once = census, store, once
        self.lists = once.get("lists", lambda: Lists(census, base))

    def page(self, asked: Asked, reader: Reader) -> BrowsePage:
        """The page that was asked for. Raise NotFound for one behind the last."""
        census = self._census
        members = census.classes[asked.class_] if asked.class_ else census.all
        found = self._narrowed(members, asked.chosen)
        count = found.bit_count()
        pages = max(1, -(-count // PAGE_SIZE))
        if asked.page > pages:
            raise NotFound(f"this list has {pages} pages, and none is number {asked.page}")
        start = (asked.page - 1) * PAGE_SIZE
        shown = self._in_order(asked.class_, members, found, reader)[start : start + PAGE_SIZE]
        possible = self._once.get(("facets", asked.class_), lambda: facets(census, members))
        query = self.lists.query(asked, reader.language)
        return BrowsePage(
            class_=reader.thing(asked.class_) if asked.class_ else None,
            definition=told(self._store, reader, asked.class_, *DEFINITIONS) if asked.class_ else None,
            tree=self._tree(asked.class_, reader),
            all_href=self.lists.href(reader.address, Asked("", {}, 1)),
            total=len(census.things),
            chosen=tuple(self._chips(asked, reader)),
            clear_href=self.lists.href(reader.address, Asked(asked.class_, {}, 1)),
            groups=tuple(self._group(f, members, asked, reader) for f in possible),
            entries=self._entries(shown, possible, asked, reader),
            count=count,
            first=start + 1 if count else 0,
            last=start + len(shown),
            number=asked.page,
            pages=tuple(
                (n, self.lists.href(reader.address, Asked(asked.class_, asked.chosen, n))) if n else None
                for n in _around(asked.page, pages)
            ),
            previous=self._turned(reader, asked, -1) if asked.page > 1 else "",
            next=self._turned(reader, asked, 1) if asked.page < pages else "",
            query=query,
            query_href=reader.address.query(query),
            downloads=tuple(
                Alternate(f.name, _download(reader, query, f), f.media_type)
                for f in (formats.RESULTS_CSV, formats.RESULTS_JSON)
            ),
        )

    def href(self, class_: str, reader: Reader) -> str:
        """The way to the list of a class."""
        return self.lists.href(reader.address, Asked(class_, {}, 1))

    def tree(self, reader: Reader) -> tuple[Branch, ...]:
        """All classes with the ways to their lists."""
        return self._tree("", reader)

    def _narrowed(self, members: int, chosen: Mapping[Path, tuple[str, ...]]) -> int:
        """Those with one of the values of each path."""
        for path, values in chosen.items():
            reached = self._census.along(path)
            either = 0
            for value in values:
                either |= reached[value]
            members &= either
        return members

    def _in_order(self, class_: str, members: int, found: int, reader: Reader) -> list[str]:
        """The things of a set, by name in the reader's language."""

        def order() -> tuple[int, ...]:
            things = self._census.things
            named = [(collation.key(reader.thing(things[p]).text), p) for p in self._census.members(members)]
            return tuple(p for _, p in sorted(named))

        ordered = self._once.get(("order", class_, reader.languages), order)
        bits = found.to_bytes(len(self._census.things) // 8 + 1, "little")
        return [self._census.things[p] for p in ordered if bits[p >> 3] >> (p & 7) & 1]

    def _tree(self, here: str, reader: Reader) -> tuple[Branch, ...]:
        census = self._census
        below: dict[str, list[str]] = defaultdict(list)
        for class_, parents in census.parents.items():
            below[parents[0] if parents else ""].append(class_)
        branches: list[Branch] = []

        def grow(class_: str, depth: int) -> None:
            for child in sorted(below[class_], key=lambda c: collation.key(reader.thing(c).text)):
                name = reader.thing(child)
                link = Value(name.text, self.href(child, reader), language=name.language, iri=child)
                branches.append(Branch(link, depth, census.classes[child].bit_count(), child == here))
                grow(child, depth + 1)

        grow("", 0)
        return tuple(branches)

    def _chips(self, asked: Asked, reader: Reader) -> list[tuple[tuple[Value, ...], Choice]]:
        return [
            (
                tuple(map(reader.thing, path)),
                Choice(reader.thing(v), self._toggled(reader, asked, path, v), 0, chosen=True),
            )
            for path, values in asked.chosen.items()
            for v in values
        ]

    def _group(self, facet: Facet, members: int, asked: Asked, reader: Reader) -> Group:
        """A facet; its counts are of what the other facets leave."""
        chosen = asked.chosen.get(facet.path, ())
        others = self._narrowed(members, {p: v for p, v in asked.chosen.items() if p != facet.path})
        counts = {v: n for v, m in facet.values.items() if (n := (m & others).bit_count()) or v in chosen}
        most = sorted(counts, key=lambda v: (v not in chosen, -counts[v], v))[:_MOST_CHOICES]
        choices = [
            Choice(reader.thing(v), self._toggled(reader, asked, facet.path, v), counts[v], v in chosen) for v in most
        ]
        choices.sort(key=lambda c: (not c.chosen, -c.count, collation.key(c.value.text)))
        names = tuple(map(reader.thing, facet.path))
        left = len(counts) - len(most)
        return Group(names, tuple(choices[:_SHOWN_CHOICES]), tuple(choices[_SHOWN_CHOICES:]), left)

    def _entries(
        self, things: list[str], possible: tuple[Facet, ...], asked: Asked, reader: Reader
    ) -> tuple[Entry, ...]:
        census = self._census
        here = 0
        for iri in things:
            here |= 1 << census.places[iri]
        kinds: dict[str, list[str]] = defaultdict(list)
        for class_, members in census.classes.items():
            for place in census.members(members & here):
                kinds[census.things[place]].append(class_)
        values: dict[str, list[str]] = defaultdict(list)
        for facet in [f for f in possible if len(f.values) > 1 and f.path not in asked.chosen][:_COLUMNS]:
            for value, members in facet.values.items():
                for place in census.members(members & here):
                    values[census.things[place]].append(value)
        return tuple(
            Entry(
                listed(self._store, reader, iri),
                tuple(reader.thing(c) for c in self._most_specific(kinds[iri]) if c != asked.class_),
                tuple(map(reader.thing, dict.fromkeys(values[iri]))),
            )
            for iri in things
        )

    def _most_specific(self, classes: list[str]) -> list[str]:
        above = {parent for c in classes for parent in self._census.parents[c]}
        return sorted(c for c in classes if c not in above)

    def _toggled(self, reader: Reader, asked: Asked, path: Path, value: str) -> str:
        chosen = dict(asked.chosen)
        values = chosen.pop(path, ())
        left = tuple(v for v in values if v != value) if value in values else (*values, value)
        return self.lists.href(reader.address, Asked(asked.class_, chosen | ({path: left} if left else {}), 1))

    def _turned(self, reader: Reader, asked: Asked, by: int) -> str:
        return self.lists.href(reader.address, Asked(asked.class_, asked.chosen, asked.page + by))


def _download(reader: Reader, query: str, format_: formats.Format) -> str:
    return f"{reader.address.root}/sparql?{urlencode({'query': query, 'format': format_.suffix})}"


def _around(page: int, pages: int) -> list[int]:
    """Numbers of the first, the last and the nearest pages in their order; 0 stands for those left out between."""
    shown = sorted({1, pages, *range(max(1, page - 2), min(pages, page + 2) + 1)})
    numbers: list[int] = []
    for number in shown:
        if numbers and number > numbers[-1] + 1:
            numbers.append(0)
        numbers.append(number)
    return numbers
