"""Bytes that are no text in UTF-8, and what they probably are."""

from __future__ import annotations

import re
from typing import Final

from kg.words.findings import Finding, Place, Severity

_CYRILLIC: Final = re.compile(r"[А-Яа-яЁёІіЇїЄєҐґ]{3,}")


def check(content: bytes, name: str) -> Finding | None:
    """Why these bytes are no text to parse: the encoding, a byte-order mark, NUL bytes; None if they are."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _finding("not UTF-8 but UTF-16. Save the file as UTF-8", Place(name, 1))
    if content.startswith(b"\xef\xbb\xbf"):
        return _finding("remove the byte-order mark at the start", Place(name, 1, 1))
    if (position := content.find(b"\0")) >= 0:
        every_other = content[:200].count(b"\0") * 3 > len(content[:200])
        message = "not UTF-8 but UTF-16" if every_other else "a NUL byte (0x00), which no text file has"
        advice = "Save the file as UTF-8" if every_other else "Remove it, or get the file anew"
        return _finding(f"{message}. {advice}", _place(content, position, name))
    try:
        content.decode()
    except UnicodeDecodeError as error:
        byte, place = content[error.start], _place(content, error.start, name)
        message = f"not UTF-8: byte 0x{byte:02x}{_guess(content)}. Save the file as UTF-8"
        return _finding(message, place)
    return None


def line_of(content: bytes, position: int) -> int:
    """The line of a byte, from 1."""
    return content.count(b"\n", 0, position) + 1


def _guess(content: bytes) -> str:
    """The encoding in which the bytes beyond ASCII read as words, if they do in one."""
    if _CYRILLIC.search(content.decode("cp1251", "replace")):
        return ", which looks like Windows-1251"
    if not any(0x80 <= byte < 0xA0 for byte in content):
        return ", which looks like Latin-1 (ISO 8859-1)"
    return ""


def _place(content: bytes, position: int, name: str) -> Place:
    begin = content.rfind(b"\n", 0, position) + 1
    column = len(content[begin:position].decode(errors="replace")) + 1
    return Place(name, line_of(content, position), column)


def _finding(message: str, place: Place) -> Finding:
    return Finding(Severity.ERROR, "syntax", message, place)
