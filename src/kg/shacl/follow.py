"""Walks over triples: forwards, for what a shape reads of a node; backwards, for the nodes that a triple matters to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

import pyoxigraph as ox

from kg.shacl.walks import Step, Walk, Way
from kg.store.rdf_io import Term
from kg.store.triples import Lookup
from kg.words.names import RDFS, TYPE

_TYPE, _ABOVE = ox.NamedNode(TYPE), ox.NamedNode(RDFS + "subClassOf")


class Reading:
    """Collects the triples that walks meet; what was looked up once is not looked up again."""

    def __init__(self, triples: Lookup) -> None:
        self._triples = triples
        self._met: dict[tuple[Term, Way], list[ox.Triple]] = {}

    def read(self, nodes: Collection[Term], walks: Iterable[Walk]) -> None:
        """Follow all walks from all nodes."""
        if not nodes:
            return
        starts: dict[Step, list[Walk]] = defaultdict(list)
        for walk in walks:
            if walk:
                starts[walk[0]].append(walk[1:])
        for step, rest in starts.items():
            self.read(self.follow(step, nodes), rest)

    def follow(self, step: Step, nodes: Iterable[Term]) -> set[Term]:
        """Where one step leads from these nodes."""
        reached = set(nodes) if step.repeat else set[Term]()
        frontier = set(nodes)
        while frontier:
            found = {t for node in frontier for way in step.ways for t in self._ends(node, way)}
            if not step.repeat:
                return found
            frontier = found - reached
            reached |= frontier
        return reached

    def triples(self) -> set[ox.Triple]:
        """All that was met, with the classes above every type."""
        found = {t for met in self._met.values() for t in met}
        frontier = {t.object for t in found if t.predicate == _TYPE}
        seen: set[Term] = set()
        while frontier:
            seen |= frontier
            above = {t for class_ in frontier for t in self._triples.out(class_, _ABOVE)}
            found |= above
            frontier = {t.object for t in above} - seen
        return found

    def _ends(self, node: Term, way: Way) -> list[Term]:
        predicate, inverse = way
        met = self._met.get((node, way))
        if met is None:
            met = list(self._triples.into(node, predicate) if inverse else self._triples.out(node, predicate))
            self._met[node, way] = met
        return [t.subject if inverse else t.object for t in met]


class Tracing:
    """Finds the nodes from which a walk meets one of these triples."""

    def __init__(self, triples: Lookup, changed: Iterable[ox.Triple]) -> None:
        self._backwards = Reading(triples)
        self._changed = list(changed)

    def starts(self, walk: Walk) -> set[Term]:
        nodes: set[Term] = set()
        for step in reversed(walk):
            nodes = self._back(step, nodes)
            met = self._met(step)
            nodes |= self._back(step, met) | met if step.repeat else met
        return nodes

    def back(self, walk: Walk, node: Term) -> set[Term]:
        """The nodes from which the walk leads to this one."""
        nodes = {node}
        for step in reversed(walk):
            nodes = self._back(step, nodes)
        return nodes

    def _back(self, step: Step, nodes: set[Term]) -> set[Term]:
        return self._backwards.follow(step.back(), nodes) if nodes else nodes

    def _met(self, step: Step) -> set[Term]:
        return {
            t.object if inverse else t.subject
            for t in self._changed
            for predicate, inverse in step.ways
            if predicate is None or predicate == t.predicate
        }
