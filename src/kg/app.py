"""The application: rooms under one roof, one error handler, one set of headers."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from pathlib import Path

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from kg.catalog import routes as catalog
from kg.distribution import routes as distribution
from kg.operations import routes as operations
from kg.pages.labels import Labels
from kg.pages.once import Once
from kg.pages.signposting import Link
from kg.queries import routes as queries
from kg.reconcile import routes as reconcile
from kg.resource import routes as resource
from kg.search import routes as search
from kg.site import Site
from kg.sparql import routes as sparql
from kg.store.engine import Engine, MemoryEngine
from kg.store.pool import Limits
from kg.store.release import Release
from kg.store.text.index import TextIndex
from kg.update import routes as update
from kg.words import negotiate
from kg.words.errors import KgError, MethodNotAllowed, NotFound, Retired
from kg.words.formats import HTML, PROBLEM

_EXPOSED = "Link, ETag, Content-Location, Location, Retry-After, Server-Timing, X-KG-Release"

_MEMBERS = ("line", "column", "excerpt", "offers", "limit", "parameter", "expected", "example", "successors")
"""What problem documents tell of an error beside its message."""
_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
"""Content-Security-Policy: scripts are files of ours, and they ask this site only."""

REFUSAL = "kg.refusal"
"""Where a request's environment has the error that it is to be answered with."""

_KEPT_PAGES = 24
"""Large ones, of a few megabytes each: in every language, with some of each behind a path prefix."""

log = logging.getLogger("kg")


def common_headers(release: Release) -> dict[str, str]:
    """What every response says."""
    return {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": _EXPOSED,
        "X-KG-Release": release.hash,
        "X-Content-Type-Options": "nosniff",
    }


def create_app(
    release: Release,
    engine: Engine | None = None,
    *,
    texts: dict[str, str] | None = None,
    limits: Limits | None = None,
    writable: bool = False,
    metrics: Callable[[], bytes] | None = None,
    index: TextIndex | None = None,
) -> Flask:
    """The WSGI application that serves a release.

    engine    what evaluates queries; in this process if none is given
    texts     the source texts that the operator has, by IRI
    metrics   the numbers for /metrics; there is no such page without
    index     what the search asks; there is none without
    limits    of the engine's queries, to be told
    writable  also serve SPARQL Update and the Graph Store Protocol on the release's store (plain stores only)
    """
    settings = release.settings
    app = Flask("kg", static_folder=str(Path(__file__).parent / "static"))
    app.url_map.merge_slashes = False  # its redirect would name the scheme and host that the request came by
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    engine = engine or MemoryEngine(release.store, settings.base)
    labels = Labels(release.store, settings.languages)
    kept, rendered = Once(keeps=not writable), Once(keeps=not writable, most=_KEPT_PAGES)
    site = Site(release, engine, labels, texts or {}, limits, kept, rendered, index)
    app.extensions["kg"] = site
    app.register_blueprint(sparql.blueprint(site))
    app.register_blueprint(resource.blueprint(site))
    app.register_blueprint(catalog.blueprint(site))
    app.register_blueprint(queries.blueprint(site))
    app.register_blueprint(operations.blueprint(engine, metrics))
    if not writable:
        app.register_blueprint(distribution.blueprint(site))
    if index is not None:
        app.register_blueprint(search.blueprint(site, index))
        app.register_blueprint(reconcile.blueprint(site, index))
    if writable:
        app.register_blueprint(update.blueprint(release.store, settings.base))

    @app.before_request
    def refuse() -> None:
        """What was asked has been refused already, above the application; it is told here."""
        if error := request.environ.get(REFUSAL):
            raise error

    @app.errorhandler(KgError)
    def known(error: KgError) -> Response:
        return _problem(site, error)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        if error.code == 404:
            return _problem(site, NotFound(f"there is nothing at {request.path}"))
        if error.code == 405:
            allow = tuple(sorted(getattr(error, "valid_methods", None) or ()))
            return _problem(site, MethodNotAllowed(f"{request.path} takes {', '.join(allow)}", allow))
        return _problem(site, KgError(error.description or error.name), error.code, error.name)

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        request_id = request.environ.get("kg.request_id") or uuid.uuid4().hex[:12]
        log.exception("request %s failed", request_id, exc_info=error)
        return _problem(site, KgError(f"this is our fault. Report it with the request id {request_id}"))

    @app.after_request
    def finish(response: Response) -> Response:
        headers = response.headers
        headers.update(common_headers(release))
        if response.mimetype == "text/html":
            headers.setdefault("Content-Security-Policy", _POLICY)
        if request.method == "OPTIONS":
            headers["Access-Control-Allow-Methods"] = headers.get("Allow", "")
            headers["Access-Control-Allow-Headers"] = "Accept, Accept-Language, Content-Type, If-None-Match"
            headers["Access-Control-Max-Age"] = "86400"
            response.status_code = 204
            headers.pop("Content-Type", None)
        return response

    return app


def _problem(site: Site, error: KgError, status: int | None = None, title: str = "") -> Response:
    """A problem document (RFC 9457), or a page for people."""
    status, title = status or error.status, title or error.title
    if negotiate.choose(request.headers.get("Accept"), (PROBLEM, HTML)) is HTML:
        response = site.page("problem.html", status=status, error=error, title=title, code=status)
    else:
        document = {
            "type": f"{site.base}problem/{error.slug}",
            "title": title,
            "status": status,
            "detail": str(error),
        }
        for member in _MEMBERS:
            if value := getattr(error, member, None):
                document[member] = value
        response = jsonify(document)
        response.status_code = status
        response.content_type = PROBLEM.content_type
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(error.allow)
    if retry_after := getattr(error, "retry_after_s", None):
        response.headers["Retry-After"] = str(retry_after)
    if isinstance(error, Retired) and error.successors:
        response.headers["Link"] = ", ".join(str(Link(iri, "successor-version")) for iri in error.successors)
    response.headers["Vary"] = "Accept, Accept-Language"
    return response
