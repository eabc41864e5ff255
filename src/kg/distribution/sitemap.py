"""Sitemaps. Source: Sitemaps XML format, protocol 0.9: at most 50,000 addresses a file.

Languages are not told here: each page links to itself in the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

MOST = 50_000
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def index(here: str, count: int, modified: str) -> str:
    """The sitemaps of so many documents.

    here      where clients reach this site, without the last slash
    modified  date of the release; empty where it is not known
    """
    numbers = range(1, parts(count) + 1)
    return _list("sitemapindex", "sitemap", (f"{here}/sitemap-{n}.xml" for n in numbers), modified)


def parts(count: int) -> int:
    """How many sitemaps so many documents need."""
    return max(1, -(-count // MOST))


def part(here: str, paths: list[str], number: int, modified: str) -> str:
    """One of them, counted from 1."""
    chosen = paths[(number - 1) * MOST : number * MOST]
    return _list("urlset", "url", (f"{here}/{path}" for path in chosen), modified)


def _list(list_: str, entry: str, addresses: Iterable[str], modified: str) -> str:
    date = f"<lastmod>{escape(modified)}</lastmod>" if modified else ""
    entries = (f"<{entry}><loc>{escape(a)}</loc>{date}</{entry}>\n" for a in addresses)
    return f"{_HEAD}<{list_} {_NAMESPACE}>\n{''.join(entries)}</{list_}>\n"
