"""Processes that answer small queries beside the one that answers everything: what nobody is to notice of them."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import re
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import Mock
from urllib.parse import quote

import pytest
import requests

from kg.front.acceptors import HEAD, Acceptor, Acceptors, Kind
from kg.front.metrics import Counts
from kg.store import pool
from tests.conftest import Server, Starter
from tests.loops import run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at in /proc")

WITHIN_S = 20
SMALL = "SELECT * { <https://w3id.org/health-solidarity/dataset> a ?type }"
LARGE = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . FILTER(STRLEN(STR(?c)) > 3) }"


@dataclass
class House:
    """A server with one acceptor, and one worker.

    everything, acceptor  process ids
    """

    server: Server
    clients: list[socket.socket] = field(default_factory=list)

    @property
    def everything(self) -> int:
        return children(self.server.process.pid)[0]

    @property
    def acceptor(self) -> int:
        found: set[int] = set()

        def accepting() -> set[int]:
            return {pid for pid in children(self.server.process.pid)[1:] if self.listens(pid)}

        def is_there() -> set[int]:
            found.update(accepting())
            time.sleep(0.1)  # one that has just been forked may seem to have an event loop
            found.intersection_update(accepting())
            return found

        eventually(is_there)
        return found.pop()

    @property
    def port(self) -> int:
        return int(self.server.url.rpartition(":")[2])

    def listens(self, pid: int) -> bool:
        """Whether a process accepts connections: it has a Python event loop, which workers have not."""
        return any("eventpoll" in link for link in links(pid))

    @contextmanager
    def without_everything(self) -> Iterator[None]:
        """Only the acceptor is there for a while."""
        os.kill(self.everything, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.everything, signal.SIGCONT)

    def client(self) -> Client:
        self.clients.append(socket.create_connection(("127.0.0.1", self.port), timeout=WITHIN_S))
        return Client(self.clients[-1])

    def at_acceptor(self) -> Client:
        """A connection that the acceptor has."""
        with self.without_everything():
            client = self.client()
            client.say(get(SMALL))
            assert client.answer()[0] == 200
        return client

    def counts(self) -> Counter[str]:
        lines = requests.get(f"{self.server.url}/metrics", timeout=WITHIN_S).text.splitlines()
        found = (line.rpartition(" ") for line in lines if line.startswith("kg_requests_total"))
        return Counter({name: int(float(value)) for name, _, value in found})


@dataclass
class Client:
    connection: socket.socket
    received: bytes = b""

    def say(self, data: bytes) -> None:
        self.connection.sendall(data)

    def answer(self) -> tuple[int, bytes]:
        """The status and the body of one answer with a length."""
        while b"\r\n\r\n" not in self.received:
            self.more()
        head, _, self.received = self.received.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        assert length, head
        while len(self.received) < int(length[1]):
            self.more()
        body, self.received = self.received[: int(length[1])], self.received[int(length[1]) :]
        return int(head[9:12]), body

    def more(self) -> None:
        data = self.connection.recv(1 << 16)
        assert data, f"the connection ended after {self.received!r}"
        self.received += data


def get(query: str, more: str = "") -> bytes:
    return f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: localhost\r\n{more}\r\n".encode()


def post(query: str) -> bytes:
    body = f"query={quote(query)}"
    kind = "Content-Type: application/x-www-form-urlencoded"
    return f"POST /sparql HTTP/1.1\r\nHost: localhost\r\n{kind}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()


def sent(headers: str) -> bytes:
    """The head of a query by POST."""
    kind = "Content-Type: application/sparql-query"
    return f"POST /sparql HTTP/1.1\r\nHost: localhost\r\n{kind}\r\n{headers}\r\n\r\n".encode()


HEALTH = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def links(pid: int) -> list[str]:
    found = []
    with suppress(FileNotFoundError):  # it has ended
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                found.append(str(descriptor.readlink()))
    return found


def connections(pid: int, port: int) -> int:
    """How many connections to a port a process has accepted."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    inodes = {f"socket:[{row[9]}]" for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "01"}
    return sum(link in inodes for link in links(pid))


def eventually(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture(scope="module")
def served(start: Starter) -> Server:
    return start("--acceptors", "1", "--workers", "1")


@pytest.fixture
def house(served: Server) -> Iterator[House]:
    with opened(served) as found:
        yield found


@contextmanager
def opened(server: Server) -> Iterator[House]:
    house = House(server)
    try:
        yield house
    finally:
        for client in house.clients:
            client.close()


def test_small_queries_do_not_wait_for_the_process_that_answers_everything(house: House) -> None:
    client = house.at_acceptor()
    with house.without_everything():
        for request in (get(SMALL + "#1"), post(SMALL + "#2"), get(SMALL, "Accept: text/csv\r\n")):
            client.say(request)
            status, body = client.answer()
            assert status == 200
            assert b"Dataset" in body


def test_anything_else_is_passed_on_and_the_connection_with_it(house: House) -> None:
    client = house.at_acceptor()
    had = connections(house.everything, house.port)
    for request, expected in ((HEALTH, b"alive"), (get(LARGE), b'"n"'), (get(SMALL + "#3"), b"Dataset")):
        client.say(request)
        status, body = client.answer()
        assert status == 200
        assert expected in body
    assert connections(house.everything, house.port) == had + 1


def test_requests_behind_each_other_are_answered_in_order(house: House) -> None:
    client = house.at_acceptor()
    client.say(get(SMALL + "#4") + HEALTH + post(SMALL + "#5") + get(LARGE + "#6"))
    assert [expected in client.answer()[1] for expected in (b"Dataset", b"alive", b"Dataset", b'"n"')] == [True] * 4


@pytest.mark.parametrize("request_", [get(SMALL + "#7"), post(SMALL + "#8"), HEALTH], ids=["get", "post", "health"])
def test_a_request_in_pieces_is_read_on_where_it_is_passed(house: House, request_: bytes) -> None:
    for size in (1, 7, 90):
        client = house.at_acceptor()
        for start in range(0, len(request_), size):
            client.say(request_[start : start + size])
            time.sleep(0.002)
        assert client.answer()[0] == 200


def test_chunks_are_read_on_where_they_are_passed(house: House) -> None:
    client = house.at_acceptor()
    client.say(
        b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n"
    )
    time.sleep(0.05)
    for piece in (SMALL[:9].encode(), SMALL[9:].encode(), b""):
        client.say(b"%x\r\n%s\r\n" % (len(piece), piece))
    assert b"Dataset" in client.answer()[1]


PAGE = b"GET /robots.txt HTTP/1.1\r\nHost: localhost\r\n\r\n"
ODD = {
    "nonsense": [b"nonsense\r\n\r\n"],
    "no host": [get(SMALL).replace(b"Host: localhost\r\n", b"")],
    "syntax": [get("SELECT * {")],
    "method": [b"PUT /sparql HTTP/1.1\r\nHost: localhost\r\n\r\n"],
    "long": [get("x" * 40_000)],
    "large head": [get(SMALL, "X: " + "y" * 200_000 + "\r\n")],
    "body of GET": [get(SMALL, f"Content-Length: {len(PAGE)}\r\n") + PAGE],
    "two lengths": [sent("Content-Length: 0\r\nContent-Length: 9") + b"ASK {}   "],
    "length and chunks": [sent("Content-Length: 5\r\nTransfer-Encoding: chunked") + b"0\r\n\r\n"],
    "tab before length": [sent(f"Content-Length:\t{len(SMALL)}"), SMALL.encode() + PAGE],
    "tab behind length": [sent(f"Content-Length: {len(LARGE)}\t"), LARGE.encode() + PAGE],
    "tab and half a request": [sent(f"Content-Length:\t{len(SMALL)}"), SMALL.encode() + PAGE[:20], PAGE[20:]],
    "tab and a small request": [sent(f"Content-Length:\t{len(LARGE)}"), LARGE.encode() + get(SMALL)],
    "folded length": [sent(f"Content-Length:\r\n {len(SMALL)}"), SMALL.encode() + PAGE],
    "length behind line feed": [sent(f"X: a\nContent-Length: {len(SMALL)}"), SMALL.encode() + PAGE],
    "many digits": [sent(f"Content-Length: {'0' * 5000}{len(SMALL)}") + SMALL.encode()],
    "endless length": [sent("Content-Length: 99999999999999999999999")],
    "expected": [sent(f"Content-Length: {len(SMALL)}\r\nExpect: 100-continue"), SMALL.encode()],
    "upgrade": [get(SMALL, "Connection: Upgrade\r\nUpgrade: websocket\r\n"), PAGE],
    "HTTP/1.0": [get(SMALL).replace(b"1.1", b"1.0"), PAGE],
    "absolute": [get(SMALL).replace(b"GET /", b"GET http://localhost/"), PAGE],
    "empty lines": [b"\r\n\r\n", b"\r\n", get(SMALL), b"\r\n\r\n\r\n" + PAGE],
    "line feeds": [get(SMALL).replace(b"\r\n", b"\n"), PAGE],
    "HEAD": [get(SMALL).replace(b"GET", b"HEAD"), PAGE],
    "OPTIONS": [get(SMALL).replace(b"GET", b"OPTIONS"), PAGE],
    "raw bytes": [b"GET /\xc3\xa9 HTTP/1.1\r\nHost: localhost\r\n\r\n", PAGE],
}


@pytest.mark.parametrize("parts", ODD.values(), ids=ODD)
def test_what_is_odd_is_answered_as_it_is_without_acceptors(house: House, parts: list[bytes]) -> None:
    elsewhere = house.client()
    elsewhere.say(HEALTH)
    elsewhere.answer()
    assert told(elsewhere, parts) == told(house.at_acceptor(), parts)


def told(client: Client, parts: list[bytes]) -> list[bytes]:
    """The status lines and bodies of all that is answered."""
    for part in parts:
        client.say(part)
        time.sleep(0.05)
    client.connection.settimeout(0.4)
    received = client.received
    try:
        while data := client.connection.recv(1 << 16):
            received += data
    except TimeoutError:
        pass
    answers = re.split(rb"(?=HTTP/1\.1 \d{3})", received)
    return [re.sub(rb"(?i)(?:date|server-timing): .*\r\n", b"", answer) for answer in answers]


def test_clients_are_shared_out(house: House) -> None:
    processes = house.everything, house.acceptor
    eventually(lambda: sum(connections(pid, house.port) for pid in processes) == 0)
    for number in range(10):
        client = house.client()
        client.say(get(f"{SMALL}#{number}"))
        client.answer()
    assert min(connections(pid, house.port) for pid in processes) >= 3  # not even, if one was not scheduled for long


def test_a_client_of_small_queries_is_given_away_where_there_are_too_many(house: House) -> None:
    processes = house.everything, house.acceptor
    eventually(lambda: sum(connections(pid, house.port) for pid in processes) == 0)
    clients = [house.at_acceptor() for _ in range(4)]
    for client in clients:
        client.say(HEALTH)
        client.answer()
    assert [connections(pid, house.port) for pid in processes] == [4, 0]
    for number in range(12):
        for place, client in enumerate(clients):
            client.say(get(f"{SMALL}#{number},{place}"))
            assert b"Dataset" in client.answer()[1]
    eventually(lambda: max(connections(pid, house.port) for pid in processes) <= 3)
    for client in clients:
        client.say(HEALTH)
        assert client.answer() == (200, b"alive\n")


def test_a_client_of_other_queries_stays_where_it_is(house: House) -> None:
    processes = house.everything, house.acceptor
    eventually(lambda: sum(connections(pid, house.port) for pid in processes) == 0)
    clients = [house.at_acceptor() for _ in range(4)]
    for number in range(12):
        for place, client in enumerate(clients):
            for request in (get(f"{SMALL}#{number}.{place}"), HEALTH):
                client.say(request)
                assert client.answer()[0] == 200
    assert [connections(pid, house.port) for pid in processes] == [4, 0]


def test_requests_are_counted_wherever_they_are_answered(house: House) -> None:
    before = house.counts()
    client = house.at_acceptor()
    for request in (get(SMALL + "#9"), get(SMALL + "#9"), HEALTH, get(SMALL + "#9")):
        client.say(request)
        client.answer()
    new = house.counts() - before
    assert new['kg_requests_total{kind="sparql",status="200"}'] == 4
    assert new['kg_requests_total{kind="other",status="200"}'] == 2  # /health, and /metrics before


def test_an_acceptor_that_is_killed_is_replaced_and_what_it_told_stays(house: House) -> None:
    house.at_acceptor()
    before, killed = house.counts(), house.acceptor
    os.kill(killed, signal.SIGKILL)
    eventually(lambda: killed not in children(house.server.process.pid))
    eventually(lambda: len(children(house.server.process.pid)) == 3)
    assert house.at_acceptor()
    assert not before - house.counts()


def test_what_an_acceptor_answered_is_counted_though_nobody_asked_before_it_was_killed(house: House) -> None:
    before = house.counts()
    client = house.at_acceptor()
    time.sleep(2)  # it tells once a second
    os.kill(house.acceptor, signal.SIGKILL)
    eventually(lambda: len(children(house.server.process.pid)) == 3)
    assert (house.counts() - before)['kg_requests_total{kind="sparql",status="200"}'] == 1
    client.connection.close()


def test_lines_of_the_log_are_whole_whoever_writes_them(start: Starter) -> None:
    server = start("--acceptors", "2", "--workers", "1", "--log", "json")

    def ask(number: int) -> None:
        with requests.Session() as session:
            for again in range(200):
                session.get(f"{server.url}/sparql", params={"query": f"{SMALL}#{number},{again}"}, timeout=WITHIN_S)

    assert server.process.stdout
    with ThreadPoolExecutor(9) as threads:
        told = threads.submit(server.process.stdout.read)
        list(threads.map(ask, range(8)))
        server.process.send_signal(signal.SIGINT)
    lines = [line for line in told.result().splitlines() if not line.startswith("Serving")]
    assert len(lines) >= 1600
    assert {json.loads(line)["status"] for line in lines} == {200}


def test_what_has_no_room_on_its_way_is_sent_later_and_too_many_wait_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = socket.send_fds
    welcomed: list[bytes] = []

    def full(*_: object) -> int:
        raise OSError(errno.ETOOMANYREFS, "too many references")

    def welcome(connected: socket.socket, early: bytes) -> None:
        connected.close()
        welcomed.append(early)

    async def passed() -> list[bool]:
        stop = asyncio.Event()
        with pool.listen(tmp_path / "passed") as listener, socket.socket() as connection:
            acceptors = Acceptors(listener)
            acceptors.begin(Mock(welcome=welcome))
            acceptor = Acceptor(listener, 1, Counts(), stop)
            monkeypatch.setattr(socket, "send_fds", full)
            taken = [acceptor.pass_on(connection.fileno(), b"%d" % number) for number in range(300)]
            assert not stop.is_set()
            monkeypatch.setattr(socket, "send_fds", send)
            while len(welcomed) < sum(taken):
                await asyncio.sleep(0.01)
            for channel in acceptors.channels:
                asyncio.get_running_loop().remove_reader(channel.socket)
                channel.close()
            asyncio.get_running_loop().remove_reader(listener)
            acceptor.channel.close()
        return taken

    assert run(passed()) == [True] * 256 + [False] * 44
    assert welcomed == [b"%d" % number for number in range(256)]


def test_acceptors_go_and_come_with_the_process_that_answers_everything(start: Starter) -> None:
    with opened(start("--acceptors", "2", "--workers", "1")) as house:
        house.at_acceptor()
        house.counts()  # which all acceptors tell, once they are there
        before = children(house.server.process.pid)
        os.kill(house.everything, signal.SIGKILL)
        eventually(lambda: not set(before[:3]) & set(children(house.server.process.pid)))
        assert requests.get(house.server.url + "/health", timeout=WITHIN_S).text == "alive\n"
        eventually(lambda: len(children(house.server.process.pid)) == 4)
        client = house.at_acceptor()
        client.say(HEALTH)
        assert client.answer() == (200, b"alive\n")


def test_an_acceptor_that_dies_again_and_again_is_left_alone_for_a_while(start: Starter) -> None:
    server = start("--acceptors", "1", "--workers", "1")
    house = House(server)
    for _ in range(5):
        killed = house.acceptor
        os.kill(killed, signal.SIGKILL)
        eventually(lambda killed=killed: killed not in children(server.process.pid))  # type: ignore[misc]
    for number in range(50):
        answer = requests.get(f"{server.url}/sparql", params={"query": f"{SMALL}#{number}"}, timeout=WITHIN_S)
        assert answer.status_code == 200
    assert len(children(server.process.pid)) == 2
    eventually(lambda: len(children(server.process.pid)) == 3)
    server.process.send_signal(signal.SIGINT)
    assert server.process.stdout
    assert server.process.stdout.read().count("died 5 times. It is left alone for a while") == 1


def test_all_end_with_the_server(start: Starter) -> None:
    server = start("--acceptors", "3")
    family = children(server.process.pid)
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(WITHIN_S) == 0
    assert not [pid for pid in family if Path(f"/proc/{pid}").exists()]


def test_what_came_of_a_connection_never_goes_with_the_descriptor_of_another(tmp_path: Path) -> None:
    """As it would if one were lost, for which there was no room."""
    welcomed: list[bytes] = []

    def welcome(connected: socket.socket, early: bytes) -> None:
        connected.close()
        welcomed.append(early)

    async def passed() -> None:
        server, stop = Mock(welcome=welcome), asyncio.Event()
        with pool.listen(tmp_path / "passed") as listener, socket.socket() as connection:
            Acceptors(listener).begin(server)
            acceptor = Acceptor(listener, 1, Counts(), stop)
            acceptor.begin(server)
            acceptor.pass_on(connection.fileno(), b"first")
            with socket.socket() as other:
                head = HEAD.pack(Kind.PASSED, True, os.fstat(other.fileno()).st_ino, len(b"second"))
            acceptor.left.append((head + b"second", None))
            acceptor.pass_on(connection.fileno(), b"third")
            await stop.wait()
            asyncio.get_running_loop().remove_reader(listener)
            acceptor.channel.close()
        server.balance.tell.assert_called_with(1, None)

    run(passed())
    assert welcomed == [b"first"]
