"""All things of a release, counted: who is of which class and has which value, as sets that combine fast.

A set of things is an integer, with the bit of each thing's place in `things`: ten thousand things are 1.2 KB, and a
facet's count is one `&` and one `bit_count`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from kg.words.names import HS, NIF, OWL, PROV, RDFS, SKOS, TYPE, local_name

_DEFAULT = ox.DefaultGraph()
BOOKKEEPING = (HS + "Claim", HS + "LabelNote", NIF + "RFC5147String")
_HIDDEN = {*BOOKKEEPING, OWL + "NamedIndividual", OWL + "Thing", RDFS + "Resource"}
_NO_FACETS = (TYPE, OWL, PROV, RDFS, SKOS, HS + "note")
"""Beginnings of properties by which nobody looks for a thing."""

Path = tuple[str, ...]
"""One property, or two: the second is one of the first one's value."""


@dataclass(frozen=True)
class Census:
    """What there is.

    things   their IRIs, in the order of the IRIs
    places   IRI -> its place among them
    classes  class -> the things that are of it, by statement or inference; those that a file gives, and our own
    wider    classes that also have instances which are not among the things
    parents  class -> its nearest superclasses among `classes`
    values   property -> value -> the things that have it, for properties that are stated at least as often as inferred
    """

    things: tuple[str, ...]
    places: dict[str, int]
    classes: dict[str, int]
    wider: frozenset[str]
    parents: dict[str, tuple[str, ...]]
    values: dict[str, dict[str, int]]

    @property
    def all(self) -> int:
        """The set of all things."""
        return (1 << len(self.things)) - 1

    def members(self, things: int) -> Iterator[int]:
        """The places of the things in a set, ascending."""
        for index, byte in enumerate(things.to_bytes(len(self.things) // 8 + 1, "little")):
            yield from (8 * index + bit for bit in range(8) if byte >> bit & 1) if byte else ()

    def names(self) -> dict[str, str]:
        """Local name -> property, of the properties that alone have it: short enough for an address."""
        found: dict[str, list[str]] = defaultdict(list)
        for property_ in self.values:
            found[local_name(property_)].append(property_)
        return {name: properties[0] for name, properties in found.items() if len(properties) == 1}

    def along(self, path: Path) -> dict[str, int]:
        """value -> the things that reach it by a path."""
        first = self.values.get(path[0], {})
        if len(path) == 1:
            return first
        found: dict[str, int] = defaultdict(int)
        for value, between in self.values.get(path[1], {}).items():
            for place in self.members(between):
                found[value] |= first.get(self.things[place], 0)
        return {value: things for value, things in found.items() if things}


def take(store: ox.Store, base: str) -> Census:
    """Count the things of a store: what has a class and an IRI under `id/` or `source/`, and is no claim or range."""
    of_class: dict[str, set[str]] = defaultdict(set)
    for quad in store.quads_for_pattern(None, ox.NamedNode(TYPE), None, _DEFAULT):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
            of_class[quad.object.value].add(quad.subject.value)
    hidden = set().union(*(of_class.pop(c, set()) for c in BOOKKEEPING))
    under = (base + "id/", base + "source/")
    seen = {iri for members in of_class.values() for iri in members if iri.startswith(under) and "#" not in iri}
    things = tuple(sorted(seen - hidden))
    places = {iri: place for place, iri in enumerate(things)}
    classes = {c: mask for c, m in of_class.items() if c not in _HIDDEN and (mask := _set(m, places))}
    stated, values = _statements(store, base, things)
    common = {p for p, by in values.items() if 2 * stated[p] >= sum(map(len, by.values()))}
    shown = {c: m for c, m in classes.items() if c in stated or c.startswith(base)}
    wider = frozenset(c for c, m in shown.items() if m.bit_count() != len(of_class[c]))
    masks = {p: {v: _set(who, places) for v, who in by.items()} for p, by in values.items() if p in common}
    return Census(things, places, shown, wider, _parents(store, shown), masks)


def _set(members: set[str], places: dict[str, int]) -> int:
    bits = bytearray(len(places) // 8 + 1)
    for iri in members:
        if (place := places.get(iri)) is not None:
            bits[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(bits, "little")


def _statements(
    store: ox.Store, base: str, things: tuple[str, ...]
) -> tuple[dict[str, int], dict[str, dict[str, set[str]]]]:
    """How often files use each class and property of the things, and property -> value -> who has it."""
    inferred = ox.NamedNode(base + "graph/inferred")
    unstated = {inferred, _DEFAULT} if next(iter(store.named_graphs()), None) else {inferred}
    stated: dict[str, int] = defaultdict(int)
    values: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for iri in things:
        for quad in store.quads_for_pattern(ox.NamedNode(iri), None, None, None):
            if not isinstance(quad.object, ox.NamedNode):
                continue
            predicate = quad.predicate.value
            if predicate != TYPE and not predicate.startswith(_NO_FACETS):
                values[predicate][quad.object.value].add(iri)
            if quad.graph_name not in unstated:
                stated[quad.object.value if predicate == TYPE else predicate] += 1
    return stated, values


def _parents(store: ox.Store, shown: dict[str, int]) -> dict[str, tuple[str, ...]]:
    above: dict[str, set[str]] = defaultdict(set)
    for quad in store.quads_for_pattern(None, ox.NamedNode(RDFS + "subClassOf"), None, _DEFAULT):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
            above[quad.subject.value].add(quad.object.value)

    def ancestors(class_: str, seen: set[str]) -> set[str]:
        for parent in above[class_] - seen:
            seen.add(parent)
            ancestors(parent, seen)
        return seen

    every = {c: {a for a in ancestors(c, set()) if a in shown and a != c} for c in shown}
    return {
        c: tuple(sorted(a for a in found if not any(a in every[b] for b in found - {a}))) for c, found in every.items()
    }
