"""What goes over the pool's sockets: frames of a kind, a length and as many bytes."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Iterator
from enum import IntEnum
from typing import Any

_HEAD = struct.Struct("!BI")


class Kind(IntEnum):
    """What a frame holds.

    HELLO    a worker's process id, once on each connection
    REQUEST  a query, or a question to the parent
    HEADER   of an answer: its syntax and timings; ANSWER: a reply of the parent
    DATA     a part of the answer's body
    END      the body is whole; one byte: whether the worker stays for another query
    REFUSAL  why there is no answer; END follows
    """

    HELLO = 1
    REQUEST = 2
    HEADER = 3
    DATA = 4
    END = 5
    REFUSAL = 6
    ANSWER = 7


def pack(kind: Kind, payload: bytes) -> bytes:
    """One frame."""
    return _HEAD.pack(kind, len(payload)) + payload


def pack_json(kind: Kind, value: Any) -> bytes:
    """One frame of JSON."""
    return pack(kind, json.dumps(value).encode())


class Reader:
    """Takes bytes as they come and gives whole frames."""

    def __init__(self) -> None:
        self._rest = b""

    def frames(self, data: bytes) -> Iterator[tuple[Kind, bytes]]:
        """The frames that are whole now."""
        data = self._rest + data if self._rest else data
        start = 0
        while len(data) - start >= _HEAD.size:
            kind, length = _HEAD.unpack_from(data, start)
            end = start + _HEAD.size + length
            if end > len(data):
                break
            yield Kind(kind), data[start + _HEAD.size : end]
            start = end
        self._rest = data[start:]


def receive(connection: socket.socket, kind: Kind) -> Any:
    """The JSON of the next frame; None if the other side ended before it was whole, or sent another kind."""
    head = _exactly(connection, _HEAD.size)
    if head is None:
        return None
    found, length = _HEAD.unpack(head)
    payload = _exactly(connection, length)
    return None if payload is None or found != kind else json.loads(payload)


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
