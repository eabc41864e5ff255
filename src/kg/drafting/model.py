"""What a project says of its kinds of things: classes, which properties join them, and what the shapes require."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import Final

import pyoxigraph as ox

from kg.store import claims, release
from kg.store.lookup import text, texts, values
from kg.store.project import Project
from kg.store.rdf_io import Term
from kg.words.names import LABEL_PROPERTIES, OWL, RDF, RDFS, SKOS, TYPE

_BELOW: Final = RDFS + "subClassOf"
_LIST_END: Final = RDF + "nil"


class Model:
    """A project, to be asked about its kinds of things.

    store  ontology, data and shapes, in their graphs and united in the default graph
    """

    def __init__(self, store: ox.Store, base: str) -> None:
        self.store, self.base = store, base
        self._above: dict[str, frozenset[str]] = {}

    @classmethod
    def of(cls, project: Project) -> Model:
        base = project.settings.base
        return cls(release.stated(claims.expand(project.documents, base).quads), base)

    def classes(self, iri: str) -> frozenset[str]:
        """The classes of a thing and all above them."""
        return frozenset().union(*(self.above(c) for c in texts(self.store, iri, TYPE)))

    def above(self, class_: str) -> frozenset[str]:
        """The class and all classes above it."""
        if class_ not in self._above:
            found, new = {class_}, [class_]
            while new:
                new = [c for c in texts(self.store, new.pop(), _BELOW) if c not in found] + new
                found.update(new)
            self._above[class_] = frozenset(found)
        return self._above[class_]

    @cached_property
    def own_classes(self) -> frozenset[str]:
        """The classes that the project declares or gives to its things."""
        declared = {q.subject.value for q in self._quads(TYPE, OWL + "Class") if isinstance(q.subject, ox.NamedNode)}
        return frozenset(declared | set(self._class_counts))

    def below(self, *classes: str) -> frozenset[str]:
        """The classes of which these are above one."""
        return frozenset(c for c in self.own_classes if not self.above(c).isdisjoint(classes))

    def instances(self, class_: str) -> list[str]:
        """The things of a class or one below it, sorted."""
        return sorted({s for c in self.below(class_) for s in self._class_counts.get(c, ())})

    @cached_property
    def _class_counts(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for quad in self._quads(TYPE):
            if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(self.base):
                found.setdefault(getattr(quad.object, "value", ""), set()).add(quad.subject.value)
        return found

    def joins(self, subject: str, value: str) -> list[str]:
        """The properties by which things like the one lead to things like the other, the commonest first."""
        return self._joined(self.classes(subject), self.classes(value)) if subject != value else []

    def joins_of(self, class_: str, value: str) -> list[str]:
        """The same for a thing of a class."""
        return self._joined(self.above(class_), self.classes(value))

    def _joined(self, ours: frozenset[str], theirs: frozenset[str]) -> list[str]:
        counted: Counter[str] = Counter()
        for property_, ones, others in self._joins:
            if ones & ours and others & theirs:
                counted[property_] += 1
        return [p for p, _ in sorted(counted.items(), key=lambda c: (-c[1], c[0]))]

    @cached_property
    def links(self) -> list[tuple[str, str]]:
        """The property and the value of each link of a thing; those of claims are left out."""
        things = self.base + "id/"
        return [
            (q.predicate.value, q.object.value)
            for q in self._quads()
            if isinstance(q.subject, ox.NamedNode)
            and isinstance(q.object, ox.NamedNode)
            and q.subject.value.startswith(things)
            and not q.subject.value.startswith(things + "claim/")
        ]

    @cached_property
    def _joins(self) -> list[tuple[str, frozenset[str], frozenset[str]]]:
        """Each link between two things: its property, the stated classes of one end and of the other."""
        things = self.base + "id/"
        found: list[tuple[str, frozenset[str], frozenset[str]]] = []
        for quad in self._quads():
            s, o = getattr(quad.subject, "value", ""), getattr(quad.object, "value", "")
            joins = isinstance(quad.object, ox.NamedNode) and s.startswith(things) and o.startswith(things)
            if joins and not s.startswith(things + "claim/"):
                one, other = (frozenset(texts(self.store, e, TYPE)) for e in (s, o))
                found.append((quad.predicate.value, one, other))
        return found

    def domain(self, property_: str) -> frozenset[str]:
        """The classes of what has the property; none where the ontology does not say."""
        found: set[str] = set()
        for domain in values(self.store, property_, RDFS + "domain"):
            union = self.value(domain, OWL + "unionOf")
            found.update(t.value for t in (self.members(union) if union else [domain]) if isinstance(t, ox.NamedNode))
        return frozenset(found - {OWL + "Thing"})

    def range(self, property_: str) -> frozenset[str]:
        """The classes that the ontology gives the property's values."""
        return frozenset(self.objects(property_, RDFS + "range"))

    def datatype(self, property_: str) -> str:
        """The datatype that most values of the property have; empty where it has none."""
        values_ = (q.object for q in self._quads(property_) if isinstance(q.object, ox.Literal))
        return next((d for d, _ in Counter(v.datatype.value for v in values_).most_common(1)), "")

    def is_own(self, term: str) -> bool:
        """Whether it is a term of the project's own vocabulary."""
        return term.startswith(self.base)

    def takes(self, property_: str, iri: str) -> bool:
        """Whether a thing may have the property, by the property's domain."""
        domain = self.domain(property_)
        return not domain or not self.classes(iri).isdisjoint(domain)

    def name(self, iri: str, language: str = "en") -> str:
        """What a thing or a term is called: in the language, else in any; its address if it has no name."""
        for property_ in LABEL_PROPERTIES:
            named = [v for v in values(self.store, iri, property_) if isinstance(v, ox.Literal)]
            for name in (*(n for n in named if n.language == language), *named):
                return name.value
        return iri.removeprefix(self.base)

    def labels(self, iri: str, language: str) -> list[str]:
        """All names in a language, alternative ones too."""
        properties = (*LABEL_PROPERTIES, SKOS + "altLabel")
        named = (v for p in properties for v in values(self.store, iri, p))
        return list(dict.fromkeys(v.value for v in named if isinstance(v, ox.Literal) and v.language == language))

    def literals(self, iri: str, property_: str) -> list[ox.Literal]:
        return [v for v in values(self.store, iri, property_) if isinstance(v, ox.Literal)]

    def is_described(self, iri: str) -> bool:
        return (
            next(iter(self.store.quads_for_pattern(ox.NamedNode(iri), None, None, ox.DefaultGraph())), None) is not None
        )

    def value(self, node: Term, property_: str) -> Term | None:
        """The one value of a node, which may be blank."""
        found = self.store.quads_for_pattern(node, ox.NamedNode(property_), None, ox.DefaultGraph())  # type: ignore[arg-type]
        return next((q.object for q in found), None)

    def members(self, list_: Term | None) -> list[Term]:
        """The members of an RDF list."""
        found: list[Term] = []
        while list_ is not None and getattr(list_, "value", "") != _LIST_END and len(found) < 1000:
            first = self.value(list_, RDF + "first")
            found += [first] if first is not None else []
            list_ = self.value(list_, RDF + "rest")
        return found

    def says(self, subject: str, predicate: str, value: str) -> bool:
        return value in texts(self.store, subject, predicate)

    def objects(self, subject: str, predicate: str) -> list[str]:
        """The things that a thing leads to by a property."""
        return [v.value for v in values(self.store, subject, predicate) if isinstance(v, ox.NamedNode)]

    def first(self, subject: str, predicate: str) -> str:
        return text(self.store, subject, predicate)

    def _quads(self, predicate: str = "", value: str = "") -> Iterable[ox.Quad]:
        p, o = (ox.NamedNode(x) if x else None for x in (predicate, value))
        return self.store.quads_for_pattern(None, p, o, ox.DefaultGraph())
