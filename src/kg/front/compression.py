"""Content codings: which one a client takes, and bodies in it. Source: RFC 9110, section 12.5.3."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from typing import Protocol

import brotli
import zstandard

from kg.words.negotiate import quality_of

CODINGS = ("zstd", "br", "gzip")
"""Ours, best first."""

MIN_BYTES = 400
_COMPRESSIBLE = ("text/", "application/json", "application/xml", "application/n-", "application/trig", "image/svg")


class Compressor(Protocol):
    """Compresses a body chunk by chunk; each chunk can be decompressed as soon as it is sent."""

    def compress(self, chunk: bytes) -> bytes: ...

    def finish(self) -> bytes: ...


class _Gzip:
    def __init__(self) -> None:
        self._inner = zlib.compressobj(6, wbits=31)

    def compress(self, chunk: bytes) -> bytes:
        return self._inner.compress(chunk) + self._inner.flush(zlib.Z_SYNC_FLUSH)

    def finish(self) -> bytes:
        return self._inner.flush()


class _Brotli:
    def __init__(self) -> None:
        self._inner = brotli.Compressor(quality=4)

    def compress(self, chunk: bytes) -> bytes:
        return bytes(self._inner.process(chunk) + self._inner.flush())

    def finish(self) -> bytes:
        return bytes(self._inner.finish())


class _Zstandard:
    def __init__(self) -> None:
        self._inner = zstandard.ZstdCompressor(level=3).compressobj()

    def compress(self, chunk: bytes) -> bytes:
        return self._inner.compress(chunk) + self._inner.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)

    def finish(self) -> bytes:
        return self._inner.flush(zstandard.COMPRESSOBJ_FLUSH_FINISH)


_STREAMS: dict[str, Callable[[], Compressor]] = {"gzip": _Gzip, "br": _Brotli, "zstd": _Zstandard}
_WHOLE: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
    "br": lambda body: bytes(brotli.compress(body, quality=5)),
    "zstd": lambda body: zstandard.ZstdCompressor(level=6).compress(body),
}


def choose(accept_encoding: str | None, content_type: str) -> str | None:
    """The coding for a body of this type; None for as it is."""
    if not accept_encoding or not is_compressible(content_type):
        return None
    qualities = quality_of(accept_encoding)
    best = max(CODINGS, key=lambda c: (qualities.get(c, qualities.get("*", 0.0)), -CODINGS.index(c)))
    return best if qualities.get(best, qualities.get("*", 0.0)) > 0 else None


def is_compressible(content_type: str) -> bool:
    """Whether bodies of this type become smaller by it."""
    return content_type.startswith(_COMPRESSIBLE) or "+" in content_type.partition(";")[0]


def whole(coding: str, body: bytes) -> bytes:
    """A body in a coding."""
    return _WHOLE[coding](body)


def stream(coding: str) -> Compressor:
    """A compressor for a body that comes in chunks."""
    return _STREAMS[coding]()
