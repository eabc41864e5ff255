"""What a check found: one record, whatever check it came from."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable
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


@dataclass(frozen=True, order=True)
class Terms:
    """What a finding is about, each term in its N-Triples form, empty where there is none.

    path       the property, where the path is one
    shape      the shape that found it
    component  the constraint component (SHACL, section 3.6.2.6)
    """

    focus: str = ""
    path: str = ""
    value: str = ""
    shape: str = ""
    component: str = ""


@dataclass(frozen=True)
class Finding:
    """One thing that a check found.

    rule      the constraint or check, short: `S08`, `evidence`, `syntax`
    message   what is wrong and what to do
    focus, path, value   the triple's parts as they are shown, empty where none
    label     what the focus node is called
    terms     the same for machines, where it is known
    """

    severity: Severity
    rule: str
    message: str
    place: Place | None = None
    focus: str = ""
    label: str = ""
    path: str = ""
    value: str = ""
    terms: Terms | None = field(default=None, compare=False)

    @property
    def sort_key(self) -> tuple[object, ...]:
        place = self.place or Place("~")
        terms = self.terms or Terms()
        return (-self.severity, place, self.rule, self.focus, self.path, self.value, self.message, terms)


@dataclass(frozen=True)
class Known:
    """A finding that a baseline lets stand, and why."""

    finding: Finding
    reason: str


@dataclass(frozen=True)
class Report:
    """All that the checks found, sorted, and what they looked at.

    counts  what was looked at: files, triples, shapes, ...; in the order they are told
    rules   the names of the shapes that were run, sorted
    known   what was found too, and a baseline lets stand
    notes   what else a reader must know of the run, in sentences
    """

    findings: tuple[Finding, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    rules: tuple[str, ...] = ()
    known: tuple[Known, ...] = ()
    notes: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        findings: Iterable[Finding],
        counts: dict[str, int] | None = None,
        rules: Iterable[str] = (),
        notes: Iterable[str] = (),
    ) -> Report:
        found = tuple(sorted(findings, key=lambda f: f.sort_key))
        return cls(found, counts or {}, tuple(sorted(set(rules))), (), tuple(notes))

    def tally(self) -> Counter[Severity]:
        return Counter(f.severity for f in self.findings)

    def exit_code(self, fail_on: Severity = Severity.VIOLATION) -> int:
        """0 conforms, 1 does not (from severity `fail_on` up), 2 something could not be read."""
        worst = max((f.severity for f in self.findings), default=Severity.INFO)
        if worst == Severity.ERROR:
            return 2
        return 1 if self.findings and worst >= fail_on else 0


def fingerprints(findings: Iterable[Finding]) -> list[str]:
    """A name for each finding, 16 hexadecimal digits and a number, that stays when lines move or messages are reworded.

    It is made of rule, focus node, path and value; of the file where there is no focus node to tell it by, and of the
    message where there is nothing else. Those that come out alike are numbered in their order.
    """
    seen: Counter[str] = Counter()
    names = []
    for f in findings:
        where = f.focus if f.focus not in ("", "[ ]") else f.place.path if f.place else ""
        parts = (f.rule, where, f.path, f.value if f.focus or f.path or f.value else f.message)
        digest = hashlib.sha256("\0".join(parts).encode(errors="backslashreplace")).hexdigest()[:16]
        seen[digest] += 1
        names.append(f"{digest}:{seen[digest]}")
    return names


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
