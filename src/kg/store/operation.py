"""A query on its way in, an answer on its way out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import chain
from types import MappingProxyType
from typing import NamedTuple, Protocol

from kg.store.pieces import Piece
from kg.words import formats
from kg.words.formats import Format


class Abandonment:
    """Tells those who work on an answer that nobody waits for it any more. Safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._subscribers: list[Callable[[], None]] = []
        self.happened = False

    def subscribe(self, subscriber: Callable[[], None]) -> None:
        """Call this when it happens; at once if it has."""
        with self._lock:
            if not self.happened:
                self._subscribers.append(subscriber)
                return
        subscriber()

    def happen(self) -> None:
        """The client has gone."""
        with self._lock:
            self.happened = True
            subscribers, self._subscribers = self._subscribers, []
        for subscriber in subscribers:
            subscriber()


class Operation(NamedTuple):
    """One query to evaluate.

    results   the syntax for SELECT and ASK, None where the client accepts none
    graph     the syntax for CONSTRUCT and DESCRIBE, None likewise
    default_graphs, named_graphs  IRIs of the RDF dataset; both empty: the whole store (SPARQL 1.1 Protocol, 2.1.4)
    timeout_s  None: the engine's own limit, which it can lower but not raise
    bindings   variable -> the value it is given, an IRI or a literal in N-Triples form; SELECT must project it
    """

    query: str
    results: Format | None = formats.RESULTS_JSON
    graph: Format | None = formats.TURTLE
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    timeout_s: float | None = None
    bindings: tuple[tuple[str, str], ...] = ()

    def digest(self) -> str:
        """16 hexadecimal digits that tell what is asked, whatever the syntax of the answer."""
        parts = (self.query, *self.default_graphs, "", *self.named_graphs, "", *chain.from_iterable(self.bindings))
        return blake2b("\0".join(parts).encode(errors="surrogatepass"), digest_size=8).hexdigest()


@dataclass(frozen=True)
class Answer:
    """What a query gives, in the syntax it was asked in.

    chunks   the body as it comes; close it when it is not read to its end. Iterating raises BrokenOff if the
             evaluation dies on the way: what was read so far is no answer
    timings  milliseconds that went into the first chunk, by name: wait, evaluate
    repeatable  whether the same query gives the same answer again, as one with NOW() does not
    """

    format: Format
    chunks: Iterator[bytes]
    timings: Mapping[str, float] = field(default_factory=dict)
    repeatable: bool = True

    def body(self) -> bytes:
        """The whole of it."""
        try:
            return b"".join(self.chunks)
        finally:
            self.close()

    def close(self) -> None:
        """Stop whatever still works on it."""
        if close := getattr(self.chunks, "close", None):
            close()


class Chunks(Protocol):
    """A body that comes piece by piece on an event loop."""

    async def next(self) -> Piece:
        """The next piece, nothing at the end. Raise BrokenOff if the evaluation dies on the way."""

    def close(self) -> None:
        """Stop whatever still works on it. To be called also after the end."""


class Whole:
    """A body that is here already, as its one piece."""

    def __init__(self, body: bytes) -> None:
        self.body = self._left = body

    async def next(self) -> bytes:
        left, self._left = self._left, b""
        return left

    def close(self) -> None:
        """Nothing works on it."""


class AsyncAnswer(NamedTuple):
    """An `Answer` for those who wait on an event loop.

    size      bytes of the whole body, where they are known
    was_kept  since somebody else asked the same
    """

    format: Format
    chunks: Chunks
    timings: Mapping[str, float] = MappingProxyType({})
    repeatable: bool = True
    size: int | None = None
    was_kept: bool = False

    @property
    def body(self) -> bytes | None:
        """All of it, if it is here already."""
        return self.chunks.body if isinstance(self.chunks, Whole) else None
