"""One Latin key for the ways in which a word is written in Cyrillic and Latin letters.

«Охматдит» is written Okhmatdyt (KMU 2010), Okhmatdit (BGN), Ohmatdit and Oxmatdyt: their key is one. It merges what
these ways, and people in a hurry, take for each other (г х h kh gh g; и і ї й ы y i; ц ts tz; ш щ sh shch sch), so it
finds more than was meant and counts for less than the letters themselves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

_SH, _CH, _TS = "w", "q", "c"
"""Sounds that have no letter of their own in English get a letter that keys have no other use for."""

_CYRILLIC: Final[Mapping[str, str]] = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "h", "д": "d", "дж": "j", "е": "e", "є": "e", "ж": "j", "з": "z",
    "и": "i", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h", "ц": _TS, "ч": _CH, "ш": _SH, "щ": _SH, "ъ": "", "ы": "i",
    "ь": "", "э": "e", "ю": "iu", "я": "ia", "тс": _TS, "ў": "u", "ј": "i", "љ": "l", "њ": "n", "џ": "j", "ћ": _CH,
    "ђ": "j", "ѕ": "z", "ә": "a", "ғ": "h", "қ": "k", "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "һ": "h",
}  # fmt: skip
_LATIN: Final[Mapping[str, str]] = {
    "shch": _SH, "sch": _SH, "sh": _SH, "tch": _CH, "ch": _CH, "zgh": "zh", "zh": "j", "dzh": "j", "dj": "j", "kh": "h",
    "gh": "h", "g": "h", "ph": "f", "th": "t", "tz": _TS, "ts": _TS, "ce": _TS + "e", "ci": _TS + "i", "cy": _TS + "i",
    "ck": "k", "c": "k", "qu": "kv", "q": "k", "w": "v", "x": "ks", "y": "i",
}  # fmt: skip
_HASTY: Final[Mapping[str, str]] = {**_LATIN, "x": "h", "c": _TS, "j": "i"}
"""The same for those who write x for х, c for ц, j for й."""


def _pieces(table: Mapping[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(table, key=len, reverse=True)))


_SCRIPTS: Final = {id(table): _pieces(table) for table in (_CYRILLIC, _LATIN, _HASTY)}
_SOFT_E: Final = re.compile("i+e")
_TWICE: Final = re.compile(r"([a-z])\1+")


@lru_cache(maxsize=50_000)
def key(word: str) -> str:
    """The key of a folded word; the word itself where it is in neither script."""
    return _key(word, _LATIN)


def keys(word: str) -> tuple[str, ...]:
    """The keys that a word which somebody typed may have, the likeliest first."""
    return tuple(dict.fromkeys((key(word), _key(word, _HASTY))))


def _key(word: str, latin: Mapping[str, str]) -> str:
    table = latin if word.isascii() else _CYRILLIC
    spelt = _SCRIPTS[id(table)].sub(lambda piece: table[piece.group()], word)
    return _TWICE.sub(r"\1", _SOFT_E.sub("e", spelt)) or word
