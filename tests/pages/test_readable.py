"""Literals as people write them."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.pages.phrases import INTERFACE_LANGUAGES
from kg.pages.readable import language_name, readable
from kg.words.names import EDTF, XSD


@pytest.mark.parametrize(
    ("text", "datatype", "language", "shown"),
    [
        pytest.param("2025-10-08", XSD + "date", "en", "8 October 2025", id="date"),
        pytest.param("2025-10-08", XSD + "date", "uk", "8 жовтня 2025 р.", id="date in Ukrainian"),
        pytest.param("2025-10-08Z", XSD + "date", "en", "2025-10-08Z", id="date with time zone"),
        pytest.param("yesterday", XSD + "date", "en", "yesterday", id="no date"),
        pytest.param("--12-06", XSD + "gMonthDay", "ru", "6 декабря", id="day of every year"),
        pytest.param("--02-29", XSD + "gMonthDay", "en", "29 February", id="day of leap years"),
        pytest.param("2013", XSD + "gYear", "en", "2013", id="year"),
        pytest.param("3379", XSD + "integer", "en", "3,379", id="number"),
        pytest.param("3379", XSD + "integer", "uk", "3 379", id="number in Ukrainian"),
        pytest.param("about ten", XSD + "integer", "en", "about ten", id="no number"),
        pytest.param("true", XSD + "boolean", "uk", "так", id="truth value"),
        pytest.param("20251008", XSD + "date", "en", "20251008", id="date without hyphens"),
        pytest.param("-0044-03-15", XSD + "date", "en", "-0044-03-15", id="date before Christ"),
        pytest.param("2025-02-30", XSD + "date", "en", "2025-02-30", id="day that does not exist"),
        pytest.param("2014-12", XSD + "gYearMonth", "en", "December 2014", id="month"),
        pytest.param("2014-12", XSD + "gYearMonth", "uk", "грудень 2014 р.", id="month in Ukrainian"),
        pytest.param("2014-13", XSD + "gYearMonth", "uk", "2014-13", id="month that does not exist"),
        pytest.param("--12", XSD + "gMonth", "ru", "декабрь", id="month of every year"),
        pytest.param("--13", XSD + "gMonth", "ru", "--13", id="thirteenth month"),
        pytest.param("---08", XSD + "gDay", "uk", "8-й день місяця", id="day of every month"),
        pytest.param("2025-10-08T09:05:00Z", XSD + "dateTime", "en", "8 October 2025, 09:05 UTC", id="moment"),
        pytest.param(
            "2025-10-08T09:05:07.5-03:00", XSD + "dateTime", "ru", "8 октября 2025 г., 09:05:07.5 UTC−03:00", id="zone"
        ),
        pytest.param("2025-10-08T24:05:00", XSD + "dateTime", "en", "2025-10-08T24:05:00", id="no hour"),
        pytest.param("P1Y6M", XSD + "duration", "en", "1 year, 6 months", id="duration"),
        pytest.param("P2DT5H", XSD + "dayTimeDuration", "ru", "2 дня 5 часов", id="duration in Russian"),
        pytest.param("PT0.5S", XSD + "duration", "uk", "0,5 секунди", id="half a second"),
        pytest.param("-P1D", XSD + "duration", "en", "-P1D", id="duration backwards"),
        pytest.param("P", XSD + "duration", "en", "P", id="no duration"),
        pytest.param("PT0S", XSD + "duration", "en", "PT0S", id="empty duration"),
        pytest.param("1.50", XSD + "decimal", "uk", "1,5", id="decimal"),
        pytest.param("-1234.123456789", XSD + "decimal", "en", "-1,234.123456789", id="all decimal places"),
        pytest.param("1.5E3", XSD + "double", "en", "1,500", id="double"),
        pytest.param("INF", XSD + "double", "en", "INF", id="infinity"),
        pytest.param("1E999", XSD + "double", "en", "1E999", id="double that is too large"),
        pytest.param("9" * 31, XSD + "integer", "en", "9" + ",999" * 10, id="large number"),
        pytest.param("9" * 5000, XSD + "integer", "en", "9" * 5000, id="number that is too long to read"),
        pytest.param("1_000", XSD + "integer", "en", "1_000", id="number as Python writes it"),
        pytest.param("٣", XSD + "integer", "en", "٣", id="digit that is none in XML Schema"),
        pytest.param("maybe", XSD + "boolean", "uk", "maybe", id="no truth value"),
        pytest.param("2014-12?", EDTF, "en", "possibly December 2014", id="uncertain date"),
        pytest.param("2014-12?", EDTF, "uk", "можливо, грудень 2014 р.", id="uncertain date in Ukrainian"),
        pytest.param("2014~", EDTF, "ru", "примерно 2014", id="approximate year"),
        pytest.param("2014-06-01%", EDTF, "en", "possibly about 1 June 2014", id="uncertain and approximate"),
        pytest.param("201X", EDTF, "uk", "2010-ті роки", id="decade"),
        pytest.param("2014-XX", EDTF, "en", "2014", id="month not known"),
        pytest.param("2014-12-XX", EDTF, "en", "December 2014", id="day not known"),
        pytest.param("2014-XX-XX-XX", EDTF, "en", "2014-XX-XX-XX", id="no date"),
        pytest.param("2014-22", EDTF, "ru", "лето 2014 года", id="season"),
        pytest.param("2013/2014-05", EDTF, "en", "2013 – May 2014", id="interval"),
        pytest.param("2013/..", EDTF, "uk", "2013 і пізніше", id="open end"),
        pytest.param("../2013", EDTF, "en", "2013 and earlier", id="open start"),
        pytest.param("2013/", EDTF, "en", "2013/", id="end not known"),
        pytest.param("Y-17E7", EDTF, "en", "Y-17E7", id="level 2"),
        pytest.param("2025-10-08", XSD + "string", "en", "2025-10-08", id="text"),
    ],
)
def test_literal_reads_as_people_write_it(text: str, datatype: str, language: str, shown: str) -> None:
    found = readable(ox.Literal(text, datatype=ox.NamedNode(datatype)), language)
    assert " ".join(found.split()) == " ".join(shown.split())


DATATYPES = [
    EDTF,
    *(
        XSD + name
        for name in ("date", "dateTime", "dateTimeStamp", "time", "gYear", "gYearMonth", "gMonthDay", "gMonth")
    ),
    *(
        XSD + name
        for name in ("gDay", "duration", "dayTimeDuration", "yearMonthDuration", "boolean", "anyURI", "string")
    ),
    *(XSD + name for name in ("integer", "positiveInteger", "unsignedByte", "decimal", "double", "float")),
]
NEARLY = st.text(alphabet="0123456789-+.:/TZPYMDHSXE?~%e ", max_size=25)


@settings(deadline=None)
@given(NEARLY | st.text(max_size=20), st.sampled_from(DATATYPES), st.sampled_from(INTERFACE_LANGUAGES))
@example("9" * 40, XSD + "integer", "uk")
@example("1E+30", XSD + "double", "en")
@example("P" + "9" * 4400 + "Y", XSD + "duration", "ru")
@example("0000-01-01", XSD + "date", "ru")
@example("--00", XSD + "gMonth", "en")
def test_no_literal_is_too_strange_to_show(text: str, datatype: str, language: str) -> None:
    shown = readable(ox.Literal(text, datatype=ox.NamedNode(datatype)), language)
    assert bool(shown) is bool(text)


@pytest.mark.parametrize(
    ("tag", "language", "name"),
    [
        pytest.param("de", "uk", "німецька", id="language"),
        pytest.param("en-gb", "en", "British English", id="language of a region"),
        pytest.param("de-xx", "ru", "немецкий", id="unknown region"),
        pytest.param("mul", "en", "Multiple languages", id="several languages"),
        pytest.param("x-ours", "en", "x-ours", id="private tag"),
    ],
)
def test_language_has_its_name(tag: str, language: str, name: str) -> None:
    assert language_name(tag, language) == name
