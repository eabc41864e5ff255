"""The server's side of the pool: gives each query a worker."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.store.operation import Abandonment, AsyncAnswer, Operation
from kg.store.pool.conversation import Conversation, Pace, Worker
from kg.store.pool.frames import Kind, Reader, pack
from kg.store.pool.parent import Pool
from kg.words.errors import Busy, ClientGone, Crashed, KgError

_A_MOMENT_S, _LONG_S, _LOOK_S = 0.1, 0.4, 0.05
_LOWEST_PRIORITY = 19
_AGAIN_S = 0.05
_SPARE_S = 2.0
_CONTROL_TIMEOUT_S = 3.0


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


class AsyncPool:
    """Evaluates each query in a worker of its own. Belongs to one event loop.

    So many quick queries are evaluated at once as the limits say. One that has taken longer than a moment is slow: the
    next has its turn beside it, with another worker. One that then takes much processor time gets only what the others
    leave; its worker ends with it, as its priority cannot be raised again. One that waits for its turn, or for a client
    that reads slowly, takes none: to end its worker would cost more than it did.
    """

    def __init__(self, pool: Pool) -> None:
        self.pool, self.limits = pool, pool.limits
        self.workers: set[Worker] = set()
        self.idle: list[Worker] = []
        self.waiting: deque[asyncio.Future[Worker]] = deque()
        self.tasks: set[asyncio.Task[Any]] = set()
        self.connecting = 0
        self.quick = 0
        self.looking = False

    async def ask(self, operation: Operation, abandonment: Abandonment | None = None) -> AsyncAnswer:
        """The answer, once its first part is there.

        Raise what the evaluator raises; QueryTimeout, OutOfMemory or Crashed if the worker did not survive; Busy;
        ClientGone.
        """
        waited_s = 0.0
        worker = self.next()
        if worker is None:
            began = time.monotonic()
            worker = await self.wait(operation.timeout_s, abandonment)
            waited_s = time.monotonic() - began
        conversation = Conversation(self, worker, operation)
        if abandonment:
            abandonment.subscribe(conversation.abandon)
        try:
            return await conversation.begin(waited_s)
        except BaseException:
            conversation.close()
            raise

    def next(self) -> Worker | None:
        """A worker for a query, if one is idle and it is somebody's turn."""
        if not self.idle or self.quick >= self.limits.workers:
            return None
        loop = asyncio.get_running_loop()
        self.quick += 1
        worker = self.idle.pop()
        worker.pace, worker.since = Pace.QUICK, loop.time()
        if not self.looking:
            self.looking = True
            loop.call_later(_LOOK_S, self.look)
        return worker

    async def wait(self, within_s: float | None, abandonment: Abandonment | None) -> Worker:
        """A worker, once there is one.

        Raise Busy if too many wait already, or none has time within so many seconds; ClientGone; Crashed if there is
        none.
        """
        if len(self.waiting) >= self.limits.queue and self.workers:
            raise Busy("all query processes are busy and the queue is full. Try again in a moment")
        loop = asyncio.get_running_loop()
        place: asyncio.Future[Worker] = loop.create_future()
        self.waiting.append(place)
        if abandonment:
            abandonment.subscribe(lambda: self.leave(place, ClientGone("the client has gone")))
        if within_s is not None:
            late = Busy(f"no query process had time within {within_s:g} s. Try again in a moment")
            loop.call_later(within_s, self.leave, place, late)
        self.replenish()
        return await place

    def leave(self, place: asyncio.Future[Worker], why: KgError) -> None:
        """One who waits waits no longer."""
        if place in self.waiting:
            self.waiting.remove(place)
            place.set_exception(why)

    def release(self, worker: Worker, *, stays: bool) -> None:
        """A conversation has ended well."""
        worker.conversation = None
        if stays and worker.pace is not Pace.LONG and not worker.transport.is_closing():
            self.retire(worker)
            self.rest(worker)
        else:
            worker.transport.close()
        self.serve()

    def kill(self, worker: Worker) -> None:
        """End a worker, whatever it does."""
        worker.conversation = None
        if worker in self.workers:
            worker.transport.abort()
            self.run(self.question("kill", worker.pid))

    def look(self) -> None:
        """See which queries have become slow, as far as there may be more of those, and which take long."""
        loop = asyncio.get_running_loop()
        busy = [w for w in self.workers if w.pace is not Pace.IDLE]
        room = self.limits.slow - sum(w.pace is not Pace.QUICK for w in busy)
        for worker in busy:
            age_s = loop.time() - worker.since
            if worker.pace is Pace.QUICK and age_s >= _A_MOMENT_S and room > 0:
                room -= 1
                self.retire(worker, Pace.SLOW)
                worker.used_s = _used_s(worker.pid)
            elif worker.pace is Pace.SLOW and _used_s(worker.pid) - worker.used_s >= _LONG_S:
                self.lower(worker)
        self.looking = bool(busy)
        if busy:
            loop.call_later(_LOOK_S, self.look)
            self.replenish()
            self.serve()

    def lower(self, worker: Worker) -> None:
        """A query that takes long gets what processor time the others leave."""
        worker.pace = Pace.LONG
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, worker.pid, _LOWEST_PRIORITY)

    def retire(self, worker: Worker, pace: Pace = Pace.IDLE) -> None:
        """A worker is no longer one of those with a quick query."""
        self.quick -= worker.pace is Pace.QUICK
        worker.pace = pace

    def lost(self, worker: Worker) -> None:
        """A worker has gone."""
        self.retire(worker)
        self.workers.discard(worker)
        if worker in self.idle:
            self.idle.remove(worker)
        if not worker.pid:  # it could not even start: no storm of forks
            self.connecting -= 1
            asyncio.get_running_loop().call_later(_AGAIN_S, self.replenish)
        else:
            self.replenish()
            self.serve()

    def dismiss(self) -> None:
        """Let those go who were needed beside slow queries only."""
        while len(self.idle) > self.limits.workers:
            self.idle.pop().transport.close()  # it is not given away any more, though it is there for a moment yet

    def replenish(self) -> None:
        """Let there be workers for as many quick queries as there may be."""
        for _ in range(len(self.idle) + self.quick + self.connecting, self.limits.workers):
            self.connecting += 1
            self.run(self.connect())

    async def connect(self) -> None:
        """Ask the parent for one more worker."""
        try:
            await asyncio.get_running_loop().create_unix_connection(lambda: Worker(self), self.pool.queries)
        except OSError:
            self.connecting -= 1
            gone = Crashed("the query processes have ended. Restart the server")
            while self.waiting and not self.workers:
                self.waiting.popleft().set_exception(gone)

    def arrive(self, worker: Worker) -> None:
        """A worker has said that it is there."""
        self.connecting -= 1
        self.workers.add(worker)
        self.rest(worker)
        self.serve()

    def rest(self, worker: Worker) -> None:
        """A worker has nothing to do."""
        self.idle.append(worker)
        if len(self.idle) > self.limits.workers:
            asyncio.get_running_loop().call_later(_SPARE_S, self.dismiss)

    def serve(self) -> None:
        """Give workers to those who wait, the first first."""
        while self.waiting and (worker := self.next()):
            self.waiting.popleft().set_result(worker)

    async def numbers(self) -> Numbers:
        """How the pool is doing."""
        told = await self.question("numbers")
        busy = len(self.workers) - len(self.idle) + len(self.waiting)
        return Numbers(busy, told.get("workers", 0), dict(told.get("deaths", {})))

    async def question(self, ask: str, pid: int | None = None) -> dict[str, Any]:
        """What the parent answers; nothing if it has gone."""
        told: dict[str, Any] = await self.run(self._question(ask, pid))
        return told

    async def _question(self, ask: str, pid: int | None) -> dict[str, Any]:
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(_CONTROL_TIMEOUT_S):
                reader, writer = await asyncio.open_unix_connection(self.pool.control)
                writer.write(pack(Kind.REQUEST, {"ask": ask, "pid": pid}))
                told = await reader.read()
                writer.close()
                for _, reply in Reader().frames(told):
                    return dict(reply)
        return {}

    def run(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Let something go on; the loop itself would forget it."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task


def _used_s(pid: int) -> float:
    """Processor time of a process; where the system does not tell, the time that passes."""
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return time.monotonic()
