"""How lists tell of things: one line each, and what they mean in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from kg.pages.readable import readable
from kg.pages.values import Reader, Value
from kg.store.lookup import text, values
from kg.words.names import DCTERMS, HS, RDFS, SH, SKOS

DEFINITIONS = (SKOS + "definition", DCTERMS + "description", SH + "description", RDFS + "comment", SKOS + "scopeNote")
"""Properties that say what a thing is, best first."""
_EXACT = "qualifier/exact"


@dataclass(frozen=True)
class Listed:
    """A thing in a list; `figure` is the number that an observation states, empty for all else."""

    thing: Value
    figure: str


def listed(store: ox.Store, reader: Reader, iri: str) -> Listed:
    """A thing, with the number that it states: “more than 150”."""
    numbers = [n for n in values(store, iri, HS + "statedNumber") if isinstance(n, ox.Literal)]
    if not numbers:
        return Listed(reader.thing(iri), "")
    number, qualifier = readable(numbers[0], reader.language), text(store, iri, HS + "qualifier")
    exact = qualifier.endswith(_EXACT) or not qualifier
    return Listed(reader.thing(iri), number if exact else f"{reader.thing(qualifier).text} {number}")


def told(store: ox.Store, reader: Reader, iri: str, *properties: str) -> Value | None:
    """The text of the first of some properties that has one, in the reader's language if possible."""
    for property_ in properties:
        texts = {o.language or "": o.value for o in values(store, iri, property_) if isinstance(o, ox.Literal)}
        if label := reader.labels.choose(texts, reader.languages):
            return Value(label.text, language=label.language)
    return None
