"""What hostile queries do to those who ask beside them: eight clients with small questions, before and meanwhile."""

from __future__ import annotations

import contextlib
import http.client
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from urllib.parse import quote

from kg.bench import hostile, machine, mix, processes, servers
from kg.bench.dataset import Dataset
from kg.bench.driver import Job, Result
from kg.bench.machine import Machine
from kg.bench.measure import Tell, drive, percentile
from kg.bench.servers import Ours, Running

CLIENTS, ATTACKERS = 8, 8
TIMEOUT_S = 2.0
SLOWER_AT_MOST = 5.0
SLOW_MS = 250.0
GROWN_AT_MOST = 1.1
_GROWN_BYTES = 64 << 20
_ASKED = ("point", "two-hops", "path", "construct")
_REQUESTS_A_S = 3_000
_QUIET_S = 10.0
_SLICE_S = 3.0
_SETTLED_S = 30.0
_NO_ANSWER_S = 60.0


@dataclass(frozen=True)
class Calls:
    """How the well-behaved clients fared."""

    requests: int
    failures: dict[str, int]
    p50_ms: float
    p99_ms: float
    max_ms: float


@dataclass(frozen=True)
class State:
    """The server's processes, and the bytes they hold together (shared pages counted once)."""

    processes: int
    memory: int


@dataclass(frozen=True)
class Attack:
    """What happened.

    outcomes  hostile query -> what it got, and how often: a status, "broken off" in the middle, or "no answer"
    slowest_s the longest that a hostile query lived
    """

    machine: Machine
    triples: int
    quiet: Calls
    beside: Calls
    before: State
    after: State
    outcomes: dict[str, dict[str, int]]
    slowest_s: float
    seconds: float

    def broken(self) -> list[str]:
        """The promises that were not kept."""
        return list(self._broken())

    def _broken(self) -> Iterator[str]:
        if self.beside.failures:
            yield f"well-behaved requests failed: {_counted(self.beside.failures)}"
        if self.beside.p99_ms > max(SLOWER_AT_MOST * self.quiet.p99_ms, SLOW_MS):
            times = self.beside.p99_ms / self.quiet.p99_ms
            yield (
                f"the p99 of the well-behaved is {times:.0f} times the quiet one, more than {SLOWER_AT_MOST:g}, "
                f"and above {SLOW_MS:g} ms"
            )
        if self.after.processes != self.before.processes:
            yield f"there are {self.after.processes} processes, not {self.before.processes} as before"
        if self.after.memory > GROWN_AT_MOST * self.before.memory + _GROWN_BYTES:
            yield f"the server holds {self.after.memory >> 20} MB, {self.before.memory >> 20} before"
        if silent := sum(o.get("no answer", 0) for o in self.outcomes.values()):
            yield f"{silent} hostile queries were never answered"


def attack(dataset: Dataset, folder: Path, seconds: float, tell: Tell) -> Attack:
    """Start this server, ask it small questions, then the same beside all hostile queries.

    seconds  of the quiet measurement, at least
    """
    kind = Ours(arguments=("--timeout", str(TIMEOUT_S)))
    with servers.running(kind, dataset, folder, CLIENTS + ATTACKERS) as running:
        numbers = count(1)
        tell("quiet")
        _calls(running, dataset, _SLICE_S, numbers)
        quiet = _summary([_calls(running, dataset, max(seconds, _QUIET_S), numbers)])
        before = _state(running)
        tell(f"{len(hostile.queries())} hostile queries, {ATTACKERS} at once")
        began = time.monotonic()
        with ThreadPoolExecutor(ATTACKERS) as attackers:
            under_way = [attackers.submit(_send, running, text) for _, text in hostile.queries()]
            slices = []
            try:
                while not all(u.done() for u in under_way):
                    slices.append(_calls(running, dataset, _SLICE_S, numbers))
                    tell(f"{sum(u.done() for u in under_way)} answered")
            except BaseException:
                attackers.shutdown(wait=False, cancel_futures=True)
                raise
        took_s = time.monotonic() - began
        outcomes: dict[str, Counter[str]] = {}
        for (name, _), sent in zip(hostile.queries(), under_way, strict=True):
            outcomes.setdefault(name, Counter())[sent.result()[0]] += 1
        after = _settled(running, before)
        return Attack(
            machine.this(), dataset.triples, quiet, _summary(slices), before, after,
            {n: dict(c) for n, c in outcomes.items()}, max(u.result()[1] for u in under_way), took_s,
        )  # fmt: skip


def as_json(found: Attack) -> dict[str, object]:
    """All raw figures."""
    return asdict(found) | {"broken": found.broken()}


def as_markdown(found: Attack) -> str:
    """The report for people."""
    m, quiet, beside = found.machine, found.quiet, found.beside
    lines = [
        "# Hostile queries",
        "",
        f"{sum(sum(o.values()) for o in found.outcomes.values())} hostile queries, {ATTACKERS} at once, in "
        f"{found.seconds:.0f} s; each may take {TIMEOUT_S:g} s; the longest lived {found.slowest_s:.1f} s. "
        f"{found.triples:,} triples. {m.processor}, {m.cores} cores, {m.memory_gb:g} GB.",
        "",
        f"| {CLIENTS} well-behaved clients | requests | failed | p50, ms | p99, ms | longest, ms |",
        "|---|---:|---:|---:|---:|---:|",
        *(
            f"| {name} | {c.requests:,} | {sum(c.failures.values())} "
            f"| {c.p50_ms:.1f} | {c.p99_ms:.1f} | {c.max_ms:.0f} |"
            for name, c in (("quiet", quiet), ("beside the hostile", beside))
        ),
        "",
        "| server | processes | memory, MB |",
        "|---|---:|---:|",
        *(
            f"| {n} | {s.processes} | {s.memory >> 20:,} |"
            for n, s in (("before", found.before), ("after", found.after))
        ),
        "",
        "| hostile | what they got |",
        "|---|---|",
        *(f"| {name} | {_counted(outcome)} |" for name, outcome in found.outcomes.items()),
        "",
        *([f"Broken: {b}." for b in found.broken()] or ["All promises are kept."]),
    ]
    return "\n".join(lines) + "\n"


def _calls(running: Running, dataset: Dataset, seconds: float, numbers: Iterator[int]) -> Result:
    """The well-behaved clients for a while, with questions that were not asked before."""
    asked = [q for q in mix.queries() if q.name in _ASKED]
    requests = [
        running.address.request(asked[n % len(asked)].text(dataset, n), asked[n % len(asked)].format)
        for n, _ in zip(numbers, range(int(seconds * _REQUESTS_A_S)), strict=False)
    ]
    return drive(Job(running.address.port, requests, CLIENTS, seconds, len(requests)))


def _summary(results: list[Result]) -> Calls:
    times = sorted(t for r in results for t in r.times_ms)
    failures: Counter[str] = Counter()
    for result in results:
        failures.update(result.failures)
        failures.update({"unfinished": result.unfinished} if result.unfinished else {})
    return Calls(len(times), dict(failures), percentile(times, 50), percentile(times, 99), times[-1] if times else 0.0)


def _send(running: Running, query: str) -> tuple[str, float]:
    """What a hostile query gets, and after how many seconds. The answer is read and thrown away."""
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", running.address.port, timeout=_NO_ANSWER_S)
    outcome = "no answer"
    try:
        headers = {
            "Content-Type": "application/sparql-query",
            "Accept": "*/*;q=0.1, application/sparql-results+json, text/turtle",
        }
        connection.request("POST", quote(running.address.path), query.encode(), headers)
        response = connection.getresponse()
        outcome = "broken off"
        while response.read(1 << 16):
            pass
        outcome = str(response.status)
    except TimeoutError:
        outcome = "no answer"
    except (OSError, http.client.HTTPException):
        pass
    finally:
        connection.close()
    return outcome, time.monotonic() - began


def _state(running: Running) -> State:
    return State(len(processes.tree(running.process.pid)), running.memory().pss)


def _settled(running: Running, before: State) -> State:
    """The state once nothing is under way any more, or after a while."""
    deadline = time.monotonic() + _SETTLED_S
    while True:
        processes.wait_until_idle(running.process.pid, 5)
        with contextlib.suppress(OSError):
            state = _state(running)
            if state.processes == before.processes or time.monotonic() > deadline:
                return state


def _counted(outcome: dict[str, int]) -> str:
    return ", ".join(f"{what} ({times})" if times > 1 else what for what, times in sorted(outcome.items()))
