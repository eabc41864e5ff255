"""Which worker a query gets."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import cast

from kg.store.pool import AsyncPool, Limits, Pool
from kg.store.pool.conversation import Pace, Worker
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


def test_a_query_that_takes_no_processor_time_is_not_put_back(tmp_path: Path) -> None:
    async def paces() -> list[Pace]:
        pool = AsyncPool(Pool(Limits(workers=2, slow=2), tmp_path, cast("tuple[object, object]", ()), 0, 0))  # type: ignore[arg-type]
        codes = ("while True: pass", "import time; time.sleep(60)")
        processes = [await asyncio.create_subprocess_exec(sys.executable, "-c", code) for code in codes]
        workers = [Worker(pool), Worker(pool)]
        for worker, process in zip(workers, processes, strict=True):
            worker.pid, worker.pace, worker.since = process.pid, Pace.QUICK, -1e9
            pool.workers.add(worker)
        pool.look()
        while workers[0].pace is not Pace.LONG:
            await asyncio.sleep(0.05)
        found = [worker.pace for worker in workers]
        pool.workers.clear()
        for process in processes:
            process.kill()
            await process.wait()
        return found

    assert run(paces()) == [Pace.LONG, Pace.SLOW]
