"""Questions and candidates, on an invented graph."""

from __future__ import annotations

import pytest

from kg.reconcile.asked import Condition, Question, Reference, Value
from kg.reconcile.match import Candidate, Matcher
from kg.words.errors import QueryTimeout

LVIV, FIRST, SECOND, DAWN = "id/org/lviv", "id/org/lviv-1", "id/org/lviv-2", "id/org/dawn"
SAINT_UA, SAINT_PL, INSTITUTE = "id/org/saint-ua", "id/org/saint-pl", "id/org/institute"


def ask(matching: Matcher, *names: str, **more: object) -> list[Candidate]:
    return matching.match(Question(names=names, **more))  # type: ignore[arg-type]


def matched(matching: Matcher, found: list[Candidate]) -> str | None:
    return next((matching.ids.short(c.iri) for c in found if c.match), None)


def first(matching: Matcher, found: list[Candidate]) -> str | None:
    return matching.ids.short(found[0].iri) if found else None


SURE = [
    ("exact", "Львівська обласна клінічна лікарня", LVIV),
    ("case and space", "  львівська ОБЛАСНА клінічна  лікарня", LVIV),
    ("inflected", "у Львівській обласній клінічній лікарні", LVIV),
    ("abbreviated", "Львівська обл. клін. лікарня", LVIV),
    ("initials in front", "ЛОКЛ (Львівська обласна клінічна лікарня)", LVIV),
    ("legal form", "КНП «Львівська обласна клінічна лікарня»", LVIV),
    ("town repeated", "Львівська обласна клінічна лікарня, м. Львів", LVIV),
    ("with its country", "Львівська обласна клінічна лікарня (Україна)", LVIV),
    ("transliterated", "Lvivska oblasna klinichna likarnia", LVIV),
    ("the part in quotation marks alone", "Світанок", DAWN),
    ("number", "Львівська міська лікарня №2", SECOND),
    ("other name", "NHI", INSTITUTE),
    ("ROR", "https://ror.org/01abc2345", LVIV),
    ("ROR without address", "01abc2345", LVIV),
    ("ROR, http and a slash", "http://ror.org/01ABC2345/", LVIV),
    ("Wikidata", "Q100200", LVIV),
    ("page of Wikidata", "https://www.wikidata.org/wiki/Q100200", LVIV),
    ("identifier", "abc-77", INSTITUTE),
    ("IRI", "https://example.org/kg/id/org/dawn", DAWN),
    ("path", "id/org/dawn", DAWN),
]
UNSURE = [
    ("namesakes", "Лікарня святого Пантелеймона"),
    ("number left out", "Львівська міська лікарня"),
    ("other number", "Львівська міська лікарня № 3"),
    ("other town", "Рівненська обласна клінічна лікарня"),
    ("kind alone", "лікарня"),
    ("class of the ontology", "hospital"),
    ("initials alone", "ЛОКЛ"),
    ("what tells namesakes apart is left out", "National Heart Institute"),
    ("nothing like it", "Музей залізниці"),
    ("empty", ""),
    ("no letters", "№ — ?!"),
    ("identifier of nobody", "https://ror.org/09zzz9999"),
    ("identifier at another address", "https://example.com/01abc2345"),
]


@pytest.mark.parametrize(("name", "expected"), [case[1:] for case in SURE], ids=[case[0] for case in SURE])
def test_safe_match(matching: Matcher, name: str, expected: str) -> None:
    found = ask(matching, name)
    assert matched(matching, found) == first(matching, found) == expected


@pytest.mark.parametrize("name", [case[1] for case in UNSURE], ids=[case[0] for case in UNSURE])
def test_what_is_not_safe_is_not_matched(matching: Matcher, name: str) -> None:
    assert matched(matching, ask(matching, name)) is None


def test_scores_fall_from_at_most_100(matching: Matcher) -> None:
    scores = [c.score for c in ask(matching, "Львівська міська лікарня № 1")]
    assert scores[0] == 100
    assert len(scores) > 1
    assert scores == sorted(scores, reverse=True)
    assert min(scores) > 0


def test_limit_cuts_candidates(matching: Matcher) -> None:
    assert len(ask(matching, "Львівська лікарня", limit=2)) == 2


def test_terms_of_the_ontology_are_no_candidates(matching: Matcher) -> None:
    assert not [c for c in ask(matching, "hospital") if "ns#" in c.iri]


# Properties

PROPERTIES: list[tuple[str, str, Value, str]] = [
    ("thing by name", "schema:location", "Польща", SAINT_PL),
    ("thing by inflected name", "schema:location", "в Україні", SAINT_UA),
    ("thing by identifier", "schema:location", Reference("id/country/PL", "Poland"), SAINT_PL),
    ("thing by IRI", "https://schema.org/location", "https://example.org/kg/id/country/UA", SAINT_UA),
    ("path", "schema:location/skos:prefLabel", "Poland", SAINT_PL),
]


@pytest.mark.parametrize(("pid", "value", "expected"), [p[1:] for p in PROPERTIES], ids=[p[0] for p in PROPERTIES])
def test_property_tells_namesakes_apart(matching: Matcher, pid: str, value: Value, expected: str) -> None:
    found = ask(matching, "Лікарня святого Пантелеймона", conditions=(Condition(pid, (value,)),))
    assert matched(matching, found) == expected


FITTING: list[tuple[str, str, Value, float]] = [
    ("date", "schema:foundingDate", "1784-09-01", 100),
    ("year of a date", "schema:foundingDate", "1784", 100),
    ("date, day first", "schema:foundingDate", "1.9.1784", 100),
    ("other date", "schema:foundingDate", "1785-09-01", 0),
    ("number", "schema:numberOfBeds", 1200, 100),
    ("number as text", "schema:numberOfBeds", "1 200", 100),
    ("number nearby", "schema:numberOfBeds", 1188, 90),
    ("number far away", "schema:numberOfBeds", 12, 0),
    ("fraction", "schema:ratingValue", "4,5", 100),
    ("truth value", "schema:isAccessibleForFree", True, 100),
    ("truth value as text", "schema:isAccessibleForFree", "false", 0),
]


@pytest.mark.parametrize(("pid", "value", "worth"), [f[1:] for f in FITTING], ids=[f[0] for f in FITTING])
def test_values_are_compared_as_what_they_are(matching: Matcher, pid: str, value: Value, worth: float) -> None:
    found = ask(matching, "Львівська обласна клінічна лікарня", conditions=(Condition(pid, (value,)),))
    assert dict(found[0].features)[pid] == pytest.approx(worth, abs=1)
    assert found[0].match == (worth >= 50)


def test_identifier_in_a_property_decides(matching: Matcher) -> None:
    found = ask(matching, "зовсім інша назва", conditions=(Condition("owl:sameAs", ("01abc2345",)),))
    assert matched(matching, found) == LVIV
    assert found[0].score == 100


def test_property_that_the_graph_does_not_tell_changes_nothing(matching: Matcher) -> None:
    plain, asked = (
        ask(matching, "Дитяча лікарня «Світанок»", conditions=conditions)
        for conditions in ((), (Condition("schema:location", ("Україна",)), Condition("no such property", ("x",))))
    )
    assert plain == asked


def test_things_are_found_by_a_property_alone(matching: Matcher) -> None:
    found = ask(matching, conditions=(Condition("schema:location", ("Poland",)),))
    assert first(matching, found) == SAINT_PL


def test_thing_found_without_a_name_has_none_that_fits(matching: Matcher) -> None:
    assert ask(matching, conditions=(Condition("owl:sameAs", ("01abc2345",)),))[0].label is None
    assert ask(matching, "Світанок")[0].label is not None


def test_quantifiers_and_required(matching: Matcher) -> None:
    name = "Лікарня святого Пантелеймона"

    def candidates(**more: object) -> set[str]:
        condition = Condition("schema:location", ("Ukraine", "Poland"), True, **more)  # type: ignore[arg-type]
        return {matching.ids.short(c.iri) for c in ask(matching, name, conditions=(condition,))}

    assert candidates(quantifier="any") >= {SAINT_UA, SAINT_PL}
    assert not candidates(quantifier="all") & {SAINT_UA, SAINT_PL}
    assert not candidates(quantifier="none") & {SAINT_UA, SAINT_PL}


# Types


@pytest.mark.parametrize("strictness", ["any", "all"])
def test_strict_type_leaves_others_out(matching: Matcher, strictness: str) -> None:
    found = ask(matching, "Україна", types=("https://example.org/kg/ns#Hospital",), strictness=strictness)
    assert "id/country/UA" not in {matching.ids.short(c.iri) for c in found}
    kept = ask(matching, "Україна", types=("schema:Country",), strictness=strictness)
    assert matched(matching, kept) == "id/country/UA"


def test_lax_type_puts_others_behind(matching: Matcher) -> None:
    found = ask(matching, "Україна", types=("https://example.org/kg/ns#Hospital",))
    assert matched(matching, found) is None
    country = next(c for c in found if c.iri.endswith("country/UA"))
    assert country.score < 100
    assert dict(country.features)["type"] is False


def test_all_types_are_needed_where_all_are_asked(matching: Matcher) -> None:
    types = ("schema:Country", "https://example.org/kg/ns#Hospital")
    assert ask(matching, "Україна", types=types, strictness="all") == []
    assert matched(matching, ask(matching, "Україна", types=types, strictness="any")) == "id/country/UA"
    assert ask(matching, "Україна", types=("schema:Country", "no type"), strictness="all") == []


# Time


def test_deadline_ends_matching(matching: Matcher) -> None:
    with pytest.raises(QueryTimeout):
        matching.match(Question(names=("Львівська лікарня",)), deadline=0.0)


def test_long_paths_are_not_followed(matching: Matcher) -> None:
    there_and_back = "schema:location/^schema:location"
    followed, refused = (
        ask(matching, "Світанок", "Львівська", conditions=(Condition("/".join([there_and_back] * n), ("Львів",)),))
        for n in (1, 3)
    )
    assert any(len(c.features) > 1 for c in followed)
    assert not any(len(c.features) > 1 for c in refused)
