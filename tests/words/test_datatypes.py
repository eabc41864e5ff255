"""Which texts belong to a datatype."""

from __future__ import annotations

import pytest

from kg.words.datatypes import belongs
from kg.words.names import XSD

CASES = [
    ("date", "2024-02-29", True), ("date", "2023-02-29", False), ("date", "2024-2-9", False),
    ("date", "0000-02-29", True), ("date", "2024-02-28T00:00:00", False), ("date", "2024-02-28Z", True),
    ("date", "-0044-03-15", True),
    ("dateTime", "2024-02-28T23:59:59.5+02:00", True), ("dateTime", "2024-02-28T24:00:00", False),
    ("dateTime", "2024-02-28", False), ("integer", "+7", True), ("integer", "7.0", False), ("integer", "", False),
    ("nonNegativeInteger", "-0", True), ("nonNegativeInteger", "-1", False), ("decimal", ".5", True),
    ("decimal", "1e3", False), ("double", "1e3", True), ("double", "-INF", True), ("boolean", "1", True),
    ("boolean", "True", False), ("gYear", "2024", True), ("gYear", "24", False), ("gMonthDay", "--02-30", False),
    ("duration", "P1Y", True), ("duration", "P", False), ("anyURI", "a b", False), ("string", "\x00", True),
]  # fmt: skip


@pytest.mark.parametrize(("datatype", "text", "expected"), CASES)
def test_text_belongs_to_its_datatype_or_not(datatype: str, text: str, expected: bool) -> None:
    assert belongs(text, XSD + datatype) is expected
