"""The index in memory: entries and the words in them in SQLite, the classes of their things beside.

An entry's number says how good a name it is: labels before other names, definitions and phrases, short ones before long
ones. FTS5 gives rows by number, so the first rows of any query are the likeliest, however many there are.
"""

from __future__ import annotations

import math
import pickle
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg.store.text import sound
from kg.store.text.folding import folded
from kg.store.text.ranking import Entry
from kg.store.text.texts import FIELDS, Classes, Text
from kg.store.text.vocabulary import Vocabulary

if TYPE_CHECKING:
    import sqlite3

_SCHEMA: Final = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE entry
  (id INTEGER PRIMARY KEY, thing INTEGER, field INTEGER, language TEXT, text TEXT, folded TEXT, key TEXT);
CREATE VIRTUAL TABLE word USING fts5(folded, key, content='', columnsize=0, tokenize='ascii', prefix='1 2 3');
"""
"""The tokenizer `ascii` parts words at spaces only: whatever is not ASCII belongs to a word."""
_INDEXES: Final = """
CREATE INDEX entry_folded ON entry (folded) WHERE field < 2;
CREATE INDEX entry_key ON entry (key) WHERE field < 2;
CREATE INDEX entry_thing ON entry (thing) WHERE field = 0;
"""
_ENTRY: Final = "SELECT id, thing, field, language, text, folded, key FROM entry"
_SAME: Final = 200
_ENTRIES: Final = "entries.sqlite"
_BESIDE: Final = "beside.pickle"
_MOST_MAPPED: Final = 1 << 40
_MANY: Final = 3
"""Digits of the number of mentions above which more do not count."""


@dataclass(frozen=True)
class Database:
    """Things by their number, entries by theirs. The connection is for one thread at a time.

    having   key of a word -> how many names have it
    things   IRI of each thing
    numbers  IRI -> number of the thing
    thing    for each entry the number of its thing; entries count from 1
    names    entries up to this one are names of things, those behind are definitions and phrases
    weights  of each thing, 0 to 1: the more statements lead to it, the higher
    classes  of each thing; stated: those of them that are worth telling
    """

    connection: sqlite3.Connection
    having: Counter[str]
    vocabulary: Vocabulary
    things: Sequence[str]
    numbers: Mapping[str, int]
    thing: Sequence[int]
    names: int
    weights: Sequence[float]
    classes: Sequence[frozenset[str]]
    stated: Sequence[frozenset[str]]

    def same(self, folded_: str, key: str) -> list[int]:
        """Names that are the same text, letter for letter or by key."""
        found = []
        for column, value in (("folded", folded_), ("key", key)):
            sql = f"SELECT id FROM entry WHERE {column} = ? AND field < 2 ORDER BY id LIMIT {_SAME}"  # noqa: S608
            found += [row[0] for row in self.connection.execute(sql, (value,))]
        return list(dict.fromkeys(found))

    def matching(self, expression: str, *, names: bool = False) -> Iterator[int]:
        """Entries for an FTS5 expression, the likeliest first; with `names` only names."""
        last = self.names if names else len(self.thing)
        sql = "SELECT rowid FROM word WHERE word MATCH ? AND rowid <= ? ORDER BY rowid"
        return (row[0] for row in self.connection.execute(sql, (expression, last)))

    def has(self, expression: str) -> bool:
        """Whether there is a name for an FTS5 expression."""
        return next(self.matching(expression, names=True), None) is not None

    def of(self, ids: Iterable[int], classes: frozenset[str], limit: int | None = None) -> list[int]:
        """Those entries whose thing is of one of the classes; no class asks for none."""
        kept = (i for i in ids if not classes or self.classes[self.thing[i - 1]] & classes)
        return list(islice(kept, limit))

    def entries(self, ids: Sequence[int]) -> dict[int, Entry]:
        """The entries with these numbers."""
        marks = ",".join("?" * len(ids))
        rows = self.connection.execute(f"{_ENTRY} WHERE id IN ({marks})", ids).fetchall()
        return {r[0]: Entry(r[1], FIELDS[r[2]], r[3], r[4], r[5], r[6]) for r in rows}

    def labels(self, thing: int) -> dict[str, str]:
        """language -> label of a thing."""
        rows = self.connection.execute("SELECT language, text FROM entry WHERE thing = ? AND field = 0", (thing,))
        return dict(sorted(rows.fetchall()))

    def rarity(self, key: str) -> float:
        """What the key of a word weighs: the more, the fewer names have it."""
        return 1 + math.log((1 + self.names) / (1 + self.having[key]))

    def facets(self, ids: Iterable[int]) -> dict[str, int]:
        """Class -> how many of the entries' things a file states to be of it; the commonest first."""
        groups = Counter(self.stated[thing] for thing in {self.thing[i - 1] for i in ids})
        counts: Counter[str] = Counter()
        for classes, count in groups.items():
            counts.update(dict.fromkeys(classes, count))
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def build(texts: Iterable[Text], classes: Classes, mentions: Mapping[str, int], folder: Path | None = None) -> Database:
    """A database with these texts.

    mentions  thing -> how many statements lead to it
    folder    where SQLite keeps its part, instead of in memory
    """
    import sqlite3

    rows = []
    keys: Counter[str] = Counter()
    for text in texts:
        if plain := folded(text.text):
            key = " ".join(map(sound.key, plain.split(" ")))
            field = FIELDS.index(text.field)
            rows.append((field, len(plain), plain, text.iri, text.language, text.text, key))
            if field < 2:
                keys.update(key.split(" "))
    rows.sort()
    things: dict[str, int] = {}
    thing = array("I", (things.setdefault(row[3], len(things)) for row in rows))
    if folder:
        clear(folder)
    file = folder / _ENTRIES if folder else ":memory:"
    connection = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
    connection.executescript(_SCHEMA)
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO entry (thing, field, language, text, folded, key) VALUES (?, ?, ?, ?, ?, ?)",
        ((number, r[0], r[4], r[5], r[2], r[6]) for number, r in zip(thing, rows, strict=True)),
    )
    connection.execute("INSERT INTO word (rowid, folded, key) SELECT id, folded, key FROM entry ORDER BY id")
    connection.execute("COMMIT")
    connection.executescript(_INDEXES)
    none: frozenset[str] = frozenset()
    return Database(
        connection,
        keys,
        Vocabulary(sorted(keys)),
        list(things),
        things,
        thing,
        sum(row[0] < 2 for row in rows),
        [min(1.0, math.log10(1 + mentions.get(iri, 0)) / _MANY) for iri in things],
        [classes.all.get(iri, none) for iri in things],
        [classes.stated.get(iri, none) for iri in things],
    )


def save(database: Database, folder: Path) -> None:
    """Complete what `build` left in a folder, so that another process can take it from there."""
    database.connection.close()
    with (folder / _BESIDE).open("wb") as file:
        for part in vars(replace(database, connection=None)).values():  # type: ignore[arg-type]
            pickle.dump(part, file)


def take(folder: Path) -> Database:
    """What another process has saved. Nothing stays in the folder; SQLite goes on reading its file, as memory."""
    import sqlite3

    with (folder / _BESIDE).open("rb") as file:  # part by part, as other threads have to wait for each
        parts = {name: pickle.load(file) for name in Database.__dataclass_fields__}  # noqa: S301  our own
    entries = folder / _ENTRIES
    connection = sqlite3.connect(f"{entries.as_uri()}?immutable=1", uri=True, check_same_thread=False)
    connection.execute(f"PRAGMA mmap_size = {_MOST_MAPPED}")
    connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # it is open now
    clear(folder)
    return Database(**parts | {"connection": connection})


def clear(folder: Path) -> None:
    """Let nothing stay of what `build` and `save` have written there."""
    for name in (_ENTRIES, _BESIDE):
        (folder / name).unlink(missing_ok=True)
