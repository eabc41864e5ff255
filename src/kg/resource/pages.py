"""What `thing.html` shows: its context, with nothing left for the template to decide or look up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import pyoxigraph as ox

from kg.pages import collation
from kg.pages.readable import readable
from kg.pages.values import Reader, Value
from kg.resource.describe import Backlink, Claim, Description, Fact, Range
from kg.resource.schema_org import schema_org
from kg.store.rdf_io import Term
from kg.words.names import DCTERMS, HS, LABEL_PROPERTIES, NIF, PROV, RDF, RDFS, SCHEMA, SH, SKOS, TYPE

_DEFINITIONS = (SKOS + "definition", DCTERMS + "description", SH + "description", RDFS + "comment", SKOS + "scopeNote")
_NAMES = (SKOS + "prefLabel", RDFS + "label")
_ALL_NAMES = (*LABEL_PROPERTIES, SKOS + "altLabel")
_FIRST = (TYPE, RDF + "subject", RDF + "predicate", RDF + "object", PROV + "wasQuotedFrom", *_DEFINITIONS)
_REMARKS = (HS + "note", HS + "openQuestion")
_PLAIN, _DERIVED, _EXACT = "modality/asserted", "modality/derived", "qualifier/exact"
_LENGTH = HS + "characters"
_DEEPEST = 4


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
    """Why a fact is here.

    href       page of the claim
    is_note    it is about a name that no source gives: then `status` says whose it is
    modality   None where the source simply says it, and where premises or origins say that it is derived
    premises   passages that it was derived from; derived_from: other things of ours that it was
    elsewhere  pages and registries outside that say it
    comments   with their languages
    """

    href: str | None
    is_note: bool
    modality: Value | None
    status: Value | None
    quotes: tuple[Quote, ...]
    premises: tuple[Quote, ...]
    derived_from: tuple[Value, ...]
    elsewhere: tuple[Value, ...]
    said_by: tuple[Value, ...]
    comments: tuple[Value, ...]

    @property
    def passages(self) -> tuple[Quote, ...]:
        return self.quotes + self.premises


@dataclass(frozen=True)
class Statement:
    """A value of a property, the graphs that state it, and the evidence.

    lexical  the literal as it stands in the data, where `value` shows it in a more readable form
    quote    the value, where it is a passage
    again    the evidence quotes just what that of the statement before quotes
    """

    value: Value
    lexical: str
    quote: Quote | None
    graphs: tuple[Value, ...]
    evidence: tuple[Evidence, ...]
    inferred: bool
    again: bool = False

    @property
    def passages(self) -> tuple[Quote, ...]:
        return tuple(q for e in self.evidence for q in e.passages)


@dataclass(frozen=True)
class Property:
    """A property and its values."""

    name: Value
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Name:
    """What a thing is called in one language.

    by        the property that gives it, None for its main name there
    verbatim  a source has it in just these words
    """

    value: Value
    by: Value | None
    evidence: tuple[Evidence, ...]

    @property
    def verbatim(self) -> bool:
        return any(q.phrase == self.value.text for e in self.evidence for q in e.quotes)


@dataclass(frozen=True)
class Figure:
    """The number that an observation states, to be read at a glance: “more than 150”, participants, of a forum."""

    number: str
    qualifier: Value | None
    measure: Value | None
    about: Value | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Pointing:
    """Things that point here by one property; `more` counts those not listed, which `query_href` asks for."""

    name: Value
    things: tuple[Value, ...]
    more: int
    query_href: str

    @property
    def count(self) -> int:
        return len(self.things) + self.more


@dataclass(frozen=True)
class Cited:
    """A range of this source and the things that claims say it tells about. `depth` counts the ranges around it."""

    anchor: str
    quote: Quote
    claims: tuple[tuple[Value, Value, Value], ...]
    depth: int


@dataclass(frozen=True)
class Coverage:
    """How much of a source is cited: `bars` are the stretches (start, end) of its characters that are."""

    characters: int
    bars: tuple[tuple[int, int], ...]

    @property
    def cited(self) -> int:
        return sum(end - start for start, end in self.bars)

    @property
    def percent(self) -> int:
        return 100 * self.cited // self.characters


@dataclass(frozen=True)
class ThingPage:
    """Context of `thing.html`.

    title       the name in the reader's language
    named       the same with where it comes from, None for what has no name
    names       the other names; they and the title are left out of the facts
    kinds       its most specific classes
    definition  what it is, in the reader's language if possible; also among the facts
    figure      for an observation: its number
    stated      properties with what is stated; derived: what only follows from other statements
    graphs      all that state something about it
    pointing    what points here
    cited       for a source: its ranges in the order of the text; coverage: how much of it they are
    text_href   for a source: its text, or the page that says why it is not here
    query_href  a query for what is said of it
    schema_org  the same for search engines, as JSON-LD; nothing that the page does not show
    """

    iri: str
    title: Value
    named: Name | None
    names: tuple[Name, ...]
    kinds: tuple[Value, ...]
    definition: Value | None
    figure: Figure | None
    stated: tuple[Property, ...]
    derived: tuple[Property, ...]
    graphs: tuple[Value, ...]
    pointing: tuple[Pointing, ...]
    cited: tuple[Cited, ...]
    coverage: Coverage | None
    text_href: str
    query_href: str
    schema_org: dict[str, object]

    @property
    def has_evidence(self) -> bool:
        """Whether any statement has some: claims, concepts and terms need none."""
        return any(s.evidence for p in self.stated for s in p.statements)


class Viewer:
    """Turns descriptions into the page about a thing, for one reader."""

    def __init__(self, reader: Reader, inferred_graph: str) -> None:
        self.reader = reader
        self.thing = reader.thing
        self.inferred_graph = inferred_graph

    def page(self, description: Description, ranges: Iterable[tuple[Range, list[tuple[str, str, Term]]]]) -> ThingPage:
        """The page about a thing. `ranges` are, for a source document, its ranges with the triples claimed there."""
        iri = description.iri
        named = self.thing(iri)
        title = Value(named.text, language=named.language)
        names = self._names(description.facts)
        mine = next((n for n in names if n.value == title), None)
        cited = self._cited(ranges)
        stated, derived = self._properties(description.facts)
        graphs = dict.fromkeys(g for p in stated for s in p.statements for g in s.graphs)
        base = self.reader.address.base
        return ThingPage(
            iri=iri,
            title=title,
            named=mine,
            names=tuple(n for n in names if n is not mine),
            kinds=tuple(self.thing(t) for t in self.most_specific(description)),
            definition=self.definition(description),
            figure=self._figure(stated),
            stated=stated,
            derived=derived,
            graphs=tuple(graphs),
            pointing=self._pointing(description, hidden=(NIF + "referenceContext",) if cited else ()),
            cited=cited,
            coverage=_coverage(description, cited),
            text_href=self.reader.address.text(iri) if iri.startswith(base + "source/") and "#" not in iri else "",
            query_href=self.reader.address.query(f"SELECT ?property ?value\nWHERE {{ <{iri}> ?property ?value }}"),
            schema_org=schema_org(description, title),
        )

    def definition(self, description: Description) -> Value | None:
        """What the thing is, in the reader's language, else in English, else in any."""
        texts = [
            (_DEFINITIONS.index(f.predicate), self.value(f.value))
            for f in description.facts
            if f.predicate in _DEFINITIONS and isinstance(f.value, ox.Literal)
        ]
        texts.sort(key=lambda t: (t[0], t[1].language != self.reader.language, t[1].language != "en", t[1].text))
        return texts[0][1] if texts else None

    def most_specific(self, description: Description) -> tuple[str, ...]:
        """The stated classes; what is only inferred is more general."""
        stated = tuple(
            f.value.value
            for f in description.facts
            if f.predicate == TYPE and isinstance(f.value, ox.NamedNode) and f.graphs != (self.inferred_graph,)
        )
        return stated or description.types

    def value(self, term: Term) -> Value:
        """Any term; dates, numbers and truth values as the reader writes them."""
        shown = self.reader.value(term)
        return replace(shown, text=readable(term, self.reader.language)) if isinstance(term, ox.Literal) else shown

    def _names(self, facts: Sequence[Fact]) -> tuple[Name, ...]:
        """Each name once, with the evidence of all properties that give it; the main names first."""
        found: dict[Value, list[Fact]] = defaultdict(list)
        for fact in facts:
            if fact.predicate in _ALL_NAMES and isinstance(fact.value, ox.Literal):
                found[Value(fact.value.value, language=fact.value.language or "")].append(fact)
        names = []
        for value, given in found.items():
            best = min((f.predicate for f in given), key=_ALL_NAMES.index)
            evidence = tuple(self._evidence(c) for f in given for c in f.claims)
            names.append(Name(value, None if best in _NAMES else self.thing(best), evidence))
        return tuple(sorted(names, key=lambda n: (n.by is not None, n.value.language, collation.key(n.value.text))))

    def _properties(self, facts: Sequence[Fact]) -> tuple[tuple[Property, ...], tuple[Property, ...]]:
        """What is stated, in the order in which the sources say it, and what follows."""
        stated: dict[str, list[Statement]] = defaultdict(list)
        derived: dict[str, list[Statement]] = defaultdict(list)
        for fact in facts:
            if fact.predicate in _ALL_NAMES and isinstance(fact.value, ox.Literal):
                continue
            statement = self._statement(fact)
            (derived if statement.inferred else stated)[fact.predicate].append(statement)
        return self._sorted(stated), self._sorted(derived)

    def _sorted(self, found: dict[str, list[Statement]]) -> tuple[Property, ...]:
        def statements(members: list[Statement]) -> Iterator[Statement]:
            before: tuple[Quote, ...] = ()
            for statement in sorted(members, key=lambda x: (_place(x), *collation.key(x.value.text))):
                yield replace(statement, again=statement.passages == before != ())
                before = statement.passages

        properties = [Property(self.thing(p), tuple(statements(s))) for p, s in found.items()]

        def order(property_: Property) -> tuple[int, tuple[str, int], bool, tuple[str, str]]:
            iri = property_.name.iri
            rank = _FIRST.index(iri) if iri in _FIRST else len(_FIRST) + (iri in _REMARKS)
            first = min(_place(s) for s in property_.statements)
            return rank, first, property_.name.external, collation.key(property_.name.text)

        return tuple(sorted(properties, key=order))

    def _statement(self, fact: Fact) -> Statement:
        value = self.value(fact.value)
        lexical = fact.value.value if isinstance(fact.value, ox.Literal) and fact.value.value != value.text else ""
        return Statement(
            value=value,
            lexical=lexical,
            quote=self._quote(fact.range) if fact.range else None,
            graphs=tuple(self.thing(g) for g in fact.graphs),
            evidence=tuple(self._evidence(c) for c in fact.claims),
            inferred=fact.graphs == (self.inferred_graph,),
        )

    def _figure(self, stated: tuple[Property, ...]) -> Figure | None:
        first = {p.name.iri: p.statements[0] for p in stated}
        number = first.get(HS + "statedNumber")
        if number is None:
            return None

        def value(iri: str) -> Value | None:
            return first[iri].value if iri in first else None

        qualifier = value(HS + "qualifier")
        if qualifier and qualifier.iri.endswith(_EXACT):
            qualifier = None
        measure, about = value(SCHEMA + "variableMeasured"), value(SCHEMA + "observationAbout")
        return Figure(number.value.text, qualifier, measure, about, number.evidence)

    def _evidence(self, claim: Claim) -> Evidence:
        origins = tuple(map(self.thing, claim.derived_from))
        return Evidence(
            href=self.reader.address.link(claim.iri) if claim.iri else None,
            is_note=claim.is_note,
            modality=self._modality(claim),
            status=self.thing(claim.status) if claim.status else None,
            quotes=tuple(self._quote(r) for r in claim.ranges),
            premises=tuple(self._quote(r) for r in claim.premises),
            derived_from=tuple(v for v in origins if not v.external),
            elsewhere=tuple(v for v in origins if v.external),
            said_by=tuple(self.thing(iri) for iri in claim.attributed_to),
            comments=tuple(self.value(c) for c in claim.comments),
        )

    def _modality(self, claim: Claim) -> Value | None:
        told = claim.modality.endswith(_PLAIN) or (claim.modality.endswith(_DERIVED) and claim.premises)
        return None if told or not claim.modality else self.thing(claim.modality)

    def _quote(self, range_: Range) -> Quote:
        source = replace(self.thing(range_.source), href=self.reader.address.link(range_.iri))
        return Quote(source, range_.start, range_.end, " ".join(range_.phrase.split()), range_.language)

    def _pointing(self, description: Description, hidden: tuple[str, ...]) -> tuple[Pointing, ...]:
        def pointing(backlink: Backlink) -> Pointing:
            things = sorted(map(self.thing, backlink.subjects), key=lambda v: collation.key(v.text))
            query = f"SELECT ?thing\nWHERE {{ ?thing <{backlink.predicate}> <{description.iri}> }}\nORDER BY ?thing"
            more = backlink.count - len(backlink.subjects)
            return Pointing(self.thing(backlink.predicate), tuple(things), more, self.reader.address.query(query))

        found = [pointing(b) for b in description.backlinks if b.predicate not in hidden]
        return tuple(sorted(found, key=lambda p: (p.name.external, collation.key(p.name.text))))

    def _cited(self, ranges: Iterable[tuple[Range, list[tuple[str, str, Term]]]]) -> tuple[Cited, ...]:
        cited: list[Cited] = []
        around: list[int] = []
        for range_, triples in ranges:
            while around and around[-1] < range_.end:
                around.pop()
            claims = tuple((self.thing(s), self.thing(p), self.value(o)) for s, p, o in triples)
            depth = min(len(around), _DEEPEST)
            cited.append(Cited(range_.iri.partition("#")[2], self._quote(range_), claims, depth))
            around.append(range_.end)
        return tuple(cited)


def _place(statement: Statement) -> tuple[str, int]:
    """Where its first quotation stands; behind everything for what is not quoted."""
    quotes = (q for e in statement.evidence for q in e.quotes)
    return min(((q.source.iri, q.start) for q in quotes), default=("\uffff", 0))


def _coverage(description: Description, cited: tuple[Cited, ...]) -> Coverage | None:
    lengths = [f.value.value for f in description.facts if f.predicate == _LENGTH and isinstance(f.value, ox.Literal)]
    if not cited or not lengths or not lengths[0].isdecimal():
        return None
    bars: list[tuple[int, int]] = []
    for quote in (c.quote for c in cited):
        start, end = bars.pop() if bars and quote.start <= bars[-1][1] else (quote.start, 0)
        bars.append((start, max(end, quote.end)))
    return Coverage(max(int(lengths[0]), 1), tuple(bars))
