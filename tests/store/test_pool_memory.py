"""What a process asks the kernel to do with its memory."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path

import pytest

from kg.store.pool import memory

MB = 1 << 20


def large_pages() -> int:
    """Bytes that this process has in large pages."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("AnonHugePages:"))


def has_large_pages() -> bool:
    release = tuple(int(part) for part in platform.release().split(".")[:2]) if sys.platform == "linux" else (0, 0)
    return release >= (6, 1) and Path("/sys/kernel/mm/transparent_hugepage").exists()


@pytest.mark.skipif(not has_large_pages(), reason="large pages need Linux 6.1 or later, built with them")
def test_what_is_in_use_goes_into_large_pages_and_stays_the_same() -> None:
    def run() -> bool:
        pieces = [os.urandom(16) * (8 * MB // 16) for _ in range(4)]
        before, sums = large_pages(), [hash(piece) for piece in pieces]
        memory.join_pages()
        return large_pages() - before > 24 * MB and [hash(bytes(memoryview(piece))) for piece in pieces] == sums

    pid = os.fork()
    if pid == 0:
        os._exit(0 if run() else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_where_there_are_no_large_pages_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_LIBRARY", object())
    memory.join_pages()
    memory.give_back_now()
    memory.give_back_soon()
