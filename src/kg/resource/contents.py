"""What `graph.html` shows: the things of one graph in sections, be it the ontology, the shapes or some data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pyoxigraph as ox

from kg.pages import collation
from kg.pages.values import Value
from kg.resource.describe import Description, describe
from kg.resource.pages import Viewer
from kg.store.rdf_io import Term
from kg.words.names import HS, OWL, RDF, RDFS, SCHEMA, SH, SKOS

_REUSED = "reused"
_HEADINGS = {
    OWL + "Ontology": "About",
    OWL + "Class": "Classes",
    OWL + "ObjectProperty": "Properties that lead to things",
    OWL + "DatatypeProperty": "Properties that hold values",
    OWL + "AnnotationProperty": "Annotations",
    SCHEMA + "StatisticalVariable": "Measures",
    SKOS + "ConceptScheme": "Vocabularies",
    SH + "NodeShape": "Shapes of things",
    SH + "PropertyShape": "Shapes of properties",
    SH + "SPARQLConstraint": "Rules in SPARQL",
    SH + "PropertyGroup": "Groups of properties",
    SH + "PrefixDeclaration": "Prefixes",
    _REUSED: "Terms of other vocabularies",
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
    names    in the other languages
    remarks  what else the list says of it: a property and its values
    """

    thing: Value
    anchor: str
    definition: Value | None
    names: tuple[Value, ...] = ()
    remarks: tuple[tuple[Value, tuple[Value, ...]], ...] = ()


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


class Contents:
    """Turns the things of one graph into sections: an ontology, the shapes, some data.

    limit  things listed in a section; the rest are counted
    """

    def __init__(self, viewer: Viewer, store: ox.Store, *, limit: int = 200) -> None:
        self._viewer = viewer
        self._store = store
        self._limit = limit

    def sections(self, iris: list[str]) -> tuple[Section, ...]:
        """The sections, those of an ontology or of shapes in the order of reading, the others by name."""
        groups: dict[str, list[Description]] = defaultdict(list)
        for iri in iris:
            description = describe(self._store, iri, limit=0)
            groups[self._group(description)].append(description)
        thing = self._viewer.thing

        def section(group: str, members: list[Description]) -> Section:
            entries = sorted((self._entry(d) for d in members), key=lambda e: collation.key(e.thing.text))
            kind = Value("") if group in (_REUSED, "") else thing(group)
            return Section(kind, _HEADINGS.get(group, ""), tuple(entries[: self._limit]), len(entries))

        def order(group: str) -> tuple[int, tuple[str, str]]:
            rank = _READING_ORDER.index(group) if group in _READING_ORDER else len(_READING_ORDER)
            return rank + (group == _REUSED), collation.key(thing(group).text if group else "")

        return tuple(section(g, groups[g]) for g in sorted(groups, key=order))

    def _group(self, description: Description) -> str:
        """A concept stands under its vocabulary, a reused term under that heading, the rest under its main class."""
        for fact in description.facts:
            if fact.predicate == SKOS + "inScheme" and isinstance(fact.value, ox.NamedNode):
                return fact.value.value
        kinds = self._viewer.most_specific(description)
        main = next((k for k in kinds if k not in _SECONDARY), next(iter(kinds), ""))
        foreign = not description.iri.startswith(self._viewer.reader.address.base)
        return _REUSED if foreign and main.startswith(OWL) else main

    def _entry(self, description: Description) -> Entry:
        viewer, iri = self._viewer, description.iri
        thing = replace(viewer.thing(iri), text=viewer.title(description).text)
        anchor = iri.rpartition("#")[2] if "#" in iri else ""
        if iri.startswith(viewer.reader.address.base + "id/"):
            return Entry(thing, anchor, None)
        names = viewer.reader.labels.all(iri)
        others = tuple(Value(n, language=tag) for tag, n in names.items() if tag != thing.language)
        return Entry(thing, anchor, viewer.definition(description), others, tuple(self._remarks(description)))

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
