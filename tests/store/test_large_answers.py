"""How a large answer comes from a worker: in files, no faster than it is taken, and whole without them."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from kg.store.operation import Operation
from kg.store.pieces import FilePart, Piece
from kg.store.pool import AsyncPool, Limits, Pool, segments, worker
from kg.store.pool.conversation import Conversation, Worker
from kg.store.pool.frames import Kind, Line, pack, pack_operation
from kg.words.errors import BrokenOff, Busy, KgError
from kg.words.formats import RESULTS_CSV
from tests.files import opened
from tests.loops import run

Take = Callable[[Conversation, "Writing"], Any]
KB, MB = 1 << 10, 1 << 20


class Writing(threading.Thread):
    """A worker that writes parts of some sizes; `written` tells how far it is."""

    def __init__(self, connection: socket.socket, folder: Path, sizes: list[int]) -> None:
        super().__init__()
        self.connection, self.folder, self.sizes = connection, folder, sizes
        self.written = 0

    def run(self) -> None:
        with self.connection:
            line = Line(self.connection)
            output = worker._Output(line, segments.Writer(self.folder))
            output.begin(RESULTS_CSV)
            try:
                for part in parts(self.sizes):
                    output.write(part)
                    self.written += len(part)
                output.end(stays=True)
            except worker._Gone:
                return
            line.next(Kind.REQUEST)


def parts(sizes: list[int]) -> Iterator[bytes]:
    chance = random.Random(1)
    for size in sizes:
        yield chance.randbytes(min(size, 1000)) * max(size // 1000, 1)


def given(sizes: list[int], written: Path, read: Path, take: Take) -> Any:
    """What comes of an answer of parts of these sizes.

    written, read  the folder for files, as the worker and the server know it
    """

    async def given_() -> Any:
        here, there = socket.socketpair()
        writing = Writing(there, written, sizes)
        pool = AsyncPool(Pool(Limits(), read, (here, there), 0, 0))
        _, talker = await asyncio.get_running_loop().create_connection(lambda: Worker(pool), sock=here)
        talker.pid = os.getpid()
        pool.workers.add(talker)
        conversation = Conversation(pool, talker, Operation(""))
        writing.start()
        try:
            return await take(conversation, writing)
        finally:
            conversation.close()
            talker.transport.abort()
            await asyncio.to_thread(writing.join)

    return run(given_(), 60)


async def pieces(conversation: Conversation, writing: Writing) -> list[Piece]:
    answer = await conversation.begin(0)
    return [piece async for piece in of(answer.chunks)]


async def of(chunks: Any) -> Any:
    while piece := await chunks.next():
        yield piece


SIZES = {
    "whole": [200 * KB],
    "one large part": [40 * MB],
    "large parts": [300 * KB] * 100,
    "small parts": [5000] * 5000,
    "tiny parts": [100] * 20_000,
    "of many sizes": [1, 300 * KB, 7, 18 * MB, 1, 1, 5 * MB, 1] * 2,
}


@pytest.mark.parametrize("sizes", SIZES.values(), ids=SIZES)
def test_an_answer_comes_as_it_was_written_and_leaves_no_file(sizes: list[int], tmp_path: Path) -> None:
    found = given(sizes, tmp_path, tmp_path, pieces)
    assert b"".join(map(bytes, found)) == b"".join(parts(sizes))
    assert all(isinstance(piece, bytes if sum(sizes) <= 256 * KB else FilePart) for piece in found)
    assert list(tmp_path.iterdir()) == []
    del found
    assert opened(os.getpid()) == []


def test_a_worker_is_never_far_ahead_and_files_go_as_they_are_taken(tmp_path: Path) -> None:
    async def slowly(conversation: Conversation, writing: Writing) -> int:
        answer = await conversation.begin(0)
        taken = count = 0
        while piece := await answer.chunks.next():
            taken += len(piece)
            count += 1
            if count % 10 == 0:
                await asyncio.sleep(0.02)  # the worker would go on
            assert writing.written - taken <= 7 * MB
            assert len(opened(os.getpid())) <= 3  # the worker, a thread here, has one open too
            assert len(list(tmp_path.iterdir())) <= 1
        return taken

    assert given([300 * KB] * 700, tmp_path, tmp_path, slowly) == sum(map(len, parts([300 * KB] * 700)))


def test_a_worker_that_waits_for_its_client_hears_that_it_has_gone(tmp_path: Path) -> None:
    async def leave(conversation: Conversation, writing: Writing) -> None:
        await conversation.begin(0)
        while writing.written < 4 * MB:
            await asyncio.sleep(0.01)

    given([300 * KB] * 100, tmp_path, tmp_path, leave)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("sizes", SIZES.values(), ids=SIZES)
def test_an_answer_comes_without_files_where_there_is_no_room(sizes: list[int], tmp_path: Path) -> None:
    found = given(sizes, tmp_path / "none", tmp_path, pieces)
    assert b"".join(map(bytes, found)) == b"".join(parts(sizes))
    assert all(isinstance(piece, bytes) for piece in found)


def short(file: int, parts: Sequence[bytes]) -> int:
    return os.write(file, parts[0][:100])


def full(*arguments: object) -> int:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(("call", "fails"), [("writev", short), ("writev", full), ("open", full)])
@pytest.mark.parametrize("when", [{0}, {1}, {3, 4, 9}, set(range(2, 1000))], ids=["0", "1", "3, 4, 9", "from 2 on"])
def test_room_that_ends_makes_no_difference_to_the_answer(
    call: str, fails: Callable[..., int], when: set[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    true, calls = getattr(os, call), iter(range(1000))

    def sometimes(*arguments: object) -> object:
        is_worker = isinstance(threading.current_thread(), Writing)
        return (fails if is_worker and next(calls) in when else true)(*arguments)

    monkeypatch.setattr(os, call, sometimes)
    sizes = [300 * KB] * 150
    found = given(sizes, tmp_path, tmp_path, pieces)
    assert b"".join(map(bytes, found)) == b"".join(parts(sizes))
    assert any(isinstance(piece, bytes) for piece in found) or min(when) > 2
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_cannot_open_a_file_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refused(conversation: Conversation, writing: Writing) -> KgError:
        answer = await conversation.begin(0)
        with pytest.raises(BrokenOff) as caught:
            await answer.chunks.next()
        return caught.value.cause

    monkeypatch.setattr(segments, "OpenFile", full)
    assert isinstance(given([300 * KB] * 100, tmp_path, tmp_path, refused), Busy)


def test_a_part_that_is_in_no_file_is_not_the_end_of_an_answer(tmp_path: Path) -> None:
    async def broken(conversation: Conversation, writing: Writing) -> bool:
        conversation.worker.data_received(pack(Kind.HEADER, (0, 0.0, 0.0)))
        with pytest.raises(ValueError, match="no file"):
            conversation.worker.data_received(pack(Kind.PIECE, (100, False)))
        return not conversation.whole

    assert given([10], tmp_path, tmp_path, broken)


def test_a_worker_that_has_grown_waits_until_its_answer_was_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Evaluator:
        def evaluate(self, operation: Operation, rewrite: object) -> Any:
            return RESULTS_CSV, lambda output: [output.write(b"x" * MB) for _ in range(2)]

    monkeypatch.setattr(worker._Worker, "has_grown", lambda self: True)
    here, there = socket.socketpair()
    codes: list[int] = []
    subject = worker._Worker(Evaluator(), there, tmp_path, Limits())  # type: ignore[arg-type]
    thread = threading.Thread(target=lambda: codes.append(subject.run()))
    thread.start()
    here.sendall(pack_operation(Operation("")))
    assert Line(here).next(Kind.END) is False
    thread.join(0.1)
    assert thread.is_alive()
    here.close()
    thread.join(10)
    there.close()
    assert codes == [worker.EXIT_GROWN]
