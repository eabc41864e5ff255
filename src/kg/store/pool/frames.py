"""What goes over the pool's sockets: frames of a kind, a length and a value in marshal, the interpreter's own syntax.

All who talk are forked from one process, so they have one interpreter and may trust what the others write.
"""

from __future__ import annotations

import marshal
import socket
import struct
from collections import deque
from collections.abc import Iterator
from enum import IntEnum
from typing import Any

from kg.store.operation import Operation
from kg.words import formats
from kg.words.formats import Format

_HEAD = struct.Struct("!BI")
_SYNTAXES = formats.RESULTS + formats.GRAPHS + formats.DATASETS
_NUMBERS: dict[Format | None, int] = {format_: number for number, format_ in enumerate(_SYNTAXES)}


class Kind(IntEnum):
    """What a frame holds.

    HELLO    a worker's process id, once on each connection
    REQUEST  a query, or a question to the parent
    REPLY    of the parent
    WHOLE    an answer that is small: its syntax, milliseconds until it was parsed and until it was written, whether the
             worker stays for another query, and its body
    HEADER   of a large answer: its syntax and milliseconds
    PIECE    a part of its body that stands in a file: its size, and whether it begins one
    DATA     a part of its body as it is, before there is much of it, and where there is no room for files
    TAKEN    so many bytes of parts have been taken from there: the worker goes no further than it may be ahead
    END      its body is whole: whether the worker stays
    REFUSAL  why there is no answer: a slug and members of the error; END follows
    """

    HELLO, REQUEST, REPLY, WHOLE, HEADER, PIECE, DATA, TAKEN, END, REFUSAL = range(1, 11)


def pack(kind: Kind, value: Any) -> bytes:
    """One frame."""
    payload = marshal.dumps(value)
    return _HEAD.pack(kind, len(payload)) + payload


def number_of(format_: Format) -> int:
    """What a syntax is called in a frame."""
    return _NUMBERS[format_]


def syntax(number: int) -> Format:
    """The syntax that is called so."""
    return _SYNTAXES[number]


def pack_operation(operation: Operation) -> bytes:
    """A request to evaluate."""
    o = operation
    results, graph = _NUMBERS.get(o.results), _NUMBERS.get(o.graph)
    return pack(Kind.REQUEST, (o.query, results, graph, o.default_graphs, o.named_graphs, o.timeout_s, o.bindings))


def operation_of(value: Any) -> Operation:
    """What a request asks for."""
    query, results, graph, default_graphs, named_graphs, timeout_s, bindings = value
    return Operation(
        query,
        None if results is None else _SYNTAXES[results],
        None if graph is None else _SYNTAXES[graph],
        default_graphs, named_graphs, timeout_s, bindings,
    )  # fmt: skip


class Reader:
    """Takes bytes as they come and gives whole frames."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._have = self._need = 0

    def frames(self, data: bytes) -> Iterator[tuple[Kind, Any]]:
        """The frames that are whole now."""
        self._have += len(data)
        if self._parts or self._have < self._need:
            self._parts.append(data)
            if self._have < self._need:  # a large frame is put together once, when all of it is there
                return
            data = b"".join(self._parts)
        start = self._need = 0
        while len(data) - start >= _HEAD.size:
            kind, length = _HEAD.unpack_from(data, start)
            end = start + _HEAD.size + length
            if end > len(data):
                self._need = end - start
                break
            yield Kind(kind), marshal.loads(memoryview(data)[start + _HEAD.size : end])  # noqa: S302  see above
            start = end
        self._have = len(data) - start
        self._parts = [data[start:]] if self._have else []


class Line:
    """Frames over a socket that blocks."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self._reader = Reader()
        self._found: deque[tuple[Kind, Any]] = deque()

    def next(self, kind: Kind) -> Any:
        """The value of the next frame of a kind; None if the other side ends before. Frames of others are passed by."""
        while True:
            while self._found:
                found, value = self._found.popleft()
                if found is kind:
                    return value
            try:
                data = self.connection.recv(1 << 16)
            except ConnectionError:
                return None
            if not data:
                return None
            self._found.extend(self._reader.frames(data))

    def send(self, frames: bytes) -> None:
        """Send packed frames. Raise OSError if nobody is there."""
        self.connection.sendall(frames)
