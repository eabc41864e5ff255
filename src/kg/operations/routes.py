"""`/health`, `/ready`, `/metrics`."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response

from kg.store.engine import Engine
from kg.store.operation import Operation
from kg.words.errors import KgError

_READY_WITHIN_S = 2.0
_NEW_EACH_TIME = "ASK { FILTER(NOW() > 0) }"
"""A query whose answer is never repeated: to know it, somebody has to evaluate it."""


def blueprint(engine: Engine, metrics: Callable[[], bytes] | None) -> Blueprint:
    """The operators' routes. `metrics` gives the numbers in the Prometheus text format; None where nobody counts."""
    routes = Blueprint("operations", __name__)

    @routes.get("/health")
    def health() -> Response:
        return _text("alive\n")

    @routes.get("/ready")
    def ready() -> Response:
        try:
            engine.answer(Operation(_NEW_EACH_TIME, timeout_s=_READY_WITHIN_S)).body()
        except KgError as error:
            return _text(f"not ready: {error}\n", 503)
        return _text("ready\n")

    if metrics is not None:

        @routes.get("/metrics")
        def numbers() -> Response:
            response = Response(metrics(), content_type="text/plain; version=0.0.4; charset=utf-8")
            response.headers["Cache-Control"] = "no-store"
            return response

    return routes


def _text(text: str, status: int = 200) -> Response:
    response = Response(text, status, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response
