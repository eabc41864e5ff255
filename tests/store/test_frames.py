"""Frames: whole ones come out however the bytes come in."""

from __future__ import annotations

import socket

from hypothesis import given
from hypothesis import strategies as st

from kg.store.operation import Operation
from kg.store.pool.frames import Kind, Line, Reader, operation_of, pack, pack_operation
from kg.words import formats
from kg.words.formats import Format

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
        one.sendall(pack(Kind.REQUEST, {"ask": "numbers"})[:-1])
        one.shutdown(socket.SHUT_WR)
        assert Line(other).next(Kind.REQUEST) is None


def test_frames_of_other_kinds_are_passed_by() -> None:
    one, other = socket.socketpair()
    with one, other:
        Line(one).send(pack(Kind.TAKEN, 1) + pack(Kind.REQUEST, 2))
        assert Line(other).next(Kind.REQUEST) == 2


@given(
    query=st.text(),
    results=st.none() | st.sampled_from(formats.RESULTS),
    graph=st.none() | st.sampled_from(formats.GRAPHS + formats.DATASETS),
    graphs=st.lists(st.text()).map(tuple),
    timeout_s=st.none() | st.floats(0, 1e9),
    bindings=st.lists(st.tuples(st.text(), st.text())).map(tuple),
)
def test_an_operation_goes_over_as_it_is(
    query: str, results: Format | None, graph: Format | None, graphs: tuple[str, ...], timeout_s: float | None,
    bindings: tuple[tuple[str, str], ...],
) -> None:  # fmt: skip
    operation = Operation(query, results, graph, graphs, graphs[:1], timeout_s, bindings)
    (frame,) = Reader().frames(pack_operation(operation))
    assert frame[0] is Kind.REQUEST
    assert operation_of(frame[1]) == operation
