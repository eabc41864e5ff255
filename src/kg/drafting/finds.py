"""All that a text is found to say, before anybody has decided what it means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from kg.drafting import dates, morphology, names, quantities, quotations, titles, unknown
from kg.drafting.counting import Counting, counting
from kg.drafting.likeness import Likeness
from kg.drafting.model import Model
from kg.drafting.names import Mention
from kg.drafting.reading import Reading, Span
from kg.store.text import folding
from kg.words.names import FOAF, SCHEMA, XSD

_ADDRESS: Final = re.compile(r"https?://[^\s<>«»\"]+[^\s<>«»\".,;:!?)]/?")
_HEAD: Final = 3
"""Paragraphs at the top in which a release says its date."""
SPEAKERS: Final = (FOAF + "Agent", FOAF + "Person", SCHEMA + "Person", *unknown.ORGANISATIONS)


@dataclass(frozen=True)
class Finds:
    """What was found in a text, each kind in the text's order.

    things     names of known things; concepts: names of known concepts
    day        of the document, as it says or as it was said to be
    """

    reading: Reading
    things: tuple[Mention, ...]
    concepts: tuple[Mention, ...]
    unknown: tuple[unknown.Unknown, ...]
    quantities: tuple[quantities.Quantity, ...]
    dates: tuple[dates.Date, ...]
    quotations: tuple[quotations.Quotation, ...]
    titles: tuple[titles.Title, ...]
    addresses: tuple[Span, ...]
    counting: Counting | None
    day: date | None

    @cached_property
    def outermost(self) -> tuple[Mention, ...]:
        """The names of things that are in the name of no other."""
        return tuple(m for m in self.things if not any(m in o and m is not o for o in self.things))

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where concepts, unknown names and dates are."""
        return (*self.concepts, *self.unknown, *self.dates)

    def things_in(self, span: Span) -> list[Mention]:
        return [m for m in self.outermost if m in span]


def find(text: str, language: str, model: Model, day: date | None = None) -> Finds:
    """Read a text by what the project knows.

    day  of the document, where somebody knows it; else it is what the text says at its top
    """
    reading = Reading(text, language, morphology.load(language))
    labels = names.labels(model.store, model.base)
    known = names.Names(labels, language)
    mentions = known.find(reading)
    things = [m for m in mentions if m.iri.startswith(model.base + "id/")]
    spans = quotations.quoted(reading)
    day = day or _issued(reading, dates.dates(reading, None))
    days = dates.dates(reading, day)
    likeness = Likeness(_organisations(labels, model), known)
    strangers = unknown.unknown(reading, things, spans, unknown.Heads(model, reading), likeness)
    things = [m for m in things if not any(m in s and len(reading.within(m)) == 1 for s in strangers)]
    likely = [Mention(u.start, u.end, _labels(labels, u.likely), is_foreign=True) for u in strangers if u.likely]
    counted = counting(model)
    hedges = [m for m in mentions if counted and m.iri in counted.hedges]
    addresses = tuple(Span(*m.span()) for m in _ADDRESS.finditer(text))
    numbers = quantities.quantities(reading, hedges, (*days, *addresses))
    said = [*strangers, *(q.hedge for q in numbers if q.hedge)]
    return Finds(
        reading,
        tuple(sorted((*things, *likely), key=lambda m: (m.start, m.end))),
        tuple(_telling(reading, model, mentions, said)),
        tuple(u for u in strangers if not u.likely),
        tuple(numbers),
        tuple(days),
        tuple(quotations.quotations(reading, spans, [m for m in things if _may_speak(model, m)])),
        tuple(titles.titles(reading, spans, model)),
        addresses,
        counted,
        day,
    )


def likely(labels: Mapping[str, str], model: Model) -> str:
    """The one organisation that has nearly one of these names, by their languages; empty where none or two have."""
    known = list(_organisations(names.labels(model.store, model.base), model))
    for code, name in labels.items():
        likeness = Likeness(known, names.Names(known, code))
        if iri := likeness.likely(Reading(name, code, morphology.load(code)).tokens):
            return iri
    return ""


def _issued(reading: Reading, found: Iterable[dates.Date]) -> date | None:
    """The first day that stands at the top of a text."""
    breaks = [m.end() for m in re.finditer(r"\n\s*\n", reading.text)]
    top = breaks[_HEAD - 1] if len(breaks) >= _HEAD else len(reading.text)
    days = (d.value for d in found if d.start < top and not d.is_told and d.value)
    return next((date.fromisoformat(v.value) for v in days if v.datatype.value == XSD + "date"), None)


def _telling(reading: Reading, model: Model, mentions: Iterable[Mention], said: Iterable[Span]) -> Iterator[Mention]:
    """The concepts that are more than a preposition, the name of a class, or a part of what is said already."""
    generic = {_key(reading, x) for c in model.own_classes for x in model.labels(c, reading.language)}
    spans = list(said)
    for mention in (m for m in mentions if m.iri.startswith(model.base + "vocab/")):
        words = reading.within(mention)
        is_word = len(words) > 1 or not (len(words[0].text) < 3 or words[0].may_be("PREP", "CONJ", "PRCL", "ADVB"))
        is_generic = _key(reading, mention.labels[0].literal.value) in generic
        if is_word and not is_generic and not any(mention in s for s in spans):
            yield mention


def _may_speak(model: Model, mention: Mention) -> bool:
    return not model.classes(mention.iri).isdisjoint(SPEAKERS)


def _organisations(labels: Iterable[names.Label], model: Model) -> Iterator[names.Label]:
    classes = model.below(*unknown.ORGANISATIONS)
    return (x for x in labels if not model.classes(x.iri).isdisjoint(classes))


def _labels(labels: Iterable[names.Label], iri: str) -> tuple[names.Label, ...]:
    return tuple(x for x in labels if x.iri == iri)


def _key(reading: Reading, name: str) -> tuple[frozenset[str], ...]:
    """What a name is compared by with others in its language."""
    return tuple(reading.morphology.word(name[w.start : w.end]).bases for w in folding.words(name))
