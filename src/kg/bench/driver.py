"""Asks a server over HTTP from a process of its own and takes the time. Needs nothing but the standard library.

    python -I driver.py < job > result

One thread, non-blocking sockets, requests prepared as bytes, long bodies that the kernel throws away instead of copying
them: what it costs itself is told with each result.
"""

from __future__ import annotations

import json
import re
import select
import socket
import sys
import time
from dataclasses import dataclass, field

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_RECEIVE = 1 << 18
_LONG, _FORGOTTEN = 1 << 16, 1 << 23
_FORGET = socket.MSG_TRUNC if sys.platform == "linux" else 0
"""To have the kernel throw away what has come (tcp(7)); elsewhere it is copied and not looked at."""
_TO_CONNECT_S = 10.0


@dataclass(frozen=True)
class Job:
    """What to ask.

    requests  whole HTTP requests, asked in this order, and from the start again if there are less than `total`
    seconds   no new request after this time
    grace_s   how long those under way may take after that; then they are abandoned
    """

    port: int
    requests: list[bytes]
    clients: int
    seconds: float
    total: int
    grace_s: float = 30.0


@dataclass
class Result:
    """What came of it.

    seconds     from the first request to the last answer
    times_ms    of each request that was answered with 200, in the order of the answers
    failures    what went wrong, and how often: another status, a connection that broke off
    unfinished  requests that were abandoned
    reconnects  connections that the server closed between two requests
    cpu_s       processor time of the driver itself
    """

    seconds: float = 0.0
    times_ms: list[float] = field(default_factory=list)
    failures: dict[str, int] = field(default_factory=dict)
    unfinished: int = 0
    reconnects: int = 0
    received_bytes: int = 0
    cpu_s: float = 0.0


def drive(job: Job) -> Result:
    """Let so many clients ask one request after the other until the time is over or all is asked."""
    cpu = time.process_time()
    result = _Run(job).result()
    result.cpu_s = time.process_time() - cpu
    return result


class _Run:
    def __init__(self, job: Job) -> None:
        self.job = job
        self.outcome = Result()
        self.poll = select.epoll()
        self.busy: dict[int, _Connection] = {}
        self.asked = 0
        # One buffer for all: `recv` would allocate as much as it might get each time, and that took most of the time.
        self.received, self.forgotten = memoryview(bytearray(_RECEIVE)), bytearray(_FORGOTTEN)

    def result(self) -> Result:
        job, outcome, clock = self.job, self.outcome, time.perf_counter
        connections = self.connections()
        self.began = last = clock()
        self.deadline = self.began + job.seconds
        for connection in connections:
            self.poll.register(connection.socket, select.EPOLLIN)
            self.next(connection)
        while self.busy:
            ready = self.poll.poll(max(0.0, self.deadline + job.grace_s - clock()))
            if not ready:
                outcome.unfinished = len(self.busy)
                break
            for descriptor, _ in ready:
                if descriptor not in self.busy:  # ended by the server with nothing under way
                    self.poll.unregister(descriptor)
                    continue
                connection = self.busy[descriptor]
                try:
                    size, whole = connection.receive(self.received, self.forgotten)
                except OSError:
                    size = 0
                    whole = False
                outcome.received_bytes += size
                if whole:
                    last = clock()
                    if connection.status == b"200":
                        outcome.times_ms.append((last - connection.began) * 1000)
                    else:
                        self.fail(connection.status.decode("ascii", "replace"))
                    self.next(connection)
                elif not size:
                    last = clock()
                    self.ended(connection)
        outcome.seconds = last - self.began
        for connection in connections:
            connection.socket.close()
        return outcome

    def connections(self) -> list[_Connection]:
        """One for each client; fewer if the server takes no more."""
        found: list[_Connection] = []
        try:
            while len(found) < min(self.job.clients, self.job.total):
                found.append(_Connection(self.job.port))
        except OSError:
            self.fail("no connection")
        return found

    def next(self, connection: _Connection) -> None:
        """Send the next request, if there is one and time for it."""
        requests = self.job.requests
        if time.perf_counter() >= self.deadline or self.asked >= self.job.total:
            self.busy.pop(connection.socket.fileno(), None)
            return
        connection.request = requests[self.asked % len(requests)]
        self.asked += 1
        self.busy[connection.socket.fileno()] = connection
        self.send(connection)

    def send(self, connection: _Connection) -> None:
        connection.start()
        connection.began = time.perf_counter()
        try:
            connection.socket.sendall(connection.request)
        except OSError:
            self.ended(connection)

    def ended(self, connection: _Connection) -> None:
        """The server has ended the connection: between two requests is its right, within an answer is a failure."""
        between = connection.reused and not connection.status and not connection.buffer
        self.busy.pop(connection.socket.fileno(), None)
        try:
            connection.connect()
        except OSError:
            self.fail("no connection")
            return
        self.poll.register(connection.socket, select.EPOLLIN)
        if between:
            self.outcome.reconnects += 1
            self.busy[connection.socket.fileno()] = connection
            self.send(connection)
        else:
            self.fail("broken off")
            self.next(connection)

    def fail(self, what: str) -> None:
        self.outcome.failures[what] = self.outcome.failures.get(what, 0) + 1


class _Connection:
    """One client: a socket, and how far the answer on it has come.

    reused  an answer came on this connection already
    left    bytes that are still to come: of the body, or of a chunk and the line end behind it; -1: not known yet
    """

    __slots__ = ("began", "buffer", "chunked", "left", "port", "request", "reused", "socket", "status")

    def __init__(self, port: int) -> None:
        self.port = port
        self.request = b""
        self.began = 0.0
        self.socket = socket.socket()
        self.connect()

    def connect(self) -> None:
        self.socket.close()
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=_TO_CONNECT_S)
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.status = b""
        self.start()
        self.reused = False

    def start(self) -> None:
        """Expect a new answer."""
        self.reused = bool(self.status)
        self.status = self.buffer = b""
        self.left = -1
        self.chunked = False

    def receive(self, buffer: memoryview, forgotten: bytearray) -> tuple[int, bool]:
        """Take what has come; return how much that is, and whether the answer is whole."""
        if self.left >= _LONG:
            size = self.socket.recv_into(forgotten, min(self.left, _FORGOTTEN), _FORGET)
            self.left -= size
            return size, self.left == 0 and not self.chunked
        size = self.socket.recv_into(buffer)
        return size, self.take(buffer[:size])

    def take(self, received: memoryview) -> bool:
        """Read on; return whether the answer is whole."""
        if self.status and not self.chunked:
            self.left -= len(received)
            return self.left <= 0
        data = bytes(received)
        if not self.status:
            data = self.buffer + data
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self.buffer = data
                return False
            self.status = data[9:12]
            if length := _LENGTH.search(data, 0, end + 2):
                self.left = int(length[1])
            else:
                self.chunked = _CHUNKED.search(data, 0, end + 2) is not None
                if not self.chunked:
                    raise ValueError(f"an answer with neither a length nor chunks: {data[:end]!r}")
            data, self.buffer = data[end + 4 :], b""
        if self.chunked:
            return self.take_chunks(self.buffer + data)
        self.left -= len(data)
        return self.left <= 0

    def take_chunks(self, data: bytes) -> bool:
        start = 0
        while True:
            if self.left > 0:
                skipped = min(self.left, len(data) - start)
                self.left -= skipped
                start += skipped
            end = data.find(b"\r\n", start)
            if self.left > 0 or end < 0:
                self.buffer = data[start:]
                return False
            size = int(data[start:end].partition(b";")[0], 16)
            if size == 0:
                self.buffer = data[start:]
                return data.endswith(b"\r\n\r\n")
            start, self.left = end + 2, size + 2


def main() -> None:
    """Read a job from standard input, write the result to standard output."""
    values = json.load(sys.stdin)
    values["requests"] = [r.encode("ascii") for r in values["requests"]]
    json.dump(vars(drive(Job(**values))), sys.stdout)


if __name__ == "__main__":
    main()
