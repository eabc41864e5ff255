"""The same question is evaluated once: answers that fit are kept, and those who ask meanwhile wait for the first."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from typing import NamedTuple

from cachetools import LRUCache

from kg.store.engine import AsyncEngine
from kg.store.operation import Abandonment, AsyncAnswer, Operation, Whole
from kg.store.pieces import Piece
from kg.store.sparql_text import keywords
from kg.words.errors import KgError, OutOfMemory, QueryTimeout
from kg.words.formats import Format

Quick = Callable[[Operation], tuple[Format, bytes] | None]

_MAX_SHARE = 16
_MAX_SHARE_OF_FILES = 4
_MOST_IN_FILES = 256
_NEVER_THE_SAME = {"RAND", "NOW", "UUID", "STRUUID", "BNODE", "SERVICE"}
_WORDS = {word: re.compile(rf"{word}(?!\w)(?<![a-z_]{word})") for word in map(str.lower, _NEVER_THE_SAME)}
"""Where one of these may stand as a keyword: not within a longer word, as `know` and `memorandum` are."""
_KEY_BYTES = 1000
_MAX_QUERY = 32 * 1024


class _Kept(NamedTuple):
    """A whole answer: in memory, or pieces of files that go with the last of them.

    asked  length of the query
    """

    format: Format
    size: int
    asked: int
    body: bytes = b""
    pieces: tuple[Piece, ...] = ()


class CachedEngine:
    """An engine with a memory, for a store that does not change.

    max_bytes       of all bodies kept in memory
    max_file_bytes  of all bodies kept in the files that they came in: those larger than a sixteenth of the memory, and
                    those that nobody has asked for again; 256 answers at most, as each takes a file
    quick           answers what takes next to nothing, and nothing else
    """

    def __init__(
        self, engine: AsyncEngine, max_bytes: int, max_file_bytes: int, quick: Quick = lambda operation: None
    ) -> None:
        self._engine, self._quick = engine, quick
        self.max_body, self.max_file = max_bytes // _MAX_SHARE, max_file_bytes // _MAX_SHARE_OF_FILES
        self._small: LRUCache[Operation, _Kept] = LRUCache(max_bytes, lambda k: k.size + k.asked + _KEY_BYTES)
        self._large: LRUCache[Operation, _Kept] = LRUCache(
            max_file_bytes, lambda kept: max(kept.size, max_file_bytes // _MOST_IN_FILES)
        )
        self._running: dict[Operation, asyncio.Future[KgError | None]] = {}
        self.hits = self.misses = 0

    def at_once(self, operation: Operation) -> AsyncAnswer | None:
        """The answer, if it is kept in memory or takes next to nothing."""
        key = operation._replace(timeout_s=None) if operation.timeout_s else operation
        kept = self._small.get(key)
        if kept is not None:
            self.hits += 1
            return AsyncAnswer(kept.format, Whole(kept.body), {"cache": 0.0}, size=kept.size, was_kept=True)
        began = time.perf_counter()
        if found := self._quick(operation):
            self.misses += 1
            format_, body = found
            if len(body) <= self.max_body:
                self.keep(key, format_, body)
            timings = {"evaluate": (time.perf_counter() - began) * 1000}
            return AsyncAnswer(format_, Whole(body), timings, size=len(body))
        return None

    async def ask(self, operation: Operation, abandonment: Abandonment | None = None) -> AsyncAnswer:
        """Give what was kept, or evaluate; raise what the engine raises."""
        return self.at_once(operation) or await self.later(operation, abandonment)

    async def later(self, operation: Operation, abandonment: Abandonment | None = None) -> AsyncAnswer:
        """The same for what `at_once` did not answer."""
        if _may_differ(operation.query):
            return (await self._engine.ask(operation, abandonment))._replace(repeatable=False)
        key = operation if operation.timeout_s is None else operation._replace(timeout_s=None)
        if (running := self._running.get(key)) is not None:
            await asyncio.wait((running,), timeout=operation.timeout_s)
            if running.done() and (failure := running.result()):
                raise failure
        if (kept := self._small.get(key) or self._large.get(key)) is not None:
            self.hits += 1
            if kept.pieces and kept.size <= self.max_body:
                kept = self.keep(key, kept.format, b"".join(map(bytes, kept.pieces)))
                del self._large[key]
            chunks = _Reread(kept.pieces) if kept.pieces else Whole(kept.body)
            return AsyncAnswer(kept.format, chunks, {"cache": 0.0}, size=kept.size, was_kept=True)
        # One who waited in vain, as the first answer broke off or was too large, does not wait again.
        self.misses += 1
        done = self._running[key] = asyncio.get_running_loop().create_future()
        try:
            answer = await self._engine.ask(operation, abandonment)
        except (QueryTimeout, OutOfMemory) as error:
            self.finish(key, done, error if operation.timeout_s is None else None)
            raise
        except BaseException:
            self.finish(key, done)
            raise
        if answer.body is not None and len(answer.body) <= self.max_body:
            self.keep(key, answer.format, answer.body)
            self.finish(key, done)
            return answer
        return answer._replace(chunks=_Keeper(self, key, done, answer))

    def keep(self, key: Operation, format_: Format, body: bytes) -> _Kept:
        """Remember an answer in memory."""
        kept = self._small[key] = _Kept(format_, len(body), len(key.query), body)
        return kept

    def keep_pieces(self, key: Operation, format_: Format, size: int, pieces: tuple[Piece, ...]) -> None:
        """Remember one that came in files."""
        self._large[key] = _Kept(format_, size, len(key.query), pieces=pieces)

    def finish(self, key: Operation, done: asyncio.Future[KgError | None], failure: KgError | None = None) -> None:
        """Let those who wait for the same go on.

        failure  theirs too: what was too much for the first is too much for each of them
        """
        if self._running.get(key) is done:
            del self._running[key]
        if not done.done():
            done.set_result(failure)


def _may_differ(query: str) -> bool:
    """Whether the same query may have another answer next time; also of one too long to be looked through on a loop."""
    if len(query) > _MAX_QUERY:
        return True
    lower = query.lower()
    if "\\u" in lower:  # an escape, which could spell a keyword
        return True
    has_one = any(word in lower and pattern.search(lower) for word, pattern in _WORDS.items())
    return has_one and bool(_NEVER_THE_SAME & keywords(query))


class _Keeper:
    """The chunks of an answer on their way to the client, kept if there is room for them."""

    def __init__(
        self, engine: CachedEngine, key: Operation, done: asyncio.Future[KgError | None], answer: AsyncAnswer
    ) -> None:
        self.engine, self.key, self.done, self.answer = engine, key, done, answer
        self.pieces: list[Piece] = []
        self.size = self.in_memory = 0

    async def next(self) -> Piece:
        if self.size:  # from here on the client sets the pace, which others need not wait for
            self.engine.finish(self.key, self.done)
        try:
            chunk = await self.answer.chunks.next()
        except BaseException:
            self.close()
            raise
        self.size += len(chunk)
        if chunk:
            self.take(chunk)
        else:
            self.keep()
            self.close()
        return chunk

    def take(self, chunk: Piece) -> None:
        """Remember a piece, unless they are too many, or too many of them are in memory."""
        self.in_memory += len(chunk) if isinstance(chunk, bytes) else 0
        if self.fits():
            self.pieces.append(chunk)
        else:
            self.pieces = []

    def fits(self) -> bool:
        return self.size <= self.engine.max_file and self.in_memory <= self.engine.max_body

    def keep(self) -> None:
        """The answer is whole."""
        if self.in_memory == self.size <= self.engine.max_body:
            self.engine.keep(self.key, self.answer.format, b"".join(map(bytes, self.pieces)))
        elif self.fits():
            self.engine.keep_pieces(self.key, self.answer.format, self.size, tuple(self.pieces))

    def close(self) -> None:
        self.answer.chunks.close()
        self.engine.finish(self.key, self.done)


class _Reread:
    """The chunks of an answer that is kept in files."""

    def __init__(self, pieces: tuple[Piece, ...]) -> None:
        self.pieces = iter(pieces)

    async def next(self) -> Piece:
        return next(self.pieces, b"")

    def close(self) -> None:
        """Nothing works on it."""
