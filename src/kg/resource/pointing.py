"""What points at a thing, as a page shows it: by property and kind, a hundred things a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from kg.pages import collation
from kg.pages.values import Value
from kg.resource import incoming
from kg.resource.incoming import Incoming
from kg.resource.viewer import Viewer
from kg.words.errors import NotFound

PAGE = 100
"""Things on a page."""


@dataclass(frozen=True)
class OfKind:
    """Things of one class among those that point here by one property, in the order of their names.

    kind   None where they have no class, or are too many to be sorted
    count  of the things of this kind by this property, on all pages; 0 where they are too many to tell
    """

    kind: Value | None
    count: int
    things: tuple[Value, ...]


@dataclass(frozen=True)
class Pointing:
    """Things that point here by one property, as many of the `count` as stand on this page.

    href        where they begin
    query_href  a query for all of them
    sorted      whether they are in the order of their names, by kind; in the store's own order otherwise
    """

    name: Value
    count: int
    href: str
    query_href: str
    sorted: bool
    kinds: tuple[OfKind, ...]


@dataclass(frozen=True)
class Pages:
    """One of the pages of what points here.

    all       every property, with what stands of it on this page
    number    of this page, from 1; `last` is the last one's
    count     of all things on all pages
    first_href     of the document itself
    previous_href, next_href  empty at the ends
    """

    all: tuple[Pointing, ...]
    number: int
    last: int
    count: int
    first_href: str
    previous_href: str
    next_href: str

    @property
    def here(self) -> tuple[Pointing, ...]:
        """What stands on this page."""
        return tuple(p for p in self.all if p.kinds)


def pages(iri: str, counts: tuple[Incoming, ...], number: int, path: str, viewer: Viewer) -> Pages:
    """One page of what points at a thing.

    counts  what points at it, counted
    path    of the thing's page, with the parameters it has
    Raise NotFound if there is no such page.
    """
    return _Pages(iri, path, viewer).page(counts, number)


class _Pages:
    def __init__(self, iri: str, path: str, viewer: Viewer) -> None:
        self._iri = iri
        self._path = path
        self._viewer = viewer

    def page(self, counts: tuple[Incoming, ...], number: int) -> Pages:
        whole = sum(c.count for c in counts)
        last = max(1, -(-whole // PAGE))
        if not 1 <= number <= last:
            raise NotFound(f"what points at <{self._iri}> has {last} pages, and {number} is none of them")
        return Pages(
            all=tuple(self._pointing(counts, (number - 1) * PAGE)),
            number=number,
            last=last,
            count=whole,
            first_href=self._path,
            previous_href=self._href(number - 1) if number > 1 else "",
            next_href=self._href(number + 1) if number < last else "",
        )

    def _pointing(self, counts: tuple[Incoming, ...], start: int) -> Iterator[Pointing]:
        """Properties with few things first, so that many things of one do not hide the others."""

        def order(named: tuple[Incoming, Value]) -> tuple[bool, bool, tuple[str, str]]:
            counted, name = named
            return not counted.is_sortable, name.external, collation.key(name.text)

        before = 0
        for counted, name in sorted(((c, self._viewer.thing(c.predicate)) for c in counts), key=order):
            offset = max(0, start - before)
            limit = min(PAGE, start + PAGE - before - offset, counted.count - offset)
            query = f"SELECT ?thing\nWHERE {{ ?thing <{counted.predicate}> <{self._iri}> }}\nORDER BY ?thing"
            yield Pointing(
                name=name,
                count=counted.count,
                href=self._href(before // PAGE + 1),
                query_href=self._viewer.reader.address.query(query),
                sorted=counted.is_sortable,
                kinds=tuple(self._kinds(counted, offset, limit)) if limit > 0 else (),
            )
            before += counted.count

    def _kinds(self, counted: Incoming, offset: int, limit: int) -> Iterator[OfKind]:
        viewer = self._viewer
        if not counted.is_sortable:
            some = incoming.some_subjects(viewer.store, self._iri, counted.predicate, offset, limit)
            yield OfKind(None, 0, tuple(map(viewer.thing, some)))
            return
        things = [
            (next(iter(viewer.kinds(iri)), ""), viewer.thing(iri))
            for iri in incoming.subjects(viewer.store, self._iri, counted.predicate)
        ]
        tally = Counter(kind for kind, _ in things)
        kinds = {kind: viewer.thing(kind) for kind in tally if kind}

        def order(item: tuple[str, Value]) -> tuple[object, ...]:
            kind, thing = item
            name = collation.key(kinds[kind].text) if kind else ("", "")
            return not kind, name, kind, collation.key(thing.text), thing.iri

        for kind, found in groupby(sorted(things, key=order)[offset : offset + limit], key=lambda item: item[0]):
            yield OfKind(kinds.get(kind), tally[kind], tuple(thing for _, thing in found))

    def _href(self, number: int) -> str:
        if number == 1:
            return f"{self._path}#pointing"
        return f"{self._path}{'&' if '?' in self._path else '?'}page={number}#pointing"
