"""`/queries`: all saved queries; `/queries/{name}`: one and its answer; `/openapi.json`: all, for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from kg.pages.answers import with_answer
from kg.pages.layout import Alternate
from kg.queries.choices import Choices, Values
from kg.queries.openapi import describe_api
from kg.queries.pages import QueryPage, Viewer
from kg.site import Site
from kg.store.operation import Operation
from kg.store.parameters import bind, short
from kg.store.rdf_io import serialize
from kg.store.saved import TAKEN, SavedQuery
from kg.words import formats, negotiate
from kg.words.errors import BadParameter, KgError, NotAcceptable, NotFound
from kg.words.formats import HTML, PROBLEM, Carries, Format, by_suffix
from kg.words.names import PREFIXES

_LIST = (HTML, *formats.GRAPHS)
_OPENAPI = Format("OpenAPI", "application/json", "json", Carries.RESULT)


def blueprint(site: Site) -> Blueprint:
    """The routes of the saved queries."""
    routes = Blueprint("queries", __name__)
    choices = Choices(site.engine)

    @routes.get("/queries")
    @routes.get("/queries.<suffix>", endpoint="queries_suffix")
    def queries(suffix: str = "") -> Response:
        return _list(site, suffix)

    @routes.get("/queries/<path:path>")
    def query(path: str) -> Response:
        name, _, suffix = path.partition(".")
        found = site.release.saved.queries.get(name)
        if found is None:
            raise NotFound(f"no saved query is called {name}. {site.address.root}/queries lists them")
        return _query(site, found, suffix, choices)

    @routes.get("/openapi.json")
    def openapi() -> Response:
        document = json.dumps(describe_api(site.release, site.address.root), ensure_ascii=False, indent=1)
        return site.conditional(Response(document, content_type=_OPENAPI.content_type), _OPENAPI)

    return routes


def _list(site: Site, suffix: str) -> Response:
    format_ = _choose(suffix, _LIST, "the list of saved queries")
    catalogue, here = site.release.saved, f"{site.address.root}/queries"
    location = f"{here}.{format_.suffix}"
    if format_ is HTML:
        asked = request.args.get("q", "")
        page = Viewer(site.reader(), site.base).catalogue(catalogue.queries.values(), asked)
        alternates = tuple(Alternate(f.name, f"{here}.{f.suffix}", f.media_type) for f in formats.GRAPHS)
        response = site.page("queries.html", page=page, canonical=site.base + "queries", alternates=alternates)
        location += "?" + urlencode({"q": asked}) if asked else ""
    else:
        triples = sorted(catalogue.triples, key=str)
        response = Response(serialize(triples, format_, PREFIXES), content_type=format_.content_type)
    response.headers["Content-Location"] = location
    response.headers["Link"] = _service(site)
    return site.conditional(response, format_)


def _query(site: Site, query: SavedQuery, suffix: str, choices: Choices) -> Response:
    format_ = _choose(suffix, (HTML, *query.syntaxes), f"the answer of {query.name}")
    given = _given(query)
    if format_ is HTML:
        response = _page(site, query, given, choices.of(query), wanted=bool(suffix))
        if response.status_code >= 400:
            return response
    else:
        bindings = bind(query, given, site.release.store, site.base)
        operation = _operation(query, bindings, format_)
        response = site.stream(site.engine.answer(operation, request.environ.get("kg.abandonment")), operation)
    response.headers["Content-Location"] = site.address.saved(query.name, given, format_.suffix)
    links = [f'<{a.href}>; rel="alternate"; type="{a.media_type}"' for a in _downloads(site, query, given)]
    response.headers["Link"] = ", ".join([*links, _service(site)])
    return response


def _choose(suffix: str, offers: tuple[Format, ...], what: str) -> Format:
    """The syntax that the suffix names, else what Accept prefers."""
    if suffix:
        format_ = by_suffix(suffix, offers)
        if format_ is None:
            raise NotFound(
                f'there is no "{suffix}" of {what}. It can be had with .{", .".join(f.suffix for f in offers)}'
            )
        return format_
    chosen = negotiate.choose(request.headers.get("Accept"), offers)
    if chosen is None:
        types = tuple(f.media_type for f in offers)
        raise NotAcceptable(f"{what} can be had as {', '.join(types)}", types)
    return chosen


def _given(query: SavedQuery) -> dict[str, str]:
    """The values in the request's URL, each once."""
    given = {}
    for name, texts in request.args.lists():
        if name in TAKEN:
            continue
        if len(texts) > 1:
            raise BadParameter(f"{name} is given {len(texts)} times. Give it once", name)
        given[name] = texts[0]
    return given


def _operation(query: SavedQuery, bindings: tuple[tuple[str, str], ...], format_: Format) -> Operation:
    is_result = format_.carries is Carries.RESULT
    return Operation(query.text, format_ if is_result else None, None if is_result else format_, bindings=bindings)


def _page(site: Site, query: SavedQuery, given: Mapping[str, str], values: Values, *, wanted: bool) -> Response:
    """The page with its answer; what is wrong with a value is told people beside the form, with its status.

    values  to choose from
    wanted  a page was asked for by its suffix, so that its errors are pages too
    """
    viewer, address = Viewer(site.reader(), site.base), site.reader().address
    question = viewer.question(query)
    page = QueryPage(
        question=question,
        comment=viewer.text(query.comments),
        keywords=viewer.keywords(query),
        fields=tuple(viewer.field(p, given.get(p.variable), values.get(p.variable, ())) for p in query.parameters),
        text=query.text,
        edit_href=address.query(query.text),
        list_href=address.page("queries"),
        action=site.address.saved(query.name, {}),
        command="",
    )
    try:
        bindings = bind(query, given, site.release.store, site.base)
        text = query.with_values(bindings)
        page = replace(page, text=text, edit_href=address.query(text), command=_command(site, query, given))
        shown = formats.RESULTS_JSON if query.form != "CONSTRUCT" else formats.TURTLE
        answer = site.engine.answer(_operation(query, bindings, shown), request.environ.get("kg.abandonment"))
        page = with_answer(page, answer, viewer.reader)
    except KgError as error:
        if not wanted and negotiate.choose(request.headers.get("Accept"), (PROBLEM, HTML)) is PROBLEM:
            raise
        wrong, excerpt = getattr(error, "parameter", ""), getattr(error, "excerpt", "")
        return site.page(
            "query.html", page=replace(page, error=str(error), excerpt=excerpt, wrong=wrong), status=error.status
        )
    downloads = _downloads(site, query, given)
    response = site.page(
        "query.html",
        page=replace(page, downloads=downloads),
        canonical=f"{site.base}queries/{query.name}",
        alternates=downloads,
    )
    if not answer.repeatable:
        response.headers["Cache-Control"] = "no-store"
        return response
    return site.conditional(response, HTML)


def _downloads(site: Site, query: SavedQuery, given: Mapping[str, str]) -> tuple[Alternate, ...]:
    """The same answer in the syntaxes for programs."""
    return tuple(
        Alternate(f.name, site.address.saved(query.name, given, f.suffix), f.media_type) for f in query.syntaxes
    )


def _command(site: Site, query: SavedQuery, given: Mapping[str, str]) -> str:
    """A line for a shell; the defaults are written out, so that everybody sees what can be changed."""
    values = {p.variable: short(p.default, site.base) for p in query.parameters if p.default is not None}
    syntax = formats.RESULTS_CSV if query.form == "SELECT" else query.syntaxes[0]
    path = site.address.saved(query.name, {**values, **given}, syntax.suffix)
    return f"curl '{request.url_root.rstrip('/')}{path}'"


def _service(site: Site) -> str:
    return f'<{site.address.root}/openapi.json>; rel="service-desc"; type="{_OPENAPI.media_type}"'
