"""`kg export`: the whole site as files, for any web server."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kg.cli.options import NamedPath, base_url_option, project_options
from kg.words.settings import load


@click.command("export", short_help="Write the whole site as files, for any web server.")
@click.argument("folder", type=NamedPath())
@project_options
@base_url_option
def command(folder: Path, root: Path, base: str | None, sources: Path | None, base_url: str | None) -> int:
    """Write the site into FOLDER: pages, RDF, dumps, answers of saved queries.

    The folder is replaced as a whole, and only if it is empty, missing, or an export that nobody has changed. Links on
    pages are relative and work anywhere.

    Exit code 0: written. 2: something could not be read, or the folder holds what would be lost.

    \b
    Examples:
      kg export site
      kg export site --base-url https://example.github.io/kg/
    """
    from kg.export.site import export

    settings = load(root, base=base, sources=sources)
    done = export(settings, folder, base_url or "", _tell)
    if sys.stderr.isatty():
        click.echo("\r", nl=False, err=True)
    click.echo(f"Wrote {done.files} files ({done.size_bytes / 1e6:.1f} MB) of release {done.release[:12]} to {folder}")
    if done.missing:
        click.echo(f"{len(done.missing)} links on the site lead nowhere: {', '.join(done.missing[:10])}", err=True)
    return 0


def _tell(files: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{files} files", nl=False, err=True)
