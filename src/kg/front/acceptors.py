"""Processes that accept connections beside the one that answers everything.

An acceptor answers what takes next to nothing. With any other request it passes the whole connection on, with what has
come of it, so everything that is shared, as kept answers and query processes, has one place. Both listen on the same
sockets, and they talk on a Unix-domain socket: all are forked from one process, and trust what the others write.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import struct
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from kg.front.metrics import Counts
from kg.http import Server

_LENGTH = struct.Struct("!I")
_COUNTS_WANTED = b"?"
_WITHIN_S = 1.0
"""What has begun to come on such a socket has been sent."""


@contextlib.contextmanager
def listening(folder: Path) -> Iterator[socket.socket]:
    """The socket on which acceptors reach the process that answers everything."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(folder / "passed"))
        listener.listen()
        listener.setblocking(False)
        yield listener


class Acceptor:
    """An acceptor's end of its channel. When the other process ends, so does this one.

    left  what has not been sent yet, and the descriptor that goes with it
    stop  what ends this process
    """

    def __init__(self, listener: socket.socket, counts: Counts, stop: asyncio.Event) -> None:
        self.channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.channel.connect(listener.getsockname())
        self.channel.setblocking(False)
        self.counts, self.stop = counts, stop
        self.left: deque[tuple[bytes, int | None]] = deque()
        self.loop = asyncio.get_running_loop()
        self.loop.add_reader(self.channel, self.hear)

    def pass_on(self, descriptor: int, early: bytes) -> bool:
        """Pass on a connection, with what has come of it; return whether there is anybody to pass it to."""
        if not self.stop.is_set():
            self.send(early, os.dup(descriptor))
        return not self.stop.is_set()

    def send(self, data: bytes, descriptor: int | None = None) -> None:
        self.left.append((_LENGTH.pack(len(data)) + data, descriptor))
        self.flush()

    def flush(self) -> None:
        """Send what the other process takes now, and the rest later."""
        self.loop.remove_writer(self.channel)
        try:
            while self.left:
                data, descriptor = self.left[0]
                sent = socket.send_fds(self.channel, [data], [] if descriptor is None else [descriptor])
                if descriptor is not None:
                    os.close(descriptor)
                self.left[0] = data[sent:], None
                if sent == len(data):
                    self.left.popleft()
        except BlockingIOError:
            self.loop.add_writer(self.channel, self.flush)
        except OSError:
            self.stop.set()

    def hear(self) -> None:
        """Tell the counts, as they are wanted, or end with the other process."""
        try:
            wanted = self.channel.recv(1)
        except OSError:
            wanted = b""
        if wanted:
            self.send(self.counts.packed())
        else:
            self.loop.remove_reader(self.channel)
            self.stop.set()


class Acceptors:
    """All acceptors, as the process sees them to which they pass on. Belongs to its event loop.

    lost  what those have answered that are gone, as far as they have told
    """

    def __init__(self, listener: socket.socket) -> None:
        self.listener = listener
        self.told: dict[socket.socket, bytes] = {}
        self.lost: list[bytes] = []
        self.asked: dict[socket.socket, asyncio.Future[None]] = {}

    def begin(self, server: Server) -> None:
        """Take connections over from now on."""
        self.server = server
        asyncio.get_running_loop().add_reader(self.listener, self.welcome)

    def welcome(self) -> None:
        """An acceptor has come."""
        with contextlib.suppress(OSError):
            channel, _ = self.listener.accept()
            channel.settimeout(_WITHIN_S)
            self.told[channel] = Counts().packed()
            asyncio.get_running_loop().add_reader(channel, self.hear, channel)

    def hear(self, channel: socket.socket) -> None:
        """A connection has come, or an acceptor's counts."""
        descriptors: list[int] = []
        try:
            head, descriptors, *_ = socket.recv_fds(channel, _LENGTH.size, 1)
            data = _exactly(channel, *_LENGTH.unpack(head))
        except (OSError, struct.error):
            self.lose(channel)
            for descriptor in descriptors:
                socket.close(descriptor)
            return
        if descriptors:
            connected = socket.socket(fileno=descriptors[0])
            connected.setblocking(False)
            self.server.welcome(connected, data)
        else:
            self.told[channel] = data
            if asked := self.asked.pop(channel, None):
                asked.set_result(None)

    def lose(self, channel: socket.socket) -> None:
        """An acceptor has gone."""
        asyncio.get_running_loop().remove_reader(channel)
        channel.close()
        self.lost.append(self.told.pop(channel))
        if asked := self.asked.pop(channel, None):
            asked.set_result(None)

    async def counts(self) -> list[bytes]:
        """What each acceptor has answered, packed; what it has told last, if it does not tell within a second."""
        loop = asyncio.get_running_loop()
        for channel in self.told:
            if channel not in self.asked:
                self.asked[channel] = loop.create_future()
                with contextlib.suppress(OSError):
                    channel.send(_COUNTS_WANTED)
        if self.asked:
            await asyncio.wait(self.asked.values(), timeout=_WITHIN_S)
        return [*self.lost, *self.told.values()]


def _exactly(channel: socket.socket, size: int) -> bytes:
    """So many bytes. Raise OSError if they do not come."""
    data = bytearray()
    while len(data) < size:
        if not (some := channel.recv(size - len(data))):
            raise ConnectionResetError("the acceptor has gone")
        data += some
    return bytes(data)
