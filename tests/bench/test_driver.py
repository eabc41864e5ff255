"""The driver counts what it asked and what it got, whatever way the answers are framed."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from kg.bench import driver, trivial
from kg.bench.driver import Job, Result, drive
from kg.bench.servers import free_port

REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
_WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
# The data of the first chunk ends in what ends a body: only who reads the sizes is not deceived.
_CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\nrow 0\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
_REFUSED = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"

_ENDS = b"\r\n0\r\n\r\n" * 100_000
_LONG = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(_ENDS), _ENDS)
_LONG_CHUNKS = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + (
    b"%x\r\n%b\r\n" % (len(_ENDS), _ENDS) * 2 + _CHUNKED.partition(b"\r\n\r\n")[2]
)
Answers = Callable[[int], tuple[list[bytes], bool]]
"""Number of a request -> the pieces to send, and whether the connection is ended then."""


@contextmanager
def server(answers: Answers) -> Iterator[int]:
    """A server that answers a request after the other as it is told."""
    listener = socket.create_server(("127.0.0.1", 0))
    numbers = iter(range(1_000_000))

    def converse(client: socket.socket) -> None:
        with client:
            while client.recv(65536):
                pieces, end = answers(next(numbers))
                for piece in pieces:
                    client.sendall(piece)
                    threading.Event().wait(0.002)  # so that the pieces arrive apart
                if end:
                    return

    def accept() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=converse, args=(client,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def ask(answers: Answers, total: int, clients: int = 1, grace_s: float = 5.0) -> Result:
    with server(answers) as port:
        return drive(Job(port, [REQUEST], clients, 5.0, total, grace_s))


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([_WHOLE], id="length"),
        pytest.param([_WHOLE[:20], _WHOLE[20:50], _WHOLE[50:]], id="length-in-pieces"),
        pytest.param([_CHUNKED], id="chunks"),
        pytest.param([_CHUNKED[:59], _CHUNKED[59:]], id="chunks-in-pieces"),
        pytest.param([bytes([b]) for b in _CHUNKED], id="chunks-byte-by-byte"),
        pytest.param([_LONG], id="long"),
        pytest.param([_LONG[:-1], _LONG[-1:]], id="long-in-pieces"),
        pytest.param([_LONG_CHUNKS], id="long-chunks"),
        pytest.param([_LONG_CHUNKS[:600_100], _LONG_CHUNKS[600_100:]], id="long-chunks-in-pieces"),
    ],
)
@pytest.mark.parametrize("clients", [1, 3])
def test_each_answer_is_counted_once(pieces: list[bytes], clients: int) -> None:
    result = ask(lambda _: (pieces, False), 7, clients)
    assert len(result.times_ms) == 7
    assert result.received_bytes == 7 * sum(map(len, pieces))
    assert not result.failures
    assert not result.unfinished


def test_a_refusal_is_a_failure_and_has_no_time() -> None:
    result = ask(lambda n: ([_REFUSED if n % 2 else _WHOLE], False), 6)
    assert result.failures == {"503": 3}
    assert len(result.times_ms) == 3


def test_a_connection_that_ends_between_requests_is_opened_again() -> None:
    result = ask(lambda n: ([_WHOLE], n == 1), 5)
    assert len(result.times_ms) == 5
    assert result.reconnects == 1
    assert not result.failures


def test_half_an_answer_is_a_failure() -> None:
    result = ask(lambda n: ([_CHUNKED[:70]] if n == 2 else [_CHUNKED], n == 2), 5)
    assert result.failures == {"broken off": 1}
    assert len(result.times_ms) == 4


@pytest.mark.parametrize("answer", [_LONG, _LONG_CHUNKS], ids=["length", "chunks"])
def test_half_a_long_answer_is_a_failure(answer: bytes) -> None:
    result = ask(lambda n: ([answer[:-1]] if n == 2 else [answer], n == 2), 5)
    assert result.failures == {"broken off": 1}
    assert len(result.times_ms) == 4


def test_what_takes_too_long_is_abandoned() -> None:
    with server(lambda n: ([_WHOLE] if n == 0 else [], False)) as port:
        result = drive(Job(port, [REQUEST], 1, 0.2, 5, 0.2))
    assert len(result.times_ms) == 1
    assert result.unfinished == 1


def test_it_stops_in_time_and_asks_in_turn() -> None:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-I", trivial.__file__, str(port)])
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                continue
        job = {"port": port, "requests": [REQUEST.decode()], "clients": 4, "seconds": 0.2, "total": 1 << 30}
        done = subprocess.run(
            [sys.executable, "-I", driver.__file__],
            input=json.dumps(job),
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )
    finally:
        process.kill()
        process.wait()
    result = Result(**json.loads(done.stdout))
    assert result.times_ms
    assert not result.failures
    assert result.seconds < 5
