"""`kg bench`: this server beside others, on invented data."""

from __future__ import annotations

import json
import signal
import tempfile
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from kg.words.errors import BadInput

_KNOWN = ("ours", "oxigraph", "oxigraph-disk", "rdflib", "virtuoso")


@click.command("bench", short_help="Measure this server beside others.")
@click.option(
    "--root", type=click.Path(path_type=Path), default=Path(), envvar="KG_ROOT", show_default="this folder",
    help="Folder that holds ontology/, from which the invented data is inferred.",
)  # fmt: skip
@click.option(
    "--institutions", default=3_800, show_default=True, type=click.IntRange(20), help="About 263 triples each."
)
@click.option("--clients", default="1,8,64", show_default=True, help="Numbers of clients at once.")
@click.option("--seconds", default=2.0, show_default=True, type=click.FloatRange(0.1), help="Of each measurement.")
@click.option("--peers", default=",".join(_KNOWN), show_default=True, help="Servers to measure, this one first.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), metavar="FILE", help="Write all raw figures.")
@click.option("--markdown", "markdown_file", type=click.Path(path_type=Path), metavar="FILE", help="Write the report.")
@click.option("--hostile", is_flag=True, help="Instead, see what 100 hostile queries do to well-behaved clients.")
def command(
    root: Path,
    institutions: int,
    clients: str,
    seconds: float,
    peers: str,
    json_file: Path | None,
    markdown_file: Path | None,
    hostile: bool,
) -> int:
    """Measure this server beside others, all on loopback and with the same invented triples.

    Prints a report in Markdown. A server that is not installed is left out.

    Exit code 0: measured. 1: with --hostile, a promise is broken. 2: an option cannot be used. 130: interrupted; what
    was measured until then is reported.

    \b
    Examples:
      kg bench --institutions 100 --seconds 0.5 --peers ours,oxigraph
      kg bench --json figures.json --markdown report.md
      kg bench --hostile --institutions 100
    """
    from kg.bench import dataset, hostility, measure, report

    plan = measure.Plan(_numbers(clients), seconds, _names(peers))
    signal.signal(signal.SIGTERM, _end)
    with tempfile.TemporaryDirectory(prefix="kg-bench-") as folder:
        _tell(f"inventing {institutions:,} institutions")
        data = dataset.make(root, institutions, Path(folder))
        if hostile:
            attack = hostility.attack(data, Path(folder), seconds, _tell)
            figures, text, code = hostility.as_json(attack), hostility.as_markdown(attack), int(bool(attack.broken()))
        else:
            found = measure.measure(plan, data, Path(folder), _tell)
            figures, text, code = report.as_json(found), report.as_markdown(found), 130 if found.interrupted else 0
    if json_file:
        json_file.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    if markdown_file:
        markdown_file.write_text(text, encoding="utf-8")
    click.echo(text, nl=False)
    return code


def _tell(what: str) -> None:
    click.echo(what, err=True)


def _end(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt  # not the signal's default, so that what was started is stopped


def _numbers(text: str) -> tuple[int, ...]:
    parts = text.split(",")
    if not all(p.strip().isdecimal() and 0 < int(p) <= 1000 for p in parts):
        raise BadInput(f'"{text}" is not a list of numbers from 1 to 1000, such as 1,8,64', "--clients")
    return tuple(dict.fromkeys(int(p) for p in parts))


def _names(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(p.strip() for p in text.split(",")))
    for name in names:
        if name not in _KNOWN:
            raise BadInput(f'"{name}" is unknown. Known are {", ".join(_KNOWN)}', "--peers")
    return names
