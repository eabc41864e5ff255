"""Writes a page for each command into docs/commands/, and the table in docs/commands.md, from the command line itself.

python .ci/commands.py          write them
python .ci/commands.py --check  write nothing; list what is not as it would be written, and exit with 1 if anything is

A docstring is the manual of a command: a first sentence, paragraphs, `Exit code 0: …. 1: …`, examples behind `\\b`.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

DOCS = Path(__file__).resolve().parent.parent / "docs"
MORE = {
    "bench": ("Benchmarks", "../benchmarks/README.md"),
    "build": ("Publishing", "publishing.md#the-release-as-files"),
    "cite": ("Contributing", "../CONTRIBUTING.md"),
    "contract": ("The HTTP contract", "contract.md"),
    "diff": ("Differences", "diff.md"),
    "expand": ("Ontology", "ontology.md"),
    "export": ("Publishing", "publishing.md#without-a-server"),
    "fmt": ("The layout of Turtle", "fmt.md"),
    "new": ("Drafts and new things", "new.md"),
    "query": ("The endpoint", "endpoint.md"),
    "serve": ("Publishing", "publishing.md"),
    "validate": ("Checking a change", "validate.md"),
}
"""What else there is to read about a command: title and path, from docs/."""

_WIDTH = 100
_INDEX = "commands.md"
_BEGIN, _END = "<!-- commands -->\n", "<!-- end of commands -->\n"
_MADE = "<!-- Made by .ci/commands.py of what `{name} --help` says. Change that, and run it. -->"
_EXIT = re.compile(r"(?:^|(?<=\. ))(?:Exit code )?(\d+): (.*?)(?=\. \d+: |\.?$)")
_EXTRA = re.compile(r"\s*\[(default: .*|required|x?[<>=].*|\d.*)\]$")
_BOUNDS = re.compile(r"(?:^|; )[^ ;]*[<>]=?[^ ;]*$|required")
_RANGE = re.compile("(?:INTEGER|FLOAT)(?: RANGE)?")


@dataclass(frozen=True)
class Manual:
    """What a command's docstring says.

    exits     exit code -> what it says
    examples  lines of a shell
    """

    paragraphs: tuple[str, ...]
    exits: dict[str, str]
    examples: tuple[str, ...]


def manual(command: click.Command) -> Manual:
    """The docstring, taken apart."""
    paragraphs: list[str] = []
    exits: dict[str, str] = {}
    examples: list[str] = []
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        if paragraph.startswith("\b\nExamples:"):
            examples += [line.strip() for line in paragraph.split("\n")[2:]]
        elif paragraph.startswith("\b\n"):
            paragraphs.append("\n".join(["```text", *paragraph.split("\n")[1:], "```"]))
        elif paragraph.startswith("Exit code"):
            exits |= dict(_EXIT.findall(" ".join(paragraph.split())))
        else:
            paragraphs.append(" ".join(paragraph.split()))
    return Manual(tuple(paragraphs), exits, tuple(examples))


def walk(
    command: click.Command, context: click.Context, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command, click.Context]]:
    """Each command below this one, with the words that call it; those of a group behind the group."""
    if path:
        yield path, command, context
    if isinstance(command, click.Group):
        for name in sorted(command.list_commands(context)):
            below = command.get_command(context, name)
            if below is not None and not below.hidden:
                yield from walk(below, click.Context(below, parent=context, info_name=name), (*path, name))


def pages(root: click.Command) -> dict[str, str]:
    """The path of each page, from docs/commands/ -> what is on it."""
    found = walk(root, _context(root))
    return {_file(path): page(path, command, context) for path, command, context in found}


def page(path: tuple[str, ...], command: click.Command, context: click.Context) -> str:
    """The page of one command."""
    name, said = " ".join(("kg", *path)), manual(command)
    usage = command.get_usage(context).removeprefix("Usage: ")
    lines = [_MADE.format(name=name), "", f"# {name}", "", said.paragraphs[0], "", "```text", usage, "```"]
    for paragraph in said.paragraphs[1:]:
        lines += ["", paragraph]
    if isinstance(command, click.Group):
        below = [(p, c) for p, c, _ in walk(command, context, path) if len(p) == len(path) + 1]
        lines += ["", "## Commands", "", *_table(below, "")]
    lines += ["", "## Options", "", *_options(command, context)]
    if said.exits:
        lines += ["", "## Exit codes", "", "| code | what it says |", "|---|---|"]
        lines += [f"| {code} | {_cell(what)} |" for code, what in said.exits.items()]
    if said.examples:
        lines += ["", "## Examples", "", "```sh", *said.examples, "```"]
    more = [f"[{title}](../{target})" for title, target in filter(None, [MORE.get(path[0])])]
    more.append("[Commands and settings](../commands.md)")
    return "\n".join([*lines, "", f"See also: {', '.join(more)}.", ""])


def index(root: click.Command, text: str) -> str:
    """The page of all commands, with its table made anew."""
    before, _, rest = text.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    found = [(path, command) for path, command, _ in walk(root, _context(root))]
    return "".join([before, _BEGIN, "\n".join(_table(found, "commands/")), "\n", _END, after])


def _context(root: click.Command) -> click.Context:
    """How the command line is called, on a terminal of a width that does not matter."""
    return click.Context(root, info_name="kg", terminal_width=_WIDTH, max_content_width=_WIDTH)


def _table(found: list[tuple[tuple[str, ...], click.Command]], folder: str) -> list[str]:
    lines = ["| command | what it does |", "|---|---|"]
    for path, command in found:
        what = _cell(command.get_short_help_str(500)).rstrip(".")
        lines.append(f"| [`{' '.join(('kg', *path))}`]({folder}{_file(path)}) | {what} |")
    return lines


def _options(command: click.Command, context: click.Context) -> list[str]:
    lines = ["| option | variable | without it | what |", "|---|---|---|---|"]
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if not isinstance(parameter, click.Option) or record is None or "--help" in parameter.opts:
            continue
        names, what = record
        extra = _EXTRA.search(what)
        default = _BOUNDS.sub("", extra[1]).removeprefix("default: ").strip("()") if extra else ""
        what = what[: extra.start()] if extra else what
        variable = f"`{parameter.envvar}`" if parameter.envvar else ""
        lines.append(f"| `{_cell(_RANGE.sub('N', names))}` | {variable} | {_cell(default)} | {_cell(what)} |")
    return lines


def _file(path: tuple[str, ...]) -> str:
    return "-".join(path) + ".md"


def _cell(text: str) -> str:
    """Text for one cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def main(arguments: list[str]) -> int:
    """Write everything, or say what is not as it would be written."""
    from kg.cli import kg

    wanted = {DOCS / "commands" / name: text for name, text in pages(kg).items()}
    wanted[DOCS / _INDEX] = index(kg, (DOCS / _INDEX).read_text(encoding="utf-8"))
    old = {p: p.read_text(encoding="utf-8") for p in (*(DOCS / "commands").glob("*.md"), DOCS / _INDEX)}
    stale = sorted(p for p in wanted.keys() | old.keys() if wanted.get(p) != old.get(p))
    for path in stale:
        print(path.relative_to(DOCS.parent).as_posix())
        if arguments == ["--check"]:
            continue
        path.parent.mkdir(exist_ok=True)
        if path in wanted:
            path.write_text(wanted[path], encoding="utf-8")
        else:
            path.unlink()
    return int(bool(stale) and arguments == ["--check"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
