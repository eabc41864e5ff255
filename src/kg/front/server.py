"""The front: takes a request from the HTTP server, gives it to the application unless it knows the answer already."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import re
import secrets
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kg.app import REFUSAL
from kg.front import compression
from kg.front.endpoint import Endpoint
from kg.front.kept import Kept, Key, Responses, matches
from kg.front.metrics import Metrics
from kg.front.mounted import FORWARDED, without
from kg.front.requests import environ
from kg.front.wsgi import Head, Wsgi, begin
from kg.http import Exchange, head
from kg.store.operation import Operation, Piece
from kg.words.errors import BadInput, BrokenOff, ClientGone, KgError, UriTooLong

_MAX_TARGET_BYTES = 32 * 1024
_ASKING = ("/sparql", "/queries", "/reconcile", "/ready")
"""Paths below which requests may wait for queries, or work for long: in threads of their own, others go on."""
_VARIED_BY = (b"accept", b"accept-language", b"host", b"origin")
_HOST = re.compile(r"(?:[\w.-]*|\[[0-9a-f:.]+\])(?::\d*)?", re.ASCII | re.IGNORECASE)
"""What links can be made with. Source: RFC 9110, section 7.2: more than one, or anything else, is answered with 400."""

log = logging.getLogger("kg")


@dataclass(frozen=True)
class Options:
    """How the front behaves.

    threads         requests that the application works on at once, and as many again that wait for queries
    cache_bytes     of kept responses; 0 keeps none, as for a store that changes
    root_path       prefix of paths, which the application does without
    trusts_proxies  responses depend on what proxies say of the address that a client used
    log             a JSON line a request on standard error
    log_queries     also the text of queries, which may hold what people would not want kept
    """

    threads: int
    cache_bytes: int
    root_path: str = ""
    trusts_proxies: bool = False
    log: bool = False
    log_queries: bool = False


@dataclass
class _Asked:
    """A request whose answer is not known yet, and what it is called.

    key  what the answer may be kept under
    """

    exchange: Exchange
    key: Key | None

    @cached_property
    def id(self) -> str:
        """What the request is called, in the log and towards the client."""
        return secrets.token_hex(6)


class Front:
    """Answers requests: itself where it can, by way of a WSGI application where it cannot.

    endpoint  answers queries without the application
    """

    def __init__(self, application: Wsgi, options: Options, metrics: Metrics, endpoint: Endpoint | None = None) -> None:
        self.application = application
        self.options = options
        self.metrics = metrics
        self.endpoint = endpoint
        self.kept = Responses(options.cache_bytes) if options.cache_bytes else None
        self.varied_by = _VARIED_BY + FORWARDED if options.trusts_proxies else _VARIED_BY
        self.quick, self.asking = (ThreadPoolExecutor(options.threads, name) for name in ("request", "query"))
        self.tasks: set[asyncio.Task[None]] = set()

    def handle(self, exchange: Exchange) -> None:
        """Answer a request, now or later. Called on the event loop."""
        key = None
        if self.kept is not None and exchange.method == "GET" and not exchange.trouble:
            headers = exchange.headers
            key = (exchange.target, *[headers.get(name) for name in self.varied_by])
            kept = self.kept.get(key)
            if kept is not None:
                _give(exchange, kept)
                self.account(_Asked(exchange, key), "hit")
                return
        asked = _Asked(exchange, key)
        if trouble := exchange.trouble or _trouble(exchange):
            _refuse(exchange, trouble)
            self.account(asked, "none")
            return
        operation = self.endpoint.question(exchange) if self.endpoint else None
        if operation and self.endpoint and (answer := self.endpoint.engine.at_once(operation)):
            self.send_whole(asked, self.endpoint.head(operation, answer), answer.body or b"", keep=answer.was_kept)
            self.account(asked, "miss")
        else:
            self.run(self.see_to(asked, operation))

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Let something go on; the loop itself would forget it."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def see_to(self, asked: _Asked, operation: Operation | None) -> None:
        """Answer, whatever comes.

        operation  for the endpoint; None for what the application sees to
        """
        exchange = asked.exchange
        try:
            await (self.ask(self.endpoint, operation, asked) if self.endpoint and operation else self.apply(asked))
        except BrokenOff as error:  # nothing is sent yet, so what ended it can still be told
            _refuse(exchange, error.cause)
        except Exception:
            log.exception("request %s failed", asked.id)
            if exchange.status:
                exchange.break_off()
            else:
                _refuse(exchange, KgError(f"this is our fault. Report it with the request id {asked.id}"))
        self.account(asked, "miss" if asked.key else "none")

    async def ask(self, endpoint: Endpoint, operation: Operation, asked: _Asked) -> None:
        """Let the endpoint answer; the application tells it if there is no answer."""
        try:
            answer = await endpoint.engine.later(operation, asked.exchange.abandonment)
        except ClientGone:
            asked.exchange.break_off()
            return
        except KgError as error:
            await self.apply(asked, error)
            return
        chunks, said = answer.chunks, endpoint.head(operation, answer)
        if answer.body is not None:
            self.send_whole(asked, said, answer.body, keep=False)  # only once somebody asks again
            return
        try:
            try:
                pieces = await chunks.next(), await chunks.next()
            except BrokenOff as error:
                await self.apply(asked, error.cause)
            else:
                await self.send_stream(asked, said, pieces, chunks.next, answer.size)
        finally:
            chunks.close()

    async def apply(self, asked: _Asked, refusal: KgError | None = None) -> None:
        """Let the application answer, in a thread.

        refusal  what it has to tell, if that is known already
        """
        loop = asyncio.get_running_loop()
        request = environ(asked.exchange)
        request["kg.abandonment"] = asked.exchange.abandonment
        request["kg.request_id"] = asked.id
        if refusal:
            request[REFUSAL] = refusal
        said = Head()
        asks = without(self.options.root_path, asked.exchange.path).startswith(_ASKING)
        executor = self.asking if asks else self.quick
        first, rest = await loop.run_in_executor(executor, begin, self.application, request, said)
        if rest is None:
            self.send_whole(asked, said, first, keep="no-store" not in said.header("cache-control"))
            return
        try:
            await self.send_stream(asked, said, (first,), lambda: loop.run_in_executor(executor, next, rest, b""))
        finally:
            await loop.run_in_executor(executor, rest.close)

    def send_whole(self, asked: _Asked, said: Head, body: bytes, *, keep: bool) -> None:
        """Send a whole body.

        keep  to give the same again, where that may be
        """
        kept = Kept(said, body, sized=asked.exchange.method != "HEAD")
        if keep and self.kept is not None and asked.key and said.status == 200:
            self.kept.keep(asked.key, kept)
        _give(asked.exchange, kept)

    async def send_stream(
        self,
        asked: _Asked,
        said: Head,
        pieces: tuple[Piece, ...],
        following: Callable[[], Awaitable[Piece]],
        size: int | None = None,
    ) -> None:
        """Send a body as it comes. If it breaks off, so does the connection.

        pieces  that are here already
        size    of the whole body, where that is known
        """
        exchange = asked.exchange
        coding = _coding(exchange, said)
        compressor = compression.stream(coding) if coding else None
        length = None if coding else size
        exchange.begin((said.coded(coding) if coding else said).bytes(length), sized=length is not None)
        try:
            for piece in pieces:
                await exchange.send(compressor.compress(piece) if compressor else piece)
            while piece := await following():
                await exchange.send(compressor.compress(piece) if compressor else piece)
            if compressor:
                await exchange.send(compressor.finish())
            if length is not None and exchange.sent != length:
                raise ValueError(f"{length} bytes were promised")
        except ClientGone:
            exchange.break_off()
        except Exception as error:  # noqa: BLE001  whatever it was, the client must not take this for the end
            log.warning("request %s broke off after %d bytes: %r", asked.id, exchange.sent, error)
            self.metrics.broken_off()
            exchange.break_off()
        else:
            exchange.end()

    def account(self, asked: _Asked, cache: str) -> None:
        """Count the request, and log it where the operator asks.

        cache  whether the answer was kept: "hit", "miss", or "none" where nothing is
        """
        exchange = asked.exchange
        seconds = time.perf_counter() - exchange.began
        path = without(self.options.root_path, exchange.path)
        self.metrics.request(path, exchange.status, seconds, cache)
        if not self.options.log:
            return
        line: dict[str, object] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "id": asked.id, "method": exchange.method, "path": exchange.path, "status": exchange.status,
            "bytes": exchange.sent, "ms": round(seconds * 1000, 2), "cache": cache,
        }  # fmt: skip
        query = exchange.query_string if exchange.method == "GET" else exchange.body
        if path.startswith("/sparql") and query:
            line["query_sha256"] = hashlib.sha256(query).hexdigest()[:16]
            if self.options.log_queries:
                line["query"] = query.decode(errors="replace")
        with suppress(OSError):  # that nobody reads the log is no reason not to answer
            print(json.dumps(line), file=sys.stderr, flush=True)


def _trouble(exchange: Exchange) -> KgError | None:
    """What is wrong with a request, whatever it asks for."""
    host = exchange.header(b"host")
    if not _HOST.fullmatch(host or "") or (host is None and exchange.version != "1.0"):
        return BadInput("the request needs one Host header with one host in it")
    if len(exchange.target) > _MAX_TARGET_BYTES:
        return UriTooLong(f"the URL is longer than {_MAX_TARGET_BYTES} bytes. Send the query by POST")
    return None


def _give(exchange: Exchange, kept: Kept) -> None:
    """A whole response in a coding that the client takes, or 304 if it has it."""
    tags = exchange.header(b"if-none-match")
    if tags and kept.head.status == 200 and exchange.method in ("GET", "HEAD") and matches(tags, kept.etag):
        exchange.respond(kept.not_modified(), b"")
        return
    coding = _coding(exchange, kept.head) if len(kept.body) >= compression.MIN_BYTES else None
    exchange.respond(*kept.variant(coding))


def _coding(exchange: Exchange, said: Head) -> str | None:
    return compression.choose(exchange.header(b"accept-encoding"), said.header("content-type"))


def _refuse(exchange: Exchange, error: KgError) -> None:
    """A problem document (RFC 9457) where the application has no say, or none any more."""
    problem = {"type": error.slug, "title": error.title, "status": error.status, "detail": str(error)}
    body = json.dumps(problem).encode()
    headers = [("content-type", "application/problem+json"), ("access-control-allow-origin", "*")]
    exchange.respond(head(error.status, headers, len(body)), body)
