"""The whole server: release, query processes, application, front, HTTP."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NoReturn

import uvloop
from flask import Flask

from kg.app import common_headers, create_app
from kg.evidence.texts import sources
from kg.front.endpoint import Endpoint
from kg.front.metrics import Metrics
from kg.front.mounted import Mounted
from kg.front.server import Front, Options
from kg.http import Server, bind
from kg.store import pool, project, release
from kg.store.blocking import BlockingEngine
from kg.store.cached import CachedEngine
from kg.store.engine import MemoryEngine
from kg.store.evaluate import Evaluator
from kg.store.federation import Federation
from kg.store.pool import AsyncPool, Limits, Numbers, Pool, memory
from kg.store.release import Release
from kg.store.text.index import TextIndex
from kg.words.settings import Settings

_THREADS = 32
_RESPONSE_CACHE_BYTES = 64 << 20
_ANSWER_CACHE_BYTES = 64 << 20
_ANSWER_FILES_BYTES = 1 << 30


def serve(
    settings: Settings, host: str, port: int, limits: Limits, *, plain: bool, log: str, ready: Callable[[], None]
) -> int:
    """Serve until a signal comes; return the exit code.

    plain  an empty, writable store in one process, without query processes and caches
    log    "none", "json", or "json+query"
    ready  called once all is built, before the first request
    Raise BadInput if the release cannot be built, or nothing can listen there.
    """
    signal.signal(signal.SIGTERM, _leave)
    sockets = bind(host, port)
    built = release.empty(settings) if plain else release.build(project.read(settings))
    limits = replace(limits, federation=Federation(settings.services))
    with pool.opened(limits) as opened:
        evaluator = None if plain else Evaluator(built.store, settings.base, built.default).prepared()
        answering = _pooled(built, evaluator, opened, log) if evaluator else _plain(built, log)
        ready()
        return pool.run(opened, evaluator, lambda: answering.run(sockets, opened.life))


def _leave(number: int, frame: object) -> NoReturn:
    """End while the release is still being built: nothing stays behind."""
    raise SystemExit(128 + number)


@dataclass(frozen=True)
class _Answering:
    """The process that answers.

    fork   called while this process has one thread only
    begin  called on the event loop, before the first request
    """

    front: Front
    fork: Callable[[], None]
    begin: Callable[[], None]

    def run(self, sockets: list[socket.socket], life: int) -> None:
        """Answer until a signal comes, or the parent has gone."""
        memory.give_back_soon()
        self.fork()
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(self.answer(sockets, life))

    async def answer(self, sockets: list[socket.socket], life: int) -> None:
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        loop.add_signal_handler(signal.SIGTERM, stop.set)
        loop.add_reader(life, stop.set)
        self.begin()
        await Server(self.front.handle).run(sockets, stop)


def _pooled(built: Release, evaluator: Evaluator, opened: Pool, log: str) -> _Answering:
    """A front whose queries are evaluated by a pool, but for those that take next to nothing."""
    workers = AsyncPool(opened)
    engine = CachedEngine(workers, _ANSWER_CACHE_BYTES, _ANSWER_FILES_BYTES, evaluator.at_once)
    blocking = BlockingEngine(engine)
    metrics = Metrics(built.hash, built.triples, lambda: blocking.wait(workers.numbers()))
    texts = {iri: s.text for iri, s in sources(built.store, built.settings.sources).items() if s.text is not None}
    index = TextIndex.of(built)
    application = create_app(
        built, blocking, texts=texts, limits=opened.limits, metrics=metrics.text, index=index
    )  # fmt: skip
    for name in application.jinja_env.list_templates():
        application.jinja_env.get_template(name)  # compiled here, the first reader does not wait for it
    endpoint = Endpoint(application.extensions["kg"], engine, common_headers(built))

    def begin() -> None:
        blocking.loop = asyncio.get_running_loop()
        workers.replenish()

    front = Front(_mounted(application, built), _options(built, log, _RESPONSE_CACHE_BYTES), metrics, endpoint)
    return _Answering(front, lambda: index.beside(opened.folder), begin)


def _plain(built: Release, log: str) -> _Answering:
    """A front whose store anybody may change."""

    def nothing() -> None:
        """To fork, or to begin."""

    engine = MemoryEngine(built.store, built.settings.base)
    metrics = Metrics(built.hash, built.triples, Numbers)
    application = create_app(built, engine, writable=True, metrics=metrics.text)
    return _Answering(Front(_mounted(application, built), _options(built, log, 0), metrics), nothing, nothing)


def _mounted(application: Flask, built: Release) -> Mounted:
    return Mounted(application, built.settings.root_path, built.settings.trusted_proxies)


def _options(built: Release, log: str, cache_bytes: int) -> Options:
    return Options(
        _THREADS, cache_bytes, log=log != "none", log_queries=log == "json+query",
        root_path=built.settings.root_path, trusts_proxies=built.settings.trusted_proxies > 0,
    )  # fmt: skip
