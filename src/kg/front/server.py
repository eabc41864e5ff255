"""The front: takes a request from the HTTP server, gives it to the application unless it knows the answer already."""

from __future__ import annotations

import asyncio
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

from kg.connection import break_off
from kg.front import compression
from kg.front.kept import Headers, Kept, coded, matches, store, varied
from kg.front.metrics import Metrics
from kg.front.requests import Scope, environ
from kg.store.operation import Abandonment
from kg.words.errors import TooLarge, UriTooLong

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_WATCH_AFTER_S = 0.1
_MAX_TARGET_BYTES = 32 * 1024
_VARIED_BY = ("accept", "accept-language", "host", "origin")

access_log = logging.getLogger("kg.access")


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


class Front:
    """An RSGI application around a WSGI one."""

    def __init__(self, application: Wsgi, options: Options, metrics: Metrics) -> None:
        self.application = application
        self.options = options
        self.metrics = metrics
        self.kept = store(options.cache_bytes) if options.cache_bytes else None
        self.executor = ThreadPoolExecutor(options.threads, "request")

    async def __rsgi__(self, scope: Scope, protocol: Any) -> None:
        began = time.perf_counter()
        headers = scope.headers
        key = None
        if self.kept is not None and scope.method == "GET":
            key = (scope.path, scope.query_string, *(headers.get(n) or "" for n in _VARIED_BY))
            kept = self.kept.get(key)
            if kept is not None:
                status, size = self.repeat(kept, headers, protocol)
                self.account(scope, began, status, size, "hit", b"")
                return
        body = b""
        try:
            if len(scope.path) + len(scope.query_string) > _MAX_TARGET_BYTES:
                raise UriTooLong(f"the URL is longer than {_MAX_TARGET_BYTES} bytes. Send the query by POST")
            if scope.method not in ("GET", "HEAD", "OPTIONS"):
                body = await self.read(protocol, headers.get("content-length"))
        except (TooLarge, UriTooLong) as error:
            problem = json.dumps({"title": error.title, "status": error.status, "detail": str(error)}).encode()
            told = [("content-type", "application/problem+json"), ("access-control-allow-origin", "*")]
            protocol.response_bytes(error.status, [*told, ("connection", "close")], problem)
            self.account(scope, began, error.status, len(problem), "none", b"")
            return
        status, size = await self.ask(scope, protocol, body, key)
        self.account(scope, began, status, size, "miss" if key else "none", body)

    def repeat(self, kept: Kept, headers: Any, protocol: Any) -> tuple[int, int]:
        """Give a kept response again, or 304."""
        wanted = headers.get("if-none-match")
        if wanted and kept.etag and matches(wanted, kept.etag):
            protocol.response_empty(304, kept.not_modified())
            return 304, 0
        response_headers, body = kept.variant(_coding(kept, headers))
        protocol.response_bytes(kept.status, response_headers, body)
        return kept.status, len(body)

    async def read(self, protocol: Any, content_length: str | None) -> bytes:
        """The request's body. Raise TooLarge as soon as it is."""
        limit = self.options.max_body_bytes
        too_large = TooLarge(f"the body is larger than {limit >> 20} MiB")
        if content_length and content_length.isdecimal() and int(content_length) > limit:
            raise too_large
        parts, size = [], 0
        async for part in protocol:
            size += len(part)
            if size > limit:
                raise too_large
            parts.append(part)
        return b"".join(parts)

    async def ask(self, scope: Scope, protocol: Any, body: bytes, key: tuple[str, ...] | None) -> tuple[int, int]:
        """Let the application answer; return the status and the bytes sent."""
        loop = asyncio.get_running_loop()
        abandonment = Abandonment()
        request = environ(scope, body)
        request["kg.abandonment"] = abandonment
        request["kg.request_id"] = uuid.uuid4().hex[:12]
        started = _Started()
        working = loop.run_in_executor(self.executor, self.begin, request, started)
        done, _ = await asyncio.wait({working}, timeout=_WATCH_AFTER_S)
        if not done:
            leaving = asyncio.ensure_future(protocol.client_disconnect())
            await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if leaving.done():
                abandonment.happen()
            else:
                leaving.cancel()
        first, rest = await working
        if rest is None:
            return self.send_whole(scope, protocol, started, first, key)
        try:
            return await self.send_stream(scope, protocol, started, first, rest)
        finally:
            close = getattr(rest, "close", None)
            if close:
                await loop.run_in_executor(self.executor, close)

    def begin(self, request: dict[str, Any], started: _Started) -> tuple[bytes, Iterator[bytes] | None]:
        """Run the application until the body is whole, or two chunks of it are there."""
        body = self.application(request, started)
        chunks = iter(body)
        try:
            first = next(chunks, b"")
            second = next(chunks, None)
        except BaseException:
            if close := getattr(body, "close", None):
                close()
            raise
        if second is None:
            if close := getattr(body, "close", None):
                close()
            return first, None
        return first + second, _Rest(chunks, body)

    def send_whole(
        self, scope: Scope, protocol: Any, started: _Started, body: bytes, key: tuple[str, ...] | None
    ) -> tuple[int, int]:
        content_type = started.header("content-type")
        kept = Kept(started.status, started.headers, body, started.header("etag"), content_type)
        if (
            key
            and self.kept is not None
            and started.status == 200
            and "no-store" not in started.header("cache-control")
        ):
            try:
                self.kept[key] = kept
            except ValueError:
                pass  # larger than the whole store
        if started.status == 200 and scope.method in ("GET", "HEAD"):
            return self.repeat(kept, scope.headers, protocol)
        headers, body = kept.variant(_coding(kept, scope.headers))
        protocol.response_bytes(started.status, headers, body)
        return started.status, len(body)

    async def send_stream(
        self, scope: Scope, protocol: Any, started: _Started, first: bytes, rest: Iterator[bytes]
    ) -> tuple[int, int]:
        """Send a body as it comes. If it breaks off, so does the connection."""
        loop = asyncio.get_running_loop()
        coding = compression.choose(scope.headers.get("accept-encoding"), started.header("content-type"))
        compressor = compression.stream(coding) if coding else None
        headers = coded(started.headers, coding) if coding else started.headers
        transport = protocol.response_stream(started.status, headers)
        chunk: bytes | None = first
        size = 0
        try:
            while chunk is not None:
                sent = compressor.compress(chunk) if compressor else chunk
                size += len(sent)
                await transport.send_bytes(sent)
                chunk = await loop.run_in_executor(self.executor, next, rest, None)
            if compressor:
                await transport.send_bytes(compressor.finish())
        except Exception as error:
            if type(error).__name__ != "RSGIProtocolClosed":
                access_log.warning("an answer to %s broke off after %d bytes: %s", scope.client, size, error)
                self.metrics.broken_off()
            break_off(scope.client)
        return started.status, size

    def account(self, scope: Scope, began: float, status: int, size: int, cache: str, body: bytes) -> None:
        """Count the request, and log it where the operator asks."""
        seconds = time.perf_counter() - began
        self.metrics.request(scope.path, status, seconds, cache)
        if not self.options.log:
            return
        query = scope.query_string.encode() if scope.method == "GET" else body
        line: dict[str, object] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "method": scope.method, "path": scope.path, "status": status, "bytes": size,
            "ms": round(seconds * 1000, 2), "cache": cache,
        }  # fmt: skip
        if scope.path.startswith("/sparql") and query:
            line["query_sha256"] = hashlib.sha256(query).hexdigest()[:16]
            if self.options.log_queries:
                line["query"] = query.decode(errors="replace")
        print(json.dumps(line), file=sys.stderr, flush=True)


def _coding(kept: Kept, headers: Any) -> str | None:
    """The coding to send a response in: none for one too small to gain by it."""
    if len(kept.body) < compression.MIN_BYTES:
        return None
    return compression.choose(headers.get("accept-encoding"), kept.content_type)


class _Rest:
    """The chunks of a WSGI body that are still to come; closing it closes the body."""

    def __init__(self, chunks: Iterator[bytes], body: Iterable[bytes]) -> None:
        self.chunks, self.body = chunks, body

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self.chunks)

    def close(self) -> None:
        if close := getattr(self.body, "close", None):
            close()
