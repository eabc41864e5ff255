"""Whether words say what a claim says: numbers, days, years, texts and names in three languages."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.evidence.agreement import says_literal, says_name
from kg.words.names import XSD


def literal(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + datatype))


Case = tuple[str, str, bool]
"""Phrase, value, whether the phrase says it."""

NUMBERS: dict[str, Case] = {
    "in digits": ("було 71 ліжко", "71", True),
    "alone": ("71", "71", True),
    "with a full stop behind": ("Разом 71.", "71", True),
    "with a comma behind": ("71, а потім", "71", True),
    "in brackets": ("(71)", "71", True),
    "with a percent sign": ("71%", "71", True),
    "thousands with a space": ("1 250 ліжок", "1250", True),
    "thousands with a no-break space": ("1\u00a0250 ліжок", "1250", True),
    "thousands with a narrow no-break space": ("1\u202f250 ліжок", "1250", True),
    "zero": ("0 випадків", "0", True),
    "behind a line break": ("понад\n71", "71", True),
    "another number": ("було 72 ліжка", "71", False),
    "at the end of a longer one": ("було 171 ліжко", "71", False),
    "at the beginning of a longer one": ("було 715 ліжок", "71", False),
    "15 in 150": ("близько 150 операцій", "15", False),
    "15 in 15 000": ("15 000 операцій", "15", False),
    "000 in 15 000": ("15 000 операцій", "0", False),
    "15 in 15,5": ("15,5 років", "15", False),
    "5 in 15,5": ("15,5 років", "5", False),
    "15 in 3.15": ("версія 3.15", "15", False),
    "the number of the tens": ("21", "2", False),
    "no number at all": ("багато ліжок", "71", False),
    "none in an empty phrase": ("", "0", False),
    "19 in the name of a disease": ("хворі на COVID-19", "19", False),
    "8 in a date in figures": ("2031-10-08", "8", False),
}

WORDS: dict[str, Case] = {
    "one, Ukrainian": ("одна лікарня", "1", True),
    "one, Russian": ("один врач", "1", True),
    "one, English": ("one hospital", "1", True),
    "two, Ukrainian feminine": ("дві лікарні", "2", True),
    "two, Ukrainian genitive": ("двох лікарень", "2", True),
    "two, Russian": ("двумя врачами", "2", True),
    "three, Ukrainian": ("три лікарні", "3", True),
    "three, Ukrainian instrumental": ("трьома лікарнями", "3", True),
    "three, capital letter": ("Три лікарні", "3", True),
    "five, with an apostrophe": ("п'ять лікарень", "5", True),
    "five, with a typographic apostrophe": ("п’ять лікарень", "5", True),
    "five, with the letter apostrophe": ("пʼятьох лікарень", "5", True),
    "five, Russian": ("пять больниц", "5", True),
    "seven, Ukrainian": ("сімома лікарнями", "7", True),
    "eight, Ukrainian genitive": ("восьми лікарень", "8", True),
    "eight, Russian": ("восемью врачами", "8", True),
    "nine, Ukrainian": ("дев’ятьма лікарнями", "9", True),
    "twelve, Russian": ("двенадцати стран", "12", True),
    "fifteen, English": ("fifteen countries", "15", True),
    "nineteen, Ukrainian": ("дев'ятнадцять країн", "19", True),
    "twenty": ("двадцять країн", "20", True),
    "another number": ("чотири лікарні", "3", False),
    "part of a word": ("потрійний", "3", False),
    "ten in fifteen": ("п'ятнадцять", "10", False),
    "three in thirteen": ("тринадцять", "3", False),
    "one in twenty-one": ("двадцять одна лікарня", "1", False),
    "twenty in twenty-one": ("двадцять одна лікарня", "20", False),
    "three in thirty-three, Russian": ("тридцать три больницы", "3", False),
    "five in a hundred and five": ("сто п'ять лікарень", "5", False),
    "one in twenty-one, English": ("twenty-one hospitals", "1", False),
    "seven in seven hundred": ("seven hundred doctors", "7", False),
    "five in five thousand": ("п'ять тисяч лікарів", "5", False),
    "two in two million": ("2 млн гривень", "2", False),
}


@pytest.mark.parametrize(("phrase", "value", "said"), (NUMBERS | WORDS).values(), ids=NUMBERS | WORDS)
def test_number_stands_in_the_phrase_or_does_not(phrase: str, value: str, said: bool) -> None:
    assert says_literal(phrase, literal(value, "integer"), "uk", inflected=False) is said


def test_decimal_stands_with_point_or_comma() -> None:
    assert says_literal("на 1.5 га", literal("1.5", "decimal"), "uk", inflected=False)
    assert says_literal("на 1,5 га", literal("1.5", "decimal"), "uk", inflected=False)
    assert not says_literal("на 1,6 га", literal("1.5", "decimal"), "uk", inflected=False)


STRANGE = ["²", "٣", "-5", "+5", "5" * 5000, "", "x", "1e3", ".", "(", "\\d", "[0-9]+"]


@pytest.mark.parametrize("value", STRANGE, ids=range(len(STRANGE)))
@pytest.mark.parametrize("datatype", ["integer", "decimal", "gYear", "date", "gMonthDay", "boolean"])
def test_value_that_its_datatype_does_not_have_is_not_said_and_is_no_trouble(value: str, datatype: str) -> None:
    assert not says_literal("5 лікарень", literal(value, datatype), "uk", inflected=False)


Day = tuple[str, str, str, str, bool]
"""Phrase, language, value, datatype, whether the phrase says it."""

DAYS: dict[str, Day] = {
    "in figures": ("2031-10-08", "uk", "2031-10-08", "date", True),
    "in figures within a line": ("дата 2031-10-08, Київ", "uk", "2031-10-08", "date", True),
    "in figures as they are written in Ukraine": ("08.10.2031", "uk", "2031-10-08", "date", True),
    "in figures without zeros": ("8.10.2031", "uk", "2031-10-08", "date", True),
    "Ukrainian month": ("8 жовтня 2031 року", "uk", "2031-10-08", "date", True),
    "Russian month": ("8 октября 2031 года", "ru", "2031-10-08", "date", True),
    "English month": ("8 October 2031", "en", "2031-10-08", "date", True),
    "English month first": ("October 8, 2031", "en", "2031-10-08", "date", True),
    "with a zero": ("08 жовтня 2031 року", "uk", "2031-10-08", "date", True),
    "capital letters": ("8 ЖОВТНЯ 2031", "uk", "2031-10-08", "date", True),
    "over a line break": ("8\nжовтня\n2031 року", "uk", "2031-10-08", "date", True),
    "another day": ("9 жовтня 2031 року", "uk", "2031-10-08", "date", False),
    "another month": ("8 листопада 2031 року", "uk", "2031-10-08", "date", False),
    "another year": ("8 жовтня 2032 року", "uk", "2031-10-08", "date", False),
    "no year": ("8 жовтня", "uk", "2031-10-08", "date", False),
    "18 is not 8": ("18 жовтня 2031", "uk", "2031-10-08", "date", False),
    "8 is not 28": ("8 жовтня 2031", "uk", "2031-10-28", "date", False),
    "another language": ("8 октября 2031 года", "uk", "2031-10-08", "date", False),
    "another date in figures": ("2031-10-18", "uk", "2031-10-08", "date", False),
    "day of the year": ("6 грудня", "uk", "--12-06", "gMonthDay", True),
    "day of the year, Russian": ("каждый год 6 декабря", "ru", "--12-06", "gMonthDay", True),
    "day of the year in a range of days": ("5–6 грудня", "uk", "--12-06", "gMonthDay", True),
    "another day of the year": ("7 грудня", "uk", "--12-06", "gMonthDay", False),
    "16 is not 6": ("16 грудня", "uk", "--12-06", "gMonthDay", False),
    "another month of the year": ("6 листопада", "uk", "--12-06", "gMonthDay", False),
    "a month without a day": ("у грудні", "uk", "--12-06", "gMonthDay", False),
    "year": ("у 2031 році", "uk", "2031", "gYear", True),
    "another year alone": ("у 2032 році", "uk", "2031", "gYear", False),
    "year in a longer number": ("12031 ліжко", "uk", "2031", "gYear", False),
    "year of a date in figures": ("2031-10-08", "uk", "2031", "gYear", True),
    "language of a country by mistake": ("2031-10-08", "ua", "2031-10-08", "date", True),
    "month in a language that nobody knows": ("8 жовтня 2031", "ua", "2031-10-08", "date", False),
    "language with a region": ("8 жовтня 2031", "uk-UA", "2031-10-08", "date", True),
    "no language": ("8 October 2031", "", "2031-10-08", "date", True),
}


@pytest.mark.parametrize(("phrase", "language", "value", "datatype", "said"), DAYS.values(), ids=DAYS)
def test_day_stands_in_the_phrase_or_does_not(
    phrase: str, language: str, value: str, datatype: str, said: bool
) -> None:
    assert says_literal(phrase, literal(value, datatype), language, inflected=False) is said


UK = "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня"
RU = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
MONTHS = {"uk": UK.split(" "), "ru": RU.split(" ")}


@pytest.mark.parametrize(("language", "month"), [(x, m) for x in MONTHS for m in range(12)])
def test_every_month_has_its_name_and_no_other(language: str, month: int) -> None:
    said = [
        says_literal(f"3 {name}", literal(f"--{month + 1:02}-03", "gMonthDay"), language, inflected=False)
        for name in MONTHS[language]
    ]
    assert said == [n == month for n in range(12)]


TEXTS: dict[str, Case] = {
    "as it stands": ("обласна лікарня «Надія»", "обласна лікарня «Надія»", True),
    "part of the phrase": ("стара обласна лікарня в місті", "обласна лікарня", True),
    "other quotation marks": ('лікарня "Надія"', "лікарня «Надія»", True),
    "other dash": ("мати - дитина", "мати – дитина", True),
    "other apostrophe": ("здоров'я", "здоров’я", True),
    "over a line break": ("обласна \n лікарня", "обласна лікарня", True),
    "no-break space": ("обласна\u00a0лікарня", "обласна лікарня", True),
    "capital letters": ("ОБЛАСНА ЛІКАРНЯ", "Обласна лікарня", True),
    "decomposed letters": ("Каховськии\u0306", "Каховський", True),
    "one letter changed": ("обласна лікарня", "обласна лікарна", False),
    "one letter missing within": ("обласна лікарня", "обласа лікарня", False),
    "one letter missing at the end": ("обласна лікарня", "обласна лікарн", False),
    "one letter missing at the beginning": ("обласна лікарня", "бласна лікарня", False),
    "one letter too many": ("обласна лікарня", "обласна лікарняя", False),
    "another form": ("обласної лікарні", "обласна лікарня", False),
    "a word inside a longer one": ("листопад", "лист", False),
    "an acronym inside a word": ("GIZMO", "GIZ", False),
    "words in another order": ("лікарня обласна", "обласна лікарня", False),
    "a word left out": ("обласна дитяча лікарня", "обласна лікарня", False),
    "nothing": ("обласна лікарня", "", False),
    "only punctuation": ("обласна лікарня.", "!", False),
}


@pytest.mark.parametrize(("phrase", "value", "said"), TEXTS.values(), ids=TEXTS)
def test_text_stands_in_the_phrase_or_does_not(phrase: str, value: str, said: bool) -> None:
    assert says_literal(phrase, ox.Literal(value, language="uk"), "uk", inflected=False) is said


@pytest.mark.parametrize(("phrase", "value", "said"), TEXTS.values(), ids=TEXTS)
def test_name_stands_in_the_phrase_as_its_text_does(phrase: str, value: str, said: bool) -> None:
    assert says_name(phrase, [value], inflected=False) is said


def test_one_of_several_names_is_enough() -> None:
    assert says_name("клініка ГІЗ", ["Товариство", "ГІЗ"], inflected=False)
    assert not says_name("клініка ГІЗ", ["Товариство", "ГЗ"], inflected=False)
    assert not says_name("клініка ГІЗ", [], inflected=False)


INFLECTED: dict[str, Case] = {
    "same form": ("обласна лікарня", "обласна лікарня", True),
    "genitive": ("обласної лікарні", "обласна лікарня", True),
    "genitive plural": ("обласних лікарень", "обласна лікарня", True),
    "instrumental": ("обласною лікарнею", "обласна лікарня", True),
    "name of a person, Ukrainian": ("Марії Коваленко", "Марія Коваленко", True),
    "surname as an adjective": ("Марією Лісовською", "Марія Лісовська", True),
    "country, Ukrainian": ("у Швеції", "Швеція", True),
    "country, Russian": ("в Швеции", "Швеция", True),
    "masculine with an ending": ("інституту", "інститут", True),
    "with initials": ("імені І. І. Лісового", "імені І. І. Лісовий", True),
    "other ending beyond the limit": ("лікарняними", "лікар", False),
    "another word": ("обласної клініки", "обласна лікарня", False),
    "another surname": ("Марії Шевчук", "Марія Шевченко", False),
    "another surname with the same beginning": ("Марії Іванової", "Марія Іваненко", False),
    "another first name": ("Марини Коваленко", "Марія Коваленко", False),
    "other initials": ("імені О. І. Лісового", "імені І. І. Лісовий", False),
    "a word missing": ("обласної лікарні", "обласна дитяча лікарня", False),
    "a word between": ("обласної дитячої лікарні", "обласна лікарня", False),
    "short words must be equal": ("до", "де", False),
    "Iran is not Iraq": ("в Ірані", "Ірак", False),
    "Mali is not Malta": ("на Мальті", "Малі", False),
    "Austria is not Australia": ("в Австралії", "Австрія", False),
    "Slovakia is not Slovenia": ("у Словенії", "Словаччина", False),
}


@pytest.mark.parametrize(("phrase", "value", "said"), INFLECTED.values(), ids=INFLECTED)
def test_name_in_another_form_is_known_by_its_stem(phrase: str, value: str, said: bool) -> None:
    assert says_name(phrase, [value], inflected=True) is said
    assert says_literal(phrase, ox.Literal(value, language="uk"), "uk", inflected=True) is said
