"""The way from the home page to a thing: by its class, or by its vocabulary and the broader concepts."""

from __future__ import annotations

import pyoxigraph as ox

from kg.pages.values import Value
from kg.resource.describe import Description
from kg.resource.viewer import Viewer
from kg.store.lookup import texts
from kg.words.names import RDFS, SKOS

_DEEPEST = 10


def trail(description: Description, viewer: Viewer) -> tuple[Value, ...]:
    """What stands above the thing, the most general first; the home page and the thing itself are left out."""
    schemes = _iris(description, SKOS + "inScheme")
    if schemes:
        return (viewer.thing(schemes[0]), *map(viewer.thing, _above(description, SKOS + "broader", viewer)))
    if parents := _above(description, RDFS + "subClassOf", viewer):
        return tuple(map(viewer.thing, parents))
    kinds = [k for k in viewer.most_specific(description) if viewer.reader.address.document(k)]
    return tuple(map(viewer.thing, kinds[:1] or viewer.most_specific(description)[:1]))


def _above(description: Description, predicate: str, viewer: Viewer) -> list[str]:
    """A chain of parents of ours, the topmost first; one of several, and none twice."""
    found: list[str] = []
    stated = (f for f in description.facts if f.predicate == predicate and f.graphs != (viewer.inferred_graph,))
    parents = [f.value.value for f in stated if isinstance(f.value, ox.NamedNode)]
    while parents and len(found) < _DEEPEST:
        ours = [p for p in parents if viewer.reader.address.document(p) and p not in (*found, description.iri)]
        if not ours:
            break
        found.append(ours[0])
        parents = texts(viewer.store, ours[0], predicate)
    return found[::-1]


def _iris(description: Description, predicate: str) -> list[str]:
    return [f.value.value for f in description.facts if f.predicate == predicate and isinstance(f.value, ox.NamedNode)]
