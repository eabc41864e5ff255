"""A report for a terminal, and the same as JSON."""

from __future__ import annotations

import json
from typing import Any

from kg.validation.report.places import Named
from kg.words.findings import Finding, Report, fingerprints
from kg.words.printable import printable


def as_text(report: Report, _named: Named = str) -> str:
    """Place, severity, rule and message of each finding, what it is about in a second line; then the counts."""
    lines = [printable(line) for finding in report.findings for line in told(finding)]
    looked_at = ", ".join(f"{count:,} {name}" for name, count in report.counts.items() if name != "ranges not checked")
    lines.append(f"Checked {looked_at}.")
    lines += [printable(note) for note in report.notes]
    if report.known:
        lines.append(
            f"{len(report.known):,} known finding{'s' if len(report.known) > 1 else ''} not told (--baseline)."
        )
    return "\n".join([*lines, verdict(report)])


def told(finding: Finding) -> list[str]:
    """One finding in one line or two."""
    place = f"{finding.place}: " if finding.place else ""
    lines = [f"{place}{finding.severity.name.lower()} {finding.rule}: {finding.message}"]
    about = finding.focus + (f" ({finding.label})" if finding.label and finding.label != finding.focus else "")
    parts = [about, finding.path, finding.value]
    if any(parts):
        lines.append("    " + "  ".join(part for part in parts if part))
    return lines


def verdict(report: Report) -> str:
    """How many findings of each severity there are, worst first, or `Conforms.`"""
    found = [f"{n} {s.name.lower()}{'s' if n > 1 else ''}" for s, n in sorted(report.tally().items(), reverse=True)]
    return f"{', '.join(found)}." if found else "Conforms."


def as_json(report: Report, _named: Named = str) -> str:
    """The members: findings and known findings with their fingerprints, counts, notes."""
    names = fingerprints(report.findings)
    findings = [_members(f, name) for f, name in zip(report.findings, names, strict=True)]
    known = [
        _members(k.finding, name) | {"reason": k.reason}
        for k, name in zip(report.known, fingerprints(k.finding for k in report.known), strict=True)
    ]
    whole = {"findings": findings, "known": known, "counts": report.counts, "notes": report.notes}
    return json.dumps(whole, ensure_ascii=False, indent=2)


def _members(f: Finding, fingerprint: str) -> dict[str, Any]:
    return {
        "severity": f.severity.name.lower(), "rule": f.rule, "message": f.message,
        "file": f.place.path if f.place else None, "line": f.place.line if f.place else None,
        "column": f.place.column if f.place else None,
        "focus": f.focus, "label": f.label, "path": f.path, "value": f.value, "fingerprint": fingerprint,
    }  # fmt: skip
