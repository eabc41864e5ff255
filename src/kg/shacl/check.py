"""Data against shapes, by pySHACL: the one authority on what the shapes mean."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox
import rdflib
from pyparsing import ParseException
from rdflib.namespace import RDF, SH
from rdflib.plugins.sparql import prepareQuery
from rdflib.term import URIRef

from kg.shacl import lint, queries
from kg.shacl.mistake import name
from kg.shacl.results import Teller
from kg.shacl.scope import Scope, affected
from kg.shacl.terms import to_rdflib
from kg.store.locate import Locate
from kg.words.errors import BadInput
from kg.words.findings import Finding, Severity


@dataclass(frozen=True)
class Result:
    """What the shapes found, and how many shapes and targets there were.

    names  of the shapes that have one, as findings name them
    notes  what was not asked, or asked in full against expectation, in sentences
    """

    findings: list[Finding]
    shapes: int
    targets: int
    names: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Before:
    """Data and shapes at one time, expanded."""

    data: Iterable[ox.Quad]
    shapes: Iterable[ox.Quad]


class PreparedGraph(rdflib.Graph):
    """A graph that translates each query text once: pySHACL asks the same constraint again for every focus node."""

    def __init__(self) -> None:
        super().__init__()
        self._prepared: dict[str, Any] = {}

    def query(self, query_object: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(query_object, str):
            prepared = self._prepared.get(query_object)
            if prepared is None:
                prepared = self._prepared[query_object] = prepareQuery(query_object)
            query_object = prepared
        return super().query(query_object, *args, **kwargs)


def check(
    data: Iterable[ox.Quad],
    shapes: Iterable[ox.Quad],
    locate: Locate,
    *,
    base: str = "",
    focus: tuple[str, ...] = (),
    before: Before | None = None,
) -> Result:
    """Validate data against shapes.

    data    stated triples, the ontology's (for its class hierarchy) and the expanded claims
    locate  where a statement is written
    base    left out in front of names in the findings
    focus   IRIs; with any, only results about these nodes are kept
    before  how it was: shapes are asked only about nodes that a change since can affect
    Return Result: lint findings of the shapes (errors: the shapes were not run), else what pySHACL reports.
    Raise BadInput if a focus node is not in the data.
    """
    data, shapes = tuple(data), tuple(shapes)
    data_graph = to_rdflib(data, PreparedGraph())
    shapes_graph = to_rdflib(shapes, rdflib.Graph())
    for iri in focus:
        if (URIRef(iri), None, None) not in data_graph:
            raise BadInput(f"--focus {iri} is not in the graph")
    findings = list(lint.lint(shapes_graph, data_graph, locate))
    limited: Scope | str | None = None
    if not any(f.severity is Severity.ERROR for f in findings):
        limited = _scope(before, Before(data, shapes), data_graph, shapes_graph) if before else None
        try:
            with limited.applied() if isinstance(limited, Scope) else nullcontext():
                results = _run(data_graph, shapes_graph)
        except ParseException:
            findings += queries.refused(shapes_graph, locate)
        else:
            teller = Teller(results, data_graph, shapes_graph, locate, base)
            wanted = (r for r in results.objects(None, SH.result) if not focus or str(teller.focus(r)) in focus)
            findings += dict.fromkeys(sorted((teller.finding(r) for r in wanted), key=lambda f: f.sort_key))
    found = [s for type_ in (SH.NodeShape, SH.PropertyShape) for s in shapes_graph.subjects(RDF.type, type_)]
    names = tuple(sorted({name(s) for s in found if isinstance(s, URIRef)}))
    return Result(findings, len(found), lint.targets(shapes_graph), names, _notes(limited))


def _scope(before: Before, after: Before, data: rdflib.Graph, shapes: rdflib.Graph) -> Scope | str:
    if _triples(before.shapes) != _triples(after.shapes):
        return "the shapes have changed"
    old, new = _triples(before.data), _triples(after.data)
    return affected(shapes, data, *(set(to_rdflib(quads, rdflib.Graph())) for quads in (new - old, old - new)))


def _triples(quads: Iterable[ox.Quad]) -> set[ox.Quad]:
    """The quads without their graphs: a triple that moves to another graph is none that has changed."""
    return {ox.Quad(q.subject, q.predicate, q.object) for q in quads}


def _notes(scope: Scope | str | None) -> tuple[str, ...]:
    if scope is None:
        return ()
    if isinstance(scope, str):
        return (f"The shapes were asked about everything: {scope}.",)
    count = len(scope.asked)
    return (
        *scope.notes,
        f"The shapes were asked about {count:,} node{'' if count == 1 else 's'} that a change can affect.",
    )


def _run(data: rdflib.Graph, shapes: rdflib.Graph) -> rdflib.Graph:
    import pyshacl.shape
    from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS, CONSTRAINT_PARAMETERS_MAP
    from pyshacl.errors import ConstraintLoadError, ReportableRuntimeError, ShapeLoadError, ValidationFailure

    from kg.shacl.comparison import LessThan, LessThanOrEquals

    components = CONSTRAINT_PARAMETERS_MAP | {SH.lessThan: LessThan, SH.lessThanOrEquals: LessThanOrEquals}
    # pySHACL looks every predicate of a shape up in a list; as a set it takes a third less time in all
    vars(pyshacl.shape)["CONSTRAINT_PARAMS"] = (frozenset(ALL_CONSTRAINT_PARAMETERS), components)
    logging.getLogger("pyshacl-validate").setLevel(logging.CRITICAL)  # what it would log is raised too
    try:
        _, results, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True, inference="none", do_owl_imports=False)
    except (ConstraintLoadError, ShapeLoadError, ReportableRuntimeError) as error:
        raise BadInput(f"the shapes cannot be used: {error}") from None
    if isinstance(results, ValidationFailure):
        raise BadInput(f"the shapes cannot be used: {results.message}")
    assert isinstance(results, rdflib.Graph)
    return results
