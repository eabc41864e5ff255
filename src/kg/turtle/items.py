"""Tokens of a Turtle file as its directives, statements and the comments between them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from kg.turtle.tokens import COMMENT, DIRECTIVES, MARK, TERM, Token

_SPARQL_STYLE: Final = {"VERSION": 2, "BASE": 2, "PREFIX": 3}
"""The tokens of a directive that ends without a dot."""
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True)
class Item:
    """A directive, a statement, or a comment that stands between them.

    tokens     with their marks in canonical order; no comment on a line of its own behind the dot
    breaks     line breaks in front of it
    directive  the word that it begins with, in lower case and with @; empty for others
    """

    tokens: tuple[Token, ...]
    breaks: int
    directive: str = ""

    @property
    def is_comment(self) -> bool:
        return self.tokens[0].kind == COMMENT


def items(tokens: Sequence[Token]) -> list[Item]:
    """What the file consists of, in its order, but with each block of directives sorted."""
    found: list[Item] = []
    for is_directive, run in groupby(_split(tokens), key=lambda i: bool(i.directive)):
        block = list(run)
        found += _sorted(block) if is_directive else block
    return found


def _split(tokens: Sequence[Token]) -> Iterator[Item]:
    position = 0
    while position < len(tokens):
        first = tokens[position]
        if first.kind == COMMENT:
            yield Item((first,), first.breaks)
            position += 1
            continue
        end = _end(tokens, position)
        body = list(tokens[position:end])
        if end < len(tokens) and tokens[end].kind == COMMENT and not tokens[end].breaks:
            body.append(tokens[end])
            end += 1
        word = _directive(first)
        ordered = _in_form(word, body) if word else list(_punctuated(body))
        last = max(i for i, t in enumerate(ordered) if t.kind != COMMENT)
        if last + 1 < len(ordered) and not ordered[last + 1].breaks:
            last += 1
        yield Item(tuple(ordered[: last + 1]), first.breaks, word)
        yield from (Item((t,), max(t.breaks, 1)) for t in ordered[last + 1 :])
        position = end


def _end(tokens: Sequence[Token], start: int) -> int:
    """Where the directive or statement that begins there has ended."""
    wanted = _SPARQL_STYLE.get(tokens[start].text.upper(), 0)
    for position in range(start, len(tokens)):
        token = tokens[position]
        wanted -= token.kind != COMMENT
        if token.is_mark(".") or wanted == 0:
            return position + 1
    return len(tokens)


def _directive(first: Token) -> str:
    """The directive that the token begins, in the form with @; empty if it begins a statement."""
    word = first.text if first.text in DIRECTIVES else "@" + first.text.lower()
    return word if word in DIRECTIVES else ""


def _in_form(word: str, tokens: Sequence[Token]) -> list[Token]:
    terms = [t._replace(breaks=0) for t in tokens[1:] if t.kind != COMMENT and not t.is_mark(".")]
    comments = [t for t in tokens if t.kind == COMMENT]
    return [Token(TERM, word), *terms, Token(MARK, "."), *comments]


def _sorted(block: list[Item]) -> list[Item]:
    """Version, base, prefixes by name, without blank lines; in the order of the file where that has a meaning."""
    names = [(i.directive, i.tokens[1].text if i.directive == "@prefix" else "") for i in block]
    relative = any(i.directive == "@prefix" and not _ABSOLUTE.match(i.tokens[2].text) for i in block)
    is_free = len(set(names)) == len(names) and not (relative and ("@base", "") in names[1:])
    ordered = sorted(block, key=lambda i: (DIRECTIVES.index(i.directive), i.tokens[1].text[:-1])) if is_free else block
    return [replace(ordered[0], breaks=block[0].breaks), *(replace(i, breaks=1) for i in ordered[1:])]


def _punctuated(tokens: Sequence[Token]) -> Iterator[Token]:
    """A statement's tokens with each mark behind its term, in front of the comments, and no mark that says nothing."""
    comments: list[Token] = []
    semicolon, carried = False, 0
    for token in tokens:
        if token.kind == COMMENT:
            comments.append(token)
            continue
        if token.is_mark(";"):
            semicolon, carried = True, max(carried, token.breaks)
            continue
        if semicolon and not token.is_mark(".", "]", "|}"):
            yield Token(MARK, ";")
        semicolon = False
        if token.is_mark(".", ","):
            yield Token(MARK, token.text)
            carried = max(carried, token.breaks)
        else:
            yield from comments
            yield token._replace(breaks=max(token.breaks, carried))
            comments, carried = [], 0
    yield from comments
