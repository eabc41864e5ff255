"""Stated numbers, in the pattern of the project."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from kg.drafting.counting import Counting, equals
from kg.drafting.kinds import kebab, kind_of
from kg.drafting.proposals.claims import Block, Claim, Drafting
from kg.drafting.proposals.measures import about, measures
from kg.drafting.quantities import Quantity
from kg.drafting.reading import Span
from kg.drafting.requirements import requirements
from kg.words.names import SKOS, TYPE, XSD, local_name


def blocks(drafting: Drafting) -> Iterator[Block]:
    counting = drafting.finds.counting
    for quantity in drafting.finds.quantities if counting else ():
        if quantity.value == quantity.value.to_integral_value() and not quantity.is_share(drafting.finds.reading):
            assert counting is not None
            yield _block(drafting, counting, quantity)


def _block(drafting: Drafting, counting: Counting, quantity: Quantity) -> Block:
    clause, phrase = drafting.finds.reading.clause(quantity), _with_preposition(drafting, quantity)
    measure, able = measures(drafting, counting, quantity, clause)
    thing, near = about(drafting, counting, clause)
    name = kebab(local_name(measure)) if measure else f"number-{int(quantity.value)}"
    subject = drafting.new(kind_of(drafting.model, counting.class_), f"{drafting.slug}-{name}")

    def claim(property_: str, value: str, span: Span, *, is_sure: bool) -> Iterator[Claim]:
        if property_:
            yield drafting.claim(subject, property_, ox.NamedNode(value), [span], is_sure=is_sure)

    claims = [drafting.claim(subject, TYPE, ox.NamedNode(counting.class_), [phrase, clause])]
    missing = []
    for property_, found, others, span, question in (
        (counting.about, thing, near, clause, "about what? Name the thing here."),
        (counting.measure, measure, able, phrase, "what is counted? Name a measure here."),
    ):
        for value in (found,) if found else others[:1]:
            claims += claim(property_, value, span, is_sure=bool(found))
        missing += [] if found or others or not property_ else [question]
    claims += _hedged(drafting, counting, quantity, subject, clause)
    claims += _day(drafting, counting, subject)
    if counting.dated and not drafting.says_its_day():
        missing.append("stated when? The text has no date; what follows from it belongs to data/derived.ttl.")
    names = _names(drafting, counting, measure, thing) if measure else {}
    return Block(phrase.start, subject, tuple(claims), (), tuple(missing), names)


def _hedged(drafting: Drafting, counting: Counting, quantity: Quantity, subject: str, clause: Span) -> Iterator[Claim]:
    number = ox.Literal(str(int(quantity.value)), datatype=ox.NamedNode(XSD + "integer"))
    hedge = quantity.hedge.iri if quantity.hedge else counting.exact
    if counting.hedge and hedge:
        yield drafting.claim(subject, counting.hedge, ox.NamedNode(hedge), [quantity.hedge or clause])
    yield drafting.claim(subject, counting.number, number, [quantity.number, quantity])
    for property_ in equals(drafting.model, counting, hedge) if quantity.hedge else ():
        yield drafting.claim(subject, property_, number, [quantity.hedged])


def _day(drafting: Drafting, counting: Counting, subject: str) -> Iterator[Claim]:
    day = drafting.says_its_day()
    if counting.dated and day and day.value:
        yield drafting.claim(subject, counting.dated, day.value, [day])


def _with_preposition(drafting: Drafting, quantity: Quantity) -> Span:
    """The phrase with the preposition in front: «із 19 країн»."""
    reading, place = drafting.finds.reading, drafting.finds.reading.index(quantity.start)
    if place and quantity.counted and not quantity.hedge:
        before = reading.tokens[place - 1]
        if before.may_be("PREP") and reading.gap(before, quantity).isspace():
            return Span(before.start, quantity.end)
    return Span(quantity.start, quantity.end)


def _names(drafting: Drafting, counting: Counting, measure: str, thing: str) -> dict[str, str]:
    """Names in the languages that the shapes want: those of the measure and of what it is about."""
    languages = (
        c
        for r in requirements(drafting.model, counting.class_)
        if SKOS + "prefLabel" in r.properties
        for c in r.languages
    )
    found = {}
    for code in languages:
        parts = [next(iter(drafting.model.labels(iri, code)), "") for iri in (measure, thing) if iri]
        if all(parts):
            found[code] = ": ".join([parts[0][:1].upper() + parts[0][1:], *parts[1:]])
    return found
