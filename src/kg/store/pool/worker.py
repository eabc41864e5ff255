"""A worker: accepts a query, evaluates it under limits that the kernel enforces, writes the answer."""

from __future__ import annotations

import contextlib
import io
import os
import resource
import select
import signal
import socket
import threading
import time
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from kg.store.evaluate import evaluate
from kg.store.federation import Gateway
from kg.store.operation import Operation
from kg.store.pool import frames
from kg.store.pool.limits import Limits
from kg.words import formats
from kg.words.errors import Crashed, KgError

EXIT_IDLE, EXIT_BUG, EXIT_MEMORY = 0, 1, 70
_STACK_BYTES = 64 << 20
_CHUNK = 64 * 1024
_FLUSH_AFTER_S = 0.25
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
    at_start, share = _private_bytes(), limits.memory_bytes // 4
    looked_at = _touched_bytes()
    while True:
        readable, _, _ = select.select((listener.fileno(), life), (), ())
        if life in readable:
            return EXIT_IDLE
        try:
            connection, _ = listener.accept()  # another worker may have been faster
        except BlockingIOError:
            continue
        with connection:
            connection.setblocking(True)
            try:
                _serve(store, base, connection, limits)
            except MemoryError:
                return EXIT_MEMORY
            except _Gone:
                pass
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
        if _touched_bytes() - looked_at > share:  # only then can it have grown past its share
            looked_at = _touched_bytes()
            if _private_bytes() - at_start > share:
                return EXIT_IDLE


def _serve(store: ox.Store, base: str, connection: socket.socket, limits: Limits) -> None:
    output = _Output(connection)
    output.frame({"pid": os.getpid()})
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
        bindings=tuple((variable, term) for variable, term in request["bindings"]),
    )
    with Gateway(limits.federation) as gateway:
        try:
            began = time.monotonic()
            format_, write = evaluate(store, base, operation, gateway.rewrite)
            output.header = {"format": format_.media_type, "parse_ms": (time.monotonic() - began) * 1000}
            write(cast(IO[bytes], output))
            output.finish()
        except KgError as error:
            output.refuse(gateway.failure() or error)
        except (OSError, RuntimeError, ValueError) as error:
            if output.gone:
                raise _Gone from None
            if output.header is None:
                raise  # half of the answer is on its way: only this worker's end tells that there is no more
            output.refuse(gateway.failure() or Crashed(f"the evaluator gave up: {error}"))


class _Gone(Exception):
    """Whoever asked has gone."""


class _Output(io.RawIOBase):
    """Sends what is written in frames: one when there is enough, when it took long enough, or at the end.

    header  sent in front of the first bytes, and None from then on
    gone    whether there is nobody to send to
    """

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.header: dict[str, object] | None = {}
        self.began = self.flushed = time.monotonic()
        self.buffer = bytearray()
        self.gone = False

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
            self.frame({**self.header, "evaluate_ms": (self.flushed - self.began) * 1000})
            self.header = None
        if self.buffer:
            self.frame(bytes(self.buffer))
            self.buffer.clear()

    def finish(self) -> None:
        self.send()
        self.frame(b"")

    def refuse(self, error: KgError) -> None:
        """Tell why there is no answer."""
        self.frame({"error": error.slug, **vars(error)})

    def frame(self, content: bytes | dict[str, object]) -> None:
        """Send one frame. Raise _Gone if nobody is there."""
        try:
            if isinstance(content, bytes):
                frames.send(self.connection, content)
            else:
                frames.send_json(self.connection, content)
        except OSError:
            self.gone = True
            raise _Gone from None


def _limit_memory(above_bytes: int) -> None:
    """Let the address space grow by so much from here. Allocation beyond it ends the process."""
    with contextlib.suppress(OSError, ValueError):  # a system that has no such limit, or a lower one already
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + above_bytes
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _touched_bytes() -> int:
    """Memory that this process has begun to use since it was forked, whether or not it still does. Quick to know."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt * resource.getpagesize()


def _private_bytes() -> int:
    """Memory that only this process holds; 0 where the system does not tell. Takes longer the larger the store."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/smaps_rollup").read_text().splitlines():
            if line.startswith("Private_Dirty:"):
                return int(line.split()[1]) * 1024
    return 0
