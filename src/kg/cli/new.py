"""`kg new`: a text, or a thing, drafted for a maintainer to confirm."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.cli.options import NamedPath, project_options
from kg.words.findings import relative
from kg.words.settings import Settings, load

if TYPE_CHECKING:
    from kg.drafting.asked import Asked

_FORMATS = click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="What is printed: the files, or all that was found.",
)  # fmt: skip
_DRY_RUN = click.option("--dry-run", is_flag=True, help="Write nothing; print what would be written.")
_SLUG = click.option("--slug", default="", help="The last part of its address; made of its name without.")


def _labels(_ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """Each LANG=TEXT, taken apart."""
    from kg.store.text import language

    found: dict[str, str] = {}
    for value in values:
        code, equals, text = value.partition("=")
        if not (code and equals and text.strip()) or code in found:
            raise click.BadParameter(f'"{value}" is not LANG=TEXT, once a language', param=param)
        if meant := language.meant(code.lower().partition("-")[0]):
            raise click.BadParameter(f'"{code}" is a country and no language. Did you mean {meant}?', param=param)
        found[code] = " ".join(text.split())
    return found


def _pairs(_ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((code, text) for value in values for code, text in _labels(_ctx, param, (value,)).items())


_LABEL = click.option(
    "--label",
    "labels",
    multiple=True,
    callback=_labels,
    metavar="LANG=TEXT",
    help="Its name in a language (repeatable).",
)


class _Kinds(click.Group):
    """`source`, and every kind and class of thing that the project has."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return ["source", "KIND"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        return source if cmd_name == "source" else _thing(cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0].startswith("-"):
            raise click.UsageError(f"No such option: {args[0]}", ctx)
        return super().resolve_command(ctx, args)


@click.group("new", cls=_Kinds, short_help="Draft a source or a thing, for a maintainer to confirm.")
def command() -> None:
    """Draft what is new, for a maintainer to confirm.

    `kg new source TEXT` reads a text and drafts what it says. `kg new KIND` makes a thing: KIND is a kind, such as org,
    event or partnership, or a class of the project, such as hospital.
    """


@click.command("source", short_help="Register a text and draft what it says.")
@project_options
@click.argument("text", type=NamedPath())
@_SLUG
@click.option("--language", default="", metavar="LANG", help="The language of the text; guessed without.")
@click.option("--published", default="", metavar="DATE", help="The day on which it was published.")
@click.option("--title", default="", help="Its title, in its language; the heading of the text without.")
@click.option("--publisher", default="", metavar="THING", help="Who publishes it: an address, a slug or a name.")
@_LABEL
@_DRY_RUN
@_FORMATS
def source(
    root: Path,
    base: str | None,
    sources: Path | None,
    text: Path,
    slug: str,
    language: str,
    published: str,
    title: str,
    publisher: str,
    labels: dict[str, str],
    dry_run: bool,
    format_: str,
) -> int:
    """Register TEXT as a source, and draft what it says: claims with their ranges, for a maintainer to confirm.

    The text itself is read where it lies, and never copied into the project. Each claim is marked with hs:draft: to
    confirm it is to remove that mark.

    Exit code 0: written, or printed with --dry-run. 2: the text or an option is no good, or a file cannot be written;
    nothing is written then.

    \b
    Examples:
      kg new source ../texts/release.txt --sources ../texts
      kg new source ../texts/release.txt --slug my-release --published 2026-03-01 --publisher giz
      kg new source ../texts/release.txt --dry-run --format json
    """
    from kg.drafting import files
    from kg.drafting.report import as_json, summary
    from kg.drafting.source import Said, new_source
    from kg.store import project

    settings = load(root, base=base, sources=sources)
    said = Said(slug, language, published, title, publisher, labels)
    new = new_source(project.read(settings), text, said)
    if not dry_run:
        files.write(new.files)
    if format_ == "json":
        click.echo(json.dumps(as_json(new, settings), ensure_ascii=False, indent=2))
    else:
        _print(new.files, settings, dry_run=dry_run)
        click.echo(summary(new, settings), err=True)
    return 0


def _thing(word: str) -> click.Command:
    @click.command(word, short_help="Make a thing of this kind or class.")
    @project_options
    @_SLUG
    @_LABEL
    @click.option(
        "--alt", "alternatives", multiple=True, callback=_pairs, metavar="LANG=TEXT", help="Another name (repeatable)."
    )
    @click.option(
        "--set", "values", multiple=True, metavar="PROPERTY=VALUE",
        help="What is said of it: a property by its name, a thing by its address, slug or name (repeatable).",
    )  # fmt: skip
    @click.option("--source", "slug_of_source", default="", metavar="SLUG", help="The source whose text tells of it.")
    @click.option(
        "--quote", "quotes", multiple=True, metavar="PHRASE", help="Words of that text which say it (repeatable)."
    )
    @click.option("--page", default="", metavar="URL", help="The page on which its names stand.")
    @_DRY_RUN
    @_FORMATS
    def thing(
        root: Path,
        base: str | None,
        sources: Path | None,
        slug: str,
        labels: dict[str, str],
        alternatives: tuple[tuple[str, str], ...],
        values: tuple[str, ...],
        slug_of_source: str,
        quotes: tuple[str, ...],
        page: str,
        dry_run: bool,
        format_: str,
    ) -> int:
        """Make a thing of a kind (org, event, partnership, …) or class (hospital, …), with what the shapes require.

        What is missing is asked for on a terminal. With --source, what its text says is quoted: the names where they
        stand, the rest with --quote. Without that, the likeliest range is taken, and the statement is a draft.

        Exit code 0: written, or printed with --dry-run. 2: options are missing or no good, or a file cannot be written;
        nothing is written then.

        \b
        Examples:
          kg new org --label uk=Добро --label ru=Добро --label en=Dobro --set inCountry=UA
          kg new country --label uk=Японія --label ru=Япония --label en=Japan --set alpha2=JP
          kg new hospital --source imp-forum-2025 --sources ../texts   # asks for what is missing
        """
        from kg.drafting import files
        from kg.drafting.report import thing_as_json, thing_summary
        from kg.drafting.thing import Said, new_thing
        from kg.store import project

        settings = load(root, base=base, sources=sources)
        said = Said(slug, labels, alternatives, values, slug_of_source, quotes, page)
        is_terminal = sys.stdin.isatty() and sys.stderr.isatty()
        new = new_thing(project.read(settings), word, said, _ask if is_terminal else None)
        if not dry_run:
            files.write(new.files)
        if format_ == "json":
            click.echo(json.dumps(thing_as_json(new, settings), ensure_ascii=False, indent=2))
        else:
            _print(new.files, settings, dry_run=dry_run)
            click.echo(thing_summary(new, settings), err=True)
        return 0

    return thing


def _ask(asked: Asked, proposed: str) -> str:
    answer: Any = click.prompt(asked.what, default=proposed or None, err=True)
    return " ".join(str(answer).split())


def _print(contents: Mapping[Path, bytes], settings: Settings, *, dry_run: bool) -> None:
    """The files by name, or how they would change."""
    for path, content in sorted(contents.items()):
        name = relative(path, settings.root)
        if dry_run:
            click.echo(_difference(path, name, content), nl=False)
        else:
            click.echo(name)


def _difference(path: Path, name: str, content: bytes) -> str:
    from difflib import unified_diff

    before = path.read_bytes().decode().splitlines(keepends=True) if path.exists() else []
    return "".join(
        unified_diff(before, content.decode().splitlines(keepends=True), name if before else "/dev/null", name)
    )
