"""What depends on the release only is computed once, when somebody first asks for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from cachetools import LRUCache

T = TypeVar("T")
_MISSING: Any = object()


class Once:
    """Computed values by key, the least used forgotten. Safe to use from many threads: one computes, the others wait.

    keeps  False for a store that changes: then every value is computed whenever it is asked for
    most   values that are kept
    """

    def __init__(self, *, keeps: bool = True, most: int = 256) -> None:
        self._keeps = keeps
        self._values: LRUCache[Hashable, Any] = LRUCache(most)
        self._computing: dict[Hashable, threading.Lock] = {}
        self._access = threading.Lock()

    def get(self, key: Hashable, compute: Callable[[], T]) -> T:
        """The value of the key; `compute` may ask for others, but not for its own."""
        if not self._keeps:
            return compute()
        value = self._kept(key)
        if value is _MISSING:
            with self._access:
                turn = self._computing.setdefault(key, threading.Lock())
            with turn:
                value = self._kept(key)
                if value is _MISSING:
                    value = compute()
                    with self._access:
                        self._values[key] = value
                        self._computing.pop(key, None)
        return value  # type: ignore[no-any-return]

    def _kept(self, key: Hashable) -> Any:
        with self._access:
            return self._values.get(key, _MISSING)
