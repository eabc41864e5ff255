"""Asking a server that is not trusted: bounded in time, bytes and pace, and never with a method that could write."""

from __future__ import annotations

import shlex
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException
from queue import Empty, SimpleQueue
from typing import Any, Final, Literal, TypeVar

import requests
from urllib3.exceptions import HTTPError

Method = Literal["GET", "HEAD", "OPTIONS"]
T = TypeVar("T")

_USER_AGENT: Final = "kg-contract (checks a linked-data site, writes nothing)"
_SHOWN_BODY = 300
_GIVEN_UP_AFTER = 5
_KEPT_OF_TOO_LONG = 1 << 16


class Unanswered(Exception):
    """No usable answer came: `request` was sent, `why` says what went wrong."""

    def __init__(self, why: str, request: Request) -> None:
        super().__init__(why)
        self.why = why
        self.request = request


@dataclass(frozen=True)
class Request:
    """What is asked. Header names are as sent; one with the value "" is not sent at all."""

    method: Method
    url: str
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def curl(self) -> str:
        """The same request as a command."""
        how = {"GET": ["-i"], "HEAD": ["-I"], "OPTIONS": ["-i", "-X", "OPTIONS"]}[self.method]
        headers = [part for name, value in self.headers for part in ("-H", f"{name}: {value}" if value else f"{name}:")]
        return shlex.join(["curl", "-sS", "--path-as-is", *how, *headers, self.url])


@dataclass(frozen=True)
class Response:
    """What came back.

    headers    in their order, names in lower case
    body       without content coding; of a longer one its beginning
    truncated  the body was longer than is read
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""
    truncated: bool = False

    def header(self, name: str) -> str:
        """The value of a header, several lines of it joined; empty if there is none."""
        return ", ".join(value for n, value in self.headers if n == name.lower())

    def listed(self, name: str) -> frozenset[str]:
        """The elements of a header that is a list of tokens, in lower case."""
        return frozenset(e for part in self.header(name).split(",") if (e := part.strip().lower()))

    @property
    def media_type(self) -> str:
        """Type and subtype of Content-Type, in lower case."""
        return self.header("content-type").partition(";")[0].strip().lower()

    @property
    def text(self) -> str:
        """The body, read as UTF-8 whatever it is."""
        return self.body.decode("utf-8", "replace")

    @property
    def beginning(self) -> str:
        """What of the body is worth showing."""
        return self.text[:_SHOWN_BODY]


@dataclass(frozen=True)
class Exchange:
    """A request and its response."""

    request: Request
    response: Response


@dataclass
class Client:
    """Asks, at most `rate` times a second, and remembers the answers.

    timeout_s  of one whole exchange, from connecting to the last byte read
    max_bytes  of a body that are read
    asked      how many requests were sent
    """

    rate: float = 10.0
    timeout_s: float = 10.0
    max_bytes: int = 8 << 20
    asked: int = 0
    _known: dict[Request, Exchange | Unanswered] = field(default_factory=dict)
    _next: float = 0.0
    _unanswered: int = 0

    def __post_init__(self) -> None:
        self._session = requests.Session()
        self._session.auth = lambda prepared: prepared  # else a password of ~/.netrc would be sent

    def ask(self, method: Method, url: str, *, fresh: bool = False, **headers: str) -> Exchange:
        """The answer to a request. Header names are written with `_` for `-`; "" is for a header not to be sent.

        fresh  ask again even if the answer is known
        Raise Unanswered if there is none in time, or none that is HTTP. Redirects are answers like others.
        """
        named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        request = Request(method, url, named)
        if fresh or request not in self._known:
            try:
                self._known[request] = Exchange(request, self.bounded(request, lambda: self._send(request)))
            except Unanswered as error:
                self._known[request] = error
        known = self._known[request]
        if isinstance(known, Unanswered):
            raise known
        return known

    def get(self, url: str, accept: str | None = None, **headers: str) -> Exchange:
        """GET with an Accept header, or with none at all."""
        return self.ask("GET", url, fresh=False, Accept=accept or "", **headers)

    def bounded(self, request: Request, work: Callable[[], T]) -> T:
        """Do some work that sends a request, at our pace and within the time limit. Raise Unanswered."""
        if self._unanswered >= _GIVEN_UP_AFTER:
            raise Unanswered("the server has stopped answering", request)
        self._unanswered += 1
        wait = self._next - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        self._next = time.monotonic() + 1 / self.rate
        self.asked += 1
        # A thread of its own, since a server that sends a byte now and then never lets a socket's timeout pass.
        done: SimpleQueue[tuple[T | None, Exception | None]] = SimpleQueue()

        def run() -> None:
            try:
                done.put((work(), None))
            except Exception as error:  # noqa: BLE001  told to the one who waits
                done.put((None, error))

        threading.Thread(target=run, daemon=True).start()
        try:
            result, error = done.get(timeout=self.timeout_s)
        except Empty:
            raise Unanswered(f"no whole answer within {self.timeout_s:g} s", request) from None
        if isinstance(error, (requests.RequestException, HTTPError, HTTPException, OSError, ValueError)):
            raise Unanswered(f"no usable answer: {_reason(error)}", request) from error
        if error is not None:
            raise error
        self._unanswered = 0
        return result  # type: ignore[return-value]

    def verification(self, url: str) -> tuple[bool, str | bool]:
        """Whether requests to a URL go through a proxy, and the file of certificates that are trusted for it."""
        found = self._session.merge_environment_settings(url, {}, True, None, None)
        proxies = requests.utils.get_environ_proxies(url)
        return bool(proxies), found["verify"] or True

    def _send(self, request: Request) -> Response:
        prepared = self._session.prepare_request(requests.Request(request.method, request.url))
        prepared.headers.clear()
        prepared.headers.update({"User-Agent": _USER_AGENT, "Accept-Encoding": "identity"})
        prepared.headers.update({name: value for name, value in request.headers if value})
        prepared.url = request.url  # as written: the library would rewrite it
        how: dict[str, Any] = dict(self._session.merge_environment_settings(request.url, {}, True, None, None))
        # The session itself would read the whole body of a redirect before it hands it over.
        answer = self._session.get_adapter(request.url).send(prepared, timeout=self.timeout_s, **how)
        try:
            headers = tuple((name.lower(), value) for name, value in answer.raw.headers.items())
            body, truncated = self._read(answer)
            return Response(answer.status_code, headers, body, truncated)
        finally:
            answer.close()

    def _read(self, answer: requests.Response) -> tuple[bytes, bool]:
        parts, size = [], 0
        for part in answer.raw.stream(1 << 16, decode_content=False):
            parts.append(part)
            size += len(part)
            if size > self.max_bytes:
                return b"".join(parts)[:_KEPT_OF_TOO_LONG], True
        body = b"".join(parts)
        if answer.headers.get("Content-Encoding", "").lower() in ("gzip", "deflate"):
            return unpacked(body, self.max_bytes)
        return body, False


def unpacked(body: bytes, max_bytes: int) -> tuple[bytes, bool]:
    """A gzip or zlib body decompressed, and whether it is larger than that; one that is neither as it is."""
    expander = zlib.decompressobj(47)
    try:
        return expander.decompress(body, max_bytes), bool(expander.unconsumed_tail)
    except zlib.error:
        return body, False


def _reason(error: Exception) -> str:
    """The innermost cause, which says more than the library's wrappings."""
    while True:
        inner = error.__cause__ or error.__context__ or next((a for a in error.args if isinstance(a, Exception)), None)
        if not isinstance(inner, Exception):
            return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        error = inner
