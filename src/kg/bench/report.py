"""The figures as tables of ratios, and what they say about the goals."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from kg.bench.measure import Cell, Measurement

OURS = "ours"


@dataclass(frozen=True)
class Ratios:
    """How many times better this server did than a peer; below 1, the peer did better."""

    throughput: float
    p50: float
    p99: float

    def __str__(self) -> str:
        return " / ".join(_short(r) for r in (self.throughput, self.p50, self.p99))


@dataclass(frozen=True)
class Goal:
    """What is aimed at, what came out, and which cell decided."""

    text: str
    wanted: float
    measured: float
    where: str = ""
    at_most: bool = False

    @property
    def reached(self) -> bool:
        return self.measured <= self.wanted if self.at_most else self.measured >= self.wanted


def ratios(ours: Cell, peer: Cell) -> Ratios | None:
    """The ratios of two cells; None unless both answered something."""
    if not ours.requests or not peer.requests:
        return None
    return Ratios(ours.per_s / peer.per_s, peer.p50_ms / ours.p50_ms, peer.p99_ms / ours.p99_ms)


def geometric_mean(values: Iterable[float]) -> float:
    """The mean of ratios; 0 of none."""
    logs = [math.log(v) for v in values]
    return math.exp(sum(logs) / len(logs)) if logs else 0.0


def as_json(found: Measurement) -> dict[str, object]:
    """All raw figures."""
    return asdict(found) | {"goals": [asdict(g) | {"reached": g.reached} for g in goals(found)]}


def as_markdown(found: Measurement) -> str:
    """The report for people."""
    parts = [_head(found), *(["**Interrupted before its end.**"] if found.interrupted else []), _servers(found)]
    if told := goals(found):
        parts.append(_goals(told))
    for warm in (False, True):
        for clients in found.plan.clients:
            parts.append(_table(found, warm, clients))
    parts.append(_processor_time(found))
    if found.wrong or found.skipped:
        parts.append(_trouble(found))
    return "\n\n".join(parts) + "\n"


def goals(found: Measurement) -> list[Goal]:
    """The goals that this run can tell about."""
    return [g for g in _goals_of(found) if g.measured]


def _goals_of(found: Measurement) -> Iterator[Goal]:
    several = max(found.plan.clients)
    table = _Table(found)
    for query, wanted in (("point", 1.5), ("export-json", 20.0), ("export-csv", 20.0)):
        r = table.ratio("oxigraph", query, True, several)
        yield Goal(f"warm {query}, throughput over oxigraph, {several} clients", wanted, r.throughput if r else 0.0)
    for peer, wanted in (("oxigraph", 2.0), ("oxigraph-disk", 2.0), ("virtuoso", 2.0), ("rdflib", 20.0)):
        for clients in found.plan.clients:
            mean = table.mean(peer, False, clients)
            yield Goal(
                f"cold, mean throughput over {peer}, {clients} clients", wanted, mean.throughput if mean else 0.0
            )
    worst = min(table.against_best(), default=(0.0, ""))
    yield Goal("cold, throughput over the best peer, the worst query", 0.5, *worst)
    point = table.cell(OURS, "point", False, 1)
    yield Goal("cold point, median in ms, 1 client", 1.5, point.p50_ms if point else 0.0, at_most=True)


class _Table:
    """Cells by what they are about."""

    def __init__(self, found: Measurement) -> None:
        self.found = found
        self.cells = {(c.server, c.query, c.warm, c.clients): c for c in found.cells}
        self.queries = list(dict.fromkeys(c.query for c in found.cells))
        self.peers = [s.name for s in found.servers if s.name != OURS]

    def cell(self, server: str, query: str, warm: bool, clients: int) -> Cell | None:
        return self.cells.get((server, query, warm, clients))

    def ratio(self, peer: str, query: str, warm: bool, clients: int) -> Ratios | None:
        ours, other = self.cell(OURS, query, warm, clients), self.cell(peer, query, warm, clients)
        return ratios(ours, other) if ours and other else None

    def mean(self, peer: str, warm: bool, clients: int) -> Ratios | None:
        found = [r for q in self.queries if (r := self.ratio(peer, q, warm, clients))]
        if not found:
            return None
        return Ratios(*(geometric_mean(getattr(r, f) for r in found) for f in ("throughput", "p50", "p99")))

    def against_best(self) -> Iterator[tuple[float, str]]:
        for query in self.queries:
            for clients in self.found.plan.clients:
                found = [(r.throughput, p) for p in self.peers if (r := self.ratio(p, query, False, clients))]
                if found:
                    ratio, peer = min(found)
                    yield ratio, f"{query}, {clients} clients, {peer}"


def _head(found: Measurement) -> str:
    m = found.machine
    busy = [c.others_busy for c in found.cells]
    others = sum(busy) / len(busy) if busy else 0.0
    ceilings = ", ".join(f"{rate:,.0f} with {clients}" for clients, rate in found.ceiling.items())
    return (
        f"# Benchmark of the endpoint\n\n"
        f"{found.triples:,} triples, the same in every server; {found.plan.seconds:g} s a cell. "
        f"Built from annotated Turtle, with inference, in {found.build_s:.1f} s.\n\n"
        f"{m.processor}, {m.cores} cores, {m.memory_gb:g} GB; {m.system}, Python {m.python}. "
        f"Clients and servers share the machine; other programs took {others:.1f} of the cores meanwhile. "
        f"The driver alone does {ceilings} clients a second against a server without work."
    )


def _servers(found: Measurement) -> str:
    lines = [
        "| server | version | load, s | memory after load, MB | at its peak, MB | RSS at its peak, MB |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for s in found.servers:
        figures = (s.loaded.pss, s.peak.pss, s.peak.rss)
        lines.append(f"| {s.name} | {s.version} | {s.load_s:.1f} | {' | '.join(f'{b >> 20:,}' for b in figures)} |")
    told = (
        "Memory counts a page that processes share once; RSS counts it in each. Load is from the start to an answer; "
        "what a server does behind that is waited for."
    )
    return "## Servers\n\n" + "\n".join(lines) + "\n\n" + told


def _goals(told: list[Goal]) -> str:
    lines = ["| goal | wanted | measured | |", "|---|---:|---:|---|"]
    for g in told:
        sign = "≤" if g.at_most else "≥"
        verdict = "reached" if g.reached else "missed"
        where = f" ({g.where})" if g.where else ""
        lines.append(f"| {g.text} | {sign} {g.wanted:g} | {_short(g.measured)} | {verdict}{where} |")
    return "## Goals\n\n" + "\n".join(lines)


def _table(found: Measurement, warm: bool, clients: int) -> str:
    table = _Table(found)
    title = f"## {'Warm' if warm else 'Cold'}, {clients} client{'s' if clients > 1 else ''}"
    head = ["query", "rows", "requests/s", "p50, ms", "p99, ms", *(f"× {p}" for p in table.peers)]
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    for query in table.queries:
        ours = table.cell(OURS, query, warm, clients)
        if ours is None:
            continue
        mark = "*" if ours.driver_busy > 0.9 else ""
        trouble = sum(ours.failures.values()) + ours.unfinished
        failed = f" ({trouble} failed)" if trouble else ""
        figures = [f"{_short(ours.per_s)}{mark}{failed}", _short(ours.p50_ms), _short(ours.p99_ms)]
        compared = [str(table.ratio(p, query, warm, clients) or "–") for p in table.peers]
        lines.append("| " + " | ".join([query, f"{found.rows.get(query, 0):,}", *figures, *compared]) + " |")
    means = [f"**{table.mean(p, warm, clients) or '–'}**" for p in table.peers]
    lines.append("| " + " | ".join(["geometric mean", "", "", "", "", *means]) + " |")
    return title + "\n\n" + "\n".join(lines)


def _processor_time(found: Measurement) -> str:
    table, clients = _Table(found), sorted(found.plan.clients)[len(found.plan.clients) // 2]
    names = [s.name for s in found.servers]
    lines = ["| query | " + " | ".join(names) + " |", "|---|" + "---:|" * len(names)]
    for query in table.queries:
        cells = [table.cell(name, query, False, clients) for name in names]
        lines.append("| " + " | ".join([query, *(_short(c.cpu_ms) if c else "–" for c in cells)]) + " |")
    return f"## Processor time of a request, ms: cold, {clients} clients\n\n" + "\n".join(lines)


def _trouble(found: Measurement) -> str:
    lines = [f"- {server}: {why}" for server, why in found.skipped]
    lines += [f"- {server}, {query}: {what}; not compared" for server, query, what in found.wrong]
    return "## Left out\n\n" + "\n".join(lines)


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
