"""The front: takes a request from the HTTP server, gives it to the application unless it knows the answer already."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from kg.app import REFUSAL
from kg.front import compression
from kg.front.endpoint import Endpoint
from kg.front.metrics import Counts
from kg.front.mounted import without
from kg.front.quick import Asked, Options, Quick, coding_of, refuse
from kg.front.requests import environ
from kg.front.wsgi import Head, Wsgi, begin
from kg.http import Exchange
from kg.store.operation import Operation
from kg.store.pieces import Piece
from kg.words.errors import BrokenOff, ClientGone, KgError

_ASKING = ("/sparql", "/queries", "/reconcile", "/ready")
"""Paths below which requests may wait for queries, or work for long: in threads of their own, others go on."""

log = logging.getLogger("kg")


class Front(Quick):
    """Answers requests: itself where it can, by way of a WSGI application where it cannot."""

    def __init__(self, application: Wsgi, options: Options, counts: Counts, endpoint: Endpoint | None = None) -> None:
        super().__init__(options, counts, endpoint)
        self.application = application
        self.quick, self.asking = (ThreadPoolExecutor(options.threads, name) for name in ("request", "query"))
        self.tasks: set[asyncio.Task[None]] = set()

    def handle(self, exchange: Exchange) -> None:
        """Answer a request, now or later. Called on the event loop."""
        if left := self.at_once(exchange):
            self.run(self.see_to(*left))

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Let something go on; the loop itself would forget it."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def see_to(self, asked: Asked, operation: Operation | None) -> None:
        """Answer, whatever comes.

        operation  for the endpoint; None for what the application sees to
        """
        exchange = asked.exchange
        try:
            await (self.ask(self.endpoint, operation, asked) if self.endpoint and operation else self.apply(asked))
        except BrokenOff as error:  # nothing is sent yet, so what ended it can still be told
            refuse(exchange, error.cause)
        except Exception:
            log.exception("request %s failed", asked.id)
            if exchange.status:
                exchange.break_off()
            else:
                refuse(exchange, KgError(f"this is our fault. Report it with the request id {asked.id}"))
        self.account(asked, "miss" if asked.key else "none")

    async def ask(self, endpoint: Endpoint, operation: Operation, asked: Asked) -> None:
        """Let the endpoint answer; the application tells it if there is no answer."""
        try:
            answer = await endpoint.engine.later(operation, asked.exchange.abandonment)
        except ClientGone:
            asked.exchange.break_off()
            return
        except KgError as error:
            await self.apply(asked, error)
            return
        chunks, said = answer.chunks, endpoint.head(operation, answer)
        if answer.body is not None:
            self.send_whole(asked, said, answer.body, keep=False)  # only once somebody asks again
            return
        try:
            try:
                pieces = await chunks.next(), await chunks.next()
            except BrokenOff as error:
                await self.apply(asked, error.cause)
            else:
                await self.send_stream(asked, said, pieces, chunks.next, answer.size)
        finally:
            chunks.close()

    async def apply(self, asked: Asked, refusal: KgError | None = None) -> None:
        """Let the application answer, in a thread.

        refusal  what it has to tell, if that is known already
        """
        loop = asyncio.get_running_loop()
        request = environ(asked.exchange)
        request["kg.abandonment"] = asked.exchange.abandonment
        request["kg.request_id"] = asked.id
        if refusal:
            request[REFUSAL] = refusal
        said = Head()
        asks = without(self.options.root_path, asked.exchange.path).startswith(_ASKING)
        executor = self.asking if asks else self.quick
        first, rest = await loop.run_in_executor(executor, begin, self.application, request, said)
        if rest is None:
            self.send_whole(asked, said, first, keep="no-store" not in said.header("cache-control"))
            return
        try:
            await self.send_stream(asked, said, (first,), lambda: loop.run_in_executor(executor, next, rest, b""))
        finally:
            await loop.run_in_executor(executor, rest.close)

    async def send_stream(
        self,
        asked: Asked,
        said: Head,
        pieces: tuple[Piece, ...],
        following: Callable[[], Awaitable[Piece]],
        size: int | None = None,
    ) -> None:
        """Send a body as it comes. If it breaks off, so does the connection.

        pieces  that are here already
        size    of the whole body, where that is known
        """
        exchange = asked.exchange
        coding = coding_of(exchange, said)
        compressor = compression.stream(coding) if coding else None
        length = None if coding else size
        exchange.begin((said.coded(coding) if coding else said).bytes(length), sized=length is not None)
        try:
            for piece in pieces:
                await exchange.send(compressor.compress(bytes(piece)) if compressor else piece)
            while piece := await following():
                await exchange.send(compressor.compress(bytes(piece)) if compressor else piece)
            if compressor:
                await exchange.send(compressor.finish())
            if length is not None and exchange.sent != length:
                raise ValueError(f"{length} bytes were promised")
        except ClientGone:
            exchange.break_off()
        except Exception as error:  # noqa: BLE001  whatever it was, the client must not take this for the end
            log.warning("request %s broke off after %d bytes: %r", asked.id, exchange.sent, error)
            self.counts.broken += 1
            exchange.break_off()
        else:
            exchange.end()
