"""The HTTP server on its own: what goes over a connection, whatever answers."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import os
import resource
import socket
import time
import weakref
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import pytest
import uvloop

from kg.http import Exchange, HttpLimits, Server, bind, head
from kg.http.connection import Connection
from kg.http.sending import Sending
from kg.store.pieces import FilePart, Piece
from kg.words.errors import BadInput, ClientGone
from tests.files import in_a_file

WITHIN_S = 10
LIMITS = HttpLimits(
    connections=20, head_bytes=10_000, body_bytes=100_000, all_bodies_bytes=250_000,
    head_within_s=1, body_within_s=1, idle_s=1, lingers_s=1, stop_within_s=1,
)  # fmt: skip
PATIENT = HttpLimits()

Handle = Callable[[Exchange], object]


def respond(exchange: Exchange, body: bytes, status: int = 200) -> None:
    exchange.respond(head(status, [("content-type", "text/plain")], len(body)), body)


def echo(exchange: Exchange) -> None:
    """Answers with what it understood, or why it did not."""
    if exchange.trouble:
        respond(exchange, str(exchange.trouble).encode(), exchange.trouble.status)
        return
    said = [exchange.method, exchange.target.decode(), exchange.path, exchange.body.decode()]
    respond(exchange, "|".join(said).encode())


@dataclass
class Client:
    """A TCP client of a running server."""

    connection: socket.socket
    received: bytearray = field(default_factory=bytearray)

    def say(self, *parts: str | bytes) -> None:
        for part in parts:
            self.connection.sendall(part.encode() if isinstance(part, str) else part)

    def until_end(self) -> bytes:
        """All that comes until the server ends the connection. Raise ConnectionResetError if it does so brutally."""
        while data := self.connection.recv(1 << 16):
            self.received += data
        return bytes(self.received)

    def answer(self) -> tuple[int, dict[str, str], bytes]:
        """One answer with a length."""
        while b"\r\n\r\n" not in self.received:
            self.more()
        top = bytes(self.received).partition(b"\r\n\r\n")[0]
        del self.received[: len(top) + 4]
        first, *lines = top.decode().split("\r\n")
        headers = {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in lines)}
        while len(self.received) < int(headers["content-length"]):
            self.more()
        body = bytes(self.received[: int(headers["content-length"])])
        del self.received[: len(body)]
        return int(first.split()[1]), headers, body

    def more(self) -> None:
        data = self.connection.recv(1 << 16)
        assert data, f"the connection ended after {self.received!r}"
        self.received += data


@dataclass
class Running:
    """A server on a loop in a thread of its own."""

    server: Server
    port: int
    clients: list[socket.socket] = field(default_factory=list)

    def client(self) -> Client:
        self.clients.append(socket.create_connection(("127.0.0.1", self.port), timeout=WITHIN_S))
        return Client(self.clients[-1])


@contextmanager
def running(
    handle: Handle, limits: HttpLimits = PATIENT, connect: Callable[[Server], Connection] = Connection
) -> Iterator[Running]:
    sockets = bind("127.0.0.1", 0)
    server = Server(handle, limits, connect)
    begun: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def main() -> None:
        stop = asyncio.Event()
        asyncio.get_running_loop().call_later(0.05, begun.set_result, (asyncio.get_running_loop(), stop))
        await server.run(sockets, stop)

    def run() -> None:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(main())

    thread = Thread(target=run)
    thread.start()
    loop, stop = begun.result(WITHIN_S)
    found = Running(server, sockets[0].getsockname()[1])
    try:
        yield found
    finally:
        for client in found.clients:
            client.close()
        loop.call_soon_threadsafe(stop.set)
        thread.join(WITHIN_S)
        assert not thread.is_alive()
        assert not server.connections
        assert server.held_bytes == 0


def later(work: Callable[[Exchange], Awaitable[None]]) -> Handle:
    """Answer on the loop, after this returns."""
    tasks = set()

    def handle(exchange: Exchange) -> None:
        task = asyncio.ensure_future(work(exchange))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    return handle


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running(echo) as found:
        yield found


@pytest.fixture(scope="module")
def strict() -> Iterator[Running]:
    with running(echo, LIMITS) as found:
        yield found


CHUNKS = "1\r\no\r\n1;x=y\r\nk\r\n0\r\nT: r\r\n\r\n"


@pytest.mark.parametrize(
    ("sent", "understood"),
    [
        ("GET /a%20b?c=%20 HTTP/1.1\r\nHost: x\r\n\r\n", b"GET|/a%20b?c=%20|/a b|"),
        ("GET /%2541 HTTP/1.1\r\nHost: x\r\n\r\n", b"GET|/%2541|/%41|"),
        ("GET http://x.example/a?b HTTP/1.1\r\nHost: x\r\n\r\n", b"GET|/a?b|/a|"),
        ("GET http://x.example?a=http://b/c HTTP/1.1\r\nHost: x\r\n\r\n", b"GET|/?a=http://b/c|/|"),
        ("GET /Ж?Ж HTTP/1.1\r\nHost: x\r\n\r\n", "GET|/%D0%96?%D0%96|/Ж|".encode()),
        ("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok", b"POST|/a|/a|ok"),
        (f"POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{CHUNKS}", b"POST|/a|/a|ok"),
    ],
    ids=["escaped", "decoded once", "whole URL", "whole URL without a path", "letters", "body", "chunks"],
)
def test_a_request_is_understood_however_it_is_cut(sent: str, understood: bytes, server: Running) -> None:
    client = server.client()
    client.say(sent)
    assert client.answer()[2] == understood
    for byte in sent.encode():
        client.say(bytes([byte]))
    if "Ж" not in sent:  # letters are understood where the first line comes in one piece
        assert client.answer()[2] == understood


def test_requests_are_answered_in_their_order() -> None:
    async def slowly(exchange: Exchange) -> None:
        await asyncio.sleep(0.1 if exchange.path == "/1" else 0)
        echo(exchange)

    with running(later(slowly)) as server:
        client = server.client()
        client.say("".join(f"GET /{n} HTTP/1.1\r\nHost: x\r\n\r\n" for n in range(1, 200)))
        assert [client.answer()[2] for _ in range(1, 200)] == [f"GET|/{n}|/{n}|".encode() for n in range(1, 200)]


def test_no_more_is_read_than_can_be_answered() -> None:
    most = [0]

    async def slowly(exchange: Exchange) -> None:
        await asyncio.sleep(0.02)
        most[0] = max(most[0], *(len(c.waiting) for c in server.server.connections))
        echo(exchange)

    with running(later(slowly)) as server:
        client = server.client()
        client.connection.settimeout(1)
        with pytest.raises(TimeoutError):
            client.say("GET /a HTTP/1.1\r\nHost: x\r\n\r\n" * 500_000)
    assert 64 < most[0] < 20_000


def test_no_more_is_answered_than_the_client_takes() -> None:
    answered = [0]

    def large(exchange: Exchange) -> None:
        answered[0] += 1
        respond(exchange, bytes(1 << 18))

    with running(large) as server:
        client = server.client()
        client.say("GET /a HTTP/1.1\r\nHost: x\r\n\r\n" * 1000)
        time.sleep(0.5)
        assert answered[0] < 100
        assert all(len(client.answer()[2]) == 1 << 18 for _ in range(1000))


def test_a_body_takes_no_more_memory_than_its_size_and_goes_with_its_client() -> None:
    gc.collect()
    gc.disable()
    try:
        with running(echo) as server:
            client = server.client()
            before = resident()
            client.say("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", "2\r\nab\r\n" * 500_000)
            until(lambda: server.server.held_bytes == 1_000_000)
            assert resident() - before < 10 << 20
            connection = weakref.ref(next(iter(server.server.connections)))
            client.connection.close()
            until(lambda: connection() is None)
    finally:
        gc.enable()


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_request_that_cannot_be_handled_ends_only_its_connection() -> None:
    def fail(exchange: Exchange) -> None:
        if exchange.path == "/bad":
            raise ZeroDivisionError
        echo(exchange)

    with running(fail) as server:
        client = server.client()
        client.say("GET /bad HTTP/1.1\r\nHost: x\r\n\r\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            client.until_end()
        other = server.client()
        other.say("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
        assert other.answer()[0] == 200


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("reads", [True, False])
def test_an_answer_waits_for_a_client_as_long_as_it_takes_some(
    version: str, reads: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Sending, "takes_within_s", 1)
    with running(lambda e: respond(e, bytes(20 << 20)), LIMITS) as server:
        client = server.client()
        client.say(f"GET /a HTTP/{version}\r\nHost: x\r\n\r\n")
        for _ in range(4):
            time.sleep(1)
            if reads:
                for _ in range(40):
                    client.more()
        if reads:
            assert len(client.answer()[2]) == 20 << 20
        else:
            assert not server.server.connections
            with pytest.raises(ConnectionResetError):
                client.until_end()


def test_a_whole_url_names_the_host() -> None:
    with running(lambda e: respond(e, repr(e.header(b"host")).encode())) as other:
        client = other.client()
        client.say("GET http://y.example/a HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.answer()[2] == b"'y.example'"


def test_a_repeated_header_is_one_value(server: Running) -> None:
    with running(lambda e: respond(e, repr(e.header(b"accept")).encode())) as other:
        client = other.client()
        client.say("GET / HTTP/1.1\r\nHost: x\r\nAccept: a\r\naccept: b\r\n\r\n")
        assert client.answer()[2] == b"'a,b'"


@pytest.mark.parametrize(
    ("version", "header", "stays"),
    [
        ("1.1", "", True),
        ("1.1", "Connection: close\r\n", False),
        ("1.0", "", False),
        ("1.0", "Connection: keep-alive\r\n", True),
        ("1.0", "Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n", False),
        ("1.1", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\n", False),
    ],
    ids=["usual", "close", "old", "old, keep-alive", "old, chunks", "another protocol"],
)
def test_a_connection_stays_as_the_client_wants_it(version: str, header: str, stays: bool, server: Running) -> None:
    client = server.client()
    body = "0\r\n\r\n" if "chunked" in header else ""
    client.say(f"GET / HTTP/{version}\r\nHost: x\r\n{header}\r\n{body}")
    status, headers, _ = client.answer()
    assert status == 200
    assert headers["date"].endswith("GMT")
    assert headers.get("connection") == ({"1.0": "keep-alive"}.get(version) if stays else "close")
    if stays:
        client.say(f"GET / HTTP/{version}\r\nHost: x\r\n{header}\r\n")
        assert client.answer()[0] == 200
    else:
        assert client.until_end() == b""


def test_head_and_304_have_no_body(server: Running) -> None:
    client = server.client()
    client.say("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    first, _, rest = client.until_end().partition(b"\r\n\r\n")
    assert b"content-length: 11" in first
    assert rest.startswith(b"HTTP/1.1 200")
    with running(lambda e: respond(e, b"not sent", 304)) as other:
        client = other.client()
        client.say("GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert client.until_end().endswith(b"\r\n\r\n")


def test_a_client_that_waits_for_permission_gets_it(server: Running) -> None:
    client = server.client()
    client.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
    while not client.received.endswith(b"\r\n\r\n"):
        client.more()
    assert client.received == b"HTTP/1.1 100 Continue\r\n\r\n"
    client.received.clear()
    client.say("ok")
    assert client.answer()[2] == b"POST|/|/|ok"


GET, POST = "GET /a HTTP/1.1\r\nHost: x\r\n", "POST / HTTP/1.1\r\nHost: x\r\n"
LENGTH, CHUNKED = "Content-Length: {}\r\n", "Transfer-Encoding: chunked\r\n"


@pytest.mark.parametrize(
    ("sent", "status", "told"),
    [
        ("nonsense\r\n\r\n", 400, b"no HTTP request"),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, b"no HTTP request"),
        (f"{GET}no colon\r\n\r\n", 400, b"no HTTP request"),
        (f"{POST}{LENGTH.format(1)}{CHUNKED}\r\n0\r\n\r\n", 400, b"no HTTP request"),
        (f"{POST}{LENGTH.format(1)}{LENGTH.format(2)}\r\nab", 400, b"no HTTP request"),
        (f"{POST}{LENGTH.format(-1)}\r\n", 400, b"no HTTP request"),
        (f"{POST}{CHUNKED}\r\nxyz\r\n", 400, b"no HTTP request"),
        (f"{GET}A: {'a' * 20_000}", 431, b"head is too large"),
        (f"GET /{'a' * 20_000}", 431, b"head is too large"),
        (f"{POST}{CHUNKED}\r\n0\r\nX: {'a' * 20_000}", 431, b"head is too large"),
        (f"{POST}{CHUNKED}\r\n1;{'a' * 20_000}", 431, b"head is too large"),
        (f"{POST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501, b"and no other"),
        (f"{POST}{LENGTH.format(100_001)}\r\n", 413, b"body is larger"),
        (f"{POST}{LENGTH.format(100_001)}Expect: 100-continue\r\n\r\n", 413, b"body is larger"),
        (f"{POST}{CHUNKED}\r\n" + f"2000\r\n{'a' * 8192}\r\n" * 20, 413, b"body is larger"),
        ("GET /a HTTP/1.1\r\nHost", 408, b"head was not here"),
        (f"{POST}{LENGTH.format(5)}\r\nab", 408, b"body was not here"),
    ],
    ids=range(17),
)
def test_what_is_wrong_is_told_once_and_the_connection_ends(
    sent: str, status: int, told: bytes, strict: Running
) -> None:
    client = strict.client()
    client.say(sent)
    assert (answer := client.answer())[0] == status
    assert told in answer[2]
    assert answer[1]["connection"] == "close"
    client.say("GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n")
    assert client.until_end() == b""


def test_what_is_wrong_is_told_after_what_was_right(strict: Running) -> None:
    client = strict.client()
    client.say("GET /a HTTP/1.1\r\nHost: x\r\n\r\nnonsense\r\n\r\n")
    assert client.answer()[0] == 200
    assert client.answer()[0] == 400


def test_a_refusal_is_read_even_by_a_client_that_still_sends(strict: Running) -> None:
    client = strict.client()
    client.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n", b"a" * 9_000_000)
    assert client.answer()[0] == 413


def test_large_bodies_of_many_are_refused_together() -> None:
    async def wait(exchange: Exchange) -> None:
        if not exchange.trouble:
            await asyncio.sleep(1)
        echo(exchange)

    with running(later(wait), LIMITS) as server:
        clients = [server.client() for _ in range(3)]
        for client in clients:
            client.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\n", b"a" * 90_000)
        assert sorted(client.answer()[0] for client in clients) == [200, 200, 503]


def test_silent_connections_end(strict: Running) -> None:
    silent, idle = strict.client(), strict.client()
    idle.say("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
    idle.answer()
    for client in (silent, idle):
        try:
            assert client.until_end() == b""
        except ConnectionResetError:
            continue


def test_more_connections_than_there_may_be_end_at_once(strict: Running) -> None:
    clients = [strict.client() for _ in range(25)]
    answered = 0
    for client in clients:
        try:
            client.say("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
            client.answer()
            answered += 1
        except (ConnectionError, AssertionError):
            continue
    assert 10 <= answered <= 20


async def stream(exchange: Exchange) -> None:
    exchange.begin(head(200, [("content-type", "text/plain")]), sized=False)
    for part in (b"one ", b"", b"two"):
        await exchange.send(part)
    if exchange.path == "/broken":
        exchange.break_off()
    else:
        exchange.end()


def test_a_body_that_comes_piece_by_piece_ends_recognisably() -> None:
    with running(later(stream)) as server:
        client = server.client()
        client.say("GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /a HTTP/1.0\r\nHost: x\r\n\r\n")
        first, second = client.until_end().split(b"HTTP/1.1 200 OK")[1:]
        assert b"transfer-encoding: chunked" in first
        assert first.endswith(b"\r\n\r\n4\r\none \r\n3\r\ntwo\r\n0\r\n\r\n")
        assert b"transfer-encoding" not in second
        assert second.endswith(b"\r\n\r\none two")


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_half_an_answer_does_not_end_well(version: str) -> None:
    with running(later(stream)) as server:
        client = server.client()
        client.say(f"GET /broken HTTP/{version}\r\nHost: x\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            client.until_end()
        assert not client.received.endswith(b"0\r\n\r\n")


@pytest.mark.parametrize("piece", [bytes(1 << 20), in_a_file(bytes(1 << 20))], ids=["memory", "file"])
def test_a_sender_waits_for_a_client_that_does_not_read(piece: Piece) -> None:
    pieces = [0]

    async def much(exchange: Exchange) -> None:
        exchange.begin(head(200, [], 200 << 20), sized=True)
        for _ in range(200):
            await exchange.send(piece)
            pieces[0] += 1
        exchange.end()

    with running(later(much)) as server:
        client = server.client()
        client.say("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(0.5)
        assert pieces[0] < 20
        assert len(client.answer()[2]) == 200 << 20
        assert pieces[0] == 200


@pytest.mark.parametrize("leaves", [True, False])
@pytest.mark.parametrize("piece", [bytes(1 << 20), in_a_file(bytes(1 << 20))], ids=["memory", "file"])
def test_a_client_that_takes_nothing_is_given_up(piece: Piece, leaves: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sending, "takes_within_s", 0.3)
    ended: Future[Exception] = Future()

    async def much(exchange: Exchange) -> None:
        exchange.begin(head(200, []), sized=False)
        try:
            while True:
                await exchange.send(piece)
        except (ClientGone, TimeoutError) as error:
            ended.set_result(error)
        exchange.break_off()

    with running(later(much)) as server:
        client = server.client()
        client.say("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
        client.more()
        if leaves:
            client.connection.close()
        assert isinstance(ended.result(WITHIN_S), ClientGone if leaves else TimeoutError)


def filed(piece: bytes) -> FilePart:
    return in_a_file(piece, b"not sent")


@pytest.mark.parametrize("kinds", [(filed,), (filed, bytes), (bytes, filed, filed)], ids=["files", "both", "more"])
@pytest.mark.parametrize("version", ["1.0", "1.1", "1.1 sized"])
@pytest.mark.parametrize("pause_s", [0, 0.3])
def test_a_body_comes_from_files_as_it_does_from_memory(
    kinds: tuple[Callable[[bytes], Piece], ...], version: str, pause_s: float
) -> None:
    sizes = [1, 5, 3 << 20, 1, 700_000, 2, 2 << 20]
    pieces = [bytes([65 + place]) * size for place, size in enumerate(sizes)]
    is_sized = "sized" in version

    async def give(exchange: Exchange) -> None:
        exchange.begin(head(200, [], sum(sizes) if is_sized else None), sized=is_sized)
        for place, piece in enumerate(pieces):
            await exchange.send(kinds[place % len(kinds)](piece))
        assert exchange.sent == sum(sizes)
        exchange.end()

    with running(later(give)) as server:
        client = server.client()
        requests = 1 if version == "1.0" else 3
        for connection in ["keep-alive"] * (requests - 1) + ["close"]:
            client.say(f"GET /a HTTP/{version[:3]}\r\nHost: x\r\nConnection: {connection}\r\n\r\n")
        time.sleep(pause_s)
        answers = client.until_end().split(b"HTTP/1.1 200 OK\r\n")[1:]
    assert len(answers) == requests
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    for answer in answers:
        assert answer.partition(b"\r\n\r\n")[2] == (chunks if version == "1.1" else b"".join(pieces))


@pytest.mark.parametrize("pause_s", [0, 0.3])
def test_a_file_that_the_kernel_does_not_send_from_is_sent_all_the_same(
    pause_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    def invalid(*arguments: object) -> int:
        raise OSError(errno.EINVAL, "Invalid argument")

    body = bytes(range(256)) * 30_000

    async def give(exchange: Exchange) -> None:
        exchange.begin(head(200, [], len(body)), sized=True)
        await exchange.send(filed(body))
        exchange.end()

    monkeypatch.setattr(os, "sendfile", invalid)
    with running(later(give)) as server:
        client = server.client()
        client.say("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(pause_s)
        assert client.answer()[2] == body


def test_a_file_that_ends_too_early_is_no_end_of_an_answer() -> None:
    ended: Future[Exception] = Future()

    async def give(exchange: Exchange) -> None:
        exchange.begin(head(200, []), sized=False)
        try:
            await exchange.send(in_a_file(b"0123", size=5))
        except OSError as error:
            ended.set_result(error)
        exchange.break_off()

    with running(later(give)) as server:
        client = server.client()
        client.say("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            client.until_end()
        assert "ends before" in str(ended.result(WITHIN_S))


def test_a_client_that_has_left_gets_nothing_of_a_file_whose_head_was_lost() -> None:
    """Its end comes while the loop is busy, and is seen in the turn in which the next answer begins."""

    async def give(exchange: Exchange) -> None:
        exchange.begin(head(200, [], 7), sized=True)
        try:
            await exchange.send(in_a_file(b"content"))
        except ClientGone:
            exchange.break_off()
        else:
            exchange.end()

    tasks = set()

    def handle(exchange: Exchange) -> None:
        loop = asyncio.get_running_loop()
        if exchange.path == "/file":
            tasks.add(loop.create_task(give(exchange)))
        else:
            busy = lambda: (time.sleep(0.05), respond(exchange, b"first"))  # noqa: E731
            loop.call_later(0.05, loop.call_soon, busy)

    with running(handle) as server:
        client = server.client()
        client.say("GET /first HTTP/1.1\r\nHost: x\r\n\r\nGET /file HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(0.075)
        client.connection.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionResetError):
            client.until_end()
        assert client.received.partition(b"first")[2].partition(b"\r\n\r\n")[2] in (b"", b"content")
        assert not client.received.endswith(b"firstcontent")


def test_one_who_takes_all_at_once_leaves_others_their_turn() -> None:
    class Taken(FilePart):
        def send(self, connection: int, start: int) -> int:
            return len(self) - start

    part = in_a_file(bytes(10))
    sent_before: list[int] = []

    async def give(exchange: Exchange) -> None:
        if exchange.path == "/small":
            sent_before.append(large.result().sent)
            respond(exchange, b"small")
            return
        large.set_result(exchange)
        exchange.begin(head(200, []), sized=False)
        while not sent_before and exchange.sent < 1_000_000:
            await exchange.send(Taken(part.file, part.start, len(part)))
        exchange.break_off()

    large: Future[Exchange] = Future()
    with running(later(give)) as server:
        server.client().say("GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        large.result(WITHIN_S)
        small = server.client()
        small.say("GET /small HTTP/1.1\r\nHost: x\r\n\r\n")
        assert small.answer()[2] == b"small"
    assert sent_before[0] < 1_000_000


def test_it_is_told_when_a_client_leaves() -> None:
    gone: Future[bool] = Future()

    async def wait(exchange: Exchange) -> None:
        exchange.abandonment.subscribe(lambda: gone.set_result(True))
        while not gone.done():
            await asyncio.sleep(0.01)
        assert exchange.abandonment.happened
        respond(exchange, b"for nobody")

    with running(later(wait)) as server:
        client = server.client()
        client.say("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
        client.connection.close()
        assert gone.result(WITHIN_S)


def test_what_is_under_way_is_finished_when_the_server_stops() -> None:
    async def slowly(exchange: Exchange) -> None:
        await asyncio.sleep(0.5)
        echo(exchange)

    with running(later(slowly)) as server:
        client, idle = server.client(), server.client()
        client.say("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(0.2)
        assert len(server.server.connections) == 2
        server.clients.clear()
    assert client.answer()[1]["connection"] == "close"
    assert client.until_end() == b""
    client.connection.close()
    idle.connection.close()


def test_a_taken_port_is_told() -> None:
    with running(echo) as server, pytest.raises(BadInput, match="something listens there already"):
        bind("127.0.0.1", server.port)
