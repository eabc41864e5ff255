"""SPARQL Update at `/sparql/update` and the Graph Store Protocol at `/graphs`, for a plain store.

Source: SPARQL 1.1 Protocol, section 2.2; SPARQL 1.1 Graph Store HTTP Protocol, sections 4 and 5.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin

import pyoxigraph as ox
from flask import Blueprint, Response, request
from werkzeug.datastructures import FileStorage

from kg.store.rdf_io import ox_format, serialize
from kg.store.sparql_text import readable_syntax_error, with_using, without_requests
from kg.words import formats, negotiate
from kg.words.errors import BadInput, NotAcceptable, NotFound, UnsupportedMediaType
from kg.words.names import PREFIXES
from kg.words.protocol import FORM, receive

_Graph = ox.NamedNode | ox.DefaultGraph


def blueprint(store: ox.Store, base: str) -> Blueprint:
    """The routes that write into this store."""
    routes = Blueprint("update", __name__)

    @routes.post("/sparql/update")
    def update() -> Response:
        body = b"" if request.mimetype == FORM else request.get_data()
        sent = receive("update", "POST", request.mimetype, request.args, request.form, body)
        assert sent.text is not None  # a POST without one is refused above
        text = with_using(sent.text, sent.default_graphs, sent.named_graphs)
        try:
            store.update(without_requests(text), base_iri=base)
        except SyntaxError as error:
            raise readable_syntax_error(error, sent.text, update=True) from None
        except (RuntimeError, OSError) as error:
            raise BadInput(f"the update was not carried out: {error}") from None
        return Response(status=204)

    @routes.get("/graphs")
    def read() -> Response:
        graph = _graph(base)
        if not _exists(store, graph):
            raise NotFound(f"there is no graph {graph}")
        chosen = negotiate.choose(request.headers.get("Accept"), formats.GRAPHS)
        if chosen is None:
            types = tuple(f.media_type for f in formats.GRAPHS)
            raise NotAcceptable(f"a graph can be had as {', '.join(types)}", types)
        triples = (q.triple for q in store.quads_for_pattern(None, None, None, graph))
        return Response(serialize(triples, chosen, PREFIXES), content_type=chosen.content_type)

    @routes.put("/graphs")
    def replace() -> Response:
        graph = _graph(base)
        quads = list(_payload(graph, base))
        existed = _exists(store, graph)
        _clear(store, graph)
        _write(store, graph, quads)
        return Response(status=204 if existed else 201)

    @routes.post("/graphs")
    def add() -> Response:
        if "default" not in request.args and "graph" not in request.args:
            new = ox.NamedNode(f"{base}graphs/{ox.BlankNode().value}")
            _write(store, new, list(_payload(new, base)))
            return Response(status=201, headers={"Location": new.value})
        graph = _graph(base)
        existed = _exists(store, graph)
        _write(store, graph, list(_payload(graph, base)))
        return Response(status=204 if existed else 201)

    @routes.delete("/graphs")
    def delete() -> Response:
        graph = _graph(base)
        if not _exists(store, graph):
            raise NotFound(f"there is no graph {graph}")
        _clear(store, graph)
        return Response(status=204)

    return routes


def _graph(base: str) -> _Graph:
    """The graph that `?default` or `?graph=IRI` names; a relative IRI is resolved against the base (section 4.2)."""
    names = request.args.getlist("graph")
    if "default" in request.args and not names:
        return ox.DefaultGraph()
    if len(names) != 1 or "default" in request.args:
        raise BadInput("name one graph: ?default or ?graph=IRI")
    try:
        return ox.NamedNode(urljoin(base, names[0]))
    except ValueError:
        raise BadInput(f'graph="{names[0]}" is not an IRI') from None


def _exists(store: ox.Store, graph: _Graph) -> bool:
    return isinstance(graph, ox.DefaultGraph) or store.contains_named_graph(graph)


def _clear(store: ox.Store, graph: _Graph) -> None:
    if isinstance(graph, ox.DefaultGraph):
        store.clear_graph(graph)
    else:
        store.remove_graph(graph)


def _write(store: ox.Store, graph: _Graph, quads: list[ox.Quad]) -> None:
    if isinstance(graph, ox.NamedNode):
        store.add_graph(graph)
    store.extend(quads)


def _payload(graph: _Graph, base: str) -> Iterator[ox.Quad]:
    """The triples of the request's body, or of each file of a form (section 5.5)."""
    if request.mimetype == "multipart/form-data":
        for file in request.files.values():
            yield from _parse(file.read(), file.mimetype or _by_name(file), graph, base)
    else:
        yield from _parse(request.get_data(), request.mimetype, graph, base)


def _by_name(file: FileStorage) -> str:
    format_ = formats.by_suffix((file.filename or "").rpartition(".")[2], formats.READABLE)
    return format_.media_type if format_ else ""


def _parse(content: bytes, media_type: str, graph: _Graph, base: str) -> Iterator[ox.Quad]:
    format_ = formats.by_media_type(media_type, formats.GRAPHS) if media_type else formats.TURTLE
    if format_ is None:
        known = ", ".join(f.media_type for f in formats.GRAPHS)
        raise UnsupportedMediaType(f'"{media_type}" is not read here. A graph comes as {known}')
    graph_iri = graph.value if isinstance(graph, ox.NamedNode) else base
    try:
        for quad in ox.parse(content, ox_format(format_), base_iri=graph_iri, rename_blank_nodes=True):
            yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)
    except SyntaxError as error:
        raise BadInput(error.msg, f"line {error.lineno}" if error.lineno else "") from None
