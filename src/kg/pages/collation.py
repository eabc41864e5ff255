"""The order in which people look for names: the alphabet's, not the code points', which put і, ї, є and ґ behind я."""

from __future__ import annotations

import unicodedata
from typing import Final

_CYRILLIC: Final = "абвгґдеєёжзиіїйклмнопрстуфхцчшщъыьэюя"
_IN_ORDER: Final = str.maketrans(_CYRILLIC, "".join(chr(0xE000 + place) for place in range(len(_CYRILLIC))))
"""Ukrainian and Russian letters in one order that suits both, moved to where code points follow it, behind Latin."""


def key(text: str) -> tuple[str, str]:
    """What to sort names by: letters without case, accents or punctuation, then the text itself."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", text).casefold().translate(_IN_ORDER))
    return "".join(c for c in letters if c.isalnum() or c.isspace() or c >= "\ue000"), text
