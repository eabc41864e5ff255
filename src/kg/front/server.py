"""The front: takes a request from the HTTP server, gives it to the application unless it knows the answer already."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
import re
import sys
import time
import uuid
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from granian._granian import RSGIProtocolClosed

from kg.app import REFUSAL
from kg.connection import Pace, break_off
from kg.front import compression
from kg.front.endpoint import Endpoint
from kg.front.kept import Kept, coded, matches, store
from kg.front.metrics import Metrics
from kg.front.mounted import FORWARDED, without
from kg.front.requests import Scope, environ
from kg.front.wsgi import Head, Wsgi, begin
from kg.sparql.questions import Question
from kg.store.operation import Abandonment
from kg.words.errors import BadInput, BrokenOff, ClientGone, KgError, RequestTooSlow, TooLarge, UriTooLong

_WATCH_AFTER_S = 0.1
_BODY_WITHIN_S = 60
_SMALL_BYTES = 1 << 20
"""Of an answer that is sent at whatever pace."""
_MAX_TARGET_BYTES = 32 * 1024
_ASKING = ("/sparql", "/queries", "/reconcile", "/ready")
"""Paths below which requests may wait for queries, or work for long: in threads of their own, others go on."""
_VARIED_BY = ("accept", "accept-language", "host", "origin")
_HOST = re.compile(r"(?:[\w.-]*|\[[0-9a-f:.]+\])(?::\d*)?", re.ASCII | re.IGNORECASE)
"""What links can be made with. Source: RFC 9110, section 7.2: more than one, or anything else, is answered with 400."""

log = logging.getLogger("kg")


@dataclass(frozen=True)
class Options:
    """How the front behaves.

    threads         requests that the application works on at once, and as many again that wait for queries
    cache_bytes     of kept responses; 0 keeps none, as for a store that changes
    max_body_bytes  of a request
    root_path       prefix of paths, which the application does without
    trusts_proxies  responses depend on what proxies say of the address that a client used
    log             a JSON line a request on standard error
    log_queries     also the text of queries, which may hold what people would not want kept
    """

    threads: int
    cache_bytes: int
    max_body_bytes: int = 16 << 20
    root_path: str = ""
    trusts_proxies: bool = False
    log: bool = False
    log_queries: bool = False


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
    leaving: asyncio.Future[None] | None = None

    def stop_watching(self) -> None:
        """Whether the client leaves is seen from here on when something is sent to it."""
        if self.leaving:
            self.leaving.cancel()

    def header(self, name: str) -> str | None:
        return self.scope.headers.get(name)  # type: ignore[no-any-return]


class Front:
    """An RSGI application around a WSGI one.

    endpoint  answers queries without the application
    begin     called with the event loop, before the first request
    """

    def __init__(
        self,
        application: Wsgi,
        options: Options,
        metrics: Metrics,
        endpoint: Endpoint | None = None,
        begin: Callable[[asyncio.AbstractEventLoop], None] = lambda _: None,
    ) -> None:
        self.application = application
        self.options = options
        self.metrics = metrics
        self.endpoint = endpoint
        self.begin = begin
        self.kept = store(options.cache_bytes) if options.cache_bytes else None
        self.quick, self.asking = (ThreadPoolExecutor(options.threads, name) for name in ("request", "query"))

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.begin(loop)

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
            except (BadInput, RequestTooSlow, TooLarge, UriTooLong) as error:
                _refuse(exchange, error)
        self.account(exchange)

    def key(self, scope: Scope) -> tuple[str, ...] | None:
        """What a response is kept under; None for a request that nothing is kept for."""
        if self.kept is None or scope.method != "GET":
            return None
        names = _VARIED_BY + FORWARDED if self.options.trusts_proxies else _VARIED_BY
        return (scope.path, scope.query_string, *[",".join(scope.headers.get_all(n)) for n in names])

    async def answer(self, exchange: _Exchange) -> None:
        """Answer. Raise BadInput, RequestTooSlow, TooLarge, UriTooLong or BrokenOff while nothing has been sent."""
        scope = exchange.scope
        if not _HOST.fullmatch(",".join(scope.headers.get_all("host"))):
            raise BadInput("the request needs one Host header with one host in it")
        if len(scope.path) + len(scope.query_string) > _MAX_TARGET_BYTES:
            raise UriTooLong(f"the URL is longer than {_MAX_TARGET_BYTES} bytes. Send the query by POST")
        if scope.method not in ("GET", "HEAD", "OPTIONS"):
            exchange.body = await self.read(exchange)
        abandonment = Abandonment()
        watch = asyncio.get_running_loop().call_later(_WATCH_AFTER_S, _watch, exchange, abandonment)
        try:
            question = self.endpoint and self.endpoint.question(scope, exchange.body)
            if self.endpoint and question:
                await self.ask(self.endpoint, question, exchange, abandonment)
            else:
                await self.apply(exchange, abandonment)
        finally:
            watch.cancel()
            exchange.stop_watching()

    async def ask(self, endpoint: Endpoint, question: Question, exchange: _Exchange, abandonment: Abandonment) -> None:
        """Let the endpoint answer; the application tells it if there is no answer."""
        try:
            answer = await endpoint.ask(question, abandonment)
        except KgError as error:
            await self.apply(exchange, abandonment, error)
            return
        chunks = answer.chunks
        try:
            try:
                first = await chunks.next()
                second = await chunks.next()
            except BrokenOff as error:
                await self.apply(exchange, abandonment, error.cause)
                return
            exchange.stop_watching()
            head = Head().say(200, endpoint.headers(question, answer))
            if second:
                await self.send_stream(exchange, head, first + second, chunks.next)
            else:
                self.send_whole(exchange, head, first)
        finally:
            chunks.close()

    async def apply(self, exchange: _Exchange, abandonment: Abandonment, refusal: KgError | None = None) -> None:
        """Let the application answer, in a thread.

        refusal  what it has to tell, if that is known already
        """
        loop = asyncio.get_running_loop()
        request = environ(exchange.scope, exchange.body)
        request["kg.abandonment"] = abandonment
        request["kg.request_id"] = exchange.id
        if refusal:
            request[REFUSAL] = refusal
        head = Head()
        asks = without(self.options.root_path, exchange.scope.path).startswith(_ASKING)
        executor = self.asking if asks else self.quick
        first, rest = await loop.run_in_executor(executor, begin, self.application, request, head)
        exchange.stop_watching()
        if rest is None:
            self.send_whole(exchange, head, first)
            return
        try:
            await self.send_stream(exchange, head, first, lambda: loop.run_in_executor(executor, next, rest, b""))
        finally:
            await loop.run_in_executor(executor, rest.close)

    async def read(self, exchange: _Exchange) -> bytes:
        """The request's body. Raise TooLarge as soon as it is, RequestTooSlow if it does not come."""
        limit = self.options.max_body_bytes
        too_large = TooLarge(f"the body is larger than {limit >> 20} MiB")
        announced = exchange.header("content-length") or ""
        if announced.isdecimal() and int(announced) > limit:
            raise too_large
        parts, size = [], 0
        try:
            async with asyncio.timeout(_BODY_WITHIN_S):
                async for part in exchange.protocol:
                    size += len(part)
                    if size > limit:
                        raise too_large
                    parts.append(part)
        except TimeoutError:
            raise RequestTooSlow(f"the body was not here within {_BODY_WITHIN_S} s. Send it at once") from None
        return b"".join(parts)

    def send_whole(self, exchange: _Exchange, head: Head, body: bytes) -> None:
        asked = sum(map(len, exchange.key or ()))
        kept = Kept(head.status, head.headers, body, head.header("etag"), head.header("content-type"), asked)
        keep = head.status == 200 and "no-store" not in head.header("cache-control")
        if self.kept is not None and exchange.key and keep:
            with contextlib.suppress(ValueError):  # larger than the whole store
                self.kept[exchange.key] = kept
        _give(exchange, kept)

    async def send_stream(
        self, exchange: _Exchange, head: Head, first: bytes, following: Callable[[], Awaitable[bytes]]
    ) -> None:
        """Send a body as it comes. If it breaks off, so does the connection."""
        coding = compression.choose(exchange.header("accept-encoding"), head.header("content-type"))
        compressor = compression.stream(coding) if coding else None
        transport = exchange.protocol.response_stream(
            head.status, coded(head.headers, coding) if coding else head.headers
        )
        exchange.status = head.status
        chunk, pace = first, None
        try:
            while chunk:
                sent = compressor.compress(chunk) if compressor else chunk
                await transport.send_bytes(sent)
                exchange.sent += len(sent)
                if exchange.sent > _SMALL_BYTES:
                    pace = pace or Pace(exchange.scope.client)
                    await pace.keep(len(sent))
                chunk = await following()
            if compressor:
                await transport.send_bytes(compressor.finish())
        except RSGIProtocolClosed:
            exchange.status = ClientGone.status
        except Exception as error:  # noqa: BLE001  whatever it was, the client must not take this for the end
            log.warning("request %s broke off after %d bytes: %r", exchange.id, exchange.sent, error)
            self.metrics.broken_off()
            break_off(exchange.scope.client)
        finally:
            if pace:
                pace.close()

    def account(self, exchange: _Exchange) -> None:
        """Count the request, and log it where the operator asks."""
        scope, seconds = exchange.scope, time.perf_counter() - exchange.began
        path = without(self.options.root_path, scope.path)
        self.metrics.request(path, exchange.status, seconds, exchange.cache)
        if not self.options.log:
            return
        line: dict[str, object] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "id": exchange.id, "method": scope.method, "path": scope.path, "status": exchange.status,
            "bytes": exchange.sent, "ms": round(seconds * 1000, 2), "cache": exchange.cache,
        }  # fmt: skip
        query = scope.query_string.encode() if scope.method == "GET" else exchange.body
        if path.startswith("/sparql") and query:
            line["query_sha256"] = hashlib.sha256(query).hexdigest()[:16]
            if self.options.log_queries:
                line["query"] = query.decode(errors="replace")
        print(json.dumps(line), file=sys.stderr, flush=True)


def _watch(exchange: _Exchange, abandonment: Abandonment) -> None:
    """See whether the client leaves while it waits."""
    leaving = exchange.leaving = asyncio.ensure_future(exchange.protocol.client_disconnect())
    leaving.add_done_callback(lambda gone: None if gone.cancelled() else abandonment.happen())


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
