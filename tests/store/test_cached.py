"""Answers that are kept: what is, where, and who waits for whom."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import AsyncIterator, Iterator

import pytest

from kg.store.cached import CachedEngine
from kg.store.operation import Abandonment, AsyncAnswer, Operation
from kg.store.pieces import FilePart, OpenFile, Piece
from kg.words.errors import BrokenOff, Crashed, QueryTimeout
from kg.words.formats import RESULTS_JSON, Format
from tests.files import in_a_file
from tests.loops import run

MEMORY, FILES = 16 * 100, 4 * 1000
"""So that an answer may have 100 bytes in memory, and 1,000 in files."""


class Chunks:
    def __init__(self, parts: Iterator[Piece], gate: asyncio.Event | None = None) -> None:
        self.parts, self.gate, self.closed = parts, gate, 0

    async def next(self) -> Piece:
        if self.gate:
            await self.gate.wait()
        return next(self.parts, b"")

    def close(self) -> None:
        self.closed += 1


class Fake:
    """Answers each query with so many bytes as it says, ten at a time; counts how often it was asked.

    in_memory  bytes that are in memory before the others are in files
    """

    def __init__(self, in_memory: int = 100) -> None:
        self.in_memory = in_memory
        self.asked: list[str] = []
        self.gate: asyncio.Event | None = None
        self.last: Chunks | None = None

    async def ask(self, operation: Operation, abandonment: Abandonment | None = None) -> AsyncAnswer:
        self.asked.append(operation.query)
        if operation.query == "crash":
            raise Crashed("it did")
        if operation.query == "slow":
            await asyncio.sleep(0.05)
            raise QueryTimeout("too long", 1)

        def parts() -> Iterator[Piece]:
            for place in range(0, int(operation.query.split()[0]), 10):
                yield b"0123456789" if place < self.in_memory else in_a_file(b"0123456789")
            if "broken" in operation.query:
                raise BrokenOff(Crashed("half of it"))

        self.last = Chunks(parts(), self.gate)
        return AsyncAnswer(RESULTS_JSON, self.last, {"evaluate": 1.0})


async def body(engine: CachedEngine, query: str) -> bytes:
    answer = await engine.ask(Operation(query))
    parts = []
    try:
        while part := await answer.chunks.next():
            parts.append(part)
    finally:
        answer.chunks.close()
    return b"".join(map(bytes, parts))


@pytest.mark.parametrize(("size", "evaluated"), [(0, 1), (50, 1), (100, 1), (110, 1), (1000, 1), (1010, 2)])
def test_answer_is_kept_in_memory_or_in_files_unless_it_is_too_large(size: int, evaluated: int) -> None:
    async def twice() -> tuple[bytes, bytes, int]:
        fake = Fake()
        engine = CachedEngine(fake, MEMORY, FILES)
        return await body(engine, str(size)), await body(engine, str(size)), len(fake.asked)

    assert run(twice()) == (b"0123456789" * (size // 10),) * 2 + (evaluated,)


@pytest.mark.parametrize(("size", "whole"), [(100, [False, True, True]), (110, [False, False, False])])
def test_answer_that_came_in_files_is_in_memory_once_it_is_asked_for_again(size: int, whole: list[bool]) -> None:
    async def thrice() -> list[bool]:
        engine = CachedEngine(Fake(in_memory=10), MEMORY, FILES)
        found = []
        for _ in whole:
            answer = await engine.ask(Operation(str(size)))
            found.append(answer.body is not None)
            read = [piece async for piece in of(answer)]
            assert b"".join(map(bytes, read)) == b"0123456789" * (size // 10)
        return found

    assert run(thrice()) == whole


async def of(answer: AsyncAnswer) -> AsyncIterator[Piece]:
    while piece := await answer.chunks.next():
        yield piece


def test_files_of_an_answer_that_is_too_large_to_be_kept_go_as_they_are_read() -> None:
    async def most() -> tuple[int, int]:
        engine = CachedEngine(Fake(), MEMORY, FILES)
        answer = await engine.ask(Operation("5000"))
        files: list[weakref.ref[OpenFile]] = []
        held = []
        while piece := await answer.chunks.next():
            if isinstance(piece, FilePart):
                files.append(weakref.ref(piece.file))
            held.append(sum(file() is not None for file in files))
        return max(held), held[-1]

    assert run(most()) == (90, 1)


def test_large_answer_that_came_without_files_is_not_kept() -> None:
    async def twice() -> int:
        fake = Fake(in_memory=1000)
        engine = CachedEngine(fake, MEMORY, FILES)
        await body(engine, "500")
        await body(engine, "500")
        return len(fake.asked)

    assert run(twice()) == 2


@pytest.mark.parametrize("size", [10, 100, 10_000_000])
def test_what_is_answered_at_once_is_kept_if_it_fits(size: int) -> None:
    asked: list[Operation] = []

    def quick(operation: Operation) -> tuple[Format, bytes]:
        asked.append(operation)
        return RESULTS_JSON, b"x" * size

    engine = CachedEngine(Fake(), MEMORY, FILES, quick)
    for was_kept in (False, size <= engine.max_body):
        answer = engine.at_once(Operation("ASK {}"))
        assert answer is not None
        assert (answer.body, answer.was_kept) == (b"x" * size, was_kept)
    assert len(asked) == (1 if size <= engine.max_body else 2)


@pytest.mark.parametrize(
    "query",
    ["50 NOW()", "50 rand()", "50 BNODE()", "50 StrUUID()", "50 { ?s ?p 1SERVICE ?s {} }", "50 ?x<uuid()", "50 éNOW()"],
)
def test_answer_that_would_differ_is_not_kept(query: str) -> None:
    async def twice() -> tuple[int, bool]:
        fake = Fake()
        engine = CachedEngine(fake, MEMORY, FILES)
        await body(engine, query)
        return len(fake.asked), (await engine.ask(Operation(query))).repeatable

    assert run(twice()) == (1, False)


@pytest.mark.parametrize("query", ['50 "NOW()"', "50 ?known", "50 a:memorandum", "50 ?rand", "50 now_()"])
def test_word_that_is_no_keyword_makes_no_answer_differ(query: str) -> None:
    async def twice() -> int:
        fake = Fake()
        engine = CachedEngine(fake, MEMORY, FILES)
        await body(engine, query)
        await body(engine, query)
        return len(fake.asked)

    assert run(twice()) == 1


def test_time_limit_makes_no_other_question() -> None:
    async def twice() -> int:
        fake = Fake()
        engine = CachedEngine(fake, MEMORY, FILES)
        await body(engine, "50")
        answer = await engine.ask(Operation("50", timeout_s=1))
        assert await answer.chunks.next() == b"0123456789" * 5
        return len(fake.asked)

    assert run(twice()) == 1


def test_those_who_ask_meanwhile_wait_for_the_first() -> None:
    async def together() -> tuple[list[bytes], int]:
        fake = Fake()
        fake.gate = asyncio.Event()
        engine = CachedEngine(fake, MEMORY, FILES)
        tasks = [asyncio.create_task(body(engine, "10")) for _ in range(5)]
        await asyncio.sleep(0)
        fake.gate.set()
        return await asyncio.gather(*tasks), len(fake.asked)

    assert run(together()) == ([b"0123456789"] * 5, 1)


def test_nobody_waits_for_a_client_that_does_not_read() -> None:
    async def beside() -> tuple[bytes, int]:
        fake = Fake()
        engine = CachedEngine(fake, MEMORY, FILES)
        slow = await engine.ask(Operation("90"))
        for _ in range(3):
            await slow.chunks.next()
        return await body(engine, "90"), len(fake.asked)

    assert run(beside()) == (b"0123456789" * 9, 2)


@pytest.mark.parametrize("query", ["50 broken", "500 broken"])
def test_answer_that_broke_off_is_not_kept(query: str) -> None:
    async def twice() -> int:
        fake = Fake()
        engine = CachedEngine(fake, MEMORY, FILES)
        for _ in range(2):
            with pytest.raises(BrokenOff):
                await body(engine, query)
        return len(fake.asked)

    assert run(twice()) == 2


def test_failure_lets_those_who_wait_try_themselves() -> None:
    async def together() -> list[str]:
        fake = Fake()
        engine = CachedEngine(fake, MEMORY, FILES)
        await asyncio.gather(*(body(engine, "crash") for _ in range(3)), return_exceptions=True)
        return fake.asked

    assert run(together()) == ["crash"] * 3


def test_what_took_one_too_long_is_not_tried_by_those_who_wait() -> None:
    async def together() -> tuple[list[str], int]:
        fake = Fake()
        engine = CachedEngine(fake, MEMORY, FILES)
        found = await asyncio.gather(*(body(engine, "slow") for _ in range(3)), return_exceptions=True)
        return fake.asked, sum(isinstance(f, QueryTimeout) for f in found)

    assert run(together()) == (["slow"], 3)


def test_answer_that_nobody_reads_to_its_end_is_closed_and_not_kept() -> None:
    async def left() -> tuple[int, int]:
        fake = Fake()
        engine = CachedEngine(fake, MEMORY, FILES)
        answer = await engine.ask(Operation("50"))
        await answer.chunks.next()
        answer.chunks.close()
        assert fake.last
        closed = fake.last.closed
        await body(engine, "50")
        return closed, len(fake.asked)

    assert run(left()) == (1, 2)
