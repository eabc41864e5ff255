"""Validation results as findings. Source: SHACL, section 3.6."""

from __future__ import annotations

from collections.abc import Iterator
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
class Teller:
    """Says what pySHACL found, where it is written, and in what words the shape puts it.

    base  left out in front of names
    """

    results: rdflib.Graph
    data: rdflib.Graph
    shapes: rdflib.Graph
    locate: Locate
    base: str

    def focus(self, result: Node) -> Node:
        found = self.results.value(result, SH.focusNode)
        assert found is not None
        return found

    def finding(self, result: Node) -> Finding:
        focus, path, value = self.focus(result), self._value(result, SH.resultPath), self._value(result, SH.value)
        source = self._value(result, SH.sourceShape)
        predicate = ox.NamedNode(str(path)) if isinstance(path, URIRef) else None
        subject, object_ = from_rdflib(focus), from_rdflib(value) if value is not None else None
        return Finding(
            _SEVERITIES.get(self._value(result, SH.resultSeverity), Severity.VIOLATION),  # type: ignore[call-overload]
            curie(str(source)).rpartition("#")[2] if isinstance(source, URIRef) else "blank shape",
            self._message(result),
            self.locate(subject, predicate, object_) if subject else None,
            self._shown(focus),
            self._label(focus),
            " / ".join(self._path(path)) if path is not None else "",
            "" if value is None or value == focus else self._shown(value),
            Terms(
                _n_triples(focus),
                _n_triples(path) if isinstance(path, URIRef) else "",
                _n_triples(value),
                _n_triples(source) if isinstance(source, URIRef) else "",
                _n_triples(self._value(result, SH.sourceConstraintComponent)),
            ),
        )

    def _value(self, result: Node, predicate: URIRef) -> Node | None:
        return self.results.value(result, predicate)

    def _message(self, result: Node) -> str:
        """The shape's own message, else what it demands: pySHACL's own words differ from run to run."""
        shape, component = self._value(result, SH.sourceShape), str(self._value(result, SH.sourceConstraintComponent))
        name = component.removeprefix(str(SH)).removesuffix("ConstraintComponent")
        own = [self._value(result, SH.sourceConstraint), shape]
        if not component.startswith(str(SH)) or any((s, SH.message, None) in self.shapes for s in own if s):
            return _best(list(self.results.objects(result, SH.resultMessage))) or "does not conform"
        parameter = URIRef(f"{SH}{name.lower() if name.isupper() else name[:1].lower() + name[1:]}")
        demanded = sorted(self._demanded(o) for o in self.shapes.objects(shape, parameter))
        return f"does not conform to {curie(str(parameter))} {', '.join(demanded)}".rstrip()

    def _label(self, node: Node) -> str:
        return next((t for p in LABEL_PROPERTIES if (t := _best(list(self.data.objects(node, URIRef(p)))))), "")

    def _path(self, path: Node) -> Iterator[str]:
        """The predicates of a property path, in order: enough to tell a reader where to look."""
        if isinstance(path, URIRef):
            if path != RDF.nil:
                yield self._shown(path)
            return
        for step in _STEPS:
            for part in self.results.objects(path, step):
                yield from self._path(part)

    def _demanded(self, node: Node) -> str:
        """A value in a shape as Turtle has it, lists with their members."""
        listed = members(self.shapes, node)
        if listed is not None:
            return f"( {' '.join(self._demanded(m) for m in listed)} )"
        if not isinstance(node, Literal) or node.datatype is None:
            return self._shown(node)
        bare = node.datatype in _BARE and node.value is not None
        return str(node) if bare else f"{Literal(str(node)).n3()}^^{curie(str(node.datatype))}"

    def _shown(self, node: Node) -> str:
        if isinstance(node, URIRef):
            short = curie(str(node))
            return short.removeprefix(self.base) if self.base else short
        return "[ ]" if isinstance(node, BNode) else node.n3()


def _n_triples(node: Node | None) -> str:
    """The term in its N-Triples form; empty for none."""
    term = None if node is None else from_rdflib(node)
    return "" if term is None else str(term)


def _best(texts: list[Node]) -> str:
    """The English one, or the first."""
    return str(min(texts, key=lambda t: (getattr(t, "language", "") != "en", str(t)))) if texts else ""
