"""The measurement: every server gets the same questions by turns, while the others are paused."""

from __future__ import annotations

import contextlib
import http.client
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
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
        for place in range(len(fleet)):
            running = fleet[(step + place) % len(fleet)]
            one_s = took[query.name][running.name, warm]
            if one_s is not None:
                found.cells.append(_cell(running, query, dataset, plan, clients, warm, step, one_s, found))


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


def _cell(
    running: Running, query: Query, dataset: Dataset, plan: Plan, clients: int, warm: bool, step: int, one_s: float,
    found: Measurement,
) -> Cell:  # fmt: skip
    """Measure one cell. What a slow server could not do in a few seconds is not asked of it."""
    at_once = min(clients, found.machine.cores)
    bearable = max(2, int(max(_LONGEST_S, 2 * plan.seconds) / one_s * at_once))
    if warm:
        numbers = range(_FIRST_WARM, _FIRST_WARM + max(1, min(query.variants, int(_WARMED_S / one_s))))
        total = bearable if bearable < 100 else 1 << 30
    else:
        likely = int(plan.seconds / one_s * at_once * 6) + 4 * clients
        total = min(bearable, likely, int(_MOST_REQUESTS_A_S * plan.seconds))
        first = _FIRST_COLD + step * _COLD_STEP
        numbers = range(first, first + total)
    requests = [running.address.request(query.text(dataset, n), query.format) for n in numbers]
    server = next(s for s in found.servers if s.name == running.name)
    with awake(running):
        if warm and clients == plan.clients[0]:
            drive(Job(running.address.port, requests, 1, 60, len(requests)))
        began, machine_s, server_s = time.monotonic(), processes.machine_cpu_s(), processes.cpu_s(running.process.pid)
        result = drive(Job(running.address.port, requests, clients, plan.seconds, total))
        server_s = processes.cpu_s(running.process.pid) - server_s
        others_s = processes.machine_cpu_s() - machine_s - server_s - result.cpu_s
        took_s = time.monotonic() - began
        server.look(running)
        if result.unfinished:
            processes.wait_until_idle(running.process.pid, 60)
    times = sorted(result.times_ms)
    return Cell(
        running.name, query.name, warm, clients, len(times), result.seconds,
        len(times) / result.seconds if result.seconds else 0.0, percentile(times, 50), percentile(times, 99),
        times[-1] if times else 0.0, result.received_bytes, result.failures, result.unfinished, result.reconnects,
        server_s / len(times) * 1000 if times else 0.0, result.cpu_s / took_s, max(0.0, others_s / took_s),
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
