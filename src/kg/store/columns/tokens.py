"""The words of a query's shape."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.store.columns.algebra import Declined
from kg.store.columns.shape import IRI, SPACE, Shape

_TOKEN = re.compile(
    r"""
      (?P<space>[ \t\r\n]+)
    | (?P<variable>[?$]\w+)
    | (?P<language>@[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-[A-Za-z]{2})?(?![\w-]))
    | (?P<name>(?:[A-Za-z](?:[\w.-]*[\w-])?)?:(?:\w(?:[\w.-]*[\w-])?)?(?!\.*[\w:%\\-]))
    | (?P<word>[A-Za-z]+(?![\w:]))
    | (?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![\w:]))
    | (?P<sign>\^\^|&&|\|\||!=|<=|>=|[{}().;,\[\]=<>!*/^|+?-])
    """,
    re.VERBOSE | re.ASCII,
)
_PREFIX = re.compile(
    rf"PREFIX{SPACE}+(?P<name>(?:[A-Za-z](?:[\w.-]*[\w-])?)?:){SPACE}*(?P<iri>{IRI})", re.IGNORECASE | re.ASCII
)
_DECLARATION = re.compile(rf"\#[^\n\r]*|(?:PREFIX{SPACE}+[\w.-]*:|BASE){SPACE}*{IRI}", re.IGNORECASE)
SAFE_IRI = re.compile(
    r"""
    [A-Za-z][A-Za-z0-9+-]* : (?: //[A-Za-z0-9.-]+(?::[0-9]+)?(?=[/?\#]|$) | (?!//) )
    (?: [A-Za-z0-9_~:?@!$&'()*+,;=-] | /(?!\.) | \.(?![./?\#]|$) )* (?: \#[A-Za-z0-9_~:?@!$&'()*+,;=/.-]* )?
    """,
    re.VERBOSE,
)
"""An IRI that is surely well-formed, and the same after it has been resolved against any other."""
_SMALL = ("a", "true", "false")
_SLOTS = {"<": "iri", '"': "string", "'": "string"}


@dataclass(frozen=True)
class Token:
    """kind  that of the expression above, or of a constant that was cut out: iri, string, number
    text   of a word in upper case, but for those that have only small letters; empty where it was cut out
    slot   the place among what was cut out
    apart  whether there is space before it
    """

    kind: str
    text: str
    slot: int = -1
    apart: bool = True


def tokens(shape: Shape) -> list[Token]:
    """Raise Declined at what is no word of the part of SPARQL that is answered here."""
    found: list[Token] = []
    apart = True
    for place, piece in enumerate(shape.pieces):
        end = 0
        while end < len(piece):
            match = _TOKEN.match(piece, end)
            if match is None:
                raise Declined
            end = match.end()
            kind = str(match.lastgroup)
            if kind != "space":
                text = match[0]
                found.append(Token(kind, text.upper() if kind == "word" and text not in _SMALL else text, apart=apart))
            apart = kind == "space"
        if place < len(shape.firsts):
            first = shape.firsts[place]
            if first == "!":
                raise Declined
            if first != "#":
                found.append(Token(_SLOTS.get(first, "number"), "", place, apart))
            apart = first == "#"
    return [*found, Token("end", "")]


def prefixes(prologue: str) -> dict[str, str]:
    """The declared prefixes, each with its colon. Raise Declined at BASE, and at an IRI that is not surely right."""
    found = {}
    for declaration in _DECLARATION.finditer(prologue):
        if declaration[0].startswith("#"):
            continue
        match = _PREFIX.fullmatch(declaration[0])
        if match is None or not SAFE_IRI.fullmatch(match["iri"][1:-1]):
            raise Declined
        found[match["name"]] = match["iri"][1:-1]
    return found
