"""`kg expand`: the short notation of claims, written out as RDF 1.1."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.options import NamedPath, project_options
from kg.words.errors import BadInput
from kg.words.settings import load


@click.command("expand", short_help="Print data as RDF 1.1, with a node for every claim.")
@project_options
@click.argument("files", nargs=-1, type=NamedPath())
@click.option(
    "--format", "format_", type=click.Choice(["trig", "nq"]), default="trig", show_default=True, help="Syntax."
)
def command(root: Path, base: str | None, sources: Path | None, files: tuple[Path, ...], format_: str) -> int:
    """Print FILES (all of data/ by default) as RDF 1.1, with an hs:Claim node for every annotated triple.

    Graphs are named as they are published; quads are sorted.

    Exit code 0: printed. 2: a file could not be read.

    \b
    Examples:
      kg expand data/derived.ttl
      kg expand --format nq > data.nq
    """
    from kg.store import claims, project
    from kg.store.rdf_io import serialize
    from kg.words.formats import DATASETS, by_suffix
    from kg.words.names import PREFIXES

    found = project.read(load(root, base=base, sources=sources), data=files)
    expansion = claims.expand(found.data, found.settings.base)
    for finding in (*found.findings, *expansion.findings):
        raise BadInput(finding.message, str(finding.place))
    syntax = by_suffix(format_, DATASETS)
    assert syntax is not None
    quads = sorted(
        set(expansion.quads), key=lambda q: (str(q.graph_name), str(q.subject), str(q.predicate), str(q.object))
    )
    click.echo(serialize(quads, syntax, PREFIXES).decode().rstrip())
    return 0
