"""The words of a range and what they are said to name."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.words.findings import Severity
from tests.evidence.texts import FIRST_LINE, NAMED, at, claim, look

PLAINER: dict[str, tuple[str, str]] = {
    "implied for verbatim": (
        claim("<id/x> ns:beds 171", at("171 ліжко"), wording="implied"),
        "«171 ліжко», which names 171: leave hs:wording out",
    ),
    "inflected for verbatim": (claim("<id/x> ns:beds 171", at("171"), wording="inflected"), "leave hs:wording out"),
    "implied for inflected": (
        claim("<id/x> ns:with <id/clinic/swallow>", at("Обласною\r\nлікарнею «Ластівка»"), wording="implied"),
        "id/clinic/swallow: say hs:wording wording:inflected",
    ),
}


@pytest.mark.parametrize(("turtle", "said"), PLAINER.values(), ids=PLAINER)
def test_claim_that_its_range_says_more_plainly_is_told_as_a_warning(tmp_path: Path, turtle: str, said: str) -> None:
    found = look(tmp_path, source__t=turtle, curated=NAMED)
    assert said in found.said
    assert {f.severity for f in found.findings} == {Severity.WARNING}


DATED = '<id/x> ns:on "{}"^^xsd:{}'
UNLIKELY: dict[str, tuple[str, str, str]] = {
    "another number": ("<id/x> ns:beds 172", "171 ліжко", "172"),
    "another number in words": ("<id/x> ns:wards 8", "сім палат", "8"),
    "another day": (DATED.format("2031-03-19", "date"), "9 березня", "2031-03-19"),
    "another year": (DATED.format("2030", "gYear"), "2031 року", "2030"),
}


@pytest.mark.parametrize(("triple", "phrase", "value"), UNLIKELY.values(), ids=UNLIKELY)
def test_figure_that_its_range_cannot_imply_is_told_as_a_warning(
    tmp_path: Path, triple: str, phrase: str, value: str
) -> None:
    (finding,) = look(tmp_path, source__t=claim(triple, at(phrase), wording="implied")).findings
    assert (finding.severity, finding.rule) == (Severity.WARNING, "evidence")
    assert f"«{phrase}», which does not imply {value}. Correct one of them" in finding.message


def test_fact_that_is_annotated_twice_needs_words_in_each_annotation(tmp_path: Path) -> None:
    """Two annotations of one triple become one claim; the words of one must not cover for those of the other."""
    turtle = claim("<id/x> ns:beds 171", at("171")) + claim("<id/x> ns:beds 171", at("150"))
    found = look(tmp_path, source__t=turtle)
    assert f"data/source/t.ttl:{FIRST_LINE + 1}" in found.lines


def test_fact_that_is_implied_in_one_annotation_is_still_checked_in_the_other(tmp_path: Path) -> None:
    turtle = claim("<id/x> ns:beds 171", at("лікує"), wording="implied") + claim("<id/x> ns:beds 171", at("150"))
    assert look(tmp_path, source__t=turtle).findings != []
