"""All results of a graph, kept up to date: what a change cannot affect stays as it was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import rdflib
from rdflib.term import Node

from kg.shacl.follow import Tracing
from kg.shacl.nesting import positions
from kg.shacl.results import Told
from kg.shacl.targets import nodes
from kg.shacl.terms import from_rdflib, into_rdflib
from kg.shacl.validator import Validator, Verdict

Owner = tuple[Node, Node | None]
"""A shape and the target node that it was asked about; None for a shape that is always asked about all."""


class Held:
    """The results of all that a validator holds, by the questions that they answer."""

    def __init__(self, validator: Validator, results: Iterable[Told]) -> None:
        """results  what was found of everything"""
        self._validator = validator
        self._positions = positions(validator.shapes)
        self._results: dict[Owner, set[Told]] = {}
        self._hold_everything(results)

    def __iter__(self) -> Iterator[Told]:
        """Each result once, in no order."""
        return iter(set().union(*self._results.values()))

    def update(self, verdict: Verdict) -> None:
        """Take in what was found after a change, which has been made."""
        if verdict.asked is None:
            self._results = {}
            self._hold_everything(verdict.told)
            return
        for owner in [o for o in self._results if o[1] is None or o[1] in verdict.scope.get(o[0], ())]:
            del self._results[owner]
        self._hold(verdict.told, verdict.asked)
        self._hold_whole(verdict.whole)

    def _hold_everything(self, results: Iterable[Told]) -> None:
        results = tuple(results)
        asked: dict[Node, set[Node]] = {}
        sources = {r.shape for r in results}
        for shape in {t for s in sources if s is not None for t, _ in self._positions.get(s, ())}:
            if shape in self._validator.reads.walks:
                found = nodes(self._validator.shapes, shape, self._validator.triples)
                asked[shape] = {into_rdflib(n) for n in found}
        self._hold(results, asked)
        self._hold_whole(self._validator.whole())

    def _hold_whole(self, results: Iterable[Told]) -> None:
        for result in results:
            self._results.setdefault((rdflib.BNode("whole"), None), set()).add(result)

    def _hold(self, results: Iterable[Told], asked: Mapping[Node, set[Node]]) -> None:
        backwards = Tracing(self._validator.triples, ())
        for result in results:
            for shape, walk in self._positions.get(result.shape, ()) if result.shape is not None else ():
                targets = asked.get(shape, set())
                if not walk and result.focus in targets:
                    self._results.setdefault((shape, result.focus), set()).add(result)
                elif walk and (term := from_rdflib(result.focus)) is not None:
                    for node in {into_rdflib(n) for n in backwards.back(walk, term)} & targets:
                        if result in self._asked_alone(shape, node):
                            self._results.setdefault((shape, node), set()).add(result)

    def _asked_alone(self, shape: Node, node: Node) -> tuple[Told, ...]:
        """A walk may lead further than the path that it stands for, so the question is asked again."""
        term = from_rdflib(node)
        return () if term is None else self._validator.about(self._validator.triples, {shape: {term}})[0]
