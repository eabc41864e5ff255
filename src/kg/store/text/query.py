"""What somebody typed, as words to look for. Nothing in it is ever read as an operator."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from kg.store.text import sound
from kg.store.text.folding import words

MAX_CHARACTERS: Final = 200
MAX_WORDS: Final = 12
_MIN_STEM: Final = 4
_ENDING: Final = re.compile(
    "(?:ами|ями|ого|ому|ими|іми|ові|еві|єві|ах|ях|ам|ям|ою|ею|єю|ию|ію|ої|ії|ів|їв|ов|ев|ий|ый|ій|ой|ей|ая|яя|ое|ее|ые|ие|"
    "ия|ии|ую|юю|их|ых|им|ым|ом|ем|єм|а|я|о|е|є|и|і|ї|ы|у|ю|й|ь|es|s)\\Z"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One word to look for.

    keys    its Latin keys, the likeliest first
    stem    without a common ending, to find other forms of it; empty where there is none to take off
    errors  how many slips of the finger may be forgiven in it
    whole   names have this very word, so those with words that only begin so are not looked for
    near    keys of words that it may have been meant to be -> how many slips away they are
    """

    folded: str
    keys: tuple[str, ...]
    stem: str
    errors: int
    whole: bool = False
    near: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Query:
    """The words that somebody typed."""

    words: tuple[Asked, ...]

    @property
    def folded(self) -> str:
        return " ".join(word.folded for word in self.words)

    @property
    def key(self) -> str:
        return " ".join(word.keys[0] for word in self.words)


def parse(text: str) -> Query:
    """The first words of a text; those after MAX_WORDS, and what is after MAX_CHARACTERS, are left out."""
    return Query(tuple(_asked(word.folded) for word in words(text[:MAX_CHARACTERS])[:MAX_WORDS]))


def stem(word: str) -> str:
    """A folded word without a common Ukrainian, Russian or English ending; empty if it has none to spare."""
    bare = _ENDING.sub("", word)
    return bare if _MIN_STEM <= len(bare) < len(word) else ""


def _asked(word: str) -> Asked:
    keys, has_digit = sound.keys(word), any(letter.isdigit() for letter in word)
    errors = 0 if has_digit or len(keys[0]) < 4 else 1 if len(word) < 8 else 2
    return Asked(word, keys, stem(word), errors)
