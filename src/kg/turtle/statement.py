"""One statement, written in lines: where the author breaks them, and indented by what they are in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from kg.turtle.tokens import CLOSERS, COMMENT, MARK, OPENERS, Token

BLANK: Final = 2
"""The line breaks that make a blank line."""
_INDENT: Final = 4


class _Next(Enum):
    """What the next term is."""

    SUBJECT = auto()
    PREDICATE = auto()
    OBJECT = auto()
    ELEMENT = auto()


@dataclass
class _Bracket:
    """What has been opened and not yet closed; the statement itself is one.

    outer   where its closing mark stands, if that begins a line
    inner   where lines in it begin
    broken  whether its content begins on a new line; None before there is any
    """

    opened: str
    outer: int
    inner: int
    next: _Next
    broken: bool | None = None

    @property
    def indent(self) -> int:
        """Where a line begins with what is next."""
        if self.next is _Next.SUBJECT:
            return self.outer
        return self.inner + _INDENT if self.next is _Next.OBJECT else self.inner

    @property
    def starts(self) -> int:
        """The least indent of the line that a bracket opened here counts as opened on."""
        return self.inner if self.next in (_Next.PREDICATE, _Next.OBJECT) else 0


class Writer:
    """Writes one statement. `types` are the terms that are written `a` in the place of a predicate."""

    def __init__(self, types: frozenset[str]) -> None:
        self._types = types
        self._brackets = [_Bracket("", 0, _INDENT, _Next.SUBJECT)]
        self._lines: list[str] = [""]
        self._indent = 0
        self._last = Token(MARK, "")

    def write(self, tokens: Iterable[Token]) -> str:
        """The text, without a line break at its end."""
        for token in tokens:
            if token.kind == COMMENT:
                self._comment(token)
            elif token.is_mark(";", ",", "."):
                self._punctuate(token.text)
            elif token.is_mark(*CLOSERS):
                self._close(token)
            else:
                self._add(token)
            self._last = token
        return "\n".join(self._lines)

    def _comment(self, token: Token) -> None:
        bracket = self._brackets[-1]
        if not token.breaks and self._last.kind != COMMENT:
            self._lines[-1] += "  " + token.text
            return
        if token.breaks >= BLANK and self._last.text not in OPENERS:
            self._lines.append("")
        self._enter(bracket, broken=True)
        self._begin_line(token.text, bracket.indent)

    def _punctuate(self, mark: str) -> None:
        bracket = self._brackets[-1]
        within_annotation = any(b.opened == "{|" for b in self._brackets)
        self._lines[-1] += mark if mark == "," and within_annotation else " " + mark
        bracket.next = {";": _Next.PREDICATE, ".": _Next.SUBJECT}.get(mark, bracket.next)

    def _close(self, token: Token) -> None:
        bracket = self._brackets.pop()
        if bracket.broken or self._last.kind == COMMENT:
            self._begin_line(token.text, bracket.outer)
        else:
            self._lines[-1] += token.text if self._last.is_mark(bracket.opened) else " " + token.text
        self._advance()

    def _add(self, token: Token) -> None:
        """A term, an opening mark, or the mark of a reifier."""
        bracket = self._brackets[-1]
        breaks = token.breaks > 0 or self._last.kind == COMMENT
        self._enter(bracket, broken=breaks)
        text = "a" if bracket.next is _Next.PREDICATE and token.text in self._types else token.text
        if not self._lines[-1]:
            self._lines[-1] = text
        elif breaks:
            self._begin_line(text, bracket.indent)
        else:
            self._lines[-1] += " " + text
        if token.is_mark(*OPENERS):
            outer = max(self._indent, bracket.starts)
            next_ = _Next.PREDICATE if token.text in ("[", "{|") else _Next.ELEMENT
            self._brackets.append(_Bracket(token.text, outer, outer + _INDENT, next_))
        elif not token.is_mark("~"):
            self._advance()

    def _enter(self, bracket: _Bracket, *, broken: bool) -> None:
        if bracket.broken is None:
            bracket.broken = broken

    def _advance(self) -> None:
        bracket = self._brackets[-1]
        steps = {_Next.SUBJECT: _Next.PREDICATE, _Next.PREDICATE: _Next.OBJECT}
        bracket.next = steps.get(bracket.next, bracket.next)

    def _begin_line(self, text: str, indent: int) -> None:
        self._indent = indent
        self._lines.append(" " * indent + text)
