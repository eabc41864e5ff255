"""What a WSGI application says: its head, and the pieces of its body. Source: PEP 3333."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from kg.front import compression
from kg.http import head

Headers = list[tuple[str, str]]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass
class Head:
    """What is said before the first byte of the body. WSGI's `start_response`.

    headers  with names in lower case
    fixed    more of them, as they are sent; their names are not among the others, and no coding changes them
    """

    status: int = 500
    headers: Headers = field(default_factory=list)
    fixed: bytes = b""

    def __call__(self, status: str, headers: Headers, exc_info: Any = None) -> None:
        self.status, self.headers = int(status.partition(" ")[0]), [(name.lower(), value) for name, value in headers]
        if compression.is_compressible(self.header("content-type")):
            self.headers = varied(self.headers)

    def header(self, name: str) -> str:
        """The value of a header that is not fixed; empty if it is missing."""
        return next((v for n, v in self.headers if n == name), "")

    def bytes(self, length: int | None = None) -> bytes:
        """As it is sent; with the length of the body, if that is known."""
        return head(self.status, self.headers, length) + self.fixed

    def coded(self, coding: str) -> Head:
        """The head of the same response in a content coding; its ETag becomes weak, as the bytes differ."""
        kept = [(n, v) for n, v in self.headers if n not in ("content-length", "etag")]
        if etag := self.header("etag"):
            kept.append(("etag", etag if etag.startswith("W/") else f"W/{etag}"))
        return Head(self.status, [*kept, ("content-encoding", coding)], self.fixed)

    def without(self, *names: str) -> Head:
        """The head without some of its headers."""
        return Head(self.status, [(n, v) for n, v in self.headers if n not in names], self.fixed)


def varied(headers: Headers) -> Headers:
    """The headers, saying that the response depends on Accept-Encoding too."""
    vary = next((v for n, v in headers if n == "vary"), "")
    others = [(n, v) for n, v in headers if n != "vary"]
    return [*others, ("vary", f"{vary}, Accept-Encoding" if vary else "Accept-Encoding")]


class Rest:
    """The chunks of a WSGI body; closing it closes the body."""

    def __init__(self, body: Iterable[bytes]) -> None:
        self.body, self.chunks = body, iter(body)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self.chunks)

    def close(self) -> None:
        if close := getattr(self.body, "close", None):
            close()


def begin(application: Wsgi, request: dict[str, Any], head: Head) -> tuple[bytes, Rest | None]:
    """Run an application until its body is whole, or two chunks of it are there; the rest is None if it is whole."""
    body = Rest(application(request, head))
    try:
        first = next(body, b"")
        second = next(body, None)
    except BaseException:
        body.close()
        raise
    if second is None:
        body.close()
        return first, None
    return first + second, body
