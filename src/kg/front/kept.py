"""Whole responses to GET, repeated without asking the application, as long as the release is the same."""

from __future__ import annotations

from dataclasses import dataclass, field

from cachetools import LRUCache

from kg.front import compression

Headers = list[tuple[str, str]]


@dataclass
class Kept:
    """A response that can be given again, compressed once in each coding that was asked for.

    asked  length of what it is kept under
    """

    status: int
    headers: Headers
    body: bytes
    etag: str
    content_type: str
    asked: int = 0
    coded: dict[str, tuple[Headers, bytes]] = field(default_factory=dict)

    def variant(self, coding: str | None) -> tuple[Headers, bytes]:
        """Headers and body in a coding."""
        if coding is None:
            return self.headers, self.body
        if coding not in self.coded:
            self.coded[coding] = coded(self.headers, coding), compression.whole(coding, self.body)
        return self.coded[coding]

    def not_modified(self) -> Headers:
        """The headers of a 304: without those that speak of a body."""
        return [(n, v) for n, v in self.headers if n not in ("content-length", "content-type")]


def coded(headers: Headers, coding: str) -> Headers:
    """The headers of the same response in a content coding; its ETag becomes weak, as the bytes differ."""
    result = [(n, v) for n, v in headers if n not in ("content-length", "etag")]
    etag = next((v for n, v in headers if n == "etag"), "")
    if etag:
        result.append(("etag", etag if etag.startswith("W/") else f"W/{etag}"))
    return [*result, ("content-encoding", coding)]


def varied(headers: Headers) -> Headers:
    """The headers, saying that the response depends on Accept-Encoding too."""
    vary = next((v for n, v in headers if n == "vary"), "")
    others = [(n, v) for n, v in headers if n != "vary"]
    return [*others, ("vary", f"{vary}, Accept-Encoding" if vary else "Accept-Encoding")]


def matches(if_none_match: str, etag: str) -> bool:
    """Weak comparison of an If-None-Match header with an ETag (RFC 9110, section 8.8.3.2)."""
    plain = etag.removeprefix("W/")
    return if_none_match.strip() == "*" or plain in {t.strip().removeprefix("W/") for t in if_none_match.split(",")}


def store(max_bytes: int) -> LRUCache[tuple[str, ...], Kept]:
    """A bounded store of responses; the least recently used go first."""
    return LRUCache(max_bytes, getsizeof=lambda kept: 2 * len(kept.body) + kept.asked + 2000)
