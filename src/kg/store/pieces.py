"""Pieces of a body: in memory, or in a file, from which they reach a client without passing through this process."""

from __future__ import annotations

import errno
import os

_NOT_FROM_HERE = (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP)
"""What some file systems say. Source: sendfile(2)."""


class OpenFile:
    """A file that is read, and closed once nobody knows it any more."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def __del__(self) -> None:
        os.close(self.descriptor)


class FilePart:
    """So many bytes of a file, from a place on, which nobody changes."""

    __slots__ = ("file", "size", "start")

    def __init__(self, file: OpenFile, start: int, size: int) -> None:
        self.file, self.start, self.size = file, start, size

    def __len__(self) -> int:
        return self.size

    def __bytes__(self) -> bytes:
        return self.read(0, self.size)

    def read(self, start: int, most: int) -> bytes:
        """Bytes from a place on, fewer than `most` at the part's end. Raise OSError if the file does not have them."""
        size = min(most, self.size - start)
        data = os.pread(self.file.descriptor, size, self.start + start)
        if len(data) < size:
            raise _ended()
        return data

    def send(self, connection: int, start: int) -> int:
        """Have the kernel send what it takes now, from a place on, to the descriptor of a connection.

        Return how much that is. Raise BlockingIOError if it takes nothing now, or never from such a file; OSError if
        there is nobody to send to, or the file does not have it.
        """
        try:
            sent = os.sendfile(connection, self.file.descriptor, self.start + start, self.size - start)
        except OSError as error:
            if error.errno in _NOT_FROM_HERE:
                raise BlockingIOError(error.errno, error.strerror) from None
            raise
        if not sent:
            raise _ended()
        return sent


def _ended() -> OSError:
    return OSError(errno.EIO, "the file of an answer ends before the answer does")


Piece = bytes | FilePart
