"""What the C library does with memory that is free again, where it is glibc. Source: mallopt(3), malloc_trim(3)."""

from __future__ import annotations

import ctypes

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_LIBRARY = ctypes.CDLL(None)


def give_back_soon() -> None:
    """From here on give back what large requests and answers took, as soon as they are gone.

    Left alone the library raises these thresholds as it goes, and keeps a heap for each thread.
    """
    if mallopt := getattr(_LIBRARY, "mallopt", None):
        for parameter, value in ((_M_MMAP_THRESHOLD, 1 << 18), (_M_TRIM_THRESHOLD, 1 << 20), (_M_ARENA_MAX, 2)):
            mallopt(parameter, value)


def give_back_now() -> None:
    """Give back what is free: before a fork, so that no process has it."""
    if trim := getattr(_LIBRARY, "malloc_trim", None):
        trim(0)
