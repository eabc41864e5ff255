"""Which language a text is in: by letters that only one has, else by its commonest words."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import Final

_LETTERS: Final = {
    "uk": "іїєґ", "ru": "ыэёъ", "be": "ў", "bg": "ъщ", "sr": "јљњћђџ", "pl": "ąćęłńśźż", "lt": "ėįųūšžąę", "de": "äöüß",
    "fr": "éèêàçùô",
}  # fmt: skip
_COMMON: Final = {
    "uk": "та що не на у з це як до за від які про для також є був було",
    "ru": "и что не на в с это как к за от которые о для также был было из",
    "be": "і што не на ў з гэта як да за ад якія пра для таксама быў было",
    "bg": "и че не на в с това как към за от които също е беше са да",
    "en": "the of and to in a is that for with on was by are from this be has",
    "de": "der die und das in den von zu mit ist des für auf im nicht eine als",
    "fr": "le la les de des et en un une du que est pour dans qui au par sur",
    "pl": "i w na z do że się nie jest o od dla jak przez oraz po są",
}
_WORDS: Final = {code: frozenset(words.split()) for code, words in _COMMON.items()}
_WORD: Final = re.compile(r"[^\W\d_]+")
_LETTER_WORTH: Final = 0.5
_CLEAR: Final = 1.3
"""How many times the evidence for the next language that for the best has to be."""


def guess(text: str) -> str:
    """The code of the text's language; empty if it is none of these, or two are nearly as likely."""
    words = Counter(w.lower() for w in _WORD.findall(text))
    letters = Counter(text.lower())
    scores = {
        code: sum(words[w] for w in common) + _LETTER_WORTH * sum(letters[x] for x in _LETTERS.get(code, ""))
        for code, common in _WORDS.items()
    }
    best, second = sorted(scores, key=lambda c: -scores[c])[:2]
    return best if scores[best] >= 1 and scores[best] > _CLEAR * scores[second] else ""


@lru_cache(maxsize=1000)
def meant(code: str) -> str:
    """The language that is spoken most in the country of this code, where the code is that of no language: uk for ua.

    Source: Unicode CLDR, names of languages and likely subtags.
    """
    from babel import Locale
    from babel.core import get_global

    if code in Locale("en").languages:
        return ""
    return str(get_global("likely_subtags").get(f"und_{code.upper()}", "")).partition("_")[0]


def contradicted(text: str, code: str) -> str:
    """The language of which the text has at least two common words more than of the one that it is said to be in."""
    if code not in _WORDS:
        return ""
    words = {w.lower() for w in _WORD.findall(text)}
    shared = {c: len(words & common) for c, common in _WORDS.items()}
    best = max(shared, key=lambda c: shared[c])
    return best if shared[best] >= shared[code] + 2 else ""
