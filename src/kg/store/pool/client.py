"""The server's side of the pool: asks a worker, streams its answer, tells what went wrong."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kg.store.operation import Abandonment, Answer, Operation
from kg.store.pool import frames
from kg.store.pool.parent import Pool
from kg.words import errors, formats
from kg.words.errors import BrokenOff, Busy, ClientGone, Crashed, KgError, OutOfMemory, QueryTimeout

_CONTROL_TIMEOUT_S = 3.0
_FORMATS = {f.media_type: f for f in formats.RESULTS + formats.GRAPHS + formats.DATASETS}


@dataclass(frozen=True)
class Numbers:
    """How a pool is doing.

    queries  being evaluated or waiting
    workers  alive
    deaths   workers that ended so far, by cause; `renewed` is one that had grown and made room
    """

    queries: int = 0
    workers: int = 0
    deaths: dict[str, int] = field(default_factory=dict)


class PoolEngine:
    """Evaluates each query in a worker of the pool. Safe to use from many threads."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self._places = pool.limits.workers + pool.limits.queue
        self._lock = threading.Lock()
        self.taken = 0

    def answer(self, operation: Operation, abandonment: Abandonment | None = None) -> Answer:
        with self._lock:
            if self.taken >= self._places:
                raise Busy("all query processes are busy and the queue is full. Try again in a moment")
            self.taken += 1
        conversation = _Conversation(self, operation)
        if abandonment:
            abandonment.subscribe(conversation.abandon)
        try:
            return conversation.begin()
        except BaseException:
            conversation.close()
            raise

    def numbers(self) -> Numbers:
        """How the pool is doing."""
        told = self.ask("numbers")
        return Numbers(self.taken, told.get("workers", 0), dict(told.get("deaths", {})))

    def ask(self, question: str, pid: int | None = None) -> dict[str, Any]:
        """Ask the parent; an empty answer if it has gone."""
        with contextlib.suppress(OSError), _connect(self.pool.control) as connection:
            connection.settimeout(_CONTROL_TIMEOUT_S)
            frames.send_json(connection, {"ask": question, "pid": pid})
            return frames.receive_json(connection) or {}
        return {}

    def leave(self) -> None:
        """A conversation has ended."""
        with self._lock:
            self.taken -= 1


class _Conversation:
    """One query with one worker, and the chunks of its answer. Whoever begins it closes it."""

    def __init__(self, engine: PoolEngine, operation: Operation) -> None:
        self.engine, self.operation = engine, operation
        self.began = time.monotonic()
        self.connection: socket.socket | None = None
        self.pid: int | None = None
        self.finished = False
        self.closed = False
        self.abandoned = False

    def begin(self) -> Answer:
        operation = self.operation
        try:
            self.connection = _connect(self.engine.pool.queries)
            request = {
                "query": operation.query,
                "results": operation.results and operation.results.media_type,
                "graph": operation.graph and operation.graph.media_type,
                "default_graphs": operation.default_graphs,
                "named_graphs": operation.named_graphs,
                "timeout_s": operation.timeout_s,
                "bindings": operation.bindings,
            }
            frames.send_json(self.connection, request)
        except OSError:
            raise Crashed("the query processes are being restarted. Try again in a moment") from None
        hello = frames.receive_json(self.connection)
        if hello is None:
            raise self.failure()
        self.pid = hello["pid"]
        waited = time.monotonic()
        header = frames.receive_json(self.connection)
        if header is None:
            raise self.failure()
        if "error" in header:
            self.finished = True
            raise errors.restored(header.pop("error"), header)
        parse, evaluate = header["parse_ms"], header["evaluate_ms"]
        timings = {"wait": (waited - self.began) * 1000, "parse": parse, "evaluate": evaluate - parse}
        return Answer(_FORMATS[header["format"]], self, timings)

    def abandon(self) -> None:
        """Called from another thread when the client has gone: lets the reading thread go on at once."""
        self.abandoned = True
        if self.connection is not None:
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self.closed or self.connection is None:
            raise StopIteration
        frame = frames.receive(self.connection)
        if frame is None:
            failure = self.failure()
            self.close()
            raise BrokenOff(failure)
        if not frame:
            self.finished = True
            self.close()
            raise StopIteration
        return frame

    def failure(self) -> KgError:
        """What the worker died of, unless nobody wants to know."""
        if self.abandoned:
            return ClientGone("the client has gone")
        limits = self.engine.pool.limits
        cause = self.engine.ask("cause", self.pid).get("cause") if self.pid else "crash"
        self.finished = True
        if cause == "timeout":
            limit = min(limits.timeout_s, self.operation.timeout_s or limits.timeout_s)
            return QueryTimeout(f"the query took longer than {limit:g} s. Ask for less, or add a LIMIT", limit)
        if cause == "memory":
            limit = limits.memory_bytes >> 20
            return OutOfMemory(f"the query needed more than {limit} MiB. Ask for less, or add a LIMIT", limit)
        return Crashed("the evaluator did not survive this query. Is it nested very deeply? Make it simpler")

    def close(self) -> None:
        """End the conversation; a worker that still evaluates for nobody is ended with it."""
        if self.closed:
            return
        self.closed = True
        if self.connection is not None:
            self.connection.close()
        if not self.finished and self.pid is not None:
            self.engine.ask("kill", self.pid)
        self.engine.leave()


def _connect(path: str) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(path)
    except OSError:
        connection.close()
        raise
    return connection
