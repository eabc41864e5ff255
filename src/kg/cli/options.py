"""Options that several verbs share."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from kg.words.errors import BadInput
from kg.words.findings import Severity


class NamedPath(click.Path):
    """A path, and not an empty string, which would be this folder."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            raise BadInput("a path is empty. Name a file or a folder")
        return super().convert(value, param, ctx)


FAIL_ON = {"info": Severity.INFO, "warning": Severity.WARNING, "violation": Severity.VIOLATION}
"""What --fail-on takes."""

_URL = re.compile(r"https?://[^/?#\s]+(?:/[^?#\s]*)?")

_SHARED = (
    click.option(
        "--root", type=click.Path(path_type=Path), default=Path(), envvar="KG_ROOT", show_default="this folder",
        help="Folder that holds ontology/, data/, shapes/ and kg.toml.",
    ),
    click.option("--base", envvar="KG_BASE", metavar="IRI", help="Canonical base IRI; overrides kg.toml."),
    click.option(
        "--sources", type=click.Path(path_type=Path), envvar="KG_SOURCES", metavar="DIR",
        help="Folder with the source texts, found by their SHA-256.",
    ),
)  # fmt: skip


def _address(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """An address of a site or a folder, without the last slash."""
    if value and not _URL.fullmatch(value):
        raise BadInput("is no address of a site. Write it as https://example.org/kg/", f"--base-url {value}")
    return value.rstrip("/") if value else value


base_url_option = click.option(
    "--base-url", metavar="URL", callback=_address, show_default="the canonical base",
    help="Where the files will be published.",
)  # fmt: skip


def project_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--root, --base and --sources."""
    for option in reversed(_SHARED):
        command = option(command)
    return command
