"""Which texts are values of a datatype. Source: XML Schema 1.1 Part 2, section 3."""

from __future__ import annotations

import re
from calendar import monthrange
from typing import Final

from kg.words.names import EDTF, XSD

_FOUR_CENTURIES = 400
"""The years after which the calendar repeats itself."""
_DATE = re.compile(r"-?(\d{4,})-(\d\d)-(\d\d)(?:Z|[+-]\d\d:\d\d)?", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_PATTERNS: Final = {
    XSD + "gYear": re.compile(r"-?\d{4,}(?:Z|[+-]\d\d:\d\d)?", re.ASCII),
    XSD + "gMonthDay": re.compile(
        r"--(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|[12]\d))",
        re.ASCII,
    ),
    XSD + "integer": re.compile(r"[+-]?\d+", re.ASCII),
    XSD + "nonNegativeInteger": re.compile(r"\+?\d+|-0+", re.ASCII),
    XSD + "decimal": re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII),
    XSD + "double": re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN", re.ASCII),
    XSD + "boolean": re.compile(r"true|false|1|0"),
    XSD + "duration": re.compile(
        r"-?P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?",
        re.ASCII,
    ),
    XSD + "anyURI": re.compile(r"\S*"),
    EDTF: re.compile(r"\S+"),
}


def belongs(text: str, datatype: str) -> bool:
    """Whether a text is in the lexical space of a datatype; unknown datatypes are not judged."""
    if datatype in (XSD + "date", XSD + "dateTime"):
        return _is_date(text, with_time=datatype.endswith("Time"))
    pattern = _PATTERNS.get(datatype)
    return pattern is None or pattern.fullmatch(text) is not None


def _is_date(text: str, *, with_time: bool) -> bool:
    date, separator, time = text.partition("T")
    if bool(separator) != with_time:
        return False
    match = _DATE.fullmatch(date)
    if (
        match is None
        or not 1 <= int(match[2]) <= 12
        or not 1
        <= int(match[3])
        <= monthrange(_FOUR_CENTURIES + int(match[1][-4:]) % _FOUR_CENTURIES, int(match[2]))[1]
    ):
        return False
    return not with_time or _TIME.fullmatch(time) is not None
