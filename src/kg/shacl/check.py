"""Data against shapes, by pySHACL: the one authority on what the shapes mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox
import rdflib
from rdflib.namespace import RDF, SH
from rdflib.plugins.sparql import prepareQuery
from rdflib.term import BNode, Literal, Node, URIRef

from kg.shacl import lint
from kg.shacl.terms import from_rdflib, to_rdflib
from kg.store.locate import Locate
from kg.words.errors import BadInput
from kg.words.findings import Finding, Severity
from kg.words.names import LABEL_PROPERTIES, curie

_SEVERITIES = {SH.Violation: Severity.VIOLATION, SH.Warning: Severity.WARNING, SH.Info: Severity.INFO}


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
        results = _run(data_graph, shapes_graph)
        found = [_finding(results, r, data_graph, locate, base) for r in results.objects(None, SH.result)]
        findings += (f for node, f in found if not focus or str(node) in focus)
    count = sum(1 for _ in shapes_graph.subjects(RDF.type, SH.NodeShape))
    count += sum(1 for _ in shapes_graph.subjects(RDF.type, SH.PropertyShape))
    return Result(findings, count, lint.targets(shapes_graph))


def _run(data: rdflib.Graph, shapes: rdflib.Graph) -> rdflib.Graph:
    import pyshacl.shape
    from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS, CONSTRAINT_PARAMETERS_MAP
    from pyshacl.errors import ConstraintLoadError, ReportableRuntimeError, ShapeLoadError, ValidationFailure

    # pySHACL looks every predicate of a shape up in a list; as a set it takes a third less time in all
    vars(pyshacl.shape)["CONSTRAINT_PARAMS"] = (frozenset(ALL_CONSTRAINT_PARAMETERS), CONSTRAINT_PARAMETERS_MAP)
    try:
        _, results, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True, inference="none", do_owl_imports=False)
    except (ConstraintLoadError, ShapeLoadError, ReportableRuntimeError) as error:
        raise BadInput(f"the shapes cannot be used: {error}") from None
    if isinstance(results, ValidationFailure):
        raise BadInput(f"the shapes cannot be used: {results.message}")
    assert isinstance(results, rdflib.Graph)
    return results


def _finding(
    results: rdflib.Graph, result: Node, data: rdflib.Graph, locate: Locate, base: str
) -> tuple[Node, Finding]:
    def value(predicate: URIRef) -> Node | None:
        return results.value(result, predicate)

    focus, path, value_ = value(SH.focusNode), value(SH.resultPath), value(SH.value)
    assert focus is not None
    messages = sorted(
        results.objects(result, SH.resultMessage), key=lambda m: (getattr(m, "language", "") != "en", str(m))
    )
    source = value(SH.sourceShape)
    predicate = ox.NamedNode(str(path)) if isinstance(path, URIRef) else None
    place = locate(from_rdflib(focus), predicate, from_rdflib(value_) if value_ is not None else None)
    rule = curie(str(source)).rpartition("#")[2] if isinstance(source, URIRef) else "blank shape"
    finding = Finding(
        _SEVERITIES.get(value(SH.resultSeverity), Severity.VIOLATION),  # type: ignore[call-overload]
        rule,
        str(messages[0]) if messages else "does not conform",
        place,
        _shown(focus, base),
        _label(focus, data),
        " / ".join(_path(results, path, base)) if path is not None else "",
        "" if value_ is None or value_ == focus else _shown(value_, base),
    )
    return focus, finding


def _shown(node: Node, base: str) -> str:
    if isinstance(node, URIRef):
        short = curie(str(node))
        return short.removeprefix(base) if base else short
    if isinstance(node, BNode):
        return "[ ]"
    return node.n3() if isinstance(node, Literal) else str(node)


def _label(node: Node, data: rdflib.Graph) -> str:
    for property_ in LABEL_PROPERTIES:
        labels = sorted(
            data.objects(node, URIRef(property_)), key=lambda o: (getattr(o, "language", "") != "en", str(o))
        )
        if labels:
            return str(labels[0])
    return ""


def _path(results: rdflib.Graph, path: Node, base: str) -> Iterator[str]:
    """The predicates of a property path, in order: enough to tell a reader where to look."""
    if isinstance(path, URIRef):
        if path != RDF.nil:
            yield _shown(path, base)
        return
    for predicate in (
        SH.inversePath,
        SH.alternativePath,
        RDF.first,
        SH.zeroOrMorePath,
        SH.oneOrMorePath,
        SH.zeroOrOnePath,
    ):
        for part in results.objects(path, predicate):
            yield from _path(results, part, base)
    for rest in results.objects(path, RDF.rest):
        yield from _path(results, rest, base)
