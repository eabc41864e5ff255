"""What `ontology.html` shows: the terms of the ontology, what they mean, and how the data uses them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import pyoxigraph as ox

from kg.pages import collation, usage
from kg.pages.curves import curve
from kg.pages.once import Once
from kg.pages.phrases import marked
from kg.pages.telling import DEFINITIONS, told
from kg.pages.usage import Usage
from kg.pages.values import Reader, Value
from kg.store.engine import Engine
from kg.store.lookup import text, texts
from kg.store.rdf_io import Term
from kg.words.names import DCTERMS, HS, OWL, RDF, RDFS, SKOS, TYPE

_DEFAULT = ox.DefaultGraph()
_MOST_ENTRIES, _MOST_CLASSES, _MOST_DRAWN = 300, 4, 20
_PROPERTIES = (OWL + "ObjectProperty", OWL + "DatatypeProperty", OWL + "AnnotationProperty", RDF + "Property")
_KINDS = {
    OWL + "Class": marked("Classes"),
    RDFS + "Class": marked("Classes"),
    OWL + "ObjectProperty": marked("Properties that lead to things"),
    OWL + "DatatypeProperty": marked("Properties that hold values"),
    OWL + "AnnotationProperty": marked("Annotations"),
    RDF + "Property": marked("Properties"),
    OWL + "NamedIndividual": marked("Individuals"),
}
_RELATIONS = (
    RDFS + "subClassOf", RDFS + "subPropertyOf", RDFS + "domain", RDFS + "range", OWL + "inverseOf", SKOS + "broader",
    OWL + "disjointWith", OWL + "equivalentClass", OWL + "equivalentProperty", SKOS + "exactMatch", SKOS + "closeMatch",
)  # fmt: skip
_BOOKKEEPING = (HS + "Claim", HS + "LabelNote", RDF)


@dataclass(frozen=True)
class Entry:
    """A term.

    anchor    its fragment on this page
    short     its CURIE, else its fragment
    names     in other languages
    relations (property, values) that the ontology states of it
    times, things  how often it is used, and by how many things; list_href leads to them where there is a list
    by        (class or property, how often) that use it; values: what its values are
    examples  things that use it
    """

    term: Value
    anchor: str
    short: str
    definition: Value | None
    comment: Value | None
    names: tuple[Value, ...]
    relations: tuple[tuple[Value, tuple[Value, ...]], ...]
    times: int
    things: int
    list_href: str
    by: tuple[tuple[Value, int], ...]
    values: tuple[tuple[Value, int], ...]
    examples: tuple[Value, ...]


@dataclass(frozen=True)
class Section:
    """Terms of one kind, or the concepts of one vocabulary, which has a name and a definition of its own.

    heading  phrase key; empty for a vocabulary
    entries  the first of `count`
    """

    id: str
    heading: str
    scheme: Value | None
    definition: Value | None
    entries: tuple[Entry, ...]
    count: int


@dataclass(frozen=True)
class Branch:
    """A class in the tree of our own classes, with how many things are of it."""

    term: Value
    depth: int
    count: int


@dataclass(frozen=True)
class Map:
    """The properties that the data uses most, between the classes that have them and those that they lead to.

    before, after  SVG paths from the classes to the properties, and from these to the classes of their values
    """

    left: tuple[Value, ...]
    properties: tuple[Value, ...]
    right: tuple[Value, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class OntologyPage:
    """Context `page` of `ontology.html`.

    version    empty where it names none
    reused     terms of other vocabularies
    """

    iri: str
    title: Value
    version: str
    definition: Value | None
    tree: tuple[Branch, ...]
    map: Map | None
    sections: tuple[Section, ...]
    reused: tuple[Value, ...]
    triples: int


class Documentation:
    """Documents the ontology in one graph of a store.

    engine  counts the usage; once: keeps what does not depend on the reader
    """

    def __init__(self, store: ox.Store, engine: Engine, base: str, graph: str, once: Once) -> None:
        self._store, self._engine, self._base, self._once = store, engine, base, once
        self._graph = ox.NamedNode(graph)
        self._terms = once.get(("terms", graph), self._read)
        self._above = once.get("superclasses", self._superclasses)

    def page(self, iri: str, triples: int, reader: Reader) -> OntologyPage:
        """The page about the ontology of that IRI."""
        used = self._once.get(("usage", iri), self._count)
        sections = [
            self._section(kind, heading, self._terms[kind], used, reader)
            for kind, heading in _KINDS.items()
            if self._terms.get(kind)
        ]
        schemes = sorted(
            (k for k in self._terms if k not in _KINDS and k), key=lambda s: collation.key(reader.thing(s).text)
        )
        sections += [self._section(scheme, "", self._terms[scheme], used, reader) for scheme in schemes]
        title = replace(reader.thing(iri), href=None)
        return OntologyPage(
            iri=iri,
            title=title,
            version=text(self._store, iri, OWL + "versionInfo"),
            definition=told(self._store, reader, iri, DCTERMS + "description", DCTERMS + "abstract", RDFS + "comment"),
            tree=tuple(self._tree(used, reader)),
            map=self._map(used, reader),
            sections=tuple(sections),
            reused=self._by_name(self._terms.get("", []), reader),
            triples=triples,
        )

    def _read(self) -> dict[str, list[str]]:
        """Kind of term, or vocabulary -> its terms; under the empty string those of other vocabularies."""
        found: dict[str, list[str]] = defaultdict(list)
        kinds: dict[str, set[str]] = defaultdict(set)
        for quad in self._store.quads_for_pattern(None, ox.NamedNode(TYPE), None, self._graph):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                kinds[quad.subject.value].add(quad.object.value)
        for iri, types in sorted(kinds.items()):
            schemes = texts(self._store, iri, SKOS + "inScheme")
            if SKOS + "Concept" in types and schemes:
                found[schemes[0]].append(iri)
            elif kind := next((k for k in _KINDS if k in types), ""):
                found[kind if iri.startswith(self._base) else ""].append(iri)
        return dict(found)

    def _superclasses(self) -> dict[str, set[str]]:
        """class -> all its superclasses."""
        direct: dict[str, set[str]] = defaultdict(set)
        for quad in self._store.quads_for_pattern(None, ox.NamedNode(RDFS + "subClassOf"), None, _DEFAULT):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                direct[quad.subject.value].add(quad.object.value)

        def climb(class_: str, seen: set[str]) -> set[str]:
            for parent in direct.get(class_, set()) - seen:
                seen.add(parent)
                climb(parent, seen)
            return seen

        return {class_: climb(class_, set()) - {class_} for class_ in list(direct)}

    def _count(self) -> dict[str, Usage]:
        properties = [t for kind in _PROPERTIES for t in self._terms.get(kind, [])]
        classes = self._terms.get(OWL + "Class", []) + self._terms.get(RDFS + "Class", [])
        others = [
            t for k, terms in self._terms.items() if k not in _KINDS or k == OWL + "NamedIndividual" for t in terms
        ]
        return {
            **usage.of_properties(self._engine, properties),
            **usage.of_classes(self._engine, classes),
            **usage.of_concepts(self._engine, [t for t in others if t.startswith(self._base)]),
        }

    def _section(self, kind: str, heading: str, terms: list[str], used: dict[str, Usage], reader: Reader) -> Section:
        ordered = sorted(terms, key=lambda t: collation.key(reader.thing(t).text))[:_MOST_ENTRIES]
        entries = tuple(self._entry(t, kind, used.get(t, Usage()), reader) for t in ordered)
        id_ = kind.rpartition("#")[2].rpartition("/")[2]
        if heading:
            return Section(f"terms-{id_}", heading, None, None, entries, len(terms))
        return Section(
            f"vocabulary-{id_}",
            "",
            reader.thing(kind),
            told(self._store, reader, kind, *DEFINITIONS),
            entries,
            len(terms),
        )

    def _entry(self, iri: str, kind: str, used: Usage, reader: Reader) -> Entry:
        term = reader.thing(iri)
        anchor = iri.rpartition("#")[2] if "#" in iri else ""
        is_class = kind in (OWL + "Class", RDFS + "Class")
        names = reader.labels.all(iri)
        ours = (self._base + "id/", self._base + "source/")
        listed = not iri.startswith(_BOOKKEEPING) and any(e.startswith(ours) for e in used.examples)
        return Entry(
            term=term,
            anchor=anchor,
            short=term.short if term.short != iri else f"#{anchor}" if anchor else "",
            definition=told(self._store, reader, iri, *DEFINITIONS),
            comment=self._comment(iri, reader),
            names=tuple(Value(name, language=tag) for tag, name in names.items() if tag != term.language),
            relations=tuple(self._relations(iri, reader)),
            times=used.times,
            things=used.things,
            list_href=reader.address.page("browse", **{"class": self._short(iri)}) if is_class and listed else "",
            by=self._counted(used.by, reader),
            values=self._counted(used.values, reader),
            examples=tuple(map(reader.thing, used.examples)),
        )

    def _comment(self, iri: str, reader: Reader) -> Value | None:
        """What is said beside the definition."""
        comment = told(self._store, reader, iri, RDFS + "comment", SKOS + "scopeNote")
        definition = told(self._store, reader, iri, *DEFINITIONS)
        return None if definition and comment and comment.text == definition.text else comment

    def _counted(self, counts: dict[str, int], reader: Reader) -> tuple[tuple[Value, int], ...]:
        return tuple((reader.thing(c), counts[c]) for c in usage.mains(counts, self._above, _MOST_CLASSES))

    def _relations(self, iri: str, reader: Reader) -> Iterator[tuple[Value, tuple[Value, ...]]]:
        for property_ in _RELATIONS:
            node = ox.NamedNode(iri)
            quads = self._store.quads_for_pattern(node, ox.NamedNode(property_), None, self._graph)
            values = [v for term in sorted((q.object for q in quads), key=str) for v in self._told(term, reader)]
            if values:
                yield reader.thing(property_), tuple(values)

    def _told(self, term: Term, reader: Reader) -> list[Value]:
        """A term by name; `owl:unionOf` as its members; nothing for other blank nodes."""
        if not isinstance(term, ox.BlankNode):
            return [reader.value(term)]
        members: list[Value] = []
        rest = self._object(term, OWL + "unionOf")
        while isinstance(rest, ox.BlankNode):
            member = self._object(rest, RDF + "first")
            members += [reader.value(member)] if isinstance(member, ox.NamedNode) else []
            rest = self._object(rest, RDF + "rest")
        return members

    def _object(self, subject: ox.BlankNode, predicate: str) -> Term | None:
        quads = self._store.quads_for_pattern(subject, ox.NamedNode(predicate), None, self._graph)
        return next((q.object for q in quads), None)

    def _tree(self, used: dict[str, Usage], reader: Reader) -> Iterator[Branch]:
        own = self._terms.get(OWL + "Class", []) + self._terms.get(RDFS + "Class", [])
        below: dict[str, list[str]] = defaultdict(list)
        for class_ in own:
            above = self._above.get(class_, set()) & set(own)
            nearest = sorted(a for a in above if not any(a in self._above.get(b, ()) for b in above - {a}))
            below[nearest[0] if nearest else ""].append(class_)

        def grow(class_: str, depth: int) -> Iterator[Branch]:
            for child in self._by_name(below[class_], reader):
                yield Branch(child, depth, used[child.iri].times if child.iri in used else 0)
                yield from grow(child.iri, depth + 1)

        return grow("", 0)

    def _map(self, used: dict[str, Usage], reader: Reader) -> Map | None:
        """The properties that are used most and lead from one of the shown classes to another."""
        drawn: list[tuple[str, str, str]] = []
        inverse: set[str] = set()
        candidates = self._terms.get(OWL + "ObjectProperty", []) + self._terms.get(RDF + "Property", [])
        for property_ in sorted(candidates, key=lambda p: (-used[p].times if p in used else 0, p)):
            domain = self._end(property_, RDFS + "domain", used[property_].by if property_ in used else {})
            range_ = self._end(property_, RDFS + "range", used[property_].values if property_ in used else {})
            hidden = domain.startswith(_BOOKKEEPING) or property_ in inverse
            if domain and range_ and not hidden and len(drawn) < _MOST_DRAWN:
                drawn.append((domain, property_, range_))
                inverse.update(texts(self._store, property_, OWL + "inverseOf"))
        if not drawn:
            return None
        left = list(dict.fromkeys(d for d, _, _ in drawn))
        drawn.sort(key=lambda d: left.index(d[0]))
        places: dict[str, list[int]] = defaultdict(list)
        for place, (_, _, range_) in enumerate(drawn):
            places[range_].append(place)
        right = sorted(places, key=lambda r: sum(places[r]) / len(places[r]))
        n = len(drawn)
        return Map(
            tuple(map(reader.thing, left)),
            tuple(reader.thing(p) for _, p, _ in drawn),
            tuple(map(reader.thing, right)),
            tuple(curve(left.index(d), len(left), i, n) for i, (d, _, _) in enumerate(drawn)),
            tuple(curve(i, n, right.index(r), len(right)) for i, (_, _, r) in enumerate(drawn)),
        )

    def _end(self, property_: str, says: str, counts: dict[str, int]) -> str:
        """The class that the ontology names for an end of a property, else the one that the data has there most."""
        declared = [t for t in texts(self._store, property_, says) if t.startswith(("http://", "https://"))]
        own = [t for t in declared if t.startswith(self._base)] or declared
        ours = {c: n for c, n in counts.items() if c.startswith(self._base)} or counts
        return own[0] if own else next(iter(usage.mains(ours, self._above, 1)), "")

    def _by_name(self, iris: Iterable[str], reader: Reader) -> tuple[Value, ...]:
        return tuple(sorted(map(reader.thing, iris), key=lambda v: collation.key(v.text)))

    def _short(self, iri: str) -> str:
        from kg.store.parameters import short

        return short(ox.NamedNode(iri), self._base)
