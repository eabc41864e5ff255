"""`/sparql`: queries by GET and both forms of POST; a form or the editor for people, a description for machines."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, request

from kg.pages.answers import AnswerPage, with_answer
from kg.pages.layout import Alternate
from kg.site import Site
from kg.sparql import editor
from kg.sparql.description import describe_service
from kg.sparql.questions import understand
from kg.store.operation import Operation
from kg.store.rdf_io import serialize
from kg.words import formats, negotiate
from kg.words.errors import KgError, NotAcceptable
from kg.words.formats import HTML, RESULTS_JSON, Carries, Format
from kg.words.names import PREFIXES
from kg.words.protocol import Sent

_EDITOR_DATA = Format("editor", "application/json", "json", Carries.RESULT)


@dataclass(frozen=True, kw_only=True)
class SparqlPage(AnswerPage):
    """Context `page` of `sparql.html`.

    query      what was asked, or an example
    error      what is wrong, with `excerpt` pointing at the place
    prefixes   declarations of well-known prefixes that a query in error may lack
    editor     tells this build of the editor from others; empty where it has not been built
    """

    query: str
    editor: str = ""
    error: str = ""
    excerpt: str = ""
    prefixes: tuple[str, ...] = ()


def blueprint(site: Site) -> Blueprint:
    """The query endpoint's route."""
    routes = Blueprint("sparql", __name__)

    @routes.route("/sparql", methods=["GET", "POST"])
    def sparql() -> Response:
        question = understand(
            request.method, request.headers.get("Content-Type", ""), request.query_string, request.get_data(),
            request.headers.get("Accept"),
        )  # fmt: skip
        if question.operation is None:
            return _without_query(site)
        if question.page:
            return _page(site, question.sent, question.operation)
        answer = site.engine.answer(question.operation, request.environ.get("kg.abandonment"))
        return site.stream(answer, question.operation)

    terms = cache(lambda: editor.terms(site.release.store))

    @routes.get("/sparql/editor.json")
    def editor_data() -> Response:
        reader = site.reader()
        data = editor.gather(site.release, reader, terms())
        response = Response(json.dumps(asdict(data), ensure_ascii=False), content_type=_EDITOR_DATA.content_type)
        response.headers["Content-Language"] = reader.language
        return site.conditional(response, _EDITOR_DATA)

    return routes


def _without_query(site: Site) -> Response:
    offers = (HTML, *formats.GRAPHS)
    chosen = negotiate.choose(request.headers.get("Accept"), offers)
    if chosen is None:
        types = tuple(f.media_type for f in offers)
        raise NotAcceptable(f"without a query this is the service description, as {', '.join(types)}", types)
    if chosen is HTML:
        return site.conditional(_show(site, SparqlPage(query=editor.EXAMPLE)), HTML)
    triples = describe_service(site.release, request.url_root.rstrip("/") + site.address.root + "/sparql", site.limits)
    return site.conditional(Response(serialize(triples, chosen, PREFIXES), content_type=chosen.content_type), chosen)


def _page(site: Site, sent: Sent, operation: Operation) -> Response:
    """The answer as a page; what is wrong with the query is told beside it, with its status."""
    assert sent.text is not None
    page = SparqlPage(query=sent.text)
    try:
        shown = operation._replace(results=RESULTS_JSON, graph=formats.TURTLE)
        answer = site.engine.answer(shown, request.environ.get("kg.abandonment"))
        page = with_answer(page, answer, site.reader())
    except KgError as error:
        excerpt = getattr(error, "excerpt", "")
        page = replace(page, error=str(error), excerpt=excerpt, prefixes=_undeclared(sent.text))
        return _show(site, page, error.status)
    downloads = _downloads(site, sent, formats.GRAPHS if answer.format is formats.TURTLE else formats.RESULTS)
    return _show(site, replace(page, downloads=downloads))


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
    return site.page("sparql.html", status=status, page=replace(page, editor=_build()))


def _build() -> str:
    """When the editor was built; empty if it was not, as npm is not needed to serve."""
    built = Path(current_app.static_folder or "", "editor", "editor.js")
    return f"{built.stat().st_mtime_ns:x}" if built.is_file() else ""
