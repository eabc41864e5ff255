"""One TCP connection: bytes to requests, answers to bytes."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections import deque
from enum import Enum
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import quote_from_bytes

import httptools

from kg.http import repeated
from kg.http.exchange import Exchange
from kg.http.sending import Sending
from kg.words.errors import (
    BadInput,
    Busy,
    HeadersTooLarge,
    KgError,
    NotSupported,
    RequestTooSlow,
    TooLarge,
)

if TYPE_CHECKING:
    from kg.http.server import HttpLimits, Server

_ASCII = bytes(range(128)).decode()
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_MOST_WAITING = 64
_ABSOLUTE = re.compile(rb"[a-z][a-z0-9+.-]*://([^/?#]*)", re.IGNORECASE)

log = logging.getLogger("kg")


class Reads(Enum):
    """Where this connection is: between requests, in the head or the body of one, or past the last."""

    NOTHING, HEAD, BODY, NO_MORE = range(4)


class _Stop(Exception):
    """Nothing more is to be parsed."""


class Connection(Sending):
    """Reads requests and has them answered in their order. A client that ends its side of the connection has left.

    early     bytes that came before this process had the connection
    repeated  what came behind the first line of the last request, if it may come again, and nothing else has come since
    wholes    how many requests ended in what came last
    deadline  when the client must have sent or taken what is expected of it, in the loop's time
    untaken   bytes of answers that it had not taken when it was looked at last
    """

    def __init__(self, server: Server) -> None:
        super().__init__()
        self.server, self.early = server, b""
        self.parser = httptools.HttpRequestParser(self)
        self.reads = Reads.NOTHING
        self.target = b""
        self.headers: dict[bytes, bytes] = {}
        self.repeated = b""
        self.head_bytes = self.untaken = self.wholes = 0
        self.body = bytearray()
        self.reading: Exchange | None = None
        self.answering: Exchange | None = None
        self.waiting: deque[Exchange] = deque()
        self.trouble: KgError | None = None
        self.is_handing = self.is_deaf = False
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
        super().connection_made(transport)
        self.deadline = self.server.loop.time() + self.server.limits.head_within_s
        if not self.server.admit(self):
            self.transport.abort()
        elif self.early:
            self.data_received(self.early)
            self.early = b""

    def data_received(self, data: bytes) -> None:
        if self.is_over():
            return
        if not self.take_repeated(data):
            self.parse(data)
        if len(self.waiting) > _MOST_WAITING:
            self.is_deaf = True
            self.transport.pause_reading()

    def take_repeated(self, data: bytes) -> bool:
        """Take a request that differs from the last in its target alone; return whether this is one."""
        target = repeated.target(data, self.repeated)
        if target is None:
            return False
        exchange = Exchange(self, "GET", target, self.headers, "1.1")
        exchange.keep_alive = True
        self.waiting.append(exchange)
        self.next()
        return True

    def parse(self, data: bytes) -> None:
        """Read on, and have what is whole answered."""
        begins, self.repeated, self.wholes = self.reads is Reads.NOTHING, b"", 0
        self.head_bytes += len(data)
        if begins and not data.isascii():
            data = _escaped(data)
        try:
            self.parser.feed_data(data)
            if begins and self.wholes == 1 and self.reads is Reads.NOTHING:
                self.repeated = repeated.repeatable(data, self.headers)
            # In a body, these are bytes since the last of it: of what chunks say about themselves, and of trailers.
            if self.reads in (Reads.HEAD, Reads.BODY) and self.head_bytes > self.server.limits.head_bytes:
                self.stop(HeadersTooLarge("the head is too large. Send the query by POST, and fewer headers"))
        except httptools.HttpParserUpgrade:  # answered as if it had not been asked for
            self.reads = Reads.NO_MORE
        except (httptools.HttpParserError, _Stop) as error:
            if not self.is_over():
                self.refuse(self.trouble or BadInput(f"this is no HTTP request: {error}"))

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self.reads = Reads.NO_MORE
        self.server.forget(self)
        self.server.held_bytes -= len(self.body) + sum(len(e.body) for e in self.waiting)
        self.waiting.clear()
        self.body, self.reading = bytearray(), None
        del self.parser  # which knows this connection: neither waits for the garbage collector
        if self.answering:
            self.answering.abandon()

    def resume_writing(self) -> None:
        super().resume_writing()
        self.next()

    # What the parser tells

    def on_message_begin(self) -> None:
        self.reads = Reads.HEAD
        self.target, self.headers = b"", {}
        self.deadline = self.server.loop.time() + self.server.limits.head_within_s

    def on_url(self, url: bytes) -> None:
        self.target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        if self.reads is Reads.HEAD:  # else it is a trailer
            name = name.lower()
            known = self.headers.get(name)
            self.headers[name] = value if known is None else known + b"," + value

    def on_headers_complete(self) -> None:
        exchange = self.reading = self.exchange(self.parser.get_http_version())
        limits, length, coding = self.server.limits, *map(self.headers.get, (b"content-length", b"transfer-encoding"))
        # The parser stops where another protocol is wished for; with HTTP/1.0, chunks may be a misunderstanding.
        is_clear = not self.parser.should_upgrade() and (coding is None or exchange.version != "1.0")
        exchange.keep_alive = self.parser.should_keep_alive() and is_clear
        if length is None and coding is None:
            return
        self.reads = Reads.BODY
        self.deadline = self.server.loop.time() + limits.body_within_s
        if length is not None and int(length) > limits.body_bytes:
            self.stop(_too_large(limits))
        if coding is not None and coding.lower() != b"chunked":
            self.stop(NotSupported("bodies may have Transfer-Encoding: chunked, and no other. Use Content-Length"))
        if self.headers.get(b"expect", b"").lower() == b"100-continue" and self.answering is None:
            self.write(_CONTINUE)

    def on_body(self, body: bytes) -> None:
        limits = self.server.limits
        self.head_bytes = 0
        self.body += body
        self.server.held_bytes += len(body)
        if len(self.body) > limits.body_bytes:
            self.stop(_too_large(limits))
        if self.server.held_bytes > limits.all_bodies_bytes:
            self.stop(Busy("too many requests with large bodies at once. Try again in a moment"))

    def on_message_complete(self) -> None:
        assert self.reading is not None
        exchange, self.reading = self.reading, None
        if self.body:
            exchange.body, self.body = bytes(self.body), bytearray()
        self.reads, self.head_bytes = Reads.NOTHING if exchange.keep_alive else Reads.NO_MORE, 0
        self.wholes += 1
        self.waiting.append(exchange)
        self.next()

    # Requests

    def is_over(self) -> bool:
        """Whether nothing more is to be read."""
        return self.reads is Reads.NO_MORE

    def exchange(self, version: str) -> Exchange:
        """The request that has this head, with its target from the path on (RFC 9112, section 3.2)."""
        target = self.target
        if absolute := _ABSOLUTE.match(target):
            self.headers[b"host"], target = absolute[1], target[absolute.end() :]
        if not target.startswith(b"/"):
            target = b"/" + target
        return Exchange(self, self.parser.get_method().decode(), target, self.headers, version)

    def next(self) -> None:
        """Have the next request answered, and the one after it, if that is done at once and the client takes it."""
        if self.is_handing:
            return
        self.is_handing = True
        try:
            while self.waiting and self.answering is None and not self.is_gone and not self.is_paused:
                exchange = self.answering = self.waiting.popleft()
                exchange.began = time.perf_counter()
                self.hand(exchange)
        except Exception:
            log.exception("a request failed")
            self.break_off()
        finally:
            self.is_handing = False
        if self.is_deaf and not self.is_gone and len(self.waiting) <= _MOST_WAITING // 2:
            self.is_deaf = False
            self.transport.resume_reading()

    def hand(self, exchange: Exchange) -> None:
        """Have a request answered."""
        self.server.handle(exchange)

    def could_move(self) -> None:
        """The request that is answered now might be answered by another process as well."""

    def done(self, exchange: Exchange) -> None:
        """An answer has ended."""
        self.server.held_bytes -= len(exchange.body)
        self.answering, self.untaken = None, 0
        if self.is_gone:
            return
        limits, now = self.server.limits, self.server.loop.time()
        if exchange.trouble:  # closed now, the connection would be reset before the client has read why
            self.deadline = now + limits.lingers_s
            self.transport.write_eof()
        elif not exchange.keep_alive:
            self.deadline = now + self.takes_within_s
            self.transport.close()
        else:
            self.deadline = now + limits.idle_s
            self.next()

    def stop(self, trouble: KgError) -> NoReturn:
        """Read no further; called by the parser, which lets go of what is raised as an error of its own."""
        self.trouble = trouble
        raise _Stop

    def refuse(self, trouble: KgError) -> None:
        """Answer a request that cannot be read on. What still comes is read and forgotten."""
        exchange = self.reading or self.exchange("1.1")
        exchange.trouble, exchange.keep_alive = trouble, False
        self.server.held_bytes -= len(self.body)
        self.reading, self.reads, self.body = None, Reads.NO_MORE, bytearray()
        self.waiting.append(exchange)
        self.next()

    def be_late(self) -> None:
        """The deadline has passed."""
        limits = self.server.limits
        if self.reads is Reads.BODY:
            self.refuse(RequestTooSlow(f"the body was not here within {limits.body_within_s:g} s. Send it at once"))
        elif self.reads is Reads.HEAD:
            self.refuse(RequestTooSlow(f"the head was not here within {limits.head_within_s:g} s. Send it at once"))
        elif self.answering is not None:
            self.deadline = float("inf")
        elif not (untaken := self.transport.get_write_buffer_size()):
            self.transport.abort()
        elif self.untaken and untaken >= self.untaken:
            self.break_off()
        else:
            self.untaken, self.deadline = untaken, self.server.loop.time() + self.takes_within_s

    def break_off(self) -> None:
        """End the connection with a reset, and with it the request that is answered."""
        if self.answering:
            self.server.held_bytes -= len(self.answering.body)
            self.answering = None
        self.reset()


def _too_large(limits: HttpLimits) -> TooLarge:
    return TooLarge(f"the body is larger than {limits.body_bytes >> 20} MiB")


def _escaped(data: bytes) -> bytes:
    """A request whose first line has the bytes escaped that the parser takes none of, and some clients send in URLs."""
    line, end, rest = data.partition(b"\r\n")
    return quote_from_bytes(line, _ASCII).encode() + end + rest
