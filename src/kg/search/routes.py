"""`/search`: things by their words, as a page and as JSON; `/suggest`: while somebody types; `/opensearch.xml`."""

from __future__ import annotations

import json
from typing import Final

from flask import Blueprint, Response, request

from kg.pages.layout import Alternate
from kg.pages.phrases import phrase
from kg.search import asked as address
from kg.search import data, opensearch
from kg.search.asked import PAGE_SIZE
from kg.search.pages import pages, show
from kg.site import Site
from kg.store.text.index import Found, TextIndex
from kg.words import negotiate
from kg.words.errors import NotAcceptable, NotFound
from kg.words.formats import HTML, Carries, Format

JSON: Final = Format("JSON", "application/json", "json", Carries.RESULT)
SUGGESTIONS: Final = Format("OpenSearch suggestions", "application/x-suggestions+json", "suggestions", Carries.RESULT)
DESCRIPTION: Final = Format("OpenSearch", "application/opensearchdescription+xml", "xml", Carries.RESULT, ("text/xml",))
_SUGGESTED: Final = 8
_KEPT_S: Final = 300


def blueprint(site: Site, index: TextIndex) -> Blueprint:
    """The routes of the search."""
    routes = Blueprint("search", __name__)

    @routes.get("/search")
    @routes.get("/search.<suffix>", endpoint="search_suffix")
    def search(suffix: str = "") -> Response:
        return _search(site, index, suffix)

    @routes.get("/suggest")
    def suggest() -> Response:
        return _suggest(site, index)

    @routes.get("/opensearch.xml")
    def description() -> Response:
        title, language = site.title(), site.language()
        about = phrase("Names, definitions and quoted phrases", language)
        document = opensearch.description(title.text, about, _here(site), language)
        response = Response(document, content_type=DESCRIPTION.content_type)
        response.headers["Content-Language"] = language
        return site.conditional(response, DESCRIPTION)

    return routes


def _search(site: Site, index: TextIndex, suffix: str) -> Response:
    asked, reader = address.read(dict(request.args.lists())), site.reader()
    format_ = _choose(suffix)
    first = (asked.page - 1) * PAGE_SIZE
    found = Found()
    if asked.text:
        found = index.search(
            asked.text, classes=asked.classes, limit=PAGE_SIZE, offset=first, language=reader.languages[0]
        )
    if asked.page > pages(found):
        raise NotFound(f"this search has {pages(found)} pages, and none is number {asked.page}")
    as_json = asked.path(reader.address, json=True)
    if format_ is HTML:
        alternates = (Alternate(JSON.name, as_json, JSON.media_type),)
        response = site.page("search.html", page=show(asked, found, reader), alternates=alternates)
        response.headers["Link"] = f'<{as_json}>; rel="alternate"; type="{JSON.media_type}"'
    else:
        response = _json(data.search(asked, found, reader, _here(site)), JSON)
        response.headers["Content-Language"] = reader.language
    response.headers["Content-Location"] = as_json if format_ is JSON else asked.path(reader.address)
    return site.conditional(response, format_)


def _suggest(site: Site, index: TextIndex) -> Response:
    text, reader = address.words(dict(request.args.lists())), site.reader()
    format_ = negotiate.choose(request.headers.get("Accept"), (SUGGESTIONS, JSON)) or SUGGESTIONS
    hits = index.suggest(text, limit=_SUGGESTED, language=reader.languages[0])
    if format_ is JSON:
        response = _json(data.rich_suggestions(text, hits, reader), format_)
    else:
        response = _json(data.suggestions(text, hits, reader, _here(site)), format_)
    response.headers["Content-Language"] = reader.language
    response = site.conditional(response, format_)
    response.headers["Cache-Control"] = f"public, max-age={_KEPT_S}"
    return response


def _choose(suffix: str) -> Format:
    if suffix:
        if suffix not in (HTML.suffix, JSON.suffix):
            raise NotFound(f'there is no "{suffix}" of a search. It can be had with .html and .json')
        return JSON if suffix == JSON.suffix else HTML
    chosen = negotiate.choose(request.headers.get("Accept"), (HTML, JSON))
    if chosen is None:
        types = (HTML.media_type, JSON.media_type)
        raise NotAcceptable(f"a search can be had as {', '.join(types)}", types)
    return chosen


def _here(site: Site) -> str:
    """Where the client reached this site."""
    return request.url_root.rstrip("/") + site.address.root


def _json(document: object, format_: Format) -> Response:
    return Response(json.dumps(document, ensure_ascii=False), content_type=format_.content_type)
