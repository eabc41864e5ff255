"""Between the client and the application: repeated answers, compression, limits, the log."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import subprocess
import sys
import time
from typing import Any
from urllib.parse import urlsplit

import brotli
import pytest
import requests
import zstandard

from tests.conftest import Server, Starter, clean_environment, free_port, stop

QUERY = "SELECT ?s ?p ?o WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 200"


def get(server: Server, path: str, **headers: str) -> requests.Response:
    return requests.get(server.url + path, headers={"Accept-Encoding": "identity", **headers}, timeout=20)


def raw(server: Server, coding: str, query: str) -> tuple[requests.Response, bytes]:
    answer = requests.post(
        f"{server.url}/sparql", data={"query": query}, headers={"Accept-Encoding": coding}, timeout=20, stream=True
    )
    return answer, answer.raw.read(decode_content=False)


def unzstd(body: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompressobj().decompress(body)


DECODERS = {"gzip": gzip.decompress, "br": brotli.decompress, "zstd": unzstd}
LONG = "SELECT * { ?a ?b ?c . ?a ?e ?f }"


@pytest.mark.parametrize("coding", DECODERS)
@pytest.mark.parametrize("query", [QUERY, LONG], ids=["whole", "streamed"])
def test_a_body_is_compressed_once_as_the_client_takes_it(coding: str, query: str, server: Server) -> None:
    plain = requests.post(
        f"{server.url}/sparql", data={"query": query}, headers={"Accept-Encoding": "identity"}, timeout=20
    )
    answer, body = raw(server, coding, query)
    assert "Content-Encoding" not in plain.headers
    assert answer.headers["Content-Encoding"] == coding
    assert len(body) < len(plain.content)
    decoded: Any = DECODERS[coding](body)
    assert decoded == plain.content
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("gzip;q=0, br", "br"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("*;q=0", None),
        ("deflate", None),
        ("identity", None),
    ],
)
def test_the_coding_follows_the_client(header: str, expected: str | None, server: Server) -> None:
    answer, _ = raw(server, header, QUERY)
    assert answer.headers.get("Content-Encoding") == expected


def test_a_small_body_is_left_alone(server: Server) -> None:
    assert "Content-Encoding" not in raw(server, "gzip", "ASK {}")[0].headers


def test_a_repeated_question_is_not_asked_again(start: Starter) -> None:
    server = start()
    path = "/sparql?query=SELECT%20%2A%20%7B%20%3Fs%20a%20%3Ftype%20%7D%20LIMIT%207"
    differs = {"date": "", "server-timing": ""}
    first, second, third = get(server, path), get(server, path), get(server, path)
    assert first.content == second.content == third.content
    assert {**first.headers, **differs} == {**second.headers, **differs} == {**third.headers, **differs}
    assert "cache" in second.headers["server-timing"]
    numbers = get(server, "/metrics").text
    assert 'kg_response_cache_total{outcome="hit"} 1.0' in numbers


def test_what_is_kept_depends_on_all_that_was_negotiated(server: Server) -> None:
    path = "/doc/org/giz"
    variants = [
        ("text/turtle", "en"),
        ("text/html", "en"),
        ("text/html", "uk"),
        ("text/html", "ru"),
        ("application/ld+json", "en"),
    ]
    for _ in range(2):
        seen = {get(server, path, **{"Accept": a, "Accept-Language": language}).content for a, language in variants}
        assert len(seen) == len(variants)


def test_a_changing_answer_is_not_kept(server: Server) -> None:
    path = "/sparql?query=SELECT%20%28UUID%28%29%20AS%20%3Fid%29%20%7B%7D"
    first, second = get(server, path), get(server, path)
    assert first.content != second.content
    assert first.headers["Cache-Control"] == "no-store"


def test_the_same_etag_is_304_kept_or_not(server: Server) -> None:
    path = "/sparql?query=ASK%20%7B%20%3Fs%20a%20%3Fnever_asked_before%20%7D"
    tag = get(server, path).headers["ETag"]
    for path_ in (path, path + "&timeout=5"):
        again = get(server, path_, **{"If-None-Match": tag})
        assert again.status_code == 304
        assert again.content == b""
    weak = get(server, path, **{"If-None-Match": f'W/{tag}, "other"'})
    assert weak.status_code == 304


def test_a_body_too_large_is_413_and_a_url_too_long_414(server: Server) -> None:
    large = requests.post(
        f"{server.url}/sparql", data=b" " * (17 << 20), headers={"Content-Type": "application/sparql-query"}, timeout=20
    )
    assert large.status_code == 413
    assert "16 MiB" in large.json()["detail"]
    long = get(server, "/sparql?query=ASK%7B%7D&x=" + "y" * 40_000)
    assert long.status_code == 414
    assert "POST" in long.json()["detail"]


def test_the_log_has_a_line_a_request_without_the_query(start: Starter) -> None:
    lines = logged(start, "json")
    line = next(entry for entry in lines if entry["path"] == "/sparql" and entry["method"] == "POST")
    assert line["status"] == 200
    assert line["bytes"] > 0
    assert len(line["query_sha256"]) == 16
    assert "secret" not in json.dumps(lines)


def test_the_log_has_the_query_only_where_the_operator_asks(start: Starter) -> None:
    assert "secret" in json.dumps(logged(start, "json+query"))


def test_a_log_that_nobody_reads_does_not_matter() -> None:
    port = free_port()
    command = [sys.executable, "-m", "kg", "serve", "--port", str(port), "--log", "json"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, env=clean_environment())
    assert process.stderr is not None
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except ConnectionError:
                assert time.monotonic() < deadline
                time.sleep(0.05)
        process.stderr.close()
        with requests.Session() as session:
            for _ in range(4):
                assert session.get(f"http://127.0.0.1:{port}/sitemap.xml", timeout=10).status_code == 200
    finally:
        process.terminate()
        process.wait(10)


def logged(start: Starter, kind: str) -> list[dict[str, Any]]:
    server = start("--log", kind)
    requests.post(f"{server.url}/sparql", data={"query": 'ASK { ?s ?p "secret" }'}, timeout=10)
    process: subprocess.Popen[str] = server.process
    assert process.stdout is not None
    process.send_signal(2)
    text = process.stdout.read()
    stop(process)
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_head_and_get_agree(server: Server) -> None:
    for path in ("/doc/org/giz.ttl", "/sparql?query=ASK%7B%7D", "/"):
        head = requests.head(server.url + path, headers={"Accept-Encoding": "identity"}, timeout=10)
        whole = get(server, path)
        assert head.status_code == whole.status_code
        assert head.content == b""
        assert head.headers["Content-Type"] == whole.headers["Content-Type"]
        assert head.headers.get("ETag") == whole.headers.get("ETag")


def test_operators_are_told(server: Server) -> None:
    assert get(server, "/health").text == "alive\n"
    assert get(server, "/ready").text == "ready\n"
    numbers = get(server, "/metrics").text
    assert "kg_triples " in numbers
    assert 'kg_requests_total{kind="other",status="200"}' in numbers


def test_letters_that_a_client_has_not_escaped_are_understood(server: Server) -> None:
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=10)
    connection._encode_request = lambda request: request.encode()  # type: ignore[method-assign]
    connection.request("GET", "/search.json?q=Охматдит")
    answer = connection.getresponse()
    assert answer.status == 200
    assert json.loads(answer.read())["query"] == "Охматдит"
    connection.close()
