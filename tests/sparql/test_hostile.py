"""A hundred queries that nobody should send, sent all at once: each hurts only itself."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from kg.bench import hostile
from tests.conftest import Server, Starter
from tests.sparql.test_limits import ask, processes

HOSTILE = hostile.queries()
TIMEOUT_S = 0.5
OWN = ("timeout", "out-of-memory", "evaluator-crashed")


@pytest.fixture(scope="module")
def attacked(start: Starter) -> Server:
    """A server with short limits and two workers."""
    return start("--timeout", str(TIMEOUT_S), "--memory-mb", "200", "--workers", "2", "--acceptors", "1")


@pytest.fixture(scope="module")
def outcomes(attacked: Server) -> list[str]:
    """What each query got: 200 for a whole answer, "broken off", the type of a problem document, else its status."""
    with ThreadPoolExecutor(8) as clients:
        return list(clients.map(lambda query: send(attacked, query[1]), HOSTILE))


def send(server: Server, query: str) -> str:
    headers = {
        "Content-Type": "application/sparql-query",
        "Accept": "application/sparql-results+json, text/turtle;q=0.5",
    }
    try:
        answer = requests.post(f"{server.url}/sparql", data=query.encode(), headers=headers, timeout=60)
    except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ConnectionError):
        return "broken off"
    if answer.status_code == 503:
        return str(answer.json()["type"].rpartition("/")[2])
    return str(answer.status_code)


@pytest.mark.parametrize("number", range(len(HOSTILE)), ids=[f"{n}-{name}" for n, (name, _) in enumerate(HOSTILE)])
def test_hostile_query_gets_an_answer_or_an_honest_refusal(number: int, outcomes: list[str]) -> None:
    assert outcomes[number] in ("200", "400", "broken off", *OWN)


def test_server_is_as_it_was_after_all_of_them(attacked: Server, outcomes: list[str]) -> None:
    assert {"timeout", "broken off"} <= set(outcomes)
    assert ask(attacked, "ASK {}").json()["boolean"] is True
    deadline = time.monotonic() + 15
    while len(processes(attacked)) != 5 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(processes(attacked)) == 5  # the server, an acceptor, the parent of the workers, two workers
