"""One query with one worker: what is sent, what comes back, and what it means when nothing does."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from enum import Enum
from typing import TYPE_CHECKING, Any, cast

from kg.store.operation import AsyncAnswer, Operation, Whole
from kg.store.pieces import Piece
from kg.store.pool import segments
from kg.store.pool.frames import Kind, Reader, pack, pack_operation, syntax
from kg.words import errors
from kg.words.errors import BrokenOff, Busy, ClientGone, Crashed, KgError, OutOfMemory, QueryTimeout

if TYPE_CHECKING:
    from kg.store.pool.client import AsyncPool

log = logging.getLogger("kg")


class Pace(Enum):
    """What a worker has: nothing to do, a new query, one that has taken longer than a moment, one that takes much."""

    IDLE, QUICK, SLOW, LONG = range(4)


class Worker(asyncio.Protocol):
    """A connection to a worker.

    pid           of the worker; 0 until it has said so
    conversation  that it is in
    since         when that began, in the loop's time
    used_s        processor time that it had used when its query became slow
    """

    transport: asyncio.Transport

    def __init__(self, pool: AsyncPool) -> None:
        self.pool = pool
        self.reader = Reader()
        self.pid = 0
        self.pace = Pace.IDLE
        self.since = self.used_s = 0.0
        self.conversation: Conversation | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        for kind, value in self.reader.frames(data):
            if kind is Kind.HELLO:
                self.pid = value
                self.pool.arrive(self)
            elif self.conversation:
                self.conversation.receive(kind, value)

    def connection_lost(self, error: Exception | None) -> None:
        self.pool.lost(self)
        if self.conversation:
            self.conversation.lose()


class Conversation:
    """A query and the chunks of its answer. Whoever begins it closes it."""

    def __init__(self, pool: AsyncPool, worker: Worker, operation: Operation) -> None:
        self.pool, self.worker, self.operation = pool, worker, operation
        self.frames: deque[tuple[Kind, Any]] = deque()
        self.files = segments.Reader(pool.pool.folder, worker.pid)
        self.waiter: asyncio.Future[None] | None = None
        self.whole = self.lost = self.closed = self.abandoned = False
        worker.conversation = self

    async def begin(self, waited_s: float) -> AsyncAnswer:
        """Ask, and wait for the answer, or the first part of a large one. Raise why there is none."""
        self.worker.transport.write(pack_operation(self.operation))
        frame = await self.frame()
        if frame is None:
            raise await self.failure()
        kind, value = frame
        if kind is Kind.REFUSAL:
            await self.next()
            raise errors.restored(*value)
        number, parsed_ms, written_ms = value[:3]
        timings = {"wait": waited_s * 1000, "parse": parsed_ms, "evaluate": written_ms - parsed_ms}
        if kind is Kind.WHOLE:
            stays, body = value[3:]
            self.end(stays=stays)
            return AsyncAnswer(syntax(number), Whole(body), timings, size=len(body))
        return AsyncAnswer(syntax(number), self, timings)

    async def next(self) -> Piece:
        """The next chunk; nothing at the end. Raise BrokenOff if the worker fails or dies on the way."""
        if self.closed:
            return b""
        frame = await self.frame()
        if frame is None:
            failure = await self.failure()
            self.close()
            raise BrokenOff(failure)
        kind, value = frame
        if kind is Kind.REFUSAL:
            await self.next()
            raise BrokenOff(errors.restored(*value))
        if kind is Kind.END:
            self.end(stays=value)
            return b""
        if not self.whole:
            self.worker.transport.write(pack(Kind.TAKEN, len(value)))
        return cast(Piece, value)

    async def frame(self) -> tuple[Kind, Any] | None:
        """The next frame; None if the worker has gone, or the client has."""
        while not self.frames:
            if self.lost or self.abandoned:
                return None
            self.waiter = asyncio.get_running_loop().create_future()
            await self.waiter
        return self.frames.popleft()

    def receive(self, kind: Kind, value: Any) -> None:
        """A frame has come."""
        if kind is Kind.PIECE:
            size, begins = value
            try:
                kind, value = Kind.DATA, self.files.piece(size, begins=begins)
            except FileNotFoundError:  # the worker's end takes its file away
                self.lose()
            except OSError as error:
                log.warning("there is no room for a large answer: %s", error)
                full = Busy("there is no room for large answers at this moment. Try again later, or add a LIMIT")
                self.frames.append((Kind.REFUSAL, (full.slug, vars(full))))
                kind, value = Kind.END, False
        if not self.lost and not self.whole:
            self.whole = kind is Kind.END
            self.frames.append((kind, value))
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
        limits = self.pool.limits
        told = await self.pool.question("cause", self.worker.pid)
        if told.get("cause") == "timeout":
            limit = min(limits.timeout_s, self.operation.timeout_s or limits.timeout_s)
            return QueryTimeout(f"the query took longer than {limit:g} s. Ask for less, or add a LIMIT", limit)
        if told.get("cause") == "memory":
            megabytes = limits.memory_bytes >> 20
            return OutOfMemory(f"the query needed more than {megabytes} MiB. Ask for less, or add a LIMIT", megabytes)
        return Crashed("the evaluator did not survive this query. Is it nested very deeply? Make it simpler")

    def end(self, *, stays: bool) -> None:
        """All of the answer is here."""
        self.closed = True
        self.pool.release(self.worker, stays=stays)

    def close(self) -> None:
        """End the conversation; a worker that still evaluates for nobody is ended with it."""
        if not self.closed:
            self.closed = True
            self.pool.kill(self.worker)
