"""Known findings: a file that lists them by fingerprint, and why each may stay."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kg.words.errors import BadInput
from kg.words.findings import Finding, Known, Place, Report, Severity, fingerprints

_VERSION = 1


@dataclass(frozen=True)
class Baseline:
    """What was known when the file was written.

    name     of the file, as it is told
    entries  fingerprint -> why the finding may stay
    lines    fingerprint -> its line in the file
    shown    fingerprint -> what was found, in words
    """

    name: str
    entries: dict[str, str]
    lines: dict[str, int]
    shown: dict[str, str]


def read(path: Path, name: str) -> Baseline:
    """The baseline in a file. Raise BadInput if it cannot be read, or an entry lacks a fingerprint or a reason."""
    try:
        text = path.read_text(encoding="utf-8")
        found = json.loads(text)
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror}. Write one with --write-baseline", name) from None
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadInput(f"is no JSON: {error}", name) from None
    if not isinstance(found, dict) or found.get("version") != _VERSION or not isinstance(found.get("known"), list):
        raise BadInput(f'is no baseline: it takes "version": {_VERSION} and a list "known"', name)
    entries, lines, shown = {}, {}, {}
    for number, entry in enumerate(found["known"], 1):
        fingerprint, reason = _texts(entry, name, number)
        entries[fingerprint] = reason
        lines[fingerprint] = text.count("\n", 0, max(text.find(json.dumps(fingerprint)), 0)) + 1
        shown[fingerprint] = " ".join(str(entry.get(k, "")) for k in ("rule", "file", "focus", "path", "value")).strip()
    return Baseline(name, entries, lines, shown)


def apply(report: Report, baseline: Baseline, *, whole: bool) -> Report:
    """The report without what is known; an entry that no longer occurs is a warning.

    whole  everything was checked: else nothing is said of entries that do not occur
    What could not be read is never known: it hides other findings.
    """
    left, known, met = [], [], set()
    for finding, name in zip(report.findings, fingerprints(report.findings), strict=True):
        if name in baseline.entries and finding.severity is not Severity.ERROR:
            known.append(Known(finding, baseline.entries[name]))
            met.add(name)
        else:
            left.append(finding)
    whole = whole and all(f.severity is not Severity.ERROR for f in left)
    stale = [
        Finding(
            Severity.WARNING,
            "baseline",
            f"this entry no longer occurs ({baseline.shown[name]}). Remove it, or run --write-baseline",
            Place(baseline.name, baseline.lines[name]),
            value=name,
        )
        for name in baseline.entries
        if whole and name not in met
    ]
    kept = Report.of([*left, *stale], report.counts, report.rules, report.notes)
    return replace(kept, known=tuple(known))


def text(findings: Iterable[Finding], known: dict[str, str], reason: str) -> str:
    """The file for these findings: with the reasons that are known, and `reason` for those that are new.

    Raise BadInput if one is new and there is no reason. What could not be read is left out.
    """
    found = list(findings)
    entries = []
    for finding, name in zip(found, fingerprints(found), strict=True):
        if finding.severity is Severity.ERROR:
            continue
        why = known.get(name, reason)
        if not why:
            raise BadInput(
                "--write-baseline takes --reason TEXT for findings that are new: why they may stay",
                str(finding.place or ""),
            )
        entries.append(_entry(finding, name, why))
    return json.dumps({"version": _VERSION, "known": entries}, ensure_ascii=False, indent=2) + "\n"


def _entry(finding: Finding, fingerprint: str, reason: str) -> dict[str, str]:
    """Only the fingerprint is compared; the rest is for those who read the file."""
    members = {
        "fingerprint": fingerprint,
        "reason": reason,
        "rule": finding.rule,
        "file": finding.place.path if finding.place else "",
        "focus": finding.focus,
        "path": finding.path,
        "value": finding.value,
        "message": finding.message,
    }
    return {name: value for name, value in members.items() if value}


def _texts(entry: Any, name: str, number: int) -> tuple[str, str]:
    if isinstance(entry, dict):
        found = (entry.get("fingerprint"), entry.get("reason"))
        if all(isinstance(text, str) and text.strip() for text in found):
            return found  # type: ignore[return-value]
    raise BadInput(f'entry {number} takes "fingerprint" and "reason", both of them text that is not empty', name)
