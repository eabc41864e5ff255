"""`/`: what this is, and the ways in."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox
from flask import Blueprint, Response

from kg.pages.values import Reader, Value
from kg.site import Site
from kg.store.lookup import instances, values
from kg.words.formats import HTML
from kg.words.names import DCTERMS, HS, NIF, OWL, TYPE, VOID

_DEFAULT = ox.DefaultGraph()
_LISTED = 60


@dataclass(frozen=True)
class Kind:
    """A class with its things. `things` holds the first of `count`, in the reader's order."""

    name: Value
    things: tuple[Value, ...]
    count: int


@dataclass(frozen=True)
class HomePage:
    """Context `page` of `home.html`.

    numbers  (phrase key, count) of what the graph holds
    kinds    classes that the data uses, most things first
    """

    title: str
    description: Value | None
    numbers: tuple[tuple[str, int], ...]
    kinds: tuple[Kind, ...]
    graphs: tuple[Value, ...]


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
    kinds = _kinds(store, reader, site.base)
    numbers = (
        ("Things", len({t.iri for k in kinds for t in k.things})),
        ("Claims", len(claims)),
        ("Sources", len(sources)),
        ("Statements", site.release.triples),
    )
    graphs = sorted(
        (reader.thing(g.value) for g in store.named_graphs() if isinstance(g, ox.NamedNode)), key=lambda v: v.iri
    )
    return HomePage(site.release.settings.title, _description(store, reader), numbers, kinds, tuple(graphs))


def _kinds(store: ox.Store, reader: Reader, base: str) -> tuple[Kind, ...]:
    """Classes of the things under `id/` that a file states, claims left out: they stand beside what they claim."""
    things: dict[str, set[str]] = {}
    inferred = ox.NamedNode(base + "graph/inferred")
    for quad in store.quads_for_pattern(None, ox.NamedNode(TYPE), None, None):
        if quad.graph_name in (_DEFAULT, inferred) or not isinstance(quad.subject, ox.NamedNode):
            continue
        if not quad.subject.value.startswith((base + "id/", base + "source/")) or "#" in quad.subject.value:
            continue
        if isinstance(quad.object, ox.NamedNode) and quad.object.value not in _HIDDEN:
            things.setdefault(quad.object.value, set()).add(quad.subject.value)
    kinds = []
    for class_, found in things.items():
        shown = sorted((reader.thing(iri) for iri in found), key=lambda v: v.text.casefold())
        kinds.append(Kind(reader.thing(class_), tuple(shown[:_LISTED]), len(shown)))
    return tuple(sorted(kinds, key=lambda k: (-k.count, k.name.text)))


_HIDDEN = {HS + "Claim", HS + "LabelNote", NIF + "RFC5147String", OWL + "NamedIndividual"}


def _description(store: ox.Store, reader: Reader) -> Value | None:
    found = [reader.value(o) for d in instances(store, VOID + "Dataset") for o in values(store, d, DCTERMS + "description")]
    found.sort(key=lambda v: (v.language != reader.language, v.language != "en"))
    return found[0] if found else None
