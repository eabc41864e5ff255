"""A worker: evaluates the queries of one connection under limits that the kernel enforces, and writes the answers."""

from __future__ import annotations

import contextlib
import io
import os
import resource
import signal
import socket
import threading
import time
from pathlib import Path
from typing import IO, cast

from kg.store.evaluate import Evaluator
from kg.store.federation import Gateway
from kg.store.operation import Operation
from kg.store.pool import segments
from kg.store.pool.frames import Kind, Line, number_of, operation_of, pack
from kg.store.pool.limits import Limits
from kg.words.errors import Crashed, KgError
from kg.words.formats import Format

EXIT_IDLE, EXIT_BUG, EXIT_MEMORY, EXIT_GROWN = 0, 1, 70, 71
_STACK_BYTES = 64 << 20
_SMALL, _PIECE = 256 << 10, 1 << 20
"""Bytes of an answer that goes over whole, and of the parts of a large one, which grow so far."""
_AHEAD = 4 << 20
"""Bytes that a client need not have taken yet."""
_FLUSH_AFTER_S = 0.25


def run(evaluator: Evaluator, connection: socket.socket, folder: Path, limits: Limits) -> int:
    """Answer queries until the connection ends or this process has grown; return the exit code.

    folder  for the files of large answers
    A thread of its own does the work: it has random numbers of its own, where the first thread of every worker has
    inherited the same ones, so that two workers would make the same UUID; and a stack for deeply nested queries.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    _limit_memory(limits.memory_bytes + _STACK_BYTES)
    threading.stack_size(_STACK_BYTES)
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(_Worker(evaluator, connection, folder, limits).run()))
    thread.start()
    thread.join()
    return codes[0] if codes else EXIT_BUG


class _Worker:
    def __init__(self, evaluator: Evaluator, connection: socket.socket, folder: Path, limits: Limits) -> None:
        self.evaluator, self.limits = evaluator, limits
        self.line, self.file = Line(connection), segments.Writer(folder)
        self.share = limits.memory_bytes // 4
        self.at_start, self.looked_at = _private_bytes(), _touched_bytes()

    def run(self) -> int:
        try:
            self.line.send(pack(Kind.HELLO, os.getpid()))
            stays = True
            while (request := self.line.next(Kind.REQUEST)) is not None:
                stays = self.serve(operation_of(request))
            return EXIT_IDLE if stays else EXIT_GROWN
        except MemoryError:
            return EXIT_MEMORY
        except (_Gone, OSError):
            pass
        return EXIT_IDLE

    def serve(self, operation: Operation) -> bool:
        """Answer one query; return whether this worker can take another."""
        asked = operation.timeout_s
        seconds = self.limits.timeout_s if asked is None else min(asked, self.limits.timeout_s)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        output = _Output(self.line, self.file)
        with Gateway(self.limits.federation) as gateway:
            try:
                format_, write = self.evaluator.evaluate(operation, gateway.rewrite)
                output.begin(format_)
                write(cast(IO[bytes], output))
            except KgError as error:
                output.refuse(gateway.failure() or error)
            except (OSError, RuntimeError, ValueError) as error:
                if output.gone:
                    raise _Gone from None
                output.refuse(gateway.failure() or Crashed(f"the evaluator gave up: {error}"))
        signal.setitimer(signal.ITIMER_REAL, 0)
        stays = not self.has_grown()
        output.end(stays=stays)
        return stays

    def has_grown(self) -> bool:
        """Whether this process holds more memory of its own than its share."""
        if _touched_bytes() - self.looked_at <= self.share:  # quick to know: it cannot have grown past its share
            return False
        self.looked_at = _touched_bytes()
        return _private_bytes() - self.at_start > self.share


class _Gone(Exception):
    """Whoever asked has gone."""


class _Output(io.RawIOBase):
    """Sends what is written in parts: when there is enough, when it took long enough, and at the end.

    flowing  whether a part of the answer has been sent
    gone     whether there is nobody to send to
    """

    def __init__(self, line: Line, file: segments.Writer) -> None:
        self.line, self.file = line, file
        self.header: tuple[int, float] | None = None
        self.began = self.flushed = time.monotonic()
        self.parts: list[bytes] = []
        self.size = self.sent = self.ahead = 0
        self.flowing = self.gone = False

    def begin(self, format_: Format) -> None:
        """The query has been parsed; its answer is written from here on."""
        self.header = number_of(format_), self.since_ms()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        given = bytes(data)  # type: ignore[call-overload]
        for start in range(0, len(given), _PIECE):
            part = given[start : start + _PIECE]
            self.parts.append(part)
            self.size += len(part)
            enough = min(max(self.sent, _SMALL), _PIECE)
            if self.size > enough or time.monotonic() - self.flushed > _FLUSH_AFTER_S:
                self.push()
        return len(given)

    def push(self, end: bytes = b"") -> None:
        """Send what has been written. Not `flush`, which the library calls at the end of an answer.

        end  a last frame, which goes with it
        """
        self.flushed = time.monotonic()
        frames = []
        if not self.flowing and self.header:
            frames.append(pack(Kind.HEADER, (*self.header, self.since_ms())))
            self.flowing = True
        if self.size:
            self.wait()
            self.sent += self.size
            self.ahead += self.size
            frames.append(self.part())
            self.clear()
        self.send(b"".join((*frames, end)))

    def wait(self) -> None:
        """Go no further until the client has taken enough."""
        while self.ahead >= _AHEAD:
            taken = self.line.next(Kind.TAKEN)
            if taken is None:
                self.gone = True
                raise _Gone
            self.ahead -= taken

    def part(self) -> bytes:
        """What has been written, as a frame: of a large answer in a file, unless there is no room."""
        if self.sent > _SMALL:
            with contextlib.suppress(OSError):
                return pack(Kind.PIECE, (self.size, self.file.append(self.parts, self.size)))
        return pack(Kind.DATA, b"".join(self.parts))

    def refuse(self, error: KgError) -> None:
        """Tell why there is no answer, or no more of it."""
        self.clear()
        self.send(pack(Kind.REFUSAL, (error.slug, vars(error))))
        self.header = None

    def end(self, *, stays: bool) -> None:
        """All is written: send the rest. A small answer goes out in one piece."""
        if self.header and not self.flowing:
            self.send(pack(Kind.WHOLE, (*self.header, self.since_ms(), stays, b"".join(self.parts))))
        else:
            self.push(pack(Kind.END, stays))
            self.file.close()

    def clear(self) -> None:
        self.parts, self.size = [], 0

    def since_ms(self) -> float:
        """Milliseconds since this began."""
        return (time.monotonic() - self.began) * 1000

    def send(self, frames: bytes) -> None:
        """Raise _Gone if nobody is there."""
        try:
            self.line.send(frames)
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
