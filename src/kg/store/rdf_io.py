"""Bytes to quads and back, with the place of every mistake and, on request, of every triple."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from kg.words.errors import BadInput
from kg.words.findings import Finding, Place, Severity
from kg.words.formats import JSON_LD, RDF_XML, READABLE, Format, by_suffix

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_OX = {
    "Turtle": ox.RdfFormat.TURTLE,
    "JSON-LD": ox.RdfFormat.JSON_LD,
    "RDF/XML": ox.RdfFormat.RDF_XML,
    "N-Triples": ox.RdfFormat.N_TRIPLES,
    "N-Quads": ox.RdfFormat.N_QUADS,
    "TriG": ox.RdfFormat.TRIG,
}
_CONFLICT = re.compile(rb"^(<{7} |={7}$|>{7} )", re.MULTILINE)
_POSITION = re.compile(r"Parser error (?:at|between) line (\d+) (?:between columns? (\d+)|column (\d+))[^:]*: ")
_PREFIX = re.compile(r"[Pp]refix (\S*?):(?: has not been declared)?$")


@dataclass(frozen=True)
class Document:
    """One file, read.

    graph  the named graph that its triples belong to
    quads  in the order of the file; the same order in which `places` counts them
    """

    path: Path
    name: str
    format: Format
    graph: ox.NamedNode
    base: str
    content: bytes = field(repr=False)
    quads: tuple[ox.Quad, ...] = field(repr=False)

    def place(self, index: int) -> Place:
        """Where the statement `quads[index]` ends; the file alone where its syntax does not tell."""
        line, column = self._places[index] if index < len(self._places) else (0, 0)
        return Place(self.name, line, column)

    @cached_property
    def _places(self) -> tuple[tuple[int, int], ...]:
        return tuple(_locate(self))


def ox_format(format_: Format) -> ox.RdfFormat:
    """The library's name for a syntax."""
    return _OX[format_.name]


def is_rdf(path: Path) -> bool:
    """Whether the file's suffix names a syntax that is read."""
    return by_suffix(path.suffix[1:], READABLE) is not None


def read(path: Path, name: str, graph: str, base: str) -> Document | Finding:
    """One RDF file as a Document, or the Finding that says why not.

    Syntax, encoding and merge conflicts are told with line and column.
    Raise BadInput if the file cannot be opened or its suffix names no syntax.
    """
    format_ = by_suffix(path.suffix[1:], READABLE)
    if format_ is None:
        known = ", ".join("." + f.suffix for f in READABLE)
        raise BadInput(f'"{path.suffix}" names no RDF syntax. Known suffixes are {known}', name)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror}", name) from None
    trouble = _encoding(content, name) or _conflict(content, name)
    if trouble:
        return trouble
    graph_name = ox.NamedNode(graph)
    try:
        quads = tuple(_in_graph(q, graph_name) for q in ox.parse(content, ox_format(format_), base_iri=base))
    except SyntaxError as error:
        return syntax_finding(error, name)
    return Document(path, name, format_, graph_name, base, content, quads)


def syntax_finding(error: SyntaxError, name: str) -> Finding:
    """What the parser says, for people: place first, then what was found and what to do."""
    line, column = error.lineno or 0, error.offset or 0
    message = _POSITION.sub("", error.msg).strip() or "does not parse"
    if match := _PREFIX.search(message):
        prefix = match.group(1)
        message = f'unknown prefix "{prefix}". Declare it at the top of the file: @prefix {prefix}: <…> .'
    return Finding(Severity.ERROR, "syntax", message, Place(name, line, column))


def serialize(triples: Iterable[ox.Triple] | Iterable[ox.Quad], format_: Format, prefixes: dict[str, str]) -> bytes:
    """Triples (or quads, for syntaxes that carry graphs) as bytes."""
    return ox.serialize(triples, format=ox_format(format_), prefixes=prefixes)  # type: ignore[return-value]


def _in_graph(quad: ox.Quad, graph: ox.NamedNode) -> ox.Quad:
    if isinstance(quad.graph_name, ox.DefaultGraph):
        return ox.Quad(quad.subject, quad.predicate, quad.object, graph)
    return quad


def _encoding(content: bytes, name: str) -> Finding | None:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Finding(Severity.ERROR, "syntax", "not UTF-8 but UTF-16. Save the file as UTF-8", Place(name, 1))
    if content.startswith(b"\xef\xbb\xbf"):
        return Finding(Severity.ERROR, "syntax", "remove the byte-order mark at the start", Place(name, 1, 1))
    try:
        content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        message = f"not UTF-8: byte 0x{content[error.start]:02x}. Save the file as UTF-8"
        return Finding(Severity.ERROR, "syntax", message, Place(name, line, column))
    return None


def _conflict(content: bytes, name: str) -> Finding | None:
    marks = list(_CONFLICT.finditer(content))
    if len(marks) < 2:
        return None
    line = content.count(b"\n", 0, marks[0].start()) + 1
    message = "unresolved merge conflict. Choose a side and remove the <<<<<<<, ======= and >>>>>>> lines"
    return Finding(Severity.ERROR, "syntax", message, Place(name, line, 1))


class _OneByteAtATime(io.RawIOBase):
    """Feeds the parser so slowly that, when a triple comes out, what was read is where it ends."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.position = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        byte = self.content[self.position : self.position + 1]
        self.position += len(byte)
        return byte


def _locate(document: Document) -> Iterator[tuple[int, int]]:
    """Line of each statement's object and the column where that line's text begins."""
    content = document.content
    if document.format in (JSON_LD, RDF_XML):
        return  # their parsers read ahead: no line is better than a wrong one
    feed = _OneByteAtATime(content)
    line, seen = 1, 0
    for _ in ox.parse(cast(IO[bytes], feed), ox_format(document.format), base_iri=document.base):
        end = feed.position
        while content[end - 1 : end].isspace():
            end -= 1
        line += content.count(b"\n", seen, end)
        seen = max(seen, end)
        start = content.rfind(b"\n", 0, end) + 1
        text = content[start:end].decode(errors="replace")
        yield line, len(text) - len(text.lstrip()) + 1
