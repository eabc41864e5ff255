"""The things of a release that lists can be matched with: their names, classes and identifiers elsewhere."""

from __future__ import annotations

import math
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

import pyoxigraph as ox

from kg.reconcile.names import Name, Word, read
from kg.store.text.texts import classes, texts
from kg.words.names import DCTERMS, OWL, RDF, RDFS, SCHEMA, SH, SKOS, VOID

IDENTIFYING: Final = (
    OWL + "sameAs", SKOS + "exactMatch", SCHEMA + "sameAs", SCHEMA + "identifier", DCTERMS + "identifier",
    SKOS + "notation",
)  # fmt: skip
"""Properties whose value tells one thing from all others."""
_TECHNICAL: Final = (OWL, RDFS, RDF + "Property", SH, VOID)
"""Classes of what describes the data rather than what the data is about."""
_SUPERFLUOUS: Final = (OWL, RDFS, RDF)
_MIN_IDENTIFIER: Final = 3
_MANY: Final = 50
_INITIALS: Final = range(2, 8)


@dataclass(frozen=True)
class Label:
    """A name of a thing in a language; `preferred` if it is the best name in that language."""

    text: str
    language: str
    preferred: bool

    @property
    def name(self) -> Name:
        return read(self.text)


@dataclass(frozen=True)
class _Index:
    labels: dict[str, tuple[Label, ...]]
    classes: dict[str, frozenset[str]]
    stated: dict[str, frozenset[str]]
    instances: Counter[str]
    uses: Counter[str]
    quoted: dict[str, set[str]]
    initials: dict[str, set[str]]
    identifiers: dict[str, set[str]]


class Things:
    """Named things of a store that does not change; read once, when first asked for."""

    def __init__(self, store: ox.Store, base: str) -> None:
        self._store, self._base = store, base
        self._lock = threading.Lock()
        self._built: _Index | None = None
        self.weigh = lru_cache(maxsize=100_000)(self._weigh)

    def __contains__(self, iri: object) -> bool:
        return iri in self._index.labels

    def all(self) -> Iterator[str]:
        """The IRIs of all of them."""
        return iter(self._index.labels)

    def labels(self, iri: str) -> tuple[Label, ...]:
        """All names of a thing, preferred ones first."""
        return self._index.labels.get(iri, ())

    def classes(self, iri: str) -> list[str]:
        """The classes of a thing, the rarest first; of equally rare ones those of the base."""
        index = self._index
        return sorted(index.classes.get(iri, ()), key=lambda c: (index.instances[c], not c.startswith(self._base), c))

    def is_of(self, iri: str, classes: Iterable[str]) -> bool:
        """Whether a thing is of any of the classes."""
        return not self._index.classes.get(iri, frozenset()).isdisjoint(classes)

    def instances(self) -> Counter[str]:
        """class -> number of its things."""
        return self._index.instances

    def of_class(self, class_: str) -> Iterator[str]:
        """The things of a class."""
        return (iri for iri, found in self._index.classes.items() if class_ in found)

    def _weigh(self, word: Word) -> float:
        """How much a word tells: the fewer things have it, the more. Initials and noise tell next to nothing."""
        index = self._index
        weight = math.log(1 + len(index.labels) / max(1, index.uses[word.bucket]))
        if word.is_noise:
            return 0.05 * weight
        return 0.2 * weight if len(word.folded) == 1 and not word.folded.isdecimal() else weight

    def uses(self, word: Word) -> int:
        """How many things have the word in their names, roughly."""
        return self._index.uses[word.bucket]

    def is_common(self, word: Word) -> bool:
        """Whether so many things have the word in their names that looking for it is no use beside others."""
        return self.uses(word) > max(_MANY, len(self._index.labels) // 50)

    def is_own(self, word: Word, iri: str) -> bool:
        """Whether a quoted word of a thing's name is in the name of no other thing of its kind."""
        index = self._index
        kinds = index.stated.get(iri, frozenset())
        others = index.quoted.get(word.bucket, set()) - {iri}
        return not any(kinds & index.stated.get(other, frozenset()) for other in others)

    def by_identifier(self, text: str) -> frozenset[str]:
        """The things that have this identifier or address elsewhere: an IRI, or the last part of one.

        Another address with the same host and last part will do, such as that of a page at wikidata.org.
        """
        known, plain = self._index.identifiers, _plain(text)
        return frozenset(known.get(plain) or known.get(_ends(plain)) or ())

    def by_initials(self, letters: str) -> frozenset[str]:
        """The things that have a name with these initials, given folded."""
        return frozenset(self._index.initials.get(letters, ()))

    @property
    def _index(self) -> _Index:
        if self._built is None:
            with self._lock:
                self._built = self._built or self._build()
        return self._built

    def _build(self) -> _Index:
        kinds = classes(self._store, self._base + "graph/inferred")
        technical = {iri for iri, found in kinds.all.items() if any(c.startswith(_TECHNICAL) for c in found)}
        found: defaultdict[str, dict[tuple[str, str], bool]] = defaultdict(dict)
        for text in texts(self._store):
            if text.field in ("label", "alternative") and text.iri not in technical:
                found[text.iri].setdefault((text.text, text.language), text.field == "label")
        labels = {
            iri: tuple(Label(*key, preferred) for key, preferred in sorted(named.items(), key=lambda i: not i[1]))
            for iri, named in found.items()
        }
        buckets: dict[str, set[str]] = {}
        quoted: dict[str, set[str]] = {}
        initials: defaultdict[str, set[str]] = defaultdict(set)
        for iri, named in labels.items():
            words = [w for label in named for w in label.name.words]
            buckets[iri] = {w.bucket for w in words}
            quoted |= {w.bucket: set() for w in words if w.quoted}
            for label in named:
                for letters in _initials(label.name):
                    initials[letters].add(iri)
        for iri, own in buckets.items():
            for bucket in own & quoted.keys():
                quoted[bucket].add(iri)
        told = {iri: frozenset(c for c in kinds.all.get(iri, ()) if not c.startswith(_SUPERFLUOUS)) for iri in labels}
        return _Index(
            labels,
            told,
            kinds.stated,
            Counter(c for found_ in told.values() for c in found_),
            Counter(b for own in buckets.values() for b in own),
            quoted,
            dict(initials),
            self._identifiers(labels),
        )

    def _identifiers(self, labels: dict[str, tuple[Label, ...]]) -> dict[str, set[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for property_ in IDENTIFYING:
            for quad in self._store.quads_for_pattern(None, ox.NamedNode(property_), None, ox.DefaultGraph()):
                thing, value = quad.subject, quad.object
                if isinstance(thing, ox.NamedNode) and thing.value in labels and not isinstance(value, ox.Triple):
                    plain = _plain(value.value)
                    for key in {plain, _ends(plain), plain.rpartition("/")[2]}:
                        if len(key) >= _MIN_IDENTIFIER and any(map(str.isdigit, key)):
                            found[key].add(thing.value)
        return dict(found)


def _plain(text: str) -> str:
    """An address without scheme, `www.`, last slash and case; other text without case."""
    text = text.strip().removeprefix("<").removesuffix(">")
    try:
        parts = urlsplit(text)
    except ValueError:
        return text.casefold()
    if parts.scheme in ("http", "https"):
        text = text.partition("://")[2].removeprefix("www.").rstrip("/")
    return text.casefold()


def _ends(plain: str) -> str:
    """Host and last part of an address."""
    return f"{plain.partition('/')[0]} {plain.rpartition('/')[2]}"


def _initials(name: Name) -> set[str]:
    """The initials of the words that tell something: of all, and of those before the first that does not."""
    letters = [w.folded[0] for w in name.words if not w.is_noise]
    first = next((i for i, w in enumerate(name.words) if i and (w.is_noise or w.quoted)), len(name.words))
    before = [w.folded[0] for w in name.words[:first] if not w.is_noise]
    return {"".join(found) for found in (letters, before) if len(found) in _INITIALS}
