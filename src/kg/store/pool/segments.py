"""Files through which large answers go from a worker to the server: what the one has written the other maps.

A file holds a part of one answer. The server takes its name away as soon as it hears of it, so that it goes once nobody
reads it any more; the parent does so for a worker that has ended before.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from contextlib import suppress
from mmap import PROT_READ, mmap
from pathlib import Path

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
        assert self.file is not None
        try:
            if begins:
                os.truncate(self.file, _BYTES)  # which takes no room
                self.left = _BYTES
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
        self.mapped = memoryview(b"")
        self.place = 0

    def piece(self, size: int, *, begins: bool) -> memoryview:
        """The next one. Raise FileNotFoundError if the worker has ended, OSError if there is no room for its file."""
        if begins:
            self.mapped, self.place = _taken(self.path), 0
        start, self.place = self.place, self.place + size
        if self.place > len(self.mapped):
            raise ValueError(f"a worker wrote {self.place} bytes, and its file has {len(self.mapped)}")
        return self.mapped[start : self.place]


def _path(folder: Path, pid: int) -> Path:
    return folder / f"answer-{pid}"


def _taken(path: Path) -> memoryview:
    """A file that from here on has no name."""
    file = os.open(path, os.O_RDONLY)
    try:
        path.unlink()
        return memoryview(mmap(file, 0, prot=PROT_READ))
    finally:
        os.close(file)
