"""Validation results as findings. Source: SHACL, section 3.6."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox
import rdflib
from rdflib.namespace import RDF, SH, XSD
from rdflib.term import BNode, Literal, Node, URIRef

from kg.shacl.structure import members
from kg.shacl.terms import from_rdflib
from kg.store.locate import Locate
from kg.words.findings import Finding, Severity, Terms
from kg.words.names import LABEL_PROPERTIES, curie

_SEVERITIES: Final = {SH.Violation: Severity.VIOLATION, SH.Warning: Severity.WARNING, SH.Info: Severity.INFO}
_BARE: Final = (XSD.integer, XSD.decimal, XSD.boolean)
"""Datatypes whose values Turtle writes as they are."""
_STEPS: Final = (
    SH.inversePath, SH.alternativePath, RDF.first, SH.zeroOrMorePath, SH.oneOrMorePath, SH.zeroOrOnePath, RDF.rest,
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """One validation result, apart from the report that it came in.

    shape  sh:sourceShape
    path   the property of sh:resultPath, where it is one
    steps  the predicates of the path, in order: enough to tell a reader where to look
    """

    focus: Node
    shape: Node | None
    component: Node | None
    severity: Severity
    path: URIRef | None
    steps: tuple[Node, ...]
    value: Node | None
    message: str


def told(report: rdflib.Graph, shapes: rdflib.Graph) -> tuple[Told, ...]:
    """The results of a validation report, each once, in no order."""
    reader = _Reader(report, shapes)
    return tuple(dict.fromkeys(reader.told(result) for result in report.objects(None, SH.result)))


@dataclass(frozen=True)
class Teller:
    """Says where a result is written, and what its node is called.

    names  the values that the data has for a node and a property
    base   left out in front of names
    """

    names: Callable[[Node, str], Iterable[Node]]
    locate: Locate
    base: str

    def findings(self, results: Iterable[Told]) -> list[Finding]:
        """As findings, each once, sorted."""
        return list(dict.fromkeys(sorted(map(self.finding, results), key=lambda f: f.sort_key)))

    def finding(self, result: Told) -> Finding:
        focus, value, shape = result.focus, result.value, result.shape
        predicate = ox.NamedNode(str(result.path)) if result.path is not None else None
        subject, object_ = from_rdflib(focus), from_rdflib(value) if value is not None else None
        return Finding(
            result.severity,
            curie(str(shape)).rpartition("#")[2] if isinstance(shape, URIRef) else "blank shape",
            result.message,
            self.locate(subject, predicate, object_) if subject else None,
            _shown(focus, self.base),
            next((t for p in LABEL_PROPERTIES if (t := _best(list(self.names(focus, p))))), ""),
            " / ".join(_shown(step, self.base) for step in result.steps),
            "" if value is None or value == focus else _shown(value, self.base),
            Terms(
                _n_triples(focus),
                _n_triples(result.path),
                _n_triples(value),
                _n_triples(shape) if isinstance(shape, URIRef) else "",
                _n_triples(result.component),
            ),
        )


@dataclass(frozen=True)
class _Reader:
    report: rdflib.Graph
    shapes: rdflib.Graph

    def told(self, result: Node) -> Told:
        focus, path = self._value(result, SH.focusNode), self._value(result, SH.resultPath)
        assert focus is not None
        return Told(
            focus,
            self._value(result, SH.sourceShape),
            self._value(result, SH.sourceConstraintComponent),
            _SEVERITIES.get(self._value(result, SH.resultSeverity), Severity.VIOLATION),  # type: ignore[call-overload]
            path if isinstance(path, URIRef) else None,
            () if path is None else tuple(self._steps(path)),
            self._value(result, SH.value),
            self._message(result),
        )

    def _value(self, result: Node, predicate: URIRef) -> Node | None:
        return self.report.value(result, predicate)

    def _message(self, result: Node) -> str:
        """The shape's own message, else what it demands: pySHACL's own words differ from run to run."""
        shape, component = self._value(result, SH.sourceShape), str(self._value(result, SH.sourceConstraintComponent))
        name = component.removeprefix(str(SH)).removesuffix("ConstraintComponent")
        own = [self._value(result, SH.sourceConstraint), shape]
        if not component.startswith(str(SH)) or any((s, SH.message, None) in self.shapes for s in own if s):
            return _best(list(self.report.objects(result, SH.resultMessage))) or "does not conform"
        parameter = URIRef(f"{SH}{name.lower() if name.isupper() else name[:1].lower() + name[1:]}")
        demanded = sorted(self._demanded(o) for o in self.shapes.objects(shape, parameter))
        return f"does not conform to {curie(str(parameter))} {', '.join(demanded)}".rstrip()

    def _steps(self, path: Node) -> Iterator[Node]:
        if isinstance(path, URIRef):
            if path != RDF.nil:
                yield path
            return
        for step in _STEPS:
            for part in self.report.objects(path, step):
                yield from self._steps(part)

    def _demanded(self, node: Node) -> str:
        """A value in a shape as Turtle has it, lists with their members."""
        listed = members(self.shapes, node)
        if listed is not None:
            return f"( {' '.join(self._demanded(m) for m in listed)} )"
        if not isinstance(node, Literal) or node.datatype is None:
            return _shown(node)
        bare = node.datatype in _BARE and node.value is not None
        return str(node) if bare else f"{Literal(str(node)).n3()}^^{curie(str(node.datatype))}"


def _shown(node: Node, base: str = "") -> str:
    if isinstance(node, URIRef):
        return curie(str(node)).removeprefix(base)
    return "[ ]" if isinstance(node, BNode) else node.n3()


def _n_triples(node: Node | None) -> str:
    """The term in its N-Triples form; empty for none."""
    term = None if node is None else from_rdflib(node)
    return "" if term is None else str(term)


def _best(texts: list[Node]) -> str:
    """The English one, or the first."""
    return str(min(texts, key=lambda t: (getattr(t, "language", "") != "en", str(t)))) if texts else ""
