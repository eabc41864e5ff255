"""The expansion of documents, kept up to date: what a document changes costs what the document costs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from kg.store import claims
from kg.store.claims import Annotation, Expansion, Key, Origin
from kg.store.rdf_io import Document, Term
from kg.words.findings import Finding


@dataclass(frozen=True)
class _Part:
    """What one document gives."""

    document: Document
    expansion: Expansion
    annotations: dict[Key, Annotation]


class Expander:
    """Documents and what they expand to, the same as `claims.expand` makes of them.

    origins  where each generated node or phrase was written
    """

    def __init__(self, base: str) -> None:
        self._base = base
        self._parts: dict[str, _Part] = {}
        self._holders: dict[Key, set[str]] = defaultdict(set)
        self._alike: dict[str, set[Key]] = defaultdict(set)  # by what their claims' IRIs would both end in
        self._made: dict[Key, Expansion] = {}
        self._count: Counter[ox.Quad] = Counter()
        self.origins = Origins()

    @property
    def findings(self) -> list[Finding]:
        expansions = (*(part.expansion for part in self._parts.values()), *self._made.values())
        return [finding for expansion in expansions for finding in expansion.findings]

    def update(self, documents: Sequence[Document]) -> tuple[list[ox.Quad], list[ox.Quad]]:
        """These are the documents now. Return the quads that have come and those that have gone."""
        now = {d.name: d for d in documents}
        before = {name: part.document for name, part in self._parts.items()}
        changed = [n for n in {**before, **now} if before.get(n) is not now.get(n)]
        come: list[ox.Quad] = []
        gone: list[ox.Quad] = []
        touched: dict[Key, None] = {}
        for name in changed:
            if name in before:
                gone += self._forget(name, touched)
            if name in now:
                come += self._take(now[name], touched)
        self._parts = {name: self._parts[name] for name in now}
        for key in list(touched):
            touched.update(dict.fromkeys(self._alike[claims.digest(key)[: claims.SHORT]]))
        for key in touched:
            if (made := self._made.pop(key, None)) is not None:
                self.origins.remove(key, made)
                gone += made.quads
        for key in touched:
            if self._holders[key]:
                made = self._made[key] = self._describe(key)
                self.origins.add(key, made)
                come += made.quads
        return self._difference(come, gone)

    def _take(self, document: Document, touched: dict[Key, None]) -> list[ox.Quad]:
        part = _Part(document, Expansion(), {})
        claims.collect(document, self._base, part.annotations, part.expansion)
        self._parts[document.name] = part
        for key in part.annotations:
            self._holders[key].add(document.name)
            self._alike[claims.digest(key)[: claims.SHORT]].add(key)
        touched.update(dict.fromkeys(part.annotations))
        return part.expansion.quads

    def _forget(self, name: str, touched: dict[Key, None]) -> list[ox.Quad]:
        part = self._parts.pop(name)
        for key in part.annotations:
            self._holders[key].discard(name)
            if not self._holders[key]:
                self._alike[claims.digest(key)[: claims.SHORT]].discard(key)
        touched.update(dict.fromkeys(part.annotations))
        return part.expansion.quads

    def _describe(self, key: Key) -> Expansion:
        digest = claims.digest(key)
        first = min(claims.digest(k) for k in self._alike[digest[: claims.SHORT]])
        name = digest[: claims.SHORT if digest == first else claims.LONG]
        found = [part.annotations[key] for n, part in self._holding(key)]
        return claims.described(claims.merged(found), name, self._base)

    def _holding(self, key: Key) -> list[tuple[str, _Part]]:
        names = self._holders[key]
        if len(names) == 1:
            return [(name, self._parts[name]) for name in names]
        return [(name, part) for name, part in self._parts.items() if name in names]

    def _difference(self, come: list[ox.Quad], gone: list[ox.Quad]) -> tuple[list[ox.Quad], list[ox.Quad]]:
        if not gone and not self._count:
            self._count.update(come)
            return list(self._count), []
        there = {q: self._count[q] > 0 for q in (*come, *gone)}
        self._count.update(come)
        self._count.subtract(gone)
        now = {q: self._count[q] > 0 for q in there}
        for quad, stays in now.items():
            if not stays:
                del self._count[quad]
        return [q for q, was in there.items() if now[q] and not was], [
            q for q, was in there.items() if was and not now[q]
        ]


class Origins:
    """Where generated nodes and phrases were written; of several places, that of the claim whose digest sorts first."""

    def __init__(self) -> None:
        self._places: dict[ox.NamedNode | ox.Triple, dict[str, Origin]] = defaultdict(dict)

    def get(self, made: Term) -> Origin | None:
        places = self._places.get(made)  # type: ignore[arg-type]
        return places[min(places)] if places else None

    def add(self, key: Key, made: Expansion) -> None:
        for node, origin in made.origins.items():
            self._places[node][claims.digest(key)] = origin

    def remove(self, key: Key, made: Expansion) -> None:
        for node in made.origins:
            del self._places[node][claims.digest(key)]
