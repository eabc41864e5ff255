"""What is found in a text: names, numbers, dates, speech, titles, names that nobody knows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kg.drafting import finds
from kg.drafting.finds import Finds
from kg.drafting.model import Model
from tests.drafting.world import BASE, model, write


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Model:
    root: Path = tmp_path_factory.mktemp("world")
    write(root)
    return model(root)


def find(world: Model, text: str, language: str = "uk", day: date | None = None) -> Finds:
    return finds.find(text, language, world, day)


NAMES: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "inflected": ("у Клініці «Чапля» були", [("Клініці «Чапля»", "body/heron")]),
    "without its quotation marks": ("Клініку Чапля знають", [("Клініку Чапля", "body/heron")]),
    "an acronym": ("МОЕ дає", [("МОЕ", "body/ministry-of-care")]),
    "over a line break": (
        "Міністерство\nопіки  Ельбонії",
        [("Міністерство\nопіки  Ельбонії", "body/ministry-of-care")],
    ),
    "written small": ("на весняній зустрічі", [("весняній зустрічі", "meeting/spring")]),
    "a name of one word, written small": ("ельбонія", []),
    "a part of a name": ("Клініка нова", []),
    "over the end of a sentence": ("Клініка. «Чапля» летить", []),
    "in English": ("Fund: North Fund", [("North Fund", "body/north-fund")]),
    "of another thing in it": (
        "Міністерства опіки Ельбонії",
        [("Міністерства опіки Ельбонії", "body/ministry-of-care")],
    ),
    "nothing": ("", []),
}


@pytest.mark.parametrize(("text", "expected"), NAMES.values(), ids=NAMES)
def test_known_names_are_found_in_any_form(world: Model, text: str, expected: list[tuple[str, str]]) -> None:
    found = find(world, text)
    assert [(text[m.start : m.end], m.iri.removeprefix(f"{BASE}id/")) for m in found.things] == expected


def test_a_name_in_another_language_is_likely_and_not_sure(tmp_path: Path) -> None:
    write(tmp_path, '<id/body/fund> a ns:Body ; skos:prefLabel "Северный благотворительный фонд"@ru .\n')
    (mention,) = find(model(tmp_path), "Кошти дав Сєверний благотворітєльний фонд.").things
    assert mention.is_foreign
    assert mention.iri == f"{BASE}id/body/fund"


def test_words_are_translated_as_other_names_have_them(tmp_path: Path) -> None:
    pairs = '<id/body/a> a ns:Body ; skos:prefLabel "Міська лікарня"@uk , "Городская больница"@ru .\n'
    write(tmp_path, pairs + '<id/body/b> a ns:Body ; skos:prefLabel "Больница Лелеки"@ru .\n')
    assert [m.iri for m in find(model(tmp_path), "До Лікарні Лелеки приїхали").things] == [f"{BASE}id/body/b"]


NUMBERS: dict[str, tuple[str, list[tuple[str, str, str]]]] = {
    "digits": ("прийшли 12 гостей", [("12 гостей", "12", "")]),
    "a hedge": ("понад 150 гостей", [("понад 150 гостей", "150", "over")]),
    "a hedge at a distance": ("понад того 150 гостей", [("150 гостей", "150", "")]),
    "words": ("двадцять одна клініка", [("двадцять одна клініка", "21", "")]),
    "grouped digits": ("1 200 хірургів", [("1 200 хірургів", "1200", "")]),
    "adjectives": ("9 відомих хірургів сказали", [("9 відомих хірургів", "9", "")]),
    "adjectives alone": ("9 міських і 3 приватні", [("9 міських", "9", ""), ("3 приватні", "3", "")]),
    "a share": ("близько 40 % гостей", [("близько 40 %", "40", "about")]),
    "nothing behind": ("зросло до 95.", [("95", "95", "")]),
    "behind a colon": ("Усього: 5 клінік", [("5 клінік", "5", "")]),
    "behind a dash": ("Центр – 5 палат", [("5 палат", "5", "")]),
    "at the beginning of a sentence": ("Добре. 5 клінік відкрито", [("5 клінік", "5", "")]),
    "a span of numbers": ("10–15 клінік", []),
    "one as a word": ("один із них", []),
    "a number of a thing": ("лікарня № 5", []),
    "a time": ("о 12:30", []),
    "how long": ("чекали три роки", []),
    "a year": ("у 2031 році", []),
    "a part of a word": ("COVID-19", []),
    "an address": ("https://example.org/2031/7", []),
    "a word that is a name": ("ріка Сім тече", []),
}


@pytest.mark.parametrize(("text", "expected"), NUMBERS.values(), ids=NUMBERS)
def test_numbers_are_found_with_hedge_and_what_they_count(
    world: Model, text: str, expected: list[tuple[str, str, str]]
) -> None:
    found = find(world, text).quantities
    hedges = [q.hedge.iri.rpartition("/")[2] if q.hedge else "" for q in found]
    assert [(text[q.start : q.end], str(q.value), h) for q, h in zip(found, hedges, strict=True)] == expected


DAY = date(2031, 5, 14)
DATES: dict[str, tuple[str, str, list[tuple[str, str]]]] = {
    "figures": ("uk", "2031-05-14", [("2031-05-14", "2031-05-14")]),
    "figures with points": ("uk", "14.05.2031", [("14.05.2031", "2031-05-14")]),
    "a month in words": ("uk", "14 травня 2031 року", [("14 травня 2031 року", "2031-05-14")]),
    "in Russian": ("ru", "6 декабря 2031 г. прошло", [("6 декабря 2031 г.", "2031-12-06")]),
    "in English": (
        "en",
        "on 14 May 2031 and May 15, 2031",
        [("14 May 2031", "2031-05-14"), ("May 15, 2031", "2031-05-15")],
    ),
    "a day of every year": ("ru", "6 декабря", [("6 декабря", "--12-06")]),
    "a month": ("uk", "у травні 2031 року", [("травні 2031 року", "2031-05")]),
    "a year": ("uk", "у 2031 році", [("у 2031 році", "2031")]),
    "a year without the word": ("uk", "понад 2031 раз", []),
    "every year": ("ru", "ежегодно", [("ежегодно", "P1Y")]),
    "this year": ("uk", "цьогоріч", [("цьогоріч", "2031")]),
    "last year": ("ru", "в прошлом году", [("в прошлом году", "2030")]),
    "yesterday": ("uk", "вчора", [("вчора", "2031-05-13")]),
    "not in the calendar": ("uk", "31 лютого 2031 року", [("2031 року", "2031")]),
    "no month": ("uk", "14 гостей", []),
    "a part of a longer number": ("uk", "12031-05-145", []),
}


@pytest.mark.parametrize(("language", "text", "expected"), DATES.values(), ids=DATES)
def test_dates_are_found_as_they_are_written(
    world: Model, language: str, text: str, expected: list[tuple[str, str]]
) -> None:
    found = find(world, text, language, DAY).dates
    assert [(text[d.start : d.end], d.value.value if d.value else None) for d in found] == expected


def test_what_is_told_from_an_unknown_day_has_no_value(world: Model) -> None:
    (found,) = find(world, "торік").dates
    assert (found.value, found.is_told) == (None, True)


def test_the_day_of_a_text_is_the_first_at_its_top(world: Model) -> None:
    assert find(world, "14 травня 2031 року\n\nТекст").day == DAY
    assert find(world, "А\n\nБ\n\nВ\n\nГ 14 травня 2031 року").day is None


SPEECH: dict[str, tuple[str, list[tuple[str, str, str]]]] = {
    "who says it, behind": (
        "«Ми дуже довго чекали на це», – сказала Доглядачка Кита.",
        [("Ми дуже довго чекали на це", "сказала Доглядачка Кита", "person/keeper")],
    ),
    "who says it, in front": (
        "Доглядачка Кита сказала: «Ми дуже довго чекали на це».",
        [("Ми дуже довго чекали на це", "Доглядачка Кита сказала", "person/keeper")],
    ),
    "a name that nobody knows": (
        "“Ми дуже довго чекали на це”, – сказав Хтось Невідомий.",
        [("Ми дуже довго чекали на це", "сказав Хтось Невідомий", "")],
    ),
    "no name": ("«Ми дуже довго чекали на це», – каже лікар.", [("Ми дуже довго чекали на це", "каже лікар", "")]),
    "a long one without any": (
        "«Ми чекали на це довго, а тепер почнемо працювати разом із колегами в усіх лікарнях міста».",
        [("Ми чекали на це довго, а тепер почнемо працювати разом із колегами в усіх лікарнях міста", "", "")],
    ),
    "a title": ("зустріч «Разом сильні»", []),
    "a name in it": ("лікарня «Вигадана міська лікарня святої Анни»", []),
    "never closed": ("«Ми дуже довго чекали на це, – сказала Доглядачка Кита.", []),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SPEECH.values(), ids=SPEECH)
def test_speech_is_found_with_its_speaker(world: Model, text: str, expected: list[tuple[str, str, str]]) -> None:
    found = find(world, text)
    told = [
        (
            found.reading.of(q.inner),
            found.reading.of(q.aside) if q.aside else "",
            q.speaker.iri.removeprefix(f"{BASE}id/") if q.speaker else "",
        )
        for q in found.quotations
    ]
    assert told == expected


def test_a_long_sentence_of_a_speech_is_parted_at_its_pauses(world: Model) -> None:
    half = "ми працюємо разом із колегами в усіх лікарнях нашого великого міста"
    text = f"«{half.capitalize()} – {half}», – сказала Доглядачка Кита."
    (quotation,) = find(world, text).quotations
    assert [text[p.start : p.end] for p in quotation.parts] == [half.capitalize(), half]


def test_a_speaker_that_nobody_knows_is_told_by_name(world: Model) -> None:
    found = find(world, "«Ми дуже довго чекали на це», – сказав Хтось Невідомий.")
    (quotation,) = found.quotations
    assert quotation.name is not None
    assert found.reading.of(quotation.name) == "Хтось Невідомий"


TITLES = {
    "the name of a property in front": (
        "uk",
        "під гаслом «Руку подай»",
        [("Руку подай", "motto", "під гаслом «Руку подай»")],
    ),
    "with words between": ("uk", "гаслом тоді було «Руку»", [("Руку", "motto", "гаслом тоді було «Руку»")]),
    "in another language": ("ru", "под девизом «Руку»", [("Руку", "motto", "под девизом «Руку»")]),
    "in another sentence": ("uk", "Було гасло. А потім «Руку подай»", []),
    "nothing between the marks": ("uk", "під гаслом « »", []),
}


@pytest.mark.parametrize(("language", "text", "expected"), TITLES.values(), ids=TITLES)
def test_titles_are_found_by_the_names_of_properties(
    world: Model, language: str, text: str, expected: list[tuple[str, str, str]]
) -> None:
    found = find(world, text, language)
    told = [(found.reading.of(t.inner), t.property.rpartition("#")[2], found.reading.of(t)) for t in found.titles]
    assert told == expected


UNKNOWN: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "adjectives in front, quoted words behind": (
        "Угоду має Вигадана клініка «Лелека» та інші.", [("Вигадана клініка «Лелека»", "Clinic")]
    ),
    "inflected, in the nominative": ("лікарі Вигаданої клініки «Лелека»", [("Вигадана клініка «Лелека»", "Clinic")]),
    "genitives behind": ("Дає Міністерство опіки Вигадії", [("Міністерство опіки Вигадії", "Body")]),
    "called after somebody": ("є Клініка імені І. І. Вигаданого", [("Клініка імені І. І. Вигаданого", "Clinic")]),
    "a common noun": ("Клініка дає допомогу", []),
    "common nouns in a row": ("Міська клініка дає", []),
    "many": ("Усі Вигадані клініки тут", []),
    "in Latin letters": ("Кошти від Friends of Storks надійшли", [("Friends of Storks", "")]),
    "an acronym": ("від ВОЗДУ та інших", [("ВОЗДУ", "")]),
    "a shout": ("УВАГА ВСІМ", []),
    "a known name": ("Клініка «Чапля» дає", []),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), UNKNOWN.values(), ids=UNKNOWN)
def test_names_that_nobody_knows_are_found(world: Model, text: str, expected: list[tuple[str, str]]) -> None:
    found = find(world, text).unknown
    assert [(u.name, u.class_.rpartition("#")[2]) for u in found] == expected


def test_a_name_that_is_nearly_known_is_likely_that_thing(world: Model) -> None:
    (mention,) = find(world, "Угоду має Клініка «Чаплля».").things
    assert mention.is_foreign
    assert mention.iri == f"{BASE}id/body/heron"


def test_a_name_that_has_another_name_in_it_is_not_that_thing(world: Model) -> None:
    assert find(world, "Угоду має Клініка «Лелека».").things == ()
