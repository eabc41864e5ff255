"""What `thing.html` shows: its context, with nothing left for the template to decide or look up."""

from __future__ import annotations

from dataclasses import dataclass

from kg.pages.values import Value
from kg.resource.claims import Citation
from kg.resource.conflicts import Conflict, conflicts
from kg.resource.describe import Description
from kg.resource.evidence import Evidence
from kg.resource.incoming import Incoming
from kg.resource.naming import Name, names
from kg.resource.picture import Picture, picture
from kg.resource.pointing import Pages, pages
from kg.resource.schema_org import schema_org
from kg.resource.source_page import SourcePage, source_page
from kg.resource.statements import Statements, statements
from kg.resource.trail import trail
from kg.resource.viewer import Viewer, spelled_out
from kg.words.names import HS, SCHEMA

_EXACT = "qualifier/exact"


@dataclass(frozen=True)
class Figure:
    """The number that an observation states, to be read at a glance: “more than 150”, participants, of a forum."""

    number: str
    qualifier: Value | None
    measure: Value | None
    about: Value | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class ThingPage:
    """Context `page` of `thing.html`.

    shown_iri   the same, harmless
    title       the name in the reader's language
    named       the same with where it comes from, None for what has no name
    names       the other names; they and the title are left out of the facts
    kinds       its most specific classes
    trail       what stands above it
    definition  what it is, in the reader's language if possible; also among the facts
    figure      for an observation: its number
    said        what is stated, in groups, and what only follows from other statements
    graphs      all that state something about it
    conflicts   values on which graphs do not agree
    pointing    what points here, a page of it; behind the first page nothing else is shown
    picture     the thing among its neighbours
    source      for a source: what is quoted from it
    outside     its own address where it is not one of ours, empty where that is no web address
    is_ours     whether this is the document of the thing, not only what the graph mentions of it
    query_href  a query for what is said of it; used_href: for the statements that have it as their property
    data_href   the same as N-Triples, whole
    schema_org  the same for search engines, as JSON-LD; nothing that the page does not show
    """

    iri: str
    shown_iri: str
    title: Value
    named: Name | None
    names: tuple[Name, ...]
    kinds: tuple[Value, ...]
    trail: tuple[Value, ...]
    definition: Value | None
    figure: Figure | None
    said: Statements
    graphs: tuple[Value, ...]
    conflicts: tuple[Conflict, ...]
    pointing: Pages
    picture: Picture | None
    source: SourcePage | None
    outside: str
    is_ours: bool
    query_href: str
    used_href: str
    data_href: str
    schema_org: dict[str, object]

    @property
    def has_evidence(self) -> bool:
        """Whether any statement has some: claims, concepts and terms need none."""
        return any(s.evidence for p in self.said.properties() for s in p.statements)


@dataclass(frozen=True)
class Material:
    """What a page is made of.

    counts     what points at the thing
    citations  the ranges of a source; text: its characters, where the operator has them
    """

    description: Description
    counts: tuple[Incoming, ...]
    citations: list[Citation]
    text: str | None = None


def thing_page(material: Material, viewer: Viewer, *, number: int, path: str, data_href: str) -> ThingPage:
    """The page about a thing.

    number  of the page of what points at it, from 1
    path    of the document, with the parameters that it keeps
    Raise NotFound if there is no page of that number.
    """
    description, iri = material.description, material.description.iri
    tellings = viewer.shapes.tell(iri, description.types, {f.predicate for f in description.facts})
    named, address = viewer.thing(iri), viewer.reader.address
    title = Value(named.text, language=named.language)
    called = names(description.facts, viewer)
    mine = next((n for n in called if n.value == title), None)
    said = statements(description, tellings, viewer)
    pointing = pages(iri, material.counts, number, path, viewer)
    query = address.query(f"SELECT ?property ?value\nWHERE {{ <{iri}> ?property ?value }}")
    return ThingPage(
        iri=iri,
        shown_iri=spelled_out(iri),
        title=title,
        named=mine,
        names=tuple(n for n in called if n is not mine),
        kinds=tuple(map(viewer.thing, viewer.most_specific(description))),
        trail=trail(description, viewer),
        definition=viewer.definition(description),
        figure=_figure(said),
        said=said,
        graphs=tuple(dict.fromkeys(g for p in said.properties() for s in p.statements for g in s.graphs)),
        conflicts=conflicts(description, tellings, viewer),
        pointing=pointing,
        picture=picture(title, iri, said, pointing),
        source=source_page(description, material.citations, material.text, viewer),
        outside=named.href or "" if named.external else "",
        is_ours=not named.external,
        query_href=query,
        used_href="" if not named.external else address.query(f"SELECT * WHERE {{ ?thing <{iri}> ?value }}\nLIMIT 100"),
        data_href=data_href,
        schema_org=schema_org(description, title),
    )


def _figure(said: Statements) -> Figure | None:
    first = {p.name.iri: p.statements[0] for p in said.properties()}
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
