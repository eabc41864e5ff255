"""The draft of what a text says, as a file: claims to confirm, and what a reader has to decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.drafting.proposals.claims import Block, Claim, Drafting
from kg.drafting.turtle import Annotation, Line, Statement, Terms, document

_HOW = """\
# What {slug} says (text: {source}, {language}). A draft: nobody has read it yet.
# Each statement that is marked hs:draft true waits for somebody who reads its range in the text. To confirm it, remove
# “hs:draft true ;”; else correct it or remove it. Comments are what may be meant; their commands need --sources.
"""


def write(drafting: Drafting, blocks: Iterable[Block], terms: Terms, name: str, language: str) -> bytes:
    """The file.

    name  of the file, for messages; language: of the text, as a reader calls it
    """
    head = _HOW.format(slug=drafting.slug, source=drafting.source.removeprefix(terms.base), language=language)
    return document(head, [_statement(drafting, b, terms) for b in blocks], terms, name)


def _statement(drafting: Drafting, block: Block, terms: Terms) -> Statement:
    lines = [_line(drafting, c, terms) for c in sorted(block.claims, key=lambda c: not c.is_sure)]
    return Statement(terms.iri(block.subject) if block.subject else "", lines, block.comments, block.behind)


def _line(drafting: Drafting, claim: Claim, terms: Terms) -> Line:
    notes = tuple(beside(claim, drafting.finds.reading.text, terms, is_draft=claim.is_sure))
    return Line(terms.iri(claim.predicate), terms.term(claim.value), notes, is_comment=not claim.is_sure)


def beside(claim: Claim, text: str, terms: Terms, *, is_draft: bool) -> Iterator[Annotation]:
    """What stands beside a claim: the mark of a draft, its ranges, its wording, and whose words it has."""
    if is_draft:
        yield terms.draft()
    if claim.ranges:
        yield terms.quotes(text, ((r.start, r.end) for r in claim.ranges))
    if claim.ranges and claim.wording:
        yield terms.concept("wording", "wording", claim.wording)
    if claim.modality:
        yield terms.concept("modality", "modality", claim.modality.rpartition("/")[2])
    if claim.speaker:
        yield terms.attributed(claim.speaker)
