"""Data against shapes: what is wrong with the shapes, else what they find."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pyoxigraph as ox
import rdflib
from rdflib.namespace import RDF, SH
from rdflib.term import Node, URIRef

from kg.shacl import engines, lint, queries
from kg.shacl.authority import Refused
from kg.shacl.engines import PYSHACL
from kg.shacl.held import Held
from kg.shacl.mistake import name
from kg.shacl.results import Teller, Told
from kg.shacl.terms import from_rdflib, into_rdflib
from kg.shacl.validator import Validator
from kg.store.locate import Locate
from kg.store.triples import Change, Lookup, Triples, View
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


class Shapes:
    """Shapes and the triples that they judge."""

    def __init__(self, triples: Triples, shapes: Iterable[ox.Quad], *, base: str = "", engine: str = PYSHACL) -> None:
        """base is left out in front of names in the findings."""
        self._triples, self._base, self._engine = triples, base, engine
        self._validator = Validator(triples, shapes)
        self._held: Held | None = None

    def everything(
        self, locate: Locate, focus: tuple[str, ...] = (), *, keep: bool = False, notes: tuple[str, ...] = ()
    ) -> Result:
        """What is wrong with the shapes; if that is no error, what they find.

        locate  where a statement is written
        focus   IRIs; with any, only results about these nodes are kept
        keep    so that `after` can tell everything too
        Raise BadInput if a focus node is not in the data.
        """
        for iri in focus:
            if not _is_subject(iri, self._triples):
                raise BadInput(f"--focus {iri} is not in the graph")
        findings = list(lint.lint(self._validator.shapes, self._triples, locate))
        self._held = None
        if not any(f.severity is Severity.ERROR for f in findings):
            try:
                results, more = engines.everything(self._validator, self._engine)
            except Refused:
                findings += queries.refused(self._validator.shapes, locate)
            else:
                notes += more
                self._held = Held(self._validator, results) if keep else None
                findings += _teller(self._triples, locate, self._base).findings(_about(results, focus))
        return _result(findings, self._validator.shapes, notes)

    def after(
        self, change: Change, locate: Locate, focus: tuple[str, ...] = (), *, keep: bool
    ) -> Callable[[], Result] | None:
        """The same once a change is made, to be called when it has been; None if everything has to be asked.

        keep  tell everything; else what is found where the change can matter
        """
        if keep and self._held is None:
            return None
        findings = list(lint.lint(self._validator.shapes, View(self._triples, change), locate))
        if any(f.severity is Severity.ERROR for f in findings):
            self._held = None
            return lambda: _result(findings, self._validator.shapes, ())
        try:
            verdict = self._validator.check(change)
        except Refused:
            return None

        def told() -> Result:
            results: Iterable[Told] = verdict.results
            if keep and self._held is not None:
                self._held.update(verdict)
                results = self._held
            found = _teller(self._triples, locate, self._base).findings(_about(results, focus))
            return _result(findings + found, self._validator.shapes, verdict.notes)

        return told


def _about(results: Iterable[Told], focus: tuple[str, ...]) -> Iterable[Told]:
    return (r for r in results if not focus or str(r.focus) in focus)


def _teller(triples: Lookup, locate: Locate, base: str) -> Teller:
    """Says results with the names that these triples give."""

    def names(node: Node, property_: str) -> list[Node]:
        term = from_rdflib(node)
        return [] if term is None else [into_rdflib(t.object) for t in triples.out(term, ox.NamedNode(property_))]

    return Teller(names, locate, base)


def _result(findings: list[Finding], shapes: rdflib.Graph, notes: tuple[str, ...]) -> Result:
    """Findings, with what is told of the shapes."""
    found = [s for type_ in (SH.NodeShape, SH.PropertyShape) for s in shapes.subjects(RDF.type, type_)]
    names = tuple(sorted({name(s) for s in found if isinstance(s, URIRef)}))
    return Result(findings, len(found), lint.targets(shapes), names, notes)


def _is_subject(iri: str, triples: Triples) -> bool:
    try:
        return next(triples.out(ox.NamedNode(iri)), None) is not None
    except ValueError:
        return False
