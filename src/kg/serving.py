"""The whole server: release, query processes, application, front, HTTP."""

from __future__ import annotations

import asyncio
import multiprocessing
import resource
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, cast

from flask import Flask
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from kg.app import common_headers, create_app
from kg.evidence.texts import sources
from kg.front.endpoint import Endpoint
from kg.front.metrics import Metrics
from kg.front.mounted import Mounted
from kg.front.server import Front, Options
from kg.store import project, release
from kg.store.blocking import BlockingEngine
from kg.store.cached import CachedEngine
from kg.store.engine import MemoryEngine
from kg.store.evaluate import Evaluator
from kg.store.federation import Federation
from kg.store.pool import AsyncPool, Limits, Numbers, Pool, memory, start
from kg.store.pool.parent import end_with_parent
from kg.store.release import Release
from kg.store.text.index import TextIndex
from kg.words.settings import Settings

_THREADS = 32
_MOST_CONNECTIONS = 8192
_OTHER_FILES = 256
_STOPS_WITHIN_S = 5
"""Whatever still goes on then is ended: a query may take as long as the operator lets it."""
_INDEX_AFTER_S = 0.5
"""The search index is built when the first requests have been answered, or by the first search if that is sooner."""
_RESPONSE_CACHE_BYTES = 64 << 20
_ANSWER_CACHE_BYTES = 64 << 20
_ANSWER_FILES_BYTES = 1 << 30


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
    index = None if plain else TextIndex.of(built)
    pool = None if plain else start(Evaluator(built.store, settings.base, built.default), limits)
    try:
        front = _pooled(built, pool, index, log) if pool else _plain(built, log)
        server = Granian(
            "kg", address=host, port=port, interface=Interfaces.RSGI, http=HTTPModes.http1, workers=1, websockets=False,
            log_level=LogLevels.error, respawn_failed_workers=not plain, respawn_interval=0.1,
            backpressure=_more_connections(), workers_kill_timeout=_STOPS_WITHIN_S,
        )  # fmt: skip
        ready()
        server.serve(target_loader=cast(Any, partial(_in_worker, front, index)), wrap_loader=False)
    finally:
        if pool:
            pool.stop()


def _more_connections() -> int:
    """How many clients may be connected at once; the limit of open files is raised as far as that needs and may go.

    More than the HTTP server allows on its own, as a thousand idle clients would keep all others out.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_CONNECTIONS + _OTHER_FILES
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return max(most - _OTHER_FILES, 1)


def _pooled(built: Release, pool: Pool, index: TextIndex | None, log: str) -> Front:
    """A front whose queries are evaluated by a pool."""
    workers = AsyncPool(pool)
    engine = CachedEngine(workers, _ANSWER_CACHE_BYTES, _ANSWER_FILES_BYTES)
    blocking = BlockingEngine(engine)
    metrics = Metrics(built.hash, built.triples, lambda: blocking.wait(workers.numbers()))
    texts = {iri: s.text for iri, s in sources(built.store, built.settings.sources).items() if s.text is not None}
    application = create_app(
        built, blocking, texts=texts, limits=pool.limits, metrics=metrics.text, index=index
    )  # fmt: skip
    for name in application.jinja_env.list_templates():
        application.jinja_env.get_template(name)  # compiled here, the first reader does not wait for it
    endpoint = Endpoint(application.extensions["kg"], engine, common_headers(built))

    def begin(loop: asyncio.AbstractEventLoop) -> None:
        blocking.loop = loop
        loop.call_soon_threadsafe(workers.replenish)

    return Front(_mounted(application, built), _options(built, log, _RESPONSE_CACHE_BYTES), metrics, endpoint, begin)


def _plain(built: Release, log: str) -> Front:
    """A front whose store anybody may change."""
    engine = MemoryEngine(built.store, built.settings.base)
    metrics = Metrics(built.hash, built.triples, Numbers)
    application = create_app(built, engine, writable=True, metrics=metrics.text)
    return Front(_mounted(application, built), _options(built, log, 0), metrics)


def _mounted(application: Flask, built: Release) -> Mounted:
    return Mounted(application, built.settings.root_path, built.settings.trusted_proxies)


def _options(built: Release, log: str, cache_bytes: int) -> Options:
    return Options(
        _THREADS, cache_bytes, log=log != "none", log_queries=log == "json+query",
        root_path=built.settings.root_path, trusts_proxies=built.settings.trusted_proxies > 0,
    )  # fmt: skip


def _in_worker(front: Front, index: TextIndex | None) -> Front:
    """Called in the process that serves; it must not outlive the one that started it."""
    end_with_parent()
    memory.give_back_soon()
    if index is not None:
        building = threading.Timer(_INDEX_AFTER_S, index.build)
        building.daemon = True
        building.start()
    return front
