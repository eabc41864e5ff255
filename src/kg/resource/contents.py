"""What `graph.html` shows: the things of one graph in sections, be it the ontology, the shapes or some data."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from heapq import nsmallest

import pyoxigraph as ox

from kg.pages import collation
from kg.pages.once import Once
from kg.pages.phrases import marked
from kg.pages.values import Value
from kg.resource.describe import Description, describe
from kg.resource.incoming import MANY
from kg.resource.viewer import Viewer
from kg.store.lookup import text
from kg.store.rdf_io import Term
from kg.words.names import HS, OWL, RDF, RDFS, SCHEMA, SH, SKOS

_REUSED = "reused"
_HEADINGS = {
    OWL + "Class": marked("Classes"),
    OWL + "ObjectProperty": marked("Properties that lead to things"),
    OWL + "DatatypeProperty": marked("Properties that hold values"),
    OWL + "AnnotationProperty": marked("Annotations"),
    SCHEMA + "StatisticalVariable": marked("Measures"),
    SKOS + "ConceptScheme": marked("Vocabularies"),
    SH + "NodeShape": marked("Shapes of things"),
    SH + "PropertyShape": marked("Shapes of properties"),
    SH + "SPARQLConstraint": marked("Rules in SPARQL"),
    SH + "PropertyGroup": marked("Groups of properties"),
    SH + "PrefixDeclaration": marked("Prefixes"),
    _REUSED: marked("Terms of other vocabularies"),
}
_READING_ORDER = tuple(_HEADINGS)[:-1]
_SECONDARY = (OWL + "FunctionalProperty", OWL + "SymmetricProperty", OWL + "NamedIndividual", HS + "LabelNote")
_REMARKED = (
    RDFS + "subClassOf", RDFS + "subPropertyOf", RDFS + "domain", RDFS + "range", OWL + "inverseOf", SKOS + "broader",
    SKOS + "exactMatch", SH + "targetClass", SH + "path", SH + "message",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """A thing in a list.

    anchor   its fragment where the list's page is its document
    short    its IRI for people who write queries or shapes; empty for things with a page of their own
    names    in the other languages
    remarks  what else the list says of it: a property and its values
    members  for a class: how many things are of it, which query_href asks for
    """

    thing: Value
    anchor: str = ""
    short: str = ""
    definition: Value | None = None
    names: tuple[Value, ...] = ()
    remarks: tuple[tuple[Value, tuple[Value, ...]], ...] = ()
    members: int = 0
    query_href: str = ""

    @property
    def is_bare(self) -> bool:
        """Nothing but a link."""
        return not (self.definition or self.remarks)


@dataclass(frozen=True)
class Section:
    """Things of one class, or the concepts of one vocabulary.

    heading  key of a phrase that names the section better than its class does; empty where none does
    entries  the first of `count`
    """

    kind: Value
    heading: str
    entries: tuple[Entry, ...]
    count: int

    @property
    def is_bare(self) -> bool:
        """Nothing but links."""
        return all(e.is_bare for e in self.entries)


@dataclass(frozen=True)
class GraphPage:
    """Context `page` of `graph.html`.

    title, names, definition  of the graph, or of the ontology that it holds
    kinds      its classes, none for a graph of data
    triples    how many it has
    """

    iri: str
    title: Value
    names: tuple[Value, ...]
    kinds: tuple[Value, ...]
    definition: Value | None
    triples: int
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class _Found:
    """What a graph holds: how many triples, and its things by group, each with how many there are and some of them."""

    triples: int
    groups: dict[str, tuple[int, list[str]]]


class Contents:
    """Turns the things of one graph into a page: an ontology, the shapes, some data.

    limit  things listed in a section; the rest are counted
    """

    def __init__(self, viewer: Viewer, once: Once, *, limit: int = 200) -> None:
        self._viewer = viewer
        self._store = viewer.store
        self._once = once
        self._limit = limit
        self._members = once.get("members", lambda: _members(viewer.store))

    def page(self, iri: str, graph: ox.NamedNode) -> GraphPage:
        """The page about a graph. `iri` is the graph's, or that of the ontology which the page is about."""
        found = self._once.get(("contents", graph.value), lambda: self._read(graph))
        sections = self._sections(iri, found)
        title = replace(self._viewer.thing(iri), href=None)
        if next(iter(self._store.quads_for_pattern(ox.NamedNode(iri), None, None, graph)), None) is None:
            return GraphPage(iri, title, (), (), None, found.triples, sections)
        description = describe(self._store, iri)
        kinds = tuple(map(self._viewer.thing, self._viewer.most_specific(description)))
        definition = self._viewer.definition(description)
        return GraphPage(iri, title, self._other_names(title), kinds, definition, found.triples, sections)

    def _read(self, graph: ox.NamedNode) -> _Found:
        """Of groups too large to be sorted by name only the first things by IRI are kept."""
        quads = Counter(q.subject for q in self._store.quads_for_pattern(None, None, None, graph))
        groups: dict[str, list[str]] = defaultdict(list)
        for subject in quads:
            if isinstance(subject, ox.NamedNode):
                groups[self._group(subject.value)].append(subject.value)
        return _Found(
            quads.total(),
            {
                group: (len(iris), sorted(iris) if len(iris) <= MANY else nsmallest(self._limit, iris))
                for group, iris in groups.items()
            },
        )

    def _sections(self, own: str, found: _Found) -> tuple[Section, ...]:
        """Those of an ontology or of shapes in the order of reading, the others by name."""
        sections = []
        for group, (count, iris) in found.groups.items():
            others = [iri for iri in iris if iri != own]
            if others:
                sections.append((group, self._section(group, others, count - (own in iris))))

        def order(item: tuple[str, Section]) -> tuple[int, tuple[str, str]]:
            group, section = item
            rank = _READING_ORDER.index(group) if group in _READING_ORDER else len(_READING_ORDER)
            return rank + (group == _REUSED), collation.key(section.kind.text)

        return tuple(section for _, section in sorted(sections, key=order))

    def _section(self, group: str, iris: list[str], count: int) -> Section:
        kind = Value("") if group in ("", _REUSED) else self._viewer.thing(group)
        shown = sorted(iris, key=lambda iri: collation.key(self._viewer.thing(iri).text))[: self._limit]
        return Section(kind, _HEADINGS.get(group, ""), tuple(map(self._entry, shown)), count)

    def _group(self, iri: str) -> str:
        """A concept stands under its vocabulary, a reused term under that heading, the rest under its main class."""
        if scheme := text(self._store, iri, SKOS + "inScheme"):
            return scheme
        kinds = self._viewer.kinds(iri)
        main = next((k for k in kinds if k not in _SECONDARY), next(iter(kinds), ""))
        foreign = not iri.startswith(self._viewer.base)
        return _REUSED if foreign and main.startswith(OWL) else main

    def _entry(self, iri: str) -> Entry:
        viewer = self._viewer
        thing = viewer.thing(iri)
        if iri.startswith(viewer.base + "id/"):
            return Entry(thing)
        description = describe(self._store, iri)
        anchor = iri.rpartition("#")[2] if "#" in iri else ""
        return Entry(
            thing=thing,
            anchor=anchor,
            short=_short(thing, anchor),
            definition=viewer.definition(description),
            names=self._other_names(thing),
            remarks=tuple(self._remarks(description)),
            members=self._members.get(iri, 0),
            query_href=viewer.reader.address.query(f"SELECT ?thing\nWHERE {{ ?thing a <{iri}> }}\nORDER BY ?thing"),
        )

    def _other_names(self, thing: Value) -> tuple[Value, ...]:
        names = self._viewer.reader.labels.all(thing.iri)
        return tuple(Value(text, language=tag) for tag, text in names.items() if tag != thing.language)

    def _remarks(self, description: Description) -> Iterator[tuple[Value, tuple[Value, ...]]]:
        for predicate in _REMARKED:
            facts = [
                f for f in description.facts if f.predicate == predicate and f.graphs != (self._viewer.inferred_graph,)
            ]
            values = [v for f in facts for v in self._told(f.value)]
            if values:
                yield self._viewer.thing(predicate), tuple(values)

    def _told(self, term: Term) -> list[Value]:
        """A term by name; `owl:unionOf` as its members; nothing for other blank nodes."""
        if not isinstance(term, ox.BlankNode):
            return [self._viewer.value(term)]
        members, rest = [], self._object(term, OWL + "unionOf")
        while isinstance(rest, ox.BlankNode):
            member = self._object(rest, RDF + "first")
            members += [self._viewer.value(member)] if isinstance(member, ox.NamedNode) else []
            rest = self._object(rest, RDF + "rest")
        return members

    def _object(self, subject: ox.BlankNode, predicate: str) -> Term | None:
        quads = self._store.quads_for_pattern(subject, ox.NamedNode(predicate), None, ox.DefaultGraph())
        return next((q.object for q in quads), None)


def _members(store: ox.Store) -> dict[str, int]:
    """Class -> how many things are of it."""
    rows = store.query("SELECT ?class (COUNT(*) AS ?count) { ?thing a ?class } GROUP BY ?class")
    return {r["class"].value: int(r["count"].value) for r in rows}  # type: ignore[union-attr]


def _short(thing: Value, anchor: str) -> str:
    """The CURIE, else the fragment; nothing that the entry shows already."""
    if thing.short == thing.iri:
        return f"#{anchor}" if anchor else ""
    return "" if thing.short == thing.text else thing.short
