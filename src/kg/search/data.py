"""The answers for programs: a search and suggestions in JSON."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kg.pages.phrases import counted
from kg.pages.values import Reader
from kg.search.asked import Asked
from kg.search.pages import pages
from kg.store.text.index import Found, Hit
from kg.words.names import curie


def search(asked: Asked, found: Found, reader: Reader, here: str) -> dict[str, Any]:
    """One page of an answer. `here` is where the client reached this server."""

    def at(page: int) -> str:
        return here + replace(asked, page=page).path(reader.address, json=True)

    return {
        "query": asked.text,
        "meant": found.meant or None,
        "classes": list(asked.classes),
        "total": found.total,
        "page": asked.page,
        "pages": pages(found),
        "previous": at(asked.page - 1) if asked.page > 1 else None,
        "next": at(asked.page + 1) if asked.page < pages(found) else None,
        "hits": [_hit(hit, reader, here) for hit in found.hits],
        "facets": [
            {"class": class_, "name": reader.thing(class_).text, "count": count}
            for class_, count in found.facets.items()
        ],
    }


def suggestions(text: str, hits: list[Hit], reader: Reader, here: str) -> list[object]:
    """What was typed, names, what they name, pages. Source: OpenSearch Suggestions 1.1."""
    urls = [_page(hit, reader, here) for hit in hits]
    return [text, [hit.snippet.text for hit in hits], [_about(hit, reader) for hit in hits], urls]


def rich_suggestions(text: str, hits: list[Hit], reader: Reader) -> dict[str, Any]:
    """The same with what a list of them shows; pages by their path. `told` says how many there are."""
    told = counted("{count} suggestion", "{count} suggestions", len(hits), reader.language)
    found = [{**_hit(hit, reader, ""), "about": _about(hit, reader)} for hit in hits]
    return {"query": text, "told": told, "suggestions": found}


def _about(hit: Hit, reader: Reader) -> str:
    """The thing's name, where it was found by another, and its classes."""
    name = reader.thing(hit.iri).text
    kinds = ", ".join(reader.thing(class_).text for class_ in hit.classes)
    return " · ".join(part for part in (name if name != hit.snippet.text else "", kinds) if part)


def _hit(hit: Hit, reader: Reader, here: str) -> dict[str, Any]:
    return {
        "iri": hit.iri,
        "page": _page(hit, reader, here),
        "label": hit.label,
        "language": hit.language or None,
        "field": hit.field,
        "score": hit.score,
        "classes": [curie(class_) for class_ in hit.classes],
        "snippet": {
            "language": hit.snippet.language or None,
            "parts": [{"text": piece, "marked": marked} for piece, marked in hit.snippet.parts],
        },
    }


def _page(hit: Hit, reader: Reader, here: str) -> str:
    link = reader.address.link(hit.iri)
    return hit.iri if link is None else here + link if link.startswith("/") else link
