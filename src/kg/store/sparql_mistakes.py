"""Where SPARQL text stops making sense, and what stands there.

The library's parser names the furthest place that any of its rules looked at: for a keyword that is where the keyword
would end, beyond the mistake. So it is asked how far the text is the beginning of a query, a piece at a time.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from uuid import uuid4

import pyoxigraph as ox

from kg.words.errors import QuerySyntaxError

_POSITION = re.compile(r"error at (\d+):(\d+): ", re.DOTALL)
_MEANING = re.compile(r"(?:^|, |one of )((?:The )?[A-Z]+ [a-z][^,\[]+)")
_OPERATOR = re.compile(r"[\^&|<>=!]+\}?")
_BEYOND = "\n" + " " * 64
"""Longer than any keyword: only who wants more than the text has looks behind it."""
_LONGEST = 20_000
_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
_AGGREGATES = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")
_KEYWORDS = (
    "SELECT", "CONSTRUCT", "DESCRIBE", "ASK", "BASE", "PREFIX", "DISTINCT", "REDUCED", "FROM", "NAMED", "WHERE",
    "GROUP", "BY", "HAVING", "ORDER", "ASC", "DESC", "LIMIT", "OFFSET", "VALUES", "OPTIONAL", "GRAPH", "SERVICE",
    "SILENT", "BIND", "AS", "UNION", "MINUS", "FILTER", "NOT", "EXISTS", "UNDEF",
)  # fmt: skip
_VERBS = (*_UPDATES, "SELECT", "CONSTRUCT", "DESCRIBE", "ASK")
_CLOSING = {")": "(", "}": "{", "]": "["}


def explained(
    message: str, text: str, harmless: str, spans: list[tuple[int, int]], *, update: bool = False
) -> QuerySyntaxError:
    """The mistake that the parser's message is about, at its line and column, with the line it stands in.

    harmless  the text as it may be parsed anywhere, with every character at its place
    spans     of the pieces that the text consists of, without space and comments
    """
    match = _POSITION.search(message)
    if match is None:
        return QuerySyntaxError(message)
    at = _offset(text, int(match[1]), int(match[2]))
    if "Prefix not found" in message:
        return _at(text, at, _undeclared(text[:at]))
    if meaning := _MEANING.search(message, match.end()):
        return _at(text, at, re.sub(r"^The ", "the ", meaning[1].strip()))
    spans = _joined(text, spans)
    first, start = next(((w, a) for a, w in ((a, text[a:b].upper()) for a, b in spans) if w in _VERBS), ("", 0))
    if first in _UPDATES and not update:
        return _at(text, start, f"{first} begins an update, and this takes queries only")
    if update or len(text) > _LONGEST:
        return _at(text, at, "unexpected " + (f'"{text[at : at + 20].strip()}"' if text[at:].strip() else "end"))
    good = _beginning(harmless, spans)
    if good == len(spans):
        return _at(text, spans[-1][1] if spans else 0, _unfinished(text, spans))
    return _at(text, spans[good][0], _unexpected(text[slice(*spans[good])]))


def _beginning(harmless: str, spans: list[tuple[int, int]]) -> int:
    """How many of the pieces, from the first, something can follow with which they are a query."""
    low, high = 0, len(spans)
    while low < high:
        middle = (low + high + 1) // 2
        if _can_go_on(harmless[: spans[middle - 1][1]]):
            low = middle
        else:
            high = middle - 1
    return low


def _can_go_on(text: str) -> bool:
    padded = text + _BEYOND
    prefixes = dict.fromkeys(re.findall(r"([^\W\d_][\w.-]*|):", text), "http://kg.invalid/")
    nowhere = {ox.Variable(f"x{uuid4().hex}"): ox.Literal(0)}  # so that nothing is evaluated
    try:
        ox.Store().query(padded, base_iri="http://kg.invalid/", prefixes=prefixes, substitutions=nowhere)  # type: ignore[arg-type]
    except SyntaxError as error:
        match = _POSITION.search(error.msg)
        return bool(match) and _offset(padded, int(match[1]), int(match[2])) >= len(padded)  # type: ignore[index]
    except (RuntimeError, OSError, ValueError):
        return True
    return True


def _unexpected(piece: str) -> str:
    word = piece.upper()
    if piece[0] in "\"'" and (len(piece) == 1 or piece[-1] != piece[0]):
        return "a string begins here and is not closed in this line"
    if word in _AGGREGATES:
        return f'unexpected "{piece}". An aggregate has brackets and a name: ({word}(?x) AS ?name)'
    near = get_close_matches(word, _KEYWORDS, n=1, cutoff=0.75) if piece.isalpha() else []
    shown = piece if len(piece) <= 40 else piece[:39] + "…"
    return f'unexpected "{shown}"' + (f". Did you mean {near[0]}?" if near and near[0] != word else "")


def _unfinished(text: str, spans: list[tuple[int, int]]) -> str:
    opened: list[int] = []
    for start, end in spans:
        piece = text[start:end]
        if piece in _CLOSING.values():
            opened.append(start)
        elif piece in _CLOSING and opened:
            opened.pop()
    if not opened:
        return "the query ends before it is complete" if spans else "the query is empty"
    line, column = _place(text, opened[-1])
    return f'the query ends, and the "{text[opened[-1]]}" of line {line}, column {column} is not closed'


def _undeclared(before: str) -> str:
    prefix = re.search(r"([^\W\d_][\w.-]*|):\S*$", before)
    name = prefix[1] if prefix else "name"
    return f'a prefix is used that is not declared: "{name}:". Add PREFIX {name}: <IRI> in front of the query'


def _joined(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pieces with operators of two characters in one."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and joined[-1][1] == start and _OPERATOR.fullmatch(text[joined[-1][0] : end]):
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return joined


def _at(text: str, offset: int, what: str) -> QuerySyntaxError:
    line, column = _place(text, offset)
    excerpt = text.split("\n")[line - 1].expandtabs(1).rstrip("\r")
    return QuerySyntaxError(what, line, column, f"{excerpt}\n{' ' * (column - 1)}^")


def _place(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _offset(text: str, line: int, column: int) -> int:
    """Where the parser's line and column are, counted from 0; its lines end with a line feed only."""
    return min(len(text), sum(len(row) + 1 for row in text.split("\n")[: line - 1]) + column - 1)
