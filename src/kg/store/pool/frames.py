"""What goes over the pool's sockets: frames of a length and as many bytes. An empty frame ends an answer."""

from __future__ import annotations

import json
import socket
import struct
from typing import Any

_LENGTH = struct.Struct("!I")


def send(connection: socket.socket, payload: bytes) -> None:
    """Send one frame."""
    connection.sendall(_LENGTH.pack(len(payload)) + payload)


def send_json(connection: socket.socket, value: Any) -> None:
    """Send one frame of JSON."""
    send(connection, json.dumps(value).encode())


def receive(connection: socket.socket) -> bytes | None:
    """The next frame; None if the other side ended before it was whole."""
    header = _exactly(connection, _LENGTH.size)
    return None if header is None else _exactly(connection, _LENGTH.unpack(header)[0])


def receive_json(connection: socket.socket) -> Any:
    """The next frame as JSON; None if there is none."""
    payload = receive(connection)
    return None if payload is None else json.loads(payload)


def _exactly(connection: socket.socket, size: int) -> bytes | None:
    parts = []
    while size:
        try:
            part = connection.recv(min(size, 1 << 20))
        except ConnectionError:
            return None
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
