"""What points at a thing: counted by property, and read page by page, however much it is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import islice

import pyoxigraph as ox

from kg.pages.once import Once
from kg.words.names import NIF, RDF

MANY = 500
"""So many things by one property are read and sorted; more are taken a page at a time, in the store's own order."""

_DEFAULT = ox.DefaultGraph()
_CLAIM, _RANGE = RDF + "subject", NIF + "referenceContext"
_BOOKKEEPING = {_CLAIM, RDF + "predicate", RDF + "object", _RANGE}
# A node is N-Triples, so it can stand in the text; Oxigraph's substitution wants its variables projected, which makes
# these queries two to three times slower.
_COUNT = "SELECT ?predicate (COUNT(*) AS ?count) {{ ?subject ?predicate {node} }} GROUP BY ?predicate"
_SLICE = "SELECT ?subject {{ ?subject {predicate} {node} }} OFFSET {offset:d} LIMIT {limit:d}"


@dataclass(frozen=True)
class Incoming:
    """A property by which things point at one, and how many do."""

    predicate: str
    count: int

    @property
    def is_sortable(self) -> bool:
        """Whether they are few enough to be sorted by name."""
        return self.count <= MANY


@dataclass(frozen=True)
class Counts:
    """What points at a thing.

    others  by property, by the property's IRI; without the bookkeeping: claims that mention it, ranges of a source
    claims  statements about the thing; ranges  of its text, where it is a source
    """

    others: tuple[Incoming, ...]
    claims: int
    ranges: int


def count(store: ox.Store, iri: str, once: Once) -> Counts:
    """Count what points at a thing.

    once  keeps the counts of things at which more than `MANY` others point
    """
    node = ox.NamedNode(iri)
    quads = list(islice(store.quads_for_pattern(None, None, node, _DEFAULT), MANY + 1))
    if len(quads) <= MANY:
        counts = Counter(q.predicate.value for q in quads if _counts(q, node))
    else:
        counts = once.get(("pointing", iri), lambda: _count_all(store, node))
    others = tuple(Incoming(p, n) for p, n in sorted(counts.items()) if p not in _BOOKKEEPING)
    return Counts(others, counts[_CLAIM], counts[_RANGE])


def subjects(store: ox.Store, iri: str, predicate: str) -> list[str]:
    """All things that point at one by a sortable property."""
    node = ox.NamedNode(iri)
    quads = store.quads_for_pattern(None, ox.NamedNode(predicate), node, _DEFAULT)
    return [q.subject.value for q in quads if isinstance(q.subject, ox.NamedNode) and q.subject != node]


def some_subjects(store: ox.Store, iri: str, predicate: str, offset: int, limit: int) -> list[str]:
    """So many of them from an offset, in the order of the store's index, which stays as long as the data does."""
    node, property_ = ox.NamedNode(iri), ox.NamedNode(predicate)
    rows = store.query(_SLICE.format(node=node, predicate=property_, offset=offset, limit=limit))
    return [r["subject"].value for r in rows if isinstance(r["subject"], ox.NamedNode)]  # type: ignore[union-attr]


def _counts(quad: ox.Quad, node: ox.NamedNode) -> bool:
    """Whether another thing points at the node; claims may be blank nodes."""
    subject = quad.subject
    return subject != node and (isinstance(subject, ox.NamedNode) or quad.predicate.value in _BOOKKEEPING)


def _count_all(store: ox.Store, node: ox.NamedNode) -> Counter[str]:
    rows = store.query(_COUNT.format(node=node))
    return Counter({r["predicate"].value: int(r["count"].value) for r in rows})  # type: ignore[union-attr]
