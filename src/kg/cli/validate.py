"""`kg validate`: everything that can be checked, with file and line."""

from __future__ import annotations

import gc
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.options import FAIL_ON, NamedPath, project_options
from kg.words.errors import BadInput
from kg.words.findings import Report, Severity, relative
from kg.words.settings import Settings, load

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.store.project import Project
    from kg.store.rdf_io import Document
    from kg.validation.baseline import Baseline
    from kg.validation.loaded import Loaded

_FORMATS = ("text", "github", "sarif", "junit", "json", "turtle")
_ENGINES = ("pyshacl", "shacl")
_STDIN = Path("-")
_UNREADABLE = 2
"""The exit code of a report with errors."""


def _outputs(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[str, Path], ...]:
    """Each FORMAT=FILE, taken apart."""
    found = []
    for value in values:
        format_, _, path = value.partition("=")
        if format_ not in _FORMATS or not path:
            raise click.BadParameter(f'"{value}" is not FORMAT=FILE, with one of {", ".join(_FORMATS)} for FORMAT')
        found.append((format_, Path(path)))
    return tuple(found)


@dataclass(frozen=True)
class _Options:
    """What to check and how to tell it; each field is the option of that name."""

    settings: Settings
    paths: tuple[Path, ...]
    stdin: bytes | None
    stdin_name: str
    data: tuple[Path, ...]
    shapes: tuple[Path, ...]
    ontology: tuple[Path, ...]
    focus: tuple[str, ...]
    changed_since: str
    engine: str
    fail_on: Severity
    allow_empty: bool
    format_: str
    outputs: tuple[tuple[str, Path], ...]
    baseline: Path | None
    write_baseline: bool
    reason: str


@click.command("validate", short_help="Check data against shapes, ontology and source texts.")
@project_options
@click.argument("paths", nargs=-1, type=NamedPath(), metavar="[PATH]...")
@click.option("--data", multiple=True, type=NamedPath(), metavar="PATH", help="Data instead of data/ (repeatable).")
@click.option(
    "--shapes", multiple=True, type=NamedPath(), metavar="PATH", help="Shapes instead of shapes/ (repeatable)."
)
@click.option(
    "--ontology", multiple=True, type=NamedPath(), metavar="PATH", help="Ontology instead of ontology/ (repeatable)."
)
@click.option(
    "--stdin-name", default="stdin.ttl", show_default=True, metavar="FILE",
    help="Name that - is read under: what it replaces, and its syntax.",
)  # fmt: skip
@click.option("--focus", multiple=True, metavar="IRI", help="Only what the shapes say about this node (repeatable).")
@click.option(
    "--changed-since", default="", metavar="REV", help="Shapes only where a change since this git revision can matter."
)
@click.option(
    "--engine", type=click.Choice(_ENGINES), default=_ENGINES[0], show_default=True,
    help="What the shapes are asked with; pyshacl confirms what another one finds.",
)  # fmt: skip
@click.option(
    "--fail-on", type=click.Choice(list(FAIL_ON)), default="violation", show_default=True,
    help="Exit 1 from this severity up.",
)  # fmt: skip
@click.option("--strict", is_flag=True, help="The same as --fail-on warning.")
@click.option("--allow-empty", is_flag=True, help="No data is no error.")
@click.option(
    "--format", "format_", type=click.Choice(_FORMATS), default="text", show_default=True, help="What is printed."
)
@click.option(
    "--output", "outputs", multiple=True, callback=_outputs, metavar="FORMAT=FILE", help="Also to a file (repeatable)."
)
@click.option("--baseline", type=NamedPath(), metavar="FILE", help="Known findings, which are not told.")
@click.option("--write-baseline", is_flag=True, help="Write what is found now to the --baseline FILE.")
@click.option("--reason", default="", metavar="TEXT", help="Why findings that are new in the baseline may stay.")
@click.option("--watch", is_flag=True, help="Check again at each change, and tell what differs, until Ctrl-C.")
def command(
    root: Path,
    base: str | None,
    sources: Path | None,
    paths: tuple[Path, ...],
    data: tuple[Path, ...],
    shapes: tuple[Path, ...],
    ontology: tuple[Path, ...],
    stdin_name: str,
    focus: tuple[str, ...],
    changed_since: str,
    engine: str,
    fail_on: str,
    strict: bool,
    allow_empty: bool,
    format_: str,
    outputs: tuple[tuple[str, Path], ...],
    baseline: Path | None,
    write_baseline: bool,
    reason: str,
    watch: bool,
) -> int:
    """Check the project: data against shapes, ontology and source texts.

    Each PATH is a file or folder that is checked with the project, as if it were part of it; - is standard input.
    What was found is printed, each with its place, its severity and what to do, then how much was looked at.

    Exit code 0: conforms. 1: does not conform. 2: something could not be read. 3: a bug in kg.

    \b
    Examples:
      kg validate                                           # the project
      kg validate new.ttl                                   # with a file more
      kg validate --strict --sources ../texts               # what a merge needs
      kg validate --changed-since HEAD~1                    # what a change can affect
      kg validate --format github --output sarif=kg.sarif   # for a build server
      kg validate --watch                                   # again at each change
    """
    gc.set_threshold(200_000, 20, 50)  # a project is a million small objects, of which hardly any are in cycles
    if write_baseline and (baseline is None or focus or changed_since):
        raise BadInput("--write-baseline takes --baseline FILE, and neither --focus nor --changed-since")
    if watch and (write_baseline or _STDIN in paths or format_ != "text"):
        raise BadInput("--watch takes neither --write-baseline nor - nor --format")
    options = _Options(
        load(root, base=base, sources=sources),
        tuple(p for p in paths if p != _STDIN),
        sys.stdin.buffer.read() if _STDIN in paths else None,
        stdin_name, data, shapes, ontology, focus, changed_since, engine,
        Severity.WARNING if strict else FAIL_ON[fail_on],
        allow_empty, format_, outputs, baseline, write_baseline, reason,
    )  # fmt: skip
    return _watch(options) if watch else _once(options)


def _once(options: _Options) -> int:
    from kg.validation.report import FORMATS, files
    from kg.validation.report.places import from_top

    for _, path in options.outputs:
        files.check(path)
    report, known = _checked(options)
    if options.write_baseline and options.baseline:
        report = _write_baseline(options.baseline, report, known, options)
    _write(report, options)
    click.echo(FORMATS[options.format_](report, from_top(options.settings.root)))
    return report.exit_code(options.fail_on)


def _write(report: Report, options: _Options) -> None:
    from kg.validation.report import FORMATS, files
    from kg.validation.report.places import from_top

    for format_, path in options.outputs:
        files.write(path, FORMATS[format_](report, from_top(options.settings.root)) + "\n")


def _write_baseline(path: Path, report: Report, known: Baseline | None, options: _Options) -> Report:
    """Write what was found, and the report that it leaves."""
    from kg.validation import baseline
    from kg.validation.report import files

    if report.exit_code() == _UNREADABLE:
        note = f"{path} was not written: what could not be read hides other findings."
        return replace(report, notes=(*report.notes, note))
    found = [f for f in (*report.findings, *(k.finding for k in report.known)) if f.rule != "baseline"]
    files.write(path, baseline.text(found, known.entries if known else {}, options.reason))
    whole = Report.of(found, report.counts, report.rules, report.notes)
    return baseline.apply(whole, baseline.read(path, _name(path, options.settings)), whole=True)


def _checked(options: _Options) -> tuple[Report, Baseline | None]:
    """The report, and the baseline that was taken from it."""
    from kg.validation import history
    from kg.validation.validate import validate

    known = _known(options)
    found = _gathered(options)
    before = None
    if options.changed_since:
        before = history.project_at(options.settings, options.changed_since, (*found.documents, *found.queries))
    report = validate(found, focus=options.focus, allow_empty=options.allow_empty, before=before, engine=options.engine)
    return _without_known(report, known, options), known


def _known(options: _Options) -> Baseline | None:
    from kg.validation import baseline

    if options.baseline and (options.baseline.exists() or not options.write_baseline):
        return baseline.read(options.baseline, _name(options.baseline, options.settings))
    return None


def _without_known(report: Report, known: Baseline | None, options: _Options) -> Report:
    from kg.validation import baseline

    if known is None:
        return report
    return baseline.apply(report, known, whole=not (options.focus or options.changed_since))


def _gathered(options: _Options, known: Iterable[Document] = ()) -> Project:
    from kg.validation.gather import gather

    return gather(
        options.settings, paths=options.paths,
        given={} if options.stdin is None else {options.stdin_name: options.stdin},
        data=options.data, shapes=options.shapes, ontology=options.ontology, known=known,
    )  # fmt: skip


def _name(path: Path, settings: Settings) -> str:
    return relative(path, settings.root)


def _watch(options: _Options) -> int:
    from kg.validation.watch import watch

    settings = options.settings
    folders = (*options.paths, *options.data, *options.shapes, *options.ontology)
    folders += (settings.ontology, settings.data, settings.shapes, settings.queries)
    folders += tuple(p for p in (settings.sources, options.baseline) if p)
    return watch(folders, _Again(options), click.echo, options.fail_on)


class _Again:
    """Checks a project, and what has changed of it whenever it is called again."""

    def __init__(self, options: _Options) -> None:
        self._options = options
        self._loaded: Loaded | None = None

    def __call__(self) -> Report:
        report = _without_known(self._report(), _known(self._options), self._options)
        _write(report, self._options)
        return report

    def _report(self) -> Report:
        from kg.validation.loaded import Loaded

        options = self._options
        if options.changed_since:  # compared with the same revision every time
            return _checked(options)[0]
        documents = self._loaded.project.documents + self._loaded.project.queries if self._loaded else ()
        found = _gathered(options, documents)
        if self._loaded is not None:
            return self._loaded.become(found)
        loaded = Loaded(found, focus=options.focus, allow_empty=options.allow_empty, engine=options.engine)
        report = loaded.report(keep=True)
        self._loaded = loaded
        return report
