"""What a check found: one record, whatever check it came from."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path


class Severity(IntEnum):
    """How bad a finding is. ERROR means that the input could not be read; the others are SHACL's."""

    INFO = 0
    WARNING = 1
    VIOLATION = 2
    ERROR = 3


@dataclass(frozen=True, order=True)
class Place:
    """A position in a file. Line and column count from 1; 0 is unknown."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part)


@dataclass(frozen=True)
class Finding:
    """One thing that a check found.

    rule      the constraint or check, short: `S08`, `evidence`, `syntax`
    message   what is wrong and what to do
    focus, path, value   the triple's parts as they are shown, empty where none
    label     what the focus node is called
    """

    severity: Severity
    rule: str
    message: str
    place: Place | None = None
    focus: str = ""
    label: str = ""
    path: str = ""
    value: str = ""

    @property
    def sort_key(self) -> tuple[object, ...]:
        place = self.place or Place("~")
        return (-self.severity, place, self.rule, self.focus, self.path, self.value, self.message)


@dataclass(frozen=True)
class Report:
    """All that the checks found, sorted, and what they looked at.

    counts  what was looked at: files, triples, shapes, ...; in the order they are told
    """

    findings: tuple[Finding, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, findings: list[Finding], counts: dict[str, int] | None = None) -> Report:
        return cls(tuple(sorted(findings, key=lambda f: f.sort_key)), counts or {})

    def tally(self) -> Counter[Severity]:
        return Counter(f.severity for f in self.findings)

    def exit_code(self, fail_on: Severity = Severity.VIOLATION) -> int:
        """0 conforms, 1 does not (from severity `fail_on` up), 2 something could not be read."""
        worst = max((f.severity for f in self.findings), default=Severity.INFO)
        if worst == Severity.ERROR:
            return 2
        return 1 if self.findings and worst >= fail_on else 0


def relative(path: Path, root: Path) -> str:
    """The path as a reader of the project would write it: from the root, with forward slashes."""
    return below(path, root) or path.as_posix()


def below(path: Path, folder: Path) -> str | None:
    """The path from a folder that it lies in, with forward slashes; None if it does not lie there.

    A link is told by its own name, wherever it leads.
    """
    for whole in (os.path.abspath, os.path.realpath):  # the second if the folder was named by way of a link
        found, start = Path(whole(path)), whole(folder)
        if found.is_relative_to(start):
            return found.relative_to(start).as_posix()
    return None
