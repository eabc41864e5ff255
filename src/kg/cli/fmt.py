"""`kg fmt`: Turtle files in one layout."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.options import NamedPath
from kg.words.errors import BadInput, KgError
from kg.words.printable import printable

if TYPE_CHECKING:
    from kg.turtle.format import Formatted

_STDIN = Path("-")
_FOLDERS = ("ontology", "data", "shapes", "queries")


@dataclass
class _Run:
    """What has been done so far: files looked at, those that are or would be changed, the worst exit code."""

    files: int = 0
    changed: int = 0
    trouble: int = 0

    def complain(self, error: KgError) -> None:
        click.echo(f"kg: {error}", err=True)
        self.trouble = max(self.trouble, error.exit_code)


@click.command("fmt", short_help="Lay out Turtle files.")
@click.option(
    "--root", type=click.Path(path_type=Path), default=Path(), envvar="KG_ROOT", show_default="this folder",
    help="Folder that holds ontology/, data/, shapes/ and queries/.",
)  # fmt: skip
@click.argument("paths", nargs=-1, type=NamedPath(), metavar="[PATH]...")
@click.option("--check", is_flag=True, help="Write nothing; list the files that are not laid out so.")
@click.option("--diff", is_flag=True, help="Write nothing; print what would change.")
def command(root: Path, paths: tuple[Path, ...], check: bool, diff: bool) -> int:
    """Lay out Turtle files: every PATH, or ontology/, data/, shapes/ and queries/; - is standard input.

    What the files say, their comments and the order of statements stay as they are. Files that change are listed.

    Exit code 0: done. 1: with --check, some are not laid out so. 2: something could not be read or written.

    \b
    Examples:
      kg fmt                          # everything
      kg fmt data/links.ttl shapes    # these
      kg fmt --check                  # what is not laid out so
      kg fmt - < data/links.ttl       # standard input to standard output
    """
    run = _Run()
    if _STDIN in paths:
        if len(paths) > 1:
            raise BadInput("- takes standard input alone. Leave out the other paths", "-")
        _standard_input(run, check=check, diff=diff)
    else:
        for path in _files(root, paths, run):
            _file(path, run, check=check, diff=diff)
        files = f"{run.files:,} {'file' if run.files == 1 else 'files'}"
        verb = "would change" if check or diff else "changed"
        click.echo(f"{files}, {run.changed:,} {verb}.", err=True)
    return run.trouble or int(check and run.changed > 0)


def _files(root: Path, paths: tuple[Path, ...], run: _Run) -> Iterator[Path]:
    """Each file once, however often it is named."""
    from kg.turtle.files import turtle_files

    starts = paths or tuple(root / f for f in _FOLDERS if (root / f).is_dir())
    if not starts:
        raise BadInput(f"there is none of {', '.join(f + '/' for f in _FOLDERS)}. Name a file or a folder", str(root))
    seen = set()
    for start in starts:
        try:
            found = turtle_files(start)
        except BadInput as error:
            run.complain(error)
            continue
        for path in found:
            if path.resolve() not in seen:
                seen.add(path.resolve())
                yield path


def _file(path: Path, run: _Run, *, check: bool, diff: bool) -> None:
    from kg.turtle import files

    run.files += 1
    try:
        result = _formatted(files.read(path), path.as_posix())
        if result.is_changed and not (check or diff):
            files.replace(path, result.after)
    except KgError as error:
        run.complain(error)
        return
    if result.is_changed:
        run.changed += 1
        if diff:
            _print_diff(result)
        else:
            click.echo(printable(result.name))


def _standard_input(run: _Run, *, check: bool, diff: bool) -> None:
    try:
        result = _formatted(sys.stdin.buffer.read(), "standard input")
    except KgError as error:
        run.complain(error)
        return
    run.changed += result.is_changed
    if diff:
        _print_diff(result)
    elif not check:
        sys.stdout.buffer.write(result.after)
        sys.stdout.buffer.flush()


def _formatted(content: bytes, name: str) -> Formatted:
    from kg.turtle.format import formatted
    from kg.words.findings import Finding

    result = formatted(content, name)
    if isinstance(result, Finding):
        raise BadInput(result.message, str(result.place))
    return result


def _print_diff(result: Formatted) -> None:
    from difflib import unified_diff
    from io import StringIO

    before, after = (StringIO(t.decode(), newline="\n").readlines() for t in (result.before, result.after))
    for line in unified_diff(before, after, result.name, result.name):
        click.echo(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n", nl=False)
