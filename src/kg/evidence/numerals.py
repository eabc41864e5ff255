"""What numbers a phrase says, in digits and in Ukrainian, Russian and English words."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import Final, NamedTuple

_CASES = "(?:ь|и|ьох|ьом|ьма|ьома|ью)"
_FORMS: Final = {
    1: "один|од(?:на|не|ні|но|ного|ної|ному|ній|ну|ним|ною|нією|них|ними)|одн(?:и|ой|ом)|one",
    2: "дв(?:а|і|ох|ом|ома|е|ух|ум|умя)|two",
    3: "тр(?:и|ьох|ьом|ьома|ех|ём|ем|ёх|емя)|three",
    4: "чотир(?:и|ьох|ьом|ма)|четыр(?:е|ех|ёх|ем|ём|ьмя)|four",
    5: f"п'?ят{_CASES}|five",
    6: f"ш[іе]ст{_CASES}|six",
    7: "сім(?:ох|ом|а|ома)?|сем(?:и|ь|ью)|seven",
    8: "вісім(?:ома)?|вісьма|вісьмома|восьм(?:и|ьох|ьом|ью)|восем(?:ь|ью)|eight",
    9: f"дев'?ят{_CASES}|nine",
    10: f"десят{_CASES}|ten",
    11: f"одинн?адц[яа]т{_CASES}|eleven",
    12: f"дв[ае]надц[яа]т{_CASES}|twelve",
    13: f"тринадц[яа]т{_CASES}|thirteen",
    14: f"(?:чотир|четыр)надц[яа]т{_CASES}|fourteen",
    15: f"п'?ятнадц[яа]т{_CASES}|fifteen",
    16: f"ш[іе]стнадц[яа]т{_CASES}|sixteen",
    17: f"с[іе]мнадц[яа]т{_CASES}|seventeen",
    18: f"(?:вісім|восем)надц[яа]т{_CASES}|eighteen",
    19: f"дев'?ятнадц[яа]т{_CASES}|nineteen",
    20: f"двадц[яа]т{_CASES}|twenty",
    30: f"тридц[яа]т{_CASES}|thirty",
    40: "сорока?|forty",
    90: "дев'?яност[оа]|ninety",
    100: "ст[оа]",
}
_BEGINNINGS: Final = {
    2: "дв(?:і|ох|ом|ома|е|ух|ум|умя)",
    3: "тр(?:и|ьох|ьом|ьома|ех|ем|емя)",
    4: "чотир(?:и|ьох|ьом|ма)|четыр(?:е|ех|ем|ьмя)",
    5: "п'?ят(?:ь|и|ьма|ью)?",
    6: "ш[іе]ст(?:ь|и|ьма|ью)?",
    7: "сім|сьома|сем(?:и|ь|ью)",
    8: "вісім|вісьма|восьм(?:и|ью)|восем(?:ь|ью)",
    9: "дев'?ят(?:ь|и|ьма|ью)?",
}
"""Of the tens from fifty to eighty and of the hundreds."""
_ENGLISH_TENS: Final = {50: "fifty", 60: "sixty", 70: "seventy", 80: "eighty"}
_MULTIPLIERS: Final = {
    100: "hundred",
    1_000: "тис|тыс|т[иы]сяч(?:а|і|и|е|у|ею|ей|ью|ам|ами|ах)?|thousand",
    1_000_000: "млн|мільйон[а-яії]{0,3}|миллион[а-я]{0,3}|million",
    1_000_000_000: "млрд|мільярд[а-яії]{0,3}|миллиард[а-я]{0,3}|billion",
}
_TOKEN = re.compile(
    r"""
      (?P<date>(?<!\d)(?:\d{4}-\d\d-\d\d|\d{1,2}\.\d{1,2}\.\d{4})(?!\d))
    | (?<![\w.,])(?<![^\W\d_]-)(?P<digits>[0-9]{1,3}(?:\ [0-9]{3})+(?:[.,][0-9]+)?|[0-9]+(?:[.,][0-9]+)?)(?!\w|[.,]\d)
    | (?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)
    | (?P<gap>[\s-]+)
    | .
    """,
    re.VERBOSE,
)


class _Part(NamedTuple):
    """A number word, or digits: what they are worth, and what the next must be less than to be part of the number."""

    value: Decimal
    room: int
    multiplies: bool


class Numeral(NamedTuple):
    """A number in a phrase: characters `start` to `end`, and what it is worth."""

    start: int
    end: int
    value: Decimal


def numbers(phrase: str) -> set[Decimal]:
    """All numbers in a folded phrase, each as a whole: neither 20 nor 1 in «двадцять один», no 19 in «covid-19».

    Digits may be grouped by spaces; a comma or a point makes a decimal. Dates in figures are no numbers.
    """
    return {numeral.value for numeral in numerals(phrase)}


def numerals(phrase: str) -> list[Numeral]:
    """The same with their places, in order."""
    found: list[Numeral] = []
    parts: list[Decimal] = []
    start = end = room = 0
    for match in _TOKEN.finditer(phrase):
        part = _part(match)
        if part is None and (match["gap"] or match["word"] == "and"):
            continue
        goes_on = part is not None and (part.multiplies or (match["word"] and part.value < room))
        if parts and not goes_on:
            found.append(Numeral(start, end, sum(parts, Decimal())))
            parts = []
        if part is None:
            continue
        start, end = start if parts else match.start(), match.end()
        smaller = Decimal()
        while part.multiplies and parts and parts[-1] < part.value:
            smaller += parts.pop()
        parts.append((smaller or 1) * part.value if part.multiplies else part.value)
        room = part.room
    return [*found, Numeral(start, end, sum(parts, Decimal()))] if parts else found


def _part(match: re.Match[str]) -> _Part | None:
    if match["digits"]:
        return _Part(Decimal(match["digits"].replace(" ", "").replace(",", ".")), 0, False)
    return _word(match["word"]) if match["word"] else None


@cache
def _words() -> list[tuple[re.Pattern[str], _Part]]:
    plain = dict(_FORMS)
    for unit, beginning in _BEGINNINGS.items():
        plain[unit * 100] = f"(?:{beginning})(?:сот|ст[аіиоуямх]+)"
        if unit * 10 in _ENGLISH_TENS:
            plain[unit * 10] = f"(?:{beginning})десят{_CASES}?|{_ENGLISH_TENS[unit * 10]}"
    parts = [(form, _Part(Decimal(v), 100 if v >= 100 else 10 if v >= 20 else 0, False)) for v, form in plain.items()]
    parts += [(form, _Part(Decimal(v), v, True)) for v, form in _MULTIPLIERS.items()]
    return [(re.compile(form), part) for form, part in parts]


def _word(word: str) -> _Part | None:
    return next((part for form, part in _words() if form.fullmatch(word)), None)
