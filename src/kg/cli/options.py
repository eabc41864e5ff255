"""Options that several verbs share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

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


def project_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--root, --base and --sources."""
    for option in reversed(_SHARED):
        command = option(command)
    return command
