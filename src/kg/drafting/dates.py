"""Dates in a text: days, months, years, what recurs, and what is told from the day of the document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import pyoxigraph as ox

from kg.drafting.reading import Reading, Span
from kg.evidence import inflection
from kg.evidence.agreement import primary
from kg.store.text.folding import fold
from kg.words.names import XSD

_FIGURES: Final = re.compile(
    r"(?<![\d.-])(?:(?P<y>[12]\d{3})-(?P<m>\d\d)-(?P<d>\d\d)|(?P<d2>\d{1,2})[./](?P<m2>\d\d)[./](?P<y2>[12]\d{3}))(?![\d-])"
)
_YEAR_BEHIND: Final = r"(?:,? (?P<y>[12]\d{3})(?!\d)(?: (?:р\.|г\.|рік|року|році|год|года|году)(?!\w))?)"
_DAY_FIRST: Final = re.compile(
    rf"(?<![\d.,])(?P<d>[0-3]?\d)(?:-?(?:го|е|те|th|st|nd|rd))? (?P<month>[^\W\d_]{{3,}}){_YEAR_BEHIND}?"
)
_MONTH_FIRST: Final = re.compile(
    rf"(?<!\w)(?<!\d )(?P<month>[^\W\d_]{{3,}})(?: (?P<d>[0-3]?\d)(?!\d)(?=,? [12]\d{{3}}))?{_YEAR_BEHIND}"
)
_YEAR: Final = re.compile(
    r"(?:(?<!\w)(?:у|в|во|з|із|від|до|протягом|упродовж|с|от|після|после|в течение|(?P<in>in|since|during|until|of)) )?"
    r"(?<![\d.,/-])(?P<y>(?:19|20)\d\d)(?![\d/-]|[.,]\d)"
    r"(?P<word> (?:рік|року|році|роком|рр\.|р\.|год|года|году|годом|гг\.|г\.)(?!\w))?"
)
_RECURRING: Final = {
    "P1Y": "щороку|щорічно|щорічний|щорічна|ежегодно|ежегодный|ежегодная|каждый год|annually|every year|yearly",
    "P1M": "щомісяця|щомісячно|ежемесячно|каждый месяц|monthly|every month",
    "P1W": "щотижня|щотижнево|еженедельно|каждую неделю|weekly|every week",
    "P1D": "щодня|щоденно|ежедневно|каждый день|daily|every day",
}
_YEARS_AWAY: Final = {
    0: "цьогоріч|цього року|у цьому році|в этом году|этого года|this year",
    -1: "торік|минулого року|у минулому році|в прошлом году|прошлого года|last year",
    1: "наступного року|у наступному році|в следующем году|следующего года|next year",
}
_DAYS_AWAY: Final = {
    0: "сьогодні|сегодня|today",
    -1: "вчора|учора|вчера|yesterday",
    1: "завтра|tomorrow",
    -2: "позавчора|позавчера",
    2: "післязавтра|послезавтра",
}


@dataclass(frozen=True)
class Date(Span):
    """A date as it is written, and the value it stands for.

    value     xsd:date, xsd:gYear, xsd:gYearMonth, xsd:gMonthDay or xsd:duration; None if it cannot be known
    figure    the date without preposition and “year”
    is_told   it is told from the date of the document, and does not stand there
    """

    value: ox.Literal | None
    figure: Span
    is_told: bool = False


def dates(reading: Reading, day: date | None) -> list[Date]:
    """The dates, in order.

    day  of the document, for what is told from it
    """
    found: list[Date] = []
    for date_ in (*_in_figures(reading), *_in_words(reading), *_years(reading)):
        if not any(date_.overlaps(known) for known in found):
            found.append(date_)
    return sorted((*found, *_told(reading, day)), key=lambda d: d.start)


def typed(value: str, kind: str) -> ox.Literal:
    return ox.Literal(value, datatype=ox.NamedNode(XSD + kind))


def _in_figures(reading: Reading) -> Iterator[Date]:
    for m in _FIGURES.finditer(reading.level):
        year, month, day = (int(m[k] or m[f"{k}2"]) for k in "ymd")
        if value := _day(year, month, day):
            yield _date(m.start(), m.end(), value)


def _in_words(reading: Reading) -> Iterator[Date]:
    code = primary(reading.language)
    for m in (*_DAY_FIRST.finditer(reading.level), *_MONTH_FIRST.finditer(reading.level)):
        month, day, year = _month(m["month"], code), int(m["d"] or 0), int(m["y"] or 0)
        value = _value(year, month, day) if month else None
        if value:
            yield _date(m.start(), m.end(), value)


def _value(year: int, month: int, day: int) -> ox.Literal | None:
    if not day:
        return typed(f"{year}-{month:02}", "gYearMonth")
    if year:
        return _day(year, month, day)
    return typed(f"--{month:02}-{day:02}", "gMonthDay") if _day(2000, month, day) else None


def _years(reading: Reading) -> Iterator[Date]:
    for m in _YEAR.finditer(reading.level):
        if m["word"] or m["in"]:
            figure = Span(m.start("y"), m.end("y"))
            yield Date(m.start(), m.end(), typed(m["y"], "gYear"), figure)


def _told(reading: Reading, day: date | None) -> Iterator[Date]:
    for duration, words in _RECURRING.items():
        yield from _phrases(reading, words, typed(duration, "duration"), is_told=False)
    for years, words in _YEARS_AWAY.items():
        yield from _phrases(reading, words, typed(str(day.year + years), "gYear") if day else None, is_told=True)
    for days, words in _DAYS_AWAY.items():
        value = typed((day + timedelta(days)).isoformat(), "date") if day else None
        yield from _phrases(reading, words, value, is_told=True)


def _phrases(reading: Reading, words: str, value: ox.Literal | None, *, is_told: bool) -> Iterator[Date]:
    for m in re.finditer(rf"(?<!\w)(?:{words})(?!\w)", reading.level):
        yield Date(m.start(), m.end(), value, Span(m.start(), m.end()), is_told)


def _date(start: int, end: int, value: ox.Literal) -> Date:
    return Date(start, end, value, Span(start, end))


def _day(year: int, month: int, day: int) -> ox.Literal | None:
    try:
        return typed(date(year, month, day).isoformat(), "date")
    except ValueError:
        return None


@lru_cache(maxsize=10_000)
def _month(word: str, code: str) -> int:
    """The number of the month that a word names in any of its forms; 0 if it names none."""
    return next((n for n, names in _months(code).items() if any(inflection.same(fold(word), m) for m in names)), 0)


@lru_cache
def _months(code: str) -> dict[int, tuple[str, ...]]:
    from babel.dates import get_month_names
    from babel.localedata import exists

    known = code if re.fullmatch("[a-z]{2,3}", code) and exists(code) else "en"
    tables = [get_month_names("wide", context, known) for context in ("format", "stand-alone")]
    return {n: tuple({fold(table[n]) for table in tables}) for n in range(1, 13)}
