"""What was meant when the keyboard was left in another alphabet: “jvfnlbn” for «охматдит», «кфящь» for “razom”."""

from __future__ import annotations

from typing import Final

_LATIN: Final = "qwertyuiop[]asdfghjkl;'zxcvbnm,."
_CYRILLIC: Final = ("йцукенгшщзхїфівапролджєячсмитьбю", "йцукенгшщзхъфывапролджэячсмитьбю")
_SWITCHES: Final = tuple(
    str.maketrans(typed, meant)
    for typed, meant in (*((_LATIN, layout) for layout in _CYRILLIC), *((layout, _LATIN) for layout in _CYRILLIC))
)


def switched(text: str) -> tuple[str, ...]:
    """The text as the same keys write it in Ukrainian, Russian and Latin letters, as far as that changes it."""
    text = text.casefold()
    return tuple(dict.fromkeys(other for table in _SWITCHES if (other := text.translate(table)) != text))
