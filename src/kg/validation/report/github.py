"""A report as annotations of a GitHub workflow. Source: GitHub Docs, Workflow commands for GitHub Actions."""

from __future__ import annotations

from itertools import groupby
from typing import Final

from kg.validation.report.places import Named
from kg.validation.report.plain import verdict
from kg.words.findings import Finding, Report, Severity

_LEVELS: Final = {
    Severity.ERROR: "error",
    Severity.VIOLATION: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "notice",
}
_SHOWN = 10
"""Annotations of a level that GitHub shows of one step; it leaves out the others without a word."""


def render(report: Report, named: Named = str) -> str:
    """At most ten annotations a level, the last of which counts the rest; then the verdict."""
    lines = []
    for level, group in groupby(report.findings, key=lambda f: _LEVELS[f.severity]):
        found = list(group)
        shown = found if len(found) <= _SHOWN else found[: _SHOWN - 1]
        lines += [_command(level, f, named) for f in shown]
        if len(found) > len(shown):
            lines.append(f"::{level}::{len(found) - len(shown)} more. Run kg validate to see them")
    return "\n".join([*lines, verdict(report)])


def _command(level: str, finding: Finding, named: Named) -> str:
    place = finding.place
    properties = {
        "file": named(place.path) if place else "",
        "line": str(place.line) if place and place.line else "",
        "col": str(place.column) if place and place.column else "",
        "title": finding.rule,
    }
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items() if value)
    about = "  ".join(part for part in (finding.focus, finding.path, finding.value) if part)
    return f"::{level} {told}::{_data(finding.message + (chr(10) + about if about else ''))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
