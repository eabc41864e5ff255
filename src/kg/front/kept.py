"""Whole responses to GET, repeated without asking the application, as long as the release is the same."""

from __future__ import annotations

from dataclasses import dataclass, field

from cachetools import LRUCache

from kg.front import compression
from kg.http import head

Headers = list[tuple[str, str]]


@dataclass
class Kept:
    """A response that can be given again, compressed once in each coding that was asked for.

    sized  the body is as long as the headers are to say; that to HEAD is not
    asked  length of what it is kept under
    """

    status: int
    headers: Headers
    body: bytes
    etag: str
    content_type: str
    sized: bool = True
    asked: int = 0
    variants: dict[str | None, tuple[bytes, bytes]] = field(default_factory=dict)

    def variant(self, coding: str | None) -> tuple[bytes, bytes]:
        """Head and body in a coding."""
        found = self.variants.get(coding)
        if found is None:
            body = compression.whole(coding, self.body) if coding else self.body
            headers = coded(self.headers, coding) if coding else self.headers
            if self.sized:
                found = head(self.status, [(n, v) for n, v in headers if n != "content-length"], len(body)), body
            else:
                found = head(self.status, headers), body
            self.variants[coding] = found
        return found

    def not_modified(self) -> bytes:
        """The head of a 304: without what speaks of a body."""
        return head(304, [(n, v) for n, v in self.headers if n not in ("content-length", "content-type")])


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
    """Weak comparison of an If-None-Match header with an ETag (RFC 9110, section 8.8.3.2); no ETag matches none."""
    if not etag:
        return False
    plain = etag.removeprefix("W/")
    return if_none_match.strip() == "*" or plain in {t.strip().removeprefix("W/") for t in if_none_match.split(",")}


def store(max_bytes: int) -> LRUCache[tuple[bytes | None, ...], Kept]:
    """A bounded store of responses; the least recently used go first."""
    return LRUCache(max_bytes, getsizeof=lambda kept: 2 * len(kept.body) + kept.asked + 2000)
