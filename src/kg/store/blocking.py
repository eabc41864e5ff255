"""An engine of an event loop, for threads."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextvars import Context
from typing import Any, TypeVar

from kg.store.engine import AsyncEngine
from kg.store.operation import Abandonment, Answer, Chunks, Operation

_T = TypeVar("_T")


class BlockingEngine:
    """Lets threads use an engine that works on an event loop; `loop` is set once there is one."""

    loop: asyncio.AbstractEventLoop

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    def answer(self, operation: Operation, abandonment: Abandonment | None = None) -> Answer:
        """The answer, as `Engine` has it."""
        answer = self.wait(self.engine.ask(operation, abandonment))
        return Answer(answer.format, _Blocking(self, answer.chunks), answer.timings, answer.repeatable)

    def wait(self, work: Coroutine[Any, Any, _T]) -> _T:
        """What comes of something that the loop does."""
        # In a context of its own: what the loop keeps, as connections to workers, must not keep the thread's request.
        return Context().run(asyncio.run_coroutine_threadsafe, work, self.loop).result()


class _Blocking:
    def __init__(self, engine: BlockingEngine, chunks: Chunks) -> None:
        self.engine, self.chunks = engine, chunks

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if chunk := self.engine.wait(self.chunks.next()):
            return bytes(chunk)
        raise StopIteration

    def close(self) -> None:
        self.engine.loop.call_soon_threadsafe(self.chunks.close)
