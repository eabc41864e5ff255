"""Literals as people write them: dates, numbers and truth values in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

import pyoxigraph as ox

from kg.pages.phrases import phrase
from kg.words.names import XSD

_LOCALES: Final = {"en": "en_GB"}
_LEAP_YEAR: Final = 2000


def readable(literal: ox.Literal, language: str) -> str:
    """The literal for reading; its lexical form where it has no better one or does not fit its datatype."""
    write = _WRITERS.get(literal.datatype.value)
    try:
        return write(literal.value, language) if write else literal.value
    except ValueError:
        return literal.value


def _date(text: str, language: str) -> str:
    from babel.dates import format_date

    return format_date(date.fromisoformat(text), "long", locale=_LOCALES.get(language, language))


def _day_of_year(text: str, language: str) -> str:
    """`--12-06`: a day that comes every year."""
    from babel.dates import format_skeleton

    month, day = text.removeprefix("--").split("-")
    return format_skeleton("MMMMd", date(_LEAP_YEAR, int(month), int(day)), locale=_LOCALES.get(language, language))


def _whole_number(text: str, language: str) -> str:
    from babel.numbers import format_decimal

    return format_decimal(int(text), locale=_LOCALES.get(language, language))


def _truth(text: str, language: str) -> str:
    return phrase("True" if text in ("true", "1") else "False", language)


_WRITERS: Final[dict[str, Callable[[str, str], str]]] = {
    XSD + "date": _date,
    XSD + "gMonthDay": _day_of_year,
    XSD + "integer": _whole_number,
    XSD + "nonNegativeInteger": _whole_number,
    XSD + "positiveInteger": _whole_number,
    XSD + "boolean": _truth,
}
