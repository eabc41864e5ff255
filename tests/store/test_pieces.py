"""Parts of files: what they read and send, and when their file is closed."""

from __future__ import annotations

import os
import socket

import pytest

from tests.files import in_a_file


def test_a_part_is_its_bytes_and_no_others() -> None:
    part = in_a_file(b"0123456789", b"before", size=8)
    assert (len(part), bytes(part)) == (8, b"01234567")
    assert part.read(3, 4) == b"3456"
    assert part.read(6, 4) == b"67"


def test_a_part_is_sent_from_a_place_on_as_far_as_there_is_room() -> None:
    body = os.urandom(3 << 20)
    part = in_a_file(body, b"before")
    here, there = socket.socketpair()
    with here, there:
        here.setblocking(False)
        sent, taken = 0, b""
        while sent < len(part):
            try:
                sent += part.send(here.fileno(), sent)
            except BlockingIOError:
                taken += there.recv(1 << 20)
        while len(taken) < len(body):
            taken += there.recv(1 << 20)
    assert taken == body


def test_a_file_that_is_too_short_is_told() -> None:
    part = in_a_file(b"0123", size=5)
    with pytest.raises(OSError, match="ends before"):
        bytes(part)
    here, there = socket.socketpair()
    with here, there:
        assert part.send(here.fileno(), 0) == 4
        with pytest.raises(OSError, match="ends before"):
            part.send(here.fileno(), 4)


def test_a_file_is_closed_with_the_last_of_its_parts() -> None:
    part = in_a_file(b"0123456789")
    descriptor = part.file.descriptor
    os.fstat(descriptor)
    del part
    with pytest.raises(OSError, match="Bad file"):
        os.fstat(descriptor)
