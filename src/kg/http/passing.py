"""Connections that one process begins and another may go on with."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from kg.http.connection import Connection, Reads
from kg.http.exchange import Exchange

if TYPE_CHECKING:
    from kg.http.server import Server

_HEAD_END = b"\r\n\r\n"
_IN_A_ROW = 8
"""So many requests that another process might answer as well tell what kind of client it is."""
_BODY = re.compile(rb"\r\n(?:content-length: *(\d{1,18}) *\r|content-length|transfer-encoding|expect)", re.IGNORECASE)


class Passing(Connection):
    """Has whole requests answered that come one by one, if the server's `handle` says that it has answered.

    With the first request of any other kind, or in pieces, the whole connection is another process's.

    pass_on     gives it the descriptor and what has come since the last answer; says whether that went well
    unanswered  what has come since the last answer
    held        what came while the client had not taken that
    """

    most_unsent_bytes = 0  # what is written has been sent, or this is paused

    def __init__(self, server: Server, pass_on: Callable[[int, bytes], bool]) -> None:
        super().__init__(server)
        self._pass_on = pass_on
        self.unanswered = self.held = b""
        self.is_passed = False

    def data_received(self, data: bytes) -> None:
        if self.is_over() or self.is_passed:
            return
        if self.is_paused:
            self.held += data
            self.transport.pause_reading()
            return
        self.unanswered += data
        if self.reads is Reads.NOTHING and _is_whole(data):
            super().data_received(data)
        else:
            self.pass_on()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self.held and not self.is_over():
            data, self.held = self.held, b""
            self.transport.resume_reading()
            self.data_received(data)

    def hand(self, exchange: Exchange) -> None:
        if self.is_passed or not self.server.handle(exchange):
            self.server.held_bytes -= len(exchange.body)
            self.answering = None
            self.pass_on()

    def done(self, exchange: Exchange) -> None:
        self.unanswered = b""
        super().done(exchange)

    def pass_on(self) -> None:
        """Let the other process go on with the request that has not been answered. Once: it has what came behind it."""
        if self.is_passed:
            return
        self.is_passed, self.reads = True, Reads.NO_MORE
        if not (self.unanswered and _leave(self, lambda descriptor: self._pass_on(descriptor, self.unanswered))):
            self.break_off()


class Returning(Connection):
    """A connection that goes to a process that has fewer, while its client asks what that could answer as well.

    give  gives it the descriptor; says whether that went well
    """

    def __init__(self, server: Server, give: Callable[[int], bool]) -> None:
        super().__init__(server)
        self._give = give
        self.in_a_row = 0

    def hand(self, exchange: Exchange) -> None:
        super().hand(exchange)
        if self.answering is not None:
            self.in_a_row = 0

    def could_move(self) -> None:
        self.in_a_row += 1
        if self.in_a_row >= _IN_A_ROW and self.is_one_too_many():
            self.server.loop.call_soon(self.move)  # once the answer has been sent

    def move(self) -> None:
        """Let another process go on, if nothing is under way."""
        is_idle = self.reads is Reads.NOTHING and self.answering is None and not self.waiting and not self.is_gone
        is_idle = is_idle and not self.transport.get_write_buffer_size()
        if is_idle and self.is_one_too_many() and _leave(self, self._give):
            self.reads = Reads.NO_MORE

    def is_one_too_many(self) -> bool:
        return self.server.balance.is_one_too_many(self.server.number)


def _leave(connection: Connection, give: Callable[[int], bool]) -> bool:
    """Let go of a connection that another process gets; return whether it has it."""
    connection.transport.pause_reading()
    if given := give(connection.transport.get_extra_info("socket").fileno()):
        connection.transport.abort()  # this process's descriptor; the connection stays, as the other one has it
        connection.server.forget(connection)
    else:
        connection.transport.resume_reading()
    return given


def _is_whole(data: bytes) -> bool:
    """Whether this is one request, from its first byte to its last; not of each that is."""
    head, _, body = data.partition(_HEAD_END)
    declared = _BODY.search(head + b"\r\n")
    if declared is None:
        return data.endswith(_HEAD_END) and not body
    return declared[1] is not None and len(body) == int(declared[1])
