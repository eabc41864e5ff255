"""Dates, times and durations as people write them. Source: XML Schema 1.1 Datatypes, sections 3.3.6 to 3.3.14.

Every function takes a lexical form and gives None for what is none of its datatype, for a year that has not four
digits, and for a day or month with a time zone: there the lexical form says it best.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from kg.pages.phrases import locale, phrase

_YEAR_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_CLOCK = r"((?:[01][0-9]|2[0-3]):[0-5][0-9])(:[0-5][0-9](?:\.[0-9]{1,12})?)"
_MOMENT = re.compile(rf"([^T]+)T{_CLOCK}(Z|[+-][01][0-9]:[0-5][0-9])?")
_MONTH_DAY = re.compile(r"--([0-9]{2})-([0-9]{2})")
_MONTH = re.compile(r"--([0-9]{2})")
_DAY = re.compile(r"---(0[1-9]|[12][0-9]|3[01])")
_DURATION = re.compile(
    r"P(?=.)(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)D)?(?:T(?=.)(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+(?:\.[0-9]+)?)S)?)?"
)
_UNITS = ("year", "month", "day", "hour", "minute", "second")
_LONGEST_DURATION = 40
_LEAP_YEAR = "2000"


def day(text: str, language: str) -> str | None:
    """`2025-10-08`."""
    from babel.dates import format_date

    found = _on(match[1], match[2], match[3]) if (match := _DATE.fullmatch(text)) else None
    return format_date(found, "long", locale=locale(language)) if found else None


def month(text: str, language: str) -> str | None:
    """`2014-12`."""
    from babel.dates import format_skeleton

    found = _on(match[1], match[2], "01") if (match := _YEAR_MONTH.fullmatch(text)) else None
    return format_skeleton("yMMMM", found, locale=locale(language)) if found else None


def day_of_year(text: str, language: str) -> str | None:
    """`--12-06`: a day that comes every year."""
    from babel.dates import format_skeleton

    found = _on(_LEAP_YEAR, match[1], match[2]) if (match := _MONTH_DAY.fullmatch(text)) else None
    return format_skeleton("MMMMd", found, locale=locale(language)) if found else None


def month_of_year(text: str, language: str) -> str | None:
    """`--12`: a month that comes every year."""
    from babel.dates import get_month_names

    match = _MONTH.fullmatch(text)
    return get_month_names("wide", "stand-alone", locale(language)).get(int(match[1])) if match else None


def day_of_month(text: str, language: str) -> str | None:
    """`---08`: a day that comes every month."""
    match = _DAY.fullmatch(text)
    return phrase("day {day} of the month", language, day=int(match[1])) if match else None


def moment(text: str, language: str) -> str | None:
    """`2025-10-08T10:00:00Z`: the day and the time there, with the time zone's distance from UTC."""
    match = _MOMENT.fullmatch(text)
    on = day(match[1], language) if match else None
    if match is None or on is None:
        return None
    seconds = "" if re.fullmatch(r":00(?:\.0+)?", match[3]) else match[3]
    zone = " UTC" + match[4].replace("-", "−") if match[4] not in (None, "Z") else " UTC" if match[4] else ""
    return f"{on}, {match[2]}{seconds}{zone}"


def duration(text: str, language: str) -> str | None:
    """`P1Y6M`."""
    from babel.lists import format_list
    from babel.units import format_unit

    match = _DURATION.fullmatch(text)
    if match is None or len(text) > _LONGEST_DURATION:
        return None
    given = [(Decimal(number), unit) for number, unit in zip(match.groups(), _UNITS, strict=True) if number]
    parts = [format_unit(number, f"duration-{unit}", locale=locale(language)) for number, unit in given if number]
    return format_list(parts, style="unit", locale=locale(language)) if parts else None


def _on(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
