"""Reports that go to files."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from kg.words.errors import BadInput


def check(path: Path) -> None:
    """Raise BadInput if no file can be written there, before any work is done for it."""
    if not path.parent.is_dir():
        raise BadInput(f"there is no folder {path.parent}. Make it first", str(path))
    if path.is_dir():
        raise BadInput("is a folder. Name a file in it", str(path))


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all: who reads it sees the old one or the new one.

    Raise BadInput if it cannot be written.
    """
    check(path)
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
                file.write(text)
            temporary.chmod(0o644)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise BadInput(f"cannot be written: {error.strerror}", str(path)) from None
