"""What the store says about one thing: facts, where each comes from, and the document that holds them all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

import pyoxigraph as ox

from kg.resource.claims import MOST_CLAIMS, PLACE, Claim, Range, claims_about, range_at
from kg.store.rdf_io import Term
from kg.words.errors import NotFound
from kg.words.names import PROV, RDF, TYPE

_DEFAULT = ox.DefaultGraph()
_SUBJECT, _PREDICATE, _OBJECT = (ox.NamedNode(RDF + n) for n in ("subject", "predicate", "object"))
_QUOTED = ox.NamedNode(PROV + "wasQuotedFrom")
_BOOKKEEPING = {_SUBJECT, _PREDICATE, _OBJECT}
_MANY = 5000
_COUNT = "SELECT ?predicate (COUNT(*) AS ?count) {{ {node} ?predicate ?value }} GROUP BY ?predicate"


@dataclass(frozen=True)
class Fact:
    """One statement about the thing.

    graphs  the named graphs that state it
    range   the value, where it is a range of a source
    """

    predicate: str
    value: Term
    graphs: tuple[str, ...]
    claims: tuple[Claim, ...]
    range: Range | None = None


@dataclass(frozen=True)
class Description:
    """All about one IRI. `left_out` counts, by predicate, the facts that are not among `facts`."""

    iri: str
    types: tuple[str, ...]
    facts: tuple[Fact, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)


def describe(store: ox.Store, iri: str, *, limit: int = 200, claims: int = MOST_CLAIMS) -> Description:
    """Gather what the store says about one IRI.

    iri    absolute IRI
    limit  values of one predicate that are read where there are thousands of statements; the rest are counted
    claims how many claims there are about it, or more
    Return Description: facts in the order of predicates and values, each with its graphs and claims.
    Raise NotFound if no triple mentions the IRI.
    """
    node = ox.NamedNode(iri)
    quads, left_out = _outgoing(store, node, limit)
    if not quads and not is_mentioned(store, iri):
        raise NotFound(f"nothing is known of <{iri}>")
    graphs: dict[tuple[ox.NamedNode, Term], list[str]] = defaultdict(list)
    for quad in quads:
        if isinstance(quad.graph_name, ox.NamedNode):
            graphs[quad.predicate, quad.object].append(quad.graph_name.value)
    found = claims_about(store, iri, most=claims)
    facts = [
        Fact(
            p.value,
            o,
            tuple(sorted(g)),
            tuple(found.get((p, o), ())),
            range_at(store, o.value) if isinstance(o, ox.NamedNode) and PLACE in o.value else None,
        )
        for (p, o), g in sorted(graphs.items(), key=lambda item: (item[0][0].value, str(item[0][1])))
    ]
    types = tuple(f.value.value for f in facts if f.predicate == TYPE and isinstance(f.value, ox.NamedNode))
    return Description(iri, types, tuple(facts), left_out)


def named_node(iri: str) -> ox.NamedNode | None:
    """The node of an IRI; None for text that is no IRI, so that nothing can be known of it."""
    try:
        return ox.NamedNode(iri)
    except ValueError:
        return None


def exists(store: ox.Store, iri: str) -> bool:
    """Whether any triple has the IRI as subject or object."""
    node = named_node(iri)
    patterns = ((node, None), (None, node)) if node else ()
    return any(next(iter(store.quads_for_pattern(s, None, o, _DEFAULT)), None) for s, o in patterns)


def is_mentioned(store: ox.Store, iri: str) -> bool:
    """Whether any triple has the IRI in any place."""
    node = named_node(iri)
    used = store.quads_for_pattern(None, node, None, _DEFAULT) if node else ()
    return exists(store, iri) or next(iter(used), None) is not None


def neighbourhood(store: ox.Store, iri: str) -> Iterator[ox.Quad]:
    """The quads of the document about an IRI, in their named graphs.

    The thing as subject and as object, and the claims about it with the ranges they quote. Bookkeeping by which
    claims of other things mention it is left out.
    """
    node = ox.NamedNode(iri)
    yield from _named(store.quads_for_pattern(node, None, None, None))
    for quad in _named(store.quads_for_pattern(None, None, node, None)):
        if quad.predicate not in _BOOKKEEPING and quad.subject != node:
            yield quad
    for quad in store.quads_for_pattern(None, _SUBJECT, node, _DEFAULT):
        yield from _named(store.quads_for_pattern(quad.subject, None, None, None))
        for quoted in store.quads_for_pattern(quad.subject, _QUOTED, None, _DEFAULT):
            yield from _named(store.quads_for_pattern(quoted.object, None, None, None))  # type: ignore[arg-type]


def _named(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    return (q for q in quads if not isinstance(q.graph_name, ox.DefaultGraph))


def _outgoing(store: ox.Store, node: ox.NamedNode, limit: int) -> tuple[list[ox.Quad], dict[str, int]]:
    """The thing's own quads; where they are too many, the first of each predicate and how many more there are."""
    quads = list(islice(store.quads_for_pattern(node, None, None, None), _MANY + 1))
    if len(quads) <= _MANY:
        return quads, {}
    some: list[ox.Quad] = []
    left_out = {}
    for row in store.query(_COUNT.format(node=node)):  # type: ignore[union-attr]
        predicate, count = row["predicate"], int(row["count"].value)
        shown = {q.object for q in islice(store.quads_for_pattern(node, predicate, None, _DEFAULT), limit)}
        some += (q for value in shown for q in store.quads_for_pattern(node, predicate, value, None))
        if count > len(shown):
            left_out[predicate.value] = count - len(shown)
    return some, left_out
