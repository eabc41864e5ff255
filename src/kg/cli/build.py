"""`kg build`: the release as files."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.cli.options import FAIL_ON, NamedPath, base_url_option, project_options
from kg.words.errors import BadInput
from kg.words.findings import Report, Severity
from kg.words.printable import printable
from kg.words.settings import Settings, load

if TYPE_CHECKING:
    from kg.builds.build import Checked
    from kg.builds.plan import Plan

_FOLDER = Path("build/release")
_LATEST = 1 << 40
"""Seconds since 1970 that a file system may not be able to keep."""


@click.command("build", short_help="Write the release as files: dumps, description, report, changes.")
@click.argument("folder", type=NamedPath(), default=_FOLDER)
@project_options
@base_url_option
@click.option("--no-endpoint", is_flag=True, help="Say nothing of a SPARQL endpoint, where there is none.")
@click.option(
    "--since", metavar="VERSION", help="Tell what is new since this git revision, folder of a project, or build."
)
@click.option(
    "--fail-on", type=click.Choice(list(FAIL_ON)), show_default="violation",
    help="Build nothing if there is a finding of this severity or worse.",
)  # fmt: skip
@click.option("--strict", is_flag=True, help="The same as --fail-on warning.")
@click.option("--baseline", type=NamedPath(), metavar="FILE", help="Known findings, which stop nothing.")
@click.option(
    "--allow-nonconforming",
    is_flag=True,
    help="Build all the same, if nothing is a draft; report and manifest tell it.",
)
@click.option("--check", is_flag=True, help="Write nothing; say whether the folder is what would be built now.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="What is printed.",
)
def command(
    folder: Path,
    root: Path,
    base: str | None,
    sources: Path | None,
    base_url: str | None,
    no_endpoint: bool,
    since: str | None,
    fail_on: str | None,
    strict: bool,
    baseline: Path | None,
    allow_nonconforming: bool,
    check: bool,
    format_: str,
) -> int:
    """Write the release into FOLDER, once it has been checked.

    \b
    dumps/           N-Quads, TriG, JSON-LD, N-Triples; each graph in Turtle; with gzip too
    dataset.*        the description of the dataset, in VoID and DCAT
    report.*         what was checked and found
    changes.*        with --since, what is new: Markdown, RDF Patch
    queries/         the saved queries
    manifest.json    the release, numbers, what made it, all files
    kg-build.sha256  the SHA-256 of every file

    The same sources give the same bytes, in whatever order, place, time or language they are read.

    The folder is replaced as a whole, and only if it is empty, missing, or a build that nobody has changed. With
    --check, what it was built with is read from its manifest, but for --since and --baseline.

    Exit code 0: built, or with --check the same. 1: what was read does not conform, or with --check not the same. 2:
    something could not be read or written.

    \b
    Examples:
      kg build                               # into build/release
      kg build dist --since HEAD~1           # with what is new since a revision
      kg build dist --since HEAD~1 --check   # is it what the files give now?
      kg build --no-endpoint --base-url https://files.example.org/kg/
    """
    from kg.builds.build import check as checked_by
    from kg.store.claims import UNCONFIRMED

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C, so that nothing half-done stays
    given = {
        "base_url": base_url, "has_endpoint": False if no_endpoint else None, "since": since, "baseline": baseline,
        "fail_on": Severity.WARNING if strict else FAIL_ON[fail_on] if fail_on else None,
    }  # fmt: skip
    plan, is_allowed = _plan(load(root, base=base, sources=sources), folder, again=check, given=given)
    checked = checked_by(plan)
    code = checked.report.exit_code(plan.fail_on)
    if code and not (is_allowed or allow_nonconforming):
        _tell(checked.report, format_)
        has_draft = any(f.rule == UNCONFIRMED for f in checked.report.findings)
        otherwise = "; no release has a draft" if has_draft else ", or say --allow-nonconforming"
        click.echo(f"kg: nothing was built. Mend what was found{otherwise}", err=True)
        return code
    _tell(checked.report, "text", err=True)
    return _compare(plan, checked, folder, format_) if check else _write(plan, checked, folder, format_)


def _plan(settings: Settings, folder: Path, *, again: bool, given: dict[str, Any]) -> tuple[Plan, bool]:
    """What to build, and whether it need not conform."""
    from kg.builds import manifest
    from kg.builds.plan import Plan
    from kg.folder import check

    told = {name: value for name, value in given.items() if value is not None}
    if not again:
        if folder != _FOLDER or folder.exists():
            check(folder, "build")  # before any work is done for it
        return replace(Plan(settings), **told), False
    was = manifest.read(folder)
    if was.since and not told.get("since"):
        raise BadInput(f"tells what is new since release {was.since[:12]}. Name that with --since", str(folder))
    return replace(was.plan(settings), **told), not was.conforms


def _write(plan: Plan, checked: Checked, folder: Path, format_: str) -> int:
    from kg.builds.build import write
    from kg.folder import files, replaced

    if folder == _FOLDER:
        folder.parent.mkdir(exist_ok=True)
    with replaced(folder, "build", time_s=_time()) as new:
        manifest = write(plan, checked, new)
    if format_ == "json":
        click.echo(manifest, nl=False)
        return 0
    written = files(folder)
    size = sum((folder / name).stat().st_size for name in written)
    release = json.loads(manifest)["release"]
    click.echo(f"Wrote {len(written)} files ({size / 1e6:.1f} MB) of release {release[:12]} to {folder}")
    return 0


def _compare(plan: Plan, checked: Checked, folder: Path, format_: str) -> int:
    from kg.builds.again import compare

    found = compare(plan, checked, folder)
    if format_ == "json":
        document = {"same": not found.files, "release": found.release, "files": found.files}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        for name, what in found.files.items():
            click.echo(f"{printable(name)}: {what}")
        same = "is not" if found.files else "is"
        click.echo(f"{folder} {same} what the sources give now: release {found.release[:12]}")
    for program in found.programs:
        click.echo(f"It was made by {program}.", err=True)
    return int(bool(found.files))


def _tell(report: Report, format_: str, *, err: bool = False) -> None:
    from kg.validation.report import FORMATS

    click.echo(FORMATS[format_](report, str), err=err)


def _time() -> int | None:
    """The time that the files are to have. Source: reproducible-builds.org, SOURCE_DATE_EPOCH specification."""
    told = os.environ.get("SOURCE_DATE_EPOCH", "")
    if told and not (told.isascii() and told.isdecimal() and int(told) < _LATEST):
        raise BadInput("is no number of seconds since 1970", f"SOURCE_DATE_EPOCH={told}")
    return int(told) if told else None
