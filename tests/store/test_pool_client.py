"""Which worker a query gets."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import cast

from kg.store.pool import AsyncPool, Limits, Pool
from kg.store.pool.conversation import Worker
from tests.loops import run


class Line(asyncio.Transport):
    """A connection that closes as a real one does: whoever is at its end hears of it later."""

    def __init__(self) -> None:
        super().__init__()
        self.is_closed = False

    def close(self) -> None:
        self.is_closed = True


def test_a_worker_that_is_let_go_gets_no_query() -> None:
    async def given() -> Worker | None:
        pool = AsyncPool(Pool(Limits(workers=1), Path(), cast("tuple[object, object]", ()), 0, 0))  # type: ignore[arg-type]
        for _ in range(3):
            worker = Worker(pool)
            worker.connection_made(Line())
            pool.workers.add(worker)
            pool.rest(worker)
        pool.dismiss()
        return pool.next()

    worker = run(given())
    assert worker is not None
    assert not cast(Line, worker.transport).is_closed
