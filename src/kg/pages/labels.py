"""What things are called, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import pyoxigraph as ox

from kg.pages import terms
from kg.words.names import LABEL_PROPERTIES, RDF, curie, local_name

_PROPERTIES = tuple(ox.NamedNode(p) for p in LABEL_PROPERTIES)
_PARTS = tuple(ox.NamedNode(RDF + name) for name in ("subject", "predicate", "object"))


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

    def choose(self, texts: Mapping[str, str], language: str) -> Label | None:
        """The text of several (language -> text) that the reader understands best; None if there is none."""
        for candidate in (language, *self._languages, "en", "", *texts):
            if candidate in texts:
                return Label(texts[candidate], candidate)
        return None

    def _best(self, iri: str, language: str) -> Label:
        if label := self._name(iri, language):
            return label
        if statement := self._statement(iri, language):
            return Label(statement, language)
        return _short(iri)

    def _name(self, iri: str, language: str) -> Label | None:
        if label := self.choose(self.all(iri), language):
            return label
        known = terms.name(iri, language)
        return Label(known, language) if known else None

    def _statement(self, iri: str, language: str) -> str:
        """What a claim claims; empty for what is no statement."""
        parts = []
        for property_ in _PARTS:
            quads = self._store.quads_for_pattern(ox.NamedNode(iri), property_, None, ox.DefaultGraph())
            part = next((q.object for q in quads), None)
            if isinstance(part, ox.NamedNode):
                parts.append((self._name(part.value, language) or _short(part.value)).text)
            elif isinstance(part, ox.Literal):
                parts.append(part.value)
        return " – ".join(parts) if len(parts) == len(_PARTS) else ""


def _short(iri: str) -> Label:
    short = curie(iri)
    return Label(short if short != iri else local_name(iri))
