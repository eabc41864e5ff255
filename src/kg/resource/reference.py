"""`/ns` and `/shapes` for people: the ontology with its usage, the shapes in words."""

from __future__ import annotations

from collections.abc import Hashable

from kg.pages import shapes_page
from kg.pages.ontology import Documentation, OntologyPage
from kg.pages.shapes_page import ShapesPage
from kg.site import Site

_TEMPLATES = {"ns": "ontology.html", "shapes": "shapes.html"}


def reference(site: Site, where: str, graph: str) -> tuple[str, OntologyPage | ShapesPage, Hashable] | None:
    """The template, the context and the key of a reference page; None for a graph that has none, or no triples."""
    triples = site.release.graphs.get(site.base + graph, 0)
    if where not in _TEMPLATES or not triples:
        return None
    reader = site.reader()

    def compute() -> OntologyPage | ShapesPage:
        iri, name, store = site.base + where, site.base + graph, site.release.store
        if where == "shapes":
            return shapes_page.page(store, name, iri, triples, reader)
        return Documentation(store, site.engine, site.base, name, site.kept).page(iri, triples, reader)

    key = (where, reader.language, reader.languages, reader.address)
    return _TEMPLATES[where], site.rendered.get(key, compute), key
