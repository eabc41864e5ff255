"""`/id/…` is a thing and answers 303, or 410 once it is retired; `/doc/…` is the document about it.

Source: Cool URIs, section 4.2.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote, unquote, urlencode

import pyoxigraph as ox
from flask import Blueprint, Response, redirect, request

from kg.pages.layout import Alternate
from kg.pages.signposting import Link, signposts
from kg.resource import incoming, shapes
from kg.resource.claims import MOST_CLAIMS, citations
from kg.resource.contents import Contents
from kg.resource.describe import describe, exists, is_mentioned, named_node, neighbourhood
from kg.resource.reference import reference
from kg.resource.retired import is_retired, successors
from kg.resource.thing_page import Material, ThingPage, thing_page
from kg.resource.viewer import Viewer
from kg.site import Site
from kg.store.lookup import texts
from kg.store.rdf_io import serialize
from kg.words import negotiate
from kg.words.errors import BadParameter, NotAcceptable, NotFound, Retired
from kg.words.formats import DOCUMENTS, HTML, N_TRIPLES, Carries, Format, by_suffix
from kg.words.names import DCTERMS, FOAF, PREFIXES, RDF, SCHEMA, TYPE

_VALUES = 100
"""Values of a property on the page of a thing of which thousands of statements are made."""

_SAFE = "/:@!$&'()*+,;=~-._"
EVERY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


def blueprint(site: Site) -> Blueprint:
    """The routes of things and documents."""
    routes = Blueprint("resource", __name__)

    @routes.before_request
    def has_one_spelling() -> None:
        """The router would drop slashes at the beginning."""
        if request.environ["PATH_INFO"].startswith("//"):
            raise NotFound(f"there is nothing at {request.environ['PATH_INFO']}")

    @routes.route("/id/<path:path>", methods=EVERY_METHOD)
    def thing(path: str) -> Response:
        iri, store = f"{site.base}id/{_in_iri(site, path)}", site.release.store
        document = f"{site.address.root}/doc/{quote(path)}"
        if not exists(store, iri):
            raise NotFound(f"no thing is called {iri}")
        if is_retired(store, iri):
            raise Retired(f"{iri} is no longer used. {document} says what it was", successors(store, iri))
        return redirect(document, 303, Response)  # type: ignore[return-value]

    @routes.get("/doc/external")
    def external() -> Response:
        return _external(site, request.args.get("iri", ""))

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
        name, suffix = _split(path, lambda name: _holds(site, f"{site.base}graph/{name}"))
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


def _split(path: str, is_known: Callable[[str], bool]) -> tuple[str, str]:
    """A path and its suffix without the dot; names that are known may have dots themselves."""
    name, _, suffix = path.rpartition(".")
    return (path, "") if is_known(path) or not (name and suffix) or "/" in suffix else (name, suffix)


def _in_iri(site: Site, path: str) -> str:
    """The path as the IRI of a thing has it: what is percent-encoded there has been decoded on its way here."""
    encoded = quote(path, safe=_SAFE)
    return encoded if not _knows(site, path) and _knows(site, encoded) else path


def _knows(site: Site, path: str) -> bool:
    return exists(site.release.store, site.address.thing(path))


def _holds(site: Site, graph: str) -> bool:
    name = named_node(graph)
    return name is not None and site.release.store.contains_named_graph(name)


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
    path, suffix = _split(path, lambda name: _knows(site, _in_iri(site, name)))
    name, where = _in_iri(site, path), f"{prefix}{path}"
    iri, document = site.address.thing(name), f"{site.base}{prefix}{name}"
    if not _knows(site, name) or unquote(site.address.document(iri) or "") != f"{site.address.root}/{where}":
        raise NotFound(f"there is no document {document}")
    format_ = _choose(suffix, where)
    here = f"{site.address.root}/{quote(where)}"
    if format_ is HTML:
        page = _thing_page(site, iri, site.reader().address.page(quote(where)), f"{here}.{N_TRIPLES.suffix}")
        response = site.page("thing.html", page=page, canonical=document, alternates=_alternates(here))
    else:
        quads = [*_about_document(site, iri, document), *neighbourhood(site.release.store, iri)]
        response = _rdf(quads, format_, iri)
    return _finish(site, response, format_, here, iri)


def _external(site: Site, iri: str) -> Response:
    """What the graph says of an IRI that is not one of ours."""
    if not iri:
        raise BadParameter("name the IRI that you ask about: /doc/external?iri=https://…", "iri", "an IRI", "")
    if (ours := site.reader().address.document(iri)) and exists(site.release.store, iri):
        return redirect(ours, 303, Response)  # type: ignore[return-value]
    if not is_mentioned(site.release.store, iri):
        raise NotFound(f"the graph does not mention <{iri}>")
    format_ = _choose(request.args.get("format", ""), "doc/external")
    document = f"{site.base}doc/external?{urlencode({'iri': iri})}"
    here = site.address.external(iri)
    alternates = tuple(Alternate(f.name, f"{here}&format={f.suffix}", f.media_type) for f in DOCUMENTS if f is not HTML)
    if format_ is HTML:
        page = _thing_page(site, iri, site.reader().address.external(iri), f"{here}&format={N_TRIPLES.suffix}")
        response = site.page("thing.html", page=page, canonical=document, alternates=alternates)
    else:
        response = _rdf([*_about_document(site, iri, document), *neighbourhood(site.release.store, iri)], format_, iri)
    response.headers["Content-Location"] = f"{here}&format={format_.suffix}"
    response.headers["Link"] = ", ".join(f'<{a.href}>; rel="alternate"; type="{a.media_type}"' for a in alternates)
    return site.conditional(response, format_)


def _viewer(site: Site) -> Viewer:
    store = site.release.store
    return Viewer(site.reader(), store, site.kept.get("shapes", lambda: shapes.read(store)))


def _thing_page(site: Site, iri: str, path: str, data_href: str) -> ThingPage:
    """The page of a thing. `path` is its address without `page`."""
    number = request.args.get("page", "1")
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise BadParameter(f"{number} is no number of a page", "page", "a whole number from 1", "2")
    store = site.release.store
    counts = incoming.count(store, iri, site.kept)
    description = describe(store, iri, limit=_VALUES, claims=min(counts.claims, MOST_CLAIMS))
    cited = citations(store, iri) if counts.ranges else []
    material = Material(description, counts.others, cited, site.text(iri))
    return thing_page(material, _viewer(site), number=int(number), path=path, data_href=data_href)


def _whole_graph(site: Site, where: str, graph: str, suffix: str) -> Response:
    here = f"{site.address.root}/{quote(where)}"
    documented = reference(site, where, graph)
    if documented and _choose(suffix, where) is HTML:
        template, page, key = documented
        response = site.page(template, page=page, same=key, canonical=site.base + where, alternates=_alternates(here))
        return _finish(site, response, HTML, here, site.base + where)
    name = named_node(site.base + graph)
    quads = iter(site.release.store.quads_for_pattern(None, None, None, name) if name else ())
    first = next(quads, None)
    if name is None or first is None:
        raise NotFound(f"no graph is called {site.base}{graph}")
    format_ = _choose(suffix, where)
    if format_ is HTML:
        contents = Contents(_viewer(site), site.kept).page(site.base + where, name)
        response = site.page("graph.html", page=contents, canonical=site.base + where, alternates=_alternates(here))
    else:
        response = _rdf([first, *quads], format_, site.base + where)
    return _finish(site, response, format_, here, site.base + where)


def _finish(site: Site, response: Response, format_: Format, here: str, topic: str) -> Response:
    number = request.args.get("page") if format_ is HTML else None
    response.headers["Content-Location"] = f"{here}.{format_.suffix}" + (f"?page={quote(number)}" if number else "")
    alternates = _alternates(here)
    links = [Link(a.href, "alternate", a.media_type) for a in alternates]
    links.append(Link(topic, "describes"))
    if format_ is HTML:
        types = [t for t in texts(site.release.store, topic, TYPE) if t.startswith(SCHEMA)]
        dataset = site.address.document(site.base + "dataset") or ""
        links += signposts(topic, alternates, types=types, licence=site.release.licence, collection=dataset)
    elif site.release.licence:
        links.append(Link(site.release.licence, "license"))
    response.headers["Link"] = ", ".join(map(str, links))
    return site.conditional(response, format_)


def _alternates(here: str) -> tuple[Alternate, ...]:
    return tuple(Alternate(f.name, f"{here}.{f.suffix}", f.media_type) for f in DOCUMENTS if f is not HTML)


def _rdf(quads: list[ox.Quad], format_: Format, topic: str) -> Response:
    """The quads, the topic's own first, each once.

    A syntax of datasets has all of them in the default graph too, as clients look there (Comunica, which asks for
    N-Quads first, nowhere else); the named graphs tell which of them states what.
    """
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
        default = (ox.Quad(q.subject, q.predicate, q.object) for q in ordered)
        ordered = list(dict.fromkeys([*default, *ordered]))
        return Response(serialize(ordered, format_, PREFIXES), content_type=format_.content_type)
    triples = dict.fromkeys(q.triple for q in ordered)
    ordered_triples = sorted(triples, key=lambda t: (str(t.subject) != f"<{topic}>", str(t.subject), str(t.predicate)))
    return Response(serialize(ordered_triples, format_, PREFIXES), content_type=format_.content_type)


def _about_document(site: Site, topic: str, document: str) -> list[ox.Quad]:
    """What the document says of itself: its topic, licence, date and release."""
    node = ox.NamedNode(document)
    statements: list[tuple[str, ox.NamedNode | ox.Literal]] = [(SCHEMA + "version", ox.Literal(site.release.hash))]
    if document != topic:  # a concept that answers at its own address is still no document
        statements.append((RDF + "type", ox.NamedNode(FOAF + "Document")))
        statements.append((FOAF + "primaryTopic", ox.NamedNode(topic)))
    if site.release.licence:
        statements.append((DCTERMS + "license", ox.NamedNode(site.release.licence)))
    if site.release.modified:
        date = ox.NamedNode("http://www.w3.org/2001/XMLSchema#date")
        statements.append((DCTERMS + "modified", ox.Literal(site.release.modified, datatype=date)))
    return [ox.Quad(node, ox.NamedNode(p), o) for p, o in statements]
