"""The parent: holds the store, forks the server and the workers, and remembers what workers died of."""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import selectors
import signal
import socket
import tempfile
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.store.evaluate import Evaluator
from kg.store.forking import end_with_parent, run_and_exit
from kg.store.pool import memory, segments, worker
from kg.store.pool.frames import Kind, Line, pack
from kg.store.pool.limits import Limits

_REMEMBERED = 1000
_BACKLOG = 512
_CAUSES = {signal.SIGALRM: "timeout", signal.SIGABRT: "memory", signal.SIGKILL: "killed"}
_STOPS_WITHIN_S = 10.0
_AGAIN_S = 0.1
_MOST_DEATHS, _DEATHS_WITHIN_S = 5, 10.0

log = logging.getLogger("kg")


@dataclass(frozen=True)
class Pool:
    """Where the parent is asked.

    listeners  for queries, and for questions about workers: the parent's alone
    life       descriptor that can be read once the parent has gone; `alive` is its other end, the parent's alone
    """

    limits: Limits
    folder: Path
    listeners: tuple[socket.socket, socket.socket]
    life: int
    alive: int

    @property
    def queries(self) -> str:
        """Path of the socket for queries: whoever connects gets a worker, which lives as long as the connection."""
        return str(self.folder / "queries")

    @property
    def control(self) -> str:
        """Path of the socket for questions about workers."""
        return str(self.folder / "control")


@contextlib.contextmanager
def opened(limits: Limits) -> Iterator[Pool]:
    """A pool that is yet to run. Its folder goes with it."""
    with tempfile.TemporaryDirectory(prefix="kg-") as name:
        folder = Path(name)
        yield Pool(limits, folder, (_listen(folder / "queries"), _listen(folder / "control")), *os.pipe())


def run(pool: Pool, evaluator: Evaluator | None, serve: Callable[[], None]) -> int:
    """Be the parent until a signal comes: of a process that calls `serve`, and of the workers that it asks for.

    evaluator  of the workers; None if there are to be none, and the store is the serving process's own
    Return the exit code: 0 after a signal, 3 if the serving process ends by itself. One that is killed is replaced,
    unless the store was its own. The calling process must have one thread only: it forks.
    """
    gc.collect()
    memory.give_back_now()
    gc.freeze()  # a later collection would touch, and so copy, every page of the store's Python objects
    return _Parent(pool, evaluator, serve).run()


def _listen(path: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    listener.listen(_BACKLOG)
    listener.setblocking(False)
    return listener


class _Parent:
    """Waits for signals, for those who want a worker, and for those who ask what became of one.

    server  process id of the one that serves; 0 while there is none
    """

    def __init__(self, pool: Pool, evaluator: Evaluator | None, serve: Callable[[], None]) -> None:
        self.pool, self.evaluator, self.serve = pool, evaluator, serve
        self.queries, self.control = pool.listeners
        self.selector = selectors.DefaultSelector()
        self.server = 0
        self.server_deaths: deque[float] = deque(maxlen=_MOST_DEATHS)
        self.workers: set[int] = set()
        self.causes: OrderedDict[int, str] = OrderedDict()
        self.deaths: Counter[str] = Counter()
        self.waiting: dict[int, list[socket.socket]] = {}
        self.stopping = False
        self.code = 0

    def run(self) -> int:
        wake, waker = socket.socketpair()
        waker.setblocking(False)
        signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self.stop())
        for readable in (wake, self.queries, self.control):
            self.selector.register(readable, selectors.EVENT_READ)
        self.start_server()
        while not self.stopping:
            ready = {key.fileobj for key, _ in self.selector.select()}
            if wake in ready:
                wake.recv(4096)
                self.reap()
            if self.queries in ready:
                self.fork()
            if self.control in ready:
                self.answer()
        self.end()
        return self.code

    def stop(self) -> None:
        """A signal has come; Ctrl-C reaches the children too, which ignore it."""
        self.stopping = True

    def end(self) -> None:
        """Let the server finish what it can, then end all."""
        deadline = time.monotonic() + _STOPS_WITHIN_S
        if self.server:
            os.kill(self.server, signal.SIGTERM)
        while self.server and time.monotonic() < deadline:
            time.sleep(0.01)
            self.reap()
        left = {*self.workers, self.server} - {0}
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        for pid in left:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)

    def start_server(self) -> None:
        pid = os.fork()
        if pid == 0:
            run_and_exit(self.be_server)
        self.server = pid

    def be_server(self) -> None:
        self.be_child()
        self.serve()

    def be_child(self) -> None:
        """Let go of what only the parent needs."""
        end_with_parent()
        os.close(self.pool.alive)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self.selector.close()
        self.queries.close()
        self.control.close()

    def lose_server(self, status: int) -> None:
        """The server has gone. Start it again, unless it went by itself, too often, or with the store."""
        self.server = 0
        if self.stopping:
            return
        self.server_deaths.append(time.monotonic())
        often = len(self.server_deaths) == _MOST_DEATHS
        often = often and self.server_deaths[-1] - self.server_deaths[0] < _DEATHS_WITHIN_S
        if os.WIFSIGNALED(status) and self.evaluator and not often:
            log.warning("the process that serves was ended by signal %d. It is started again", os.WTERMSIG(status))
            time.sleep(_AGAIN_S)
            self.start_server()
        else:
            self.stopping, self.code = True, 3

    def fork(self) -> None:
        """A worker for whoever connects; the connection ends at once if the system has no room for one."""
        with contextlib.suppress(OSError):
            connection, _ = self.queries.accept()
            with connection:
                pid = os.fork()
                if pid == 0:
                    run_and_exit(lambda: self.work(connection))
                self.workers.add(pid)

    def work(self, connection: socket.socket) -> int:
        assert self.evaluator is not None
        self.be_child()
        connection.setblocking(True)
        return worker.run(self.evaluator, connection, self.pool.folder, self.pool.limits)

    def reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid == self.server:
                self.lose_server(status)
                continue
            cause = _cause(status)
            self.workers.discard(pid)
            segments.forget(self.pool.folder, pid)
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
            question = Line(asker).next(Kind.REQUEST) or {}
        except (OSError, ValueError):
            question = {}
        pid = int(question.get("pid") or 0)
        if question.get("ask") == "kill" and pid in self.workers:
            os.kill(pid, signal.SIGKILL)
        if question.get("ask") == "cause" and pid in self.workers:
            self.waiting.setdefault(pid, []).append(asker)
            return
        self.reply(
            asker, {"cause": self.causes.get(pid, "crash"), "deaths": dict(self.deaths), "workers": len(self.workers)}
        )

    def reply(self, asker: socket.socket, answer: dict[str, object]) -> None:
        with asker, contextlib.suppress(OSError):
            asker.sendall(pack(Kind.REPLY, answer))


def _cause(status: int) -> str:
    """What a worker died of; empty for one that nobody had any more use for."""
    if os.WIFSIGNALED(status):
        return _CAUSES.get(signal.Signals(os.WTERMSIG(status)), "crash")
    code = os.WEXITSTATUS(status)
    return {worker.EXIT_IDLE: "", worker.EXIT_GROWN: "renewed", worker.EXIT_MEMORY: "memory"}.get(code, "crash")
