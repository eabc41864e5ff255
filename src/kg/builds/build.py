"""A release as a folder of files: the same files for the same sources, byte for byte."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.builds import manifest
from kg.builds.plan import Plan
from kg.builds.previous import since
from kg.difference import report as difference_report
from kg.difference.compare import compare
from kg.difference.version import published
from kg.distribution.publication import Publication
from kg.site import pages
from kg.store import project, release
from kg.store.project import Project
from kg.validation import baseline
from kg.validation import report as validation_report
from kg.validation.validate import validate
from kg.words.findings import Report, relative
from kg.words.formats import DATA

_REPORTS: Final = {"text": "report.txt", "json": "report.json", "turtle": "report.ttl"}
_CHANGES: Final = {"markdown": "changes.md", "patch": "changes.rdfp"}


@dataclass(frozen=True)
class Checked:
    """The sources of a release, and what was found in them."""

    project: Project
    report: Report


def check(plan: Plan) -> Checked:
    """Read the sources and check them. Raise BadInput if there is nothing to read."""
    found = project.read(plan.settings)
    report = validate(found)
    if plan.baseline:
        known = baseline.read(plan.baseline, relative(plan.baseline, plan.settings.root))
        report = baseline.apply(report, known, whole=True)
    return Checked(found, report)


def write(plan: Plan, checked: Checked, folder: Path) -> str:
    """Write the release into an empty folder; return its manifest, which is the last of its files.

    Raise BadInput if the sources make no release, or the version before cannot be read.
    """
    built = release.build(checked.project)
    difference = compare(since(plan.settings, plan.since), published(built)) if plan.since else None
    publication = Publication(built, pages(built))
    for dump in publication.dumps.all():
        with _new(folder / "dumps" / built.hash / dump.name).open("wb") as file:
            file.writelines(dump.chunks())
    for format_ in DATA:
        _new(folder / f"dataset.{format_.suffix}").write_bytes(publication.description(plan.where, format_))
    for document in checked.project.queries:
        _new(folder / document.name).write_bytes(document.content)
    for name, file_name in _REPORTS.items():
        _say(folder / file_name, validation_report.FORMATS[name](checked.report, str))
    if difference:
        for name, file_name in _CHANGES.items():
            _say(folder / file_name, difference_report.FORMATS[name](difference))
    said = manifest.text(plan, publication, checked.report, difference, folder)
    (folder / manifest.FILE).write_text(said, encoding="utf-8", newline="\n")
    return said


def _new(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _say(path: Path, text: str) -> None:
    path.write_text(text + "\n", encoding="utf-8", errors="backslashreplace", newline="\n")
