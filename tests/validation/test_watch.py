"""What is told at a change: what comes, what goes, and nothing of what stays."""

from __future__ import annotations

import os
from pathlib import Path

from kg.validation.watch import difference, stamps, watch
from kg.words.errors import BadInput
from kg.words.findings import Finding, Place, Report, Severity


def finding(value: str, line: int = 3) -> Finding:
    return Finding(Severity.VIOLATION, "S08", "wrong", Place("data/a.ttl", line), "id/a", "", "", value)


def test_difference_has_what_comes_and_goes_and_the_verdict() -> None:
    before, after = Report.of([finding("1"), finding("2")]), Report.of([finding("2"), finding("3")])
    assert difference(before, after).splitlines() == [
        "- data/a.ttl:3: violation S08: wrong",
        "    id/a  1",
        "+ data/a.ttl:3: violation S08: wrong",
        "    id/a  3",
        "2 violations.",
    ]


def test_how_far_a_check_went_is_told_once() -> None:
    before, after = Report.of([], notes=["as ever"]), Report.of([], notes=["as ever", "asked about everything"])
    assert difference(before, after) == "asked about everything\nConforms."


def test_finding_that_only_moved_is_neither_new_nor_gone() -> None:
    assert difference(Report.of([finding("1")]), Report.of([finding("1", 99)])) == "1 violation."


def test_second_finding_of_a_kind_is_new() -> None:
    text = difference(Report.of([finding("1")]), Report.of([finding("1"), finding("1", 9)]))
    assert text.count("+ ") == 1
    assert "- " not in text


def test_stamps_change_with_every_file_and_not_with_hidden_ones(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("x", encoding="utf-8")
    empty = stamps((tmp_path / "missing", tmp_path))
    (tmp_path / ".swap").mkdir()
    (tmp_path / ".swap" / "x").write_text("x", encoding="utf-8")
    os.utime(tmp_path, ns=(0, empty[str(tmp_path)][0]))
    assert stamps((tmp_path,)) == empty
    (tmp_path / "a.ttl").write_text("xy", encoding="utf-8")
    assert stamps((tmp_path,)) != empty


def test_report_that_cannot_be_made_is_said_and_the_watch_goes_on(tmp_path: Path) -> None:
    said: list[str] = []
    turns = iter([Report.of([finding("1")]), BadInput("no such file", "data/x.ttl"), Report.of([]), None])

    def check() -> Report:
        (tmp_path / "a.ttl").write_text("x" * (len(said) + 1), encoding="utf-8")
        turn = next(turns)
        if isinstance(turn, BadInput):
            raise turn
        if turn is None:
            raise KeyboardInterrupt
        return turn

    assert watch((tmp_path,), check, said.append, Severity.VIOLATION) == 0
    assert [text.splitlines()[-1] for text in said] == ["1 violation.", "data/x.ttl: no such file", "Conforms."]


def test_exit_code_is_that_of_the_last_report(tmp_path: Path) -> None:
    reports = iter([Report.of([finding("1")])])

    def check() -> Report:
        (tmp_path / "a.ttl").write_text("x", encoding="utf-8")
        try:
            return next(reports)
        except StopIteration:
            raise KeyboardInterrupt from None

    assert watch((tmp_path,), check, lambda text: None, Severity.VIOLATION) == 1
