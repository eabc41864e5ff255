"""The answers of the saved queries of two releases, side by side."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass

import pyoxigraph as ox

from kg.difference import blank
from kg.store.evaluate import Evaluator
from kg.store.operation import Operation
from kg.store.parameters import bind
from kg.store.release import Release
from kg.words.errors import BadParameter, KgError
from kg.words.formats import N_TRIPLES, RESULTS_JSON


@dataclass(frozen=True)
class AnswerChange:
    """How the answer of one saved query differs.

    what        "new", "gone", "answer", or "not compared"
    more, less  rows (triples of a graph) that only the newer or the older answer has
    why         why it was not compared
    """

    name: str
    what: str
    more: int = 0
    less: int = 0
    why: str = ""


def changes(before: Release, after: Release) -> list[AnswerChange]:
    """What differs, by the name of the query; parameters have their defaults."""
    old, new = before.saved.queries, after.saved.queries
    found = []
    for name in sorted(old.keys() | new.keys()):
        if name not in old or name not in new:
            found.append(AnswerChange(name, "new" if name in new else "gone"))
            continue
        try:
            rows, rows_now = _rows(before, name), _rows(after, name)
        except BadParameter as error:
            found.append(AnswerChange(name, "not compared", why=f"it needs a value for {error.parameter}"))
        except KgError as error:
            found.append(AnswerChange(name, "not compared", why=error.what))
        else:
            if rows != rows_now:
                more, less = (rows_now - rows).total(), (rows - rows_now).total()
                found.append(AnswerChange(name, "answer", more, less))
    return found


def _rows(release: Release, name: str) -> Counter[object]:
    """The rows of the answer, whatever their order."""
    query, base = release.saved.queries[name], release.settings.base
    bindings = bind(query, {}, release.store, base)
    operation = Operation(query.text, RESULTS_JSON, N_TRIPLES, bindings=bindings)
    format_, write = Evaluator(release.store, base, release.default).evaluate(operation)
    body = io.BytesIO()
    write(body)
    if format_ is N_TRIPLES:
        return Counter(blank.named(ox.parse(body.getvalue(), ox.RdfFormat.N_TRIPLES)))
    outcome = ox.parse_query_results(body.getvalue(), format=ox.QueryResultsFormat.JSON)
    if isinstance(outcome, ox.QueryBoolean):
        return Counter([bool(outcome)])
    return Counter(tuple("_:" if isinstance(t, ox.BlankNode) else str(t) for t in row) for row in outcome)
