"""Property paths as walks: which triples lie between a node and what a shape reads of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox
import rdflib
from rdflib.namespace import RDF, SH
from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, SequencePath
from rdflib.term import Literal, Node, URIRef

from kg.shacl.structure import members

_REPEATED = (SH.zeroOrMorePath, SH.oneOrMorePath, SH.zeroOrOnePath)
_KINDS = (SH.inversePath, SH.alternativePath, *_REPEATED, RDF.first)


class NonLocal(Exception):
    """What a shape reads cannot be told by walks from its focus node; the reason, for people."""


Way = tuple[ox.NamedNode | None, bool]


@dataclass(frozen=True)
class Step:
    """One triple on a walk, or with `repeat` any number of them.

    ways  predicates with the direction: False from subject to object, True back; None for any predicate
    """

    ways: frozenset[Way]
    repeat: bool = False

    def back(self) -> Step:
        """The same triples, walked the other way."""
        return Step(frozenset((p, not inverse) for p, inverse in self.ways), self.repeat)


Walk = tuple[Step, ...]


def along(predicate: Node | None, *, inverse: bool = False) -> Step:
    """One triple of this predicate, or of any."""
    return Step(frozenset({(None if predicate is None else ox.NamedNode(str(predicate)), inverse)}))


ANY = Step(frozenset({(None, False), (None, True)}))


def reverse(walk: Walk) -> Walk:
    return tuple(step.back() for step in reversed(walk))


def of_shacl(shapes: rdflib.Graph, path: Node) -> Walk:
    """A walk that takes in all that a path of SHACL takes (and, where paths branch, more).

    Raise NonLocal for what is no path. Source: SHACL, section 2.3.1.
    """
    if isinstance(path, URIRef):
        return (along(path),)
    if isinstance(path, Literal):
        raise NonLocal("a path is no path")
    if sum((path, kind, None) in shapes for kind in _KINDS) > 1:
        raise NonLocal("a path is of two kinds at once")
    if (inner := shapes.value(path, SH.inversePath)) is not None:
        return reverse(of_shacl(shapes, inner))
    if (listed := shapes.value(path, SH.alternativePath)) is not None:
        return _either([of_shacl(shapes, p) for p in members(shapes, listed) or ()])
    for repeated in _REPEATED:
        if (inner := shapes.value(path, repeated)) is not None:
            return _repeated([of_shacl(shapes, inner)])
    if (path, RDF.first, None) in shapes:
        return tuple(step for p in members(shapes, path) or () for step in of_shacl(shapes, p))
    raise NonLocal("a path is of a kind that is unknown here")


def of_sparql(predicate: Any) -> Walk:
    """The same for the predicate of a triple pattern of rdflib's: a path, an IRI, or a variable. Raise NonLocal."""
    if isinstance(predicate, URIRef):
        return (along(predicate),)
    if isinstance(predicate, rdflib.Variable):
        return (along(None),)
    if isinstance(predicate, InvPath):
        return reverse(of_sparql(predicate.arg))
    if isinstance(predicate, SequencePath):
        return tuple(step for p in predicate.args for step in of_sparql(p))
    if isinstance(predicate, AlternativePath):
        return _either([of_sparql(p) for p in predicate.args])
    if isinstance(predicate, MulPath):
        return _repeated([of_sparql(predicate.path)])
    if isinstance(predicate, NegatedPath):
        return (ANY,)
    raise NonLocal("a query has a path of a kind that is unknown here")


def _either(walks: list[Walk]) -> Walk:
    if all(len(walk) == 1 and not walk[0].repeat for walk in walks):
        return (Step(frozenset(way for walk in walks for way in walk[0].ways)),)
    return _repeated(walks)


def _repeated(walks: list[Walk]) -> Walk:
    """Any number of the steps of these walks, in any order: more than they take, and never less."""
    return (Step(frozenset(way for walk in walks for step in walk for way in step.ways), repeat=True),)
