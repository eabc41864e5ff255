"""Requests that differ from the last in their target alone are not parsed again, and understood as if they were."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.http import Exchange, Server, head
from kg.http.connection import Connection

LINES = (
    "GET /a?q=%20 HTTP/1.1", "GET /b HTTP/1.1", "GET / HTTP/1.1", "HEAD /a HTTP/1.1", "POST /a HTTP/1.1",
    "GET /a HTTP/1.0", "GET http://y/a HTTP/1.1", "GET /Ж HTTP/1.1", "GET /a b HTTP/1.1", "GET /a HTTP/1.1 ",
    "get /a HTTP/1.1", "\r\nGET /a HTTP/1.1", "GET /a#b HTTP/1.1", "GET /a HTTP/1.1\r\nX: y", "",
)  # fmt: skip
RESTS = (
    "\r\nHost: x\r\n\r\n",
    "\r\nHost: x\r\nX: Ж\r\n\r\n",
    "\r\nHost: x\r\nConnection: keep-alive\r\n\r\n",
    "\r\nHost: x\r\nConnection: close\r\n\r\n",
    "\r\nHost: x\r\nContent-Length: 2\r\n\r\nok",
    "\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
    "\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "\r\nHost: x\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n",
    "\r\nHost: x\r\n\r\nGET /c HTTP/1.1\r\nHost: x\r\n\r\n",
    "\r\nHost: x\r\n\r\n\r\n",
    "\r\nHost: x\n\nGET /d HTTP/1.1\r\n\r\n",
    "\r\nHost: y\r\nX: " + "x" * 3000 + "\r\n\r\n",
    "\r\nHost: x\r\n\r\n\r", "\r\nHost: x\r\n\r\nGE", "\r\nHost:", " x\r\n\r\n", "\r\n\r\n", "\n\n", "",
)  # fmt: skip


class Parsing(Connection):
    """Parses all."""

    def take_repeated(self, data: bytes) -> bool:
        return False


class Transport(asyncio.Transport):
    """Remembers what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[bytes] = []

    def write(self, data: Any) -> None:
        self.said.append(bytes(data))

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """There are none."""

    def get_write_buffer_size(self) -> int:
        return 0

    def write_eof(self) -> None:
        self.said.append(b"end")

    def close(self) -> None:
        self.said.append(b"close")


def echo(exchange: Exchange) -> None:
    said = (exchange.method, exchange.target, sorted(exchange.headers.items()), exchange.body, exchange.version)
    body = f"{said} {exchange.keep_alive} {exchange.trouble!r}".encode()
    exchange.respond(head(400 if exchange.trouble else 200, [], len(body)), body)


def said(connect: type[Connection], pieces: list[str]) -> tuple[list[bytes], int]:
    """What a server says to a client that sends these; and how many bytes of bodies it thinks that it holds."""
    server = Server(echo)
    server.loop = SimpleNamespace(time=lambda: 0.0)  # type: ignore[assignment]
    server.most_connections = 1
    connection, transport = connect(server), Transport()
    connection.connection_made(transport)
    for piece in pieces:
        connection.data_received(piece.encode())
    return transport.said, server.held_bytes


@given(st.data(), st.lists(st.sampled_from(RESTS), min_size=1, max_size=2))
@settings(max_examples=1000, deadline=None)
def test_what_repeats_is_understood_as_if_it_were_parsed(data: st.DataObject, rests: list[str]) -> None:
    parts = st.tuples(st.sampled_from(LINES), st.sampled_from(rests))
    pieces = ["".join(part) for part in data.draw(st.lists(parts, min_size=2, max_size=5))]
    assert said(Connection, pieces) == said(Parsing, pieces)


def test_what_repeats_is_not_parsed() -> None:
    connection = Connection(Server(echo))
    connection.server.loop = SimpleNamespace(time=lambda: 0.0)  # type: ignore[assignment]
    connection.server.most_connections = 1
    connection.connection_made(Transport())
    rest = "\r\nHost: x\r\nAccept: text/csv\r\nConnection: keep-alive\r\n\r\n"
    connection.data_received(f"GET /a HTTP/1.1{rest}".encode())
    del connection.parser
    connection.data_received(f"GET /b?c=%20 HTTP/1.1{rest}".encode())
    transport = connection.transport
    assert isinstance(transport, Transport)
    assert b"b'/b?c=%20'" in transport.said[-1]
