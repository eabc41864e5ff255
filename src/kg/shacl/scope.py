"""What a change can affect: for each shape, the nodes about which it may say something else than before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox
import rdflib
from pyparsing import ParseException
from rdflib.namespace import RDFS
from rdflib.term import Node

from kg.shacl import reads
from kg.shacl.follow import Tracing
from kg.shacl.mistake import name
from kg.shacl.targets import targeted
from kg.shacl.walks import NonLocal, Walk
from kg.store.rdf_io import Term
from kg.store.triples import Change, Lookup

_HUB: Final = 500
"""Nodes of one shape; above that what they have in common is worth a word."""
_HIERARCHY: Final = ox.NamedNode(str(RDFS.subClassOf))


@dataclass(frozen=True)
class Reads:
    """What the shapes read, as walks from a node of their targets.

    walks      shape -> all walks
    nonlocal_  shape -> why that cannot be told, for people
    """

    walks: Mapping[Node, frozenset[Walk]]
    nonlocal_: Mapping[Node, str]

    @classmethod
    def of(cls, shapes: rdflib.Graph) -> Reads:
        found: dict[Node, frozenset[Walk]] = {}
        unknown: dict[Node, str] = {}
        for shape in sorted(targeted(shapes), key=str):
            try:
                found[shape] = reads.walks(shapes, shape)
            except NonLocal as reason:
                unknown[shape] = str(reason)
            except ParseException:
                unknown[shape] = "a query of it does not parse"
        return cls(found, unknown)


@dataclass(frozen=True)
class Scope:
    """What has to be asked again.

    nodes  shape -> nodes that a change can affect
    notes  what a reader must know of it, in sentences
    """

    nodes: Mapping[Node, set[Term]]
    notes: tuple[str, ...] = ()


def affected(known: Reads, both: Lookup, change: Change) -> Scope | str:
    """The scope of a change; a string says why everything has to be checked instead.

    both  the triples before the change and after it, taken together: no node is missed, some are asked about in vain
    """
    if any(t.predicate == _HIERARCHY for t in change.triples):
        return "the class hierarchy has changed"
    if not change.triples:
        return Scope({shape: set() for shape in known.walks})
    tracing = Tracing(both, change.triples)
    nodes: dict[Node, set[Term]] = {}
    notes = [f"{name(s)} is asked about all its nodes: {reason}." for s, reason in known.nonlocal_.items()]
    for shape, walks in known.walks.items():
        nodes[shape] = set().union(*(tracing.starts(walk) for walk in walks))
        if len(nodes[shape]) > _HUB:
            notes.append(f"{name(shape)} is asked about {len(nodes[shape]):,} nodes: many depend on what has changed.")
    return Scope(nodes, tuple(notes))
