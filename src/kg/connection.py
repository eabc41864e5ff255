"""A client's TCP connection: breaking it off, and sending no faster than the client takes.

The HTTP server ends a chunked body well even when what writes it fails, so half an answer would look whole; and it
keeps in memory whatever it is given, however slowly the client reads. The kernel knows the connection by the client's
address: shutting it is the one way to tell the client the truth, asking how much has arrived the one way to keep pace.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import struct
import time
from pathlib import Path

_DESCRIPTORS = Path("/proc/self/fd") if Path("/proc/self/fd").is_dir() else Path("/dev/fd")
_AHEAD_BYTES = 2 << 20
_TAKES_WITHIN_S = 60
_LOOKS_FIRST_S, _LOOKS_LAST_S = 0.0005, 0.05
_TCP_INFO = struct.Struct("=B119xQ")
"""The state, and the bytes that the other side has acknowledged. Source: Linux, include/uapi/linux/tcp.h, tcp_info."""
_TAKES = (1, 8)
"""The states in which the other side may still read: established, and closed on its side for sending."""


def break_off(client: str) -> bool:
    """Shut this process's connection to a client at `address:port`; return whether there was one."""
    connection = _connection(client)
    if connection is None:
        return False
    with connection, contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    return True


class Pace:
    """Keeps whoever sends to a client from being far ahead of it, where the system tells how far that is (Linux)."""

    def __init__(self, client: str) -> None:
        self._connection = _connection(client) if hasattr(socket, "TCP_INFO") else None
        self._before = self._taken() or 0
        self._given = 0

    async def keep(self, size: int) -> None:
        """So many bytes more have been sent. Raise TimeoutError if the client takes nothing for a minute."""
        self._given += size
        last, since, pause = self._before, time.monotonic(), _LOOKS_FIRST_S
        while (taken := self._taken()) is not None and self._given - (taken - self._before) > _AHEAD_BYTES:
            if taken > last:
                last, since, pause = taken, time.monotonic(), _LOOKS_FIRST_S
            elif time.monotonic() > since + _TAKES_WITHIN_S:
                raise TimeoutError(f"the client took nothing for {_TAKES_WITHIN_S} s")
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LOOKS_LAST_S)

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection:
            self._connection.close()

    def _taken(self) -> int | None:
        """Bytes that the client has had; None where it takes no more, or nobody knows."""
        if self._connection is None:
            return None
        try:
            told = self._connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO.size)
            state, taken = _TCP_INFO.unpack(told)
        except (OSError, struct.error):
            return None
        return int(taken) if state in _TAKES else None


def _connection(client: str) -> socket.socket | None:
    """A copy of this process's connection to a client at `address:port`; whoever gets it closes it."""
    address, _, port = client.rpartition(":")
    peer = address.strip("[]"), int(port)
    for entry in _DESCRIPTORS.iterdir():
        try:
            copy = os.dup(int(entry.name))
        except OSError:
            continue  # closed since it was listed
        try:
            connection = socket.socket(fileno=copy)
        except OSError:
            os.close(copy)  # no socket
            continue
        with contextlib.suppress(OSError):
            if connection.getpeername()[:2] == peer:
                return connection
        connection.close()
    return None
