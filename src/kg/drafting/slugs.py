"""Slugs: proposed from a name, in Latin letters, and refused where they break the pattern or are taken."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from kg.evidence.agreement import primary
from kg.words.errors import BadInput

PATTERN: Final = re.compile(r"[a-z0-9]+(?:--?[a-z0-9]+)*\Z")
_ANY_CASE: Final = re.compile(PATTERN.pattern, re.IGNORECASE | re.ASCII)
_LONGEST: Final = 60
_UKRAINIAN: Final = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh", "з": "z", "и": "y",
    "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s",
    "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "ю": "iu",
    "я": "ia",
}  # fmt: skip
_INITIAL: Final = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
"""The official romanisation of Ukrainian (Cabinet of Ministers, 2010), which writes some letters otherwise in front."""
_RUSSIAN: Final = _UKRAINIAN | {
    "г": "g", "и": "i", "й": "y", "ъ": "", "ы": "y", "э": "e", "ё": "e", "ю": "yu", "я": "ya", "ў": "u",
}  # fmt: skip
_WORD: Final = re.compile(r"[^\W_]+")
_APOSTROPHES: Final = str.maketrans("", "", "'’ʼ‘`")


def propose(name: str, language: str = "en", *, words: int = 8) -> str:
    """The slug that a name suggests; empty where it has no letter that can be written in ASCII.

    words  at most so many of the name's
    """
    found = [_latin(w, primary(language)) for w in _WORD.findall(name.translate(_APOSTROPHES))]
    kept = [w for w in found if w][:words]
    while kept and len("-".join(kept)) > _LONGEST:
        kept.pop()
    return "-".join(kept)


def check(slug: str, what: str = "slug", *, like: Iterable[str] = ()) -> str:
    """The slug itself. Raise BadInput if it breaks the pattern.

    like  slugs of other things of its class: capitals are allowed where these have some
    """
    pattern = _ANY_CASE if any(other != other.lower() for other in like) else PATTERN
    if not pattern.match(slug):
        close = propose(slug.replace("_", " "))
        hint = f" Say {close}" if PATTERN.match(close) and close != slug else ""
        raise BadInput(f'{what} "{slug}" is not made of a to z, 0 to 9 and single hyphens.{hint}')
    return slug


def _latin(word: str, language: str) -> str:
    low = unicodedata.normalize("NFC", word).lower()
    if re.search("[Ѐ-ԯ]", low):
        if language == "ru":
            return _ascii("".join(_RUSSIAN.get(c, c) for c in low))
        low = low.replace("зг", "zgh")
        first = _INITIAL.get(low[0], "")
        return _ascii(first + "".join({**_RUSSIAN, **_UKRAINIAN}.get(c, c) for c in low[bool(first) :]))
    return _ascii(low)


def _ascii(text: str) -> str:
    plain = (
        text.replace("ß", "ss")
        .replace("ł", "l")
        .replace("ø", "o")
        .replace("đ", "d")
        .replace("æ", "ae")
        .replace("œ", "oe")
    )
    bare = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return re.sub("[^a-z0-9]", "", bare)
