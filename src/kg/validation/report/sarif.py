"""A report as SARIF. Source: OASIS, Static Analysis Results Interchange Format 2.1.0."""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.parse import quote

from kg import __version__
from kg.validation.checks import CHECKS
from kg.validation.report.places import Named
from kg.words.findings import Finding, Place, Report, Severity, fingerprints

_LEVELS: Final = {
    Severity.ERROR: "error",
    Severity.VIOLATION: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "note",
}
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_MAX_RESULTS = 5000
"""What GitHub takes of one run."""


def render(report: Report, named: Named = str) -> str:
    """One run with a rule for each check and each shape, and the worst 5,000 findings; how many more is a notification.

    Known findings are results with a suppression.
    """
    rules = sorted(
        {*CHECKS, *report.rules, *(f.rule for f in report.findings), *(k.finding.rule for k in report.known)}
    )
    everything = [(f, None) for f in report.findings] + [(k.finding, k.reason) for k in report.known]
    names = fingerprints(report.findings) + fingerprints(k.finding for k in report.known)
    results = [
        _result(finding, rules.index(finding.rule), name, reason, named)
        for (finding, reason), name in list(zip(everything, names, strict=True))[:_MAX_RESULTS]
    ]
    notes = list(report.notes)
    if len(everything) > len(results):
        notes.append(f"{len(everything) - len(results)} results are left out: this file holds {_MAX_RESULTS} at most")
    invocation: dict[str, Any] = {"executionSuccessful": not any(f.severity is Severity.ERROR for f in report.findings)}
    if notes:
        invocation["toolExecutionNotifications"] = [{"level": "note", "message": {"text": note}} for note in notes]
    driver = {"name": "kg validate", "version": __version__, "rules": [_rule(rule) for rule in rules]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "the top of the repository"}}},
        "invocations": [invocation],
        "results": results,
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def _rule(rule: str) -> dict[str, Any]:
    what = CHECKS.get(rule)
    return {"id": rule, "shortDescription": {"text": what or f"the shape {rule}"}}


def _result(finding: Finding, index: int, fingerprint: str, reason: str | None, named: Named) -> dict[str, Any]:
    about = "  ".join(part for part in (finding.focus, finding.path, finding.value) if part)
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message + (f"\n{about}" if about else "")},
        "partialFingerprints": {"kg/v1": fingerprint},
    }
    location: dict[str, Any] = {}
    if finding.place:
        location["physicalLocation"] = _physical(finding.place, named)
    if finding.focus:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.focus, "kind": "resource"}]
    if location:
        result["locations"] = [location]
    if reason is not None:
        result["suppressions"] = [{"kind": "external", "justification": reason}]
    return result


def _physical(place: Place, named: Named) -> dict[str, Any]:
    artifact = {"uri": quote(named(place.path))}
    if not place.path.startswith("/"):
        artifact["uriBaseId"] = "SRCROOT"
    physical: dict[str, Any] = {"artifactLocation": artifact}
    if place.line:
        physical["region"] = {"startLine": place.line} | ({"startColumn": place.column} if place.column else {})
    return physical
