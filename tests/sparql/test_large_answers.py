"""Large answers of a server: what they leave behind, and how they are given again."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from tests.conftest import ROOT, Server, Starter, clean_environment, free_port, stop
from tests.files import opened
from tests.sparql.test_limits import EXPORT, ask, processes, resident

LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 100000"
HUGE = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 300000"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server has its files."""
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="module")
def filing(start: Starter, folder: Path) -> Server:
    """A server with one worker and a folder for its files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(folder))
        return start("--timeout", "20", "--workers", "1")


def holds(server: Server, folder: Path) -> tuple[int, int]:
    """Files of answers that have a name, and that the server's processes have open."""
    held = 0
    for pid in processes(server):
        with contextlib.suppress(OSError):
            held += len(opened(pid))
    return len(list(folder.rglob("answer-*"))), held


def soon(fact: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while not fact() and time.monotonic() < deadline:
        time.sleep(0.05)
    return fact()


def stream(server: Server) -> requests.Response:
    """An answer without end, of which some has come."""
    answer = requests.post(
        f"{server.url}/sparql", data={"query": EXPORT}, headers={"Accept": "text/csv"}, timeout=30, stream=True
    )
    assert len(answer.raw.read(2 << 20)) == 2 << 20
    return answer


def test_an_answer_that_its_client_leaves_leaves_no_file(filing: Server, folder: Path) -> None:
    answer = stream(filing)
    assert holds(filing, folder)[1] > 0
    answer.close()
    assert soon(lambda: holds(filing, folder) == (0, 0))


def test_a_worker_that_is_killed_leaves_no_file_and_no_half_of_an_answer(filing: Server, folder: Path) -> None:
    answer = stream(filing)
    (writing,) = (pid for pid in processes(filing) if any(f"answer-{pid}" in name for name in opened(pid)))
    os.kill(writing, signal.SIGKILL)
    with pytest.raises(requests.exceptions.RequestException):
        assert all(answer.iter_content(1 << 20))
    assert soon(lambda: holds(filing, folder) == (0, 0))
    assert ask(filing, "ASK {}").json()["boolean"] is True


def test_a_large_answer_is_given_again_as_it_was(filing: Server, folder: Path) -> None:
    plain = {"Accept-Encoding": "identity"}
    first, second = (
        requests.get(f"{filing.url}/sparql", params={"query": LARGE}, headers=plain, timeout=30) for _ in range(2)
    )
    assert len(first.content) > 8 << 20
    assert "cache" not in first.headers["Server-Timing"]
    assert "cache" in second.headers["Server-Timing"]
    assert second.headers["Content-Length"] == str(len(first.content))
    assert first.content == second.content
    names, held = holds(filing, folder)
    assert names == 0
    assert held > 0


def test_a_large_answer_takes_no_memory_though_it_is_kept(filing: Server) -> None:
    for _ in range(2):
        before = {pid: resident(pid) for pid in processes(filing)}
        read = 0
        with requests.post(f"{filing.url}/sparql", data={"query": HUGE}, timeout=60, stream=True) as answer:
            for chunk in answer.iter_content(1 << 20):
                read += len(chunk)
                if read >> 20 != (read - len(chunk)) >> 20:
                    assert max(resident(pid) - was for pid, was in before.items()) < 60 << 20
        assert read > 100 << 20
    assert "cache" in answer.headers["Server-Timing"]


def test_the_head_of_a_large_answer_has_no_body(filing: Server, folder: Path) -> None:
    answer = requests.head(f"{filing.url}/sparql", params={"query": LARGE + "#head"}, timeout=30)
    assert answer.status_code == 200
    assert answer.content == b""
    assert soon(lambda: holds(filing, folder)[0] == 0)


KILLED = """
import os, signal, sys
from kg.store.pool import segments
from kg.cli import main

append = segments.Writer.append
segments.Writer.append = lambda *arguments: (append(*arguments), os.kill(os.getpid(), signal.SIGKILL))[0]
sys.argv = ["kg", "serve", "--port", sys.argv[1]]
main()
"""


def test_a_worker_that_is_killed_before_it_tells_of_its_file_leaves_none(tmp_path: Path) -> None:
    with running(tmp_path, "-c", KILLED) as server:
        refusal = ask(server, LARGE)
        assert refusal.status_code == 503
        assert refusal.json()["type"].endswith("/evaluator-crashed")
        assert soon(lambda: list(tmp_path.rglob("answer-*")) == [])


def test_an_answer_is_whole_where_there_is_no_room(tmp_path: Path) -> None:
    with running(tmp_path, "-m", "kg", "serve", "--port", most_file_bytes=1 << 20) as server:
        for _ in range(2):
            answer = requests.get(f"{server.url}/sparql", params={"query": LARGE, "format": "csv"}, timeout=30)
            assert answer.content.count(b"\r\n") == 100_001
        assert list(tmp_path.rglob("answer-*")) == []


@contextlib.contextmanager
def running(folder: Path, *command: str, most_file_bytes: int = -1) -> Iterator[Server]:
    """A server that a command starts with a port as its last argument."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, *command, str(port)], cwd=ROOT, env=clean_environment() | {"TMPDIR": str(folder)}, text=True,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (most_file_bytes, -1))
    server = Server(f"http://127.0.0.1:{port}", process, 0)
    try:
        assert soon(lambda: answers(server))
        yield server
    finally:
        stop(process)


def answers(server: Server) -> bool:
    try:
        return ask(server, "ASK {}").ok
    except requests.exceptions.ConnectionError:
        return False
