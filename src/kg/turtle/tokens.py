"""Turtle text to tokens: terms, marks and comments, with the line breaks in front of each.

Source: RDF 1.2 Turtle, section 6.4 (terminals). The text is one that a parser accepts; what is wrong with another is
for the parser to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

COMMENT: Final = "comment"
MARK: Final = "mark"
TERM: Final = "term"

OPENERS: Final = {"[": "]", "(": ")", "{|": "|}", "<<": ">>", "<<(": ")>>"}
CLOSERS: Final = frozenset(OPENERS.values())
DIRECTIVES: Final = ("@version", "@base", "@prefix")

_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_CHARS = _BASE + "_0-9\u00b7\u0300-\u036f\u203f-\u2040-"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_PREFIX = rf"(?:[{_BASE}](?:\.*[{_CHARS}])*)?:"
_LOCAL = rf"(?:(?:[{_BASE}_0-9:]|{_ESCAPED})(?:\.*(?:[{_CHARS}:]|{_ESCAPED}))*)?"
_TOKEN = re.compile(
    rf"""
    [ \t\r\n]*+(?:
      (?P<comment>\#[^\r\n]*)
    | (?P<string>
        "{{3}}(?:"{{0,2}}(?:[^"\\]++|\\.))*"{{3}} | '{{3}}(?:'{{0,2}}(?:[^'\\]++|\\.))*'{{3}}
      | "(?:[^"\\\r\n]++|\\.)*" | '(?:[^'\\\r\n]++|\\.)*'
      )
    | (?P<iri><[^\x00-\x20<>"{{}}|^`]*>)
    | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)?)
    | (?P<mark>\^\^|<<\(|<<|\)>>|>>|\{{\||\|\}}|[~\[\]();,])
    | (?P<blank>_:[{_BASE}_0-9](?:\.*[{_CHARS}])*)
    | (?P<name>{_PREFIX}{_LOCAL})
    | (?P<number>[+-]?(?:[0-9]+\.[0-9]*[eE][+-]?[0-9]+|\.?[0-9]+[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+))
    | (?P<dot>\.)
    | (?P<word>[A-Za-z]+)
    | (?P<end>\Z)
    | (?P<wrong>.)
    )""",
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A comment, a mark or a term; a literal is one term with its language or datatype.

    breaks  the line breaks between it and what stands before it
    """

    kind: str
    text: str
    breaks: int = 0

    def is_mark(self, *texts: str) -> bool:
        """Whether it is one of these marks."""
        return self.kind == MARK and self.text in texts


def tokenize(text: str) -> list[Token]:
    """The tokens of Turtle text, in its order; but a comment within a literal stands behind it.

    Raise ValueError, with the position, at characters that begin no token.
    """
    found: list[Token] = []
    raw = _scan(text)
    for kind, value, breaks in raw:
        if kind == "tag" and value not in DIRECTIVES:
            _extend(found, value)
        elif value == "^^":
            datatype = next(raw)
            comments = []
            while datatype[0] == COMMENT:
                comments.append(Token(*datatype))
                datatype = next(raw)
            _extend(found, "^^" + datatype[1])
            found += comments
        else:
            found.append(Token(kind if kind in (COMMENT, MARK) else TERM, value, breaks))
    return found


def _scan(text: str) -> Iterator[tuple[str, str, int]]:
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        value = match[kind]
        space = match[0].removesuffix(value)
        breaks = space.count("\n") or space.count("\r")
        if kind == "end":
            return
        if kind == "wrong":
            raise ValueError(f"no token begins at character {match.start(kind)}: {value!r}")
        if kind == "string":
            value = _quoted(value)
        yield (MARK if kind == "dot" else kind), value.rstrip() if kind == COMMENT else value, breaks


def _extend(tokens: list[Token], suffix: str) -> None:
    """Join the suffix to the last term."""
    index = next(i for i in range(len(tokens) - 1, -1, -1) if tokens[i].kind != COMMENT)
    tokens[index] = tokens[index]._replace(text=tokens[index].text + suffix)


def _quoted(text: str) -> str:
    """A string with double quotation marks where that needs no more escapes, and no bare carriage return."""
    mark = text[:3] if text[:3] in ('"""', "'''") else text[0]
    inner = text[len(mark) : -len(mark)]
    if mark[0] == "'" and '"' not in inner:
        mark = mark.replace("'", '"')
        inner = re.sub(r"\\(.)", lambda m: "'" if m[1] == "'" else m[0], inner, flags=re.DOTALL)
    return mark + inner.replace("\r", "\\r") + mark
