"""`kg cite`: from a phrase to its range and the Turtle for it."""

from __future__ import annotations

import contextlib
from pathlib import Path

import click

from kg.cli.options import project_options
from kg.words.errors import BadInput, NotFound
from kg.words.settings import load


@click.command("cite", short_help="Find a phrase in a source text, with the annotation for it.")
@project_options
@click.argument("source")
@click.argument("phrase")
def command(root: Path, base: str | None, sources: Path | None, source: str, phrase: str) -> int:
    """Print every place of PHRASE in SOURCE, with its context and the annotation for it.

    SOURCE is a source's slug, or a text file. Case, quotation marks and white space need not be the same.

    Exit code 0: it stands there. 1: it does not. 2: there is no such source, or its text is not at hand.

    \b
    Examples:
      kg cite imp-forum-2025 'Razom' --sources ../texts
      kg cite ../texts/imp-forum-2025.txt 'Razom for Ukraine'
    """
    from kg.evidence.cite import occurrences

    if not phrase.strip():
        raise BadInput("PHRASE is empty. Give the words to look for")
    found = occurrences(_text(root, base, sources, source), phrase)
    if not found:
        click.echo(f"«{phrase}» does not stand in {source}. It may be inflected there: try a part of a word.", err=True)
        return 1
    for occurrence in found:
        context = f"…{occurrence.before}[{occurrence.phrase}]{occurrence.after}…"
        click.echo(f"{occurrence.start},{occurrence.end}  {' '.join(context.split())}\n    {occurrence.turtle}")
    click.echo(f"{len(found)} {'place' if len(found) == 1 else 'places'}.", err=True)
    return 0


def _text(root: Path, base: str | None, folder: Path | None, source: str) -> str:
    from kg.evidence import texts
    from kg.store import claims, project, release

    with contextlib.suppress(OSError):  # too long for the name of a file
        if Path(source).is_file():
            return texts.read_text(Path(source))
    found = project.read(load(root, base=base, sources=folder))
    store = release.stated(claims.expand(found.documents, found.settings.base).quads)
    known = {s.slug: s for s in texts.sources(store, found.settings.sources).values()}
    if source not in known:
        raise NotFound(f'no source is called "{source}". Known are {", ".join(sorted(known)) or "none"}')
    if known[source].text is None:
        where = found.settings.sources
        what = f"its text is not in {where}" if where else "name the folder with the texts: --sources or KG_SOURCES"
        raise BadInput(what, source)
    return known[source].text or ""
