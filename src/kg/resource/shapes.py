"""How the shapes tell the properties of a thing: by which name, in which group, in which order, how many values.

Source: SHACL, sections 2.1.3 (targets), 2.3.2 (non-validating characteristics) and 4.2.2 (sh:maxCount).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import pyoxigraph as ox

from kg.store.rdf_io import Term
from kg.words.names import OWL, RDF, RDFS, SH, TYPE

_DEFAULT = ox.DefaultGraph()
_CLASSES = {OWL + "Class", RDFS + "Class"}
_LAST = float("inf")


@dataclass(frozen=True)
class Telling:
    """How one property shape tells a property.

    path    the property
    names   language -> the property's name in this target
    group   IRI of its group, empty for none; group_order and order are infinite where the shape gives none
    single  it has one value at most
    direct  the path is the property itself, not a choice of which it is a part
    """

    path: str
    names: Mapping[str, str]
    group: str
    group_order: float
    order: float
    single: bool
    direct: bool

    @property
    def rank(self) -> tuple[float, str, float]:
        """Where the property stands."""
        return self.group_order, self.group, self.order


@dataclass(frozen=True)
class Shapes:
    """The tellings by what they target: the things of a class, those that have a property, single things.

    functional  properties that have one value at most wherever they stand
    ancestors   class -> all classes above it
    """

    of_class: Mapping[str, tuple[Telling, ...]]
    of_subjects: Mapping[str, tuple[Telling, ...]]
    of_node: Mapping[str, tuple[Telling, ...]]
    functional: frozenset[str]
    ancestors: Mapping[str, frozenset[str]]

    def tell(self, iri: str, types: Collection[str], predicates: Collection[str]) -> dict[str, Telling]:
        """Property -> how it is told of a thing with these classes and properties.

        Of several shapes for a property the first in their order tells it; names and counts may come from others.
        """
        classes = {c for t in types for c in (t, *self.ancestors.get(t, ()))}
        found: dict[str, list[Telling]] = defaultdict(list)
        for targeted, keys in ((self.of_node, {iri}), (self.of_class, classes), (self.of_subjects, predicates)):
            for key in keys:
                for telling in targeted.get(key, ()):
                    found[telling.path].append(telling)
        return {path: _merged(tellings) for path, tellings in found.items()}


def read(store: ox.Store) -> Shapes:
    """All that the store's shapes and ontology say about telling. Deactivated shapes say nothing."""
    return _Reading(store).shapes()


def _merged(tellings: list[Telling]) -> Telling:
    ordered = sorted(tellings, key=lambda t: (not t.direct, t.rank, sorted(t.names.items())))
    names = next((t.names for t in ordered if t.names), {})
    return replace(ordered[0], names=names, single=any(t.single for t in ordered))


class _Reading:
    """Blank nodes are as good as named shapes, so terms are handed on, not IRIs."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        true = {"true", "1"}
        self._off = {s for s, o in self._pairs(SH + "deactivated") if isinstance(o, ox.Literal) and o.value in true}

    def shapes(self) -> Shapes:
        functional = self._instances(OWL + "FunctionalProperty")
        return Shapes(
            of_class=self._targeted([*self._targets("targetClass"), *self._implicit()]),
            of_subjects=self._targeted(self._targets("targetSubjectsOf")),
            of_node=self._targeted(self._targets("targetNode")),
            functional=frozenset(p.value for p in functional if isinstance(p, ox.NamedNode)),
            ancestors=self._ancestors(),
        )

    def _targeted(self, targets: Iterable[tuple[str, Term]]) -> dict[str, tuple[Telling, ...]]:
        found: dict[str, list[Telling]] = defaultdict(list)
        for target, shape in targets:
            found[target] += self._tellings(shape, set())
        return {target: tuple(tellings) for target, tellings in found.items() if tellings}

    def _targets(self, kind: str) -> Iterator[tuple[str, Term]]:
        return ((target.value, shape) for shape, target in self._pairs(SH + kind) if isinstance(target, ox.NamedNode))

    def _implicit(self) -> Iterator[tuple[str, Term]]:
        """Shapes that are classes target their own instances."""
        for shape in self._instances(SH + "NodeShape"):
            types = {t.value for t in self._objects(shape, TYPE) if isinstance(t, ox.NamedNode)}
            if isinstance(shape, ox.NamedNode) and types & _CLASSES:
                yield shape.value, shape

    def _tellings(self, shape: Term, seen: set[Term]) -> Iterator[Telling]:
        """Those of a property shape, or of the property shapes that a node shape has, also through sh:node."""
        if shape in seen or shape in self._off:
            return
        seen.add(shape)
        if path := self._objects(shape, SH + "path"):
            yield from self._property(shape, path[0])
            return
        for name in ("property", "node"):
            for part in self._objects(shape, SH + name):
                yield from self._tellings(part, seen)

    def _property(self, shape: Term, path: Term) -> Iterator[Telling]:
        direct = isinstance(path, ox.NamedNode)
        names = {o.language or "": o.value for o in self._objects(shape, SH + "name") if isinstance(o, ox.Literal)}
        group = next((o for o in self._objects(shape, SH + "group") if isinstance(o, ox.NamedNode)), None)
        telling = Telling(
            path="",
            names=names if direct else {},
            group=group.value if group else "",
            group_order=self._number(group, "order") if group else _LAST,
            order=self._number(shape, "order"),
            single=direct and self._number(shape, "maxCount") == 1,
            direct=direct,
        )
        for property_ in (path,) if direct else self._choices(path):
            if isinstance(property_, ox.NamedNode):
                yield replace(telling, path=property_.value)

    def _choices(self, path: Term) -> Iterator[Term]:
        rests = self._objects(path, SH + "alternativePath")
        while rests and isinstance(rests[0], ox.BlankNode):
            yield from self._objects(rests[0], RDF + "first")
            rests = self._objects(rests[0], RDF + "rest")

    def _number(self, shape: Term, name: str) -> float:
        try:
            return min(float(o.value) for o in self._objects(shape, SH + name) if isinstance(o, ox.Literal))
        except ValueError:
            return _LAST

    def _ancestors(self) -> dict[str, frozenset[str]]:
        parents: dict[str, set[str]] = defaultdict(set)
        for class_, parent in self._pairs(RDFS + "subClassOf"):
            if isinstance(class_, ox.NamedNode) and isinstance(parent, ox.NamedNode):
                parents[class_.value].add(parent.value)

        def above(class_: str) -> frozenset[str]:
            found: set[str] = set()
            todo = [class_]
            while todo:
                new = parents.get(todo.pop(), set()) - found
                found |= new
                todo += new
            return frozenset(found)

        return {class_: above(class_) for class_ in list(parents)}

    def _instances(self, class_: str) -> list[Term]:
        quads = self._store.quads_for_pattern(None, ox.NamedNode(TYPE), ox.NamedNode(class_), _DEFAULT)
        return [q.subject for q in quads]

    def _pairs(self, predicate: str) -> list[tuple[Term, Term]]:
        quads = self._store.quads_for_pattern(None, ox.NamedNode(predicate), None, _DEFAULT)
        return [(q.subject, q.object) for q in quads]

    def _objects(self, subject: Term, predicate: str) -> list[Term]:
        if not isinstance(subject, ox.NamedNode | ox.BlankNode):
            return []
        quads = self._store.quads_for_pattern(subject, ox.NamedNode(predicate), None, _DEFAULT)
        return sorted((q.object for q in quads), key=str)
