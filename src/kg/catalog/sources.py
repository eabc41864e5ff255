"""The source documents: where each comes from, how much of it is cited, and what the newest of them say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pyoxigraph as ox

from kg.pages.layout import Alternate
from kg.pages.readable import readable
from kg.pages.telling import listed
from kg.pages.values import Reader, Value
from kg.site import Site
from kg.store.lookup import instances, subjects, text, texts, values
from kg.store.rdf_io import Term
from kg.words import formats
from kg.words.names import DCTERMS, HS, LABEL_PROPERTIES, NIF, PROV, RDF, SCHEMA, SKOS, TYPE

_MOST_SOURCES = 40
_OF_A_NUMBER = {
    SCHEMA + "observationAbout", SCHEMA + "variableMeasured",
    HS + "qualifier", HS + "minExclusive", HS + "approximateValue",
}  # fmt: skip
_NO_NEWS = {TYPE, SKOS + "altLabel", *LABEL_PROPERTIES, *_OF_A_NUMBER}
"""Names and kinds tell nothing new, and a number is told with what belongs to it."""
_PLAIN = "modality/asserted"
_BARS = 1000
_MOST_CLAIMS = 3
"""On one range: words that more rests on, such as the date of the document, tell least about each."""


@dataclass(frozen=True)
class SourceRow:
    """A source document.

    date, publisher, language  None or empty where they are not stated
    characters  of the text; cited: how many of them claims quote; bars: an SVG path of them in a strip
                of 1000 by 10
    claims      that quote it
    """

    name: Value
    date: Value | None
    publisher: tuple[Value, ...]
    language: str
    characters: int
    cited: int
    bars: str
    claims: int

    @property
    def percent(self) -> int:
        return 100 * self.cited // self.characters if self.characters else 0


@dataclass(frozen=True)
class SourcesPage:
    """Context `page` of `sources.html`.

    rows       the newest of `count`; all_href: the list of all
    downloads  the list as data
    """

    rows: tuple[SourceRow, ...]
    count: int
    all_href: str
    query_href: str
    downloads: tuple[Alternate, ...]


@dataclass(frozen=True)
class Fact:
    """A claim from a source in a line: the statement, how it is made, the words and the way to them.

    modality  None where the source simply says it
    date      of the source; None where it has none
    """

    subject: Value
    property: Value
    value: Value
    modality: Value | None
    quote: Value
    source: Value
    date: Value | None
    start: int
    end: int


@dataclass(frozen=True)
class _Dated:
    """A source, with the date that it is sorted by (empty for none)."""

    iri: str
    date: str


def page(site: Site, reader: Reader) -> SourcesPage:
    """The newest sources, and the way to all."""
    rows, count = latest(site, reader, _MOST_SOURCES)
    query = f"""PREFIX dcterms: <{DCTERMS}>
PREFIX hs: <{HS}>
SELECT ?source ?title ?issued ?characters ?sha256
WHERE {{
  ?source a hs:SourceDocument .
  OPTIONAL {{ ?source dcterms:title ?title }}
  OPTIONAL {{ ?source dcterms:issued ?issued }}
  OPTIONAL {{ ?source hs:characters ?characters ; hs:sha256 ?sha256 }}
}}
ORDER BY DESC(?issued) ?source"""
    href = reader.address.query(query)
    downloads = tuple(
        Alternate(f.name, site.address.query(query) + f"&format={f.suffix}", f.media_type)
        for f in (formats.RESULTS_CSV, formats.RESULTS_JSON)
    )
    every = reader.address.page("browse", **{"class": "hs:SourceDocument"})
    return SourcesPage(rows, count, every, href, downloads)


def latest(site: Site, reader: Reader, most: int) -> tuple[tuple[SourceRow, ...], int]:
    """The newest sources, those without a date last; and how many sources there are."""
    found = _by_date(site)
    return tuple(_row(site, d, reader) for d in found[:most]), len(found)


def newest(site: Site, reader: Reader, count: int) -> tuple[Fact, ...]:
    """What the newest sources say, in the order of their texts; of each thing one statement."""
    facts: list[Fact] = []
    told: set[str] = set()
    for dated in _by_date(site):
        for fact in _facts(site.release.store, reader, dated):
            if fact.subject.iri not in told and len(facts) < count:
                told.add(fact.subject.iri)
                facts.append(fact)
        if len(facts) >= count:
            break
    return tuple(facts)


def _by_date(site: Site) -> list[_Dated]:
    """The sources, the newest first; those without a date of their own last."""
    store = site.release.store
    found = [_Dated(iri, text(store, iri, DCTERMS + "issued")) for iri in instances(store, HS + "SourceDocument")]
    return sorted(sorted(found, key=lambda d: d.iri), key=lambda d: d.date, reverse=True)


def _date(store: ox.Store, source: str, reader: Reader) -> Value | None:
    for property_ in ("issued", "date"):
        for term in values(store, source, DCTERMS + property_):
            if isinstance(term, ox.Literal):
                return replace(reader.value(term), text=readable(term, reader.language))
    return None


def _row(site: Site, dated: _Dated, reader: Reader) -> SourceRow:
    store, iri = site.release.store, dated.iri
    length = text(store, iri, HS + "characters")
    characters = int(length) if length.isdecimal() else 0
    ranges = _ranges(store, iri)
    cited, bars, reached = 0, [], 0
    for start, end, _ in ranges:
        if end > max(reached, start) and characters:
            begin = max(start, reached)
            cited += end - begin
            left, right = begin * _BARS // characters, end * _BARS // characters
            bars.append(f"M{left} 0h{max(1, right - left)}v10h-{max(1, right - left)}z")
            reached = end
    claims = {claim for *_, r in ranges for claim in subjects(store, PROV + "wasQuotedFrom", r)}
    return SourceRow(
        reader.thing(iri),
        _date(store, iri, reader),
        tuple(reader.value(o) for o in values(store, iri, DCTERMS + "publisher")),
        text(store, iri, DCTERMS + "language"),
        characters,
        cited,
        "".join(bars),
        len(claims),
    )


def _ranges(store: ox.Store, source: str) -> list[tuple[int, int, str]]:
    """(start, end, IRI) of the ranges of a text, in its order."""
    found = []
    for range_ in subjects(store, NIF + "referenceContext", source):
        start, end = (text(store, range_, NIF + name) for name in ("beginIndex", "endIndex"))
        if start.isdecimal() and end.isdecimal():
            found.append((int(start), int(end), range_))
    return sorted(found)


def _facts(store: ox.Store, reader: Reader, dated: _Dated) -> Iterator[Fact]:
    """The claims on a text in its order, each with the longest of its quotations."""
    source, ranges = reader.thing(dated.iri), _ranges(store, dated.iri)
    day, language = _date(store, dated.iri, reader), text(store, dated.iri, DCTERMS + "language")
    places = {range_: (start, end) for start, end, range_ in ranges}
    for _, _, first in ranges:
        claims = subjects(store, PROV + "wasQuotedFrom", first)
        for claim in claims if len(claims) <= _MOST_CLAIMS else ():
            quotes = [(text(store, r, NIF + "anchorOf"), r) for r in texts(store, claim, PROV + "wasQuotedFrom")]
            words, range_ = max((q for q in quotes if q[1] in places), key=lambda q: len(q[0]))
            subject, predicate = (text(store, claim, RDF + part) for part in ("subject", "predicate"))
            object_ = next(iter(values(store, claim, RDF + "object")), None)
            if not (words and subject and predicate) or predicate in _NO_NEWS or object_ is None:
                continue
            modality = text(store, claim, HS + "modality")
            yield Fact(
                reader.thing(subject),
                reader.thing(predicate),
                _object(store, reader, subject, predicate, object_),
                reader.thing(modality) if modality and not modality.endswith(_PLAIN) else None,
                Value(" ".join(words.split()), language=language),
                replace(source, href=reader.address.link(range_)),
                day,
                *places[range_],
            )


def _object(store: ox.Store, reader: Reader, subject: str, predicate: str, term: Term) -> Value:
    if predicate == HS + "statedNumber":
        return Value(listed(store, reader, subject).figure)
    value = reader.value(term)
    return replace(value, text=readable(term, reader.language)) if isinstance(term, ox.Literal) else value
