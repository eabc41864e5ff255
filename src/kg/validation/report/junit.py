"""A report as JUnit XML: a test case for each check and each shape."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from kg.validation.checks import CHECKS
from kg.validation.report.places import Named
from kg.validation.report.plain import told
from kg.words.findings import Finding, Report, Severity

_NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML 1.0 document may hold, escaped or not (XML 1.0, production 2)."""


def render(report: Report, _named: Named = str) -> str:
    """Violations are failures, what could not be read is an error, the rest is told and passes.

    A check whose only findings stand in a baseline is skipped, with their number.
    """
    by_rule: dict[str, list[Finding]] = {rule: [] for rule in (*CHECKS, *report.rules)}
    for finding in report.findings:
        by_rule.setdefault(finding.rule, []).append(finding)
    cases = [(rule, found, _outcome(found)) for rule, found in by_rule.items()]
    known = {rule: sum(1 for k in report.known if k.finding.rule == rule) for rule in by_rule}
    skipped = sum(1 for rule, found, _ in cases if not found and known[rule])
    numbers = {
        "tests": len(cases),
        "failures": sum(1 for *_, outcome in cases if outcome == "failure"),
        "errors": sum(1 for *_, outcome in cases if outcome == "error"),
        "skipped": skipped,
    }
    counts = " ".join(f'{name}="{number}"' for name, number in numbers.items())
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<testsuites {counts}>"]
    lines.append(f'<testsuite name="kg validate" {counts}>')
    for rule, found, outcome in cases:
        lines.append(f"<testcase classname={_attribute(_class(rule))} name={_attribute(rule)}>")
        if outcome and found:
            text = "\n".join(line for f in found for line in told(f))
            message = _attribute(f"{len(found)} found: {found[0].message}")
            element = outcome if outcome != "told" else "system-out"
            attributes = f" message={message}" if outcome != "told" else ""
            lines.append(f"<{element}{attributes}>{escape(_clean(text))}</{element}>")
        elif known[rule]:
            lines.append(f'<skipped message="{known[rule]} known, in the baseline"/>')
        lines.append("</testcase>")
    return "\n".join([*lines, "</testsuite>", "</testsuites>"])


def _outcome(found: list[Finding]) -> str:
    worst = max((f.severity for f in found), default=None)
    if worst is None:
        return ""
    return {Severity.ERROR: "error", Severity.VIOLATION: "failure"}.get(worst, "told")


def _class(rule: str) -> str:
    return "kg.check" if rule in CHECKS else "kg.shape"


def _clean(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)


def _attribute(text: str) -> str:
    return quoteattr(_clean(text))
