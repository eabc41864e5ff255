"""Whether a phrase says what a claim's object says: numbers, dates, names, in Ukrainian, Russian and English."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import pyoxigraph as ox

from kg.words.names import XSD

MAX_ENDING = 3
"""Letters in which the forms of one word may differ at the end, as лікарня and лікарень do."""

_APOSTROPHES = re.compile("['’ʼ‘`]")
_QUOTATION_MARKS = re.compile('[«»“”„"]')
_DASHES = re.compile("[‐‑–—−]")
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")

_NUMBER_WORDS = {
    1: "од(?:ин|на|не|ні|но|ного|ної|ному|ній|ну|ним|ною|ної)|один|одна|одно|одн(?:ого|ой|ому|у|им|ом|и)|one",
    2: "дв(?:а|і|ох|ом|ома)|дв(?:е|ух|ум|умя)|two",
    3: "тр(?:и|ьох|ьом|ьома)|тр(?:ех|ём|ем|ёх|емя)|three",
    4: "чотир(?:и|ьох|ьом|ма)|четыр(?:е|ех|ёх|ем|ьмя)|four",
    5: "п'ят(?:ь|и|ьох|ьом|ьма|ьома)|пять?и?|пятью|five",
    6: "шіст(?:ь|ьох|ьом|ьма|ьома)|шести|шест(?:ь|ью)|six",
    7: "сім|семи|сім(?:ох|ом|а|ома)|сьома|сем(?:ь|ью)|seven",
    8: "вісім|восьми|восьмьох|восьмьом|вісьма|вісьмома|восем(?:ь|ью)|eight",
    9: "дев'ят(?:ь|и|ьох|ьом|ьма|ьома)|девят(?:ь|и|ью)|nine",
    10: "десят(?:ь|и|ьох|ьом|ьма|ьома|ью)|ten",
    11: "одинадцят(?:ь|и|ьох|ьом|ьма)|одиннадцат(?:ь|и|ью)|eleven",
    12: "дванадцят(?:ь|и|ьох|ьом|ьма)|двенадцат(?:ь|и|ью)|twelve",
    13: "тринадцят(?:ь|и|ьох|ьом|ьма)|тринадцат(?:ь|и|ью)|thirteen",
    14: "чотирнадцят(?:ь|и|ьох|ьом|ьма)|четырнадцат(?:ь|и|ью)|fourteen",
    15: "п'ятнадцят(?:ь|и|ьох|ьом|ьма)|пятнадцат(?:ь|и|ью)|fifteen",
    16: "шістнадцят(?:ь|и|ьох|ьом|ьма)|шестнадцат(?:ь|и|ью)|sixteen",
    17: "сімнадцят(?:ь|и|ьох|ьом|ьма)|семнадцат(?:ь|и|ью)|seventeen",
    18: "вісімнадцят(?:ь|и|ьох|ьом|ьма)|восемнадцат(?:ь|и|ью)|eighteen",
    19: "дев'ятнадцят(?:ь|и|ьох|ьом|ьма)|девятнадцат(?:ь|и|ью)|nineteen",
    20: "двадцят(?:ь|и|ьох|ьом|ьма)|двадцат(?:ь|и|ью)|twenty",
}


def says_literal(phrase: str, value: ox.Literal, language: str, *, inflected: bool) -> bool:
    """Whether the phrase contains the literal: a number, date, year, day of the year, or text.

    language  of the phrase, for the names of months
    inflected  the words of a text may stand in other grammatical forms
    Numbers stand in digits or, to 20, as words; other datatypes stand as they are written.
    """
    kind = value.datatype.value.removeprefix(XSD)
    text = value.value
    if kind in ("integer", "nonNegativeInteger", "positiveInteger", "int", "decimal"):
        return _says_number(phrase, text)
    if kind == "gYear":
        return _has_digits(phrase, text)
    if kind in ("date", "gMonthDay"):
        year, month, day = re.match(r"(\d{4})?-{1,2}(\d\d)-(\d\d)", text).groups() if _is_day(text) else ("", "", "")  # type: ignore[union-attr]
        return text in phrase or (bool(day) and _says_day(phrase, language, int(day), int(month), year))
    if inflected:
        return says_name(phrase, [text], inflected=True)
    return fold(text) in fold(phrase)


def says_name(phrase: str, names: Iterable[str], *, inflected: bool) -> bool:
    """Whether one of the names stands in the phrase, word by word, whatever the case and the quotation marks."""
    said = words(phrase)
    same = _same_stem if inflected else str.__eq__
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


def _same_stem(one: str, other: str) -> bool:
    if one == other:
        return True
    common = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return common >= 3 and common >= max(len(one), len(other)) - MAX_ENDING


def _says_number(phrase: str, digits: str) -> bool:
    if _has_digits(phrase, digits):
        return True
    pattern = _NUMBER_WORDS.get(int(digits)) if digits.isdigit() else None
    return pattern is not None and any(re.fullmatch(pattern, word) for word in words(phrase))


def _has_digits(phrase: str, digits: str) -> bool:
    spaced = re.sub(r"(?<=\d)[   ](?=\d{3}\b)", "", phrase)
    return re.search(rf"(?<![\d.,]){re.escape(digits)}(?![\d]|[.,]\d)", spaced) is not None


def _is_day(text: str) -> bool:
    return re.fullmatch(r"(?:\d{4}-|--)(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])", text) is not None


def _says_day(phrase: str, language: str, day: int, month: int, year: str | None) -> bool:
    from babel.dates import get_month_names

    name = get_month_names("wide", "format", language or "en")[month]
    said = " ".join(words(phrase))
    orders = (f"{day} {name}", f"{name} {day}")
    return any(re.search(rf"\b{re.escape(fold(o))}\b", said) for o in orders) and (
        not year or _has_digits(phrase, year)
    )
