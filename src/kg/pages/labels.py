"""What things are called, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pyoxigraph as ox

from kg.words.names import LABEL_PROPERTIES, curie, local_name

_PROPERTIES = tuple(ox.NamedNode(p) for p in LABEL_PROPERTIES)


@dataclass(frozen=True)
class Label:
    """A name and the language it is in; an empty language where it is only a short form of the IRI."""

    text: str
    language: str = ""


class Labels:
    """Labels from a store that does not change.

    languages  the order in which other languages are tried when a thing has no name in the reader's
    """

    def __init__(self, store: ox.Store, languages: tuple[str, ...]) -> None:
        self._store = store
        self._languages = languages
        self.best = lru_cache(maxsize=20_000)(self._best)

    def all(self, iri: str) -> dict[str, str]:
        """language -> name, by the best property that names the thing at all."""
        for property_ in _PROPERTIES:
            found = {
                q.object.language or "": q.object.value
                for q in self._store.quads_for_pattern(ox.NamedNode(iri), property_, None, ox.DefaultGraph())
                if isinstance(q.object, ox.Literal)
            }
            if found:
                return dict(sorted(found.items()))
        return {}

    def _best(self, iri: str, language: str) -> Label:
        names = self.all(iri)
        for candidate in (language, *self._languages, "en", "", *names):
            if candidate in names:
                return Label(names[candidate], candidate)
        short = curie(iri)
        return Label(short if short != iri else local_name(iri))
