"""Checks again and again: what differs from the report before, at each change of a file."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from kg.validation.report.plain import as_text, told, verdict
from kg.words.errors import KgError
from kg.words.findings import Finding, Report, Severity
from kg.words.printable import printable

_PAUSE_S = 0.3

Stamp = dict[str, tuple[int, int]]
"""File -> when it was changed, in nanoseconds, and its size."""


def watch(paths: Iterable[Path], check: Callable[[], Report], say: Callable[[str], object], fail_on: Severity) -> int:
    """Tell the whole report once, then what comes and goes, until Ctrl-C. The exit code is that of the last report.

    A report that cannot be made (a file that was named is gone) is said, and has exit code 2.
    """
    watched = tuple(paths)
    last: Report | None = None
    code = 0
    try:
        while True:
            stamp = stamps(watched)
            try:
                report = check()
            except KgError as error:
                code = error.exit_code
                say(printable(str(error)))
            else:
                before, last, code = last, report, report.exit_code(fail_on)  # before a word is said: Ctrl-C may follow
                say(as_text(report) if before is None else difference(before, report))
            while stamps(watched) == stamp:
                time.sleep(_PAUSE_S)
    except KeyboardInterrupt:
        return code


def difference(before: Report, after: Report) -> str:
    """The findings that are new, with `+`, and that are gone, with `-`; how far the check went; then the verdict.

    One that only moved to another line is neither.
    """
    old, new = Counter(map(_without_place, before.findings)), Counter(map(_without_place, after.findings))
    lines = _marked("-", before.findings, old - new) + _marked("+", after.findings, new - old)
    lines += [printable(note) for note in after.notes if note not in before.notes]
    return "\n".join([*lines, verdict(after)])


def stamps(paths: Iterable[Path]) -> Stamp:
    """The state of every file below the paths; hidden ones do not count."""
    found = {}
    for start in paths:
        found_here = [start]
        for parent, folders, files in os.walk(start):
            folders[:] = [f for f in folders if not f.startswith(".")]
            found_here += [Path(parent, name) for name in files if not name.startswith(".")]
        for path in found_here:
            try:
                state = path.stat()
            except OSError:
                continue
            found[str(path)] = (state.st_mtime_ns, state.st_size)
    return found


def _marked(mark: str, findings: Iterable[Finding], wanted: Counter[tuple[object, ...]]) -> list[str]:
    lines = []
    for finding in findings:
        if wanted[_without_place(finding)] > 0:
            wanted[_without_place(finding)] -= 1
            first, *rest = told(finding)
            lines += [printable(f"{mark} {first}"), *(printable(line) for line in rest)]
    return lines


def _without_place(f: Finding) -> tuple[object, ...]:
    return (f.severity, f.rule, f.message, f.place.path if f.place else "", f.focus, f.path, f.value)
