"""All documents of the site."""

from __future__ import annotations

import pyoxigraph as ox

from kg.pages.address import Address
from kg.store.release import Release

_DOCUMENTED = ("id/", "source/", "vocab/")
_THINGS = """SELECT DISTINCT ?thing {
  { ?thing ?p ?o } UNION { ?s ?p ?thing }
  FILTER(isIRI(?thing) && STRSTARTS(STR(?thing), %s) && !CONTAINS(STR(?thing), "#"))
}"""


def documents(release: Release, pages: list[str]) -> list[str]:
    """The paths of all documents, quoted and without the first slash, in order; the home page's is empty.

    pages  those that are about nothing of the graph

    A thing that is only mentioned has a document too.
    """
    base = release.settings.base
    address = Address(base)
    union = release.settings.union_default_graph
    rows = release.store.query(_THINGS % ox.Literal(base), use_default_graph_as_union=not union)
    things = [row["thing"].value for row in rows]  # type: ignore[union-attr]
    graphs = [g for g in release.graphs if g.startswith(base + "graph/")]
    found = {address.document(t) for t in things if t.removeprefix(base).startswith(_DOCUMENTED)}
    found |= {address.document(g) for g in graphs}
    queries = (f"queries/{name}" for name in release.saved.queries)
    return sorted({*pages, *queries, *(path[1:] for path in found if path)})
