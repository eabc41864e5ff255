"""The same question is evaluated once: answers that fit are kept, and those who ask meanwhile wait for the first."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cachetools import LRUCache

from kg.store.engine import Engine
from kg.store.operation import Abandonment, Answer, Operation
from kg.store.sparql_text import keywords
from kg.words.formats import Format

_MAX_SHARE = 16
_NEVER_THE_SAME = {"RAND", "NOW", "UUID", "STRUUID", "BNODE"}


@dataclass(frozen=True)
class _Kept:
    format: Format
    body: bytes


class CachedEngine:
    """An engine with a memory, for a store that does not change.

    max_bytes  of all kept bodies; one of more than a sixteenth of it is not kept
    """

    def __init__(self, engine: Engine, max_bytes: int) -> None:
        self._engine = engine
        self.max_body = max_bytes // _MAX_SHARE
        self._kept: LRUCache[Operation, _Kept] = LRUCache(max_bytes, getsizeof=lambda kept: len(kept.body) + 1000)
        self._running: dict[Operation, threading.Event] = {}
        self._lock = threading.Lock()
        self.hits = self.misses = 0

    def answer(self, operation: Operation, abandonment: Abandonment | None = None) -> Answer:
        """Give what was kept, or evaluate; raise what the engine raises."""
        if _NEVER_THE_SAME & keywords(operation.query):
            return replace(self._engine.answer(operation, abandonment), repeatable=False)
        key = replace(operation, timeout_s=None)
        while True:
            with self._lock:
                kept = self._kept.get(key)
                if kept is not None:
                    self.hits += 1
                    return Answer(kept.format, iter((kept.body,)), {"cache": 0.0})
                running = self._running.get(key)
                if running is None:
                    self.misses += 1
                    done = self._running[key] = threading.Event()
                    break
            running.wait(operation.timeout_s)
            with self._lock:
                if key not in self._kept and key not in self._running:
                    # the first one failed or was too large to keep: no use to wait for it again
                    done = threading.Event()
                    self.misses += 1
                    break
        try:
            answer = self._engine.answer(operation, abandonment)
        except BaseException:
            self.finish(key, done)
            raise
        return replace(answer, chunks=_Keeper(self, key, done, answer))

    def keep(self, key: Operation, format_: Format, body: bytes) -> None:
        """Remember a whole answer."""
        with self._lock:
            self._kept[key] = _Kept(format_, body)

    def finish(self, key: Operation, done: threading.Event) -> None:
        """Let those who wait for the same go on."""
        with self._lock:
            if self._running.get(key) is done:
                del self._running[key]
        done.set()


class _Keeper:
    """The chunks of an answer on their way to the client, kept if they are few."""

    def __init__(self, engine: CachedEngine, key: Operation, done: threading.Event, answer: Answer) -> None:
        self.engine, self.key, self.done, self.answer = engine, key, done, answer
        self.parts: list[bytes] = []
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            chunk = next(self.answer.chunks)
        except StopIteration:
            if self.size <= self.engine.max_body:
                self.engine.keep(self.key, self.answer.format, b"".join(self.parts))
            self.close()
            raise
        except BaseException:
            self.close()
            raise
        self.size += len(chunk)
        if self.size <= self.engine.max_body:
            self.parts.append(chunk)
        elif self.parts:
            self.parts.clear()
            self.engine.finish(self.key, self.done)
        return chunk

    def close(self) -> None:
        self.answer.close()
        self.engine.finish(self.key, self.done)
