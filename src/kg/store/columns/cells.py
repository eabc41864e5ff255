"""Terms as each syntax of results writes them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from json.encoder import encode_basestring
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from kg.store.columns.grouping import Computed
from kg.store.columns.terms import Block, Ids, Kind, Mark, Terms, distinct, firsts, places
from kg.words.names import XSD

Objects = NDArray[np.object_]
_SPACES = re.compile(r"^[\t\n\r ]+|[\t\n\r ]+$")
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
    escaped: Callable[[str], str]
    marks: Mark
    bare: dict[str, re.Pattern[str]]


def cells(ids: Ids, syntax: Syntax, terms: Terms, computed: Computed) -> Objects:
    """What to write for terms; nothing where it is unbound. Each different one is made once."""
    size = len(terms) + len(computed.texts)
    flat = ids.ravel()
    different = distinct(flat, size)
    found = np.empty(len(different), np.object_)
    stored = int(different.searchsorted(len(terms)))
    found[:stored] = _stored(different[:stored], syntax, terms)
    found[stored:] = [_computed(number - len(terms), syntax, computed) for number in different[stored:].tolist()]
    return found[places(flat, different, size)].reshape(ids.shape)


def _stored(ids: Ids, syntax: Syntax, terms: Terms) -> list[bytes]:
    texts = terms.texts(ids)
    for place in np.flatnonzero(terms.marks[ids] & np.uint8(syntax.marks)).tolist():
        texts[place] = syntax.escaped(texts[place].decode()).encode()
    found: list[bytes] = []
    blocks = terms.blocks_of(ids)
    starts = np.flatnonzero(firsts(blocks)).tolist()
    for start, end in zip(starts, [*starts[1:], len(ids)], strict=False):
        found += _of_block(terms.blocks[blocks[start]], texts[start:end], syntax)
    return found


def _of_block(block: Block, texts: list[bytes], syntax: Syntax) -> list[bytes]:
    if block.kind is Kind.UNBOUND:
        return [b""]
    before, after = (part.encode() for part in syntax.around(block))
    bare = syntax.bare.get(block.datatype)
    if bare is None:
        return [before + text + after for text in texts] if before or after else texts
    return [text if bare.fullmatch(text.decode()) else before + text + after for text in texts]


def _computed(place: int, syntax: Syntax, computed: Computed) -> bytes:
    kind = computed.kinds[place]
    return _of_block(Block(kind, 0, 0, XSD + kind.name.lower()), [computed.texts[place].encode()], syntax)[0]


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


def _csv_escaped(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in '",\r\n') else text


def _turtle_around(block: Block) -> tuple[str, str]:
    if block.kind is Kind.IRI:
        return "<", ">"
    if block.kind is Kind.BLANK:
        return "_:", ""
    if block.kind is Kind.TAGGED:
        return '"', f'"@{block.language}'
    return '"', '"' if block.kind is Kind.STRING else f'"^^<{block.datatype}>'


def _tsv_escaped(text: str) -> str:
    for character, written in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"), ('"', '\\"')):
        text = text.replace(character, written)
    return text


def _xml_around(block: Block) -> tuple[str, str]:
    if block.kind is Kind.IRI:
        return "<uri>", "</uri>"
    if block.kind is Kind.BLANK:
        return "<bnode>", "</bnode>"
    if block.kind is Kind.TAGGED:
        return f'<literal xml:lang="{block.language}">', "</literal>"
    if block.kind is Kind.STRING:
        return "<literal>", "</literal>"
    return f'<literal datatype="{_xml_quoted(block.datatype)}">', "</literal>"


def _xml_quoted(text: str) -> str:
    return escape(text, {'"': "&quot;", "'": "&apos;"})


def _xml_escaped(text: str) -> str:
    """White space at the ends is written so that no reader takes it for layout."""
    return _SPACES.sub(lambda m: "".join(f"&#{ord(c)};" for c in m[0]), _xml_quoted(text))


JSON = Syntax(_json_around, lambda text: encode_basestring(text)[1:-1], Mark.QUOTES, {})
CSV = Syntax(_csv_around, _csv_escaped, Mark.QUOTES | Mark.COMMAS, {})
TSV = Syntax(_turtle_around, _tsv_escaped, Mark.QUOTES, _BARE)
XML = Syntax(_xml_around, _xml_escaped, Mark.MARKUP, {})
