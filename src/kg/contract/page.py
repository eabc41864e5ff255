"""What a page says to somebody without JavaScript, and to a machine that reads its head."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from kg.contract.client import Exchange

_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
_LISTS = frozenset(("ul", "ol", "dl", "tbody"))
_MAX_DEPTH = 500
_SILENT = frozenset(("script", "style", "template", "title"))


@dataclass(frozen=True)
class HeadLink:
    """A `link` element. `target` is absolute."""

    relations: frozenset[str]
    target: str
    type: str
    hreflang: str


@dataclass
class Page:
    """A page.

    language  of `<html lang>`, in lower case
    texts     (text, language in effect) of the body in order, white space collapsed
    lists     the texts of each list in order, without those of lists inside it
    anchors   absolute targets of `a href` in order
    data      what JSON-LD scripts hold; None for one that is no JSON
    """

    language: str = ""
    texts: list[tuple[str, str]] = field(default_factory=list)
    lists: list[list[str]] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)
    links: list[HeadLink] = field(default_factory=list)
    data: list[Any] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All that can be read."""
        return " ".join("".join(f"{text} " for text, _ in self.texts).split())

    def linked(self, relation: str) -> list[HeadLink]:
        """The `link` elements with a relation."""
        return [link for link in self.links if relation in link.relations]


def read(exchange: Exchange) -> Page:
    """The page of a response, as far as it can be read."""
    reader = _Reader(exchange.request.url)
    reader.feed(exchange.response.text)
    reader.close()
    return reader.page


@dataclass(frozen=True)
class _Open:
    """An element that is open: the language in effect, and the number of the list that it is in, or -1."""

    tag: str
    language: str
    list: int


class _Reader(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__(convert_charrefs=True)
        self.page, self.url = Page(), url
        self.open: list[_Open] = []
        self.count: Counter[str] = Counter()
        self.script: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        language = has.get("lang", self.open[-1].language if self.open else "").lower()
        if tag == "html":
            self.page.language = language
        elif tag == "link":
            relations = frozenset(has.get("rel", "").lower().split())
            target = self.absolute(has.get("href", ""))
            self.page.links.append(HeadLink(relations, target, has.get("type", "").lower(), has.get("hreflang", "")))
        elif tag == "a" and "href" in has:
            self.page.anchors.append(self.absolute(has["href"]))
        elif tag == "script" and has.get("type", "").lower() == "application/ld+json":
            self.script = []
        if tag not in _VOID and len(self.open) < _MAX_DEPTH:
            if tag in _LISTS:
                self.page.lists.append([])
            inside = len(self.page.lists) - 1 if tag in _LISTS else self.open[-1].list if self.open else -1
            self.open.append(_Open(tag, language, inside))
            self.count[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self.script is not None:
            self.page.data.append(_json("".join(self.script)))
            self.script = None
        while self.count[tag]:
            closed = self.open.pop().tag
            self.count[closed] -= 1
            if closed == tag:
                break

    def handle_data(self, data: str) -> None:
        if self.script is not None:
            self.script.append(data)
        elif self.open and self.open[-1].tag not in _SILENT and (text := " ".join(data.split())):
            self.page.texts.append((text, self.open[-1].language))
            if self.open[-1].list >= 0:
                self.page.lists[self.open[-1].list].append(text)

    def absolute(self, href: str) -> str:
        try:
            return urljoin(self.url, href.strip())
        except ValueError:
            return href


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
