"""Search over a release: what people type in, things out."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.store.forking import end_with_parent, run_and_exit
from kg.store.release import Release
from kg.store.text import database, finding
from kg.store.text.database import Database
from kg.store.text.expression import beginning
from kg.store.text.folding import words
from kg.store.text.query import Query
from kg.store.text.ranking import Entry, matches, score, similarity
from kg.store.text.snippets import Snippet, snippet
from kg.store.text.texts import Field, classes, mentions, texts
from kg.words.errors import Busy
from kg.words.names import PREFIXES

RANKED: Final = 1000
"""Entries that a search puts in order; there is no way to those behind but another word."""
_RANKED_AT_ONCE: Final = 50
"""The same for each way to answer between two keystrokes."""
_CANDIDATES: Final = 150
_FEW: Final = 5
"""Candidates: with fewer, names that are less like the one asked for are looked at."""
_PATIENCE_S: Final = 2.0
_NICE: Final = 5
_OWN_LANGUAGE: Final = 0.004
_OFTEN_MENTIONED: Final = 0.03

log = logging.getLogger("kg")


@dataclass(frozen=True)
class Hit:
    """A thing that answers a query.

    label     what it is called: the name that answers, else its name in the language of what answers, else any
    language  of the label; empty if it has none. A phrase has no name: its label is its text
    field     what answers: a label, an alternative name, a definition (or other text) of it, or a phrase from a source
    score     0 to 1; see `ranking.score`, and `ranking.similarity` for candidates
    snippet   what answers, with the words marked
    classes   that files state the thing to be of, sorted
    """

    iri: str
    label: str
    language: str
    field: Field
    score: float
    snippet: Snippet
    classes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """The answer of a search.

    total   things that answer, of the classes asked for
    listed  how many of them are put in order; `hits` are some of these
    facets  class -> things of it that answer, whatever classes were asked for; the commonest first
    meant   the query with its misspelt words as the first hit has them; empty if none is
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    listed: int = 0
    facets: Mapping[str, int] = field(default_factory=dict)
    meant: str = ""


class TextIndex:
    """Full text over the names, definitions and quoted phrases of a release.

    It is built on first use in the process that asks, as a connection to SQLite does not survive a fork; or beside that
    process, by `beside`. Any thread may ask; one is answered at a time. It leaves nothing behind.
    Each question raises Busy if its turn does not come within two seconds, as while a large index is built.
    """

    def __init__(self, store: ox.Store, base: str) -> None:
        self._store, self._base = store, base
        self._lock = threading.Lock()
        self._built: tuple[int, Database] | None = None  # the process that built it, and what it built

    @classmethod
    def of(cls, release: Release) -> TextIndex:
        """The index of a release, not built yet."""
        return cls(release.store, release.settings.base)

    def build(self) -> None:
        """Build it now, so that nobody has to wait for it. Nothing happens if it is built."""
        with self._lock:
            self._database()

    def beside(self, folder: Path) -> None:
        """Let a forked process build it, and a thread of this one take it. Questions wait until that is done.

        folder  for the files by which it goes over, which must exist
        To be called while this process has one thread only. If the other one fails, this one builds it; on first use
        if there is no room for another.
        """
        try:
            builder = os.fork()
        except OSError as error:
            log.warning("no process can build the search index, so the first search does: %s", error)
            return
        self._lock.acquire()
        if builder == 0:
            run_and_exit(lambda: self._save(folder))
        threading.Thread(target=self._take, args=(builder, folder), daemon=True).start()

    def _save(self, folder: Path) -> None:
        end_with_parent()
        os.nice(_NICE)
        database.save(self._build(folder), folder)

    def _take(self, builder: int, folder: Path) -> None:
        try:
            _, status = os.waitpid(builder, 0)
            if status == 0:
                self._built = os.getpid(), database.take(folder)
            else:
                log.warning("the process that built the search index has failed. It is built here")
                database.clear(folder)
                self._database()
        finally:
            self._lock.release()

    @contextlib.contextmanager
    def _turn(self) -> Iterator[Database]:
        if not self._lock.acquire(timeout=_PATIENCE_S):
            raise Busy("the search index is being built, or too many search at once. Try again in a few seconds")
        try:
            yield self._database()
        finally:
            self._lock.release()

    def search(
        self, text: str, *, classes: Collection[str] = (), limit: int = 20, offset: int = 0, language: str = ""
    ) -> Found:
        """All things that answer, the best first; those whose names do come before those whose other texts do.

        classes   only things of one of these, inferred ones among them
        language  whose names come first among equals
        """
        only = frozenset(classes)
        with self._turn() as base:
            if (thing := _address(base, text)) is not None:
                return Found((_named(base, thing),), 1, 1, base.facets([base.thing.index(thing) + 1]))
            query, switched = finding.understood(base, text)
            if not query.words:
                return Found()
            query, ids = finding.texts(base, query)
            kept = base.of(ids, only)
            first = chain(base.same(query.folded, query.key), base.matching(beginning(query), names=True))
            entries = base.entries([*dict.fromkeys([*base.of(first, only, RANKED), *kept[:RANKED]])])
            best = _best(base, entries, lambda entry: score(query, entry, base.rarity), language)
            hits = tuple(_hit(base, query, entry, worth) for worth, entry in best[offset : offset + limit])
            total = len({base.thing[i - 1] for i in kept})
            meant = switched or _meant(base, text, query, entries, best)
            return Found(hits, total, len(best), base.facets(ids), meant)

    def suggest(self, text: str, *, classes: Collection[str] = (), limit: int = 10, language: str = "") -> list[Hit]:
        """The things that somebody who has typed this may mean, by their names, the likeliest first."""
        only = frozenset(classes)
        with self._turn() as base:
            query, _ = finding.understood(base, text)
            if not query.words:
                return []
            query, ids = finding.names(base, query, only, each=_RANKED_AT_ONCE, enough=1)
            best = _best(base, base.entries(ids), lambda entry: score(query, entry, base.rarity), language)
            return [_hit(base, query, entry, worth) for worth, entry in best[:limit]]

    def candidates(self, text: str, *, classes: Collection[str] = (), limit: int = 50) -> list[Hit]:
        """The things that a name may name, the most alike first: misspelt, transliterated, with words more or less.

        Two things may have the same score, even 1.
        """
        only = frozenset(classes)
        with self._turn() as base:
            query, _ = finding.understood(base, text)
            if not query.words:
                return []
            query, ids = finding.names(base, query, only, each=_CANDIDATES, enough=_FEW)
            best = _best(base, base.entries(ids), lambda entry: similarity(query, entry, base.rarity), "")
            return [_hit(base, query, entry, worth) for worth, entry in best[:limit]]

    def _database(self) -> Database:
        """The database of this process; it is built if there is none."""
        if self._built is None or self._built[0] != os.getpid():
            self._built = os.getpid(), self._build(None)
        return self._built[1]

    def _build(self, folder: Path | None) -> Database:
        kinds = classes(self._store, self._base + "graph/inferred")
        return database.build(texts(self._store), kinds, mentions(self._store), folder)


def _address(base: Database, text: str) -> int | None:
    """The thing whose IRI, or its short form, this is."""
    text = text.strip().removeprefix("<").removesuffix(">")
    prefix, colon, name = text.partition(":")
    if not colon or any(letter.isspace() for letter in text):
        return None
    return base.numbers.get(PREFIXES[prefix] + name if prefix in PREFIXES else text)


def _best(
    base: Database, entries: Mapping[int, Entry], value: Callable[[Entry], float], language: str
) -> list[tuple[float, Entry]]:
    """The best entry of each thing with its score, the best first."""
    best: dict[int, tuple[float, int, Entry]] = {}
    for number, entry in sorted(entries.items()):
        worth = value(entry)
        if not worth:
            continue
        worth += _OFTEN_MENTIONED * base.weights[entry.thing]
        worth += _OWN_LANGUAGE if language and entry.language == language else 0
        if entry.thing not in best or worth > best[entry.thing][0]:
            best[entry.thing] = worth, number, entry
    ordered = sorted(best.values(), key=lambda found: (-found[0], found[1]))
    return [(round(min(worth, 1.0), 4), entry) for worth, _, entry in ordered]


def _hit(base: Database, query: Query, entry: Entry, worth: float) -> Hit:
    label, language = entry.text, entry.language
    if entry.field in ("alternative", "definition"):
        labels = base.labels(entry.thing)
        language = language if language in labels else next(iter(labels), "")
        label = labels.get(language, label)
    shown = snippet(entry.text, entry.language, matches(query, entry))
    iri, kinds = base.things[entry.thing], tuple(sorted(base.stated[entry.thing]))
    return Hit(iri, label, language, entry.field, worth, shown, kinds)


def _named(base: Database, thing: int) -> Hit:
    """A thing that was asked for by its address."""
    language, label = next(iter(base.labels(thing).items()), ("", base.things[thing]))
    kinds = tuple(sorted(base.stated[thing]))
    return Hit(base.things[thing], label, language, "label", 1.0, Snippet(((label, False),), language), kinds)


def _meant(
    base: Database, text: str, query: Query, entries: Mapping[int, Entry], best: list[tuple[float, Entry]]
) -> str:
    """The query with its misspelt words as the name that is most like it has them; empty if none is misspelt."""
    if not best:
        return ""
    entry = max(
        (e for e in entries.values() if e.thing == best[0][1].thing), key=lambda e: score(query, e, base.rarity)
    )
    answers, right, typed = matches(query, entry), words(entry.text), words(text)
    if not any(match and match.forgiven for match in answers):
        return ""
    better = [
        entry.text[right[m.place].start : right[m.place].end] if m and m.forgiven else text[word.start : word.end]
        for word, m in zip(typed, answers, strict=False)
    ]
    return " ".join(better)
