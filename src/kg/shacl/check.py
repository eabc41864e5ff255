"""Data against shapes, by pySHACL: the one authority on what the shapes mean."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox
import rdflib
from pyparsing import ParseException
from rdflib.namespace import RDF, SH
from rdflib.plugins.sparql import prepareQuery
from rdflib.term import URIRef

from kg.shacl import lint, queries
from kg.shacl.results import Teller
from kg.shacl.terms import to_rdflib
from kg.store.locate import Locate
from kg.words.errors import BadInput
from kg.words.findings import Finding, Severity


@dataclass(frozen=True)
class Result:
    """What the shapes found, and how many shapes and targets there were."""

    findings: list[Finding]
    shapes: int
    targets: int


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
) -> Result:
    """Validate data against shapes.

    data    stated triples, the ontology's (for its class hierarchy) and the expanded claims
    locate  where a statement is written
    base    left out in front of names in the findings
    focus   IRIs; with any, only results about these nodes are kept
    Return Result: lint findings of the shapes (errors: the shapes were not run), else what pySHACL reports.
    Raise BadInput if a focus node is not in the data.
    """
    data_graph = to_rdflib(data, PreparedGraph())
    shapes_graph = to_rdflib(shapes, rdflib.Graph())
    for iri in focus:
        if (URIRef(iri), None, None) not in data_graph:
            raise BadInput(f"--focus {iri} is not in the graph")
    findings = list(lint.lint(shapes_graph, data_graph, locate))
    if not any(f.severity is Severity.ERROR for f in findings):
        try:
            results = _run(data_graph, shapes_graph)
        except ParseException:
            findings += queries.refused(shapes_graph, locate)
        else:
            teller = Teller(results, data_graph, shapes_graph, locate, base)
            wanted = (r for r in results.objects(None, SH.result) if not focus or str(teller.focus(r)) in focus)
            findings += dict.fromkeys(teller.finding(r) for r in wanted)
    count = sum(1 for _ in shapes_graph.subjects(RDF.type, SH.NodeShape))
    count += sum(1 for _ in shapes_graph.subjects(RDF.type, SH.PropertyShape))
    return Result(findings, count, lint.targets(shapes_graph))


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
