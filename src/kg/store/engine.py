"""The one seam between the house and what evaluates SPARQL: an Operation in, an Answer or a refusal out."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import Protocol

import pyoxigraph as ox

from kg.store.rdf_io import Term, ox_format
from kg.store.sparql_text import without_requests
from kg.words import formats
from kg.words.errors import NotAcceptable, NotSupported, QuerySyntaxError
from kg.words.formats import Format
from kg.words.names import PREFIXES

_RESULTS = {
    formats.RESULTS_JSON: ox.QueryResultsFormat.JSON,
    formats.RESULTS_XML: ox.QueryResultsFormat.XML,
    formats.RESULTS_CSV: ox.QueryResultsFormat.CSV,
    formats.RESULTS_TSV: ox.QueryResultsFormat.TSV,
}
_POSITION = re.compile(r"error at (\d+):(\d+): ", re.DOTALL)
_LIBRARY_SYNTAX = re.compile(r"\[[^\]]*\](?:\s*,)?\s*", re.DOTALL)


@dataclass(frozen=True)
class Operation:
    """One query to evaluate.

    default_graphs, named_graphs  IRIs of the RDF dataset; both empty: the whole store (SPARQL 1.1 Protocol, 2.1.4)
    results   the syntax for SELECT and ASK, None where the client accepts none
    graph     the syntax for CONSTRUCT and DESCRIBE, None likewise
    """

    query: str
    results: Format | None = formats.RESULTS_JSON
    graph: Format | None = formats.TURTLE
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What a query gave, in the syntax it was asked in."""

    format: Format
    body: bytes


class Engine(Protocol):
    """What evaluates SPARQL queries.

    Raise QuerySyntaxError if the text does not parse, NotAllowed if it would ask another server, NotSupported for a
    function that is not there, NotAcceptable if the client takes none of the syntaxes for what the query gives.
    """

    def answer(self, operation: Operation) -> Answer: ...


class MemoryEngine:
    """Evaluates in this process, on an Oxigraph store."""

    def __init__(self, store: ox.Store, base: str) -> None:
        self.store = store
        self.base = base

    def answer(self, operation: Operation) -> Answer:
        """Evaluate one query and serialise what it gives."""
        query = without_requests(operation.query)
        dataset: dict[str, list[ox.NamedNode]] = {}
        if operation.default_graphs or operation.named_graphs:
            dataset["default_graph"] = [ox.NamedNode(g) for g in operation.default_graphs]
            dataset["named_graphs"] = [ox.NamedNode(g) for g in operation.named_graphs]
        try:
            outcome = self.store.query(query, base_iri=self.base, **dataset)  # type: ignore[arg-type]
        except SyntaxError as error:
            raise readable_syntax_error(error, operation.query) from None
        except RuntimeError as error:
            raise NotSupported(str(error)) from None
        if isinstance(outcome, ox.QueryTriples):
            if operation.graph is None:
                raise _not_acceptable("CONSTRUCT and DESCRIBE give a graph", formats.GRAPHS + formats.DATASETS)
            body = ox.serialize(outcome, format=ox_format(operation.graph), prefixes=PREFIXES)
            return Answer(operation.graph, body or b"")
        if operation.results is None:
            raise _not_acceptable("SELECT and ASK give a result", formats.RESULTS)
        if operation.results is formats.RESULTS_CSV and isinstance(outcome, ox.QuerySolutions):
            return Answer(operation.results, _csv(outcome))
        return Answer(operation.results, outcome.serialize(format=_RESULTS[operation.results]) or b"")


def _csv(solutions: ox.QuerySolutions) -> bytes:
    """The solutions as CSV. pyoxigraph's own writer does not quote an IRI with a comma, as every text range has one.

    Source: SPARQL 1.1 Query Results CSV and TSV Formats, section 3.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([v.value for v in solutions.variables])
    writer.writerows([_csv_value(term) for term in solution] for solution in solutions)
    return text.getvalue().encode()


def _csv_value(term: Term | None) -> str:
    if term is None:
        return ""
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)


def readable_syntax_error(error: SyntaxError, text: str) -> QuerySyntaxError:
    """The parser's message with its position, the line it points into, and without its grammar's internals."""
    match = _POSITION.search(error.msg)
    if match is None:
        return QuerySyntaxError(error.msg)
    line, column = int(match[1]), int(match[2])
    lines = text.splitlines() or [""]
    excerpt = lines[min(line, len(lines)) - 1].expandtabs(1)
    expected = _LIBRARY_SYNTAX.sub("", error.msg[match.end() :]).strip(" ,\n")
    if "Prefix not found" in expected:
        what = "a prefix is used that is not declared. Add PREFIX name: <IRI> in front of the query"
    elif expected in ("", "expected", "expected one of"):
        found = repr(excerpt[column - 1 : column + 20]) if column <= len(excerpt) else "the end of the line"
        what = f"unexpected {found}"
    else:
        what = re.sub(r"\s+", " ", expected)
    return QuerySyntaxError(what, line, column, f"{excerpt}\n{' ' * (column - 1)}^")


def _not_acceptable(what: str, offers: tuple[Format, ...]) -> NotAcceptable:
    types = tuple(f.media_type for f in offers)
    return NotAcceptable(f"{what}; it can be had as {', '.join(types)}", types)
