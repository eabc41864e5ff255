"""Files through which large answers go from a worker to the server: what the one has written the other passes on.

A file holds a part of one answer. The server takes its name away as soon as it hears of it, so that it goes once nobody
reads it any more; the parent does so for a worker that has ended before.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from kg.store.pieces import FilePart, OpenFile

_BYTES = 16 << 20
"""More than a worker may be ahead of its client: so its one name is free again when the next file begins."""
_MOST_PARTS = 1000
"""That one call writes. Linux takes 1,024, and so does macOS."""


def forget(folder: Path, pid: int) -> None:
    """Take the name from the file of a worker that has ended, if it still has one."""
    with suppress(OSError):
        _path(folder, pid).unlink(missing_ok=True)


class Writer:
    """The side of a worker."""

    def __init__(self, folder: Path) -> None:
        self.path = _path(folder, os.getpid())
        self.file: int | None = None
        self.left = 0

    def append(self, parts: Sequence[bytes], size: int) -> bool:
        """Write what is that large; return whether it begins a file. Raise OSError if there is no room for it."""
        begins = size > self.left
        if begins:
            self.close()
            self.file = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            self.left = _BYTES
        assert self.file is not None
        try:
            if os.writev(self.file, parts if len(parts) <= _MOST_PARTS else (b"".join(parts),)) != size:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError:
            self.close()
            if begins:
                self.path.unlink()
            raise
        self.left -= size
        return begins

    def close(self) -> None:
        """Write no more into this file."""
        if self.file is not None:
            os.close(self.file)
        self.file, self.left = None, 0


class Reader:
    """The server's side: pieces of one worker's answer, in their order."""

    def __init__(self, folder: Path, pid: int) -> None:
        self.path = _path(folder, pid)
        self.file: OpenFile | None = None
        self.place = 0

    def piece(self, size: int, *, begins: bool) -> FilePart:
        """The next one. Raise FileNotFoundError if the worker has ended, OSError if there is no room for its file."""
        if begins:
            self.file, self.place = OpenFile(os.open(self.path, os.O_RDONLY)), 0
            self.path.unlink()
        if self.file is None:
            raise ValueError("a worker has begun no file")
        start, self.place = self.place, self.place + size
        return FilePart(self.file, start, size)


def _path(folder: Path, pid: int) -> Path:
    return folder / f"answer-{pid}"
