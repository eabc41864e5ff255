"""Dates that are not sure or not whole, as people write them. Source: Extended Date/Time Format, levels 0 and 1."""

from __future__ import annotations

import re

from kg.pages import dates
from kg.pages.phrases import phrase

_YEAR = re.compile(r"[0-9]{4}")
_DECADE = re.compile(r"([0-9]{3})X")
_UNSPECIFIED = re.compile(r"(?<=\A[0-9]{4})-XX(?:-XX)?\Z|(?<=\A[0-9]{4}-[0-9]{2})-XX\Z")
_SEASON = re.compile(r"([0-9]{4})-2([1-4])")


def read(text: str, language: str) -> str | None:
    """A date, or an interval of two, in words; None for what is not of these levels or better as it is."""
    start, slash, end = text.partition("/")
    if not slash:
        return _qualified(text, language)
    first, last = _qualified(start, language), _qualified(end, language)
    if first and last:
        return phrase("{start} – {end}", language, start=first, end=last)
    if first and end == "..":
        return phrase("{date} and later", language, date=first)
    return phrase("{date} and earlier", language, date=last) if last and start == ".." else None


def _qualified(text: str, language: str) -> str | None:
    """A date with the mark of how sure it is (level 1, qualification of a date)."""
    certain, mark = (text[:-1], text[-1]) if text.endswith(("?", "~", "%")) else (text, "")
    date = _date(certain, language)
    if date is None or not mark:
        return date
    if mark == "?":
        return phrase("possibly {date}", language, date=date)
    if mark == "~":
        return phrase("about {date}", language, date=date)
    return phrase("possibly about {date}", language, date=date)


def _date(text: str, language: str) -> str | None:
    text = _UNSPECIFIED.sub("", text)
    if _YEAR.fullmatch(text):
        return text
    if decade := _DECADE.fullmatch(text):
        return phrase("{decade}s", language, decade=f"{decade[1]}0")
    if season := _SEASON.fullmatch(text):
        return _season(season[1], season[2], language)
    return dates.month(text, language) or dates.day(text, language) or dates.moment(text, language)


def _season(year: str, season: str, language: str) -> str:
    if season == "1":
        return phrase("spring {year}", language, year=year)
    if season == "2":
        return phrase("summer {year}", language, year=year)
    if season == "3":
        return phrase("autumn {year}", language, year=year)
    return phrase("winter {year}", language, year=year)
