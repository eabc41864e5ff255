"""`kg validate`: everything that can be checked, with file and line."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.options import NamedPath, project_options
from kg.words.findings import Finding, Report, Severity
from kg.words.printable import printable
from kg.words.settings import load

_FAIL_ON = {"info": Severity.INFO, "warning": Severity.WARNING, "violation": Severity.VIOLATION}


@click.command("validate")
@project_options
@click.argument("data", nargs=-1, type=NamedPath(), metavar="[DATA]...")
@click.option(
    "--shapes",
    multiple=True,
    type=NamedPath(),
    metavar="PATH",
    help="Shapes instead of shapes/ (repeatable).",
)
@click.option(
    "--ontology", multiple=True, type=NamedPath(), metavar="PATH",
    help="Ontology instead of ontology/ (repeatable).",
)  # fmt: skip
@click.option("--focus", multiple=True, metavar="IRI", help="Only what the shapes say about this node (repeatable).")
@click.option(
    "--fail-on",
    type=click.Choice(list(_FAIL_ON)),
    default="violation",
    show_default=True,
    help="Exit 1 from this severity up.",
)
@click.option("--strict", is_flag=True, help="The same as --fail-on warning.")
@click.option("--allow-empty", is_flag=True, help="No data is no error.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(
    root: Path,
    base: str | None,
    sources: Path | None,
    data: tuple[Path, ...],
    shapes: tuple[Path, ...],
    ontology: tuple[Path, ...],
    focus: tuple[str, ...],
    fail_on: str,
    strict: bool,
    allow_empty: bool,
    format_: str,
) -> int:
    """Check DATA (files or folders; data/ by default) against the shapes, the ontology and the source texts.

    Exit code 0: conforms. 1: does not. 2: something could not be read. 3: a bug in kg.
    """
    from kg.store import project
    from kg.validation.validate import validate

    settings = load(root, base=base, sources=sources)
    found = project.read(settings, data=data, shapes=shapes, ontology=ontology)
    report = validate(found, focus=focus, allow_empty=allow_empty)
    click.echo(_json(report) if format_ == "json" else _text(report))
    return report.exit_code(Severity.WARNING if strict else _FAIL_ON[fail_on])


def _text(report: Report) -> str:
    lines = [printable(line) for finding in report.findings for line in _lines(finding)]
    looked_at = ", ".join(f"{count:,} {name}" for name, count in report.counts.items() if name != "ranges not checked")
    lines.append(f"Checked {looked_at}.")
    if unchecked := report.counts.get("ranges not checked"):
        lines.append(
            f"{unchecked:,} of {report.counts['ranges']:,} ranges were not checked: their texts are not at hand. "
            "Name their folder with --sources or KG_SOURCES."
        )
    tally = report.tally()
    if not tally:
        lines.append("Conforms.")
    else:
        told = [f"{n} {s.name.lower()}{'s' if n > 1 else ''}" for s, n in sorted(tally.items(), reverse=True)]
        lines.append(f"{', '.join(told)}.")
    return "\n".join(lines)


def _lines(finding: Finding) -> list[str]:
    place = f"{finding.place}: " if finding.place else ""
    lines = [f"{place}{finding.severity.name.lower()} {finding.rule}: {finding.message}"]
    about = finding.focus + (f" ({finding.label})" if finding.label and finding.label != finding.focus else "")
    parts = [about, finding.path, finding.value]
    if any(parts):
        lines.append("    " + "  ".join(part for part in parts if part))
    return lines


def _json(report: Report) -> str:
    import json

    findings = [
        {
            "severity": f.severity.name.lower(), "rule": f.rule, "message": f.message,
            "file": f.place.path if f.place else None, "line": f.place.line if f.place else None,
            "column": f.place.column if f.place else None,
            "focus": f.focus, "label": f.label, "path": f.path, "value": f.value,
        }
        for f in report.findings
    ]  # fmt: skip
    return json.dumps({"findings": findings, "counts": report.counts}, ensure_ascii=False, indent=2)
