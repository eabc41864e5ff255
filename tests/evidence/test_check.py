"""Claims held against their text, on an invented text and graph."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.words.findings import Severity
from tests.evidence.texts import FIRST_LINE, LONG, NAMED, TEXT, at, claim, digest, look, registered

WELL: dict[str, str] = {
    "number in digits": claim("<id/x> ns:beds 171", at("171 ліжко")),
    "number in words": claim("<id/x> ns:wards 7", at("сім палат")),
    "date in figures": claim('<id/x> dcterms:issued "2031-03-09"^^xsd:date', at("2031-03-09")),
    "date with the month's name": claim('<id/x> ns:on "2031-03-09"^^xsd:date', at("9 березня 2031 року")),
    "day of the year": claim('<id/x> ns:on "--03-09"^^xsd:gMonthDay', at("9 березня")),
    "year": claim('<id/x> ns:year "2031"^^xsd:gYear', at("2031 року")),
    "name of a thing": claim("<id/x> ns:is <id/clinic/dawn>", at("Обласна лікарня «Світанок»")),
    "name of a person": claim("<id/x> ns:headedBy <id/person/a>", at("очолила Марія Лісовська")),
    "name without a language": claim("<id/x> ns:in <id/place/p>", at("місті Вигадане")),
    "name over a Windows line end, inflected": claim(
        "<id/x> ns:with <id/clinic/swallow>", at("Обласною\r\nлікарнею «Ластівка»"), wording="inflected"
    ),
    "text": claim('<id/x> ns:motto "Здоров\'я — понад усе"@uk', at("Здоров’я\u00a0— понад усе")),
    "combining accent": claim('<id/x> ns:says "вона\u0301 лікує"@uk', at("вона\u0301 лікує")),
    "behind characters outside the BMP": claim('<id/x> ns:says "лікарями"@uk', at("лікарями")),
    "characters outside the BMP themselves": claim('<id/x> ns:icon "🏥"', at("🏥")),
    "implied": claim("<id/x> a ns:Clinic", at("палат"), wording="implied"),
    "a day of which the range says a part": claim(
        '<id/x> ns:on "2031-03-09"^^xsd:date', at("9 березня"), wording="implied"
    ),
    "no day, which is told elsewhere": claim('<id/x> ns:on "2031-02-30"^^xsd:date', at("9 березня")),
    "a year that is told from that of the text": claim(
        '<id/x> ns:year "2030"^^xsd:gYear', at("торік"), wording="implied"
    ),
    "one of two ranges says it": claim("<id/x> ns:beds 171", at("відкрила"), at("171")),
    "whole text at hand, long range by its hash": claim(
        "<id/x> ns:beds 171", f"17,{17 + len(LONG)} sha256:{digest(LONG)}"
    ),
    "15 and not 150": claim("<id/x> ns:units 15", at("15 відділень")),
    "from the first character": claim('<id/x> ns:says "Дата"@uk', at("Дата")),
    "to the last character": claim("<id/x> ns:were 150", at("150.\n")),
    "exactly 120 characters": claim("<id/x> a ns:Clinic", at(TEXT[20:140]), wording="implied"),
    "a derived claim names a range that its source cites": claim("<id/x> ns:beds 171", at("171"))
    + f'<id/x> ns:note "big" {{| prov:wasDerivedFrom <source/t.txt#char={at("171").partition(" ")[0]}> |}} .',
    "two phrases at one range of one text": claim("<id/x> ns:beds 171", at("171"))
    + claim("<id/y> ns:beds 171", at("171")),
}


@pytest.mark.parametrize("turtle", WELL.values(), ids=WELL)
def test_claim_that_its_range_says_is_accepted(tmp_path: Path, turtle: str) -> None:
    found = look(tmp_path, source__t=turtle, curated=NAMED)
    assert found.said == ""
    assert found.claims > 0
    assert found.unchecked == 0


START = TEXT.index("171")
ILL: dict[str, tuple[str, list[str]]] = {
    "another number": (claim("<id/x> ns:beds 172", at("171 ліжко")), ["«171 ліжко»", "172"]),
    "the end of a number": (claim("<id/x> ns:beds 71", at("171 ліжко")), ["71"]),
    "15 for 150": (claim("<id/x> ns:units 15", at("150")), ["15"]),
    "another number in words": (claim("<id/x> ns:wards 8", at("сім палат")), ["«сім палат»", "8"]),
    "another day": (claim('<id/x> ns:on "2031-03-19"^^xsd:date', at("9 березня 2031 року")), ["2031-03-19"]),
    "another month": (claim('<id/x> ns:on "2031-04-09"^^xsd:date', at("9 березня 2031 року")), ["2031-04-09"]),
    "another year": (claim('<id/x> ns:year "2030"^^xsd:gYear', at("2031 року")), ["2030"]),
    "another thing": (claim("<id/x> ns:is <id/clinic/swallow>", at("Обласна лікарня «Світанок»")), ["Ластівка"]),
    "a thing without a name": (claim("<id/x> ns:is <id/clinic/none>", at("лікарня")), ["id/clinic/none", "no label"]),
    "a derived claim that says how it is worded": (
        f"<id/x> ns:beds 172 {{| prov:wasDerivedFrom <source/t.txt#char={at('171').partition(' ')[0]}> ;"
        " hs:wording wording:verbatim |} .",
        ["which does not name 172"],
    ),
    "words in another language than their text": (
        claim('<id/x> ns:says "лікарями"@ru', at("лікарями")),
        ["is said to be @ru, and the text that it stands in is @uk"],
    ),
    "inflected, but said to be verbatim": (
        claim("<id/x> ns:with <id/clinic/swallow>", at("Обласною\r\nлікарнею «Ластівка»")),
        ["wording:inflected", "wording:implied"],
    ),
    "another name, inflected": (
        claim("<id/x> ns:with <id/clinic/dawn>", at("Обласною\r\nлікарнею «Ластівка»"), wording="inflected"),
        ["Світанок", "wording:implied"],
    ),
    "text that differs in a letter": (
        claim('<id/x> ns:motto "Здоров\'я — понад все"@uk', at("понад усе")),
        ["понад все"],
    ),
    "wrong letter in the phrase": (
        claim("<id/x> ns:beds 171", f"{START},{START + 9} 171 ліжка"),
        ["«171 ліжко»", "«171 ліжка»"],
    ),
    "wrong digit in the phrase": (claim("<id/x> ns:beds 172", f"{START},{START + 3} 172"), ["«171»", "«172»"]),
    "range moved by one": (
        claim("<id/x> ns:beds 171", f"{START + 1},{START + 4} 171"),
        [f"The phrase stands at {START},{START + 3}"],
    ),
    "range with a space too many": (
        claim("<id/x> ns:beds 171", f"{START},{START + 4} 171"),
        ["the text says «171␣»", "not «171»"],
    ),
    "long range with a space too many": (
        claim("<id/x> a ns:Clinic", at(TEXT[20:125]).replace(",125 ", ",126 "), wording="implied"),
        ["␣з␣» at 20,126, not «", "␣з». The phrase"],
    ),
    "range counted in bytes": (
        claim("<id/x> ns:beds 171", f"{len(TEXT[:START].encode())},{len(TEXT[:START].encode()) + 3} 171"),
        [f"The phrase stands at {START},{START + 3}"],
    ),
    "range counted in UTF-16 units": (
        claim('<id/x> ns:says "Марія"@uk', f"{TEXT.index('Марія') + 1},{TEXT.index('Марія') + 6} Марія"),
        [f"The phrase stands at {TEXT.index('Марія')},"],
    ),
    "phrase that stands nowhere": (
        claim('<id/x> ns:says "поліклініка"@uk', f"{START},{START + 11} поліклініка"),
        ["Correct the range or the phrase"],
    ),
    "line break written as one character": (
        claim("<id/x> a ns:Clinic", "14,18 09\\n🏥", wording="implied"),
        ["not «09 🏥»"],
    ),
    "letter with another apostrophe": (
        claim('<id/x> ns:says "Здоров\'я"@uk', at("Здоров’я").replace("’", "'")),
        ["«Здоров’я»"],
    ),
    "composed for decomposed letters": (
        claim(
            '<id/x> ns:says "вона"@uk',
            f"{TEXT.index('вона')},{TEXT.index('вона') + 5} вонa\u0301".replace("вонa\u0301", "вон\u00e1"),
        ),
        ["the text says"],
    ),
    "range past the end": (
        claim("<id/x> ns:were 150", f"{len(TEXT) - 5},{len(TEXT) + 1} 150.\\n"),
        [f"has {len(TEXT)} characters"],
    ),
    "range far past the end": (claim("<id/x> ns:were 150", "99999,100003 150."), [f"has {len(TEXT)} characters"]),
    "wrong hash of a long range": (
        claim("<id/x> ns:beds 171", f"17,{17 + len(LONG)} sha256:{'0' * 64}"),
        [digest(LONG)],
    ),
    "right hash of another range": (
        claim("<id/x> ns:beds 171", f"18,{17 + len(LONG)} sha256:{digest(LONG)}"),
        ["SHA-256"],
    ),
    "121 characters": (
        claim("<id/x> a ns:Clinic", at(TEXT[20:141]), wording="implied"),
        ["more than 120 characters", "kg cite"],
    ),
    "range that begins where it ends": (claim("<id/x> a ns:Clinic", "5,5 ", wording="implied"), ["5,5"]),
    "range that begins behind its end": (claim("<id/x> a ns:Clinic", "9,5 ", wording="implied"), ["9,5"]),
    "range of nothing, by hash": (claim("<id/x> a ns:Clinic", f"9,5 sha256:{digest('')}", wording="implied"), ["9,5"]),
    "no evidence": ("<id/x> ns:beds 171 .\n", ["without evidence", "hs:quotes"]),
    "an opinion of the block's author is no evidence": (
        '<id/x> ns:beds 999 {| rdfs:comment "I know"@en |} .',
        ["evidence"],
    ),
    "a status of a label is no evidence": ('<id/x> ns:name "Y"@en {| hs:labelStatus ns:translated |} .', ["evidence"]),
    "an outside document is no evidence in a source's graph": (
        "<id/x> ns:beds 999 {| prov:wasDerivedFrom <https://example.net/> |} .",
        ["evidence"],
    ),
    "a whole document is no range": ("<id/x> ns:beds 999 {| prov:wasQuotedFrom <source/t.txt> |} .", ["source/t.txt"]),
    "a page is no range": (
        "<id/x> ns:beds 999 {| prov:wasQuotedFrom <source/t.txt#page=3> |} .",
        ["source/t.txt#page=3"],
    ),
    "a range that is no range": (
        "<id/x> ns:beds 999 {| prov:wasQuotedFrom <source/t.txt#char=a,b> |} .",
        ["source/t.txt#char=a,b"],
    ),
    "an empty text says nothing": (claim('<id/x> ns:name ""@uk', at("лікарня")), ["лікарня"]),
    "a range of another source": (
        "<id/x> ns:beds 171 {| prov:wasQuotedFrom <source/u.txt#char=0,3> |} .",
        ["another source"],
    ),
}


@pytest.mark.parametrize(("turtle", "said"), ILL.values(), ids=ILL)
def test_claim_that_its_range_does_not_say_is_told_with_its_line(tmp_path: Path, turtle: str, said: list[str]) -> None:
    found = look(tmp_path, source__t="\n" + turtle, curated=NAMED)
    assert [s for s in said if s not in found.said] == []
    assert f"data/source/t.ttl:{FIRST_LINE + 1}" in found.lines
    assert {f.severity for f in found.findings} == {Severity.VIOLATION}


REGISTERED: dict[str, tuple[str, int, list[str]]] = {
    "wrong number of characters": (registered(characters=1), 2, [f"{len(TEXT)} characters"]),
    "wrong number of bytes": (registered(bytes=1), 3, [f"{len(TEXT.encode())} bytes"]),
    "wrong hash": (registered(sha256=f'"{"0" * 64}"'), 1, ["0" * 64, "no file in the sources folder"]),
    "no hash": ("<source/t.txt> a hs:SourceDocument .", 0, ["(none stated)"]),
}


@pytest.mark.parametrize(("turtle", "line", "said"), REGISTERED.values(), ids=REGISTERED)
def test_registration_that_is_not_that_of_the_text_is_told_with_its_line(
    tmp_path: Path, turtle: str, line: int, said: list[str]
) -> None:
    found = look(tmp_path, source__t=claim("<id/x> ns:beds 171", at("171")), provenance=turtle)
    assert [s for s in said if s not in found.said] == []
    assert found.lines == [f"data/provenance.ttl:{FIRST_LINE + line}"]


def test_line_ends_are_not_changed_on_reading(tmp_path: Path) -> None:
    changed = TEXT.replace("\r\n", "\n")
    found = look(tmp_path, text=changed, source__t=claim("<id/x> ns:beds 171", at("171")))
    assert "no file in the sources folder" in found.said


def test_every_wrong_range_is_told_and_not_only_the_first(tmp_path: Path) -> None:
    turtle = claim("<id/x> ns:beds 172", at("171")) + claim("<id/x> ns:wards 8", at("сім")) + "<id/x> ns:floors 3 .\n"
    found = look(tmp_path, source__t=turtle)
    assert found.lines == [f"data/source/t.ttl:{FIRST_LINE + n}" for n in range(3)]


def test_same_range_with_two_phrases_is_told_at_the_wrong_one(tmp_path: Path) -> None:
    wrong = at("171").replace("171", "777")
    turtle = claim("<id/x> ns:beds 171", at("171")) + claim("<id/y> a ns:Clinic", wrong, wording="implied")
    found = look(tmp_path, source__t=turtle)
    assert f"data/source/t.ttl:{FIRST_LINE + 1}" in found.lines
    assert "«777»" in found.said


def test_unannotated_triple_is_told_in_the_sources_file_and_not_where_it_also_stands(tmp_path: Path) -> None:
    found = look(tmp_path, source__t="<id/x> ns:beds 171 .\n", curated="<id/x> ns:beds 171 .\n")
    assert found.lines == [f"data/source/t.ttl:{FIRST_LINE}"]


def test_claim_of_another_graph_is_no_evidence_in_a_sources_graph(tmp_path: Path) -> None:
    found = look(
        tmp_path,
        source__t="<id/x> ns:beds 171 .\n" + claim("<id/x> ns:wards 7", at("сім")),
        derived=f"<id/x> ns:beds 171 {{| prov:wasDerivedFrom <source/t.txt#char={at('сім').partition(' ')[0]}> |}} .",
    )
    assert found.lines == [f"data/source/t.ttl:{FIRST_LINE}"]


def test_derived_claim_cites_ranges_that_its_source_cites(tmp_path: Path) -> None:
    found = look(tmp_path, derived="\n<id/x> ns:beds 171 {| prov:wasDerivedFrom <source/t.txt#char=0,4> |} .")
    assert found.lines == [f"data/derived.ttl:{FIRST_LINE + 1}"]
    assert "cited by no claim" in found.said


def test_source_that_nobody_registered_is_told(tmp_path: Path) -> None:
    found = look(tmp_path, source__u='<id/x> ns:beds 171 {| hs:quotes "0,3 171" |} .')
    assert "(none stated)" in found.said


def test_text_that_is_not_in_the_named_folder_is_a_violation(tmp_path: Path) -> None:
    found = look(tmp_path, text=None, source__t=claim("<id/x> ns:beds 171", at("171")))
    assert found.lines == [f"data/provenance.ttl:{FIRST_LINE + 1}"]
    assert found.unchecked == 1


@pytest.mark.parametrize(("stranger", "severity"), [(False, Severity.INFO), (True, Severity.VIOLATION)])
def test_text_that_is_not_among_those_of_other_sources_is_no_violation(
    tmp_path: Path, stranger: bool, severity: Severity
) -> None:
    if stranger:
        (tmp_path / "texts").mkdir()
        (tmp_path / "texts" / "corrected.txt").write_text("171 ліжко")
    (finding,) = look(tmp_path, provenance=registered() + registered("172 ліжка", slug="u")).findings
    assert (finding.severity, finding.focus) == (severity, "source/u.txt")


def test_without_a_folder_ranges_are_counted_as_unchecked(tmp_path: Path) -> None:
    turtle = claim("<id/x> ns:beds 171", at("171"), f"17,{17 + len(LONG)} sha256:{digest(LONG)}")
    found = look(tmp_path, named=False, source__t=turtle)
    assert (found.said, found.ranges, found.unchecked) == ("", 2, 2)


WITHOUT_TEXTS: dict[str, str] = {
    "the phrase does not say it": claim("<id/x> ns:beds 172", at("171")),
    "the phrase is too long": claim("<id/x> a ns:Clinic", at(TEXT[20:141]), wording="implied"),
    "the phrase is longer than its range": claim("<id/x> ns:beds 171", f"{START},{START + 2} 171"),
    "the phrase is shorter than its range": claim("<id/x> ns:beds 171", f"{START},{START + 13} 171"),
    "one range has two phrases": claim("<id/x> ns:beds 171", at("171"))
    + claim("<id/y> ns:beds 172", at("171").replace("171", "172")),
    "no evidence": "<id/x> ns:beds 171 .",
}


@pytest.mark.parametrize("turtle", WITHOUT_TEXTS.values(), ids=WITHOUT_TEXTS)
def test_what_needs_no_text_is_checked_without_one(tmp_path: Path, turtle: str) -> None:
    assert look(tmp_path, named=False, source__t=turtle).findings != []


def test_long_range_is_held_against_the_claim_only_with_its_text(tmp_path: Path) -> None:
    wrong = claim("<id/x> ns:beds 999", f"17,{17 + len(LONG)} sha256:{digest(LONG)}")
    assert look(tmp_path / "without", named=False, source__t=wrong).findings == []
    assert look(tmp_path / "with", source__t=wrong).lines == [f"data/source/t.ttl:{FIRST_LINE}"]


LANGUAGES: dict[str, tuple[str, str]] = {
    "the code of the country": ("ua", "2031-03-09"),
    "with a region": ("uk-UA", "9 березня 2031 року"),
    "nonsense": ("!", "2031-03-09"),
    "none": ("", "2031-03-09"),
}


@pytest.mark.parametrize(("language", "phrase"), LANGUAGES.values(), ids=LANGUAGES)
def test_language_that_is_wrongly_registered_is_no_trouble(tmp_path: Path, language: str, phrase: str) -> None:
    turtle = claim('<id/x> ns:on "2031-03-09"^^xsd:date', at(phrase)) + claim(
        '<id/y> ns:on "2031-03-08"^^xsd:date', at("9 березня")
    )
    found = look(tmp_path, source__t=turtle, provenance=registered(language=language))
    assert found.lines == [f"data/source/t.ttl:{FIRST_LINE + 1}"]


RANGE = "a nif:RFC5147String ; nif:referenceContext <source/t.txt>"
CLAIM = "<id/claim/x> a hs:Claim ; prov:wasQuotedFrom"
STRANGE: dict[str, str] = {
    "superscript digits": f"<source/t.txt#char=²,³> {RANGE} .",
    "Arabic digits": f"<source/t.txt#char=٠,٣> {RANGE} .",
    "too many digits": f"<source/t.txt#char=0,{'9' * 5000}> {RANGE} .",
    "no bounds": f"<source/t.txt> {RANGE} .",
    "a literal as text": '<source/t.txt#char=0,1> a nif:RFC5147String ; nif:referenceContext "x" .',
    "a number as words": f"<source/t.txt#char=0,1> {RANGE} ; nif:anchorOf 1 .",
    "an IRI as words": f"<source/t.txt#char=0,1> {RANGE} ; nif:anchorOf <x> .",
    "a claim of nothing": f"{CLAIM} <source/t.txt#char=0,1> .",
    "a claim that quotes a literal": f'{CLAIM} "x" ; hs:inGraph "y" ; hs:wording "z" .',
    "a blank claim": "[] a hs:Claim ; prov:wasQuotedFrom [] .",
}


@pytest.mark.parametrize("turtle", STRANGE.values(), ids=STRANGE)
def test_hand_written_claims_and_ranges_are_never_too_strange(tmp_path: Path, turtle: str) -> None:
    look(tmp_path, curated=turtle)


@pytest.mark.parametrize(
    "value", ['"²"^^xsd:integer', f'"{"9" * 5000}"^^xsd:integer', '"x"^^xsd:date', "[]", "<< <a> <b> <c> >>"]
)
def test_object_is_never_too_strange(tmp_path: Path, value: str) -> None:
    look(tmp_path, source__t=claim(f"<id/x> ns:beds {value}", at("171")))
