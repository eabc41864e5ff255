"""What a name is made of when names are compared: words with their sound, short forms, quoted parts, and noise."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from kg.store.text import sound
from kg.store.text.folding import fold

_TOKEN: Final = re.compile(r"[^\W_]+(?:['’ʼ`´][^\W_]+)*(?:-[^\W_]+(?:['’ʼ`´][^\W_]+)*)*\.?")
_QUOTED: Final = re.compile('[«„“"]([^«»„“”"]{2,})[»“”"]')
_ASIDE: Final = re.compile(r"\(([^()]*)\)")
_MAX_WORDS: Final = 30
_BUCKET: Final = 5
_FUNCTION_WORDS: Final = """
    of the for and in at to an on by with named after
    і й та в у на з із зі до для при про по що від імені ім и с о об от из им имени
    de des du la le les et en der die das den des für und von im am zu del di da do dos el los e y
    м місто город г city town
"""
_LEGAL_FORMS: Final = """
    комунальне некомерційне підприємство державна установа державне товариство обмеженою відповідальністю
    коммунальное некоммерческое предприятие государственное учреждение бюджетное общество ограниченной ответственностью
    communal municipal nonprofit non profit enterprise limited liability company corporation
    кнп кп ду дп днп кз тов прат пат гу гбуз фгбу фгбну ао ооо оао зао нко во го бо
    llc ltd inc gmbh ggmbh ev plc corp co sa sas srl spa ag ngo
"""


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """A word of a name. Words are compared by `similarity.alike`; as objects they are equal to themselves only.

    folded    as it is compared
    key       its sound, the same in Cyrillic and Latin letters
    tail      the last letters of a contraction (`ун-т`), whose first are `folded`; else empty
    is_short  a full stop stands behind it, so it may be the beginning of a word
    capitals  it may be made of the initials of several words
    quoted    it stands between quotation marks
    aside     it stands in parentheses, as what tells namesakes apart does
    is_noise  it tells nothing apart: function words and legal forms
    bucket    what its forms have in common, roughly: how often a word is used is counted by this
    """

    folded: str
    key: str
    tail: str = ""
    is_short: bool = False
    capitals: bool = False
    quoted: bool = False
    aside: bool = False
    is_noise: bool = False
    bucket: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "bucket", self.key if self.key.isdecimal() else self.key[:_BUCKET])


@dataclass(frozen=True)
class Name:
    """A name, read. Without words there is nothing to compare."""

    text: str
    words: tuple[Word, ...]

    @property
    def folded(self) -> tuple[str, ...]:
        return tuple(w.folded for w in self.words if not w.is_noise)


@lru_cache(maxsize=50_000)
def read(text: str) -> Name:
    """A name and its words, the first thirty."""
    quoted, aside = ([m.span(1) for m in pattern.finditer(text)] for pattern in (_QUOTED, _ASIDE))
    tokens = list(_TOKEN.finditer(text))[:_MAX_WORDS]
    shouted = len(tokens) > 1 and text.upper() == text
    words: list[Word] = []
    for token in tokens:
        at = token.start()
        words += _words(
            token.group(),
            quoted=_within(at, quoted),
            aside=_within(at, aside),
            shouted=shouted,
            alone=len(tokens) == 1,
        )
    return Name(text, tuple(words))


def _within(place: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


@lru_cache(maxsize=50_000)
def _words(token: str, *, quoted: bool, aside: bool, shouted: bool, alone: bool) -> tuple[Word, ...]:
    bare = token.rstrip(".")
    head, _, tail = bare.partition("-")
    if 1 <= len(head) <= 4 and 1 <= len(tail) <= 3 and tail.isalpha():
        return (Word(fold(head), sound.key(fold(head)), tail=fold(tail), quoted=quoted, aside=aside),)
    found = []
    for part in bare.split("-"):
        folded = fold(part)
        if not folded:
            continue
        short = part.isalpha() and 2 <= len(part) <= 7
        key = sound.key(folded)
        found.append(
            Word(
                folded,
                key,
                is_short=token.endswith("."),
                capitals=short and (alone or (part.isupper() and not shouted)),
                quoted=quoted,
                aside=aside,
                is_noise=_is_noise(folded, key),
            )
        )
    return tuple(found)


@lru_cache(maxsize=1)
def _noise() -> tuple[frozenset[str], frozenset[str]]:
    """Words that are noise as they stand, and the beginnings of those that are in every form."""
    forms = [fold(word) for word in _LEGAL_FORMS.split()]
    exact = {fold(word) for word in _FUNCTION_WORDS.split()} | {form for form in forms if len(form) <= _BUCKET}
    return frozenset(exact), frozenset(sound.key(form)[:7] for form in forms if len(form) > _BUCKET)


def _is_noise(folded: str, key: str) -> bool:
    exact, beginnings = _noise()
    return folded in exact or key[:7] in beginnings
