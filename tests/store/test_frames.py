"""Frames: whole ones come out however the bytes come in."""

from __future__ import annotations

import socket

from hypothesis import given
from hypothesis import strategies as st

from kg.store.pool.frames import Kind, Reader, pack, pack_json, receive

FRAMES = st.lists(st.tuples(st.sampled_from(Kind), st.binary(max_size=40)), max_size=8)


@given(frames=FRAMES, cuts=st.lists(st.integers(1, 30), max_size=20))
def test_frames_come_out_as_they_went_in(frames: list[tuple[Kind, bytes]], cuts: list[int]) -> None:
    data = b"".join(pack(kind, payload) for kind, payload in frames)
    reader, found = Reader(), []
    for cut in [*cuts, len(data)]:
        found += list(reader.frames(data[:cut]))
        data = data[cut:]
    assert found == frames


def test_connection_that_ends_within_a_frame_gives_none() -> None:
    one, other = socket.socketpair()
    with one, other:
        one.sendall(pack_json(Kind.REQUEST, {"ask": "numbers"})[:-1])
        one.shutdown(socket.SHUT_WR)
        assert receive(other, Kind.REQUEST) is None


def test_frame_of_another_kind_is_not_taken_for_it() -> None:
    one, other = socket.socketpair()
    with one, other:
        one.sendall(pack_json(Kind.ANSWER, 1) + pack_json(Kind.REQUEST, 2))
        assert receive(other, Kind.REQUEST) is None
        assert receive(other, Kind.REQUEST) == 2
