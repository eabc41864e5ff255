"""Words, sentences, languages and slugs: what a text is taken apart into, and what names become."""

from __future__ import annotations

import pytest

from kg.drafting import morphology, slugs
from kg.drafting.reading import Reading, Span
from kg.store.text import language
from kg.words.errors import BadInput

UK, RU = morphology.load("uk"), morphology.load("ru")


@pytest.mark.parametrize("code", ["uk", "uk-UA", "ru"])
def test_ukrainian_and_russian_have_dictionaries(code: str) -> None:
    assert morphology.load(code).has_dictionary
    assert not morphology.is_missing(morphology.load(code), code)


def test_other_languages_are_compared_by_endings_and_miss_nothing() -> None:
    assert not morphology.load("en").has_dictionary
    assert not morphology.is_missing(morphology.load("en"), "en")
    assert morphology.is_missing(morphology.Endings(), "uk")


FORMS = [
    ("лікарень", "лікарня"),
    ("дітей", "дитина"),
    ("людей", "людина"),
    ("здоров’я", "здоров'ю"),
    ("Швеції", "Швеція"),
]


@pytest.mark.parametrize(("form", "base"), FORMS, ids=[f for f, _ in FORMS])
def test_forms_of_a_word_share_a_base(form: str, base: str) -> None:
    assert UK.word(form).bases & UK.word(base).bases


def test_a_name_is_put_into_the_nominative_with_its_adjectives() -> None:
    assert UK.nominative(["Обласної", "дитячої", "лікарні", "Києва"], 2) == ["Обласна", "дитяча", "лікарня", "Києва"]
    assert RU.nominative(["Фонду", "Мозеса"], 0) == ["Фонд", "Мозеса"]
    assert morphology.Endings().nominative(["Обласної", "лікарні"], 1) == ["Обласної", "лікарні"]


def sentences(text: str) -> list[str]:
    reading = Reading(text, "uk", UK)
    return [reading.of(s) for s in reading.sentences]


SENTENCES = {
    "full stops": ("Одне. Два! Три? Чотири…", ["Одне.", "Два!", "Три?", "Чотири…"]),
    "initials and abbreviations": (
        "Лікарня ім. І. І. Мечникова, м. Дніпро.",
        ["Лікарня ім. І. І. Мечникова, м. Дніпро."],
    ),
    "a year and what it is counted in": ("У 2020 р. дали 5 млн. грн на все.", ["У 2020 р. дали 5 млн. грн на все."]),
    "lines that are wrapped": ("Одне\nречення. Друге", ["Одне\nречення.", "Друге"]),
    "paragraphs": ("Заголовок без крапки\n\nТекст.", ["Заголовок без крапки", "Текст."]),
    "quotation marks": ("«Так. Ні.» Далі.", ["«Так.", "Ні.»", "Далі."]),
    "nothing": ("", []),
}


@pytest.mark.parametrize(("text", "expected"), SENTENCES.values(), ids=SENTENCES)
def test_a_text_is_parted_into_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


CLAUSES = {
    "between commas": ("Вона каже, що було 5 угод, і пішла", "5", "було 5 угод"),
    "behind a conjunction and an adverb": ("Також прийшли 5 гостей.", "5", "прийшли 5 гостей"),
    "in parentheses": ("Центр (усього 5 палат) відкрито", "5", "усього 5 палат"),
    "between dashes": ("Центр – 5 палат – відкрито", "5", "5 палат"),
}


@pytest.mark.parametrize(("text", "word", "expected"), CLAUSES.values(), ids=CLAUSES)
def test_a_clause_is_what_stands_between_punctuation(text: str, word: str, expected: str) -> None:
    start = text.index(word)
    reading = Reading(text, "uk", UK)
    assert reading.of(reading.clause(Span(start, start + len(word)))) == expected


LANGUAGES = {
    "uk": "Лікарня відкрила відділення, і його очолила хірургиня",
    "ru": "Больница открыла отделение, и это было хорошо",
    "en": "The hospital has opened a ward",
    "de": "Die Klinik ist für alle da",
    "pl": "Szpital nie jest dla nas daleko, że się boimy",
    "": "12 % — 5",
}


@pytest.mark.parametrize(("code", "text"), LANGUAGES.items(), ids=LANGUAGES)
def test_a_language_is_guessed_or_not_known(code: str, text: str) -> None:
    assert language.guess(text) == code


NAMES = {
    "English": ("National Cancer Institute (Ukraine)", "en", "national-cancer-institute-ukraine"),
    "accents": ("Institut Gustave-Roussy, Évry", "fr", "institut-gustave-roussy-evry"),
    "Ukrainian letters in front": ("Єдина Їжа Юності Ямполя", "uk", "yedyna-yizha-yunosti-yampolia"),
    "the Ukrainian зг, and apostrophes": ("Згурівська, здоров’я", "uk", "zghurivska-zdorovia"),
    "Russian": ("Объединённый съезд врачей", "ru", "obedinennyy-sezd-vrachey"),
    "many words": ("one two three four five six seven eight nine", "en", "one-two-three-four-five-six-seven-eight"),
    "nothing to write in ASCII": ("«…»", "uk", ""),
}


@pytest.mark.parametrize(("name", "code", "slug"), NAMES.values(), ids=NAMES)
def test_a_slug_is_made_of_a_name(name: str, code: str, slug: str) -> None:
    assert slugs.propose(name, code) == slug
    assert not slug or slugs.check(slug) == slug


@pytest.mark.parametrize("slug", ["Stork", "a_b", "-a", "a-", "a---b", "лелека", "a/b", ""])
def test_a_slug_that_breaks_the_pattern_is_refused(slug: str) -> None:
    with pytest.raises(BadInput, match="single hyphens"):
        slugs.check(slug)


def test_a_slug_has_capitals_where_others_have_some() -> None:
    assert slugs.check("JP", like=["fr", "UA"]) == "JP"
    with pytest.raises(BadInput, match="a to z"):
        slugs.check("JP", like=["fr", "ua"])
    with pytest.raises(BadInput, match="a to z"):
        slugs.check("ЯП", like=["UA"])
