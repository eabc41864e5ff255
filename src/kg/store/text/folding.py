"""Text as it is compared: without case, accents and punctuation, but with й and и, ї and і kept apart.

SQLite's own folding (unicode61) takes a decomposed й for и, knows no twins of ё and і, and parts words at apostrophes,
so the index gets text that is folded here.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_APOSTROPHES: Final = "'’‘ʼʹ`´′＇ʻ\"ʺ"
_WORD: Final = re.compile(rf"[^\W_]+(?:[{_APOSTROPHES}]?[\u0300-\u036f\u00ad]*[^\W_]+)*")
_CYRILLIC: Final = re.compile("[\u0400-\u052f]")
_TWINS: Final = str.maketrans("aceiïopxyABCEHIÏKMOPTXY", "асеіїорхуАВСЕНІЇКМОРТХУ")
"""Latin letters that stand for the Cyrillic ones that look the same: і from an English keyboard is the usual case."""
_LETTERS: Final = str.maketrans(
    {"ё": "е", "ѣ": "е", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: from where to where it stands, and what it is compared as."""

    start: int
    end: int
    folded: str


def words(text: str) -> list[Word]:
    """The words of a text in its order. Hyphens part words, apostrophes do not."""
    found = []
    for match in _WORD.finditer(text):
        if folded := fold(match.group()):
            found.append(Word(match.start(), match.end(), folded))
    return found


def folded(text: str) -> str:
    """The words of a text as they are compared, with one space between them."""
    return " ".join(word.folded for word in words(text))


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """A word as it is compared: letters and digits only; empty if it has none."""
    if word.isascii():
        return "".join(filter(str.isalnum, word.lower()))
    if _CYRILLIC.search(word):
        word = word.translate(_TWINS)
    composed = unicodedata.normalize("NFKC", word).casefold().translate(_LETTERS)
    return "".join(_bare(letter) for letter in unicodedata.normalize("NFC", composed))


def _bare(letter: str) -> str:
    """A letter without its accent, unless it is Cyrillic, where й is no accented и; nothing for what is no letter."""
    if "\u0400" <= letter <= "\u052f" and letter.isalpha():
        return letter
    if letter in _APOSTROPHES:  # ʼ is a letter to Unicode
        return ""
    base = unicodedata.normalize("NFD", letter)[0]
    return base if base.isalnum() else ""
