"""Servers that are broken or hostile: the rules are held to the end, in bounded time and memory."""

from __future__ import annotations

import gzip
import itertools
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from kg.contract import crawl, rdf
from kg.contract.client import Client, Exchange, Request, Response, Unanswered
from kg.contract.links import LinkSyntaxError, read
from kg.contract.rule import Verdict
from kg.contract.rules import RULES
from kg.contract.run import Report, run
from kg.contract.site import Site as Asking
from kg.contract.site import follow
from kg.words.errors import BadInput
from tests.contract.inside import URL, InsideClient, without_a_wire
from tests.contract.site import CANONICAL, Asked, Reply, Site, serving

Serve = Callable[[socket.socket], None]
_OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/turtle\r\n"
_NUMBERS = itertools.count()


@contextmanager
def served(serve: Serve) -> Iterator[str]:
    """The URL of a server that does something to each connection once it has been sent something."""
    listener = socket.create_server(("127.0.0.1", 0))

    def handle(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.recv(1 << 16)
            serve(connection)

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=handle, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def says(answer: bytes) -> Serve:
    return lambda connection: connection.sendall(answer)


def again_and_again(first: bytes, then: bytes, pause_s: float = 0.0) -> Serve:
    def serve(connection: socket.socket) -> None:
        connection.sendall(first)
        while True:
            connection.sendall(then)
            time.sleep(pause_s)

    return serve


def leads(location: str) -> Serve:
    return says(f"HTTP/1.1 303 See Other\r\nContent-Length: 0\r\nLocation: {location}\r\n\r\n".encode())


def _leads_on(connection: socket.socket) -> None:
    leads(f"/{next(_NUMBERS)}")(connection)


ODD: dict[str, Serve] = {
    "nothing": says(b""),
    "no HTTP": says(b"\x00\xffSSH-2.0\r\n\r\n"),
    "no HTTP version": says(b"200 OK\r\n\r\n"),
    "a status that is none": says(b"HTTP/1.1 999 x\r\nContent-Length: 0\r\n\r\n"),
    "a status that is no number": says(b"HTTP/1.1 abc\r\n\r\n"),
    "headers that are none": says(b"HTTP/1.1 200 OK\r\n: x\r\n\xff\xfe\r\nno colon\r\n\r\nbody"),
    "control characters": says(_OK + b"Link: <\x1b[31m>; rel=\x07\r\nETag: \x00\r\nContent-Length: 0\r\n\r\n"),
    "a length that is none": says(_OK + b"Content-Length: many\r\n\r\n"),
    "a length that is too long": says(_OK + b"Content-Length: 1000\r\n\r\nshort"),
    "chunks that are none": says(_OK + b"Transfer-Encoding: chunked\r\n\r\nzzz\r\n"),
    "coding that is none": says(_OK + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnone"),
    "a coding that is unknown": says(_OK + b"Content-Encoding: x-own\r\nContent-Length: 4\r\n\r\nnone"),
    "endless headers": again_and_again(_OK, b"X-Header: value\r\n"),
    "a header without end": again_and_again(_OK + b"X-Header: ", b"v" * 4096),
    "an endless body": again_and_again(_OK + b"\r\n", b"# more\n" * 1000),
    "endless chunks": again_and_again(_OK + b"Transfer-Encoding: chunked\r\n\r\n", b"4\r\n# x\n\r\n"),
    "an endless redirect body": again_and_again(b"HTTP/1.1 303 x\r\nLocation: /a\r\n\r\n", b"more" * 1000),
    "a byte now and then": again_and_again(_OK + b"\r\n", b".", 0.05),
    "a header now and then": again_and_again(_OK, b"X: y\r\n", 0.05),
    "a redirect to itself": leads("/id/a"),
    "redirects without end": _leads_on,
    "a redirect to nowhere": leads("http://"),
    "a redirect to no URL": leads("http://[::1"),
    "a redirect to a file": leads("file:///etc/passwd"),
    "a redirect to a script": leads("javascript:alert(1)"),
    "a redirect to a port that is none": leads("http://127.0.0.1:99999/"),
    "a redirect to letters": leads("/doc/місто\x80"),
    "a redirect to a name that is none": leads("http://xn--a.invalid-.-/"),
}


def held(url: str) -> Report | None:
    client = Client(rate=1e6, timeout_s=0.3, max_bytes=100_000)
    try:
        site = crawl.open_site(client, url, CANONICAL)
        return run(site, crawl.things(site, ["id/a"], 1), RULES)
    except BadInput:
        return None


@pytest.mark.parametrize("name", ODD)
def test_an_odd_server_ends_nothing(name: str) -> None:
    with served(ODD[name]) as url:
        report = held(url)
    assert report is None or any(r.outcome.verdict is Verdict.BROKEN for r in report.results)


def test_a_server_that_stops_answering_is_not_waited_for_a_hundred_times() -> None:
    asked: list[int] = []

    def serve(connection: socket.socket) -> None:
        asked.append(1)
        if len(asked) == 1:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        else:
            threading.Event().wait(5)

    with served(serve) as url:
        report = held(url)
    assert report is not None
    assert len(asked) <= 6


def test_a_body_is_read_to_its_limit_and_no_further() -> None:
    with served(ODD["an endless body"]) as url:
        answer = Client(rate=1e6, max_bytes=100_000).get(url).response
    assert answer.truncated
    assert len(answer.body) <= 100_000


def test_what_is_packed_small_is_not_unpacked_without_end() -> None:
    bomb = gzip.compress(b"x" * 50_000_000)
    head = f"Content-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\nConnection: close\r\n\r\n".encode()
    with served(says(_OK + head + bomb)) as url:
        answer = Client(rate=1e6, max_bytes=200_000).get(url).response
    assert len(answer.body) <= 200_000
    assert answer.truncated


def test_requests_are_paced(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("kg.contract.client.time", SimpleNamespace(sleep=slept.append, monotonic=time.monotonic))
    client = Client(rate=0.25)
    with served(says(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")) as url:
        client.get(f"{url}0")
        client.get(f"{url}1")
    assert len(slept) == 1
    assert 0 < slept[0] <= 4


def test_the_same_request_is_sent_once() -> None:
    with served(says(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")) as url:
        client = Client(rate=1e6)
        assert client.get(url) is client.get(url)
    assert client.asked == 1


def test_a_password_of_the_user_is_not_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    sent: list[dict[str, str]] = []

    def seen(asked: Asked, reply: Reply) -> Reply:
        sent.append(asked.headers)
        return reply

    with serving(Site(), seen) as url:
        Client(rate=1e6).get(url)
    assert sent
    assert all("authorization" not in headers for headers in sent)


_NESTED = 20_000
HOSTILE_BODIES: dict[str, tuple[str, bytes]] = {
    "Turtle, nested": ("text/turtle", b"<a> <b> " + b"(" * _NESTED),
    "Turtle, not UTF-8": ("text/turtle", b"<a> <b> '\xff\xfe' ."),
    "JSON-LD, nested": ("application/ld+json", b"[" * 200_000),
    "JSON-LD, a context that imports": ("application/ld+json", b'{"@context": {"@import": "file:///etc/passwd"}}'),
    "JSON-LD, a context in a file": ("application/ld+json", b'{"@context": "file:///etc/passwd", "@id": "a"}'),
    "JSON-LD, a context that is itself": (
        "application/ld+json",
        b'{"@context": "/doc/hospital/one.jsonld", "@id": "a"}',
    ),
    "JSON-LD, a number": ("application/ld+json", b"1"),
    "JSON-LD, a huge number": ("application/ld+json", b'{"@id": "a", "b": 1e999999}'),
    "RDF/XML, entities": (
        "application/rdf+xml",
        b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">'
        + b"".join(b'<!ENTITY %c "%s">' % (c + 1, b"&%c;" % c * 10) for c in range(97, 107))
        + b']><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">&k;</rdf:RDF>',
    ),
    "RDF/XML, a file as entity": (
        "application/rdf+xml",
        b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/"><rdf:Description '
        b'rdf:about="http://data.example/"><e:p>&a;</e:p></rdf:Description></rdf:RDF>',
    ),
    "N-Triples, rubbish": ("application/n-triples", b"\x00" * 1000),
    "HTML, nested": ("text/html", b"<html><body>" + b"<div><ul>" * _NESTED + b"</p>" * _NESTED),
    "HTML, no end": ("text/html", b"<html lang='en'><a href='http://[::1'><!-- <script type=application/ld+json>{"),
    "HTML, JSON-LD that is none": ("text/html", b'<script type="application/ld+json">{"@graph": 1}</script>'),
}


@pytest.mark.parametrize("name", HOSTILE_BODIES)
def test_a_hostile_document_ends_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    type_, body = HOSTILE_BODIES[name]
    without_a_wire(monkeypatch)

    def spoil(asked: Asked, reply: Reply) -> Reply:
        return replace(reply, body=body) if reply.type == type_ and reply.status == 200 else reply

    client = InsideClient(Site(), spoil)
    site = crawl.open_site(client, URL, CANONICAL)
    report = run(site, crawl.things(site, ["id/hospital/one"], 1), RULES)
    assert any(r.outcome.verdict is Verdict.BROKEN for r in report.results)
    assert "root:" not in json.dumps([r.outcome.why for r in report.results])


@pytest.mark.parametrize(
    "sitemap",
    [
        b"",
        b"<urlset>",
        b"\x1f\x8bnone",
        gzip.compress(b"<urlset>" + b" " * 60_000_000),
        b'<!DOCTYPE x [<!ENTITY a "b">]><urlset><url><loc>&a;</loc></url></urlset>',
        b"<sitemapindex><sitemap><loc>https://data.example/sitemap.xml</loc></sitemap></sitemapindex>",
        b"<urlset><url><loc>http://[::1</loc></url></urlset>",
    ],
)
def test_a_hostile_sitemap_has_no_things(sitemap: bytes) -> None:
    client = InsideClient(Site(), lambda a, r: replace(r, body=sitemap) if a.path == "/sitemap.xml" else r)
    assert set(crawl.sitemap(Asking(client, URL, CANONICAL)).urls) <= {"http://[::1"}


def test_a_remote_context_is_asked_for_like_all_else() -> None:
    context = json.dumps({"@context": {"name": "https://schema.org/name"}}).encode()

    def spoil(asked: Asked, reply: Reply) -> Reply:
        is_context = asked.path == "/context"
        return Reply(200, {"content-type": "application/ld+json"}, context) if is_context else reply

    client = InsideClient(Site(), spoil)
    body = json.dumps({"@context": "context", "@id": "http://a/", "name": "x"}).encode()
    exchange = Exchange(Request("GET", URL), Response(200, (("content-type", "application/ld+json"),), body))
    assert [str(p) for _, p, _ in rdf.parse(client, exchange)] == ["https://schema.org/name"]


@pytest.mark.parametrize(
    "header", ["<" * 60_000, "<a>" + ";" * 60_000, '<a>; rel="' + "\\" * 60_001, "<a>; rel=b, " * 20 + "<"]
)
def test_a_hostile_link_header_is_refused(header: str) -> None:
    with pytest.raises(LinkSyntaxError):
        read(Exchange(Request("GET", URL), Response(200, (("link", header),))))


def test_redirects_are_followed_five_times() -> None:
    def spoil(asked: Asked, reply: Reply) -> Reply:
        number = int(asked.path.strip("/") or 0)
        return Reply(303, {"location": f"/{number + 1}"}) if number < 6 else Reply(200)

    client = InsideClient(Site(), spoil)
    assert follow(client, f"{URL}1", None)[-1].response.status == 200
    with pytest.raises(Unanswered, match="do not end"):
        follow(client, URL + "0", None)
