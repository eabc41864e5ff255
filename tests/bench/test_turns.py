"""A cell is measured in turns: each asks what no other has asked, and together they are the cell."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from kg.bench import measure, mix, processes
from kg.bench.driver import Job, Result
from kg.bench.measure import Plan
from kg.bench.servers import Address


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """What the driver is told to do; it does it in no time, 10 requests a turn, of which one fails."""
    told: list[Job] = []

    def drive(job: Job) -> Result:
        told.append(job)
        return Result(1.0, [float(len(told))] * 9, {"503": 1}, 0, 2, 100, 0.1)

    @contextlib.contextmanager
    def awake(running: object) -> Iterator[None]:
        yield

    monkeypatch.setattr(measure, "drive", drive)
    monkeypatch.setattr(measure, "awake", awake)
    monkeypatch.setattr(processes, "cpu_s", lambda pid: 1.0)
    return told


def measuring(*, warm: bool, one_s: float) -> measure._Measuring:
    running: Any = SimpleNamespace(name="ours", address=Address(1, "/sparql"), process=SimpleNamespace(pid=1))
    found: Any = SimpleNamespace(servers=[SimpleNamespace(name="ours", look=lambda _: None)])
    found.machine = SimpleNamespace(cores=2)
    dataset: Any = SimpleNamespace(things=tuple(f"https://example.org/{n}" for n in range(1000)))
    return measure._Measuring(running, mix.queries()[0], dataset, Plan((1, 8), 2.0), 8, warm, 0, one_s, found)


@pytest.mark.parametrize("warm", [True, False])
def test_turns_share_the_time_and_cold_ones_ask_what_no_other_has_asked(warm: bool, jobs: list[Job]) -> None:
    subject = measuring(warm=warm, one_s=0.001)
    for _ in range(6):
        subject.turn()
    assert [job.seconds for job in jobs] == [0.5] * 4
    asked = [request for job in jobs for request in job.requests]
    assert len(set(asked)) == (20 if warm else len(asked))
    assert len(asked) == 80 if warm else len(asked) == 10_000
    cell = subject.cell()
    assert (cell.requests, cell.seconds, cell.per_s, cell.p50_ms, cell.max_ms) == (36, 4.0, 9.0, 3.0, 4.0)
    assert (cell.failures, cell.reconnects, cell.received_bytes) == ({"503": 4}, 8, 400)


def test_who_needs_longer_than_a_turn_has_one(jobs: list[Job]) -> None:
    subject = measuring(warm=False, one_s=0.3)
    for _ in range(4):
        subject.turn()
    assert [(job.seconds, job.total) for job in jobs] == [(2.0, 33)]
    assert subject.cell().requests == 9
