"""One TCP connection: bytes to requests, answers to bytes."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from collections import deque
from enum import Enum
from typing import TYPE_CHECKING, NoReturn, cast
from urllib.parse import quote_from_bytes

import httptools

from kg.http.exchange import Exchange
from kg.store.operation import Piece
from kg.words.errors import BadInput, Busy, ClientGone, HeadersTooLarge, KgError, RequestTooSlow, TooLarge

if TYPE_CHECKING:
    from kg.http.server import HttpLimits, Server

_ASCII = bytes(range(128)).decode()
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_MOST_WAITING = 64
_HIGH_WATER_BYTES = 1 << 20
_TAKES_WITHIN_S = 60.0
_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER: on, no seconds. Closing then resets the connection."""


class _Reads(Enum):
    """Where this connection is: between requests, in the head or the body of one, or past the last."""

    NOTHING, HEAD, BODY, NO_MORE = range(4)


class _Stop(Exception):
    """Nothing more is to be parsed."""


class Connection(asyncio.Protocol):
    """Reads requests and has them answered in their order.

    deadline  when the client must have sent what is expected of it, in the loop's time
    """

    transport: asyncio.Transport

    def __init__(self, server: Server) -> None:
        self.server = server
        self.parser = httptools.HttpRequestParser(self)
        self.reads = _Reads.NOTHING
        self.target = b""
        self.headers: dict[bytes, bytes] = {}
        self.head_bytes = self.body_bytes = 0
        self.parts: list[bytes] = []
        self.reading: Exchange | None = None
        self.answering: Exchange | None = None
        self.waiting: deque[Exchange] = deque()
        self.trouble: KgError | None = None
        self.is_gone = self.is_paused = self.is_handing = self.is_deaf = False
        self.room: asyncio.Future[None] | None = None
        self.deadline = 0.0

    @property
    def client(self) -> str:
        peer = self.transport.get_extra_info("peername")
        return str(peer[0]) if peer else ""

    @property
    def here(self) -> tuple[str, int]:
        name = self.transport.get_extra_info("sockname")
        return str(name[0]), int(name[1])

    # What the event loop tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.transport.set_write_buffer_limits(_HIGH_WATER_BYTES)
        self.deadline = self.server.loop.time() + self.server.limits.head_within_s
        if not self.server.admit(self):
            self.transport.abort()

    def data_received(self, data: bytes) -> None:
        if self.is_over():
            return
        self.head_bytes += len(data)
        if self.reads is _Reads.NOTHING and not data.isascii():
            data = _escaped(data)
        try:
            self.parser.feed_data(data)
            if self.reads is _Reads.HEAD and self.head_bytes > self.server.limits.head_bytes:
                self.stop(HeadersTooLarge("the head is too large. Send the query by POST, and fewer headers"))
        except httptools.HttpParserUpgrade:  # answered as if it had not been asked for
            self.reads = _Reads.NO_MORE
        except (httptools.HttpParserError, _Stop) as error:
            if not self.is_over():
                self.refuse(self.trouble or BadInput(f"this is no HTTP request: {error}"))
        if len(self.waiting) > _MOST_WAITING:
            self.is_deaf = True
            self.transport.pause_reading()

    def connection_lost(self, error: Exception | None) -> None:
        self.is_gone, self.reads = True, _Reads.NO_MORE
        self.server.forget(self)
        self.server.held_bytes -= self.body_bytes + sum(len(e.body) for e in self.waiting)
        self.waiting.clear()
        self.wake()
        if self.answering:
            self.answering.abandon()

    def pause_writing(self) -> None:
        self.is_paused = True

    def resume_writing(self) -> None:
        self.is_paused = False
        self.wake()

    # What the parser tells

    def on_message_begin(self) -> None:
        self.reads = _Reads.HEAD
        self.target, self.headers = b"", {}
        self.deadline = self.server.loop.time() + self.server.limits.head_within_s

    def on_url(self, url: bytes) -> None:
        self.target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        if self.reads is _Reads.HEAD:  # else it is a trailer
            name = name.lower()
            known = self.headers.get(name)
            self.headers[name] = value if known is None else known + b"," + value

    def on_headers_complete(self) -> None:
        exchange = self.reading = self.exchange(self.parser.get_http_version())
        exchange.keep_alive = self.parser.should_keep_alive()
        limits, length = self.server.limits, self.headers.get(b"content-length")
        if length is None and b"transfer-encoding" not in self.headers:
            return
        self.reads = _Reads.BODY
        self.deadline = self.server.loop.time() + limits.body_within_s
        if length is not None and int(length) > limits.body_bytes:
            self.stop(_too_large(limits))
        if self.headers.get(b"expect", b"").lower() == b"100-continue" and self.answering is None:
            self.write(_CONTINUE)

    def on_body(self, body: bytes) -> None:
        limits = self.server.limits
        self.head_bytes = 0
        self.parts.append(body)
        self.body_bytes += len(body)
        self.server.held_bytes += len(body)
        if self.body_bytes > limits.body_bytes:
            self.stop(_too_large(limits))
        if self.server.held_bytes > limits.all_bodies_bytes:
            self.stop(Busy("too many requests with large bodies at once. Try again in a moment"))

    def on_message_complete(self) -> None:
        assert self.reading is not None
        exchange, self.reading = self.reading, None
        if self.parts:
            exchange.body = b"".join(self.parts)
            self.parts, self.body_bytes = [], 0
        self.reads, self.head_bytes = _Reads.NOTHING if exchange.keep_alive else _Reads.NO_MORE, 0
        self.waiting.append(exchange)
        self.next()

    # Requests

    def is_over(self) -> bool:
        """Whether nothing more is to be read."""
        return self.reads is _Reads.NO_MORE

    def exchange(self, version: str) -> Exchange:
        return Exchange(self, self.parser.get_method().decode(), _origin_form(self.target), self.headers, version)

    def next(self) -> None:
        """Have the next request answered, and the one after it, if that is done at once."""
        if self.is_handing:
            return
        self.is_handing = True
        while self.waiting and self.answering is None and not self.is_gone:
            exchange = self.answering = self.waiting.popleft()
            exchange.began = time.perf_counter()
            self.server.handle(exchange)
        self.is_handing = False

    def done(self, exchange: Exchange) -> None:
        """An answer has ended."""
        self.server.held_bytes -= len(exchange.body)
        self.answering = None
        if self.is_gone:
            return
        limits, now = self.server.limits, self.server.loop.time()
        if exchange.trouble:  # closed now, the connection would be reset before the client has read why
            self.deadline = now + limits.lingers_s
            self.transport.write_eof()
        elif not exchange.keep_alive:
            self.transport.close()
        else:
            self.deadline = now + limits.idle_s
            if self.is_deaf:
                self.is_deaf = False
                self.transport.resume_reading()
            self.next()

    def stop(self, trouble: KgError) -> NoReturn:
        """Read no further; called by the parser, which lets go of what is raised as an error of its own."""
        self.trouble = trouble
        raise _Stop

    def refuse(self, trouble: KgError) -> None:
        """Answer a request that cannot be read on. What still comes is read and forgotten."""
        exchange = self.reading or self.exchange("1.1")
        exchange.trouble, exchange.keep_alive = trouble, False
        self.reading, self.reads, self.parts = None, _Reads.NO_MORE, []
        self.server.held_bytes -= self.body_bytes
        self.body_bytes = 0
        self.waiting.append(exchange)
        self.next()

    def be_late(self) -> None:
        """The deadline has passed."""
        limits = self.server.limits
        if self.reads is _Reads.BODY:
            self.refuse(RequestTooSlow(f"the body was not here within {limits.body_within_s:g} s. Send it at once"))
        elif self.reads is _Reads.HEAD:
            self.refuse(RequestTooSlow(f"the head was not here within {limits.head_within_s:g} s. Send it at once"))
        elif self.answering is None:
            self.transport.abort()
        else:
            self.deadline = float("inf")

    # Answers

    def write(self, *parts: Piece) -> None:
        """Send what is not empty of this."""
        if self.is_gone:
            return
        if sum(map(len, parts)) < 1 << 16:
            self.transport.write(b"".join(parts))
        else:
            self.transport.writelines([part for part in parts if part])

    async def taken(self) -> None:
        """Wait until the client has taken most of what was sent.

        Raise ClientGone if it leaves, TimeoutError if it takes nothing for a minute.
        """
        while self.is_paused and not self.is_gone:
            left = self.transport.get_write_buffer_size()
            self.room = self.server.loop.create_future()
            await asyncio.wait((self.room,), timeout=_TAKES_WITHIN_S)
            if not self.room.done() and self.transport.get_write_buffer_size() >= left:
                raise TimeoutError(f"the client took nothing for {_TAKES_WITHIN_S:g} s")
        if self.is_gone:
            raise ClientGone("the client has gone")

    def wake(self) -> None:
        if self.room and not self.room.done():
            self.room.set_result(None)

    def break_off(self) -> None:
        """End the connection with a reset, which also tells a client that waits for the end of the connection."""
        if self.answering:
            self.server.held_bytes -= len(self.answering.body)
            self.answering = None
        if not self.is_gone:
            self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self.transport.abort()


def _too_large(limits: HttpLimits) -> TooLarge:
    return TooLarge(f"the body is larger than {limits.body_bytes >> 20} MiB")


def _escaped(data: bytes) -> bytes:
    """A request whose first line has the bytes escaped that the parser takes none of, and some clients send in URLs."""
    line, end, rest = data.partition(b"\r\n")
    return quote_from_bytes(line, _ASCII).encode() + end + rest


def _origin_form(target: bytes) -> bytes:
    """A request's target from its path on (RFC 9112, section 3.2)."""
    if target.startswith(b"/"):
        return target
    _, found, rest = target.partition(b"://")
    return b"/" + rest.partition(b"/")[2] if found else b"/" + target
