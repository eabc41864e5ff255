"""Literals as people write them."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.pages.readable import readable
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
        pytest.param("2014-12?", EDTF, "en", "2014-12?", id="uncertain date"),
        pytest.param("2025-10-08", XSD + "string", "en", "2025-10-08", id="text"),
    ],
)
def test_literal_reads_as_people_write_it(text: str, datatype: str, language: str, shown: str) -> None:
    found = readable(ox.Literal(text, datatype=ox.NamedNode(datatype)), language)
    assert " ".join(found.split()) == " ".join(shown.split())
