"""The shape of a query: its text without the constants, which is the same for many queries."""

from __future__ import annotations

import re
from typing import NamedTuple

IRI = r"<[^<>\"{}|^`\\\x00-\x20]*>"
SPACE = r"[ \t\r\n]"
_PROLOGUE = re.compile(
    rf"(?:{SPACE}+|\#[^\n\r]*|(?i:PREFIX){SPACE}+[\w.-]*:{SPACE}*{IRI}|(?i:BASE){SPACE}*{IRI})*+",
)
_CONSTANT = re.compile(
    r"""
    ( [\#<"'0-9]                                                # all begin so, which lets the search skip what does not
      (?: (?<=<) [^<>"{}|^`\\\x00-\x20]*+ >                     # an IRI
      | (?<=") (?:[^"\\\n\r]|\\.)*+ "?                          # a string, be it unfinished: it is not searched again
      | (?<=') (?:[^'\\\n\r]|\\.)*+ '?
      | (?<=[0-9]) (?<![\w?$:.%\\@-].) [0-9]*+ (?:\.[0-9]+)? (?:[eE][+-]?[0-9]+)? (?![\w:])   # a number
      | (?<=\#) [^\n\r]*+ ) )                                   # a comment, which is none
    """,
    re.VERBOSE,
)


class Shape(NamedTuple):
    """What a plan depends on.

    prologue  the declarations of prefixes, as written
    pieces    the text between the constants; they are one more
    firsts    the first character of each constant, 0 for all numbers; ! for a string without its end
    """

    prologue: str
    pieces: tuple[str, ...]
    firsts: str


def cut(text: str) -> tuple[Shape, list[str]]:
    """The shape of a query, and its constants as written; a comment is cut out like them."""
    match = _PROLOGUE.match(text)
    end = match.end() if match else 0
    parts = _CONSTANT.split(text[end:])
    constants = parts[1::2]
    firsts = "".join([_first(c) for c in constants])
    return Shape(text[:end], tuple(parts[::2]), firsts), constants


def _first(constant: str) -> str:
    first = constant[0]
    if first in "\"'":
        body = constant[1:-1]
        escapes = len(body) - len(body.rstrip("\\"))
        return first if len(constant) > 1 and constant[-1] == first and escapes % 2 == 0 else "!"
    return first if first in "<#" else "0"
