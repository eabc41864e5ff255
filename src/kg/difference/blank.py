"""Blank nodes with names that come from what they are, so that two versions of them compare.

Each set of blank nodes that hang together is canonicalised on its own (RDF Dataset Canonicalization, RDFC-1.0), so that
a change in one leaves the names of all others.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable

import pyoxigraph as ox


def named(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """The same quads; equal sets of blank nodes have equal names, and of several equal sets each has its own."""
    found: list[ox.Quad] = []
    anonymous: list[ox.Quad] = []
    for quad in quads:
        (anonymous if _blanks(quad) else found).append(quad)
    seen: Counter[str] = Counter()
    for component in _components(anonymous):
        dataset = ox.Dataset(component)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        lines = sorted(str(q) for q in dataset)
        digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]
        seen[digest] += 1
        prefix = f"{digest}n{seen[digest]}"
        found += (_renamed(q, prefix) for q in dataset)
    return found


def _blanks(quad: ox.Quad) -> list[ox.BlankNode]:
    return [t for t in (quad.subject, quad.object) if isinstance(t, ox.BlankNode)]


def _components(quads: list[ox.Quad]) -> Iterable[list[ox.Quad]]:
    parent: dict[ox.BlankNode, ox.BlankNode] = {}

    def root(node: ox.BlankNode) -> ox.BlankNode:
        while (above := parent.setdefault(node, node)) != node:
            parent[node] = parent[above]
            node = above
        return node

    for quad in quads:
        first, *others = _blanks(quad)
        for other in others:
            parent[root(other)] = root(first)
    components: defaultdict[ox.BlankNode, list[ox.Quad]] = defaultdict(list)
    for quad in quads:
        components[root(_blanks(quad)[0])].append(quad)
    return components.values()


def _renamed(quad: ox.Quad, prefix: str) -> ox.Quad:
    subject, object_ = (
        ox.BlankNode(prefix + t.value) if isinstance(t, ox.BlankNode) else t for t in (quad.subject, quad.object)
    )
    return ox.Quad(subject, quad.predicate, object_, quad.graph_name)  # type: ignore[arg-type]
