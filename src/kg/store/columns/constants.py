"""A query's constants, looked up among the terms of the store."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from kg.store.columns.algebra import Constant, Declined, Slot
from kg.store.columns.loading import kind
from kg.store.columns.terms import NUMERIC, Block, Kind, Terms
from kg.store.columns.tokens import SAFE_IRI
from kg.words.names import RDF, XSD

_ESCAPES = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_ESCAPE = re.compile(r"\\(.?)", re.DOTALL)
_REMEMBERED = 256


class Known(NamedTuple):
    """A constant.

    number  of the term; -1 if the store does not have it, so that nothing matches it
    block   of the terms that are like it, if there are any; place is where it stands or would stand among them
    value   of a numeric literal
    """

    number: int
    kind: Kind
    text: str
    block: Block | None = None
    place: int = 0
    value: float = 0.0


class Constants:
    """Looks constants up, and remembers those of late: many come again, in the same query or in the next."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._known = lru_cache(maxsize=_REMEMBERED)(self._look_up)
        self._iri = lru_cache(maxsize=_REMEMBERED)(self._look_iri_up)

    def resolve(self, constant: Constant, written: Sequence[str]) -> Known:
        """What a constant is. Raise Declined if it is not surely what the other evaluator takes it for.

        written  what was cut out of the query
        """
        text = written[constant.text.place] if isinstance(constant.text, Slot) else constant.text
        if constant.is_iri:
            return self._iri(text[1:-1] if isinstance(constant.text, Slot) else text)
        if constant.number:
            return self._number(text)
        if isinstance(constant.text, Slot):
            text = _ESCAPE.sub(_unescaped, text[1:-1]) if "\\" in text else text[1:-1]
        if constant.language:
            return self._known(Kind.TAGGED, text, RDF + "langString", constant.language)
        datatype = constant.datatype
        if isinstance(datatype, Slot):
            datatype = self._iri(written[datatype.place][1:-1]).text
        of_kind = kind(text, str(datatype))
        if of_kind is Kind.ODD or (of_kind in NUMERIC and text != _canonical(text, of_kind)):
            raise Declined
        return self._known(of_kind, text, str(datatype))

    def _look_iri_up(self, text: str) -> Known:
        found = self._look_up(Kind.IRI, text)
        if found.number < 0 and not SAFE_IRI.fullmatch(text):
            raise Declined
        return found

    def _number(self, text: str) -> Known:
        """A number as it is written in SPARQL, without quotes: section 4.1.2 of SPARQL 1.1 Query."""
        of_kind, name = Kind.INTEGER, "integer"
        if "e" in text or "E" in text:
            of_kind, name = Kind.DOUBLE, "double"
        elif "." in text:
            of_kind, name = Kind.DECIMAL, "decimal"
        written = _canonical(text, of_kind)
        if kind(written, XSD + name) is Kind.ODD:
            raise Declined
        return self._known(of_kind, written, XSD + name)

    def _look_up(self, of_kind: Kind, text: str, datatype: str = "", language: str = "") -> Known:
        terms = self._terms
        block = terms.block(of_kind, datatype, language)
        encoded = text.encode()
        place = terms.place(block, encoded) if block else 0
        number = place if block and place < block.end and terms.text(place) == encoded else -1
        return Known(number, of_kind, text, block, place, float(text) if of_kind in NUMERIC else 0.0)


def whole(number: str | Slot, written: Sequence[str]) -> int:
    """The number of LIMIT or OFFSET."""
    text = written[number.place] if isinstance(number, Slot) else number
    if not text.isdecimal() or len(text) > 18:
        raise Declined
    return int(text)


def _canonical(text: str, of_kind: Kind) -> str:
    """The text that a value is stored with."""
    if text.endswith("INF"):
        return text
    value = Decimal(repr(float(text)) if of_kind is Kind.DOUBLE else text)
    if not value and of_kind is not Kind.DOUBLE:  # which alone has a negative zero
        return "0"
    found = f"{value:f}"
    return found.rstrip("0").rstrip(".") if "." in found else found


def _unescaped(match: re.Match[str]) -> str:
    try:
        return _ESCAPES[match[1]]
    except KeyError:
        raise Declined from None
