"""Data and shapes, loaded: what the shapes say of a change before it is made, at the cost of the change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox
import rdflib
from rdflib.term import Node

from kg.shacl.authority import Authority, as_shapes
from kg.shacl.follow import Reading
from kg.shacl.results import Told, told
from kg.shacl.scope import Reads, affected
from kg.shacl.terms import into_rdflib
from kg.store.rdf_io import Term
from kg.store.triples import Change, Lookup, Triples, View

_AT_ONCE: Final = 2_000
"""Nodes whose triples are cut out for pySHACL together."""


@dataclass(frozen=True)
class Verdict:
    """What the shapes say once a change is made, of all that it can affect.

    told    results of shapes about the nodes that the change can affect
    whole   results of shapes that have to be asked about all their nodes, because it cannot be told what they read
    before  what was so before the change, of the same; empty unless that was asked for
    scope   shape -> nodes that the change can affect
    asked   shape -> those of them that are targets; None: everything was asked about
    notes   what a reader must know of it, in sentences
    """

    told: tuple[Told, ...]
    whole: tuple[Told, ...]
    before: tuple[Told, ...]
    scope: Mapping[Node, set[Node]]
    asked: Mapping[Node, set[Node]] | None
    notes: tuple[str, ...]

    @property
    def results(self) -> tuple[Told, ...]:
        return tuple(dict.fromkeys((*self.told, *self.whole)))

    @property
    def new(self) -> tuple[Told, ...]:
        """The results that the change brings, or for which it is one more reason."""
        there = set(self.before)
        return tuple(t for t in self.results if t not in there)


class Validator:
    """Shapes, and triples that may change.

    A gate for writing: `check` a change, then make it in `triples` if the verdict is good. One writer at a time.
    """

    def __init__(self, triples: Triples, shapes: Iterable[ox.Quad] | rdflib.Graph) -> None:
        self.triples = triples
        self.shapes = shapes if isinstance(shapes, rdflib.Graph) else as_shapes(shapes)
        self.authority = Authority(self.shapes)
        self._reads: Reads | None = None

    @property
    def reads(self) -> Reads:
        if self._reads is None:
            self._reads = Reads.of(self.shapes)
        return self._reads

    def everything(self) -> tuple[Told, ...]:
        """What the shapes say of all there is now. Raise BadInput if they cannot be used."""
        return told(self.authority.everything(self.triples), self.shapes)

    def check(self, change: Change, *, compare: bool = False) -> Verdict:
        """What the shapes would say of the nodes that a change can affect, were it made.

        compare  also say what they say of these nodes now, so that the verdict can tell what is new
        Raise BadInput if the shapes cannot be used.
        """
        scope = affected(self.reads, View(self.triples, change, both=True), change)
        if isinstance(scope, str):
            found = told(self.authority.everything(_all(self.triples, change)), self.shapes)
            before = self.everything() if compare else ()
            return Verdict(found, (), before, {}, None, (f"The shapes were asked about everything: {scope}.",))
        wanted = scope.nodes
        results, asked = self.about(View(self.triples, change), wanted)
        whole = self.whole(change)
        before = (*self.about(self.triples, wanted)[0], *self.whole()) if compare else ()
        count = len(set().union(*asked.values()))
        note = f"The shapes were asked about {count:,} node{'' if count == 1 else 's'} that a change can affect."
        nodes = {shape: {into_rdflib(n) for n in found} for shape, found in wanted.items()}
        return Verdict(results, whole, before, nodes, asked, (*scope.notes, note))

    def about(self, triples: Lookup, asked: Mapping[Node, set[Term]]) -> tuple[tuple[Told, ...], dict[Node, set[Node]]]:
        """What shapes say of some nodes, read from the triples that they depend on, and which nodes were targets."""
        found: tuple[Told, ...] = ()
        met: dict[Node, set[Node]] = {}
        for some in _portions({s: nodes for s, nodes in asked.items() if nodes and s in self.reads.walks}):
            reading = Reading(triples)
            for shape, nodes in some.items():
                reading.read(nodes, self.reads.walks[shape])
            wanted = {shape: {into_rdflib(n) for n in nodes} for shape, nodes in some.items()}
            report, targets = self.authority.about(reading.triples(), wanted)
            found += told(report, self.shapes)
            for shape, targeted in targets.items():
                met.setdefault(shape, set()).update(targeted)
        return found, met

    def whole(self, change: Change | None = None) -> tuple[Told, ...]:
        """What those shapes say of which it cannot be told what they read, once a change is made."""
        if not self.reads.nonlocal_:
            return ()
        triples = _all(self.triples, change or Change())
        return told(self.authority.about(triples, dict.fromkeys(self.reads.nonlocal_))[0], self.shapes)


def _portions(asked: dict[Node, set[Term]]) -> Iterator[dict[Node, set[Term]]]:
    """The same in parts, none of which is so large that its triples would fill the memory."""
    portion: dict[Node, set[Term]] = {}
    room = _AT_ONCE
    for shape, nodes in asked.items():
        ordered = list(nodes)
        while ordered:
            portion[shape], ordered = set(ordered[:room]), ordered[room:]
            room -= len(portion[shape])
            if room <= 0:
                yield portion
                portion, room = {}, _AT_ONCE
    if portion:
        yield portion


def _all(triples: Triples, change: Change) -> Iterator[ox.Triple]:
    yield from (t for t in triples if t not in change.removed)
    yield from change.added
