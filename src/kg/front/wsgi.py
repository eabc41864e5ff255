"""What a WSGI application says: its head, and the pieces of its body. Source: PEP 3333."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from kg.front import compression
from kg.front.kept import Headers, varied

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Head:
    """What is said before the first byte of the body. WSGI's `start_response`."""

    status = 500
    headers: Headers = []  # noqa: RUF012  of a head that has not been said

    def __call__(self, status: str, headers: Headers, exc_info: Any = None) -> None:
        self.say(int(status.partition(" ")[0]), [(name.lower(), value) for name, value in headers])

    def say(self, status: int, headers: Headers) -> Head:
        self.status, self.headers = status, headers
        if compression.is_compressible(self.header("content-type")):
            self.headers = varied(headers)
        return self

    def header(self, name: str) -> str:
        return next((v for n, v in self.headers if n == name), "")


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
