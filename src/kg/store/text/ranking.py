"""How well a text answers a query."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kg.store.text.query import Asked, Query, stem
from kg.store.text.texts import FIELDS, Field

_PENALTY: Final = 0.04
"""Of a name that is not the first, so that it comes behind the first where both fit equally."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A text in the index: its words as they are compared, and their keys, one for one."""

    thing: int
    field: Field
    language: str
    text: str
    folded: str
    key: str


@dataclass(frozen=True, slots=True)
class Match:
    """A word of a query and the word of a text that answers it.

    place    number of the word in the text
    quality  1 for the same letters, less the further apart they are
    forgiven the words differ by slips of the finger
    """

    place: int
    quality: float
    forgiven: bool = False


def match(word: Asked, folded: list[str], keys: list[str]) -> Match | None:
    """The word of a text that answers a word of a query best; None if none does."""
    best: Match | None = None
    for place, (other, key) in enumerate(zip(folded, keys, strict=True)):
        quality, forgiven = _quality(word, other, key)
        if quality and (best is None or quality > best.quality):
            best = Match(place, quality, forgiven)
            if quality == 1:
                break
    return best


def matches(query: Query, entry: Entry) -> list[Match | None]:
    """For each word of a query what answers it in a text."""
    folded, keys = entry.folded.split(" "), entry.key.split(" ")
    return [match(word, folded, keys) for word in query.words]


def score(query: Query, entry: Entry, rarity: Callable[[str], float]) -> float:
    """Where a text stands among all that answer, 0 to 1; 0 if no word does.

    rarity  what the key of a word weighs, where a text has only some of the words

    From 0.95 the whole name, from 0.8 the beginning of one, from 0.6 all words, from 0.4 all words when slips are
    forgiven, from 0.3 some words of a name, from 0.2 a definition, from 0.1 a phrase.
    """
    found = matches(query, entry)
    answered = [m for m in found if m]
    if not answered:
        return 0.0
    share = len(answered) / len(found)
    quality = sum(m.quality for m in answered) / len(found)
    if entry.field == "definition":
        return 0.2 + 0.09 * quality if share == 1 else 0.1 * quality
    if entry.field == "phrase":
        return 0.1 + 0.09 * quality if share == 1 else 0.1 * quality
    penalty = _PENALTY * FIELDS.index(entry.field)
    asked, key = query.folded, query.key
    if entry.folded == asked:
        return 1.0 - penalty / 2
    if entry.key == key:
        return 0.97 - penalty / 2
    fullness = min(1.0, len(asked) / len(entry.folded))
    if entry.folded.startswith(asked):
        return 0.84 + 0.1 * fullness - penalty
    if entry.key.startswith(key):
        return 0.82 + 0.1 * fullness - penalty
    if share < 1:
        weights = [rarity(word.keys[0]) for word in query.words]
        shared = sum(w * m.quality for w, m in zip(weights, found, strict=True) if m) / sum(weights)
        return 0.3 + 0.09 * shared * (0.5 + 0.5 * fullness)
    if any(m.forgiven for m in answered):
        return 0.42 + 0.15 * quality * (0.5 + 0.5 * fullness) - penalty
    return 0.62 + 0.15 * quality * (0.5 + 0.5 * fullness) - penalty


def similarity(query: Query, entry: Entry, rarity: Callable[[str], float]) -> float:
    """How alike a query and a name are as wholes, 0 to 1: what they share of the words of both (Dice's coefficient).

    rarity  what the key of a word weighs
    """
    if entry.folded == query.folded:
        return 1.0
    keys = entry.key.split(" ")
    taken: set[int] = set()
    both = asked = 0.0
    for word, found in zip(query.words, matches(query, entry), strict=True):
        weight = rarity(keys[found.place] if found else word.keys[0])
        asked += weight
        if found and found.place not in taken:
            taken.add(found.place)
            both += 2 * weight * found.quality
    return min(0.99, both / (asked + sum(map(rarity, keys))))


def _quality(word: Asked, other: str, key: str) -> tuple[float, bool]:
    if other == word.folded:
        return 1.0, False
    if key in word.keys:
        return 0.97, False
    if other.startswith(word.folded):
        return 0.7 + 0.2 * len(word.folded) / len(other), False
    if any(key.startswith(k) for k in word.keys):
        return 0.65 + 0.2 * len(word.keys[0]) / len(key), False
    if word.stem and (other == word.stem or stem(other) == word.stem):
        return 0.85, False
    if word.stem and other.startswith(word.stem):
        return 0.6, False
    if key in word.near:
        same_script = other.isascii() == word.folded.isascii()
        return (0.8 if same_script else 0.78) * (1 - word.near[key] / max(len(key), len(word.keys[0]))), True
    return 0.0, False
