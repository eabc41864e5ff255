"""Bytes to quads and back, with the place of every mistake and, on request, of every triple."""

from __future__ import annotations

import hashlib
import io
import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from kg.store import encoding, mistakes
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
_CONFLICT = re.compile(rb"^<{7} .*?^={7}\r?$.*?^>{7} ", re.MULTILINE | re.DOTALL)
_ENTITY = re.compile(rb"<!ENTITY[^<]*")
_MAX_ENTITY = 300
"""Bytes of a declaration: enough to name a namespace, and too few to fill the memory by being repeated."""
_STRING_OR_BRACKET = re.compile(rb'"(?:[^"\\\n]|\\.)*"|(?P<open><<|[{\[])|(?P<close>>>|[}\]])')
_MAX_DEPTH = 500
"""Levels of JSON objects or of triples in triples; some thousand are more than the parser's stack holds."""
_TERM = re.compile(
    rb"""
      (?P<comment>\#[^\n\r]*)
    | \"\"\"(?:\"{0,2}(?:[^\"\\]|\\.))*\"\"\" | \'\'\'(?:\'{0,2}(?:[^\'\\]|\\.))*\'\'\'
    | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*'
    | <[^<>"{}|^`\x00-\x20]*>
    | (?:\\.|[^\s\\"'<>#;,.(){}\[\]|~])+
    """,
    re.VERBOSE | re.DOTALL,
)
"""A term in the Turtle family, or a part of one: all but white space, comments and punctuation."""


@dataclass(frozen=True, eq=False)
class Document:
    """One file, read. A document equals itself only: what was worked out of one is kept with it.

    graph  the named graph that its triples belong to
    quads  in the order of the file; the same order in which `place` counts them
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
        places, more = self._places
        while len(places) <= index and (place := next(more, None)) is not None:
            places.append(place)
        line, column = places[index] if index < len(places) else (0, 0)
        return Place(self.name, line, column)

    @cached_property
    def subjects(self) -> dict[Term, list[int]]:
        """The statements of each subject, as indices."""
        found: dict[Term, list[int]] = defaultdict(list)
        for index, quad in enumerate(self.quads):
            found[quad.subject].append(index)
        return dict(found)

    @cached_property
    def _places(self) -> tuple[list[tuple[int, int]], Iterator[tuple[int, int]]]:
        """Those that were asked for so far, and the others."""
        return [], _locate(self)


def ox_format(format_: Format) -> ox.RdfFormat:
    """The library's name for a syntax."""
    return _OX[format_.name]


def is_rdf(path: Path) -> bool:
    """Whether the file's suffix names a syntax that is read."""
    return by_suffix(path.suffix[1:].lower(), READABLE) is not None


def syntax_of(path: Path, name: str) -> Format:
    """The syntax that the file's suffix names. Raise BadInput if it names none."""
    found = by_suffix(path.suffix[1:].lower(), READABLE)
    if found is None:
        known = ", ".join("." + f.suffix for f in READABLE)
        raise BadInput(f'"{path.suffix}" names no RDF syntax. Known suffixes are {known}', name)
    return found


def read(path: Path, name: str, graph: str, base: str, content: bytes | None = None) -> Document | Finding:
    """One RDF file as a Document, or the Finding that says why not.

    content  what to read as if it stood in the file
    Syntax, encoding and merge conflicts are told with line and column.
    Raise BadInput if the file cannot be opened or its suffix names no syntax.
    """
    format_ = syntax_of(path, name)
    checked = read_content(path, name) if content is None else encoding.check(content, name) or content
    if isinstance(checked, Finding):
        return checked
    content = checked
    trouble = _entities(content, name) if format_ is RDF_XML else _conflict(content, name) or _nesting(content, name)
    if trouble:
        return trouble
    graph_name = ox.NamedNode(graph)
    try:
        quads = tuple(_quads(ox.parse(content, ox_format(format_), base_iri=base), graph_name, name))
    except SyntaxError as error:
        return mistakes.explain(error, content, name, format_)
    return Document(path, name, format_, graph_name, base, content, quads)


def read_content(path: Path, name: str) -> bytes | Finding:
    """The bytes of a text file, or the Finding that says why they are no UTF-8.

    Raise BadInput if the file cannot be opened.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror}", name) from None
    return encoding.check(content, name) or content


def serialize(triples: Iterable[ox.Triple] | Iterable[ox.Quad], format_: Format, prefixes: dict[str, str]) -> bytes:
    """Triples (or quads, for syntaxes that carry graphs) as bytes."""
    return ox.serialize(triples, format=ox_format(format_), prefixes=prefixes)  # type: ignore[return-value]


def parse_term(text: str) -> ox.NamedNode | ox.Literal:
    """An IRI or a literal from its N-Triples form. Raise ValueError for anything else."""
    try:
        (quad,) = ox.parse(f"<urn:s> <urn:p> {text} .".encode(), ox.RdfFormat.N_TRIPLES)
    except SyntaxError as error:
        raise ValueError(f"{text!r} is no term: {error.msg}") from None
    if not isinstance(quad.object, ox.NamedNode | ox.Literal):
        raise ValueError(f"{text!r} is neither an IRI nor a literal")
    return quad.object


def _quads(parsed: Iterable[ox.Quad], graph: ox.NamedNode, name: str) -> Iterator[ox.Quad]:
    """The quads in the file's graph; blank nodes are numbered, so that whatever depends on them comes out alike."""
    file = hashlib.sha256(name.encode()).hexdigest()[:8]
    known: dict[Term, ox.BlankNode] = {}

    def numbered(term: Term) -> Term:
        if isinstance(term, ox.BlankNode):
            return known.setdefault(term, ox.BlankNode(f"f{file}n{len(known)}"))
        if isinstance(term, ox.Triple):
            return ox.Triple(numbered(term.subject), term.predicate, numbered(term.object))  # type: ignore[arg-type]
        return term

    for quad in parsed:
        subject, value, own = quad.subject, quad.object, quad.graph_name
        if not isinstance(subject, ox.NamedNode):
            subject = numbered(subject)  # type: ignore[assignment]
        if not isinstance(value, ox.NamedNode | ox.Literal):
            value = numbered(value)
        own = graph if isinstance(own, ox.DefaultGraph) else numbered(own)  # type: ignore[assignment]
        yield ox.Quad(subject, quad.predicate, value, own)


def _conflict(content: bytes, name: str) -> Finding | None:
    found = _CONFLICT.search(content)
    if found is None:
        return None
    message = "unresolved merge conflict. Choose a side and remove the <<<<<<<, ======= and >>>>>>> lines"
    return Finding(Severity.ERROR, "syntax", message, Place(name, encoding.line_of(content, found.start()), 1))


def _entities(content: bytes, name: str) -> Finding | None:
    """The entity of an RDF/XML file that is more than a short name: a few of those can be told to fill any memory."""
    for declared in _ENTITY.finditer(content):
        if b"&" in declared[0] or len(declared[0]) > _MAX_ENTITY:
            message = "an XML entity holds other entities or is long. Write out what it stands for"
            return Finding(Severity.ERROR, "syntax", message, Place(name, encoding.line_of(content, declared.start())))
    return None


def _nesting(content: bytes, name: str) -> Finding | None:
    """Where brackets are nested too deeply to be parsed. Brackets of Turtle within long strings may count too."""
    if content.count(b"{") + content.count(b"<<") <= _MAX_DEPTH:
        return None
    depth = 0
    for bracket in _STRING_OR_BRACKET.finditer(content):
        depth = max(0, depth + bool(bracket["open"]) - bool(bracket["close"]))
        if depth > _MAX_DEPTH:
            message = f"nested more than {_MAX_DEPTH} levels deep. Take it apart"
            return Finding(Severity.ERROR, "syntax", message, Place(name, encoding.line_of(content, bracket.start())))
    return None


class _OneTermAtATime(io.RawIOBase):
    """Feeds the parser so slowly that, when a triple comes out, what was read is where it ends.

    At once it gives a term, a comment, or a byte between them; of what is longer than asked for, the beginning.
    """

    def __init__(self, content: bytes, terms: list[tuple[int, int]]) -> None:
        self.content = content
        self.position = 0
        self._terms = iter(terms)
        self._next = next(self._terms, None)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        end = self.position + 1
        if self._next is not None and self._next[0] <= self.position:
            end = self._next[1]
            if 0 <= size < end - self.position:
                end = self.position + size
            else:
                self._next = next(self._terms, None)
        part = self.content[self.position : end]
        self.position += len(part)
        return part


def _locate(document: Document) -> Iterator[tuple[int, int]]:
    """Line of each statement's object and the column where that line's text begins."""
    content = document.content
    if document.format in (JSON_LD, RDF_XML):
        return  # their parsers read ahead: no line is better than a wrong one
    found = list(_TERM.finditer(content))
    ends = [m.end() for m in found if not m["comment"]]
    feed = _OneTermAtATime(content, [m.span() for m in found])
    line, seen = 1, 0
    for _ in ox.parse(cast(IO[bytes], feed), ox_format(document.format), base_iri=document.base):
        end = ends[bisect(ends, feed.position) - 1]  # only what cannot be another term was read behind the object
        line += content.count(b"\n", seen, end)
        seen = max(seen, end)
        start = content.rfind(b"\n", 0, end) + 1
        text = content[start:end].decode(errors="replace")
        yield line, len(text) - len(text.lstrip()) + 1
