"""What `search.html` shows: its context, with nothing left for the template to decide or look up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from kg.pages.values import Reader, Value
from kg.search.asked import PAGE_SIZE, Asked
from kg.store.text.index import Found, Hit
from kg.store.text.snippets import Snippet
from kg.store.text.texts import Field

_FACETS: Final = 10


@dataclass(frozen=True)
class Row:
    """A thing that was found.

    thing    by its name in the reader's language
    title    the same with the words marked, where that name is what answers; None where it is not
    snippet  what answers, where it is something else
    kinds    classes of the thing
    """

    thing: Value
    field: Field
    title: Snippet | None
    snippet: Snippet | None
    kinds: tuple[Value, ...]


@dataclass(frozen=True)
class Facet:
    """A class of things that were found. The link narrows the search to it, or widens it again if it is chosen."""

    name: Value
    href: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class SearchPage:
    """Context `page` of `search.html`.

    asked     what was typed
    rows      on this page; first, last: their numbers among `total`
    last_page number of the last page; `page` of this one
    cut       there are more than can be paged through
    facets    the commonest; more: the others
    all_href  the search in all classes
    meant     what was probably meant, with its link; None if nothing else was
    """

    asked: str
    classes: tuple[str, ...]
    rows: tuple[Row, ...]
    total: int
    first: int
    last: int
    page: int
    last_page: int
    cut: bool
    facets: tuple[Facet, ...]
    more: tuple[Facet, ...]
    all_href: str
    previous: str
    next: str
    meant: Value | None


def show(asked: Asked, found: Found, reader: Reader) -> SearchPage:
    """The page of a search."""
    facets = [facet(asked, class_, count, reader) for class_, count in found.facets.items()]
    facets.sort(key=lambda f: not f.chosen)
    last_page, first = pages(found), (asked.page - 1) * PAGE_SIZE
    return SearchPage(
        asked=asked.text,
        classes=asked.classes,
        rows=tuple(row(hit, reader) for hit in found.hits),
        total=found.total,
        first=first + 1,
        last=first + len(found.hits),
        page=asked.page,
        last_page=last_page,
        cut=found.total > found.listed,
        facets=tuple(facets[:_FACETS]),
        more=tuple(facets[_FACETS:]),
        all_href=replace(asked, classes=(), page=1).path(reader.address),
        previous=replace(asked, page=asked.page - 1).path(reader.address) if asked.page > 1 else "",
        next=replace(asked, page=asked.page + 1).path(reader.address) if asked.page < last_page else "",
        meant=Value(found.meant, replace(asked, text=found.meant, page=1).path(reader.address))
        if found.meant
        else None,
    )


def pages(found: Found) -> int:
    """How many pages an answer has, 1 if it is empty."""
    return max(1, -(-found.listed // PAGE_SIZE))


def facet(asked: Asked, class_: str, count: int, reader: Reader) -> Facet:
    """A class among those that were found."""
    chosen = class_ in asked.classes
    classes = tuple(c for c in asked.classes if c != class_) if chosen else (*asked.classes, class_)
    href = replace(asked, classes=classes, page=1).path(reader.address)
    return Facet(reader.thing(class_), href, count, chosen)


def row(hit: Hit, reader: Reader) -> Row:
    """A hit as it is listed."""
    thing = reader.thing(hit.iri)
    is_title = hit.snippet.text == thing.text
    kinds = tuple(reader.thing(class_) for class_ in hit.classes)
    snippet = None if is_title else hit.snippet
    return Row(thing, hit.field, hit.snippet if is_title else None, snippet, kinds)
