"""What `kg new source` finds in the two texts does not get less than it was measured, but for a little."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks import new as benchmark

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def measured(shared: Path) -> list[benchmark.Measured]:
    return benchmark.measure(ROOT, shared / "sources", shared / "facts.json", benchmark.WAYS[:2])


def test_all_that_was_read_by_hand_is_asked_for(measured: list[benchmark.Measured]) -> None:
    assert sum(len(m.wanted) for m in measured if m.way == benchmark.WAYS[0]) == 142


def test_known_things_are_found_and_no_others(measured: list[benchmark.Measured]) -> None:
    for m in (m for m in measured if m.way == benchmark.WAYS[0]):
        assert m.named == m.things


def test_without_their_names_most_things_are_found_and_no_wrong_ones(measured: list[benchmark.Measured]) -> None:
    for m in (m for m in measured if m.way == benchmark.WAYS[1]):
        assert m.named <= m.things
        assert len(m.named) >= 0.9 * len(m.things)


FIGURES = [("psd-press-release", 12, 19, 26), ("imp-forum-2025", 48, 66, 77)]


@pytest.mark.parametrize(("slug", "exact", "commented", "near"), FIGURES, ids=[f[0] for f in FIGURES])
def test_ranges_are_found(measured: list[benchmark.Measured], slug: str, exact: int, commented: int, near: int) -> None:
    (m,) = (m for m in measured if (m.slug, m.way) == (slug, benchmark.WAYS[0]))
    assert [a >= b for a, b in zip(m.told(), (exact, commented, near), strict=True)] == [True] * 3


def test_most_of_the_ranges_of_claims_are_quoted_by_the_shipped_file_too(measured: list[benchmark.Measured]) -> None:
    ranges = [(m.found.ranges(is_sure=True), m.gold) for m in measured]
    assert sum(len(r & g) for r, g in ranges) >= 0.7 * sum(len(r) for r, _ in ranges)
