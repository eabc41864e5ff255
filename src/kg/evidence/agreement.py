"""Whether a phrase says what a claim's object says: numbers, dates, names and texts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal

import pyoxigraph as ox

from kg.evidence import inflection
from kg.evidence.numerals import numbers
from kg.store.rdf_io import Term
from kg.words.names import XSD

_APOSTROPHES = re.compile("['’ʼ‘`]")
_QUOTATION_MARKS = re.compile('[«»“”„"]')
_DASHES = re.compile("[‐‑–—−]")
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_ENGLISH_GROUP = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_NUMBERS = frozenset({"integer", "nonNegativeInteger", "positiveInteger", "int", "decimal"})
_DATES = frozenset({"date", "gYear", "gMonthDay"})
_DIGITS = re.compile("[0-9]+")
_DAY = re.compile(r"(?:(?P<year>[0-9]{4})|-)-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12][0-9]|3[01])")


def says_literal(phrase: str, value: ox.Literal, language: str, *, inflected: bool) -> bool:
    """Whether the phrase contains the literal: a number, date, year, day of the year, or text.

    language  of the phrase, for the names of months
    inflected  the words of a text may stand in other grammatical forms
    Numbers and dates stand in figures or words; other datatypes stand as they are written, in whole words.
    """
    kind, text, phrase = value.datatype.value.removeprefix(XSD), value.value, fold(phrase)
    if kind in _NUMBERS:
        plain = _ENGLISH_GROUP.sub("", phrase) if primary(language) == "en" else phrase
        return bool(_NUMBER.fullmatch(text)) and Decimal(text) in numbers(plain)
    if kind == "gYear":
        return bool(re.fullmatch("[0-9]{4}", text)) and _stands(text, phrase)
    if kind in ("date", "gMonthDay"):
        day = _DAY.fullmatch(text)
        return day is not None and _says_day(phrase, language, day)
    if inflected:
        return says_name(phrase, [text], inflected=True)
    return _stands(fold(text), phrase)


def is_figure(value: Term) -> bool:
    """Whether it is a number or a date, which a text says in figures or words."""
    return isinstance(value, ox.Literal) and value.datatype.value.removeprefix(XSD) in _NUMBERS | _DATES


def may_imply(phrase: str, value: Term) -> bool:
    """Whether words may mean the value without naming it.

    A number or a date they may as long as they have no other figures: “yesterday” and “8 October” may mean 2025-10-08,
    “9 October” and “in 2024” may not.
    """
    if not (isinstance(value, ox.Literal) and is_figure(value)):
        return True
    said = {Decimal(n) for n in _DIGITS.findall(phrase)}
    if value.datatype.value.removeprefix(XSD) in _NUMBERS:
        said = numbers(fold(phrase))
    return said <= {Decimal(n) for n in _DIGITS.findall(value.value)}


def says_name(phrase: str, names: Iterable[str], *, inflected: bool) -> bool:
    """Whether one of the names stands in the phrase, word by word, whatever the case and the punctuation."""
    said = words(phrase)
    same = inflection.same if inflected else str.__eq__
    for name in names:
        wanted = words(name)
        for start in range(len(said) - len(wanted) + 1):
            if wanted and all(same(w, s) for w, s in zip(wanted, said[start:], strict=False)):
                return True
    return False


def fold(text: str) -> str:
    """Text for comparison: case, white space, and the kinds of apostrophe, dash and quotation mark made alike."""
    text = unicodedata.normalize("NFC", text).casefold()
    text = _DASHES.sub("-", _QUOTATION_MARKS.sub('"', _APOSTROPHES.sub("'", text)))
    return " ".join(text.split())


def words(text: str) -> list[str]:
    """The words of a folded text."""
    return _WORD.findall(fold(text))


def _stands(text: str, phrase: str) -> bool:
    """Whether a folded text is in a folded phrase, and not within a longer word or number."""
    before, after = (r"(?<!\w)" if text[:1].isalnum() else ""), (r"(?!\w)" if text[-1:].isalnum() else "")
    return bool(text) and re.search(before + re.escape(text) + after, phrase) is not None


def _says_day(phrase: str, language: str, stated: re.Match[str]) -> bool:
    year, month, day = stated["year"] or "[0-9]{4}", stated["month"], stated["day"]
    in_figures = rf"(?<!\d)(?:{year}-{month}-{day}|0?{int(day)}\.0?{int(month)}\.{year})(?!\d)"
    if re.search(in_figures, phrase):
        return True
    name = _month(int(month), language)
    with_name = rf"(?<![\d.,])(?:0?{int(day)}(?:-\d\d?)? {name}|{name} 0?{int(day)})(?!\w)"
    if not name or not re.search(with_name, phrase):
        return False
    return stated["year"] is None or _stands(stated["year"], phrase)


def _month(number: int, language: str) -> str:
    """How the month is called in a date, as a pattern; empty for a language that nobody knows."""
    from babel.dates import get_month_names
    from babel.localedata import exists

    code = primary(language) or "en"
    if not (re.fullmatch("[a-z]{2,3}", code) and exists(code)):
        return ""
    return re.escape(fold(get_month_names("wide", "format", code)[number]))


def primary(language: str) -> str:
    """The language of a tag without its region or script. Source: RFC 5646, section 2.1."""
    return language.partition("-")[0].lower()
