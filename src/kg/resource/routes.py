"""`/id/…` is a thing and answers 303; `/doc/…` is the document about it. Source: Cool URIs, section 4.2."""

from __future__ import annotations

from urllib.parse import quote

import pyoxigraph as ox
from flask import Blueprint, Response, redirect, request

from kg.pages.layout import Alternate
from kg.resource.contents import Contents
from kg.resource.describe import citations, describe, exists, named_node, neighbourhood
from kg.resource.pages import Viewer
from kg.site import Site
from kg.store.rdf_io import serialize
from kg.words import negotiate
from kg.words.errors import NotAcceptable, NotFound
from kg.words.formats import DOCUMENTS, HTML, Carries, Format, by_suffix
from kg.words.names import DCTERMS, FOAF, PREFIXES, RDF, SCHEMA

EVERY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


def blueprint(site: Site) -> Blueprint:
    """The routes of things and documents."""
    routes = Blueprint("resource", __name__)

    @routes.route("/id/<path:path>", methods=EVERY_METHOD)
    def thing(path: str) -> Response:
        if not _known(site, path):
            raise NotFound(f"no thing is called {site.base}id/{path}")
        return redirect(f"{site.address.root}/doc/{quote(path)}", 303, Response)  # type: ignore[return-value]

    @routes.get("/doc/<path:path>")
    def document(path: str) -> Response:
        return _document(site, "doc/", path)

    @routes.get("/vocab/<path:path>")
    def concept(path: str) -> Response:
        return _document(site, "", "vocab/" + path)

    @routes.get("/ns")
    @routes.get("/ns.<suffix>", endpoint="ns_suffix")
    def ontology(suffix: str = "") -> Response:
        return _whole_graph(site, "ns", "graph/ontology", suffix)

    @routes.get("/shapes")
    @routes.get("/shapes.<suffix>", endpoint="shapes_suffix")
    def shapes(suffix: str = "") -> Response:
        return _whole_graph(site, "shapes", "graph/shapes", suffix)

    @routes.get("/graph/<path:path>")
    def graph(path: str) -> Response:
        name, suffix = _split(path)
        return _whole_graph(site, f"graph/{name}", f"graph/{name}", suffix)

    @routes.get("/source/<name>.txt")
    def text(name: str) -> Response:
        iri = f"{site.base}source/{name}.txt"
        if not exists(site.release.store, iri):
            raise NotFound(f"no source is called {iri}")
        source = site.text(iri)
        if source is None:
            return site.page(
                "no_text.html",
                status=404,
                source=site.reader().thing(iri),
                document=f"{site.address.root}/doc/source/{quote(name)}",
            )
        return Response(source, content_type="text/plain; charset=utf-8")

    return routes


def _known(site: Site, path: str) -> bool:
    return exists(site.release.store, site.address.thing(path)) or exists(site.release.store, f"{site.base}id/{path}")


def _split(path: str) -> tuple[str, str]:
    """A path and its suffix without the dot."""
    folder, slash, last = path.rpartition("/")
    name, _, suffix = last.partition(".")
    return folder + slash + name, suffix


def _choose(suffix: str, path: str) -> Format:
    if suffix:
        format_ = by_suffix(suffix, DOCUMENTS)
        if format_ is None:
            known = ", ".join("." + f.suffix for f in DOCUMENTS)
            raise NotFound(f'there is no "{suffix}" of this document. It can be had with {known}')
        return format_
    chosen = negotiate.choose(request.headers.get("Accept"), DOCUMENTS)
    if chosen is None:
        types = tuple(f.media_type for f in DOCUMENTS)
        raise NotAcceptable(f"{path} can be had as {', '.join(types)}", types)
    return chosen


def _document(site: Site, prefix: str, path: str) -> Response:
    path, suffix = _split(path)
    iri = site.address.thing(path)
    where = f"{prefix}{path}"
    if not exists(site.release.store, iri):
        raise NotFound(f"nothing is known of <{iri}>")
    format_ = _choose(suffix, where)
    here = f"{site.address.root}/{quote(where)}"
    if format_ is HTML:
        store = site.release.store
        viewer = Viewer(site.reader(), site.base + "graph/inferred")
        page = viewer.page(describe(store, iri), citations(store, iri))
        response = site.page(
            "thing.html", page=page, canonical=site.base + where, alternates=_alternates(here),
            query_href=_query_href(site, iri),
        )  # fmt: skip
    else:
        quads = [*_about_document(site, iri, site.base + where), *neighbourhood(site.release.store, iri)]
        response = _rdf(quads, format_, iri)
    return _finish(site, response, format_, here, iri)


def _whole_graph(site: Site, where: str, graph: str, suffix: str) -> Response:
    name = named_node(site.base + graph)
    quads = list(site.release.store.quads_for_pattern(None, None, None, name)) if name else []
    if not quads:
        raise NotFound(f"no graph is called {site.base}{graph}")
    format_ = _choose(suffix, where)
    here = f"{site.address.root}/{quote(where)}"
    if format_ is HTML:
        subjects = sorted({q.subject.value for q in quads if isinstance(q.subject, ox.NamedNode)})
        viewer = Viewer(site.reader(), site.base + "graph/inferred")
        contents = Contents(viewer, site.release.store).page(site.base + where, subjects, len(quads))
        response = site.page("graph.html", page=contents, canonical=site.base + where, alternates=_alternates(here))
    else:
        response = _rdf(quads, format_, site.base + where)
    return _finish(site, response, format_, here, site.base + where)


def _finish(site: Site, response: Response, format_: Format, here: str, topic: str) -> Response:
    response.headers["Content-Location"] = f"{here}.{format_.suffix}"
    links = [f'<{a.href}>; rel="alternate"; type="{a.media_type}"' for a in _alternates(here)]
    links.append(f'<{topic}>; rel="describes"')
    if site.release.licence:
        links.append(f'<{site.release.licence}>; rel="license"')
    response.headers["Link"] = ", ".join(links)
    return site.conditional(response, format_)


def _alternates(here: str) -> tuple[Alternate, ...]:
    return tuple(Alternate(f.name, f"{here}.{f.suffix}", f.media_type) for f in DOCUMENTS if f is not HTML)


def _query_href(site: Site, iri: str) -> str:
    query = f"SELECT ?property ?value WHERE {{ <{iri}> ?property ?value }}"
    return f"{site.address.root}/sparql?query={quote(query)}"


def _rdf(quads: list[ox.Quad], format_: Format, topic: str) -> Response:
    """The quads, the topic's own first, each once."""
    ordered = sorted(
        set(quads),
        key=lambda q: (
            str(q.graph_name),
            str(q.subject) != f"<{topic}>",
            str(q.subject),
            str(q.predicate),
            str(q.object),
        ),
    )
    if format_.carries is Carries.DATASET:
        return Response(serialize(ordered, format_, PREFIXES), content_type=format_.content_type)
    triples = dict.fromkeys(q.triple for q in ordered)
    ordered_triples = sorted(triples, key=lambda t: (str(t.subject) != f"<{topic}>", str(t.subject), str(t.predicate)))
    return Response(serialize(ordered_triples, format_, PREFIXES), content_type=format_.content_type)


def _about_document(site: Site, topic: str, document: str) -> list[ox.Quad]:
    """What the document says of itself: its topic, licence, date and release."""
    node = ox.NamedNode(document)
    statements: list[tuple[str, ox.NamedNode | ox.Literal]] = [
        (RDF + "type", ox.NamedNode(FOAF + "Document")),
        (FOAF + "primaryTopic", ox.NamedNode(topic)),
        (SCHEMA + "version", ox.Literal(site.release.hash)),
    ]
    if site.release.licence:
        statements.append((DCTERMS + "license", ox.NamedNode(site.release.licence)))
    if site.release.modified:
        date = ox.NamedNode("http://www.w3.org/2001/XMLSchema#date")
        statements.append((DCTERMS + "modified", ox.Literal(site.release.modified, datatype=date)))
    return [ox.Quad(node, ox.NamedNode(p), o) for p, o in statements]
