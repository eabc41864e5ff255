"""One request, and the way to answer it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from kg.store.operation import Abandonment
from kg.store.pieces import FilePart, Piece
from kg.words.errors import KgError

if TYPE_CHECKING:
    from kg.http.connection import Connection

Headers = Iterable[tuple[str, str]]

_WITHOUT_BODY = (204, 304)
_CHUNKED = b"transfer-encoding: chunked\r\n"


class Exchange:
    """A request that has been read, with its body. Belongs to the event loop; whoever gets it answers it, once.

    target   as it was sent, without scheme and host
    headers  by name in lower case; what was repeated is one value, joined by commas (RFC 9110, section 5.3)
    trouble  why the request cannot be answered with anything else
    status   of the answer, 0 before it has begun
    sent     bytes of the answer's body, as they went out
    """

    __slots__ = (
        "_abandonment", "_chunked", "_connection", "_path", "began", "body", "headers", "keep_alive", "method", "sent",
        "status", "target", "trouble", "version",
    )  # fmt: skip

    def __init__(
        self, connection: Connection, method: str, target: bytes, headers: Mapping[bytes, bytes], version: str
    ) -> None:
        self._connection = connection
        self.method, self.target, self.headers, self.version = method, target, headers, version
        self.body = b""
        self.keep_alive = False
        self.trouble: KgError | None = None
        self.began = 0.0
        self.status = self.sent = 0
        self._abandonment: Abandonment | None = None
        self._path: str | None = None
        self._chunked = False

    @property
    def path(self) -> str:
        """The path, decoded once; what is no UTF-8 in it is replaced."""
        if self._path is None:
            self._path = self.raw_path.decode(errors="replace")
        return self._path

    @property
    def raw_path(self) -> bytes:
        """The path's bytes, decoded once."""
        path = self.target.partition(b"?")[0]
        return unquote_to_bytes(path) if b"%" in path else path

    @property
    def query_string(self) -> bytes:
        """What follows the path, as it was sent."""
        return self.target.partition(b"?")[2]

    @property
    def client(self) -> str:
        """The address on the other side of the connection."""
        return self._connection.client

    @property
    def server(self) -> tuple[str, int]:
        """The address and port on this side."""
        return self._connection.here

    @property
    def abandonment(self) -> Abandonment:
        """Tells when the client has gone."""
        if self._abandonment is None:
            self._abandonment = Abandonment()
            if self._connection.is_gone:
                self._abandonment.happen()
        return self._abandonment

    def header(self, name: bytes) -> str | None:
        """A header's value, by its name in lower case."""
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")

    def respond(self, head: bytes, body: bytes) -> None:
        """Answer with a whole body. The head is one of `head`'s, with the length of the body."""
        self.status = int(head[9:12])
        if self.method == "HEAD" or self.status in _WITHOUT_BODY:
            body = b""
        self.sent = len(body)
        self._connection.write(self._begun(head), body)
        self._connection.done(self)

    def begin(self, head: bytes, *, sized: bool) -> None:
        """Begin an answer whose body follows.

        sized  the head says how long the body is; otherwise its end is told apart from a broken connection by chunks
        """
        self.status = int(head[9:12])
        self._chunked = not sized and self.version != "1.0"
        self.keep_alive = self.keep_alive and (sized or self._chunked)
        self._connection.write(self._begun(head + _CHUNKED if self._chunked else head))

    async def send(self, chunk: Piece) -> None:
        """Send a piece of the body, once the client has taken most of what came before.

        Raise ClientGone if there is no client, TimeoutError if it takes nothing for long.
        """
        connection = self._connection
        connection.expect_client()
        if not chunk:  # an empty chunk would say that the body is whole
            return
        before, behind = (b"%x\r\n" % len(chunk), b"\r\n") if self._chunked else (b"", b"")
        if isinstance(chunk, FilePart):
            connection.write(before)
            await connection.send_file(chunk)
            connection.write(behind)
        else:
            connection.write(before, chunk, behind)
        self.sent += len(chunk)
        if connection.is_paused:
            await connection.taken()

    def end(self) -> None:
        """The body is whole."""
        if self._chunked:
            self._connection.write(b"0\r\n\r\n")
        self._connection.done(self)

    def could_move(self) -> None:
        """Say that another process might answer this as well."""
        self._connection.could_move()

    def break_off(self) -> None:
        """End the connection so that nobody takes what was sent for a whole answer."""
        self._connection.break_off()

    def abandon(self) -> None:
        """The client has gone."""
        if self._abandonment:
            self._abandonment.happen()

    def _begun(self, head: bytes) -> bytes:
        self.keep_alive = self.keep_alive and not self._connection.server.is_stopping
        closes = b"" if self.keep_alive else b"connection: close\r\n"
        stays = b"connection: keep-alive\r\n" if self.keep_alive and self.version == "1.0" else b""
        return b"".join((head, self._connection.server.date, closes, stays, b"\r\n"))


def head(status: int, headers: Headers, length: int | None = None) -> bytes:
    """The beginning of an answer, without what differs from one to the next.

    length  of its body; None where it is not known, or the headers say it
    """
    measure = b"content-length: %d\r\n" % length if length is not None and status not in _WITHOUT_BODY else b""
    return _status_line(status) + lines(headers) + measure


def lines(headers: Headers) -> bytes:
    """Headers as they are sent."""
    return "".join([f"{name}: {value}\r\n" for name, value in headers]).encode("latin-1")


@lru_cache(maxsize=64)
def _status_line(status: int) -> bytes:
    try:
        reason = HTTPStatus(status).phrase
    except ValueError:
        reason = ""
    return f"HTTP/1.1 {status} {reason}\r\n".encode()
