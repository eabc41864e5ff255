"""Words and names compared, without a graph."""

from __future__ import annotations

import pytest

from kg.reconcile.names import Word, read
from kg.reconcile.similarity import alike, initials, likeness

SAME = [
    ("same word", "лікарня", "Лікарня"),
    ("other case", "лікарні", "лікарня"),
    ("other case of an adjective", "обласної", "обласна"),
    ("Latin letters", "Okhmatdyt", "Охматдит"),
    ("shortened", "обл.", "обласна"),
    ("contracted", "ун-т", "університет"),
    ("contracted, other case", "ін-ту", "інститут"),
    ("a letter left out", "перинатльний", "перинатальний"),
    ("two letters swapped", "Kremecnhuk", "Kremenchuk"),
    ("Ukrainian and Russian adjective", "Кременчуцкой", "Кременчугская"),
]
OTHER = [
    ("other word", "лікарня", "школа"),
    ("other town", "Полтавська", "Чернігівська"),
    ("town that begin alike", "Чернівецька", "Чернігівська"),
    ("short words one letter apart", "Ірак", "Іран"),
    ("numbers one digit apart", "12", "13"),
    ("number and its beginning", "1", "12"),
    ("beginning without a full stop in a long word", "медицина", "медицинакатастроф"),
]


def word(text: str) -> Word:
    (only,) = read(text).words
    return only


def weigh(word: Word) -> float:
    return 0.05 if word.is_noise else 1.0


@pytest.mark.parametrize(("one", "other"), [case[1:] for case in SAME], ids=[case[0] for case in SAME])
def test_forms_of_a_word_are_alike(one: str, other: str) -> None:
    assert alike(word(one), word(other)) >= 0.8
    assert alike(word(other), word(one)) >= 0.8


@pytest.mark.parametrize(("one", "other"), [case[1:] for case in OTHER], ids=[case[0] for case in OTHER])
def test_other_words_are_not(one: str, other: str) -> None:
    assert alike(word(one), word(other)) < 0.8
    assert alike(word(other), word(one)) < 0.8


def test_two_slips_count_for_less_than_one() -> None:
    one, two = (alike(word(text), word("перинатальний")) for text in ("перинатльний", "перинтльний"))
    assert 0 < two < one < 1


def test_initials_answer_words_in_a_row() -> None:
    words = read("Дніпропетровська обласна клінічна лікарня імені І. І. Мечникова").words
    assert initials(word("ДОКЛ"), words) == [0, 1, 2, 3]
    assert initials(word("ОКЛ"), words) == [1, 2, 3]
    assert initials(word("ДКЛ"), words) is None


def test_noise_weighs_next_to_nothing() -> None:
    with_noise = likeness(read("КНП «Обласна лікарня»"), read("Обласна лікарня"), weigh)
    with_town = likeness(read("Рівне Обласна лікарня"), read("Обласна лікарня"), weigh)
    assert with_noise.score > 0.95 > with_town.score


def test_words_left_out_cost_less_than_words_too_many() -> None:
    full = read("Перша міська лікарня")
    part = read("міська лікарня")
    assert likeness(part, full, weigh).score > likeness(full, part, weigh).score


@pytest.mark.parametrize("text", ["", "   ", "«»", "...", "—", "\u0301"])
def test_nothing_is_like_nothing(text: str) -> None:
    assert read(text).words == ()
    assert likeness(read(text), read("лікарня"), weigh).score == 0
    assert likeness(read("лікарня"), read(text), weigh).score == 0


def test_capitals_in_a_text_of_capitals_are_no_initials() -> None:
    assert not any(w.capitals for w in read("ОБЛАСНА ЛІКАРНЯ").words)
    assert [w.capitals for w in read("НІР України").words] == [True, False]
