"""`kg export`: the whole site as files, for any web server."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from kg.cli.options import NamedPath, project_options
from kg.words.errors import BadInput
from kg.words.settings import load

_URL = re.compile(r"https?://[^/?#\s]+(?:/[^?#\s]*)?")


@click.command("export", short_help="Write the whole site as files, for any web server.")
@click.argument("folder", type=NamedPath())
@project_options
@click.option(
    "--base-url",
    metavar="URL",
    default="",
    help="Where the files will be published; the canonical base without it. Links on pages work anywhere.",
)
def command(folder: Path, root: Path, base: str | None, sources: Path | None, base_url: str) -> int:
    """Write the site into FOLDER: pages, RDF, dumps, answers of saved queries.

    The folder is replaced as a whole, and only if it is empty, missing, or an export that nobody has changed.
    """
    from kg.export.site import export

    if base_url and not _URL.fullmatch(base_url):
        raise BadInput("is no address of a site. Write it as https://example.org/kg/", f"--base-url {base_url}")
    settings = load(root, base=base, sources=sources)
    done = export(settings, folder, base_url.rstrip("/"), _tell)
    if sys.stderr.isatty():
        click.echo("\r", nl=False, err=True)
    click.echo(f"Wrote {done.files} files ({done.size_bytes / 1e6:.1f} MB) of release {done.release[:12]} to {folder}")
    if done.missing:
        click.echo(f"{len(done.missing)} links on the site lead nowhere: {', '.join(done.missing[:10])}", err=True)
    return 0


def _tell(files: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{files} files", nl=False, err=True)
