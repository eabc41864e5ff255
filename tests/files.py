"""Files that processes have open, and answers in files."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from kg.store.pieces import FilePart, OpenFile


def opened(pid: int) -> list[str]:
    """Files of answers that a process has open."""
    found = []
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found.append(str(descriptor.readlink()))
    return [name for name in found if "answer-" in name]


def in_a_file(data: bytes, before: bytes = b"", *, size: int | None = None) -> FilePart:
    """A part of a file.

    before  what the file has before it
    size    of the part, if the file has less or more of it
    """
    with tempfile.TemporaryFile() as file:
        file.write(before + data)
        file.flush()
        return FilePart(OpenFile(os.dup(file.fileno())), len(before), len(data) if size is None else size)
