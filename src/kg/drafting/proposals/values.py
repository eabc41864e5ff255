"""Titles and dates that a text gives to known things."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from kg.drafting.proposals.claims import Claim, Drafting
from kg.drafting.reading import Span
from kg.drafting.requirements import requirements
from kg.evidence.agreement import primary
from kg.words.names import TYPE


def titles(drafting: Drafting, iri: str) -> Iterator[Claim]:
    """Titles of the thing nearest before that can have one; in another sentence, that is not sure."""
    finds = drafting.finds
    for title in finds.titles:
        able = [m for m in finds.outermost if m.end <= title.start and drafting.model.takes(title.property, m.iri)]
        if able and able[-1].iri == iri:
            words = " ".join(finds.reading.of(title.inner).split())
            value = ox.Literal(words, language=primary(finds.reading.language))
            here = any(m in finds.reading.sentence(title) for m in able)
            yield drafting.claim(iri, title.property, value, [title.inner, title], is_sure=here)


def dates(drafting: Drafting, iri: str) -> Iterator[Claim]:
    """Dates in a sentence that names the thing; sure where it names no other that takes such a date."""
    finds = drafting.finds
    for date in (d for d in finds.dates if d.value and not d.is_told):
        assert date.value is not None
        sentence = finds.reading.sentence(date)
        able = {m.iri: p for m in finds.outermost if m in sentence for p in _takes(drafting, m.iri, date.value)}
        if iri in able:
            near = [m for m in finds.outermost if m.iri == iri and m in finds.reading.clause(date)][:1]
            both = [Span(min(m.start, date.start), max(m.end, date.end)) for m in near]
            yield drafting.claim(iri, able[iri], date.value, [date.figure, date, *both], is_sure=len(able) == 1)


def _takes(drafting: Drafting, iri: str, value: ox.Literal) -> list[str]:
    """The property of the thing, by its shapes, for a value of this datatype; none if there are several."""
    needed = [r for c in drafting.model.objects(iri, TYPE) for r in requirements(drafting.model, c)]
    found = {r.properties[0] for r in needed if r.datatype == value.datatype.value and len(r.properties) == 1}
    return sorted(found) if len(found) == 1 else []
