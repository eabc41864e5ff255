"""The whole server: release, query processes, application, front, HTTP."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import NoReturn

import uvloop
from flask import Flask

from kg.app import common_headers, create_app
from kg.evidence.texts import sources
from kg.front.acceptors import Acceptor, Acceptors
from kg.front.endpoint import Endpoint
from kg.front.metrics import Counts, Metrics
from kg.front.mounted import Mounted
from kg.front.quick import Options, Quick
from kg.front.server import Front
from kg.http import Balance, Passing, Returning, Server, bind
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
_SMALL_ANSWERS_BYTES = 16 << 20
"""Of an acceptor: what it keeps, once as answers and once as responses."""


def serve(
    settings: Settings,
    host: str,
    port: int,
    limits: Limits,
    *,
    acceptors: int,
    plain: bool,
    log: str,
    ready: Callable[[], None],
) -> int:
    """Serve until a signal comes; return the exit code.

    acceptors  processes that answer small queries beside the one that answers everything
    plain      an empty, writable store in one process, without others and caches
    log        "none", "json", or "json+query"
    ready      called once all is built, before the first request
    Raise BadInput if the release cannot be built, or nothing can listen there.
    """
    signal.signal(signal.SIGTERM, _leave)
    sockets = bind(host, port)
    built = release.empty(settings) if plain else release.build(project.read(settings))
    limits = replace(limits, federation=Federation(settings.services))
    with pool.opened(limits) as opened, pool.listen(opened.folder / "passed") as listener:
        if plain:
            alone = _plain(built, log)
            ready()
            return pool.run(opened, None, lambda: alone.run(sockets, opened.life))
        evaluator = Evaluator(built.store, settings.base, built.default).prepared()
        answering, beside = _pooled(built, evaluator, opened, log, listener, acceptors)
        ready()
        first, *others = (partial(a.run, sockets, opened.life) for a in (answering, *beside))
        return pool.run(opened, evaluator, first, others)


def _leave(number: int, frame: object) -> NoReturn:
    """End while the release is still being built: nothing stays behind."""
    raise SystemExit(128 + number)


@dataclass(frozen=True)
class _Answering:
    """A process that answers.

    server  made on the event loop, before the first request, with an event that stops it
    fork    called while this process has one thread only
    """

    server: Callable[[asyncio.Event], Server]
    fork: Callable[[], None] = lambda: None

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
        await self.server(stop).run(sockets, stop)


def _pooled(
    built: Release, evaluator: Evaluator, opened: Pool, log: str, listener: socket.socket, many: int
) -> tuple[_Answering, list[_Answering]]:
    """What answers everything, with a pool for queries that take more than next to nothing; and so many acceptors."""
    workers = AsyncPool(opened)
    engine = CachedEngine(workers, _ANSWER_CACHE_BYTES, _ANSWER_FILES_BYTES, evaluator.at_once)
    blocking = BlockingEngine(engine)
    acceptors = Acceptors(listener)
    balance = Balance(1 + many)
    metrics = Metrics(
        built.hash, built.triples, lambda: blocking.wait(workers.numbers()), lambda: blocking.wait(acceptors.counts())
    )
    texts = {iri: s.text for iri, s in sources(built.store, built.settings.sources).items() if s.text is not None}
    index = TextIndex.of(built)
    application = create_app(
        built, blocking, texts=texts, limits=opened.limits, metrics=metrics.text, index=index
    )  # fmt: skip
    for name in application.jinja_env.list_templates():
        application.jinja_env.get_template(name)  # compiled here, the first reader does not wait for it
    site, common = application.extensions["kg"], common_headers(built)
    front = Front(
        _mounted(application, built), _options(built, log, _RESPONSE_CACHE_BYTES), metrics.own,
        Endpoint(site, engine, common),
    )  # fmt: skip

    def everything(stop: asyncio.Event) -> Server:
        blocking.loop = asyncio.get_running_loop()
        workers.replenish()
        server = Server(front.handle, connect=partial(Returning, give=acceptors.give), balance=balance)
        acceptors.begin(server)
        return server

    def accepting(number: int, stop: asyncio.Event) -> Server:
        small = CachedEngine(workers, _SMALL_ANSWERS_BYTES, 0, evaluator.at_once)
        counts = Counts()
        quick = Quick(_options(built, log, _SMALL_ANSWERS_BYTES), counts, Endpoint(site, small, common))
        acceptor = Acceptor(listener, number, counts, stop)
        connect = partial(Passing, pass_on=acceptor.pass_on)
        server = Server(quick.answered, connect=connect, balance=balance, number=number)
        acceptor.begin(server)
        return server

    beside = [_Answering(partial(accepting, number)) for number in range(1, 1 + many)]
    return _Answering(everything, lambda: index.beside(opened.folder)), beside


def _plain(built: Release, log: str) -> _Answering:
    """What answers from a store that anybody may change."""
    engine = MemoryEngine(built.store, built.settings.base)
    metrics = Metrics(built.hash, built.triples, Numbers)
    application = create_app(built, engine, writable=True, metrics=metrics.text)
    front = Front(_mounted(application, built), _options(built, log, 0), metrics.own)
    return _Answering(lambda stop: Server(front.handle))


def _mounted(application: Flask, built: Release) -> Mounted:
    return Mounted(application, built.settings.root_path, built.settings.trusted_proxies)


def _options(built: Release, log: str, cache_bytes: int) -> Options:
    return Options(
        _THREADS, cache_bytes, log=log != "none", log_queries=log == "json+query",
        root_path=built.settings.root_path, trusts_proxies=built.settings.trusted_proxies > 0,
    )  # fmt: skip
