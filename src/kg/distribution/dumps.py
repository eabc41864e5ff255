"""The dumps of a release: the same bytes for the same release, made once when somebody first asks.

They hold what the store serves, and pyoxigraph normalises literals: `"01"^^xsd:integer` is `1` here.
"""

from __future__ import annotations

import hashlib
import heapq
import io
import os
import re
import threading
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, islice
from tempfile import TemporaryFile
from typing import IO, cast
from urllib.parse import quote, unquote, urlsplit

import pyoxigraph as ox

from kg.store.rdf_io import ox_format
from kg.store.release import Release
from kg.words.errors import NotReady
from kg.words.formats import JSON_LD, N_QUADS, N_TRIPLES, TRIG, TURTLE, Format
from kg.words.names import PREFIXES

GZIP = ".gz"
_CHUNK = 1 << 16
_LINES = 1000
_WAIT_S = 5.0
_ODD = re.compile(r'[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffd\\:*?"<>|]')
"""What some file systems, or lists of files, do not take in a name."""
_MOST_BYTES = 200
"""Of a file's name, with room for the hash and the suffix behind it."""
_RUN_BYTES = 64 << 20
"""N-Triples sorted at once; more is sorted in runs of this size on disk."""


@dataclass(frozen=True)
class Dump:
    """A file with the dataset or one of its graphs.

    name        path below `dumps/{hash}/`; it holds the first digits of the release's hash
    graph       IRI of the one graph that it holds; empty for all of them
    triples     in it; quads where the syntax names graphs
    compressed  with gzip
    size_bytes, sha256  of the file, as it is named
    """

    name: str
    format: Format
    graph: str
    triples: int
    compressed: bool
    size_bytes: int
    sha256: str
    content: _Kept = field(repr=False, compare=False)

    @property
    def href(self) -> str:
        """The name as a part of a URL."""
        return quote(self.name)

    @property
    def media_type(self) -> str:
        return "application/gzip" if self.compressed else self.format.media_type

    @property
    def content_type(self) -> str:
        return self.media_type if self.compressed else self.format.content_type

    def chunks(self) -> Iterator[bytes]:
        """The file's bytes, piece by piece."""
        return self.content.compressed() if self.compressed else self.content.plain()


class Dumps:
    """All dumps of a release. They stand in an unnamed temporary file, which goes with the process however it ends."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self.stem = _stem(release.settings.base)
        self._lock = threading.Lock()
        self._made: dict[str, Dump] = {}

    def all(self) -> tuple[Dump, ...]:
        """The dumps of the dataset, then those of its graphs.

        The first call makes them, which takes half a minute for a million triples; others wait some seconds for it.
        Raise NotReady if that is not enough: those who wait must not fill the server.
        """
        if not self._made:
            if not self._lock.acquire(timeout=_WAIT_S):
                raise NotReady("the dumps of this release are being made. Try again in a moment")
            try:
                self._made = self._made or {d.name: d for d in self._make()}
            finally:
                self._lock.release()
        return tuple(self._made.values())

    def get(self, name: str) -> Dump | None:
        """The dump of that name."""
        self.all()
        return self._made.get(name)

    def whole(self, suffix: str) -> str:
        """The name of a dump of the dataset, by its suffix."""
        return f"{self.stem}-{self.release.hash[:12]}.{suffix}"

    def _make(self) -> Iterator[Dump]:
        disk = _Disk()
        store, hash_ = self.release.store, self.release.hash[:12]
        paths = _paths(self.release)
        count = 0
        of_graphs: list[Dump] = []
        with TemporaryFile() as quads, TemporaryFile() as triples:
            for graph in sorted(store.named_graphs(), key=str):
                with TemporaryFile() as own:
                    size = _write_sorted(store, graph, own)
                    count += size
                    behind = f" {graph} .\n".encode()
                    for line in _lines(own):
                        triples.write(line)
                        quads.write(line[: -len(b" .\n")] + behind)
                    if isinstance(graph, ox.NamedNode):
                        name = f"{paths[graph.value]}-{hash_}.{TURTLE.suffix}"
                        kept = _converted(_Kept(disk), own, N_TRIPLES, TURTLE)
                        of_graphs += kept.dumps(name, TURTLE, size, graph.value)
            for format_ in (N_QUADS, TRIG, JSON_LD):
                kept = _Kept(disk)
                if format_ is N_QUADS:
                    _copied(kept, _lines(quads))
                else:
                    _converted(kept, quads, N_QUADS, format_)
                yield from kept.dumps(self.whole(format_.suffix), format_, count)
            kept = _copied(_Kept(disk), (line for line, _ in groupby(_sorted(triples))))
            yield from kept.dumps(self.whole(N_TRIPLES.suffix), N_TRIPLES, self.release.triples)
        yield from of_graphs


class _Disk:
    """An unnamed temporary file that is closed once nobody has it any more."""

    def __init__(self) -> None:
        self.file = cast(IO[bytes], TemporaryFile())  # noqa: SIM115  closed below

    def __del__(self) -> None:
        self.file.close()


class _Kept(io.RawIOBase):
    """A body at the end of a file, compressed; its plain bytes are computed as they are read."""

    def __init__(self, disk: _Disk) -> None:
        self._disk, self._start = disk, disk.file.tell()
        self._compressor = zlib.compressobj(6, wbits=31)
        self._plain, self._packed = hashlib.sha256(), hashlib.sha256()
        self._plain_bytes = self._packed_bytes = 0

    def writable(self) -> bool:
        return True

    def write(self, content: object) -> int:
        """Take some of the plain bytes."""
        data = bytes(content)  # type: ignore[call-overload]
        self._plain.update(data)
        self._plain_bytes += len(data)
        self._pack(self._compressor.compress(data))
        return len(data)

    def finish(self) -> _Kept:
        """No more comes."""
        self._pack(self._compressor.flush())
        self._disk.file.flush()
        return self

    def dumps(self, name: str, format_: Format, triples: int, graph: str = "") -> list[Dump]:
        """This body as it is and compressed."""
        plain, packed = self._plain.hexdigest(), self._packed.hexdigest()
        return [
            Dump(name + GZIP, format_, graph, triples, True, self._packed_bytes, packed, self),
            Dump(name, format_, graph, triples, False, self._plain_bytes, plain, self),
        ]

    def compressed(self) -> Iterator[bytes]:
        position, end = self._start, self._start + self._packed_bytes
        while position < end:
            chunk = os.pread(self._disk.file.fileno(), min(_CHUNK, end - position), position)  # many may read at once
            position += len(chunk)
            yield chunk

    def plain(self) -> Iterator[bytes]:
        decompressor = zlib.decompressobj(wbits=31)
        for packed in self.compressed():
            rest = packed
            while rest:
                yield decompressor.decompress(rest, _CHUNK)
                rest = decompressor.unconsumed_tail
        yield decompressor.flush()

    def _pack(self, data: bytes) -> None:
        self._packed.update(data)
        self._packed_bytes += len(data)
        self._disk.file.write(data)


def _write_sorted(store: ox.Store, graph: ox.NamedNode | ox.BlankNode, output: IO[bytes]) -> int:
    """A graph as N-Triples, in the order of the lines; return how many there are."""
    count = 0
    with TemporaryFile() as unordered:
        store.dump(unordered, ox.RdfFormat.N_TRIPLES, from_graph=graph)
        for line in _sorted(unordered):
            output.write(line)
            count += 1
    return count


def _sorted(file: IO[bytes]) -> Iterator[bytes]:
    """The lines of a file in order, without holding more of them than a run."""
    runs: list[IO[bytes]] = []
    file.seek(0)
    try:
        while lines := file.readlines(_RUN_BYTES):
            lines.sort()
            run = cast(IO[bytes], TemporaryFile())  # noqa: SIM115  closed below
            runs.append(run)
            run.writelines(lines)
            run.seek(0)
        yield from heapq.merge(*runs)
    finally:
        for run in runs:
            run.close()


def _converted(kept: _Kept, source: IO[bytes], syntax: Format, target: Format) -> _Kept:
    parsed = ox.parse(_lines(source), ox_format(syntax))
    rows = parsed if target in (TRIG, JSON_LD) else (quad.triple for quad in parsed)
    ox.serialize(rows, cast(IO[bytes], kept), ox_format(target), prefixes=PREFIXES)
    return kept.finish()


def _copied(kept: _Kept, lines: Iterable[bytes]) -> _Kept:
    rest = iter(lines)
    while several := b"".join(islice(rest, _LINES)):
        kept.write(several)
    return kept.finish()


def _lines(file: IO[bytes]) -> IO[bytes]:
    """A file, to be read from its start."""
    file.seek(0)
    return file


def _stem(base: str) -> str:
    parts = urlsplit(base)
    name = unquote(parts.path.strip("/").rpartition("/")[2])
    return name if _is_path(name) and "/" not in name else parts.hostname or "dataset"


def _paths(release: Release) -> dict[str, str]:
    """Where the dump of each graph stands: as the graph does below the base, else by hash."""
    base, graphs = release.settings.base, [g.value for g in release.store.named_graphs()]
    named = {g: unquote(g.removeprefix(base)) for g in graphs if g.startswith(base) and "#" not in g}
    wanted = Counter(path.casefold() for path in named.values())  # some file systems take Ada and ada for the same

    def path(graph: str) -> str:
        name = named.get(graph, "")
        if _is_path(name) and wanted[name.casefold()] == 1:
            return name
        return "graph/" + hashlib.sha256(graph.encode()).hexdigest()[:12]

    return {graph: path(graph) for graph in graphs}


def _is_path(name: str) -> bool:
    """Whether a file can be called so, wherever a folder with it is put, and lies in that folder."""
    segments = name.split("/")
    return not any(s in ("", ".", "..") or _ODD.search(s) or len(s.encode()) > _MOST_BYTES for s in segments)
