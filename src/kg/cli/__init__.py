"""Doors: one file a verb, and the only place that exits.

Exit codes: 0 done and conforming, 1 does not conform or not found, 2 bad input or usage, 3 our bug.
"""

from __future__ import annotations

import importlib
import io
import sys
from typing import Any

import click

from kg import __version__
from kg.words.errors import KgError

_VERBS = ("bench", "build", "cite", "contract", "diff", "expand", "export", "fmt", "new", "query", "serve", "validate")


class _Verbs(click.Group):
    """Imports a verb's module when that verb is called: `kg --help` waits for no library."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _VERBS:
            return None
        command = importlib.import_module(f"kg.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kg")
def kg() -> None:
    """A knowledge graph as files: check it, trace it to its sources, serve it."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that lacks a letter is no reason to stop
    try:
        code = kg.main(arguments, standalone_mode=False)
    except KgError as error:
        _fail("\n".join(filter(None, (str(error), getattr(error, "excerpt", "")))), error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception:  # noqa: BLE001  the one boundary: whatever else is our bug
        import traceback

        traceback.print_exc()
        _fail("this is a bug in kg, not in your input. Please report it with the lines above", 3)
    sys.exit(code if isinstance(code, int) else 0)


def _fail(message: Any, code: int) -> None:
    click.echo(f"kg: {message}", err=True)
    sys.exit(code)
