"""Literals as people write them: dates, numbers and truth values in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, localcontext
from typing import Final

import pyoxigraph as ox

from kg.pages import dates, edtf
from kg.pages.phrases import locale, phrase
from kg.words.names import EDTF, XSD

_WHOLE = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_FLOATING = re.compile(_DECIMAL.pattern + r"(?:[eE][+-]?[0-9]{1,3})?")
_MOST_DIGITS = 60


def readable(literal: ox.Literal, language: str) -> str:
    """The literal for reading; its lexical form where it has no better one or does not fit its datatype."""
    write = _WRITERS.get(literal.datatype.value)
    return (write(literal.value, language) if write else None) or literal.value


def language_name(tag: str, language: str) -> str:
    """What a language calls the language with a tag, `німецька` for `de`; the tag where it has no name for it."""
    from babel import Locale

    names = Locale.parse(locale(language)).languages
    primary, *subtags = tag.split("-")
    exact = "_".join([primary, *(part.upper() if len(part) == 2 else part.title() for part in subtags)])
    return str(names.get(exact) or names.get(primary) or tag)


def _whole_number(text: str, language: str) -> str | None:
    return _number(text, language) if _WHOLE.fullmatch(text) else None


def _decimal(text: str, language: str) -> str | None:
    return _number(text, language) if _DECIMAL.fullmatch(text) else None


def _floating(text: str, language: str) -> str | None:
    return _number(text, language) if _FLOATING.fullmatch(text) else None


def _number(text: str, language: str) -> str | None:
    """All its digits, in groups; None for numbers that are too long to be read."""
    from babel.numbers import format_decimal

    if len(text) > _MOST_DIGITS:
        return None
    value = Decimal(text)
    if value and not -_MOST_DIGITS < value.adjusted() < _MOST_DIGITS:
        return None
    with localcontext(prec=3 * _MOST_DIGITS):
        return format_decimal(value, locale=locale(language), decimal_quantization=False)


def _truth(text: str, language: str) -> str | None:
    if text in ("true", "1"):
        return phrase("True", language)
    return phrase("False", language) if text in ("false", "0") else None


_INTEGERS: Final = (
    "integer", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger", "long", "int", "short",
    "byte", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte",
)  # fmt: skip
_WRITERS: Final[dict[str, Callable[[str, str], str | None]]] = {
    **{XSD + name: _whole_number for name in _INTEGERS},
    XSD + "decimal": _decimal,
    XSD + "double": _floating,
    XSD + "float": _floating,
    XSD + "boolean": _truth,
    XSD + "date": dates.day,
    XSD + "dateTime": dates.moment,
    XSD + "dateTimeStamp": dates.moment,
    XSD + "gYearMonth": dates.month,
    XSD + "gMonthDay": dates.day_of_year,
    XSD + "gMonth": dates.month_of_year,
    XSD + "gDay": dates.day_of_month,
    XSD + "duration": dates.duration,
    XSD + "dayTimeDuration": dates.duration,
    XSD + "yearMonthDuration": dates.duration,
    EDTF: edtf.read,
}
"""What writes the literals of a datatype; it gives None for what it cannot write better."""
