"""The W3C SHACL test suite: its manifests, and what a report must say.

Source: SHACL Test Suite and Implementation Report, section 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import rdflib
from rdflib.collection import Collection
from rdflib.namespace import SH
from rdflib.term import BNode, Node

from kg.shacl import engines, lint
from kg.shacl.held import Held
from kg.shacl.results import Told, told
from kg.shacl.terms import to_rdflib
from kg.shacl.validator import Validator
from kg.store.triples import Triples
from kg.words.errors import BadInput
from kg.words.findings import Severity

_MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
_SHT = rdflib.Namespace("http://www.w3.org/ns/shacl-test#")
_ABOVE = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
Way = Callable[[Validator], tuple[Told, ...]]


@dataclass(frozen=True)
class Case:
    """One test.

    expected  the results, each as its parts; None: the engine has to fail
    """

    name: str
    data: list[ox.Quad]
    shapes: list[ox.Quad]
    expected: frozenset[tuple[str, ...]] | None


def cases(folder: Path) -> Iterator[Case]:
    """All tests that the manifests of a folder name, in their order."""
    yield from _manifest(folder / "manifest.ttl", folder)


def _manifest(path: Path, top: Path) -> Iterator[Case]:
    graph = to_rdflib(_quads(path), rdflib.Graph())
    for included in sorted(graph.objects(None, _MF.include)):
        yield from _manifest(Path(str(included).removeprefix("file://")), top)
    for entries in graph.objects(None, _MF.entries):
        for entry in Collection(graph, entries):
            yield _case(graph, entry, path, top)


def _case(graph: rdflib.Graph, entry: Node, path: Path, top: Path) -> Case:
    action, result = graph.value(entry, _MF.action), graph.value(entry, _MF.result)
    data, shapes = (
        Path(str(graph.value(action, p)).removeprefix("file://")) for p in (_SHT.dataGraph, _SHT.shapesGraph)
    )
    read = {p: _quads(p) for p in {data, shapes}}
    expected = None
    if result != _SHT.Failure:
        expected = frozenset(parts(t) for t in told(_report(graph, result), to_rdflib(read[shapes], rdflib.Graph())))
    return Case(path.relative_to(top).with_suffix("").as_posix(), read[data], read[shapes], expected)


def _report(graph: rdflib.Graph, report: Node | None) -> rdflib.Graph:
    """The results of one report; those in their details are not its results."""
    found = rdflib.Graph()
    for result in graph.objects(report, SH.result):
        found.add((BNode("report"), SH.result, result))
    for triple in graph:
        if triple[1] != SH.result:
            found.add(triple)
    return found


def _quads(path: Path) -> list[ox.Quad]:
    return list(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, base_iri=path.resolve().as_uri()))


def parts(t: Told) -> tuple[str, ...]:
    """What is compared of a result; a blank node is as good as another."""

    def shown(node: Node | None) -> str:
        return "" if node is None else "[]" if isinstance(node, BNode) else node.n3()  # type: ignore[attr-defined]

    steps = " ".join(sorted(map(shown, t.steps)))
    return (shown(t.focus), shown(t.component), t.severity.name, steps, shown(t.value), shown(t.shape))


def found(case: Case, way: Way) -> frozenset[tuple[str, ...]] | None:
    """What a way of asking says, as a test expects it; None for a refusal."""
    validator = Validator(Triples(case.data), case.shapes)
    try:
        problems = lint.lint(validator.shapes, validator.triples, lambda *_: None)
        if any(f.severity is Severity.ERROR for f in problems):
            return None
        return frozenset(map(parts, way(validator)))
    except BadInput:
        return None


def by(engine: str) -> Way:
    """All that the shapes say, with an engine."""
    return lambda validator: engines.everything(validator, engine)[0]


def by_change(validator: Validator) -> tuple[Told, ...]:
    """All that the shapes say when the data comes as one change, after its class hierarchy."""
    quads = [ox.Quad(t.subject, t.predicate, t.object) for t in validator.triples]
    empty = Validator(Triples(q for q in quads if q.predicate == _ABOVE), validator.shapes)
    rest = [q for q in quads if q.predicate != _ABOVE]
    held = Held(empty, empty.everything())
    verdict = empty.check(empty.triples.difference(rest, ()))
    empty.triples.add(rest)
    held.update(verdict)
    return tuple(held)
