"""What is stated of a thing, in the groups and the order that its shapes give, and what only follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pyoxigraph as ox

from kg.pages import collation
from kg.pages.telling import DEFINITIONS
from kg.pages.values import Value
from kg.resource.describe import Description, Fact
from kg.resource.evidence import Evidence, Quote, of_claims, quote
from kg.resource.naming import is_name
from kg.resource.shapes import Telling
from kg.resource.viewer import Viewer, is_shortened
from kg.words.names import HS, PROV, RDF, TYPE

_FIRST = (TYPE, RDF + "subject", RDF + "predicate", RDF + "object", PROV + "wasQuotedFrom", *DEFINITIONS)
_REMARKS = (HS + "note", HS + "openQuestion")


@dataclass(frozen=True)
class Statement:
    """A value of a property, the graphs that state it, and the evidence.

    lexical    the literal as it stands in the data, where `value` shows it in a more readable form
    shortened  `value` shows only the beginning of it
    quote      the value, where it is a passage
    again      the evidence quotes just what that of the statement before quotes
    """

    value: Value
    lexical: str
    shortened: bool
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
    """A property and its values; `more` counts those not shown, which query_href asks for."""

    name: Value
    statements: tuple[Statement, ...]
    more: int
    query_href: str


@dataclass(frozen=True)
class Group:
    """Properties that belong together. `name` is None for those that the shapes put into no group."""

    name: Value | None
    properties: tuple[Property, ...]


@dataclass(frozen=True)
class Statements:
    """Of one thing: `stated` in groups; `derived` what only follows from other statements."""

    stated: tuple[Group, ...]
    derived: tuple[Property, ...]

    def properties(self) -> Iterator[Property]:
        """The stated ones, in their order."""
        return (p for group in self.stated for p in group.properties)


def statement(fact: Fact, viewer: Viewer) -> Statement:
    """A fact with what it rests on."""
    value, literal = viewer.value(fact.value), fact.value if isinstance(fact.value, ox.Literal) else None
    shortened = literal is not None and is_shortened(literal)
    return Statement(
        value=value,
        lexical=literal.value if literal and value.datatype and literal.value != value.text and not shortened else "",
        shortened=shortened,
        quote=quote(fact.range, viewer) if fact.range else None,
        graphs=tuple(viewer.thing(g) for g in fact.graphs),
        evidence=of_claims(fact.claims, viewer),
        inferred=fact.graphs == (viewer.inferred_graph,),
    )


def statements(description: Description, tellings: Mapping[str, Telling], viewer: Viewer) -> Statements:
    """All that is said of a thing but its names.

    tellings  property -> how the shapes tell it; properties without stand first if they say what the thing is, else
              behind the groups, in the order in which the sources say them
    """
    return _Statements(description, tellings, viewer).all()


class _Statements:
    def __init__(self, description: Description, tellings: Mapping[str, Telling], viewer: Viewer) -> None:
        self._description = description
        self._tellings = tellings
        self._viewer = viewer

    def all(self) -> Statements:
        stated: dict[str, list[Statement]] = defaultdict(list)
        derived: dict[str, list[Statement]] = defaultdict(list)
        for fact in self._description.facts:
            if not is_name(fact):
                one = statement(fact, self._viewer)
                (derived if one.inferred else stated)[fact.predicate].append(one)
        return Statements(tuple(self._groups(self._sorted(stated))), self._sorted(derived))

    def _groups(self, properties: tuple[Property, ...]) -> Iterator[Group]:
        """The properties are sorted, so those of a group stand together."""
        held: list[Property] = []
        for index, property_ in enumerate(properties):
            held.append(property_)
            here = self._group(property_)
            if index + 1 == len(properties) or self._group(properties[index + 1]) != here:
                yield Group(self._viewer.thing(here) if here else None, tuple(held))
                held = []

    def _group(self, property_: Property) -> str:
        telling = self._tellings.get(property_.name.iri)
        return telling.group if telling and property_.name.iri not in _FIRST else ""

    def _sorted(self, found: dict[str, list[Statement]]) -> tuple[Property, ...]:
        return tuple(sorted((self._property(p, s) for p, s in found.items()), key=self._order))

    def _property(self, predicate: str, members: list[Statement]) -> Property:
        def marked() -> Iterator[Statement]:
            before: tuple[Quote, ...] = ()
            for member in sorted(members, key=lambda x: (_place(x), *collation.key(x.value.text))):
                yield replace(member, again=member.passages == before != ())
                before = member.passages

        subject = self._description.iri
        query = f"SELECT ?value\nWHERE {{ <{subject}> <{predicate}> ?value }}\nORDER BY ?value"
        return Property(
            name=self._name(predicate),
            statements=tuple(marked()),
            more=self._description.left_out.get(predicate, 0),
            query_href=self._viewer.reader.address.query(query),
        )

    def _name(self, predicate: str) -> Value:
        """As the shapes call it, unless the ontology has a name in a language that the reader likes better."""
        name, telling, rank = self._viewer.thing(predicate), self._tellings.get(predicate), self._viewer.reader.rank
        if telling and telling.names:
            language = min(telling.names, key=rank)
            if rank(language) <= rank(name.language):
                return replace(name, text=telling.names[language], language=language)
        return name

    def _order(self, property_: Property) -> tuple[object, ...]:
        iri = property_.name.iri
        telling = self._tellings.get(iri)
        first = min(_place(s) for s in property_.statements)
        last = (first, property_.name.external, collation.key(property_.name.text))
        if iri in _FIRST:
            return 0, _FIRST.index(iri), *last
        if telling:
            return 1, telling.rank, *last
        return 2, iri in _REMARKS, *last


def _place(statement: Statement) -> tuple[str, int]:
    """Where its first quotation stands; behind everything for what is not quoted."""
    quotes = (q for e in statement.evidence for q in e.quotes)
    return min(((q.source.iri, q.start) for q in quotes), default=("\uffff", 0))
