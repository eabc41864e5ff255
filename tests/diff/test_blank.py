"""Names of blank nodes that come from what they are."""

from __future__ import annotations

import random

import pyoxigraph as ox
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.difference import blank

NODES = [ox.BlankNode(f"b{i}") for i in range(5)]
THINGS = [ox.NamedNode("urn:a"), ox.NamedNode("urn:b")]
PREDICATES = [ox.NamedNode("urn:p"), ox.NamedNode("urn:q")]
GRAPH = ox.NamedNode("urn:g")

quads = st.builds(
    ox.Quad, st.sampled_from(NODES + THINGS), st.sampled_from(PREDICATES),
    st.sampled_from([*NODES, *THINGS, ox.Literal("x")]), st.just(GRAPH),
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(quads, max_size=8, unique=True), st.randoms())
def test_neither_order_nor_labels_matter(given_: list[ox.Quad], chance: random.Random) -> None:
    names = {node: ox.BlankNode(f"x{i}") for i, node in enumerate(chance.sample(NODES, len(NODES)))}
    again = [
        ox.Quad(names.get(q.subject, q.subject), q.predicate, names.get(q.object, q.object), GRAPH) for q in given_
    ]
    chance.shuffle(again)
    assert set(blank.named(again)) == set(blank.named(given_))
    assert len(set(blank.named(given_))) == len(given_)


@settings(deadline=None)
@given(st.lists(quads, min_size=1, max_size=8, unique=True))
def test_what_is_not_isomorphic_differs(given_: list[ox.Quad]) -> None:
    assert set(blank.named(given_)) != set(blank.named(given_[1:]))


def test_a_change_in_one_leaves_the_names_of_the_others() -> None:
    a, b, c = NODES[:3]
    thing, p, q = THINGS[0], *PREDICATES
    kept = [ox.Quad(thing, p, a, GRAPH), ox.Quad(a, q, ox.Literal("1"), GRAPH)]
    other = [ox.Quad(thing, p, b, GRAPH), ox.Quad(b, q, c, GRAPH)]
    assert set(blank.named(kept)) < set(blank.named([*other, *kept]))
