"""Curves between two columns of names, drawn in a square of 100 by 100 that the page stretches between them.

The names are text of the page, in rows of equal height, so a picture is as readable on a telephone as on a wall.
"""

from __future__ import annotations

from collections.abc import Sequence

_ROUNDS = 8

Edge = tuple[str, str]


def untangled(edges: Sequence[Edge]) -> tuple[list[str], list[str]]:
    """The ends on the left and on the right, in an order in which few edges cross.

    Each side in turn is put in the order of the mean place of its neighbours. Source: Sugiyama, Tagawa and Toda,
    Methods for Visual Understanding of Hierarchical System Structures, 1981, section III.
    """
    left, right = (list(dict.fromkeys(side)) for side in (zip(*edges, strict=True) if edges else ((), ())))
    best = (_crossings(left, right, edges), left, right)
    for number in range(_ROUNDS):
        step = -1 if number % 2 else 1  # ties fall the other way in every other round
        right = _by_neighbours(right[::step], left, [(b, a) for a, b in edges])
        left = _by_neighbours(left[::step], right, edges)
        best = min(best, (_crossings(left, right, edges), left, right), key=lambda found: found[0])
    return best[1], best[2]


def curve(start: int, starts: int, end: int, ends: int) -> str:
    """The path (SVG 2, section 9.3) from the middle of row `start` of `starts` to that of row `end` of `ends`."""
    y1, y2 = (round(100 * (row + 0.5) / rows, 1) for row, rows in ((start, starts), (end, ends)))
    return f"M0 {y1:g}C50 {y1:g} 50 {y2:g} 100 {y2:g}"


def _by_neighbours(these: list[str], others: list[str], edges: Sequence[Edge]) -> list[str]:
    place = {name: number for number, name in enumerate(others)}
    found: dict[str, list[int]] = {name: [] for name in these}
    for name, other in edges:
        found[name].append(place[other])
    return sorted(these, key=lambda name: sum(found[name]) / len(found[name]))


def _crossings(left: list[str], right: list[str], edges: Sequence[Edge]) -> int:
    a, b = ({name: number for number, name in enumerate(side)} for side in (left, right))
    lines = [(a[x], b[y]) for x, y in edges]
    return sum((p[0] - q[0]) * (p[1] - q[1]) < 0 for i, p in enumerate(lines) for q in lines[:i])
