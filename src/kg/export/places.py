"""Where the pages and the data of the site are in an exported folder."""

from __future__ import annotations

import hashlib
import posixpath
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from kg.pages.phrases import ENGLISH

NO_SERVER = "/needs-server"
"""The page that says what a copy without a server cannot do."""

_DOCUMENTS = ("doc", "vocab", "graph", "ns", "shapes")
_SERVER_ONLY = ("sparql", "search", "suggest", "reconcile", "openapi", "opensearch", "metrics", "health", "ready")
_INDEX = "index"
_NO_NAMES = ("", ".", "..")
_MOST_BYTES = 200
"""Of a file's name, with room for what is put behind it."""


@dataclass(frozen=True)
class Address:
    """A page or a file of the site, as its server knows it.

    path      below the site's root, quoted, with the first slash
    query     what the address asks for, beside the language; empty for most
    language  that the reader chose; empty for English, which is what a copy shows to those who chose none
    """

    path: str
    query: str = ""
    language: str = ""

    def __str__(self) -> str:
        """What to ask the server for."""
        language = [("lang", self.language)] if self.language else []
        query = "&".join(filter(None, (self.query, urlencode(language))))
        return f"{self.path}?{query}" if query else self.path

    @property
    def is_kept(self) -> bool:
        """Whether a copy has it: answers to questions need a server, and combined choices are too many."""
        segments = unquote(self.path[1:]).split("/")
        if self.path != "/" and any(s in _NO_NAMES or "\0" in s or len(s.encode()) > _MOST_BYTES for s in segments):
            return False
        head = segments[0].partition(".")[0]
        if self.path == NO_SERVER:
            return True
        if head in _DOCUMENTS or not self.query:
            return head not in _SERVER_ONLY
        return head == "browse" and "&" not in self.query

    def file(self, *, is_page: bool) -> str:
        """Its file, relative to the folder. Pages in other languages stand in a folder of their own."""
        path, asked = unquote(self.path[1:]), parse_qsl(self.query, keep_blank_values=True)
        syntax = next((value for name, value in asked if name == "format"), "")
        if asked:
            rest = urlencode([(name, value) for name, value in asked if name != "format"])
            path += "~" + hashlib.sha256(rest.encode()).hexdigest()[:12]
        if not is_page:
            return f"{path}.{syntax}" if syntax else path
        return posixpath.join(self.language, (path or _INDEX) + ".html")


@cache
def address(href: str) -> Address:
    """The address that a link on the site leads to, without its fragment."""
    parts = urlsplit(href)
    asked = parse_qsl(parts.query, keep_blank_values=True)
    language = next((value for name, value in asked if name == "lang"), "")
    query = urlencode([(name, value) for name, value in asked if name != "lang"])
    return Address(parts.path or "/", query, "" if language == ENGLISH else language)
