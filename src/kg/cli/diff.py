"""`kg diff`: what two versions say differently."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.options import project_options
from kg.words.settings import CONFIG_FILE, load

_FORMATS = ("text", "markdown", "json", "patch")
_NO_BASE = "http://base.invalid/"
"""The base of files that belong to no project: any will do to compare them."""


@click.command("diff", short_help="Print what differs between two versions.")
@project_options
@click.argument("versions", nargs=-1, metavar="[A [B]]")
@click.option(
    "--format", "format_", type=click.Choice(_FORMATS), default="text", show_default=True, help="What is printed."
)
def command(root: Path, base: str | None, sources: Path | None, versions: tuple[str, ...], format_: str) -> int:
    """Print which facts, evidence, pages and answers of saved queries differ between two versions.

    A and B are files, folders or git revisions; A..B and A...B are two revisions, or B and where it left A. Without B
    it is the files as they are, without A the last commit.

    Exit code 0: nothing differs. 1: something does. 2: a version cannot be read.

    \b
    Examples:
      kg diff                                          # since the last commit
      kg diff HEAD~1                                   # since the one before
      kg diff --format markdown main...HEAD > diff.md  # for a pull request
      kg diff data/links.ttl data/derived.ttl          # two files
    """
    from kg.difference import version
    from kg.difference.compare import compare
    from kg.difference.report import FORMATS

    if base is None and not (root / CONFIG_FILE).is_file():
        base = _NO_BASE
    before, after = version.read(load(root, base=base, sources=sources), *version.named(versions))
    difference = compare(before, after)
    click.echo(FORMATS[format_](difference))
    return int(not difference.is_empty)
