"""Requests that somebody made up to spoil what others get, or to keep the server from them."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
import requests

from tests.conftest import Server, Starter

DOCUMENT = "/doc/org/giz"
HARD = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i BIND (%d AS ?number) }"
WITHIN_S = 10


def said(server: Server, path: str, *headers: tuple[str, str]) -> http.client.HTTPResponse:
    """The answer to just these headers, as often as they are given. Its body has been read into `told`."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=WITHIN_S)
    connection.putrequest("GET", path, skip_host=True, skip_accept_encoding=True)
    for name, value in headers:
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    answer.told = answer.read()  # type: ignore[attr-defined]
    connection.close()
    return answer


HOST, HTML = ("Host", "example.org"), ("Accept", "text/html")


@pytest.mark.parametrize(
    ("spoiling", "plain", "header"),
    [
        ([HTML, ("Accept-Language", "en;q=0.1"), ("Accept-Language", "uk")], "en", "content-language"),
        ([HTML, ("Accept-Language", "en;q=0.1"), ("Accept_Language", "uk")], "en", "content-language"),
        ([("Accept", "*/*"), ("Accept", "text/turtle"), ("Accept-Language", "en;q=0.1")], "text/html", "content-type"),
    ],
)  # fmt: skip
def test_no_repeated_or_misspelt_header_changes_what_others_get(
    spoiling: list[tuple[str, str]], plain: str, header: str, server: Server
) -> None:
    path = f"{DOCUMENT}?by={quote(repr(spoiling))}"
    said(server, path, HOST, *spoiling)
    usual = dict(reversed(spoiling)) | {"Accept_Language": ""}
    answer = said(server, path, HOST, *((n, v) for n, v in usual.items() if v))
    assert (answer.getheader(header) or "").startswith(plain)


def test_what_is_kept_is_not_given_to_a_request_that_is_none(server: Server) -> None:
    for _ in range(2):
        assert said(server, "/sitemap.xml", HOST).status == 200
    assert said(server, "/sitemap.xml", HOST, ("Content-Length", "5"), ("Transfer-Encoding", "chunked")).status == 400


@pytest.mark.parametrize("hosts", [[], ["example.org", "evil.example"], ["example.org/evil"], ['a"<b'], ["a b"]])
def test_a_request_names_one_host(hosts: list[str], server: Server) -> None:
    answer = said(server, "/sitemap.xml", *(("Host", h) for h in hosts))
    assert answer.status == 400
    assert b"example" not in answer.told  # type: ignore[attr-defined]
    assert said(server, "/sitemap.xml", ("Host", "[::1]:8000")).status == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Accept-Language", "-".join(["aaaaaaaa"] * 5000)),
        ("Accept", "a/b," * 10000),
        ("Content-Type", 'text/plain; x="' + ";" * 40000),
    ],
)
def test_a_long_header_holds_nobody_up(name: str, value: str, server: Server) -> None:
    assert said(server, "/sparql?query=ASK%7B%7D", HOST, (name, value)).status in (200, 406, 415)


@pytest.mark.parametrize("path", ["/browse?page=1" + "0" * 5000, "/search?q=a&page=1" + "0" * 5000])
def test_a_page_number_of_any_length_is_told_off(path: str, server: Server) -> None:
    assert said(server, path, HOST).status in (400, 404)


def test_more_parameters_than_anybody_needs_are_refused(server: Server) -> None:
    answer = requests.post(f"{server.url}/sparql", data="a&" * 2000 + "query=ASK{}", timeout=WITHIN_S, headers={
        "Content-Type": "application/x-www-form-urlencoded"
    })  # fmt: skip
    assert answer.status_code == 400
    assert "1000 parameters" in answer.json()["detail"]


@pytest.fixture
def busy(start: Starter) -> Iterator[Server]:
    """A server on whose query processes more browsers wait than it has threads."""
    server = start("--timeout", "20", "--workers", "1", "--slow", "0")
    queries = [f"{server.url}/sparql?query={quote(HARD % n)}" for n in range(40)]
    sockets = []
    for query in queries:
        parts = urlsplit(query)
        waiting = socket.create_connection((parts.hostname, parts.port), timeout=WITHIN_S)
        head = f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept: text/html\r\n\r\n"
        waiting.sendall(head.encode())
        sockets.append(waiting)
    yield server
    for waiting in sockets:
        waiting.close()


def test_pages_do_not_wait_for_queries(busy: Server) -> None:
    for path in ("/health", DOCUMENT, "/browse"):
        assert requests.get(busy.url + path, timeout=WITHIN_S).status_code == 200


def test_thousands_of_silent_clients_keep_nobody_out(server: Server) -> None:
    address = urlsplit(server.url)
    silent = []
    try:
        for _ in range(1500):
            silent.append(socket.create_connection((address.hostname, address.port), timeout=WITHIN_S))
        assert requests.get(f"{server.url}/health", timeout=WITHIN_S).status_code == 200
    finally:
        for one in silent:
            one.close()


def test_a_long_query_does_not_hold_up_the_end(start: Starter) -> None:
    server = start("--timeout", "100")

    def ask() -> None:
        with pytest.raises(requests.RequestException):
            requests.get(f"{server.url}/sparql", params={"query": HARD % 0}, timeout=60)

    asking = threading.Thread(target=ask)
    asking.start()
    while b"kg_queries 1" not in requests.get(f"{server.url}/metrics", timeout=WITHIN_S).content:
        time.sleep(0.05)
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(30) == 0
    asking.join()


def test_who_does_not_read_fills_no_memory(start: Starter) -> None:
    server = start()
    server_process = children(server.process.pid)[0]
    large = f"/sparql?query={quote('SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 200000')}"
    assert len(requests.get(server.url + large, timeout=60).content) > 50 << 20
    address, silent = urlsplit(server.url), []
    for _ in range(10):
        one = socket.create_connection((address.hostname, address.port), timeout=WITHIN_S)
        one.sendall(f"GET {large} HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode())
        silent.append(one)
    for one in silent:
        assert one.recv(12) == b"HTTP/1.1 200"
    for _ in range(20):
        assert requests.get(f"{server.url}/health", timeout=WITHIN_S).status_code == 200
        assert resident_bytes(server_process) < 250 << 20
        time.sleep(0.05)
    for one in silent:
        one.close()


def resident_bytes(pid: int) -> int:
    """The memory that a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_it_is_not_ready_without_query_processes(start: Starter) -> None:
    server = start("--timeout", "5")
    assert requests.get(f"{server.url}/ready", timeout=WITHIN_S).text == "ready\n"
    serving, *workers = children(server.process.pid)
    server.process.send_signal(signal.SIGSTOP)  # the parent forks no more
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    answer = requests.get(f"{server.url}/ready", timeout=WITHIN_S)
    assert answer.status_code == 503
    assert answer.text.startswith("not ready: ")
    server.process.send_signal(signal.SIGCONT)
    assert requests.get(f"{server.url}/ready", timeout=WITHIN_S).text == "ready\n"
    assert serving in children(server.process.pid)


def test_a_process_that_serves_is_replaced_when_it_is_killed(start: Starter) -> None:
    server = start()
    serving = children(server.process.pid)[0]
    os.kill(serving, signal.SIGKILL)
    deadline = time.monotonic() + WITHIN_S
    while time.monotonic() < deadline:
        try:
            assert requests.get(f"{server.url}/ready", timeout=WITHIN_S).text == "ready\n"
            break
        except requests.ConnectionError:
            time.sleep(0.05)
    assert serving not in children(server.process.pid)


def test_one_that_cannot_live_ends_the_server(start: Starter) -> None:
    server = start()
    deadline = time.monotonic() + 3 * WITHIN_S
    while server.process.poll() is None and time.monotonic() < deadline:
        for serving in children(server.process.pid)[:1]:
            os.kill(serving, signal.SIGKILL)
        time.sleep(0.2)
    assert server.process.wait(WITHIN_S) == 3


def children(pid: int) -> list[int]:
    """The processes that a process has forked from its first thread, the first first: the one that serves."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
