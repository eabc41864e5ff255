"""The query endpoint for programs, answered on the event loop: no thread and no application between it and a worker."""

from __future__ import annotations

from collections.abc import Mapping

from kg.front.wsgi import Head
from kg.http import Exchange, lines
from kg.site import Site, freshness
from kg.sparql.questions import understand
from kg.store.cached import CachedEngine
from kg.store.operation import AsyncAnswer, Operation
from kg.words.errors import KgError

_MAX_BODY_BYTES = 64 * 1024
"""More would hold up the event loop."""


class Endpoint:
    """Understands what most programs send; whatever is unusual or wrong is left to the application.

    engine   evaluates
    common   headers of every response
    """

    def __init__(self, site: Site, engine: CachedEngine, common: Mapping[str, str]) -> None:
        self.site, self.engine = site, engine
        self.path = site.release.settings.root_path + "/sparql"
        self.fixed: dict[str, bytes] = {
            control: lines({**common, "Vary": "Accept, Accept-Encoding", "Cache-Control": control}.items())
            for control in ("no-cache", "no-store")
        }

    def question(self, exchange: Exchange) -> Operation | None:
        """What a request asks of the endpoint; None for the application to see to it."""
        query_string, body = exchange.query_string, exchange.body
        usual = exchange.path == self.path and exchange.method in ("GET", "POST") and query_string.isascii()
        if not usual or len(body) > _MAX_BODY_BYTES:
            return None
        kind, accept = exchange.header(b"content-type") or "", exchange.header(b"accept") or ""
        try:
            asked = understand(exchange.method, kind, query_string, body, accept)
        except KgError:
            return None
        return None if asked.page else asked.operation

    def head(self, operation: Operation, answer: AsyncAnswer) -> Head:
        """What is said before an answer."""
        return Head(200, self.site.answer_headers(answer, operation), self.fixed[freshness(answer)])
