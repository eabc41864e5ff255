"""The alphabet's order."""

from __future__ import annotations

import pytest

from kg.pages import collation


@pytest.mark.parametrize(
    "in_order",
    [
        pytest.param(["Ганна", "Ґалаґан", "Дніпро", "Ева", "Єва", "Жук"], id="ґ and є"),
        pytest.param(["Зоря", "Ива", "Ізюм", "Їжак", "Йод", "Київ", "Яр"], id="и, і, ї and й"),
        pytest.param(["Елена", "Ёлка", "Жук"], id="ё"),
        pytest.param(["Africa", "Éric", "Kyiv", "world", "Африка"], id="accents, case, Latin before Cyrillic"),
        pytest.param(["Больница", "«Охматдит»", "Павлов"], id="quotation marks"),
    ],
)
def test_names_stand_in_the_order_of_the_alphabet(in_order: list[str]) -> None:
    shuffled = in_order[::-1]
    assert sorted(shuffled, key=collation.key) == in_order
