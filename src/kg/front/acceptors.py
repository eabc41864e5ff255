"""Processes that accept connections beside the one that answers everything.

An acceptor answers what takes next to nothing. With any other request it passes the whole connection on, with what has
come of it, so everything that is shared, as kept answers and query processes, has one place. Both listen on the same
sockets, and they talk on a Unix-domain socket: all are forked from one process, and trust what the others write.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
import struct
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from kg.front.metrics import Counts
from kg.http import Server

HEAD = struct.Struct("!B?QI")
"""The kind of a message, whether a descriptor goes with it, that one's inode, and the length."""
_COUNTS_WANTED, _GIVEN = b"?", b"!"
"""What is said to an acceptor: one byte; a descriptor goes with the second."""
_WITHIN_S = 1.0
_AGAIN_S = 0.1
_MOST_WAITING = 256
"""Connections that are yet to be passed on; more are reset."""
_NO_ROOM = (errno.ETOOMANYREFS, errno.ENOBUFS, errno.ENOMEM)
"""In the system, for one more descriptor on its way."""


class Kind(IntEnum):
    """What an acceptor says.

    NUMBER  of the acceptor
    TOLD    what it has answered
    COUNTS  the same, as it was asked
    PASSED  what has come of a connection that it passes on
    """

    NUMBER, TOLD, COUNTS, PASSED = range(4)


class Acceptor:
    """An acceptor's end of its channel. When the other process ends, so does this one.

    told  the counts that it told last
    left  what has not been sent yet, and the descriptor that goes with it
    stop  what ends this process
    """

    def __init__(self, listener: socket.socket, number: int, counts: Counts, stop: asyncio.Event) -> None:
        self.channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.channel.connect(listener.getsockname())
        self.channel.setblocking(False)
        self.counts, self.stop = counts, stop
        self.told = b""
        self.left: deque[tuple[bytes, int | None]] = deque()
        self.loop = asyncio.get_running_loop()
        self.send(Kind.NUMBER, b"%d" % number)

    def begin(self, server: Server) -> None:
        """Take connections over from now on."""
        self.server = server
        self.loop.add_reader(self.channel, self.hear)
        self.tell()

    def pass_on(self, descriptor: int, early: bytes) -> bool:
        """Pass on a connection, with what has come of it; return whether that can be."""
        with contextlib.suppress(OSError):  # no room for one more descriptor
            if len(self.left) < _MOST_WAITING and not self.stop.is_set():
                self.send(Kind.PASSED, early, os.dup(descriptor))
                return True
        return False

    def send(self, kind: Kind, data: bytes, descriptor: int | None = None) -> None:
        inode = 0 if descriptor is None else os.fstat(descriptor).st_ino
        self.left.append((HEAD.pack(kind, descriptor is not None, inode, len(data)) + data, descriptor))
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
        except OSError as error:
            if error.errno in _NO_ROOM:
                self.loop.call_later(_AGAIN_S, self.flush)
            else:
                self.stop.set()

    def tell(self) -> None:
        """Tell the counts once a second, if they have changed."""
        if (packed := self.counts.packed()) != self.told:
            self.told = packed
            self.send(Kind.TOLD, packed)
        self.loop.call_later(_WITHIN_S, self.tell)

    def hear(self) -> None:
        """Tell the counts, as they are wanted, go on with a connection, or end with the other process."""
        said, descriptors = b"", list[int]()
        try:
            said, descriptors, *_ = socket.recv_fds(self.channel, 1, 1)
        except BlockingIOError:
            return
        except OSError:
            pass
        for descriptor in descriptors:
            connected = socket.socket(fileno=descriptor)
            connected.setblocking(False)
            self.server.welcome(connected)
        if said == _COUNTS_WANTED:
            self.send(Kind.COUNTS, self.counts.packed())
        elif not said:
            self.loop.remove_reader(self.channel)
            self.stop.set()


@dataclass(eq=False)
class _Channel:
    """The other end of such a channel.

    number       of the acceptor among the processes that accept; 0 until it has said so
    told         what it has answered, as far as it has told
    data         what has come of the next messages, and the descriptors that go with them
    asked        done once it has told again
    """

    socket: socket.socket
    number: int = 0
    told: bytes = field(default_factory=lambda: Counts().packed())
    data: bytearray = field(default_factory=bytearray)
    descriptors: deque[int] = field(default_factory=deque)
    asked: asyncio.Future[None] | None = None

    def messages(self) -> Iterator[tuple[Kind, bytes, int]]:
        """What has come, and the descriptors that go with it.

        Raise OSError if nothing will come any more, or a descriptor was lost as there was no room for it;
        BlockingIOError if there is nothing yet.
        """
        data, descriptors, *_ = socket.recv_fds(self.socket, 1 << 18, 1)
        if not data:
            raise ConnectionResetError("the acceptor has gone")
        self.data += data
        self.descriptors += descriptors
        while len(self.data) >= HEAD.size:
            kind, has_descriptor, inode, size = HEAD.unpack_from(self.data)
            end = HEAD.size + size
            if len(self.data) < end:
                return
            message = bytes(self.data[HEAD.size : end])
            del self.data[:end]
            if has_descriptor and not (self.descriptors and os.fstat(self.descriptors[0]).st_ino == inode):
                raise ConnectionResetError("a descriptor was lost")
            yield Kind(kind), message, self.descriptors.popleft() if has_descriptor else -1

    def close(self) -> None:
        self.socket.close()
        for descriptor in self.descriptors:
            os.close(descriptor)
        self.answered()

    def answered(self) -> None:
        """It has told, or never will."""
        if self.asked:
            self.asked.set_result(None)
        self.asked = None


class Acceptors:
    """All acceptors, as the process sees them to which they pass on. Belongs to its event loop.

    lost  what those have answered that are gone, as far as they have told
    """

    def __init__(self, listener: socket.socket) -> None:
        self.listener = listener
        self.channels: set[_Channel] = set()
        self.lost: list[bytes] = []

    def begin(self, server: Server) -> None:
        """Take connections over from now on."""
        self.server, self.loop = server, asyncio.get_running_loop()
        self.loop.add_reader(self.listener, self.welcome)

    def welcome(self) -> None:
        """An acceptor has come."""
        with contextlib.suppress(OSError):
            connected, _ = self.listener.accept()
            connected.setblocking(False)
            channel = _Channel(connected)
            self.channels.add(channel)
            self.loop.add_reader(connected, self.hear, channel)

    def hear(self, channel: _Channel) -> None:
        """An acceptor says something, or has gone."""
        try:
            for kind, message, descriptor in channel.messages():
                if kind is Kind.PASSED:
                    connected = socket.socket(fileno=descriptor)
                    connected.setblocking(False)
                    self.server.welcome(connected, message)
                elif kind is Kind.NUMBER:
                    channel.number = int(message)
                else:
                    channel.told = message
                    if kind is Kind.COUNTS:
                        channel.answered()
        except BlockingIOError:
            return
        except OSError:
            self.lose(channel)

    def lose(self, channel: _Channel) -> None:
        """An acceptor has gone, and takes no more connections."""
        self.loop.remove_reader(channel.socket)
        channel.close()
        self.channels.discard(channel)
        self.lost.append(channel.told)
        if all(other.number != channel.number for other in self.channels):
            self.server.balance.tell(channel.number, None)

    def give(self, descriptor: int) -> bool:
        """Give a connection to the acceptor that has fewest; return whether that went well."""
        has, number = self.server.balance.least()
        channel = next((c for c in self.channels if c.number == number), None)
        with contextlib.suppress(OSError):
            if channel and socket.send_fds(channel.socket, [_GIVEN], [descriptor]):
                self.server.balance.tell(number, has + 1)  # as it will itself in a moment
                return True
        return False

    async def counts(self) -> list[bytes]:
        """What each acceptor has answered, packed; what it has told last, if it does not tell within a second."""
        for channel in self.channels:
            if channel.asked is None:
                channel.asked = self.loop.create_future()
                with contextlib.suppress(OSError):
                    channel.socket.send(_COUNTS_WANTED)
        if asked := [channel.asked for channel in self.channels if channel.asked]:
            await asyncio.wait(asked, timeout=_WITHIN_S)
        return [*self.lost, *(channel.told for channel in self.channels)]
