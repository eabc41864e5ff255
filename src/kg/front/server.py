"""The front: takes a request from the HTTP server, gives it to the application unless it knows the answer already."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from granian._granian import RSGIProtocolClosed

from kg.connection import break_off
from kg.front import compression
from kg.front.kept import Headers, Kept, coded, matches, store, varied
from kg.front.metrics import Metrics
from kg.front.requests import Scope, environ
from kg.store.operation import Abandonment
from kg.words.errors import BrokenOff, ClientGone, KgError, TooLarge, UriTooLong

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_WATCH_AFTER_S = 0.1
_MAX_TARGET_BYTES = 32 * 1024
_VARIED_BY = ("accept", "accept-language", "host", "origin")

log = logging.getLogger("kg")


@dataclass(frozen=True)
class Options:
    """How the front behaves.

    threads         requests that the application works on at once
    cache_bytes     of kept responses; 0 keeps none, as for a store that changes
    max_body_bytes  of a request
    log             a JSON line a request on standard error
    log_queries     also the text of queries, which may hold what people would not want kept
    """

    threads: int
    cache_bytes: int
    max_body_bytes: int = 16 << 20
    log: bool = False
    log_queries: bool = False


class _Started:
    """What the application said before the first byte of the body."""

    def __init__(self) -> None:
        self.status = 500
        self.headers: Headers = []

    def __call__(self, status: str, headers: Headers, exc_info: Any = None) -> None:
        self.status = int(status.partition(" ")[0])
        self.headers = [(name.lower(), value) for name, value in headers]
        if compression.is_compressible(self.header("content-type")):
            self.headers = varied(self.headers)

    def header(self, name: str) -> str:
        return next((v for n, v in self.headers if n == name), "")


@dataclass
class _Exchange:
    """One request and what is known of its answer."""

    scope: Scope
    protocol: Any
    key: tuple[str, ...] | None
    began: float
    id: str = ""
    body: bytes = b""
    cache: str = "none"
    status: int = 500
    sent: int = 0

    def header(self, name: str) -> str | None:
        return self.scope.headers.get(name)  # type: ignore[no-any-return]


class Front:
    """An RSGI application around a WSGI one."""

    def __init__(self, application: Wsgi, options: Options, metrics: Metrics) -> None:
        self.application = application
        self.options = options
        self.metrics = metrics
        self.kept = store(options.cache_bytes) if options.cache_bytes else None
        self.executor = ThreadPoolExecutor(options.threads, "request")

    async def __rsgi__(self, scope: Scope, protocol: Any) -> None:
        exchange = _Exchange(scope, protocol, self.key(scope), time.perf_counter())
        kept = self.kept.get(exchange.key) if self.kept is not None and exchange.key else None
        if kept is not None:
            exchange.cache = "hit"
            _give(exchange, kept)
        else:
            exchange.id = uuid.uuid4().hex[:12]
            exchange.cache = "miss" if exchange.key else "none"
            try:
                await self.answer(exchange)
            except BrokenOff as error:  # nothing is sent yet, so what ended it can still be told
                _refuse(exchange, error.cause)
            except (TooLarge, UriTooLong) as error:
                _refuse(exchange, error)
        self.account(exchange)

    def key(self, scope: Scope) -> tuple[str, ...] | None:
        """What a response is kept under; None for a request that nothing is kept for."""
        if self.kept is None or scope.method != "GET":
            return None
        return (scope.path, scope.query_string, *(scope.headers.get(n) or "" for n in _VARIED_BY))

    async def answer(self, exchange: _Exchange) -> None:
        """Let the application answer. Raise TooLarge, UriTooLong or BrokenOff while nothing has been sent."""
        scope, loop = exchange.scope, asyncio.get_running_loop()
        if len(scope.path) + len(scope.query_string) > _MAX_TARGET_BYTES:
            raise UriTooLong(f"the URL is longer than {_MAX_TARGET_BYTES} bytes. Send the query by POST")
        if scope.method not in ("GET", "HEAD", "OPTIONS"):
            exchange.body = await self.read(exchange)
        abandonment = Abandonment()
        request = environ(scope, exchange.body)
        request["kg.abandonment"] = abandonment
        request["kg.request_id"] = exchange.id
        started = _Started()
        working = loop.run_in_executor(self.executor, self.begin, request, started)
        done, _ = await asyncio.wait({working}, timeout=_WATCH_AFTER_S)
        if not done:
            leaving = asyncio.ensure_future(exchange.protocol.client_disconnect())
            await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if leaving.done():
                abandonment.happen()
            else:
                leaving.cancel()
        first, rest = await working
        if rest is None:
            self.send_whole(exchange, started, first)
            return
        try:
            await self.send_stream(exchange, started, first, rest)
        finally:
            await loop.run_in_executor(self.executor, rest.close)

    async def read(self, exchange: _Exchange) -> bytes:
        """The request's body. Raise TooLarge as soon as it is."""
        limit = self.options.max_body_bytes
        too_large = TooLarge(f"the body is larger than {limit >> 20} MiB")
        announced = exchange.header("content-length") or ""
        if announced.isdecimal() and int(announced) > limit:
            raise too_large
        parts, size = [], 0
        async for part in exchange.protocol:
            size += len(part)
            if size > limit:
                raise too_large
            parts.append(part)
        return b"".join(parts)

    def begin(self, request: dict[str, Any], started: _Started) -> tuple[bytes, _Rest | None]:
        """Run the application until its body is whole, or two chunks of it are there."""
        body = _Rest(self.application(request, started))
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

    def send_whole(self, exchange: _Exchange, started: _Started, body: bytes) -> None:
        kept = Kept(started.status, started.headers, body, started.header("etag"), started.header("content-type"))
        keep = started.status == 200 and "no-store" not in started.header("cache-control")
        if self.kept is not None and exchange.key and keep:
            with contextlib.suppress(ValueError):  # larger than the whole store
                self.kept[exchange.key] = kept
        _give(exchange, kept)

    async def send_stream(self, exchange: _Exchange, started: _Started, first: bytes, rest: _Rest) -> None:
        """Send a body as it comes. If it breaks off, so does the connection."""
        loop = asyncio.get_running_loop()
        coding = compression.choose(exchange.header("accept-encoding"), started.header("content-type"))
        compressor = compression.stream(coding) if coding else None
        transport = exchange.protocol.response_stream(
            started.status, coded(started.headers, coding) if coding else started.headers
        )
        exchange.status = started.status
        chunk: bytes | None = first
        try:
            while chunk is not None:
                sent = compressor.compress(chunk) if compressor else chunk
                await transport.send_bytes(sent)
                exchange.sent += len(sent)
                chunk = await loop.run_in_executor(self.executor, next, rest, None)
            if compressor:
                await transport.send_bytes(compressor.finish())
        except RSGIProtocolClosed:
            exchange.status = ClientGone.status
        except Exception as error:  # noqa: BLE001  whatever it was, the client must not take this for the end
            log.warning("request %s broke off after %d bytes: %s", exchange.id, exchange.sent, error)
            self.metrics.broken_off()
            break_off(exchange.scope.client)

    def account(self, exchange: _Exchange) -> None:
        """Count the request, and log it where the operator asks."""
        scope, seconds = exchange.scope, time.perf_counter() - exchange.began
        self.metrics.request(scope.path, exchange.status, seconds, exchange.cache)
        if not self.options.log:
            return
        line: dict[str, object] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "id": exchange.id, "method": scope.method, "path": scope.path, "status": exchange.status,
            "bytes": exchange.sent, "ms": round(seconds * 1000, 2), "cache": exchange.cache,
        }  # fmt: skip
        query = scope.query_string.encode() if scope.method == "GET" else exchange.body
        if scope.path.startswith("/sparql") and query:
            line["query_sha256"] = hashlib.sha256(query).hexdigest()[:16]
            if self.options.log_queries:
                line["query"] = query.decode(errors="replace")
        print(json.dumps(line), file=sys.stderr, flush=True)


class _Rest:
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


def _give(exchange: _Exchange, kept: Kept) -> None:
    """A whole response in a coding that the client takes, or 304 if it has it."""
    tags, is_read = exchange.header("if-none-match"), exchange.scope.method in ("GET", "HEAD")
    if tags and is_read and kept.status == 200 and kept.etag and matches(tags, kept.etag):
        exchange.status = 304
        exchange.protocol.response_empty(304, kept.not_modified())
        return
    coding = None
    if len(kept.body) >= compression.MIN_BYTES:
        coding = compression.choose(exchange.header("accept-encoding"), kept.content_type)
    headers, body = kept.variant(coding)
    exchange.status, exchange.sent = kept.status, len(body)
    exchange.protocol.response_bytes(kept.status, headers, body)


def _refuse(exchange: _Exchange, error: KgError) -> None:
    """A problem document (RFC 9457) where the application has no say, or none any more."""
    problem = {"type": error.slug, "title": error.title, "status": error.status, "detail": str(error)}
    body = json.dumps(problem).encode()
    exchange.status, exchange.sent = error.status, len(body)
    headers = [("content-type", "application/problem+json"), ("access-control-allow-origin", "*")]
    exchange.protocol.response_bytes(error.status, headers, body)
