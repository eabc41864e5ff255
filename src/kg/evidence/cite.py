"""A phrase to its ranges: every place where it stands in a source text, ready to paste."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from kg.evidence.check import MAX_QUOTED

_CONTEXT = 40
_ALIKE = {
    **dict.fromkeys("'’ʼ", "['’ʼ]"),
    **dict.fromkeys('"«»“”„', '["«»“”„]'),
    **dict.fromkeys("-–—", "[-–—]"),
}


@dataclass(frozen=True)
class Occurrence:
    """A place where the phrase stands: characters `start` to `end` (end excluded), counted from 0 (RFC 5147)."""

    start: int
    end: int
    phrase: str
    before: str
    after: str

    @property
    def quote(self) -> str:
        """The value of hs:quotes: the range and its characters, or their SHA-256 where they are too many to quote."""
        if len(self.phrase) > MAX_QUOTED:
            return f"{self.start},{self.end} sha256:{hashlib.sha256(self.phrase.encode()).hexdigest()}"
        return f"{self.start},{self.end} {self.phrase}"

    @property
    def turtle(self) -> str:
        """The annotation for a fact in Turtle."""
        escaped = self.quote.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
        return f'{{| hs:quotes "{escaped}" |}}'


def occurrences(text: str, phrase: str) -> list[Occurrence]:
    """Every place of the phrase, in order, overlapping ones too.

    White space, apostrophes, dashes and quotation marks of any kind match each other, and so do capital and small
    letters: what is quoted are the characters of the text.
    """
    parts = (_ALIKE.get(c, re.escape(c)) for c in " ".join(phrase.split()))
    pattern = "".join(r"\s+" if p in (" ", r"\ ") else p for p in parts)
    found = []
    for match in re.finditer(f"(?=({pattern}))", text, re.IGNORECASE) if pattern else ():
        start, end = match.span(1)
        before, after = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
        found.append(Occurrence(start, end, text[start:end], before, after))
    return found
