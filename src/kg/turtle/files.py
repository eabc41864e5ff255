"""Turtle files: which there are, and how they are written."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.words.errors import BadInput
from kg.words.formats import TURTLE

_SUFFIX = "." + TURTLE.suffix


def turtle_files(path: Path) -> Sequence[Path]:
    """The file itself, or the Turtle files below a folder, sorted; no hidden ones.

    Raise BadInput if the path is missing, or is a file of another kind.
    """
    if path.is_dir():
        return sorted(_below(path))
    if not path.exists():
        raise BadInput("no such file or folder", str(path))
    if path.suffix.lower() != _SUFFIX:
        raise BadInput(f'"{path.suffix}" is not laid out here, only Turtle ({_SUFFIX})', str(path))
    return [path]


def _below(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise BadInput(f"cannot be read: {error.strerror}", str(error.filename))

    for parent, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [f for f in folders if not f.startswith(".")]
        yield from (Path(parent, n) for n in names if n.lower().endswith(_SUFFIX) and not n.startswith("."))


def read(path: Path) -> bytes:
    """What is in the file. Raise BadInput if it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror}", str(path)) from None


def replace(path: Path, content: bytes) -> None:
    """Write the file whole or not at all, with the permissions that it has; of a link, the file that it leads to.

    Raise BadInput if it cannot be written.
    """
    try:
        target = path.resolve(strict=True)
        if not os.access(target, os.W_OK):
            raise PermissionError(0, "it is read-only")
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise BadInput(f"cannot be written: {error.strerror}", str(path)) from None
