"""Text as it is compared, and its Latin keys."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.store.text import sound
from kg.store.text.folding import folded, words
from kg.store.text.keyboard import switched


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("КИЇВ", "київ", id="capitals"),
        pytest.param("зв'язок", "зв’язок", id="typographic apostrophe"),
        pytest.param("зв'язок", "звʼязок", id="modifier apostrophe"),
        pytest.param("зв'язок", "звязок", id="no apostrophe"),
        pytest.param("«Дім»", '"дім"', id="quotation marks"),
        pytest.param("Івано-Франківськ", "івано франківськ", id="hyphen"),
        pytest.param("Украи\u0301на", "украина", id="stress mark"),
        pytest.param("и\u0306од", "йод", id="decomposed й"),
        pytest.param("і\u0308жа", "їжа", id="decomposed ї"),
        pytest.param("Krankenhäuser", "krankenhauser", id="umlaut"),
        pytest.param("Straße", "STRASSE", id="sharp s"),
        pytest.param("Łódź", "lodz", id="stroke"),
        pytest.param("ёж", "еж", id="ё"),
        pytest.param("Iван", "Іван", id="Latin I in a Cyrillic word"),
        pytest.param("ﬁn", "fin", id="ligature"),
        pytest.param("кни\u00adга", "книга", id="soft hyphen"),
    ],
)
def test_ways_to_write_the_same_are_the_same(one: str, other: str) -> None:
    assert folded(one) == folded(other) != ""


@pytest.mark.parametrize(("one", "other"), [("мій", "мии"), ("їжа", "іжа"), ("ґрати", "грати"), ("мир", "мір")])
def test_letters_of_the_alphabet_are_not_accented_ones(one: str, other: str) -> None:
    assert folded(one) != folded(other)


@pytest.mark.parametrize(
    ("one", "other", "merges"), [("и\u0306од", "иод", True), ("зв’язок", "звязок", False), ("ёж", "еж", False)]
)
def test_sqlite_s_own_folding_would_do_otherwise(one: str, other: str, merges: bool) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE own USING fts5(text, tokenize='unicode61 remove_diacritics 2')")
    connection.execute("INSERT INTO own VALUES (?)", (one,))
    merged = connection.execute("SELECT count(*) FROM own WHERE own MATCH ?", (other,)).fetchone() == (1,)
    connection.close()
    assert merged is merges is (folded(one) != folded(other))


@given(st.text())
def test_folding_is_stable_and_leaves_letters_and_digits_alone(text: str) -> None:
    once = folded(text)
    assert folded(once) == once
    assert all(letter.isalnum() or letter == " " for letter in once)
    assert [w.folded for w in words(text)] == once.split()
    assert all(text[w.start : w.end].strip() == text[w.start : w.end] != "" for w in words(text))


@pytest.mark.parametrize(
    ("name", "spellings"),
    [
        ("Охматдит", "okhmatdyt okhmatdit ohmatdit ohmatdyt Охматдіт"),
        ("Щербак", "shcherbak scherbak"),
        ("Зеленський", "zelenskyi zelenskyy zelenskiy zelensky zelenski Зеленский"),
        ("Харків", "kharkiv harkiv kharkyv"),
        ("Запоріжжя", "zaporizhzhia zaporizhia zaporizhzhya"),
        ("Жмеринка", "zhmerynka zhmerinka"),
        ("Юлія", "yuliia yuliya iuliia yulia"),
        ("Яна", "yana iana"),
        ("Цюрупа", "tsiurupa tsyurupa"),
        ("Ґонґадзе", "gongadze honhadze Гонгадзе"),
        ("Згурівка", "zghurivka zgurivka"),
        ("Євген", "yevhen ievhen yevgen evgen"),
        ("Джонс", "jons dzhons"),
        ("оксид", "oxyd"),
    ],
)
def test_a_name_in_both_alphabets_has_one_key(name: str, spellings: str) -> None:
    key = sound.key(folded(name))
    assert {spelling: sound.key(folded(spelling)) for spelling in spellings.split()} == dict.fromkeys(
        spellings.split(), key
    )


@pytest.mark.parametrize(
    ("typed", "name"), [("oxmatdyt", "Охматдит"), ("cypa", "Ципа"), ("jod", "йод"), ("vinnicia", "Вінниця")]
)
def test_hasty_spellings_are_among_the_keys(typed: str, name: str) -> None:
    assert sound.key(folded(name)) in sound.keys(folded(typed))


@given(st.text(min_size=1))
def test_every_word_has_one_key_without_spaces(text: str) -> None:
    for word in words(text):
        assert all(key and " " not in key for key in (sound.key(word.folded), *sound.keys(word.folded)))


def test_the_other_keyboard() -> None:
    assert "київ" in switched("rb]d")
    assert "больница" in switched("<jkmybwf".replace("<", ","))
    assert "razom" in switched("кфящь")
