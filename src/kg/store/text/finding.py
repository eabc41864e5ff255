"""Which entries may answer a query: those with its words; where there are none, those with words nearly like them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations, islice
from typing import Final

from kg.store.text import keyboard, sound
from kg.store.text.database import Database
from kg.store.text.expression import all_of, any_of, beginning, every, word
from kg.store.text.query import Asked, Query, parse

_CORRECTIONS: Final = 24
_SOME: Final = 1000
_LONG: Final = 5
_TELLING: Final = 3


def understood(base: Database, text: str) -> tuple[Query, str]:
    """The words of a text; where names have none of them, but all that the same keys write in another alphabet, those.

    Return also the text in that alphabet, empty for the text as it is.
    """
    query = _parsed(base, text)
    long = [asked for asked in query.words if len(asked.folded) >= _TELLING]
    if query.words and not any(_known(base, asked) for asked in long) and not base.has(every(query)):
        for other in keyboard.switched(text):
            meant = _parsed(base, other)
            if meant.words and base.has(every(meant)):
                return meant, other
    return query, ""


def _parsed(base: Database, text: str) -> Query:
    """The words of a text. All but the last are whole, unless they are short, as abbreviations are."""
    query = parse(text)
    whole = (replace(a, whole=len(a.folded) >= _LONG and a.keys[0] in base.having) for a in query.words[:-1])
    return Query((*whole, *query.words[-1:]))


def _known(base: Database, asked: Asked) -> bool:
    return any(key in base.having for key in asked.keys) or base.has(word(asked))


def texts(base: Database, query: Query) -> tuple[Query, list[int]]:
    """All entries that answer, the likeliest first, and the query with the slips that were forgiven to find them."""
    ids = list(base.matching(every(query)))
    if ids and ids[0] <= base.names:
        return query, ids
    forgiving = query
    for forgiving in _forgiving(base, query):
        if base.has(every(forgiving)):
            return forgiving, list(base.matching(every(forgiving)))
    return (query, ids) if ids else (forgiving, list(islice(_with_some(base, forgiving, names=False), _SOME)))


def names(base: Database, query: Query, only: frozenset[str], *, each: int, enough: int) -> tuple[Query, list[int]]:
    """The likeliest names: the query itself, those that begin with it, those with its words.

    Only if these are not enough things, also those with words like these, then those with some of them.
    each    entries that are taken in each of these ways
    enough  one, whatever is said here, where the query itself is a name
    Return also the query with the slips that were forgiven.
    """
    ids = base.of(base.same(query.folded, query.key), only)
    enough = 1 if ids else enough
    for one in (beginning(query), every(query)):
        ids += base.of(base.matching(one, names=True), only, each)
    for forgiving in _forgiving(base, query):
        if _things(base, ids) >= enough:
            break
        query = forgiving
        ids += base.of(base.matching(every(query), names=True), only, each)
    if _things(base, ids) < enough:
        ids += base.of(_with_some(base, query, names=True), only, each)
    return query, list(dict.fromkeys(ids))


def _forgiving(base: Database, query: Query) -> Iterator[Query]:
    """The query with what its unknown words may have been meant to be; then with that for all its words."""
    last = len(query.words) - 1
    every_one = frozenset(range(len(query.words)))
    unknown = frozenset(place for place, asked in enumerate(query.words) if not _known(base, asked))
    for forgiven in dict.fromkeys((unknown or every_one, every_one)):
        forgiving = (
            _forgive(base, asked, last=place == last) if place in forgiven else asked
            for place, asked in enumerate(query.words)
        )
        yield Query(tuple(forgiving))


def _forgive(base: Database, asked: Asked, *, last: bool) -> Asked:
    """The word with its corrections. The last one may be unfinished."""
    if not asked.errors:
        return asked
    near: dict[str, int] = {}
    for key in asked.keys:
        near |= base.vocabulary.near(key, asked.errors, prefix=last, limit=_CORRECTIONS)
    for place in range(len(asked.folded) - 1):  # th for ht is one slip, though the keys of th and ht differ by two
        swapped = asked.folded[:place] + asked.folded[place + 1] + asked.folded[place] + asked.folded[place + 2 :]
        if (key := sound.key(swapped)) in base.having:
            near[key] = 1
    return replace(asked, near=near)


def _with_some(base: Database, query: Query, *, names: bool) -> Iterator[int]:
    """Entries with all the words that are anywhere, or all but one of them, or the rarest."""
    known = {
        part: max(map(base.rarity, asked.keys))
        for asked in query.words
        if next(base.matching(part := word(asked), names=names), None) is not None
    }
    if not known:
        return iter(())
    some = [(max(known, key=known.__getitem__),), *combinations(known, max(1, len(known) - 1))]
    return base.matching(any_of(map(all_of, some)), names=names)


def _things(base: Database, ids: Iterable[int]) -> int:
    return len({base.thing[i - 1] for i in ids})
