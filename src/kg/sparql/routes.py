"""`/sparql`: queries by GET and both forms of POST; a form for people, a service description for machines."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Blueprint, Response, request

from kg.pages.layout import Alternate
from kg.pages.values import Value
from kg.site import Site
from kg.sparql.description import describe_service
from kg.store.operation import Answer, Operation
from kg.store.rdf_io import serialize
from kg.words import formats, negotiate
from kg.words.errors import BadInput, KgError, NotAcceptable
from kg.words.formats import HTML, RESULTS_JSON, Format
from kg.words.names import PREFIXES
from kg.words.protocol import Sent, receive

_GRAPH_SYNTAXES = formats.GRAPHS + formats.DATASETS
_SUFFIXES = {f.suffix: f for f in formats.RESULTS + _GRAPH_SYNTAXES}
_SHOWN_ROWS = 1000
_SHOWN_BYTES = 4 << 20
_EXAMPLE = """SELECT ?class (COUNT(DISTINCT ?thing) AS ?things)
WHERE { ?thing a ?class }
GROUP BY ?class
ORDER BY DESC(?things) ?class"""


@dataclass(frozen=True)
class SparqlPage:
    """Context `page` of `sparql.html`.

    query      what was asked, or an example
    columns, rows  the table of a SELECT; `row_count` counts all rows, also those not shown
    boolean    the answer of an ASK, else None
    turtle     the answer of a CONSTRUCT or DESCRIBE
    too_large  the answer is too large for a page; it can still be downloaded
    error      what is wrong, with `excerpt` pointing at the place
    prefixes   declarations of well-known prefixes that a query in error may lack
    downloads  the same answer in the syntaxes for programs
    """

    query: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Value | None, ...], ...] = ()
    row_count: int = 0
    boolean: bool | None = None
    turtle: str = ""
    too_large: bool = False
    error: str = ""
    excerpt: str = ""
    prefixes: tuple[str, ...] = ()
    downloads: tuple[Alternate, ...] = ()


def blueprint(site: Site) -> Blueprint:
    """The query endpoint's route."""
    routes = Blueprint("sparql", __name__)

    @routes.route("/sparql", methods=["GET", "POST"])
    def sparql() -> Response:
        sent = receive("query", request.method, request.mimetype, request.args, request.form, _body())
        if sent.text is None:
            return _without_query(site)
        suffix, accept = _parameter("format") or _parameter("output"), request.headers.get("Accept")
        operation = Operation(
            sent.text,
            _syntax(suffix, accept, formats.RESULTS),
            _syntax(suffix, accept, _GRAPH_SYNTAXES),
            sent.default_graphs,
            sent.named_graphs,
            _timeout(),
        )
        if not suffix and negotiate.choose(accept, (*formats.RESULTS, *_GRAPH_SYNTAXES, HTML)) is HTML:
            return _page(site, sent, operation)
        answer = site.engine.answer(operation, request.environ.get("kg.abandonment"))
        response = Response(answer.chunks, content_type=answer.format.content_type)
        response.headers["Vary"] = "Accept"
        response.headers["Server-Timing"] = ", ".join(f"{n};dur={ms:.2f}" for n, ms in answer.timings.items())
        if answer.repeatable:
            tag = hashlib.sha256(repr((sent, answer.format.media_type)).encode()).hexdigest()[:16]
            response.set_etag(f"{site.release.hash[:16]}-{tag}")
            response.headers["Cache-Control"] = "no-cache"
        else:
            response.headers["Cache-Control"] = "no-store"
        return response

    return routes


def _body() -> bytes:
    return b"" if request.mimetype == "application/x-www-form-urlencoded" else request.get_data()


def _parameter(name: str) -> str:
    """A parameter of ours, from the URL or a form; an empty string if it is missing. Raise BadInput if it is repeated."""
    found = request.args.getlist(name) + request.form.getlist(name)
    if len(found) > 1:
        raise BadInput(f"{name} is given {len(found)} times. Give it once")
    return found[0] if found else ""


def _timeout() -> float | None:
    """`?timeout=`, in seconds."""
    text = _parameter("timeout")
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise BadInput(f'timeout="{text}" is not a number of seconds above 0')
    return seconds


def _syntax(suffix: str, accept: str | None, offers: tuple[Format, ...]) -> Format | None:
    """The syntax that `?format=` names, else what Accept prefers."""
    if not suffix:
        return negotiate.choose(accept, offers)
    named = _SUFFIXES.get(suffix) or formats.by_media_type(suffix, tuple(_SUFFIXES.values()))
    if named is None:
        raise BadInput(f'format "{suffix}" is unknown. Known are {", ".join(sorted(_SUFFIXES))}')
    return named if named in offers else None


def _without_query(site: Site) -> Response:
    offers = (HTML, *formats.GRAPHS)
    chosen = negotiate.choose(request.headers.get("Accept"), offers)
    if chosen is None:
        types = tuple(f.media_type for f in offers)
        raise NotAcceptable(f"without a query this is the service description, as {', '.join(types)}", types)
    if chosen is HTML:
        return site.conditional(_show(site, SparqlPage(_EXAMPLE)), HTML)
    triples = describe_service(site.release, request.url_root.rstrip("/") + site.address.root + "/sparql")
    return site.conditional(Response(serialize(triples, chosen, PREFIXES), content_type=chosen.content_type), chosen)


def _page(site: Site, sent: Sent, operation: Operation) -> Response:
    """The answer as a page; what is wrong with the query is told beside it, with its status."""
    assert sent.text is not None
    try:
        shown = replace(operation, results=RESULTS_JSON, graph=formats.TURTLE)
        answer = site.engine.answer(shown, request.environ.get("kg.abandonment"))
        body = _at_most(answer, _SHOWN_BYTES)
    except KgError as error:
        excerpt = getattr(error, "excerpt", "")
        page = SparqlPage(sent.text, error=str(error), excerpt=excerpt, prefixes=_undeclared(sent.text))
        return _show(site, page, error.status)
    downloads = _downloads(site, sent, formats.GRAPHS if answer.format is formats.TURTLE else formats.RESULTS)
    if body is None:
        return _show(site, SparqlPage(sent.text, too_large=True, downloads=downloads))
    if answer.format is formats.TURTLE:
        return _show(site, SparqlPage(sent.text, turtle=body.decode(), downloads=downloads))
    outcome = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    if isinstance(outcome, ox.QueryBoolean):
        return _show(site, SparqlPage(sent.text, boolean=bool(outcome), downloads=downloads))
    reader = site.reader()
    columns = tuple(v.value for v in outcome.variables)
    solutions = list(outcome)
    rows = tuple(tuple(None if t is None else reader.value(t) for t in row) for row in solutions[:_SHOWN_ROWS])
    return _show(site, SparqlPage(sent.text, columns, rows, len(solutions), downloads=downloads))


def _at_most(answer: Answer, max_bytes: int) -> bytes | None:
    """The whole body, or None, and no more work on it, if there is more of it."""
    body = b""
    try:
        for chunk in answer.chunks:
            body += chunk
            if len(body) > max_bytes:
                return None
    finally:
        answer.close()
    return body


def _downloads(site: Site, sent: Sent, syntaxes: tuple[Format, ...]) -> tuple[Alternate, ...]:
    """Links to the same answer; a fixed syntax in the address, so that they work in a browser and in a spreadsheet."""
    asked = [("query", sent.text or "")]
    asked += [("default-graph-uri", g) for g in sent.default_graphs]
    asked += [("named-graph-uri", g) for g in sent.named_graphs]
    path = f"{site.address.root}/sparql?{urlencode(asked)}"
    return tuple(Alternate(f.name, f"{path}&{urlencode({'format': f.suffix})}", f.media_type) for f in syntaxes)


def _undeclared(query: str) -> tuple[str, ...]:
    """`PREFIX` lines for the well-known prefixes that a query uses and does not declare."""
    declared = {p.lower() for p in re.findall(r"(?i)\bprefix\s+([\w-]*):", query)}
    used = dict.fromkeys(re.findall(r"([\w-]+):", re.sub(r"<[^<>\s]*>", "", query)))
    return tuple(f"PREFIX {p}: <{PREFIXES[p]}>" for p in used if p in PREFIXES and p not in declared)


def _show(site: Site, page: SparqlPage, status: int = 200) -> Response:
    return site.page("sparql.html", status=status, page=page)
