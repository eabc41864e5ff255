"""What becomes of memory: that is free again, where the C library is glibc; that is shared, where the kernel is Linux.

Source: mallopt(3), malloc_trim(3), madvise(2).
"""

from __future__ import annotations

import ctypes
from pathlib import Path

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_MADV_COLLAPSE, _LARGE_PAGE = 25, 2 << 20
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


def join_pages() -> None:
    """Let the kernel hold what this process has in large pages, where it can: Linux 6.1 or later.

    To be called before a fork, which copies the list of all pages, and that is so much shorter; and large pages are
    found sooner wherever a query looks. What a child changes is still copied in small ones.
    """
    madvise = getattr(_LIBRARY, "madvise", None)
    maps = Path("/proc/self/maps")
    if madvise is None or not maps.exists():
        return
    madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    for line in maps.read_text().splitlines():
        addresses, rights, *_, inode = line.split()[:5]
        start, end = (int(address, 16) for address in addresses.split("-"))
        start, end = -(-start // _LARGE_PAGE) * _LARGE_PAGE, end // _LARGE_PAGE * _LARGE_PAGE
        if rights == "rw-p" and inode == "0" and start < end:
            madvise(start, end - start, _MADV_COLLAPSE)  # as far as there are such pages
