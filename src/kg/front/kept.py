"""Whole responses to GET, repeated without asking the application, as long as the release is the same."""

from __future__ import annotations

from cachetools import LRUCache

from kg.front import compression
from kg.front.wsgi import Head

Key = tuple[bytes | None, ...]
"""What a response depends on: the target of a request and headers of it."""


class Kept:
    """A response that can be given again, compressed once in each coding that was asked for.

    sized  the body is as long as the head is to say; that to HEAD is not
    """

    def __init__(self, head: Head, body: bytes, *, sized: bool = True) -> None:
        self.head, self.body, self.sized = head, body, sized
        self._variants: dict[str | None, tuple[bytes, bytes]] = {}

    @property
    def etag(self) -> str:
        """Its entity tag; empty if it has none."""
        return self.head.header("etag")

    def variant(self, coding: str | None) -> tuple[bytes, bytes]:
        """Head and body in a coding."""
        found = self._variants.get(coding)
        if found is None:
            head, body = self.head, self.body
            if coding:
                head, body = head.coded(coding), compression.whole(coding, body)
            found = head.without("content-length").bytes(len(body)) if self.sized else head.bytes(), body
            self._variants[coding] = found
        return found

    def not_modified(self) -> bytes:
        """The head of a 304: without what speaks of a body."""
        head = self.head.without("content-length", "content-type")
        return Head(304, head.headers, head.fixed).bytes()


def matches(if_none_match: str, etag: str) -> bool:
    """Weak comparison of an If-None-Match header with an ETag (RFC 9110, section 8.8.3.2); no ETag matches none."""
    if not etag:
        return False
    plain = etag.removeprefix("W/")
    return if_none_match.strip() == "*" or plain in {t.strip().removeprefix("W/") for t in if_none_match.split(",")}


class Responses:
    """A bounded store of responses; the least recently used go first."""

    def __init__(self, max_bytes: int) -> None:
        self._kept: LRUCache[Key, tuple[Kept, int]] = LRUCache(max_bytes, getsizeof=lambda entry: entry[1])
        self.max_bytes = max_bytes

    def get(self, key: Key) -> Kept | None:
        """What is kept under a key."""
        entry = self._kept.get(key)
        return entry and entry[0]

    def keep(self, key: Key, kept: Kept) -> None:
        """Keep a response, unless it is larger than all that may be kept."""
        size = 2 * len(kept.body) + sum(len(part) for part in key if part) + 2000
        if size <= self.max_bytes:
            self._kept[key] = kept, size
