"""One query with one worker: what is sent, what comes back, and what it means when nothing does."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from enum import Enum
from typing import TYPE_CHECKING, Any, cast

from kg.store.operation import AsyncAnswer, Operation
from kg.store.pool.frames import Kind, Reader, pack_json
from kg.words import errors, formats
from kg.words.errors import BrokenOff, ClientGone, Crashed, KgError, OutOfMemory, QueryTimeout

if TYPE_CHECKING:
    from kg.store.pool.client import AsyncPool

_FORMATS = {f.media_type: f for f in formats.RESULTS + formats.GRAPHS + formats.DATASETS}
_MOST_BYTES_WAITING = 1 << 20


class Pace(Enum):
    """What a worker has: nothing to do, a new query, one that has taken longer than a moment, one that takes long."""

    IDLE, QUICK, SLOW, LONG = range(4)


class Worker(asyncio.Protocol):
    """A connection to a worker.

    pid           of the worker, once it has said so
    conversation  that it is in
    """

    transport: asyncio.Transport

    def __init__(self, pool: AsyncPool) -> None:
        self.pool = pool
        self.reader = Reader()
        self.pid: int | None = None
        self.pace = Pace.IDLE
        self.conversation: Conversation | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        for kind, payload in self.reader.frames(data):
            if kind is Kind.HELLO:
                self.pid = int(payload)
                self.pool.arrive(self)
            elif self.conversation:
                self.conversation.receive(kind, payload)

    def connection_lost(self, error: Exception | None) -> None:
        self.pool.lost(self)
        if self.conversation:
            self.conversation.lose()


class Conversation:
    """A query and the chunks of its answer. Whoever begins it closes it."""

    def __init__(self, pool: AsyncPool, worker: Worker, operation: Operation) -> None:
        self.pool, self.worker, self.operation = pool, worker, operation
        self.frames: deque[tuple[Kind, bytes]] = deque()
        self.waiting_bytes = 0
        self.waiter: asyncio.Future[None] | None = None
        self.paused = self.lost = self.closed = self.abandoned = False
        worker.conversation = self

    async def begin(self, waited_s: float) -> AsyncAnswer:
        """Ask, and wait for the first part of the answer. Raise why there is none."""
        operation = self.operation
        request = {
            "query": operation.query,
            "results": operation.results and operation.results.media_type,
            "graph": operation.graph and operation.graph.media_type,
            "default_graphs": operation.default_graphs,
            "named_graphs": operation.named_graphs,
            "timeout_s": operation.timeout_s,
            "bindings": operation.bindings,
        }
        self.worker.transport.write(pack_json(Kind.REQUEST, request))
        frame = await self.frame()
        if frame is None:
            raise await self.failure()
        kind, payload = frame
        header = json.loads(payload)
        if kind is Kind.REFUSAL:
            await self.next()
            raise errors.restored(header.pop("error"), header)
        parse, evaluate = header["parse_ms"], header["evaluate_ms"]
        timings = {"wait": waited_s * 1000, "parse": parse, "evaluate": evaluate - parse}
        return AsyncAnswer(_FORMATS[header["format"]], self, timings)

    async def next(self) -> bytes:
        """The next chunk; nothing at the end. Raise BrokenOff if the worker dies on the way."""
        if self.closed:
            return b""
        frame = await self.frame()
        if frame is None:
            failure = await self.failure()
            self.close()
            raise BrokenOff(failure)
        kind, payload = frame
        if kind is Kind.END:
            self.closed = True
            self.pool.release(self.worker, stays=payload == b"\x01")
            return b""
        return payload

    async def frame(self) -> tuple[Kind, bytes] | None:
        """The next frame; None if the worker has gone, or the client has."""
        while not self.frames:
            if self.lost or self.abandoned:
                return None
            self.waiter = asyncio.get_running_loop().create_future()
            await self.waiter
        frame = self.frames.popleft()
        self.waiting_bytes -= len(frame[1])
        if self.paused and self.waiting_bytes < _MOST_BYTES_WAITING and not self.lost:
            self.paused = False
            self.worker.transport.resume_reading()
        return frame

    def receive(self, kind: Kind, payload: bytes) -> None:
        """A frame has come."""
        self.frames.append((kind, payload))
        self.waiting_bytes += len(payload)
        if self.waiting_bytes >= _MOST_BYTES_WAITING and not self.paused:
            self.paused = True
            self.worker.transport.pause_reading()
        self.wake()

    def lose(self) -> None:
        """The worker has gone."""
        self.lost = True
        self.wake()

    def abandon(self) -> None:
        """The client has gone."""
        self.abandoned = True
        self.wake()

    def wake(self) -> None:
        if self.waiter and not self.waiter.done():
            self.waiter.set_result(None)

    async def failure(self) -> KgError:
        """What the worker died of, unless nobody wants to know."""
        if self.abandoned:
            return ClientGone("the client has gone")
        limits, pid = self.pool.limits, self.worker.pid
        if pid is None:
            return Crashed("the query processes are being restarted. Try again in a moment")
        told: dict[str, Any] = await self.pool.question("cause", pid)
        if told.get("cause") == "timeout":
            limit = min(limits.timeout_s, self.operation.timeout_s or limits.timeout_s)
            return QueryTimeout(f"the query took longer than {limit:g} s. Ask for less, or add a LIMIT", limit)
        if told.get("cause") == "memory":
            megabytes = limits.memory_bytes >> 20
            return OutOfMemory(f"the query needed more than {megabytes} MiB. Ask for less, or add a LIMIT", megabytes)
        return Crashed("the evaluator did not survive this query. Is it nested very deeply? Make it simpler")

    def close(self) -> None:
        """End the conversation; a worker that still evaluates for nobody is ended with it."""
        if not self.closed:
            self.closed = True
            self.pool.kill(self.worker)
