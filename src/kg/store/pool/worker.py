"""A worker: accepts a query, evaluates it under limits that the kernel enforces, writes the answer."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import resource
import select
import signal
import socket
import threading
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import pyoxigraph as ox

from kg.store.evaluate import evaluate
from kg.store.operation import Operation
from kg.store.pool import frames
from kg.words import formats
from kg.words.errors import KgError

if TYPE_CHECKING:
    from kg.store.pool.parent import Limits

EXIT_IDLE, EXIT_BUG, EXIT_MEMORY = 0, 1, 70
_STACK_BYTES = 64 << 20
_CHUNK = 64 * 1024
_FLUSH_AFTER_S = 0.25
_CHECK_GROWTH_AFTER_S = 0.05
_FORMATS = {f.media_type: f for f in formats.RESULTS + formats.GRAPHS + formats.DATASETS}


def run(store: ox.Store, base: str, listener: socket.socket, life: int, limits: Limits) -> int:
    """Answer queries until the server ends or this process has grown; return the exit code.

    life  readable once the server has ended
    A thread of its own does the work: it has random numbers of its own, where the first thread of every worker has
    inherited the same ones, so that two workers would make the same UUID; and a stack for deeply nested queries.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    _limit_memory(limits.memory_bytes + _STACK_BYTES)
    threading.stack_size(_STACK_BYTES)
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(_answer(store, base, listener, life, limits)))
    thread.start()
    thread.join()
    return codes[0] if codes else EXIT_BUG


def _answer(store: ox.Store, base: str, listener: socket.socket, life: int, limits: Limits) -> int:
    at_start = _private_bytes()
    while True:
        readable, _, _ = select.select((listener.fileno(), life), (), ())
        if life in readable:
            return EXIT_IDLE
        try:
            connection, _ = listener.accept()  # another worker may have been faster
        except BlockingIOError:
            continue
        began = time.monotonic()
        with connection:
            connection.setblocking(True)
            try:
                _serve(store, base, connection, limits)
            except MemoryError:
                return EXIT_MEMORY
            except OSError:
                pass  # whoever asked has gone
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
        if time.monotonic() - began > _CHECK_GROWTH_AFTER_S:
            gc.collect()
            if _private_bytes() - at_start > limits.memory_bytes // 4:
                return EXIT_IDLE


def _serve(store: ox.Store, base: str, connection: socket.socket, limits: Limits) -> None:
    frames.send_json(connection, {"pid": os.getpid()})
    request = frames.receive_json(connection)
    if request is None:
        return
    asked = request["timeout_s"]
    signal.setitimer(signal.ITIMER_REAL, limits.timeout_s if asked is None else min(asked, limits.timeout_s))
    operation = Operation(
        request["query"],
        _FORMATS.get(request["results"]),
        _FORMATS.get(request["graph"]),
        tuple(request["default_graphs"]),
        tuple(request["named_graphs"]),
    )
    try:
        format_, write = evaluate(store, base, operation)
        output = _Output(connection, format_.media_type)
        write(cast(IO[bytes], output))
        output.finish()
    except KgError as error:
        frames.send_json(connection, {"error": error.slug, **vars(error)})


class _Output(io.RawIOBase):
    """Sends what is written in frames: the first when there is enough of it, or it took long enough, or all is there."""

    def __init__(self, connection: socket.socket, media_type: str) -> None:
        self.connection = connection
        self.header: dict[str, object] | None = {"format": media_type}
        self.began = self.flushed = time.monotonic()
        self.buffer = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        view = bytes(data)  # type: ignore[call-overload]
        self.buffer += view
        if len(self.buffer) >= _CHUNK or time.monotonic() - self.flushed > _FLUSH_AFTER_S:
            self.send()
        return len(view)

    def send(self) -> None:
        self.flushed = time.monotonic()
        if self.header is not None:
            frames.send_json(self.connection, {**self.header, "evaluate_ms": (self.flushed - self.began) * 1000})
            self.header = None
        if self.buffer:
            frames.send(self.connection, bytes(self.buffer))
            self.buffer.clear()

    def finish(self) -> None:
        self.send()
        frames.send(self.connection, b"")


def _limit_memory(above_bytes: int) -> None:
    """Let the address space grow by so much from here. Allocation beyond it ends the process."""
    with contextlib.suppress(OSError, ValueError):  # a system that has no such limit, or a lower one already
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + above_bytes
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _private_bytes() -> int:
    """Memory that only this process holds; 0 where the system does not tell."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/smaps_rollup").read_text().splitlines():
            if line.startswith("Private_Dirty:"):
                return int(line.split()[1]) * 1024
    return 0
