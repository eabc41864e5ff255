"""What is answered where it comes in: what is kept, and queries that take next to nothing."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from kg.front import compression
from kg.front.endpoint import Endpoint
from kg.front.kept import Kept, Key, Responses, matches
from kg.front.metrics import Counts
from kg.front.mounted import FORWARDED, without
from kg.front.wsgi import Head
from kg.http import Exchange, head
from kg.store.operation import Operation
from kg.words.errors import BadInput, KgError, UriTooLong

_MAX_TARGET_BYTES = 32 * 1024
_VARIED_BY = (b"accept", b"accept-language", b"host", b"origin")
_HOST = re.compile(r"(?:[\w.-]*|\[[0-9a-f:.]+\])(?::\d*)?", re.ASCII | re.IGNORECASE)
"""What links can be made with. Source: RFC 9110, section 7.2: more than one, or anything else, is answered with 400."""


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
class Asked:
    """A request whose answer is not known yet, and what it is called.

    key  what the answer may be kept under
    """

    exchange: Exchange
    key: Key | None

    @cached_property
    def id(self) -> str:
        """What the request is called, in the log and towards the client."""
        return secrets.token_hex(6)


class Quick:
    """Answers what takes next to nothing.

    endpoint  answers queries without the application
    """

    def __init__(self, options: Options, counts: Counts, endpoint: Endpoint | None = None) -> None:
        self.options, self.counts, self.endpoint = options, counts, endpoint
        self.kept = Responses(options.cache_bytes) if options.cache_bytes else None
        self.varied_by = _VARIED_BY + FORWARDED if options.trusts_proxies else _VARIED_BY

    def answered(self, exchange: Exchange) -> bool:
        """Answer a request, if that takes next to nothing."""
        return self.at_once(exchange) is None

    def at_once(self, exchange: Exchange) -> tuple[Asked, Operation | None] | None:
        """The same; give what is still to be answered: the query, if the endpoint is asked one."""
        key = None
        if self.kept is not None and exchange.method == "GET" and not exchange.trouble:
            headers = exchange.headers
            key = (exchange.target, *[headers.get(name) for name in self.varied_by])
            kept = self.kept.get(key)
            if kept is not None:
                _give(exchange, kept)
                self.account(Asked(exchange, key), "hit")
                return None
        asked = Asked(exchange, key)
        if trouble := exchange.trouble or _trouble(exchange):
            refuse(exchange, trouble)
            self.account(asked, "none")
            return None
        operation = self.endpoint.question(exchange) if self.endpoint else None
        answer = operation and self.endpoint and self.endpoint.engine.at_once(operation)
        if not (operation and self.endpoint and answer):
            return asked, operation
        if not answer.was_kept:
            exchange.could_move()
        self.send_whole(asked, self.endpoint.head(operation, answer), answer.body or b"", keep=answer.was_kept)
        self.account(asked, "miss")
        return None

    def send_whole(self, asked: Asked, said: Head, body: bytes, *, keep: bool) -> None:
        """Send a whole body.

        keep  to give the same again, where that may be
        """
        kept = Kept(said, body, sized=asked.exchange.method != "HEAD")
        if keep and self.kept is not None and asked.key and said.status == 200:
            self.kept.keep(asked.key, kept)
        _give(asked.exchange, kept)

    def account(self, asked: Asked, cache: str) -> None:
        """Count the request, and log it where the operator asks.

        cache  whether the answer was kept: "hit", "miss", or "none" where nothing is
        """
        exchange = asked.exchange
        seconds = time.perf_counter() - exchange.began
        path = without(self.options.root_path, exchange.path)
        self.counts.request(path, exchange.status, seconds, cache)
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
            sys.stderr.write(json.dumps(line) + "\n")  # at once: other processes write there too


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
    coding = coding_of(exchange, kept.head) if len(kept.body) >= compression.MIN_BYTES else None
    exchange.respond(*kept.variant(coding))


def coding_of(exchange: Exchange, said: Head) -> str | None:
    accepted = exchange.header(b"accept-encoding")
    return compression.choose(accepted, said.header("content-type")) if accepted else None


def refuse(exchange: Exchange, error: KgError) -> None:
    """A problem document (RFC 9457) where the application has no say, or none any more."""
    problem = {"type": error.slug, "title": error.title, "status": error.status, "detail": str(error)}
    body = json.dumps(problem).encode()
    headers = [("content-type", "application/problem+json"), ("access-control-allow-origin", "*")]
    exchange.respond(head(error.status, headers, len(body)), body)
