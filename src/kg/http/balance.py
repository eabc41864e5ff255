"""How connections are shared out among processes that accept them on the same sockets."""

from __future__ import annotations

from mmap import mmap

_NOBODY = (1 << 32) - 1


class Balance:
    """How many connections each process has, in memory that they share: made before they are forked."""

    def __init__(self, processes: int = 1) -> None:
        self._counts = memoryview(mmap(-1, 4 * processes)).cast("I")
        for process in range(processes):
            self._counts[process] = _NOBODY

    def tell(self, process: int, connections: int | None) -> None:
        """A process has so many; None: it takes no more."""
        self._counts[process] = _NOBODY if connections is None else connections

    def least(self) -> tuple[int, int]:
        """How many the process has that has fewest, and which one that is."""
        return min((connections, process) for process, connections in enumerate(self._counts))

    def is_even(self, process: int) -> bool:
        """Whether no other process has fewer."""
        return self._counts[process] <= min(self._counts)

    def is_one_too_many(self, process: int) -> bool:
        """Whether one connection of this process would better be another's."""
        return self._counts[process] > min(self._counts) + 1
