"""Facts with the evidence beside them: claims are no facts of their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kg.difference import blank
from kg.store.rdf_io import Term
from kg.words.names import HS, NIF, PROV, RDF, TYPE

_PARTS = (*(RDF + name for name in ("subject", "predicate", "object")), HS + "inGraph")
_CLAIMS = (HS + "Claim", HS + "LabelNote")
_RANGE, _QUOTATION = NIF + "RFC5147String", PROV + "Quotation"
_PHRASE = ox.NamedNode(NIF + "anchorOf")

Node = Mapping[ox.NamedNode, list[Term]]


@dataclass(frozen=True, order=True)
class Evidence:
    """One statement of a claim: its property, its value in N-Triples form, and the phrase if the value is a range."""

    property: str
    value: str
    phrase: str = ""


Facts = dict[ox.Quad, frozenset[Evidence]]
"""Each stated triple in its graph, with all that is said about it."""


def facts(quads: Iterable[ox.Quad]) -> Facts:
    """The facts among stated quads and expanded claims. A claim about a triple that is not stated is a fact itself."""
    stated = blank.named(quads)
    nodes: dict[Term, dict[ox.NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for quad in stated:
        nodes[quad.subject][quad.predicate].append(quad.object)
    known = frozenset(stated)
    claimed = {c: fact for c, node in nodes.items() if (fact := _claimed(node)) is not None and fact in known}
    quoted = {range_ for claim in claimed for values in nodes[claim].values() for range_ in values}
    hidden = {n for n in quoted if n in nodes and _is_a(nodes[n], _RANGE, _QUOTATION)} | claimed.keys()
    found: Facts = {quad: frozenset() for quad in stated if quad.subject not in hidden}
    for claim, fact in claimed.items():
        if fact in found:
            found[fact] = found[fact] | frozenset(_evidence(nodes[claim], nodes))
    return found


def claims(quads: Iterable[ox.Quad]) -> frozenset[Term]:
    """The nodes that are claims or notes on labels."""
    return frozenset(q.subject for q in quads if q.predicate.value == TYPE and _is_one_of(q.object, _CLAIMS))


def _claimed(node: Node) -> ox.Quad | None:
    """The fact that a claim is about."""
    parts = [node.get(ox.NamedNode(p), []) for p in _PARTS]
    if not _is_a(node, *_CLAIMS) or any(len(p) != 1 for p in parts):
        return None
    (subject,), (predicate,), (object_,), (graph,) = parts
    try:
        return ox.Quad(subject, predicate, object_, graph)  # type: ignore[arg-type]
    except TypeError:
        return None


def _is_a(node: Node, *classes: str) -> bool:
    return any(_is_one_of(t, classes) for t in node.get(ox.NamedNode(TYPE), ()))


def _is_one_of(term: Term, iris: tuple[str, ...]) -> bool:
    return isinstance(term, ox.NamedNode) and term.value in iris


def _evidence(claim: Node, nodes: Mapping[Term, Node]) -> Iterable[Evidence]:
    for predicate, values in claim.items():
        if predicate.value in (*_PARTS, TYPE):
            continue
        for value in values:
            node = nodes.get(value, {}) if isinstance(value, ox.NamedNode) else {}
            if not _is_a(node, _QUOTATION):
                phrase = next((p.value for p in node.get(_PHRASE, ()) if isinstance(p, ox.Literal)), "")
                yield Evidence(predicate.value, str(value), phrase)
