"""The parent: holds the store, forks a worker for each connection, and remembers what workers died of."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import selectors
import shutil
import signal
import socket
import sys
import tempfile
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from kg.store.evaluate import Evaluator
from kg.store.pool import memory, worker
from kg.store.pool.frames import Kind, pack_json, receive
from kg.store.pool.limits import Limits

_REMEMBERED = 1000
_BACKLOG = 512
_PR_SET_PDEATHSIG = 1
_CAUSES = {signal.SIGALRM: "timeout", signal.SIGABRT: "memory", signal.SIGKILL: "killed"}


@dataclass(frozen=True)
class Pool:
    """A running pool, as the process that started it sees it.

    queries  path of the socket for queries: whoever connects gets a worker, which lives as long as the connection
    control  path of the socket for questions about workers
    life     the pool ends when every process that holds this descriptor has closed it
    """

    limits: Limits
    folder: Path
    pid: int
    life: int

    @property
    def queries(self) -> str:
        return str(self.folder / "queries")

    @property
    def control(self) -> str:
        return str(self.folder / "control")

    def stop(self) -> None:
        """End the pool and wait until its processes have gone."""
        with contextlib.suppress(OSError):
            os.close(self.life)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, 0)
        shutil.rmtree(self.folder, ignore_errors=True)


def start(evaluator: Evaluator, limits: Limits) -> Pool:
    """Fork the parent. The calling process must have one thread only: it forks."""
    gc.collect()
    memory.give_back_now()
    gc.freeze()  # a later collection would touch, and so copy, every page of the store's Python objects
    folder = Path(tempfile.mkdtemp(prefix="kg-"))
    listeners = [_listen(folder / name) for name in ("queries", "control")]
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(write_end)
        end_with_parent()
        _run_and_exit(lambda: _Parent(_prepared(evaluator), limits, listeners, read_end).run())
    os.close(read_end)
    for listener in listeners:
        listener.close()
    return Pool(limits, folder, pid, write_end)


def _prepared(evaluator: Evaluator) -> Evaluator:
    """What all workers evaluate with, made here: the process that serves has no use for it."""
    found = evaluator.prepared()
    gc.collect()
    memory.give_back_now()
    gc.freeze()
    return found


def end_with_parent() -> None:
    """Let the kernel end this process when the one that forked it ends, where the kernel can (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _listen(path: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    listener.listen(_BACKLOG)
    listener.setblocking(False)
    return listener


def _run_and_exit(run: Callable[[], int]) -> NoReturn:
    """All that a forked process does: nothing may return from it into the code of the one that forked it."""
    code = 1
    try:
        code = run()
    except BaseException:  # noqa: BLE001
        import traceback

        traceback.print_exc()
    finally:
        os._exit(code)


class _Parent:
    def __init__(self, evaluator: Evaluator, limits: Limits, listeners: list[socket.socket], life: int) -> None:
        self.evaluator, self.limits, self.life = evaluator, limits, life
        self.queries, self.control = listeners
        self.alive: set[int] = set()
        self.causes: OrderedDict[int, str] = OrderedDict()
        self.deaths: Counter[str] = Counter()
        self.waiting: dict[int, list[socket.socket]] = {}

    def run(self) -> int:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the life pipe ends us
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        wake, waker = socket.socketpair()
        waker.setblocking(False)
        signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        selector = selectors.DefaultSelector()
        for readable in (wake, self.queries, self.control, self.life):
            selector.register(readable, selectors.EVENT_READ)
        while True:
            ready = {key.fileobj for key, _ in selector.select()}
            if self.life in ready:
                break
            if wake in ready:
                wake.recv(4096)
                self.reap()
            if self.queries in ready:
                self.fork()
            if self.control in ready:
                self.answer()
        for pid in self.alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for pid in self.alive:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)
        return 0

    def fork(self) -> None:
        """A worker for whoever connects; the connection ends at once if the system has no room for one."""
        with contextlib.suppress(OSError):
            connection, _ = self.queries.accept()
            with connection:
                pid = os.fork()
                if pid == 0:
                    _run_and_exit(lambda: self.work(connection))
                self.alive.add(pid)

    def work(self, connection: socket.socket) -> int:
        end_with_parent()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self.queries.close()
        self.control.close()
        connection.setblocking(True)
        return worker.run(self.evaluator, connection, self.limits)

    def reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            cause = _cause(status)
            self.alive.discard(pid)
            if cause:
                self.deaths[cause] += 1
            self.causes[pid] = cause
            while len(self.causes) > _REMEMBERED:
                self.causes.popitem(last=False)
            for asker in self.waiting.pop(pid, ()):
                self.reply(asker, {"cause": cause})

    def answer(self) -> None:
        """One question: what a worker died of (answered once it has), to kill one, or for the numbers."""
        try:
            asker, _ = self.control.accept()
        except OSError:
            return
        asker.settimeout(1)
        try:
            question = receive(asker, Kind.REQUEST) or {}
        except (OSError, ValueError):
            question = {}
        pid = int(question.get("pid") or 0)
        if question.get("ask") == "kill" and pid in self.alive:
            os.kill(pid, signal.SIGKILL)
        if question.get("ask") == "cause" and pid in self.alive:
            self.waiting.setdefault(pid, []).append(asker)
            return
        self.reply(asker, {"cause": self.causes.get(pid, "crash"), "deaths": self.deaths, "workers": len(self.alive)})

    def reply(self, asker: socket.socket, answer: dict[str, object]) -> None:
        with asker, contextlib.suppress(OSError):
            asker.sendall(pack_json(Kind.ANSWER, answer))


def _cause(status: int) -> str:
    """What a worker died of; empty for one that nobody had any more use for."""
    if os.WIFSIGNALED(status):
        return _CAUSES.get(signal.Signals(os.WTERMSIG(status)), "crash")
    code = os.WEXITSTATUS(status)
    return {worker.EXIT_IDLE: "", worker.EXIT_GROWN: "renewed", worker.EXIT_MEMORY: "memory"}.get(code, "crash")
