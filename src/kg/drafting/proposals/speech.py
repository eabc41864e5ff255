"""Direct speech: the words, and whose they are."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from kg.drafting.kinds import kind_of
from kg.drafting.proposals.claims import Block, Claim, Drafting
from kg.drafting.quotations import Quotation
from kg.drafting.reading import Span
from kg.drafting.requirements import requirements
from kg.evidence.agreement import primary
from kg.words.names import FOAF, SCHEMA, TYPE

CLASS = SCHEMA + "Quotation"


def blocks(drafting: Drafting) -> Iterator[Block]:
    if CLASS not in drafting.model.own_classes:
        return
    for number, quotation in enumerate(drafting.finds.quotations, 1):
        yield _block(drafting, quotation, number)


def _block(drafting: Drafting, quotation: Quotation, number: int) -> Block:
    reading = drafting.finds.reading
    subject = drafting.new(kind_of(drafting.model, CLASS), f"{drafting.slug}-{number}")
    whole = Span(quotation.start, quotation.end)
    claims: list[Claim] = [drafting.claim(subject, TYPE, ox.NamedNode(CLASS), [whole])]
    missing = []
    speaker = _property(drafting)
    if quotation.speaker and quotation.aside:
        claims.append(drafting.claim(subject, speaker, ox.NamedNode(quotation.speaker.iri), [quotation.aside, whole]))
    elif quotation.name:
        missing.append(f"who is «{' '.join(reading.of(quotation.name).split())}»? Name the speaker here.")
    else:
        missing.append("who says it? Name the speaker here.")
    for part in quotation.parts:
        text = ox.Literal(" ".join(reading.of(part).split()), language=primary(reading.language))
        claims.append(drafting.claim(subject, SCHEMA + "text", text, [part]))
    return Block(quotation.start, subject, tuple(claims), (), tuple(missing))


def _property(drafting: Drafting) -> str:
    """The property for the speaker: the one whose values must be persons."""
    found = (r.properties[0] for r in requirements(drafting.model, CLASS) if FOAF + "Person" in r.classes)
    return next(found, SCHEMA + "creator")
