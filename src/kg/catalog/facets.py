"""What narrows a list of things, found in the data: properties with few values that many of the things have."""

from __future__ import annotations

from dataclasses import dataclass

from kg.catalog.census import Census, Path

_MOST_VALUES = 200
_FEWEST_A_VALUE = 1.5
"""Things that share a value, on average: with fewer, the values are as good as names."""
_SMALLEST_SHARE = 0.08
_MOST_FACETS = 8


@dataclass(frozen=True)
class Facet:
    """A property, or a path of two, by whose values a list is narrowed. values: value -> the things that have it."""

    path: Path
    values: dict[str, int]


def facets(census: Census, things: int) -> tuple[Facet, ...]:
    """The facets of a set of things, those that most of them have first.

    Where the values of a property are nearly as many as the things, the properties of these values are tried in its
    place: partnerships have few countries, though many parties.
    """
    found: list[Facet] = []
    for property_, values in census.values.items():
        reached = _within(values, things)
        if _narrows(reached, things):
            found.append(Facet((property_,), reached))
        elif len(reached) > 1:
            found += _beyond(census, property_, reached, things)
    found.sort(key=lambda f: (-_covered(f.values).bit_count(), len(f.path), f.path))
    distinct: dict[frozenset[tuple[str, int]], Facet] = {}
    for facet in found:
        distinct.setdefault(frozenset(facet.values.items()), facet)
    return tuple(distinct.values())[:_MOST_FACETS]


def _beyond(census: Census, first: str, reached: dict[str, int], things: int) -> list[Facet]:
    between = 0
    for value in reached:
        between |= 1 << census.places[value] if value in census.places else 0
    if not between:
        return []
    found = []
    for second, values in census.values.items():
        if second == first or not _narrows(_within(values, between), between):
            continue
        further = _within(census.along((first, second)), things)
        if _narrows(further, things):
            found.append(Facet((first, second), further))
    return found


def _within(values: dict[str, int], things: int) -> dict[str, int]:
    return {value: both for value, members in values.items() if (both := members & things)}


def _narrows(values: dict[str, int], things: int) -> bool:
    covered = _covered(values).bit_count()
    splits = len(values) > 1 or (len(values) == 1 and covered < things.bit_count())
    return (
        splits
        and len(values) <= _MOST_VALUES
        and covered >= max(2, _SMALLEST_SHARE * things.bit_count())
        and sum(m.bit_count() for m in values.values()) >= _FEWEST_A_VALUE * len(values)
    )


def _covered(values: dict[str, int]) -> int:
    covered = 0
    for members in values.values():
        covered |= members
    return covered
