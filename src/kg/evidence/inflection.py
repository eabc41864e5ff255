"""Whether two words are forms of one, in Ukrainian and Russian: they differ in nothing but endings.

No dictionary is asked, so words whose forms look alike pass for each other (Олександр, Олександра); words that only
begin alike do not (Ірак and Іран, Малі and Мальта).
"""

from __future__ import annotations

import re

_MIN_STEM = 3
_ENDINGS = {
    "",
    *"""
    а я о е є ё и і ї ы у ю й ь s es
    ам ям ами ями ах ях ом ем єм ём ою ею єю ью ів їв ов ев єв ей ові еві єві
    ий ій ый ой ая яя ое ее ые ие ую юю ого ього його его ому ьому йому ему ої ьої йої ьою йою
    им ім їм ым их іх їх ых ими іми їми ыми
    """.split(),  # noqa: SIM905  a table for people
}
_BARE = ("", "ь", "ю")
"""Endings behind which the last vowel of a stem may have come in or changed."""
_VOWEL = "аеєёиіїоуыэюя"


def same(one: str, other: str) -> bool:
    """Whether two words, folded, have a common stem; parts joined by hyphens each for itself."""
    parts, others = one.split("-"), other.split("-")
    return len(parts) == len(others) and all(
        a == b or not stems(a).isdisjoint(stems(b)) for a, b in zip(parts, others, strict=True)
    )


def stems(word: str) -> set[str]:
    """The word without each ending that it may have, and what that becomes in front of other endings."""
    found = set()
    for end in range(_MIN_STEM, len(word) + 1):
        stem, ending = word[:end], word[end:]
        if ending not in _ENDINGS:
            continue
        found.add(stem)
        if ending in _BARE:
            found.add(re.sub(rf"(?<=[^{_VOWEL}])[еєо](?=[^{_VOWEL}]\Z)", "", stem))  # лікарень and лікарня
            found |= {re.sub(rf"[ії](?=[^{_VOWEL}]+\Z)", vowel, stem) for vowel in "оеє"}  # Київ and Києва
        if ending == "і":
            found.add(stem[:-1] + {"з": "г", "ц": "к", "с": "х"}.get(stem[-1], stem[-1]))  # Африці and Африка
        if ending in ("я", "ю", "ям", "ями", "ях"):
            found.add(re.sub(rf"([^{_VOWEL}])\1\Z", r"\1", stem))  # навчання and навчань
    return {stem for stem in found if len(stem) >= _MIN_STEM}
