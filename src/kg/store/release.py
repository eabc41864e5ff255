"""A release is a value: the folders of a project as one immutable dataset with a content hash."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.store import claims, inference, saved
from kg.store.lookup import instances, text
from kg.store.project import Project
from kg.store.saved import Catalogue
from kg.words.errors import BadInput
from kg.words.names import DCTERMS, VOID
from kg.words.settings import Settings


@dataclass(frozen=True)
class Release:
    """A dataset that does not change any more.

    store    every graph by its name, and their union, each triple once, as the default graph: Oxigraph's own union
             repeats a triple that stands in two graphs, which makes every COUNT wrong
    hash     SHA-256 (hexadecimal) over the names and contents of all files and rules
    triples  in the default graph
    saved    the saved queries
    licence, modified  as the dataset's own description says; empty where it does not
    graphs   name of each named graph -> number of its triples
    default  the default graph alone, once more: a store of which queries that see nothing else need not pass over every
             triple twice. None where the default graph is empty
    """

    settings: Settings
    store: ox.Store
    hash: str
    triples: int
    licence: str
    modified: str
    saved: Catalogue = field(default_factory=Catalogue)
    graphs: dict[str, int] = field(default_factory=dict)
    default: ox.Store | None = None


def build(project: Project, *, drafts: bool = False) -> Release:
    """Expand the claims, merge the graphs, infer what follows.

    drafts  also what nobody has confirmed, to compare it; not to publish it
    Raise BadInput if a file does not parse, a rule or a saved query is wrong, or a statement is a draft.
    """
    expansion = claims.expand(project.documents, project.settings.base)
    catalogue = saved.read(project.queries, project.settings.base)
    trouble = [*project.findings, *expansion.findings, *catalogue.findings]
    trouble = [t for t in trouble if not (drafts and t.rule == claims.UNCONFIRMED)]
    if trouble:
        more = f" ({len(trouble) - 1} more: run kg validate)" if len(trouble) > 1 else ""
        why = ". Nothing is served, queried, built or exported of a project with a draft"
        raise BadInput(
            trouble[0].message + (why if trouble[0].rule == claims.UNCONFIRMED else "") + more,
            str(trouble[0].place or ""),
        )
    store = stated(expansion.quads)
    inference.materialise(store, ox.NamedNode(project.settings.base + "graph/inferred"), project.rules)
    return of_store(project.settings, store, content_hash(project), catalogue)


def of_store(settings: Settings, store: ox.Store, hash_: str, catalogue: Catalogue) -> Release:
    """The release that a store holds: each graph by its name, and their union as the default graph."""
    default = _default_graph(store)
    count = len(default)
    datasets = instances(store, VOID + "Dataset")
    licence, modified = (
        next((t for d in datasets if (t := text(store, d, DCTERMS + p))), "") for p in ("license", "modified")
    )
    if not settings.union_default_graph:
        store.clear_graph(ox.DefaultGraph())
    graphs = graph_sizes(store)
    return Release(
        settings, store, hash_, count, licence, modified, catalogue, graphs,
        default if settings.union_default_graph else None,
    )  # fmt: skip


def graph_sizes(store: ox.Store) -> dict[str, int]:
    """Name of each named graph -> number of its triples, in the order of the names."""
    query = "SELECT ?graph (COUNT(*) AS ?size) { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph ORDER BY ?graph"
    rows = store.query(query)
    return {row["graph"].value: int(row["size"].value) for row in rows}  # type: ignore[union-attr]


def stated(quads: list[ox.Quad]) -> ox.Store:
    """A store with the quads in their graphs and their union as the default graph."""
    store = ox.Store()
    store.bulk_extend(quads)
    store.bulk_extend(ox.Quad(q.subject, q.predicate, q.object) for q in quads)
    return store


def _default_graph(store: ox.Store) -> ox.Store:
    """A store with the triples of the default graph alone."""
    found = ox.Store()
    found.bulk_extend(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    return found


def empty(settings: Settings) -> Release:
    """A release without triples: where a plain store starts."""
    return Release(settings, ox.Store(), hashlib.sha256().hexdigest(), 0, "", "")


def content_hash(project: Project) -> str:
    """SHA-256 over the sorted names and contents of the project's documents, rules and saved queries."""
    contents = {d.name: d.content for d in (*project.documents, *project.queries)}
    contents |= {name: text.encode() for name, text in project.rules.items()}
    whole = hashlib.sha256(project.settings.base.encode())
    for name in sorted(contents):
        whole.update(f"\n{name} {hashlib.sha256(contents[name]).hexdigest()}".encode())
    return whole.hexdigest()
