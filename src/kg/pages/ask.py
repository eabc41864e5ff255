"""Questions that a page asks in SPARQL, within the engine's limits: a page can do without an answer."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from kg.pages.answers import at_most
from kg.store.engine import Engine
from kg.store.operation import Operation
from kg.store.rdf_io import Term
from kg.words.errors import BrokenOff, Busy, Overload

_MAX_BYTES = 16 << 20


@dataclass(frozen=True)
class Table:
    """The answer of a SELECT: its variables, and a term or None for each in every row."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Term | None, ...], ...] = ()


TROUBLE = (Overload, BrokenOff, Busy)
"""What may be over when the same is asked again."""


def ask(engine: Engine, query: str, *, timeout_s: float = 5.0) -> Table:
    """The answer of a SELECT; an empty table where it takes too long or is too large."""
    try:
        return answer(engine, query, timeout_s=timeout_s)
    except TROUBLE:
        return Table()


def answer(engine: Engine, query: str, *, timeout_s: float = 5.0) -> Table:
    """The answer of a SELECT; an empty table where it is too large. Raise one of `TROUBLE` if there is none now."""
    body = at_most(engine.answer(Operation(query, timeout_s=timeout_s)), _MAX_BYTES)
    if body is None:
        return Table()
    outcome = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    assert isinstance(outcome, ox.QuerySolutions)
    return Table(tuple(v.value for v in outcome.variables), tuple(tuple(row) for row in outcome))
