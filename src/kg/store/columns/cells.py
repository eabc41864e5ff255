"""Terms as each syntax of results writes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from json.encoder import encode_basestring

import numpy as np
from numpy.typing import NDArray

from kg.store.columns.grouping import Computed
from kg.store.columns.terms import Block, Ids, Kind, Mark, Terms, distinct, firsts, places
from kg.words.names import XSD

Objects = NDArray[np.object_]
Pieces = list[bytes] | Objects
"""A part of each row."""
Which = int | NDArray[np.intp]
_MANY = 1 << 11
"""Among so many terms it pays to look for those that come again."""
_TSV = {b"\\": b"\\\\", b"\t": b"\\t", b"\n": b"\\n", b"\r": b"\\r", b'"': b'\\"'}
_IN_TSV = re.compile(rb'[\\\t\n\r"]')
_XML = {b"<": b"&lt;", b">": b"&gt;", b"&": b"&amp;", b"'": b"&apos;", b'"': b"&quot;"}
_IN_XML = re.compile(rb"""[<>&'"]""")
_MOST_MADE, _SHORT = 2_000, 300
_SPACES = re.compile(rb"\A[\t\n\r ]+|[\t\n\r ]+\Z")
_BARE = {
    XSD + "boolean": re.compile("true|false"),
    XSD + "integer": re.compile("[+-]?[0-9]+"),
    XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD + "double": re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)[eE][+-]?[0-9]+"),
}


@dataclass(frozen=True)
class Syntax:
    """How terms are written.

    around   what stands before and after the text of all terms of a block
    escaped  a text that has one of some marks, so that not all of its characters stand for themselves
    bare     the literals of a datatype that are written as their text alone
    """

    around: Callable[[Block], tuple[str, str]]
    escaped: Callable[[bytes], bytes]
    marks: Mark
    bare: dict[str, re.Pattern[str]]


class Cells(dict[int, bytes]):
    """What to write for a term, by its number: made when it is wanted, for whom few are enough; nothing for none.

    The short ones are remembered, as those of predicates are wanted again and again.
    """

    def __init__(self, syntax: Syntax, terms: Terms) -> None:
        super().__init__()
        self._syntax, self._escapes, self._values = syntax, int(syntax.marks), terms.values
        self._offsets, self._marks, self._owners = terms.offsets.data, terms.marks.data, terms.owners.data
        self._blocks = [self._block(block) for block in terms.blocks]

    def __missing__(self, number: int) -> bytes:
        found = self._cell(number) if number else b""
        if len(self) >= _MOST_MADE:
            self.clear()
        if len(found) < _SHORT:
            self[number] = found
        return found

    def _cell(self, number: int) -> bytes:
        text = self._values[self._offsets[number] : self._offsets[number + 1]]
        left, right, bare = self._blocks[self._owners[number]]
        if bare and bare.fullmatch(text.decode()):
            return text
        if self._marks[number] & self._escapes:
            text = self._syntax.escaped(text)
        return b"%b%b%b" % (left, text, right)

    def _block(self, block: Block) -> tuple[bytes, bytes, re.Pattern[str] | None]:
        left, right = self._syntax.around(block)
        return left.encode(), right.encode(), self._syntax.bare.get(block.datatype)


class Writer:
    """Makes cells of the terms of columns."""

    def __init__(self, syntax: Syntax, terms: Terms, computed: Computed) -> None:
        self._syntax, self._terms, self._computed = syntax, terms, computed

    def pieces(self, ids: Ids, before: Sequence[str], which: Which, after: str) -> list[Pieces]:
        """What to write for the terms of a column: in each row a piece of each kind, one after the other.

        before, which  texts to write first, and which one of these: in all rows, or in each
        after          what to write last, also for none
        """
        odd = bool(self._syntax.bare or (self._computed.texts and ids.max() >= len(self._terms)))
        if len(ids) < _MANY and not odd:
            return self._apart(ids, before, which, after)
        if isinstance(which, int):
            return [self.cells(ids, before[which], after)]
        return [np.array([text.encode() for text in before], np.object_)[which], self.cells(ids, "", after)]

    def cells(self, ids: Ids, before: str, after: str) -> Objects:
        """A piece for each term, between two texts; those of each different one are put together once."""
        different, where = self._different(ids)
        found = np.empty(len(different), np.object_)
        found[:] = self._written(different, before.encode(), after.encode())
        return found[where]

    def _different(self, ids: Ids) -> tuple[Ids, NDArray[np.int32] | NDArray[np.intp]]:
        """The different terms among some, and where each of these stands among them."""
        if len(ids) < _MANY:
            different = distinct(ids)
            return different, places(ids, different)
        rows = np.arange(len(ids), dtype=np.int32)
        self._places[ids] = rows
        different = np.sort(ids[self._places[ids] == rows])  # where each was written last
        self._places[different] = np.arange(len(different), dtype=np.int32)
        return different, self._places[ids]

    @cached_property
    def _places(self) -> NDArray[np.int32]:
        return np.empty(len(self._terms) + len(self._computed.texts), np.int32)

    def _apart(self, ids: Ids, before: Sequence[str], which: Which, after: str) -> list[Pieces]:
        texts, blocks = self._texts(ids), self._terms.owners[ids]
        around = {
            place: self._around(self._terms.blocks[place]) for place in np.flatnonzero(np.bincount(blocks)).tolist()
        }
        if len(around) == 1 and isinstance(which, int):
            ((left, right),) = around.values()
            return [[before[which].encode() + left] * len(ids), texts, [right + after.encode()] * len(ids)]
        edges = np.empty((len(before) + 1, len(self._terms.blocks)), np.object_)
        for place, (left, right) in around.items():
            edges[:, place] = [*(text.encode() + left for text in before), right + after.encode()]
        return [edges[which, blocks], texts, edges[-1, blocks]]

    def _texts(self, ids: Ids) -> list[bytes]:
        texts = self._terms.texts(ids)
        for place in np.flatnonzero(self._terms.marks[ids] & np.uint8(self._syntax.marks)).tolist():
            texts[place] = self._syntax.escaped(texts[place])
        return texts

    def _around(self, block: Block) -> tuple[bytes, bytes]:
        if block.kind is Kind.UNBOUND:
            return b"", b""
        left, right = self._syntax.around(block)
        return left.encode(), right.encode()

    def _written(self, ids: Ids, before: bytes, after: bytes) -> list[bytes]:
        terms, computed = self._terms, self._computed
        stored = ids[: ids.searchsorted(len(terms))]
        texts = self._texts(stored)
        found: list[bytes] = []
        blocks = terms.blocks_of(stored)
        starts = np.flatnonzero(firsts(blocks)).tolist()
        for start, end in zip(starts, [*starts[1:], len(stored)], strict=False):
            found += self._of_block(terms.blocks[blocks[start]], texts[start:end], before, after)
        for kind, late in groupby((ids[len(stored) :] - len(terms)).tolist(), key=computed.kinds.__getitem__):
            block = Block(kind, 0, 0, XSD + kind.name.lower())
            found += self._of_block(block, [computed.texts[place].encode() for place in late], before, after)
        return found

    def _of_block(self, block: Block, texts: list[bytes], before: bytes, after: bytes) -> list[bytes]:
        left, right = self._around(block)
        left, right = before + left, right + after
        bare = self._syntax.bare.get(block.datatype)
        if bare is None:
            return [left + text + right for text in texts]
        return [before + t + after if bare.fullmatch(t.decode()) else left + t + right for t in texts]


def _json_around(block: Block) -> tuple[str, str]:
    if block.kind is Kind.IRI:
        return '{"type":"uri","value":"', '"}'
    if block.kind is Kind.BLANK:
        return '{"type":"bnode","value":"', '"}'
    if block.kind is Kind.TAGGED:
        return '{"type":"literal","value":"', f'","xml:lang":"{block.language}"}}'
    return (
        '{"type":"literal","value":"',
        '"}' if block.kind is Kind.STRING else f'","datatype":{encode_basestring(block.datatype)}}}',
    )


def _csv_around(block: Block) -> tuple[str, str]:
    return ("_:" if block.kind is Kind.BLANK else ""), ""


def _csv_escaped(text: bytes) -> bytes:
    return b'"' + text.replace(b'"', b'""') + b'"'


def _turtle_around(block: Block) -> tuple[str, str]:
    if block.kind is Kind.IRI:
        return "<", ">"
    if block.kind is Kind.BLANK:
        return "_:", ""
    if block.kind is Kind.TAGGED:
        return '"', f'"@{block.language}'
    return '"', '"' if block.kind is Kind.STRING else f'"^^<{block.datatype}>'


def _tsv_escaped(text: bytes) -> bytes:
    return _IN_TSV.sub(lambda m: _TSV[m[0]], text)


def _xml_around(block: Block) -> tuple[str, str]:
    if block.kind is Kind.IRI:
        return "<uri>", "</uri>"
    if block.kind is Kind.BLANK:
        return "<bnode>", "</bnode>"
    if block.kind is Kind.TAGGED:
        return f'<literal xml:lang="{block.language}">', "</literal>"
    if block.kind is Kind.STRING:
        return "<literal>", "</literal>"
    return f'<literal datatype="{_xml_escaped(block.datatype.encode()).decode()}">', "</literal>"


def _xml_escaped(text: bytes) -> bytes:
    """White space at the ends is written so that no reader takes it for layout."""
    quoted = _IN_XML.sub(lambda m: _XML[m[0]], text)
    return _SPACES.sub(lambda m: b"".join(b"&#%d;" % c for c in m[0]), quoted)


def _json_escaped(text: bytes) -> bytes:
    return encode_basestring(text.decode())[1:-1].encode()


JSON = Syntax(_json_around, _json_escaped, Mark.STRING, {})
CSV = Syntax(_csv_around, _csv_escaped, Mark.LIST, {})
TSV = Syntax(_turtle_around, _tsv_escaped, Mark.STRING, _BARE)
LINES = Syntax(_turtle_around, _tsv_escaped, Mark.STRING, {})
"""N-Triples, in which these escapes are enough: RDF 1.1 N-Triples, section 7."""
XML = Syntax(_xml_around, _xml_escaped, Mark.MARKUP, {})
