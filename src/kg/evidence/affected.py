"""Which ranges, claims and facts a change can affect."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

import pyoxigraph as ox

from kg.evidence.check import Items
from kg.store.claims import ENTITY, QUALIFIED_QUOTATION, WAS_DERIVED_FROM, WAS_QUOTED_FROM
from kg.store.rdf_io import Term
from kg.store.triples import Lookup
from kg.words.names import HS, NIF, RDF, TYPE

_TYPE: Final = ox.NamedNode(TYPE)
_RANGE, _CLAIM = ox.NamedNode(NIF + "RFC5147String"), ox.NamedNode(HS + "Claim")
_SUBJECT, _PREDICATE, _OBJECT = (ox.NamedNode(RDF + name) for name in ("subject", "predicate", "object"))
_GRAPH: Final = ox.NamedNode(HS + "inGraph")


def items(both: Lookup, subjects: Collection[Term], facts: Collection[ox.Quad]) -> Items:
    """The items about which something may be found that was not found before, or the other way round.

    both      the triples before the change and after it, taken together
    subjects  of the triples that have come or gone
    facts     quads that have come or gone
    A claim depends on itself, on its ranges and quotations, and on the names of its object.
    """
    quotations: set[Term] = {*subjects, *(t.subject for s in subjects for t in both.into(s, ENTITY))}
    claims: set[Term] = {*subjects, *(t.subject for q in quotations for t in both.into(q, QUALIFIED_QUOTATION))}
    for predicate in (WAS_QUOTED_FROM, WAS_DERIVED_FROM, _OBJECT):
        claims.update(t.subject for s in subjects for t in both.into(s, predicate))
    own = {s.value for s in claims if isinstance(s, ox.NamedNode) and _is(both, s, _CLAIM)}
    ranges = {s.value for s in subjects if isinstance(s, ox.NamedNode) and _is(both, s, _RANGE)}
    claimed = {f for s in subjects if isinstance(s, ox.NamedNode) and s.value in own for f in _claimed(both, s)}
    return Items(sorted(ranges), sorted(own), sorted({*facts, *claimed}, key=str))


def _is(both: Lookup, thing: ox.NamedNode, class_: ox.NamedNode) -> bool:
    return any(t.object == class_ for t in both.out(thing, _TYPE))


def _claimed(both: Lookup, claim: ox.NamedNode) -> Iterator[ox.Quad]:
    """The facts that a claim is about, or was."""
    subjects, predicates, values, graphs = (
        [t.object for t in both.out(claim, p)] for p in (_SUBJECT, _PREDICATE, _OBJECT, _GRAPH)
    )
    for s in subjects:
        for p in predicates:
            for o in values:
                for g in graphs:
                    if isinstance(s, ox.NamedNode | ox.BlankNode) and isinstance(p, ox.NamedNode):
                        yield ox.Quad(s, p, o, g)  # type: ignore[arg-type]
