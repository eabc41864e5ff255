"""Known findings: what they hide, what they do not, and what is said of those that are gone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.validation import baseline
from kg.words.errors import BadInput
from kg.words.findings import Finding, Place, Report, Severity


def finding(rule: str = "S08", line: int = 3, severity: Severity = Severity.VIOLATION, **more: str) -> Finding:
    return Finding(severity, rule, more.pop("message", "wrong"), Place("data/a.ttl", line), **more)


def applied(folder: Path, known: list[Finding], now: list[Finding], *, whole: bool = True) -> Report:
    path = folder / "known.json"
    path.write_text(baseline.text(known, {}, "agreed"), encoding="utf-8")
    return baseline.apply(Report.of(now), baseline.read(path, "known.json"), whole=whole)


def test_known_finding_is_not_told_and_its_reason_is_kept(tmp_path: Path) -> None:
    found = applied(tmp_path, [finding(focus="id/a")], [finding(focus="id/a", line=99, message="reworded")])
    assert found.findings == ()
    assert [k.reason for k in found.known] == ["agreed"]


DIFFERENT = {
    "another rule": finding("S09", focus="id/a"),
    "another node": finding(focus="id/b"),
    "another value": finding(focus="id/a", value="2"),
    "another property": finding(focus="id/a", path="ns#beds"),
}


@pytest.mark.parametrize("other", DIFFERENT.values(), ids=DIFFERENT)
def test_another_finding_is_told(tmp_path: Path, other: Finding) -> None:
    known = finding(focus="id/a")
    assert applied(tmp_path, [known], [known, other]).findings == (other,)


def test_second_finding_like_a_known_one_is_told(tmp_path: Path) -> None:
    known, again = finding(focus="[ ]", path="ns#beds"), finding(focus="[ ]", path="ns#beds", line=9)
    assert applied(tmp_path, [known], [known, again]).findings == (again,)


def test_what_could_not_be_read_is_never_known(tmp_path: Path) -> None:
    broken = finding("syntax", severity=Severity.ERROR)
    assert "syntax" not in baseline.text([broken], {}, "agreed")
    assert applied(tmp_path, [finding(focus="id/a"), broken], [broken]).findings == (broken,)


def test_entry_that_no_longer_occurs_is_a_warning_at_its_line(tmp_path: Path) -> None:
    (stale,) = applied(tmp_path, [finding(focus="id/a"), finding(focus="id/b")], [finding(focus="id/a")]).findings
    lines = (tmp_path / "known.json").read_text(encoding="utf-8").split("\n")
    assert (stale.severity, stale.rule) == (Severity.WARNING, "baseline")
    assert stale.place is not None
    assert stale.value in lines[stale.place.line - 1]
    assert "id/b" in stale.message


def test_nothing_is_said_of_entries_when_only_a_part_was_checked(tmp_path: Path) -> None:
    assert applied(tmp_path, [finding(focus="id/a")], [], whole=False).findings == ()


def test_nothing_is_said_of_entries_when_a_file_could_not_be_read(tmp_path: Path) -> None:
    broken = finding("syntax", severity=Severity.ERROR)
    assert applied(tmp_path, [finding(focus="id/a")], [broken]).findings == (broken,)


def test_new_finding_needs_a_reason_and_an_old_one_keeps_its_own() -> None:
    first = baseline.text([finding(focus="id/a")], {}, "agreed")
    (entry,) = json.loads(first)["known"]
    both = baseline.text([finding(focus="id/a"), finding(focus="id/b")], {entry["fingerprint"]: "agreed"}, "later")
    assert [e["reason"] for e in json.loads(both)["known"]] == ["agreed", "later"]
    with pytest.raises(BadInput, match="--reason"):
        baseline.text([finding()], {}, "")


WRONG = {
    "no JSON": "nonsense",
    "no object": "[]",
    "another version": '{"version": 2, "known": []}',
    "no list": '{"version": 1}',
    "no reason": '{"version": 1, "known": [{"fingerprint": "0"}]}',
    "an empty reason": '{"version": 1, "known": [{"fingerprint": "0", "reason": " "}]}',
    "an entry that is none": '{"version": 1, "known": [3]}',
    "no UTF-8": "\udcff",
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_file_that_is_no_baseline_is_bad_input_with_its_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "known.json"
    path.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(BadInput, match=r"known\.json"):
        baseline.read(path, "known.json")


def test_file_that_is_missing_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="--write-baseline"):
        baseline.read(tmp_path / "no.json", "no.json")
