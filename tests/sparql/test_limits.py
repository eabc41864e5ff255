"""What happens when a query takes too long, too much, or nobody waits for it."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from pathlib import Path

import pytest
import requests

from tests.conftest import Server, Starter

CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
COUNT = f"SELECT (COUNT(*) AS ?n) {{ {CROSS} BIND (1 AS ?one) }}"  # which takes its time, unlike a mere product
SORT = f"SELECT * {{ {CROSS} }} ORDER BY ?c ?f ?i"
EXPORT = "SELECT * { ?a ?b ?c . ?d ?e ?f }"


@pytest.fixture(scope="module")
def limited(start: Starter) -> Server:
    """Two workers and no slow ones, two places to wait, one second and 200 MiB a query."""
    return start("--timeout", "1", "--memory-mb", "200", "--workers", "2", "--slow", "0", "--queue", "2")


def ask(server: Server, query: str, **parameters: str) -> requests.Response:
    return requests.post(f"{server.url}/sparql", data={"query": query, **parameters}, timeout=30)


def processes(server: Server) -> set[int]:
    """The server's process and all its descendants."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                children.setdefault(int((entry / "stat").read_text().rpartition(")")[2].split()[1]), []).append(
                    int(entry.name)
                )
            except OSError:
                continue
    found, frontier = set(), [server.process.pid]
    while frontier:
        pid = frontier.pop()
        found.add(pid)
        frontier += children.get(pid, [])
    return found


def deaths(server: Server) -> dict[str, float]:
    lines = requests.get(f"{server.url}/metrics", timeout=10).text.splitlines()
    return {
        line.split('"')[1]: float(line.rpartition(" ")[2]) for line in lines if line.startswith("kg_worker_deaths{")
    }


@pytest.mark.parametrize("accept", ["application/sparql-results+json", "text/csv", "application/sparql-results+xml"])
def test_a_query_over_its_time_is_503(accept: str, limited: Server) -> None:
    answer = requests.post(f"{limited.url}/sparql", data={"query": COUNT}, headers={"Accept": accept}, timeout=30)
    assert answer.status_code == 503
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"].endswith("/timeout")
    assert problem["limit"] == 1
    assert "1 s" in problem["detail"]


def test_a_query_over_its_memory_is_503_of_its_own_type(limited: Server) -> None:
    problem = ask(limited, SORT, timeout="1").json()
    if problem["type"].endswith("/timeout"):  # a slow machine: give the bomb the time it needs
        pytest.skip("the machine was too slow to fill the memory within the time limit")
    assert problem["type"].endswith("/out-of-memory")
    assert problem["limit"] == 200


def test_a_query_that_ends_the_evaluator_ends_nothing_else(limited: Server) -> None:
    answer = requests.post(
        f"{limited.url}/sparql", data="SELECT * " + "{" * 20000 + "}" * 20000,
        headers={"Content-Type": "application/sparql-query"}, timeout=30,
    )  # fmt: skip
    assert answer.status_code == 503
    assert answer.json()["type"].endswith(("/evaluator-crashed", "/timeout"))
    assert ask(limited, "ASK {}").json()["boolean"] is True


def test_a_client_can_lower_the_time_but_not_raise_it(limited: Server) -> None:
    assert ask(limited, COUNT, timeout="0.2").json()["limit"] == 0.2
    assert ask(limited, COUNT, timeout="1000").json()["limit"] == 1
    assert ask(limited, COUNT, timeout="soon").status_code == 400
    assert ask(limited, COUNT, timeout="-1").status_code == 400


def test_an_answer_that_breaks_off_does_not_end_well(limited: Server) -> None:
    with pytest.raises(requests.exceptions.RequestException):
        requests.post(f"{limited.url}/sparql", data={"query": EXPORT}, headers={"Accept": "text/csv"}, timeout=30)


def test_a_full_queue_is_503_at_once_with_retry_after(limited: Server) -> None:
    answers: list[requests.Response] = []
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:  # what the tests before have killed is replaced
        if {"kg_workers 2.0", "kg_queries 0.0"} <= set(requests.get(f"{limited.url}/metrics").text.splitlines()):
            break
        time.sleep(0.05)

    def one(number: int) -> None:
        answers.append(ask(limited, COUNT.replace("?n", f"?n{number}")))

    threads = [threading.Thread(target=one, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kinds = sorted(a.json()["type"].rpartition("/")[2] for a in answers)
    assert kinds == ["busy", "busy", "timeout", "timeout", "timeout", "timeout"]
    busy = next(a for a in answers if a.json()["type"].endswith("/busy"))
    assert busy.status_code == 503
    assert int(busy.headers["Retry-After"]) > 0


def test_small_questions_are_answered_while_the_queue_is_full(start: Starter) -> None:
    server = start("--timeout", "2", "--workers", "1", "--slow", "0", "--queue", "1")
    answers: list[requests.Response] = []
    threads = [threading.Thread(target=lambda n=n: answers.append(ask(server, COUNT.replace("?n", f"?n{n}"))))
               for n in range(3)]  # fmt: skip
    for thread in threads:
        thread.start()
    while not answers:  # the third is refused
        time.sleep(0.01)
    assert ask(server, "SELECT * { ?s ?p ?o FILTER (RAND() > 2) }").status_code == 503
    thing = "<https://w3id.org/health-solidarity/id/org/giz>"
    small = ask(server, f"SELECT ?p ?o {{ {thing} ?p ?o }} LIMIT 1000")
    assert len(small.json()["results"]["bindings"]) > 3
    assert ask(server, f"CONSTRUCT {{ {thing} ?p ?o }} {{ {thing} ?p ?o }}").ok
    assert len(answers) == 1
    for thread in threads:
        thread.join()


def test_slow_queries_leave_the_workers_to_quick_ones(start: Starter) -> None:
    server = start("--timeout", "4", "--workers", "1", "--slow", "2", "--queue", "8", "--acceptors", "0")
    answers: list[requests.Response] = []
    threads = [threading.Thread(target=lambda n=n: answers.append(ask(server, f"{COUNT}#{n}"))) for n in range(2)]
    for thread in threads:
        thread.start()
    for n in range(50):
        assert ask(server, f"ASK {{}}#{n}").json()["boolean"] is True
    assert not answers  # the slow ones still run
    deadline = time.monotonic() + 3
    while niceness(server).count(19) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert niceness(server).count(19) == 2
    for thread in threads:
        thread.join()
    assert [a.json()["type"].rpartition("/")[2] for a in answers] == ["timeout"] * 2
    deadline = time.monotonic() + 10
    while len(processes(server)) > 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(processes(server)) == 3  # the parent, the server, one worker


def test_a_client_that_leaves_takes_its_query_with_it(start: Starter) -> None:
    server = start("--timeout", "20", "--workers", "1", "--slow", "0", "--queue", "1")
    before = deaths(server).get("killed", 0)
    host, port = server.url.removeprefix("http://").split(":")
    body = f"query={COUNT}".replace("+", "%2B").encode()
    with socket.create_connection((host, int(port))) as client:
        form = "application/x-www-form-urlencoded"
        head = f"POST /sparql HTTP/1.1\r\nHost: {host}\r\nContent-Type: {form}\r\nContent-Length: {len(body)}\r\n\r\n"
        client.sendall(head.encode() + body)
        time.sleep(0.5)
    assert ask(server, "ASK {}", timeout="10").json()["boolean"] is True  # the one worker is free again
    deadline = time.monotonic() + 10
    while deaths(server).get("killed", 0) == before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert deaths(server)["killed"] == before + 1


def test_a_client_that_stops_reading_takes_its_query_with_it(start: Starter) -> None:
    server = start("--timeout", "20", "--workers", "1", "--queue", "1")
    with requests.post(
        f"{server.url}/sparql", data={"query": EXPORT}, headers={"Accept": "text/csv"}, timeout=30, stream=True
    ) as answer:
        assert next(answer.iter_content(1000)).startswith(b"a,b,c,d,e,f")
    assert ask(server, "ASK {}", timeout="10").json()["boolean"] is True


def test_results_flow_before_they_are_complete_and_memory_stays_flat(start: Starter) -> None:
    server = start("--timeout", "20", "--workers", "1", "--queue", "1")
    ask(server, "ASK {}")
    before = {pid: resident(pid) for pid in processes(server)}
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 150000"
    read = 0
    with requests.post(
        f"{server.url}/sparql",
        data={"query": query},
        headers={"Accept": "text/tab-separated-values"},
        timeout=30,
        stream=True,
    ) as answer:
        for chunk in answer.iter_content(65536):
            read += len(chunk)
            grown = {pid: resident(pid) - was for pid, was in before.items()}
            assert max(grown.values()) < 60 << 20
    assert read > 20 << 20


def niceness(server: Server) -> list[int]:
    """Of each of its processes that has not ended meanwhile."""
    found = []
    for pid in processes(server):
        with contextlib.suppress(ProcessLookupError):
            found.append(os.getpriority(os.PRIO_PROCESS, pid))
    return found


def resident(pid: int) -> int:
    """Bytes of a process in memory; 0 once it has gone, as a worker that was slow does when it is done."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) << 10
    return 0


def test_no_process_outlives_the_server(start: Starter) -> None:
    server = start("--workers", "2")
    family = processes(server)
    assert len(family) >= 4  # the parent, the server, two workers
    server.process.kill()  # not even a chance to clean up
    server.process.wait()
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in family - {server.process.pid}) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert {pid for pid in family if Path(f"/proc/{pid}").exists()} == set()


HOSTILE = {
    "cross product": COUNT,
    "sort of a cross product": SORT,
    "concatenation bomb": f"SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?f), STR(?i))) AS ?s) {{ {CROSS} }}",
    "distinct cross product": f"SELECT DISTINCT * {{ {CROSS} }}",
    "endless path": "SELECT (COUNT(*) AS ?n) { ?a (<x:p>|!<x:p>)* ?b . ?b (<x:p>|!<x:p>)* ?c . ?c (<x:p>|!<x:p>)* ?d }",
    "huge list": "SELECT * { ?a ?b ?c FILTER(?c IN (" + ",".join(str(n) for n in range(100_000)) + ")) } ORDER BY ?c",
    "regular expression": 'SELECT * { ?a ?b ?c FILTER(REGEX(STR(?c), "(((a*)*)*)*b$")) }',
    "deep brackets": "SELECT * { FILTER(" + "(" * 5000 + "1" + ")" * 5000 + ") }",
    "deep unions": "SELECT * { " + "{ ?a ?b ?c } UNION " * 3000 + "{ ?a ?b ?c } }",
    "nested optionals": "SELECT * { ?a ?b ?c " + "OPTIONAL { ?c ?b ?d " * 500 + "}" * 500 + " }",
    "growing strings": "SELECT ?z { BIND('" + "x" * 1000 + "' AS ?x) " + "".join(
        f"BIND(CONCAT({', '.join([f'?x{n}' if n else '?x'] * 10)}) AS ?x{n + 1}) " for n in range(9)
    ) + "BIND(?x9 AS ?z) }",
    "values bomb": "SELECT (COUNT(*) AS ?n) { " + "".join(
        f"VALUES ?v{n} {{ {' '.join(map(str, range(100)))} }} " for n in range(6)
    ) + "}",
}  # fmt: skip


def test_hostile_queries_hurt_only_themselves(limited: Server) -> None:
    ask(limited, "ASK {}")
    family = len(processes(limited))
    for name, query in HOSTILE.items():
        answer = requests.post(
            f"{limited.url}/sparql", data=query.encode(), headers={"Content-Type": "application/sparql-query"},
            timeout=30, stream=True,
        )  # fmt: skip
        assert answer.status_code in (200, 400, 503), name
        answer.close()
        assert ask(limited, "SELECT ?s { ?s a <https://w3id.org/health-solidarity/ns#Campaign> }").status_code == 200, (
            name
        )
    assert len(processes(limited)) == family
    assert requests.get(f"{limited.url}/ready", timeout=10).text == "ready\n"


def test_clients_that_leave_the_queue_make_room_in_it(start: Starter) -> None:
    server = start("--timeout", "6", "--workers", "1", "--slow", "0", "--queue", "1")
    answers: list[requests.Response] = []
    first = threading.Thread(target=lambda: answers.append(ask(server, COUNT)))
    first.start()
    time.sleep(0.3)
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.post(f"{server.url}/sparql", data={"query": f"{COUNT}#left"}, timeout=0.5)
    time.sleep(0.3)
    assert ask(server, "ASK {}").json()["boolean"] is True  # it waited where the other had, and got its turn
    first.join()
    assert answers[0].json()["type"].endswith("/timeout")
