"""From a store to its terms and triples: its dump is taken apart, several times as quick as asking for objects."""

from __future__ import annotations

import gc
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime
from itertools import chain, count
from typing import IO, Any, cast

import numpy as np
import pyoxigraph as ox
from numpy.typing import NDArray

from kg.store.columns import words
from kg.store.columns.terms import Block, Ids, Kind, Mark, Terms, of, once
from kg.words.names import RDF, XSD

_PIECE = 1 << 22
_ESCAPE = re.compile(rb"\\(?:u([0-9A-F]{4})|U([0-9A-F]{8})|(.))")
_ESCAPED = {b"t": b"\t", b"n": b"\n", b"r": b"\r", b"b": b"\b", b"f": b"\f"}
_MARKS = (
    (Mark.STRING, np.isin(np.arange(256), [*range(0x20), 0x7F, *b'"\\'])),
    (Mark.LIST, np.isin(np.arange(256), [*b'",\r\n'])),
    (Mark.MARKUP, np.isin(np.arange(256), [*b"\"'<>&\t\n\r"])),
)
_UNUSUAL = re.compile(
    "[^\0-\u012f\u0132-\u017e\u0180-\u019a\u019c-\u024f\u0300-\u036f\u0400-\u052f\u0590-\u06ff\u1e00-\u1eff\u2000-\u206f\u20a0-\u20bf\u2116\u2122\u2190-\u23ff\u2500-\u2bff"
    "\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\ufe0f\U0001f300-\U0001faff]"
)
_EXACT = 1 << 53
_STRING, _TAGGED = XSD + "string", RDF + "langString"
_UNKNOWN_FORMS = {
    XSD + name
    for name in (
        "time", "gMonthDay", "gDay", "gMonth", "duration", "yearMonthDuration", "dayTimeDuration", "dateTimeStamp",
        "byte", "short", "int", "long", "unsignedByte", "unsignedShort", "unsignedInt", "unsignedLong",
        "positiveInteger", "negativeInteger", "nonPositiveInteger", "nonNegativeInteger",
    )
}  # fmt: skip
"""Datatypes whose values are not compared here. Those of integers have only what is none: others are stored as such."""


def load(store: ox.Store) -> tuple[Terms, NDArray[np.int32]] | None:
    """The terms and the triples of a store's default graph; None if it has what only RDF 1.2 has."""
    collects = gc.isenabled()
    gc.disable()  # it would look for cycles among millions of texts, again and again
    try:
        encoder = _Encoder()
        store.dump(cast(IO[bytes], encoder), ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
        triples = encoder.triples()
        found = _sorted(encoder.numbers)
    finally:
        if collects:
            gc.enable()
    if found is None:
        return None
    terms, places = found
    return terms, places[triples]


def kind(text: str, datatype: str) -> Kind:
    """The kind of a literal without a language. The text is as Oxigraph writes the value."""
    try:
        known = _KNOWN[datatype]
    except KeyError:
        return Kind.ODD if datatype in _UNKNOWN_FORMS else Kind.OTHER
    return known(text)


def _integer(text: str) -> Kind:
    return Kind.INTEGER if re.fullmatch("-?[0-9]{1,16}", text) and abs(int(text)) <= _EXACT else Kind.ODD


def _decimal(text: str) -> Kind:
    """With no more than fifteen digits the nearest floating-point numbers are in the order of the decimals.

    Oxigraph has eighteen digits after the point, and all numbers with as many before it.
    """
    in_range = re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,18})?", text)
    return Kind.DECIMAL if in_range and len(text.strip("-0.")) <= 15 else Kind.ODD


def _double(text: str) -> Kind:
    return Kind.DOUBLE if re.fullmatch(r"-?([0-9]+(\.[0-9]+)?(E-?[0-9]+)?|INF)", text) else Kind.ODD


def _dated(pattern: str, parse: Callable[[str], object]) -> Callable[[str], Kind]:
    form = re.compile(pattern, re.ASCII)

    def found(text: str) -> Kind:
        if form.fullmatch(text):
            try:
                parse(text)
            except ValueError:
                return Kind.ODD
            return Kind.DATED
        return Kind.ODD

    return found


_KNOWN: dict[str, Callable[[str], Kind]] = {
    _STRING: lambda _: Kind.STRING,
    XSD + "boolean": lambda text: Kind.BOOLEAN if text in ("true", "false") else Kind.ODD,
    XSD + "integer": _integer,
    XSD + "decimal": _decimal,
    XSD + "double": _double,
    XSD + "float": lambda _: Kind.ODD,
    XSD + "date": _dated(r"\d{4}-\d\d-\d\d", date.fromisoformat),
    XSD + "dateTime": _dated(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", datetime.fromisoformat),
    XSD + "gYear": _dated(r"[1-9]\d{3}", int),
    XSD + "gYearMonth": _dated(r"[1-9]\d{3}-(0[1-9]|1[0-2])", str),
}


class _Encoder(io.RawIOBase):
    """Takes a dump in N-Triples and gives a number to each term as it first comes."""

    def __init__(self) -> None:
        self.numbers: defaultdict[bytes, int] = defaultdict(count().__next__)
        self._rest = bytearray()
        self._found: list[NDArray[np.int32]] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._rest += data
        if len(self._rest) > _PIECE:
            end = self._rest.rfind(b" .\n") + 3
            self._take(bytes(self._rest[:end]))
            del self._rest[:end]
        return len(data)

    def triples(self) -> NDArray[np.int32]:
        """All of them, once the dump is complete; a row has the numbers of subject, predicate and object."""
        self._take(bytes(self._rest))
        return np.concatenate(self._found).reshape(-1, 3)

    def _take(self, lines: bytes) -> None:
        terms = chain.from_iterable([line.split(b" ", 2) for line in lines.split(b" .\n")[:-1]])
        self._found.append(np.fromiter(map(self.numbers.__getitem__, terms), np.int32))


def _sorted(encoded: dict[bytes, int]) -> tuple[Terms, NDArray[np.int32]] | None:
    """The terms in their final order, and for each of the encoder's numbers the final one."""
    things: dict[Kind, list[tuple[bytes, int]]] = {Kind.BLANK: [], Kind.IRI: []}
    literals: list[tuple[bytes, str, str, int]] = []
    for term, number in encoded.items():
        if term.startswith(b"<<"):
            return None
        if term.startswith(b"<"):
            things[Kind.IRI].append((_unescaped(term[1:-1]), number))
        elif term.startswith(b"_"):
            things[Kind.BLANK].append((term[2:], number))
        else:
            end = term.rindex(b'"')
            suffix = term[end + 1 :].decode()
            if "--" in suffix:
                return None
            datatype = suffix[3:-1] if suffix.startswith("^^") else _TAGGED if suffix else _STRING
            literals.append((_unescaped(term[1:end]), datatype, suffix[1:] if datatype is _TAGGED else "", number))
    literals.sort()
    grouped: dict[tuple[Kind, str, str], list[int]] = defaultdict(list)
    for place, (text, datatype, language, _) in enumerate(literals):
        of_kind = Kind.TAGGED if language else kind(text.decode(), datatype)
        grouped[of_kind, datatype, language].append(place)
    texts, numbers, blocks = [b""], [-1], [Block(Kind.UNBOUND, 0, 1)]
    for of_kind, found in things.items():
        found.sort()
        _append(blocks, of_kind, (t for t, _ in found), (n for _, n in found), texts, numbers)
    first = len(texts)
    ranks: list[int] = []
    for name in sorted(grouped):
        members = grouped[name]
        ranks += members
        _append(
            blocks,
            name[0],
            (literals[m][0] for m in members),
            (literals[m][3] for m in members),
            texts,
            numbers,
            *name[1:],
        )
    places = np.zeros(len(numbers), np.int32)
    places[numbers] = np.arange(len(numbers))
    return _terms(texts, tuple(blocks), np.array(ranks, np.int32) + np.int32(first)), places


def _append(
    blocks: list[Block], of_kind: Kind, block_texts: Iterable[bytes], block_numbers: Iterable[int],
    texts: list[bytes], numbers: list[int], datatype: str = "", language: str = "",
) -> None:  # fmt: skip
    start = len(texts)
    texts.extend(block_texts)
    numbers.extend(block_numbers)
    if len(texts) > start:
        blocks.append(Block(of_kind, start, len(texts), datatype, language))


def _terms(texts: list[bytes], blocks: tuple[Block, ...], ranks: Ids) -> Terms:
    values, offsets = b"".join(texts), of(texts)
    numeric = chain.from_iterable(texts[b.start : b.end] for b in blocks if b.kind in (6, 7, 8))
    marks = np.zeros(len(texts), np.uint8)
    for mark, characters in _MARKS:
        found = np.flatnonzero(characters[np.frombuffer(values, np.uint8)])
        marks[once(offsets.searchsorted(found, side="right") - 1)] |= np.uint8(mark)
    marks[[i for i, text in enumerate(texts) if text[:1] == b" " or text[-1:] == b" "]] |= np.uint8(Mark.MARKUP)
    usual = not _UNUSUAL.search(values.decode())
    numbers = np.fromiter(map(float, numeric), np.float64)
    of_words = [words.of(texts[b.start : b.end]) if b.kind in (Kind.STRING, Kind.TAGGED) else None for b in blocks]
    return Terms(values, offsets, marks, blocks, numbers, ranks, tuple(of_words), usual)


def _unescaped(text: bytes) -> bytes:
    return _ESCAPE.sub(_character, text) if b"\\" in text else text


def _character(match: re.Match[bytes]) -> bytes:
    if match[3]:
        return _ESCAPED.get(match[3], match[3])
    return chr(int(match[1] or match[2], 16)).encode()
