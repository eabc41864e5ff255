"""Listening, admitting, letting go."""

from __future__ import annotations

import asyncio
import errno
import resource
import socket
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any

from kg.http.balance import Balance
from kg.http.connection import Connection
from kg.http.exchange import Exchange
from kg.words.errors import BadInput

_BACKLOG = 2048
_OTHER_FILES = 1024
_TICK_S = 1.0
_A_MOMENT_S = 0.001


@dataclass(frozen=True)
class HttpLimits:
    """What clients may take.

    connections       at once
    head_bytes        of a request: its first line and headers
    body_bytes        of a request
    all_bodies_bytes  of all requests that are being read or answered
    head_within_s, body_within_s  from the first byte to the last
    idle_s            between two requests
    lingers_s         for reading a refusal
    stop_within_s     for requests under way, once the server stops
    """

    connections: int = 8192
    head_bytes: int = 128 << 10
    body_bytes: int = 16 << 20
    all_bodies_bytes: int = 512 << 20
    head_within_s: float = 30.0
    body_within_s: float = 60.0
    idle_s: float = 75.0
    lingers_s: float = 10.0
    stop_within_s: float = 5.0


class Server:
    """Serves connections on an event loop.

    handle      called with each request; it may answer then or later
    connect     what a connection is made of
    balance     of this process, which has this number, and others that accept on the same sockets
    date        the Date header of answers
    held_bytes  of requests' bodies
    """

    loop: asyncio.AbstractEventLoop
    ticking: asyncio.TimerHandle

    def __init__(
        self,
        handle: Callable[[Exchange], object],
        limits: HttpLimits | None = None,
        connect: Callable[[Server], Connection] = Connection,
        balance: Balance | None = None,
        number: int = 0,
    ) -> None:
        self.handle, self.connect = handle, connect
        self.balance, self.number = balance or Balance(), number
        self.limits = limits or HttpLimits()
        self.connections: set[Connection] = set()
        self.most_connections = 0
        self.is_stopping = False
        self.held_bytes = 0
        self.date = b""
        self.tasks: set[asyncio.Task[None]] = set()

    async def run(self, sockets: list[socket.socket], stop: asyncio.Event) -> None:
        """Serve until the event; requests under way then have a moment."""
        self.loop = asyncio.get_running_loop()
        self.most_connections = _raised_file_limit(self.limits.connections)
        self.tick()
        self.balance.tell(self.number, 0)
        for listener in sockets:
            listener.listen(_BACKLOG)
            self.listen(listener)
        await stop.wait()
        self.is_stopping = True
        self.balance.tell(self.number, None)
        for listener in sockets:
            self.loop.remove_reader(listener)
            listener.close()
        for connection in tuple(self.connections):
            if connection.answering is None:
                connection.transport.close()
        deadline = self.loop.time() + self.limits.stop_within_s
        while self.connections and self.loop.time() < deadline:
            await asyncio.sleep(0.02)
        for connection in tuple(self.connections):
            connection.break_off()
        self.ticking.cancel()

    def accept(self, listener: socket.socket) -> None:
        """A connection has come. A process that has fewer may take it, if it does so within a moment."""
        if self.balance.is_even(self.number):
            self.take(listener)
        else:
            self.loop.remove_reader(listener)
            self.loop.call_later(_A_MOMENT_S, self.take, listener)

    def take(self, listener: socket.socket) -> None:
        """Accept one, unless another process was quicker, and wait for the next."""
        if self.is_stopping:
            return
        try:
            connected, _ = listener.accept()
        except (BlockingIOError, ConnectionError):
            pass
        except OSError:  # no room for one more in this process, or in the system
            self.loop.remove_reader(listener)
            self.loop.call_later(_TICK_S, self.listen, listener)
            return
        else:
            connected.setblocking(False)
            self.welcome(connected)
        self.listen(listener)

    def listen(self, listener: socket.socket) -> None:
        """Have `accept` called when a connection comes."""
        if not self.is_stopping:
            self.loop.add_reader(listener, self.accept, listener)

    def welcome(self, connected: socket.socket, early: bytes = b"") -> None:
        """Serve a connection.

        early  what has come of it to another process, which passes it on
        """
        task = self.loop.create_task(self._welcome(connected, early))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _welcome(self, connected: socket.socket, early: bytes) -> None:
        def connection() -> Connection:
            made = self.connect(self)
            made.early = early
            return made

        try:
            await self.loop.connect_accepted_socket(connection, connected)
        except OSError:  # the client has gone
            connected.close()

    def admit(self, connection: Connection) -> bool:
        """Whether there is room for one more."""
        self.connections.add(connection)
        self.count()
        return len(self.connections) <= self.most_connections

    def forget(self, connection: Connection) -> None:
        self.connections.discard(connection)
        self.count()

    def count(self) -> None:
        """Let the others know how many connections this process has."""
        if not self.is_stopping:
            self.balance.tell(self.number, len(self.connections))

    def tick(self) -> None:
        """Once a second: what time it is, and who is late."""
        self.ticking = self.loop.call_later(_TICK_S, self.tick)
        self.date = f"date: {formatdate(usegmt=True)}\r\n".encode()
        now = self.loop.time()
        for connection in [c for c in self.connections if c.deadline < now]:
            connection.be_late()


def bind(host: str, port: int) -> list[socket.socket]:
    """Sockets for all addresses of a host, which do not listen yet. Raise BadInput if they cannot."""
    found: list[socket.socket] = []
    try:
        infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, _, _, _, address in dict.fromkeys(infos):
            found.append(_bound(family, address))
    except PermissionError:
        reason: str | None = "this port needs rights you do not have. Choose one above 1023"
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        reason = "something listens there already. Stop it or choose another --port" if taken else error.strerror
    else:
        return found
    for listener in found:
        listener.close()
    raise BadInput(f"cannot listen on {host}:{port}: {reason}")


def _bound(family: int, address: tuple[Any, ...]) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind(address)
        listener.setblocking(False)
    except BaseException:
        listener.close()
        raise
    return listener


def _raised_file_limit(connections: int) -> int:
    """How many clients may be connected at once; the limit of open files is raised as far as that needs and may go."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + _OTHER_FILES
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return max(most - _OTHER_FILES, 1)
