"""What VoID counts, of a release. Source: Describing Linked Datasets with the VoID Vocabulary, sections 4 and 5."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import urlsplit

import pyoxigraph as ox

from kg.distribution.stated import iris
from kg.store.lookup import instances, text
from kg.store.release import Release
from kg.words.names import OWL, SKOS, VOID

_TRIPLES = "SELECT DISTINCT ?s ?p ?o { ?s ?p ?o }"
_LINK_PREDICATES = (
    OWL + "sameAs",
    *(f"{SKOS}{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related")),
)


@dataclass(frozen=True)
class ClassCount:
    """A class and how many things are of it."""

    iri: str
    entities: int


@dataclass(frozen=True)
class PropertyCount:
    """A property, its triples, and how many different subjects and objects they have."""

    iri: str
    triples: int
    subjects: int
    objects: int


@dataclass(frozen=True)
class Linkset:
    """Triples that lead to another dataset.

    iri    of the linkset that the project describes; empty where it describes none
    space  what the IRIs of the other dataset begin with
    """

    iri: str
    predicate: str
    space: str
    triples: int


@dataclass(frozen=True)
class Statistics:
    """Numbers of the triples of all graphs, each triple counted once.

    entities           things below the base
    subjects, objects  different ones
    """

    triples: int
    entities: int
    subjects: int
    objects: int
    classes: tuple[ClassCount, ...]
    properties: tuple[PropertyCount, ...]
    linksets: tuple[Linkset, ...]


def count(release: Release) -> Statistics:
    """Count everything; some seconds for a million triples."""

    def rows(query: str, *names: str) -> list[tuple[str | int, ...]]:
        found = release.store.query(query, use_default_graph_as_union=not release.settings.union_default_graph)
        return [
            tuple(int(row[n].value) if n.startswith("n") else row[n].value for n in names)
            for row in found  # type: ignore[union-attr]
        ]

    def number(query: str) -> int:
        return int(rows(query, "n")[0][0])

    base = str(ox.Literal(release.settings.base))
    classes = rows(
        "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c FILTER(isIRI(?c)) } GROUP BY ?c ORDER BY ?c", "c", "n"
    )
    properties = rows(
        "SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?ns) (COUNT(DISTINCT ?o) AS ?no) "
        f"{{ {{ {_TRIPLES} }} }} GROUP BY ?p ORDER BY ?p",
        "p", "n", "ns", "no",
    )  # fmt: skip
    return Statistics(
        release.triples,
        number(
            "SELECT (COUNT(DISTINCT ?s) AS ?n) "
            f"{{ ?s ?p ?o FILTER(isIRI(?s) && STRSTARTS(STR(?s), {base}) && !CONTAINS(STR(?s), '#')) }}"
        ),
        number("SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }"),
        number("SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }"),
        tuple(ClassCount(str(c), int(n)) for c, n in classes),
        tuple(PropertyCount(str(p), int(n), int(s), int(o)) for p, n, s, o in properties),
        tuple(_linksets(release.store, release.settings.base)),
    )


def _linksets(store: ox.Store, base: str) -> list[Linkset]:
    """Those that the project describes, then what else its things are linked to, by host."""
    found = []
    described: dict[str, list[str]] = defaultdict(list)
    for iri in instances(store, VOID + "Linkset"):
        target = next(iter(iris(store, iri, VOID + "objectsTarget")), "")
        predicate = next(iter(iris(store, iri, VOID + "linkPredicate")), "")
        space = text(store, target, VOID + "uriSpace") if target else ""
        if predicate and space:
            described[predicate].append(space)
            links = sum(o.startswith(space) for o in _links(store, predicate))
            found.append(Linkset(iri, predicate, space, links))
    for predicate in _LINK_PREDICATES:
        hosts: dict[str, int] = defaultdict(int)
        for object_ in _links(store, predicate):
            parts = urlsplit(object_)
            if parts.netloc and not object_.startswith((base, *described[predicate])):
                hosts[f"{parts.scheme}://{parts.netloc}/"] += 1
        found += [Linkset("", predicate, space, n) for space, n in sorted(hosts.items())]
    return found


def _links(store: ox.Store, predicate: str) -> list[str]:
    """The objects of a predicate, one for each different triple."""
    quads = store.quads_for_pattern(None, ox.NamedNode(predicate), None, None)
    links = {(q.subject, q.object) for q in quads if isinstance(q.object, ox.NamedNode)}
    return [o.value for _, o in links if isinstance(o, ox.NamedNode)]
