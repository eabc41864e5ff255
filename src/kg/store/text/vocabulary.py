"""The words that names are made of, found again when they are misspelt."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable
from heapq import nsmallest
from typing import Final

_MAX_COMPARED: Final = 400
_BROKEN_BY_AN_ERROR: Final = 4
"""Trigrams that one slip can break; two letters that change places break four."""


class Vocabulary:
    """Distinct keys with their trigrams."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._keys = list(keys)
        self._short = [_short(key) for key in self._keys]
        self._having: dict[str, array[int]] = {}
        for number, short in enumerate(self._short):
            for gram in set(_grams(f"^{short}$")):
                self._having.setdefault(gram, array("I")).append(number)

    def near(self, key: str, errors: int, *, prefix: bool, limit: int) -> dict[str, int]:
        """Keys at most so many slips away from a key (optimal string alignment) -> how many; the nearest first.

        prefix  also those that go on behind it
        """
        key = _short(key)
        grams = set(_grams(f"^{key}" if prefix else f"^{key}$"))
        shared: Counter[int] = Counter()
        for gram in grams:
            shared.update(self._having.get(gram, ()))
        enough = max(1, len(grams) - _BROKEN_BY_AN_ERROR * errors)
        likely = nsmallest(_MAX_COMPARED, ((-n, i) for i, n in shared.items() if n >= enough))
        found = []
        for _, number in likely:
            other = self._short[number]
            slips = self._distance(key, other, errors, prefix=prefix)
            if slips <= errors:
                found.append((slips, len(other), self._keys[number]))
        return {other: slips for slips, _, other in nsmallest(limit, found)}

    def _distance(self, key: str, other: str, errors: int, *, prefix: bool) -> int:
        """Slips between a key and another, or with `prefix` its beginning; more than `errors` if there are more.

        A beginning has to have the same first letter: so short a piece is near to too much without.
        """
        from rapidfuzz.distance import OSA

        slips = OSA.distance(key, other, score_cutoff=errors)
        if prefix and slips > errors and len(other) > len(key) and other[0] == key[0]:
            for length in range(len(key) - errors, min(len(key) + errors, len(other)) + 1):
                slips = min(slips, OSA.distance(key, other[:length], score_cutoff=errors))
        return slips


def _short(key: str) -> str:
    """A key with one letter for я and one for ю, which are one slip when they are left out."""
    return key.replace("ia", "y").replace("iu", "x")


def _grams(text: str) -> Iterable[str]:
    return (text[i : i + 3] for i in range(len(text) - 2))
