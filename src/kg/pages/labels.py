"""What things are called, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import pyoxigraph as ox

from kg.pages import terms
from kg.pages.phrases import ENGLISH, INTERFACE_LANGUAGES
from kg.words.names import LABEL_PROPERTIES, RDF, curie, local_name

_PROPERTIES = tuple(ox.NamedNode(p) for p in LABEL_PROPERTIES)
_PARTS = tuple(ox.NamedNode(RDF + name) for name in ("subject", "predicate", "object"))
_SEVERAL = "mul"
_LONGEST = 300


@dataclass(frozen=True)
class Label:
    """A name and the language it is in; an empty language where it is only a short form of the IRI."""

    text: str
    language: str = ""


class Labels:
    """Labels from a store that does not change.

    fallback  the languages that are tried when a thing has no name in one that the reader asks for

    `languages`, wherever it is asked for, is the order in which a reader wants them; behind it come texts without a
    language, then any.
    """

    def __init__(self, store: ox.Store, fallback: tuple[str, ...]) -> None:
        self._store = store
        self.fallback = (*fallback, ENGLISH)
        self.best = lru_cache(maxsize=20_000)(self._best)

    @cached_property
    def languages(self) -> frozenset[str]:
        """The language tags of the store's texts, and of the interface and the operator, in lower case."""
        found = self._store.query("SELECT DISTINCT (LANG(?text) AS ?tag) { ?thing ?property ?text }")
        assert isinstance(found, ox.QuerySolutions)
        spoken = (tag.value.lower() for s in found if isinstance(tag := s["tag"], ox.Literal) and tag.value)
        return frozenset((*INTERFACE_LANGUAGES, *(tag.lower() for tag in self.fallback), *spoken))

    def all(self, iri: str) -> dict[str, str]:
        """language -> name, by the best property that names the thing at all."""
        for property_ in _PROPERTIES:
            found = {
                q.object.language or "": q.object.value
                for q in self._store.quads_for_pattern(ox.NamedNode(iri), property_, None, ox.DefaultGraph())
                if isinstance(q.object, ox.Literal) and not _is_blank(q.object.value)
            }
            if found:
                return dict(sorted(found.items()))
        return {}

    def choose(self, texts: Mapping[str, str], languages: tuple[str, ...]) -> Label | None:
        """The text of several (language -> text) that the reader understands best; None if there is none."""
        for candidate in (*languages, "", *texts):
            if candidate in texts:
                return Label(texts[candidate], candidate)
        return None

    def _best(self, iri: str, languages: tuple[str, ...]) -> Label:
        """The name of a thing, else what a claim claims, else the short form of the IRI; what a list can bear of it."""
        label = self._name(iri, languages) or self._statement(iri, languages) or _short(iri)
        return label if len(label.text) <= _LONGEST else Label(label.text[: _LONGEST - 1] + "…", label.language)

    def _name(self, iri: str, languages: tuple[str, ...]) -> Label | None:
        if label := self.choose(self.all(iri), languages):
            return label
        language = next((tag for tag in languages if tag in INTERFACE_LANGUAGES), ENGLISH)
        known = terms.name(iri, language)
        return Label(known, language) if known else None

    def _statement(self, iri: str, languages: tuple[str, ...]) -> Label | None:
        """What a claim claims, None for what is no statement; in several languages where its parts are."""
        parts = []
        for property_ in _PARTS:
            quads = self._store.quads_for_pattern(ox.NamedNode(iri), property_, None, ox.DefaultGraph())
            part = next((q.object for q in quads), None)
            if isinstance(part, ox.NamedNode):
                parts.append(self._name(part.value, languages) or _short(part.value))
            elif isinstance(part, ox.Literal):
                parts.append(Label(part.value, part.language or ""))
        if len(parts) < len(_PARTS):
            return None
        spoken = {part.language for part in parts if part.language}
        language = spoken.pop() if len(spoken) == 1 else _SEVERAL
        return Label(" – ".join(part.text for part in parts), language)


def _is_blank(text: str) -> bool:
    """Whether nothing of it would show."""
    return not any(c.isprintable() and c != " " for c in text)


def _short(iri: str) -> Label:
    short = curie(iri)
    return Label(short if short != iri else local_name(iri))
