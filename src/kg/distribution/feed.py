"""The releases as an Atom feed: the present one, and those before it that the dataset's description names.

Source: RFC 4287.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree

from kg.distribution.dumps import Dump
from kg.distribution.stated import Agent, makers, versions_before
from kg.store.lookup import text
from kg.store.release import Release
from kg.words.errors import NotFound
from kg.words.names import DCTERMS

_ATOM = "http://www.w3.org/2005/Atom"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML document has (XML 1.0, section 2.2)."""


def feed(release: Release, title: str, here: str, dumps: Iterable[Dump]) -> bytes:
    """The feed as XML.

    title  of the dataset
    here   where clients reach this site, without the last slash
    Raise NotFound if the description has no date: every entry of a feed has one (section 4.2.15).
    """
    if not release.modified:
        raise NotFound("there is no feed, as the dataset's description gives no dcterms:modified")
    base, store = release.settings.base, release.store
    root = ElementTree.Element("feed", {"xmlns": _ATOM})
    _say(root, "id", base + "dataset")
    _say(root, "title", title)
    _say(root, "updated", _instant(release.modified))
    for agent in makers(store, base + "dataset") or [Agent(title)]:
        _say(ElementTree.SubElement(root, "author"), "name", agent.name)
    _link(root, f"{here}/feed.atom", "self", "application/atom+xml")
    _link(root, f"{here}/dataset", "alternate", "text/html")
    entry = ElementTree.SubElement(root, "entry")
    _say(entry, "id", f"{base}dumps/{release.hash}")
    _say(entry, "title", f"{title}, {release.hash[:12]}")
    _say(entry, "updated", _instant(release.modified))
    _say(entry, "summary", f"{release.triples} triples in {len(release.graphs)} graphs")
    _link(entry, f"{here}/dataset", "alternate", "text/html")
    for dump in dumps:
        if dump.compressed and not dump.graph:
            path = f"{here}/dumps/{release.hash}/{dump.href}"
            _link(entry, path, "enclosure", dump.media_type, length=str(dump.size_bytes))
    for version in versions_before(store, base + "dataset"):
        date = next((d for p in ("issued", "modified", "created") if (d := text(store, version, DCTERMS + p))), "")
        if date:
            entry = ElementTree.SubElement(root, "entry")
            _say(entry, "id", version)
            _say(entry, "title", text(store, version, DCTERMS + "title") or version)
            _say(entry, "updated", _instant(date))
            _link(entry, version, "alternate")
    ElementTree.indent(root, "")
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _instant(date: str) -> str:
    """An ISO 8601 date with a time, as Atom wants it; midnight UTC for a day."""
    return date if "T" in date else f"{date[:10]}T00:00:00Z"


def _say(parent: ElementTree.Element, name: str, content: str) -> None:
    ElementTree.SubElement(parent, name).text = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", content)


def _link(parent: ElementTree.Element, href: str, rel: str, type_: str = "", **others: str) -> None:
    ElementTree.SubElement(parent, "link", {"rel": rel, "href": href, **({"type": type_} if type_ else {}), **others})
