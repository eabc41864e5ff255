"""Findings: their order, their places and the exit code they lead to."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from kg.words.findings import Finding, Place, Report, Severity, relative

ERROR, VIOLATION, WARNING, INFO = Severity.ERROR, Severity.VIOLATION, Severity.WARNING, Severity.INFO


def test_place_shows_what_is_known() -> None:
    assert str(Place("a.ttl", 4, 8)) == "a.ttl:4:8"
    assert str(Place("a.ttl", 4)) == "a.ttl:4"
    assert str(Place("a.ttl")) == "a.ttl"


def test_order_is_severity_then_place_then_the_rest_and_never_that_of_arrival() -> None:
    expected = (
        Finding(ERROR, "syntax", "m", Place("z.ttl", 9, 1)),
        Finding(VIOLATION, "S08", "m", Place("a.ttl", 2, 1)),
        Finding(VIOLATION, "S08", "m", Place("a.ttl", 10, 1)),
        Finding(VIOLATION, "S08", "m", Place("b.ttl", 1, 1), focus="a"),
        Finding(VIOLATION, "S08", "m", Place("b.ttl", 1, 1), focus="b"),
        Finding(VIOLATION, "S08", "m", None),
        Finding(WARNING, "S01", "m", Place("a.ttl", 1, 1)),
    )
    for arrived in permutations(expected, len(expected)):
        assert Report.of(list(arrived)).findings == expected


EXITS: dict[str, tuple[list[Severity], Severity, int]] = {
    "nothing found": ([], VIOLATION, 0),
    "nothing found, strict": ([], INFO, 0),
    "info": ([INFO], VIOLATION, 0),
    "info, failing on info": ([INFO], INFO, 1),
    "warning": ([WARNING], VIOLATION, 0),
    "warning, failing on warnings": ([WARNING], WARNING, 1),
    "violation": ([VIOLATION, INFO], VIOLATION, 1),
    "violation, failing on info": ([VIOLATION], INFO, 1),
    "error": ([ERROR], VIOLATION, 2),
    "error and violation": ([VIOLATION, ERROR, WARNING], WARNING, 2),
}


@pytest.mark.parametrize(("found", "fail_on", "code"), EXITS.values(), ids=EXITS)
def test_exit_code_follows_the_worst_finding(found: list[Severity], fail_on: Severity, code: int) -> None:
    assert Report.of([Finding(s, "r", "m") for s in found]).exit_code(fail_on) == code


def test_tally_counts_by_severity() -> None:
    report = Report.of([Finding(s, "r", "m") for s in (WARNING, ERROR, WARNING)])
    assert dict(report.tally()) == {ERROR: 1, WARNING: 2}


def test_path_is_told_from_the_root_where_it_lies_below(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    assert relative(tmp_path / "data" / "a.ttl", tmp_path) == "data/a.ttl"
    assert relative(tmp_path / "data" / ".." / "b.ttl", tmp_path) == "b.ttl"
    assert relative(tmp_path, tmp_path / "data") == tmp_path.as_posix()
