"""One query, evaluated on a store and written out as it comes."""

from __future__ import annotations

import csv
import io
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING

import pyoxigraph as ox

from kg.store.operation import Operation
from kg.store.rdf_io import Term, ox_format, parse_term
from kg.store.sparql_text import readable_syntax_error, without_requests
from kg.words import formats
from kg.words.errors import NotAcceptable, NotSupported
from kg.words.formats import Format
from kg.words.names import PREFIXES

if TYPE_CHECKING:
    from kg.store.columns.columns import Columns

Write = Callable[[IO[bytes]], object]
"""Writes a whole answer into a binary file."""

_RESULTS = {
    formats.RESULTS_JSON: ox.QueryResultsFormat.JSON,
    formats.RESULTS_XML: ox.QueryResultsFormat.XML,
    formats.RESULTS_CSV: ox.QueryResultsFormat.CSV,
    formats.RESULTS_TSV: ox.QueryResultsFormat.TSV,
}
_NAMES_GRAPHS = re.compile("graph|from", re.IGNORECASE)
"""The keywords of queries that see named graphs, wherever these letters stand: in strings and names too."""

log = logging.getLogger("kg")


@dataclass(frozen=True)
class Evaluator:
    """Evaluates queries on a store.

    store    the dataset
    default  its default graph alone, for the queries that see no other: they need not pass over every triple twice.
             None where there is no such copy
    columns  that copy once more, for large questions to it, and for small ones
    """

    store: ox.Store
    base: str
    default: ox.Store | None = None
    columns: Columns | None = None

    def prepared(self) -> Evaluator:
        """The same with columns, which pays for whoever asks much of a store that does not change."""
        if self.default is None:
            return self
        from kg.store.columns.columns import Columns

        return replace(self, columns=Columns.of(self.default))

    def at_once(self, operation: Operation) -> tuple[Format, bytes] | None:
        """The whole answer, if that takes some tenths of a millisecond at most, whatever was asked; else None."""
        if self.columns is None or operation.default_graphs or operation.named_graphs or operation.bindings:
            return None
        try:
            return self.columns.at_once(operation.query, operation.results, operation.graph)
        except Exception:
            log.exception("columns failed at a query, and a query process answers it")
            return None

    def evaluate(self, operation: Operation, rewrite: Callable[[str], str] = without_requests) -> tuple[Format, Write]:
        """The syntax of the answer, and what writes it.

        rewrite  the text to evaluate for a text; it refuses one that would ask other servers than it may
        Raise QuerySyntaxError if the text does not parse, NotAllowed if it would ask another server, NotSupported for a
        function that is not there, NotAcceptable if the client takes none of the syntaxes for what the query gives.
        """
        dataset: dict[str, list[ox.NamedNode]] = {}
        if operation.default_graphs or operation.named_graphs:
            dataset["default_graph"] = [ox.NamedNode(g) for g in operation.default_graphs]
            dataset["named_graphs"] = [ox.NamedNode(g) for g in operation.named_graphs]
        values = {ox.Variable(variable): parse_term(term) for variable, term in operation.bindings}
        query = rewrite(operation.query)
        if self.columns is not None and operation.results is not None and not dataset and not values:
            write = _from_columns(self.columns, query, operation.results)
            if write is not None:
                return operation.results, write
        sees_one = self.default is not None and not dataset and not _NAMES_GRAPHS.search(query)
        store = self.default if sees_one and self.default is not None else self.store
        try:
            outcome = store.query(query, base_iri=self.base, substitutions=values, **dataset)  # type: ignore[arg-type]
        except SyntaxError as error:
            raise readable_syntax_error(error, operation.query) from None
        except RuntimeError as error:
            raise NotSupported(str(error)) from None
        if isinstance(outcome, ox.QueryTriples):
            graph = operation.graph
            if graph is None:
                raise _not_acceptable("CONSTRUCT and DESCRIBE give a graph", formats.GRAPHS + formats.DATASETS)
            return graph, lambda output: ox.serialize(outcome, output, ox_format(graph), prefixes=PREFIXES)
        results = operation.results
        if results is None:
            raise _not_acceptable("SELECT and ASK give a result", formats.RESULTS)
        if results is formats.RESULTS_CSV and isinstance(outcome, ox.QuerySolutions):
            return results, lambda output: write_csv(outcome, output)
        return results, lambda output: outcome.serialize(output, _RESULTS[results])


def _from_columns(columns: Columns, query: str, format_: Format) -> Write | None:
    """What writes the answer of columns; None if the query is for Oxigraph, as it is too where they fail by our bug."""
    try:
        return columns.answer(query, format_)
    except MemoryError:
        raise
    except Exception:
        log.exception("columns failed at a query, and Oxigraph answers it")
        return None


def write_csv(solutions: ox.QuerySolutions, output: IO[bytes]) -> None:
    """The solutions as CSV. pyoxigraph's own writer does not quote an IRI with a comma, as every text range has one.

    Source: SPARQL 1.1 Query Results CSV and TSV Formats, section 3.
    """
    text = io.TextIOWrapper(output, encoding="utf-8", newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([v.value for v in solutions.variables])
    writer.writerows([_csv_value(term) for term in solution] for solution in solutions)
    text.detach()


def _csv_value(term: Term | None) -> str | None:
    return str(term) if isinstance(term, ox.BlankNode | ox.Triple) else term and term.value


def _not_acceptable(what: str, offers: tuple[Format, ...]) -> NotAcceptable:
    types = tuple(f.media_type for f in offers)
    return NotAcceptable(f"{what}; it can be had as {', '.join(types)}", types)
