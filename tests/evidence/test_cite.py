"""From a phrase to its ranges and back."""

from __future__ import annotations

import hashlib

import pyoxigraph as ox
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from kg.evidence.cite import Occurrence, occurrences
from kg.words.names import HS
from tests.evidence.texts import LONG, TEXT


def ranges(text: str, phrase: str) -> list[tuple[int, int]]:
    return [(o.start, o.end) for o in occurrences(text, phrase)]


FOUND: dict[str, tuple[str, str, list[tuple[int, int]]]] = {
    "once": ("одна лікарня", "лікарня", [(5, 12)]),
    "every place": ("раз, два, раз", "раз", [(0, 3), (10, 13)]),
    "overlapping places": ("ананас ананас", "ана", [(0, 3), (2, 5), (7, 10), (9, 12)]),
    "part of a word": ("лікарями", "лікар", [(0, 5)]),
    "capital letters": ("ЛІКАРНЯ", "лікарня", [(0, 7)]),
    "small letters": ("лікарня", "ЛІКАРНЯ", [(0, 7)]),
    "over a line break": ("обласна\nлікарня", "обласна лікарня", [(0, 15)]),
    "over a Windows line break and spaces": ("обласна \r\n  лікарня", "обласна лікарня", [(0, 19)]),
    "no-break space": ("обласна\u00a0лікарня", "обласна лікарня", [(0, 15)]),
    "many spaces in the phrase": ("обласна лікарня", "  обласна\n\n лікарня ", [(0, 15)]),
    "typographic apostrophe": ("здоров’я", "здоров'я", [(0, 8)]),
    "letter apostrophe": ("здоровʼя", "здоров’я", [(0, 8)]),
    "quotation marks": ("лікарня «Світанок»", 'лікарня "Світанок"', [(0, 18)]),
    "low quotation marks": ("лікарня „Світанок“", "лікарня «Світанок»", [(0, 18)]),
    "dash for hyphen": ("2013–2014", "2013-2014", [(0, 9)]),
    "marks of regular expressions": ("a.b(c)*[d]\\", "a.b(c)*[d]\\", [(0, 11)]),
    "a full stop is no wildcard": ("axb", "a.b", []),
    "behind characters outside the BMP": ("🏥🏥 лікарня", "лікарня", [(3, 10)]),
    "combining accent": ("вона\u0301 лікує", "вона\u0301", [(0, 5)]),
    "nothing": ("одна лікарня", "поліклініка", []),
    "an empty phrase": ("одна лікарня", "", []),
    "only white space": ("одна лікарня", " \n", []),
    "in an empty text": ("", "лікарня", []),
}


@pytest.mark.parametrize(("text", "phrase", "expected"), FOUND.values(), ids=FOUND)
def test_phrase_is_found_where_it_stands(text: str, phrase: str, expected: list[tuple[int, int]]) -> None:
    assert ranges(text, phrase) == expected


def test_what_is_quoted_are_the_characters_of_the_text() -> None:
    (found,) = occurrences("🏥 ОБЛАСНА\r\nлікарня «Світанок» тут", 'обласна лікарня "світанок"')
    assert found.phrase == "ОБЛАСНА\r\nлікарня «Світанок»"
    assert (found.before, found.after) == ("🏥 ", " тут")


def quoted(occurrence: Occurrence) -> str:
    """The value of hs:quotes as a Turtle parser reads the printed annotation."""
    quads = ox.parse(
        f"@prefix hs: <{HS}> . <a:a> <a:b> <a:c> {occurrence.turtle} .".encode(), format=ox.RdfFormat.TURTLE
    )
    (literal,) = (q.object for q in quads if q.predicate == ox.NamedNode(HS + "quotes"))
    assert isinstance(literal, ox.Literal)
    return literal.value


@pytest.mark.parametrize("phrase", ["171", "«Світанок»", "Обласною лікарнею «Ластівка»", "вона\u0301", "🏥 Обласна"])
def test_printed_annotation_says_range_and_phrase(phrase: str) -> None:
    (found,) = occurrences(TEXT, phrase)
    assert quoted(found) == f"{found.start},{found.end} {TEXT[found.start : found.end]}"


def test_long_phrase_is_printed_as_its_hash() -> None:
    (found,) = occurrences(TEXT, LONG)
    assert TEXT[found.start : found.end] == LONG.strip()
    assert quoted(found) == f"{found.start},{found.end} sha256:{hashlib.sha256(LONG.strip().encode()).hexdigest()}"


TEXTS = st.text(
    st.one_of(
        st.sampled_from(" \t\r\n\"'\\«»’–-|{}.;\u00a0\u2028\u0301\x00\x0b\x1c\x85ßİıſ🏥їЇaA1"),
        st.characters(exclude_categories=["Cs"]),
    ),
    min_size=1,
    max_size=60,
)


@st.composite
def cuts(draw: st.DrawFn) -> tuple[str, int, int]:
    """A text and a stretch of it that neither begins nor ends with white space."""
    text = draw(TEXTS)
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    assume(not text[start].isspace() and not text[end - 1].isspace())
    return text, start, end


@settings(deadline=None)
@given(cuts())
@example(('a "b" \\n \\u0041 c', 2, 14))
@example(("«a» \r\n b’c", 0, 10))
def test_every_phrase_of_a_text_is_found_and_its_annotation_gives_it_back(cut: tuple[str, int, int]) -> None:
    text, start, end = cut
    phrase = text[start:end]
    found = occurrences(text, phrase)
    (this,) = (o for o in found if o.start == start)
    assert " ".join(this.phrase.split()).casefold() == " ".join(phrase.split()).casefold()
    for occurrence in found:
        assert text[occurrence.start : occurrence.end] == occurrence.phrase
        assert quoted(occurrence) == f"{occurrence.start},{occurrence.end} {occurrence.phrase}"
