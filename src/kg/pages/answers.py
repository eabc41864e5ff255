"""An answer as people see it: a table with links, a verdict, or Turtle."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

import pyoxigraph as ox

from kg.pages.layout import Alternate
from kg.pages.values import Reader, Value
from kg.store.operation import Answer
from kg.words import formats

_SHOWN_ROWS = 1000
_SHOWN_BYTES = 4 << 20
_SHOWN_CHARACTERS = 2000


@dataclass(frozen=True, kw_only=True)
class AnswerPage:
    """What a page with an answer has in its context `page`.

    columns, rows  the table of a SELECT; `row_count` counts all rows, also those not shown
    boolean    the answer of an ASK, else None
    turtle     the answer of a CONSTRUCT or DESCRIBE
    too_large  the answer is too large for a page; it can still be downloaded
    downloads  the same answer in the syntaxes for programs
    """

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Value | None, ...], ...] = ()
    row_count: int = 0
    boolean: bool | None = None
    turtle: str = ""
    too_large: bool = False
    downloads: tuple[Alternate, ...] = ()


Page = TypeVar("Page", bound=AnswerPage)


def with_answer(page: Page, answer: Answer, reader: Reader) -> Page:
    """The page with an answer in SPARQL JSON or Turtle. Raise BrokenOff if the evaluation dies on the way."""
    body = at_most(answer, _SHOWN_BYTES)
    if body is None:
        return replace(page, too_large=True)
    if answer.format is formats.TURTLE:
        return replace(page, turtle=body.decode())
    outcome = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    if isinstance(outcome, ox.QueryBoolean):
        return replace(page, boolean=bool(outcome))
    columns = tuple(v.value for v in outcome.variables)
    solutions = list(outcome)
    rows = tuple(tuple(None if t is None else _shown(reader.value(t)) for t in row) for row in solutions[:_SHOWN_ROWS])
    return replace(page, columns=columns, rows=rows, row_count=len(solutions))


def _shown(value: Value) -> Value:
    """As much of it as a cell can bear."""
    too_long = len(value.text) > _SHOWN_CHARACTERS
    return replace(value, text=value.text[:_SHOWN_CHARACTERS] + "…") if too_long else value


def at_most(answer: Answer, max_bytes: int) -> bytes | None:
    """The whole body, or None, and no more work on it, if there is more of it."""
    body = b""
    try:
        for chunk in answer.chunks:
            body += chunk
            if len(body) > max_bytes:
                return None
    finally:
        answer.close()
    return body
