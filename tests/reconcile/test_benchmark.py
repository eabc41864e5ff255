"""The test set of names: matching does not get worse than it was measured, but for a little."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

import pytest

from kg.store import project, release
from kg.words.settings import load
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmark_reconcile", ROOT / "benchmarks" / "reconcile.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_matches_are_right_and_most_names_are_matched(benchmark: ModuleType) -> None:
    rows = benchmark.read()
    assert len(rows) >= 150
    matching = benchmark.matcher(release.build(project.read(load(ROOT))))
    for part in {row.part for row in rows}:
        figures = benchmark.evaluate(benchmark.ours(matching, typed=True), [r for r in rows if r.part == part])
        assert figures.precision >= 0.93
        assert figures.recall >= 0.8
        assert figures.at_1 >= 0.93
        assert figures.at_5 >= 0.93
