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
from collections.abc import Callable, Iterator, Sequence
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
_LATER_S = 10.0

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
        yield Pool(limits, folder, (listen(folder / "queries"), listen(folder / "control")), *os.pipe())


def run(
    pool: Pool, evaluator: Evaluator | None, serve: Callable[[], None], beside: Sequence[Callable[[], None]] = ()
) -> int:
    """Be the parent until a signal comes: of a process that calls `serve`, and of the workers that it asks for.

    evaluator  of the workers; None if there are to be none, and the store is the serving process's own
    beside     what other processes do, each of which is started again when it ends
    Return the exit code: 0 after a signal, 3 if the serving process ends by itself. One that is killed is replaced,
    unless the store was its own. The calling process must have one thread only: it forks.
    """
    gc.collect()
    memory.give_back_now()
    memory.join_pages()
    gc.freeze()  # a later collection would touch, and so copy, every page of the store's Python objects
    return _Parent(pool, evaluator, serve, beside).run()


def listen(path: Path) -> socket.socket:
    """A Unix-domain socket that processes which are forked later may connect to; it does not block."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    listener.listen(_BACKLOG)
    listener.setblocking(False)
    return listener


class _Child:
    """A process that is started again when it ends.

    pid    0 while there is none
    after  when it may be started, in monotonic time
    """

    def __init__(self, work: Callable[[], None]) -> None:
        self.work = work
        self.pid = 0
        self.after = 0.0
        self.deaths: deque[float] = deque(maxlen=_MOST_DEATHS)

    def has_died(self) -> bool:
        """Take notice of that; return whether it happens too often."""
        self.deaths.append(time.monotonic())
        return len(self.deaths) == _MOST_DEATHS and self.deaths[-1] - self.deaths[0] < _DEATHS_WITHIN_S


class _Parent:
    """Waits for signals, for those who want a worker, and for those who ask what became of one.

    server   the process that serves
    helpers  those beside it
    """

    def __init__(
        self,
        pool: Pool,
        evaluator: Evaluator | None,
        serve: Callable[[], None],
        beside: Sequence[Callable[[], None]],
    ) -> None:
        self.pool, self.evaluator = pool, evaluator
        self.server, self.helpers = _Child(serve), [_Child(help_) for help_ in beside]
        self.queries, self.control = pool.listeners
        self.selector = selectors.DefaultSelector()
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
        self.start(self.server)
        while not self.stopping:
            ready = {key.fileobj for key, _ in self.selector.select(self.start_helpers())}
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
        for pid in self.serving():
            os.kill(pid, signal.SIGTERM)
        while self.serving() and time.monotonic() < deadline:
            time.sleep(0.01)
            self.reap()
        left = self.workers | self.serving()
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        for pid in left:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)

    def serving(self) -> set[int]:
        """Process ids of the server and of those beside it."""
        return {child.pid for child in (self.server, *self.helpers)} - {0}

    def start(self, child: _Child) -> None:
        pid = os.fork()
        if pid == 0:
            run_and_exit(lambda: self.be(child))
        child.pid = pid

    def be(self, child: _Child) -> None:
        self.be_child()
        child.work()

    def start_helpers(self) -> float | None:
        """Start those that are not there, as far as that may be; return seconds until it may be tried again."""
        missing = [helper for helper in self.helpers if not helper.pid]
        now = time.monotonic()
        for helper in missing:
            if helper.after <= now:
                try:
                    self.start(helper)
                except OSError as error:
                    log.warning("there is no room for a process beside the one that serves: %s", error.strerror)
                    helper.after = now + _LATER_S
        return min((h.after - now for h in missing if not h.pid), default=None)

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
        self.server.pid = 0
        if self.stopping:
            return
        if os.WIFSIGNALED(status) and self.evaluator and not self.server.has_died():
            log.warning("the process that serves was ended by signal %d. It is started again", os.WTERMSIG(status))
            time.sleep(_AGAIN_S)
            self.start(self.server)
        else:
            self.stopping, self.code = True, 3

    def lose_helper(self, helper: _Child, status: int) -> None:
        """One beside the server has gone. It ends by itself when the server does; else that should not be too often."""
        helper.pid, helper.after = 0, time.monotonic() + _AGAIN_S
        if status and not self.stopping and helper.has_died():
            helper.after += _LATER_S
            log.warning(
                "a process beside the one that serves died %d times. It is left alone for a while", _MOST_DEATHS
            )

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
            if pid == self.server.pid:
                self.lose_server(status)
                continue
            if helper := next((h for h in self.helpers if h.pid == pid), None):
                self.lose_helper(helper, status)
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
