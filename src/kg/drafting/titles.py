"""Titles in quotation marks that a text calls by the name of a property: «під гаслом «Від лікаря до лікаря»»."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kg.drafting.model import Model
from kg.drafting.quotations import Quoted
from kg.drafting.reading import Reading, Span, Token
from kg.store.text import folding
from kg.words.names import LABEL_PROPERTIES, OWL, RDF

_AWAY: Final = 6
"""Words between the name of the property and the title."""


@dataclass(frozen=True)
class Title(Span):
    """A title in quotation marks, with the words in front that say of what kind it is.

    inner     the title without its marks
    property  what the words name
    """

    inner: Span
    property: str


@dataclass(frozen=True)
class _Cue:
    property: str
    words: tuple[frozenset[str], ...]


def titles(reading: Reading, spans: Sequence[Quoted], model: Model) -> list[Title]:
    """The titles, in order."""
    cues = _cues(reading, model)
    return [t for span in spans if reading.within(span) and (t := _title(reading, span, cues))]


def _cues(reading: Reading, model: Model) -> list[_Cue]:
    """The names of the project's properties whose values are text."""
    kind, found = ox.NamedNode(OWL + "DatatypeProperty"), []
    for quad in model.store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), kind, ox.DefaultGraph()):
        iri = getattr(quad.subject, "value", "")
        if not iri.startswith(model.base) or iri in LABEL_PROPERTIES:
            continue
        for label in model.labels(iri, reading.language):
            bases = (reading.morphology.word(label[w.start : w.end]).bases for w in folding.words(label))
            found.append(_Cue(iri, tuple(bases)))
    return sorted(found, key=lambda c: (-len(c.words), c.property))


def _title(reading: Reading, span: Quoted, cues: Sequence[_Cue]) -> Title | None:
    place = reading.index(span.outer.start)
    start = reading.sentence(span.outer).start
    before = [t for t in reading.tokens[max(0, place - _AWAY) : place] if t.start >= start]
    for cue in cues:
        for i in range(len(before) - len(cue.words), -1, -1):
            row = before[i : i + len(cue.words)]
            if all(not t.word.bases.isdisjoint(w) for t, w in zip(row, cue.words, strict=True)):
                return Title(_preposed(before, i), span.outer.end, Span(span.start, span.end), cue.property)
    return None


def _preposed(before: Sequence[Token], place: int) -> int:
    """Where the words begin, with the preposition in front of them."""
    first = before[place - 1] if place and before[place - 1].may_be("PREP") else before[place]
    return first.start
