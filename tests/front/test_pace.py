"""Sending no faster than the client takes."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator

import pytest

from kg.connection import Pace
from tests.loops import run

LARGE = 8 << 20


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """A server's end of a TCP connection, and the client's."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        server, _ = listener.accept()
    with client, server:
        yield server, client


def name(server: socket.socket) -> str:
    address, port = server.getpeername()
    return f"{address}:{port}"


def test_a_sender_waits_until_the_client_has_taken_enough(ends: tuple[socket.socket, socket.socket]) -> None:
    server, client = ends

    async def send() -> None:
        pace = Pace(name(server))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(pace.keep(LARGE), 0.1)
        sending = asyncio.get_running_loop().run_in_executor(None, server.sendall, bytes(LARGE))
        reading = asyncio.get_running_loop().run_in_executor(None, read, client)
        await asyncio.wait_for(pace.keep(0), 10)
        await asyncio.gather(sending, reading)
        pace.close()

    run(send(), within_s=60)


def test_nobody_waits_for_a_client_that_has_gone(ends: tuple[socket.socket, socket.socket]) -> None:
    server, client = ends

    async def send() -> None:
        pace = Pace(name(server))
        server.sendall(b"what nobody reads")
        client.close()  # with something unread: this resets the connection
        await asyncio.wait_for(pace.keep(LARGE), 10)
        pace.close()

    run(send(), within_s=60)


def test_nobody_waits_for_a_client_that_nobody_knows() -> None:
    run(Pace("127.0.0.1:1").keep(LARGE))


def read(client: socket.socket) -> None:
    left = LARGE
    while left:
        left -= len(client.recv(1 << 16))
