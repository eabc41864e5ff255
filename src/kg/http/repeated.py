"""Requests that differ from the one before in their target alone, as those of a program do: they need no parsing."""

from __future__ import annotations

import re
from collections.abc import Mapping

_LINE = re.compile(rb"GET (/[A-Za-z0-9%_.~!$&'()*+,;=:@/?-]*) HTTP/1\.1")
"""With an absolute path and what RFC 3986 allows in it; whatever is unusual is parsed."""
_MOST_BYTES = 2048
_OF_BODIES = (b"content-length", b"transfer-encoding")


def repeatable(data: bytes, headers: Mapping[bytes, bytes]) -> bytes:
    """What stands behind the first line of a whole request, if that is a short GET without a body; else nothing."""
    line, end, rest = data.partition(b"\r\n")
    is_plain = len(rest) <= _MOST_BYTES and headers.keys().isdisjoint(_OF_BODIES) and _LINE.fullmatch(line)
    return end + rest if is_plain else b""


def target(data: bytes, rest: bytes) -> bytes | None:
    """The target of a GET behind whose first line the same stands as before; None if this is anything else."""
    line = _LINE.fullmatch(data, 0, len(data) - len(rest)) if rest and data.endswith(rest) else None
    return line and line[1]
