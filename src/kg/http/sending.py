"""The side of a connection on which answers leave."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import cast

from kg.store.pieces import FilePart
from kg.words.errors import ClientGone

_WAITING_BYTES = 1 << 14
_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER: on, no seconds. Closing then resets the connection."""


class Sending(asyncio.Protocol):
    """Sends, and tells those who send more when the client has taken enough.

    most_unsent_bytes  that wait in this process before an answer does
    takes_within_s     some of what waits; who does not is given up
    """

    transport: asyncio.Transport
    most_unsent_bytes = 1 << 20
    takes_within_s = 60.0

    def __init__(self) -> None:
        self.is_gone = self.is_paused = False
        self.room: asyncio.Future[None] | None = None

    # What the event loop tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.transport.set_write_buffer_limits(self.most_unsent_bytes)

    def connection_lost(self, error: Exception | None) -> None:
        self.is_gone = True
        self.wake()

    def pause_writing(self) -> None:
        self.is_paused = True

    def resume_writing(self) -> None:
        self.is_paused = False
        self.wake()

    # What answers are sent by

    def write(self, *parts: bytes) -> None:
        """Send what is not empty of this."""
        if self.is_gone:
            return
        if sum(map(len, parts)) < 1 << 16:
            self.transport.write(b"".join(parts))
        else:
            self.transport.writelines([part for part in parts if part])

    async def send_file(self, part: FilePart) -> None:
        """Send a part of a file without copying it; raise what `taken` raises, OSError if the file is too short.

        The event loop tells when a connection takes more only of what waits with it. So where the kernel takes no more,
        the next few bytes wait there.
        """
        done = 0
        self.transport.set_write_buffer_limits(0)  # so this is paused until all that was written has been sent
        try:
            while done < len(part):
                await self.taken()
                try:
                    done += part.send(self.transport.get_extra_info("socket").fileno(), done)
                except BlockingIOError:
                    waits = part.read(done, _WAITING_BYTES)
                    self.write(waits)
                    done += len(waits)
                except ConnectionError:
                    raise ClientGone("the client has gone") from None
        finally:
            if not self.is_gone:
                self.transport.set_write_buffer_limits(self.most_unsent_bytes)
        await asyncio.sleep(0)  # a client that takes all at once lets the others have their turn

    async def taken(self) -> None:
        """Wait until the client has taken most of what was sent.

        Raise ClientGone if it leaves, TimeoutError if it takes nothing for a minute.
        """
        while self.is_paused and not self.is_gone:
            left = self.transport.get_write_buffer_size()
            self.room = asyncio.get_running_loop().create_future()
            await asyncio.wait((self.room,), timeout=self.takes_within_s)
            if not self.room.done() and self.transport.get_write_buffer_size() >= left:
                raise TimeoutError(f"the client took nothing for {self.takes_within_s:g} s")
        self.expect_client()

    def expect_client(self) -> None:
        """Raise ClientGone if it has left. Then the transport may forget what it is given, though it is there yet."""
        if self.is_gone or self.transport.is_closing():
            raise ClientGone("the client has gone")

    def wake(self) -> None:
        if self.room and not self.room.done():
            self.room.set_result(None)

    def reset(self) -> None:
        """End the connection so that a client that waits for the end of it is told, too."""
        if not self.is_gone:
            self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self.transport.abort()
