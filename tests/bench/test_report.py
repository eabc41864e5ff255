"""Ratios, means and goals, from figures that are known."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from kg.bench import report
from kg.bench.machine import Machine
from kg.bench.measure import Cell, Measurement, Plan, Server, percentile
from kg.bench.processes import Memory


def cell(server: str, query: str, per_s: float, *, warm: bool = False, clients: int = 1) -> Cell:
    ms = 1000 / per_s
    return Cell(server, query, warm, clients, 100, 1.0, per_s, ms, 2 * ms, 3 * ms, 1, {}, 0, 0, ms, 0.1, 0.0)


@pytest.fixture
def found() -> Measurement:
    cells = [
        cell("ours", "point", 800), cell("oxigraph", "point", 400), cell("rdflib", "point", 20),
        cell("ours", "top-k", 100), cell("oxigraph", "top-k", 200), cell("rdflib", "top-k", 1),
        cell("ours", "point", 9000, warm=True), cell("oxigraph", "point", 3000, warm=True),
    ]  # fmt: skip
    held = Memory(100 << 20, 300 << 20)
    servers = [Server(n, "1.0", 2.0, held, held) for n in ("ours", "oxigraph", "rdflib")]
    return Measurement(
        Machine("a processor", 2, 8.0, "Linux", "3.11"), Plan((1,)), 1000, 1.0, {1: 10_000.0}, servers, cells
    )


def test_a_ratio_above_one_means_that_we_do_better() -> None:
    found = report.ratios(cell("ours", "point", 800), cell("oxigraph", "point", 400))
    assert found == report.Ratios(2.0, 2.0, 2.0)


def test_what_answered_nothing_is_not_compared() -> None:
    silent = replace(cell("rdflib", "point", 1), requests=0)
    assert report.ratios(cell("ours", "point", 800), silent) is None


def test_the_mean_of_ratios_is_geometric() -> None:
    assert report.geometric_mean([2.0, 0.5]) == pytest.approx(1.0)
    assert report.geometric_mean([]) == 0


@pytest.mark.parametrize(("percent", "expected"), [(50, 51.0), (99, 100.0), (100, 100.0)])
def test_percentiles(percent: float, expected: float) -> None:
    assert percentile([float(n) for n in range(1, 101)], percent) == expected


def test_the_goals_are_measured(found: Measurement) -> None:
    told = {g.text: g for g in report.goals(found)}
    assert told["warm point, throughput over oxigraph, 1 clients"].measured == pytest.approx(3.0)
    assert told["cold, mean throughput over oxigraph, 1 clients"].measured == pytest.approx(1.0)
    assert told["cold, mean throughput over rdflib, 1 clients"].measured == pytest.approx(4000**0.5)
    worst = told["cold, throughput over the best peer, the worst query"]
    assert (worst.measured, worst.where) == (0.5, "top-k, 1 clients, oxigraph")
    assert worst.reached
    median = told["cold point, median in ms, 1 client"]
    assert median.measured == pytest.approx(1.25)
    assert median.reached
    assert not any("virtuoso" in text for text in told)


def test_the_report_shows_the_ratios(found: Measurement) -> None:
    found.wrong.append(("rdflib", "path", "3 rows, not 4"))
    text = report.as_markdown(found)
    assert "| point | 0 | 800 | 1.25 | 2.50 | 2.00 / 2.00 / 2.00 | 40.0 / 40.0 / 40.0 |" in text
    assert "| geometric mean |  |  |  |  | **1.00 / 1.00 / 1.00** |" in text
    assert "- rdflib, path: 3 rows, not 4; not compared" in text


def test_a_driver_at_its_end_is_marked(found: Measurement) -> None:
    found.cells[0] = replace(found.cells[0], driver_busy=0.99)
    assert "| 800* |" in report.as_markdown(found)


def test_the_figures_can_be_written_as_json(found: Measurement) -> None:
    assert json.loads(json.dumps(report.as_json(found)))["cells"][0]["per_s"] == 800
