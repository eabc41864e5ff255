"""The whole server: release, query processes, application, front, HTTP."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, cast

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from kg.app import create_app
from kg.evidence.texts import sources
from kg.front.metrics import Metrics
from kg.front.server import Front, Options
from kg.store import project, release
from kg.store.cached import CachedEngine
from kg.store.engine import Engine, MemoryEngine
from kg.store.federation import Federation
from kg.store.pool import Limits, Numbers, PoolEngine, start
from kg.store.pool.parent import end_with_parent
from kg.store.release import Release
from kg.words.settings import Settings

_OTHER_REQUESTS = 16
_RESPONSE_CACHE_BYTES = 64 << 20
_ANSWER_CACHE_BYTES = 64 << 20


def serve(
    settings: Settings, host: str, port: int, limits: Limits, *, plain: bool, log: str, ready: Callable[[], None]
) -> None:
    """Serve until a signal comes.

    plain  an empty, writable store in one process, without query processes and caches
    log    "none", "json", or "json+query"
    ready  called once all is built, before the first request
    Raise BadInput if the release cannot be built.
    """
    # The store is inherited by every process, not sent to it: fork, on every system and before any thread.
    multiprocessing.set_start_method("fork", force=True)
    built = release.empty(settings) if plain else release.build(project.read(settings))
    limits = replace(limits, federation=Federation(settings.services))
    pool = None if plain else start(built.store, settings.base, limits)
    try:
        front = _front(built, PoolEngine(pool) if pool else None, limits, log, writable=plain)
        server = Granian(
            "kg", address=host, port=port, interface=Interfaces.RSGI, workers=1, websockets=False,
            log_level=LogLevels.error, respawn_failed_workers=not plain, respawn_interval=0.1,
        )  # fmt: skip
        ready()
        server.serve(target_loader=cast(Any, partial(_in_worker, front)), wrap_loader=False)
    finally:
        if pool:
            pool.stop()


def _front(built: Release, pool: PoolEngine | None, limits: Limits, log: str, *, writable: bool) -> Front:
    engine: Engine = CachedEngine(pool, _ANSWER_CACHE_BYTES) if pool else MemoryEngine(built.store, built.settings.base)
    texts = {iri: s.text for iri, s in sources(built.store, built.settings.sources).items() if s.text is not None}
    metrics = Metrics(built.hash, built.triples, pool.numbers if pool else Numbers)
    application = create_app(
        built, engine, texts=texts, limits=None if writable else limits, writable=writable, metrics=metrics.text
    )
    options = Options(
        threads=limits.workers + limits.queue + _OTHER_REQUESTS,
        cache_bytes=0 if writable else _RESPONSE_CACHE_BYTES,
        log=log != "none",
        log_queries=log == "json+query",
    )
    return Front(application, options, metrics)


def _in_worker(front: Front) -> Front:
    """Called in the process that serves; it must not outlive the one that started it."""
    end_with_parent()
    return front
