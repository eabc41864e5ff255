"""What `home.html` shows: what this is, in numbers, in one example, in pictures; and the ways in."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from kg.catalog import sources
from kg.catalog.browse import Branch, Browser
from kg.catalog.census import Census
from kg.catalog.pictures import Diagram, Timeline, diagram, timeline
from kg.catalog.sources import Fact, SourceRow
from kg.pages.labels import Label
from kg.pages.phrases import marked
from kg.pages.telling import Listed, listed, told
from kg.pages.values import Reader, Value
from kg.site import Site
from kg.store.lookup import instances, subjects, text, texts
from kg.store.saved import SavedQuery
from kg.words.names import DCTERMS, HS, NIF, PROV, RDF, VOID

_NEWEST = 5
_SOURCES = 4
_QUERY = """SELECT ?class (COUNT(DISTINCT ?thing) AS ?things)
WHERE { ?thing a ?class }
GROUP BY ?class"""


@dataclass(frozen=True)
class Example:
    """One number with the words it rests on: what the whole graph is like, in one statement.

    quote   the words, in the language of the source; source is its name, with the way to these words
    """

    listed: Listed
    quote: Value
    source: Value
    start: int
    end: int


@dataclass(frozen=True)
class HomePage:
    """Context `page` of `home.html`.

    example  None where the dataset names no observation as an example
    numbers  (phrase key, count, where they are listed: empty for nowhere) of what the graph holds
    diagram, timeline  None where `kg.toml` names no saved query for them, or it has no rows
    newest   what the newest sources say
    tree     classes with the ways to their lists
    sources  the newest
    first    a thing to start with
    query, query_href  a query to try
    """

    title: Label
    description: Value | None
    example: Example | None
    numbers: tuple[tuple[str, int, str], ...]
    diagram: Diagram | None
    timeline: Timeline | None
    newest: tuple[Fact, ...]
    tree: tuple[Branch, ...]
    sources: tuple[SourceRow, ...]
    first: Value | None
    query: str
    query_href: str


def page(
    site: Site, reader: Reader, census: Census, browser: Browser, pictures: tuple[SavedQuery | None, SavedQuery | None]
) -> HomePage:
    """The home page. pictures: the queries of the diagram and of the timeline."""
    store = site.release.store
    described = instances(store, VOID + "Dataset")
    examples = [e for d in described for e in texts(store, d, VOID + "exampleResource")]
    descriptions = (told(store, reader, d, DCTERMS + "description") for d in described)
    newest, count = sources.latest(site, reader, _SOURCES)
    address = reader.address
    return HomePage(
        title=site.title(),
        description=next((d for d in descriptions if d), None),
        example=next((e for iri in examples if (e := _example(store, reader, iri))), None),
        numbers=(
            (marked("Things"), len(census.things), address.page("browse")),
            (marked("Claims"), len(instances(store, HS + "Claim")), ""),
            (marked("Sources"), count, address.page("sources")),
            (marked("RDF triples"), site.release.triples, address.page("dataset") if "dataset" in site.pages() else ""),
        ),
        diagram=diagram(site, pictures[0], reader) if pictures[0] else None,
        timeline=timeline(site, pictures[1], reader) if pictures[1] else None,
        newest=sources.newest(site, reader, _NEWEST),
        tree=browser.tree(reader),
        sources=newest,
        first=reader.thing(examples[0]) if examples else None,
        query=_QUERY,
        query_href=address.query(_QUERY),
    )


def _example(store: ox.Store, reader: Reader, iri: str) -> Example | None:
    """The longest words quoted for the number that a thing states."""
    found = [
        (range_, phrase)
        for claim in subjects(store, RDF + "subject", iri)
        if text(store, claim, RDF + "predicate") == HS + "statedNumber"
        for range_ in texts(store, claim, PROV + "wasQuotedFrom")
        if (phrase := text(store, range_, NIF + "anchorOf"))
    ]
    if not found:
        return None
    range_, phrase = max(found, key=lambda f: len(f[1]))
    source = text(store, range_, NIF + "referenceContext")
    start, end = (text(store, range_, NIF + name) for name in ("beginIndex", "endIndex"))
    words = Value(" ".join(phrase.split()), language=text(store, source, DCTERMS + "language"))
    named = reader.thing(source)
    place = Value(named.text, reader.address.link(range_), language=named.language, iri=source)
    return Example(listed(store, reader, iri), words, place, *(int(n) if n.isdecimal() else 0 for n in (start, end)))
