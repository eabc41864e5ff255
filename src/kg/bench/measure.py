"""The measurement: every server gets the same questions by turns, while the others are paused."""

from __future__ import annotations

import contextlib
import http.client
import json
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import chain
from pathlib import Path

from kg.bench import driver, machine, mix, processes, servers, trivial
from kg.bench.dataset import Dataset
from kg.bench.driver import Job, Result
from kg.bench.machine import Machine
from kg.bench.mix import Query
from kg.bench.processes import Memory
from kg.bench.servers import Address, NotStarted, Running

_SAMPLE_EVERY_S = 0.5
_CHECKED = 5
_TURNS = 4
_FIRST_WARM, _FIRST_COLD, _COLD_STEP = 100, 10_000, 1_000_000
_CHECKED_S = 10.0
_LONGEST_S = 5.0
_WARMED_S = 5.0
_MOST_REQUESTS_A_S = 15_000

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """What to measure.

    seconds  of each cell: one query, one temperature, one number of clients, one server
    """

    clients: tuple[int, ...] = (1, 8, 64)
    seconds: float = 2.0
    peers: tuple[str, ...] = ("ours", "oxigraph", "oxigraph-disk", "rdflib", "virtuoso")


@dataclass(frozen=True)
class Cell:
    """One server, one query, asked by so many clients, cold or warm.

    cpu_ms       processor time that the server took for a request; hardly depends on what else the machine does
    driver_busy  which part of the time the driver itself worked: near 1, the server may be faster than measured
    others_busy  processors that neither server nor driver used, but somebody did
    """

    server: str
    query: str
    warm: bool
    clients: int
    requests: int
    seconds: float
    per_s: float
    p50_ms: float
    p99_ms: float
    max_ms: float
    received_bytes: int
    failures: dict[str, int]
    unfinished: int
    reconnects: int
    cpu_ms: float
    driver_busy: float
    others_busy: float


@dataclass
class Server:
    """What was found about one server, whatever it was asked."""

    name: str
    version: str
    load_s: float
    loaded: Memory
    peak: Memory = field(default_factory=lambda: Memory(0, 0))

    def look(self, running: Running) -> None:
        """Note what it holds now. That holds it up for as long as it takes, so not while time is taken."""
        now = running.memory()
        self.peak = Memory(max(self.peak.pss, now.pss), max(self.peak.rss, now.rss))


@dataclass
class Measurement:
    """All figures of a run.

    ceiling  requests a second that the driver does against a server without work, by clients
    rows     of the first check of each query, as the first server answers it
    wrong    server, query, and what was wrong with the answer; such cells are not compared
    skipped  server and why
    interrupted  it was stopped before its end; there are fewer cells
    """

    machine: Machine
    plan: Plan
    triples: int
    build_s: float
    ceiling: dict[int, float] = field(default_factory=dict)
    servers: list[Server] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    wrong: list[tuple[str, str, str]] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    interrupted: bool = False


def measure(plan: Plan, dataset: Dataset, folder: Path, tell: Tell) -> Measurement:
    """Start the servers, check their answers, take the time, stop them.

    folder  for what the servers write
    tell    is told what goes on
    """
    found = Measurement(machine.this(), plan, dataset.triples, dataset.build_s)
    found.ceiling = {clients: ceiling(clients) for clients in plan.clients}
    with contextlib.ExitStack() as stack:
        fleet = [r for name in plan.peers if (r := _start(name, plan, dataset, folder, stack, found, tell))]
        try:
            _ask_all(plan, dataset, fleet, found, tell)
        except KeyboardInterrupt:
            found.interrupted = True
    return found


def _ask_all(plan: Plan, dataset: Dataset, fleet: list[Running], found: Measurement, tell: Tell) -> None:
    tell("checking that all answer alike")
    took = {q.name: _check(q, dataset, fleet, found) for q in mix.queries()}
    kinds = [(q, warm, clients) for q in mix.queries() for warm in (False, True) for clients in plan.clients]
    for step, (query, warm, clients) in enumerate(kinds):
        tell(f"{query.name}, {'warm' if warm else 'cold'}, {clients} clients")
        cells = [
            _Measuring(running, query, dataset, plan, clients, warm, step, one_s, found)
            for running in fleet
            if (one_s := took[query.name][running.name, warm]) is not None
        ]
        for turn in range(_TURNS):
            for place in range(len(cells)):
                cells[(step + turn + place) % len(cells)].turn()
        found.cells += [measuring.cell() for measuring in cells]


def drive(job: Job) -> Result:
    """Run the driver on a job in a process of its own."""
    values = asdict(job) | {"requests": [r.decode("ascii") for r in job.requests]}
    done = subprocess.run(
        [sys.executable, "-I", driver.__file__],
        input=json.dumps(values).encode(), stdout=subprocess.PIPE, check=True,
        timeout=job.seconds + job.grace_s + 60,
    )  # fmt: skip
    return Result(**json.loads(done.stdout))


def ceiling(clients: int, seconds: float = 0.5) -> float:
    """How many requests a second the driver does at best."""
    port = servers.free_port()
    server = subprocess.Popen([sys.executable, "-I", trivial.__file__, str(port)])
    try:
        servers.wait_for_port(port, server)
        request = Address(port, "/sparql").request("ASK {}", mix.queries()[0].format)
        result = drive(Job(port, [request], clients, seconds, 1 << 30))
        return len(result.times_ms) / result.seconds
    finally:
        server.kill()
        server.wait()


@contextlib.contextmanager
def awake(running: Running) -> Iterator[None]:
    """Let a paused server work, and pause it again."""
    processes.go_on(running.process.pid)
    try:
        yield
    finally:
        processes.pause(running.process.pid)


def _start(
    name: str, plan: Plan, dataset: Dataset, folder: Path, stack: contextlib.ExitStack, found: Measurement, tell: Tell
) -> Running | None:
    kind = servers.KINDS[name]
    if missing := kind.missing():
        found.skipped.append((name, f"not installed: {missing}"))
        tell(f"{name} is left out, as it is not installed: {missing}")
        return None
    tell(f"{name} is loading {dataset.triples:,} triples")
    try:
        running = stack.enter_context(servers.running(kind, dataset, folder, max(plan.clients)))
    except NotStarted as error:
        found.skipped.append((name, str(error)))
        tell(f"{name} is left out: {error}")
        return None
    loaded = running.memory()
    found.servers.append(Server(name, running.version, running.load_s, loaded, loaded))
    processes.pause(running.process.pid)
    return running


def _check(
    query: Query, dataset: Dataset, fleet: list[Running], found: Measurement
) -> dict[tuple[str, bool], float | None]:
    """Hold the answers of all against those of the first; return how long one takes each, cold and warm."""
    took: dict[tuple[str, bool], float | None] = {}
    expected: list[int] = []
    for running in fleet:
        server = next(s for s in found.servers if s.name == running.name)
        with awake(running), _watched(running, server):
            counts: list[int] = []
            times: dict[bool, list[float]] = {False: [], True: []}
            trouble = ""
            deadline = time.monotonic() + _CHECKED_S
            for number in range(min(_CHECKED, query.variants)):
                if number and time.monotonic() > deadline:
                    break
                for warm in (False, True):
                    began = time.perf_counter()
                    try:
                        status, body = running.address.ask(query.text(dataset, number), query.format)
                    except (OSError, http.client.HTTPException) as error:
                        trouble = trouble or f"no answer: {type(error).__name__}"
                        continue
                    times[warm].append(time.perf_counter() - began)
                    if status != 200:
                        trouble = trouble or f"status {status}"
                    elif not warm:
                        counts.append(mix.rows(query.format, body))
        for warm in (False, True):
            took[running.name, warm] = min(times[warm]) if times[warm] and not trouble else None
        if not expected and not trouble:
            expected = counts
            found.rows[query.name] = counts[0]
        elif not trouble and counts != expected[: len(counts)]:
            trouble = f"{', '.join(map(str, counts))} rows, not {', '.join(map(str, expected))}"
        if trouble:
            found.wrong.append((running.name, query.name, trouble))
    return took


class _Measuring:
    """A cell as it is measured: in turns with the other servers, as the machine is not always equally quick.

    What takes a server longer than a turn has one. What a slow server could not do in a few seconds is not asked of it.
    """

    def __init__(
        self, running: Running, query: Query, dataset: Dataset, plan: Plan, clients: int, warm: bool, step: int,
        one_s: float, found: Measurement,
    ) -> None:  # fmt: skip
        self.running, self.query, self.warm, self.clients = running, query, warm, clients
        self.server = next(s for s in found.servers if s.name == running.name)
        at_once = min(clients, found.machine.cores)
        self.turns = _TURNS if one_s * clients / at_once < plan.seconds / _TURNS else 1
        self.seconds = plan.seconds / self.turns
        bearable = max(2, int(max(_LONGEST_S, 2 * plan.seconds) / one_s * at_once))
        if warm:
            numbers = range(_FIRST_WARM, _FIRST_WARM + max(1, min(query.variants, int(_WARMED_S / one_s))))
            total = bearable if bearable < 100 else 1 << 30
        else:
            likely = int(plan.seconds / one_s * at_once * 6) + 4 * clients
            total = min(bearable, likely, int(_MOST_REQUESTS_A_S * plan.seconds))
            first = _FIRST_COLD + step * _COLD_STEP
            numbers = range(first, first + total)
        self.total = max(1, total // self.turns)
        self.requests = [running.address.request(query.text(dataset, n), query.format) for n in numbers]
        self.is_first = warm and clients == plan.clients[0]
        self.results: list[Result] = []
        self.took_s = self.server_s = self.others_s = 0.0

    def turn(self) -> None:
        """Ask for a while; nothing once the turns are over."""
        turn, pid, port = len(self.results), self.running.process.pid, self.running.address.port
        if turn >= self.turns:
            return
        requests = self.requests if self.warm else self.requests[turn * self.total : (turn + 1) * self.total]
        with awake(self.running):
            if self.is_first and not turn:
                drive(Job(port, requests, 1, 60, len(requests)))
            began, machine_s, server_s = time.monotonic(), processes.machine_cpu_s(), processes.cpu_s(pid)
            result = drive(Job(port, requests, self.clients, self.seconds, self.total))
            server_s = processes.cpu_s(pid) - server_s
            self.others_s += processes.machine_cpu_s() - machine_s - server_s - result.cpu_s
            self.took_s += time.monotonic() - began
            self.server_s += server_s
            self.server.look(self.running)
            if result.unfinished:
                processes.wait_until_idle(pid, 60)
        self.results.append(result)

    def cell(self) -> Cell:
        """What was found in all turns."""
        times = sorted(chain.from_iterable(r.times_ms for r in self.results))
        seconds = sum(r.seconds for r in self.results)
        failures = sum((Counter(r.failures) for r in self.results), Counter[str]())
        return Cell(
            self.running.name, self.query.name, self.warm, self.clients, len(times), seconds,
            len(times) / seconds if seconds else 0.0, percentile(times, 50), percentile(times, 99),
            times[-1] if times else 0.0, sum(r.received_bytes for r in self.results), dict(failures),
            sum(r.unfinished for r in self.results), sum(r.reconnects for r in self.results),
            self.server_s / len(times) * 1000 if times else 0.0,
            sum(r.cpu_s for r in self.results) / self.took_s, max(0.0, self.others_s / self.took_s),
        )  # fmt: skip


def percentile(sorted_times: list[float], percent: float) -> float:
    """The least time that so many of a hundred requests took at most; 0 without any."""
    if not sorted_times:
        return 0.0
    return sorted_times[min(len(sorted_times) - 1, int(len(sorted_times) * percent / 100))]


@contextlib.contextmanager
def _watched(running: Running, server: Server) -> Iterator[None]:
    """Note the most memory that the server holds meanwhile, and at the end."""
    over = threading.Event()

    def sample() -> None:
        while True:
            server.look(running)
            if over.is_set():
                return
            over.wait(_SAMPLE_EVERY_S)

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
