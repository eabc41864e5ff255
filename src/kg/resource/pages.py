"""What the templates show: one context a template, nothing left for them to decide or look up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from kg.pages.values import Reader, Value
from kg.resource.describe import Backlink, Claim, Description, Fact, Range, describe
from kg.store.rdf_io import Term
from kg.words.names import RDF, RDFS, SH, SKOS

_DEFINITIONS = (SKOS + "definition", RDFS + "comment", SH + "description", SKOS + "scopeNote")
_TITLES = (SKOS + "prefLabel", RDFS + "label")


@dataclass(frozen=True)
class Quote:
    """A range of a source: where it stands and what it says (nothing if it is too long to quote)."""

    source: Value
    start: int
    end: int
    phrase: str
    language: str


@dataclass(frozen=True)
class Evidence:
    """Why a fact is here. `is_note` marks a name that no source gives: then `status` says whose it is."""

    href: str | None
    is_note: bool
    modality: Value | None
    status: Value | None
    quotes: tuple[Quote, ...]
    derived_from: tuple[Value, ...]
    said_by: tuple[Value, ...]
    comments: tuple[str, ...]


@dataclass(frozen=True)
class Statement:
    """A value of a property, the graphs that state it, and the evidence."""

    value: Value
    graphs: tuple[Value, ...]
    evidence: tuple[Evidence, ...]
    inferred: bool


@dataclass(frozen=True)
class Property:
    """A property and its values."""

    name: Value
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Pointing:
    """Things that point here by one property; `more` counts those not listed."""

    name: Value
    things: tuple[Value, ...]
    more: int


@dataclass(frozen=True)
class Cited:
    """A range of this source and the things that claims say it tells about."""

    anchor: str
    quote: Quote
    claims: tuple[tuple[Value, Value, Value], ...]


@dataclass(frozen=True)
class ThingPage:
    """Context of `thing.html`.

    names       the thing's name in the other languages
    kinds       its most specific classes
    stated      properties with what is stated; derived: what only follows from other statements
    pointing    what points here
    cited       for a source: its ranges in the order of the text
    """

    iri: str
    title: Value
    names: tuple[Value, ...]
    kinds: tuple[Value, ...]
    stated: tuple[Property, ...]
    derived: tuple[Property, ...]
    pointing: tuple[Pointing, ...]
    cited: tuple[Cited, ...]


@dataclass(frozen=True)
class Entry:
    """A thing in a list. `anchor` is its fragment where the list's page is its document."""

    thing: Value
    anchor: str
    definition: Value | None


@dataclass(frozen=True)
class Section:
    """Things of one class."""

    kind: Value
    entries: tuple[Entry, ...]


class Viewer:
    """Turns descriptions into page contexts for one reader."""

    def __init__(self, reader: Reader, inferred_graph: str) -> None:
        self.reader = reader
        self.thing = reader.thing
        self.value = reader.value
        self.inferred_graph = inferred_graph

    def page(self, description: Description, ranges: Iterable[tuple[Range, list[tuple[str, str, Term]]]]) -> ThingPage:
        """The page about a thing. `ranges` are, for a source document, its ranges with the triples claimed there."""
        iri = description.iri
        best = self.reader.labels.best(iri, self.reader.language)
        names = self.reader.labels.all(iri)
        stated, derived = self._properties(description.facts)
        return ThingPage(
            iri=iri,
            title=Value(best.text, language=best.language),
            names=tuple(Value(n, language=tag) for tag, n in names.items() if tag != best.language),
            kinds=tuple(self.thing(t) for t in self._most_specific(description)),
            stated=stated,
            derived=derived,
            pointing=tuple(self._pointing(b) for b in description.backlinks),
            cited=tuple(self._cited(r, triples) for r, triples in ranges),
        )

    def sections(self, store: ox.Store, iris: list[str]) -> tuple[Section, ...]:
        """Things of one graph under their classes, each with its definition: an ontology, a vocabulary, some data."""
        found: dict[str, list[Entry]] = defaultdict(list)
        for iri in iris:
            description = describe(store, iri, limit=0)
            kinds = self._most_specific(description)
            definition = self._definition(description)
            entry = Entry(self.thing(iri), iri.rpartition("#")[2] if "#" in iri else "", definition)
            found[kinds[0] if kinds else ""].append(entry)
        sections = (
            Section(self.thing(kind) if kind else Value("–"), tuple(sorted(e, key=lambda x: x.thing.text.casefold())))
            for kind, e in found.items()
        )
        return tuple(sorted(sections, key=lambda s: s.kind.text.casefold()))

    def _definition(self, description: Description) -> Value | None:
        texts = [self.value(f.value) for f in description.facts if f.predicate in _DEFINITIONS]
        texts.sort(key=lambda v: (v.language != self.reader.language, v.language != "en"))
        return texts[0] if texts else None

    def _properties(self, facts: tuple[Fact, ...]) -> tuple[tuple[Property, ...], tuple[Property, ...]]:
        stated: dict[str, list[Statement]] = defaultdict(list)
        derived: dict[str, list[Statement]] = defaultdict(list)
        for fact in facts:
            inferred = fact.graphs == (self.inferred_graph,)
            statement = Statement(
                self.value(fact.value),
                tuple(self.thing(g) for g in fact.graphs),
                tuple(self._evidence(c) for c in fact.claims),
                inferred,
            )
            (derived if inferred else stated)[fact.predicate].append(statement)

        def order(item: tuple[str, list[Statement]]) -> tuple[bool, bool, str]:
            predicate = item[0]
            return predicate != RDF + "type", predicate not in _TITLES, self.thing(predicate).text.casefold()

        return tuple(
            tuple(
                Property(self.thing(p), tuple(sorted(s, key=lambda x: x.value.text)))
                for p, s in sorted(d.items(), key=order)
            )
            for d in (stated, derived)
        )  # type: ignore[return-value]

    def _evidence(self, claim: Claim) -> Evidence:
        return Evidence(
            href=self.reader.address.link(claim.iri) if claim.iri else None,
            is_note=claim.is_note,
            modality=self.thing(claim.modality) if claim.modality else None,
            status=self.thing(claim.status) if claim.status else None,
            quotes=tuple(self._quote(r) for r in claim.ranges),
            derived_from=tuple(self._origin(iri) for iri in claim.derived_from),
            said_by=tuple(self.thing(iri) for iri in claim.attributed_to),
            comments=claim.comments,
        )

    def _origin(self, iri: str) -> Value:
        """A source that something was derived from: a range by its place, anything else by its name."""
        document, _, fragment = iri.partition("#char=")
        if not fragment:
            return self.thing(iri)
        label = self.reader.labels.best(document, self.reader.language)
        return Value(
            f"{label.text}, {fragment.replace(',', '–')}", self.reader.address.link(iri), False, label.language, iri=iri
        )

    def _quote(self, range_: Range) -> Quote:
        label = self.reader.labels.best(range_.source, self.reader.language)
        source = Value(label.text, self.reader.address.link(range_.iri), False, label.language, iri=range_.source)
        return Quote(source, range_.start, range_.end, " ".join(range_.phrase.split()), range_.language)

    def _pointing(self, backlink: Backlink) -> Pointing:
        things = sorted((self.thing(s) for s in backlink.subjects), key=lambda v: v.text.casefold())
        return Pointing(self.thing(backlink.predicate), tuple(things), backlink.count - len(backlink.subjects))

    def _cited(self, range_: Range, triples: list[tuple[str, str, Term]]) -> Cited:
        claims = tuple((self.thing(s), self.thing(p), self.value(o)) for s, p, o in triples)
        return Cited(range_.iri.partition("#")[2], self._quote(range_), claims)

    def _most_specific(self, description: Description) -> tuple[str, ...]:
        """The stated classes; what is only inferred is more general."""
        stated = tuple(
            f.value.value
            for f in description.facts
            if f.predicate == RDF + "type" and isinstance(f.value, ox.NamedNode) and f.graphs != (self.inferred_graph,)
        )
        return stated or description.types
