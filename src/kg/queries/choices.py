"""What a reader can choose from: the values of a query's parameters with which it has rows."""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox

from kg.pages.answers import at_most
from kg.store.engine import Engine
from kg.store.operation import Operation
from kg.store.rdf_io import Term
from kg.store.saved import SavedQuery
from kg.words.errors import BrokenOff, Busy, Overload

_WITHIN_S = 2.0
_MAX_BYTES = 4 << 20

Values = Mapping[str, set[Term]]
"""variable of a parameter -> its values in the rows of the query without values for its parameters."""


class Choices:
    """Finds the choices of a query, once for a store that does not change."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: dict[str, Values] = {}

    def of(self, query: SavedQuery) -> Values:
        """The choices, none where there is too much of them or it takes too long: a form can do without."""
        if query.form != "SELECT" or not query.parameters:
            return {}
        if query.name not in self._known:
            try:
                self._known[query.name] = self._find(query)
            except Busy:
                return {}
            except (Overload, BrokenOff):
                self._known[query.name] = {}
        return self._known[query.name]

    def _find(self, query: SavedQuery) -> Values:
        body = at_most(self._engine.answer(Operation(query.text, timeout_s=_WITHIN_S)), _MAX_BYTES)
        if body is None:
            return {}
        solutions = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
        assert isinstance(solutions, ox.QuerySolutions)
        found: dict[str, set[Term]] = {p.variable: set() for p in query.parameters}
        for solution in solutions:
            for variable, terms in found.items():
                term = solution[variable]
                if term is not None:
                    terms.add(term)
        return found
