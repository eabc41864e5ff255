"""`/`: what this is, and the ways in."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox
from flask import Blueprint, Response, request

from kg.pages import collation
from kg.pages.readable import readable
from kg.pages.values import Reader, Value
from kg.site import Site
from kg.store.lookup import instances, subjects, text, texts, values
from kg.words.formats import HTML
from kg.words.names import DCTERMS, FOAF, HS, NIF, OWL, PROV, RDF, SCHEMA, TYPE, VOID

_DEFAULT = ox.DefaultGraph()
_LISTED = 60
_HIDDEN = {HS + "Claim", HS + "LabelNote", NIF + "RFC5147String", OWL + "NamedIndividual"}
_FIRST = (
    HS + "FrameworkPartnership", HS + "Partnership", HS + "PartnerNetwork", HS + "Memorandum",
    HS + "Hospital", HS + "MedicalInstitution", HS + "PatientOrganisation", HS + "PublicAuthority", HS + "Organisation",
    HS + "Initiative", HS + "ForumEdition", HS + "SigningEvent", HS + "Summit", HS + "Visit", HS + "Presentation",
    HS + "SpeechAct", HS + "Campaign", HS + "CampaignEdition", FOAF + "Person", HS + "RoleHolding",
    SCHEMA + "Quotation", HS + "SourceDocument", HS + "Observation",
)  # fmt: skip
"""The kinds that readers come for, in the order in which the home page shows them; the others follow by name."""
_EXACT = "qualifier/exact"
_QUERY = """SELECT ?class (COUNT(DISTINCT ?thing) AS ?things)
WHERE { ?thing a ?class }
GROUP BY ?class"""


@dataclass(frozen=True)
class Listed:
    """A thing in a list; `figure` is the number that an observation states."""

    thing: Value
    figure: str


@dataclass(frozen=True)
class Kind:
    """A class with its things. `things` holds the first of `count`, in the reader's order."""

    name: Value
    things: tuple[Listed, ...]
    count: int


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
    numbers  (phrase key, count) of what the graph holds
    kinds    classes that the data uses, those that readers come for first
    first    a thing to start with; thing_address is where a client asks for it
    query_address  the SPARQL endpoint as this request sees the site; query, query_href: a query to try there
    """

    title: str
    description: Value | None
    example: Example | None
    numbers: tuple[tuple[str, str], ...]
    kinds: tuple[Kind, ...]
    graphs: tuple[Value, ...]
    first: Value | None
    thing_address: str
    query_address: str
    query: str
    query_href: str


def blueprint(site: Site) -> Blueprint:
    """The home page's route."""
    routes = Blueprint("catalog", __name__)

    @routes.get("/")
    def home() -> Response:
        return site.conditional(site.page("home.html", page=_home(site), canonical=site.base), HTML)

    return routes


def _home(site: Site) -> HomePage:
    store, reader = site.release.store, site.reader()
    claims, sources = (instances(store, HS + name) for name in ("Claim", "SourceDocument"))
    things = _things(store, site.base)
    counts = {
        "Things": len(set().union(*things.values())),
        "Claims": len(claims),
        "Sources": len(sources),
        "RDF triples": site.release.triples,
    }
    graphs = (reader.thing(g.value) for g in store.named_graphs() if isinstance(g, ox.NamedNode))
    examples = [e for d in instances(store, VOID + "Dataset") for e in texts(store, d, VOID + "exampleResource")]
    here = request.url_root.rstrip("/") + site.address.root
    first = reader.thing(examples[0]) if examples else None
    return HomePage(
        title=site.title(reader.language),
        description=_description(store, reader),
        example=next((e for iri in examples if (e := _example(store, reader, iri))), None),
        numbers=tuple((name, readable(ox.Literal(count), reader.language)) for name, count in counts.items()),
        kinds=_kinds(things, store, reader),
        graphs=tuple(sorted(graphs, key=lambda v: v.text)),
        first=first,
        thing_address=f"{here}/{first.iri.removeprefix(site.base)}" if first else "",
        query_address=f"{here}/sparql",
        query=_QUERY,
        query_href=reader.address.query(_QUERY),
    )


def _things(store: ox.Store, base: str) -> dict[str, set[str]]:
    """Class -> its things under `id/`, as files state it. Claims are left out: they stand beside what they claim."""
    things: dict[str, set[str]] = {}
    inferred = ox.NamedNode(base + "graph/inferred")
    for quad in store.quads_for_pattern(None, ox.NamedNode(TYPE), None, None):
        if quad.graph_name in (_DEFAULT, inferred) or not isinstance(quad.subject, ox.NamedNode):
            continue
        if not quad.subject.value.startswith((base + "id/", base + "source/")) or "#" in quad.subject.value:
            continue
        if isinstance(quad.object, ox.NamedNode) and quad.object.value not in _HIDDEN:
            things.setdefault(quad.object.value, set()).add(quad.subject.value)
    return things


def _kinds(things: dict[str, set[str]], store: ox.Store, reader: Reader) -> tuple[Kind, ...]:
    kinds = []
    for class_, found in things.items():
        shown = sorted((_listed(store, reader, iri) for iri in found), key=lambda x: collation.key(x.thing.text))
        kinds.append(Kind(reader.thing(class_), tuple(shown[:_LISTED]), len(shown)))

    def order(kind: Kind) -> tuple[int, tuple[str, str]]:
        rank = _FIRST.index(kind.name.iri) if kind.name.iri in _FIRST else len(_FIRST)
        return rank, collation.key(kind.name.text)

    return tuple(sorted(kinds, key=order))


def _listed(store: ox.Store, reader: Reader, iri: str) -> Listed:
    numbers = [n for n in values(store, iri, HS + "statedNumber") if isinstance(n, ox.Literal)]
    if not numbers:
        return Listed(reader.thing(iri), "")
    number, qualifier = readable(numbers[0], reader.language), text(store, iri, HS + "qualifier")
    exact = qualifier.endswith(_EXACT) or not qualifier
    return Listed(reader.thing(iri), number if exact else f"{reader.thing(qualifier).text} {number}")


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
    start, end = (int(text(store, range_, NIF + name) or 0) for name in ("beginIndex", "endIndex"))
    words = Value(" ".join(phrase.split()), language=text(store, source, DCTERMS + "language"))
    named = reader.thing(source)
    place = Value(named.text, reader.address.link(range_), language=named.language, iri=source)
    return Example(_listed(store, reader, iri), words, place, start, end)


def _description(store: ox.Store, reader: Reader) -> Value | None:
    datasets = instances(store, VOID + "Dataset")
    found = [reader.value(o) for d in datasets for o in values(store, d, DCTERMS + "description")]
    found.sort(key=lambda v: (v.language != reader.language, v.language != "en"))
    return found[0] if found else None
