"""A connection that one server begins and another goes on with."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator

import pytest

from kg.http import Balance, Exchange, Passing
from tests.http.test_http import Client, Running, echo, respond, running

LARGE = 1 << 16


@pytest.fixture(scope="module")
def behind() -> Iterator[Running]:
    with running(echo) as found:
        yield found


@pytest.fixture
def answered() -> list[bytes]:
    """The targets of what has been answered at once."""
    return []


@pytest.fixture
def before(behind: Running, answered: list[bytes]) -> Iterator[Running]:
    """Answers what is at /small, and passes on all the rest."""

    def small(exchange: Exchange) -> bool:
        if exchange.path != "/small":
            return False
        respond(exchange, exchange.target.ljust(LARGE))
        answered.append(exchange.target)
        return True

    def pass_on(descriptor: int, early: bytes) -> bool:
        connected = socket.socket(fileno=os.dup(descriptor))
        connected.setblocking(False)
        behind.server.loop.call_soon_threadsafe(behind.server.welcome, connected, early)
        return True

    with running(small, connect=lambda server: Passing(server, pass_on)) as found:
        yield found


def get(target: str) -> str:
    return f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n"


def is_paused(running: Running) -> bool:
    return any(connection.is_paused for connection in running.server.connections)


def eventually(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def fill(client: Client, before: Running, answered: list[bytes]) -> int:
    """Ask, one request after the other, until the client would have to take an answer; return how often."""
    while not is_paused(before):
        asked = len(answered)
        client.say(get(f"/small?{asked}"))
        eventually(lambda asked=asked: len(answered) > asked)  # type: ignore[misc]
        time.sleep(0.001)
    return len(answered)


def test_what_is_asked_before_an_answer_is_taken_waits_for_that(before: Running, answered: list[bytes]) -> None:
    client = before.client()
    asked = fill(client, before, answered)
    client.say(get(f"/small?{asked}"))
    time.sleep(0.05)
    client.say(get("/other"), get(f"/small?{asked + 1}"))
    for number in range(asked + 1):
        assert client.answer()[2].rstrip() == f"/small?{number}".encode()
    assert client.answer()[2] == b"GET|/other|/other|"
    assert client.answer()[2] == f"GET|/small?{asked + 1}|/small|".encode()  # by the other server
    assert not before.server.connections


def test_a_client_that_leaves_while_its_request_waits_is_forgotten(before: Running, answered: list[bytes]) -> None:
    client = before.client()
    client.say(get(f"/small?{fill(client, before, answered)}"))
    time.sleep(0.05)
    client.connection.close()
    eventually(lambda: not before.server.connections)


def test_where_nobody_takes_it_the_connection_is_reset() -> None:
    with running(lambda exchange: False, connect=lambda server: Passing(server, lambda *_: False)) as alone:
        client = alone.client()
        client.say(get("/other"))
        with pytest.raises(ConnectionResetError):
            client.until_end()


def test_a_body_that_is_passed_on_is_counted_once(before: Running, behind: Running) -> None:
    client = before.client()
    client.say("POST /other HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
    assert client.answer()[2] == b"POST|/other|/other|abc"
    assert before.server.held_bytes == behind.server.held_bytes == 0


def test_a_process_with_more_connections_leaves_one_to_the_others() -> None:
    balance = Balance(3)
    assert [balance.is_even(process) for process in range(3)] == [True] * 3  # nobody has begun
    for process, connections in enumerate((2, 1, 1)):
        balance.tell(process, connections)
    assert [balance.is_even(process) for process in range(3)] == [False, True, True]
    for process in (1, 2):
        balance.tell(process, None)
    assert balance.is_even(0)


def test_a_connection_that_the_others_do_not_take_is_taken_after_a_moment() -> None:
    balance = Balance(2)
    balance.tell(1, 0)  # which never accepts
    with running(echo) as found:
        found.server.balance = balance
        for number in range(3):
            client = found.client()
            client.say(get(f"/{number}"))
            assert client.answer()[0] == 200
        assert not balance.is_even(0)
