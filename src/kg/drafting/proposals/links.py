"""What a text joins a known thing to: by parentheses, within its name, or by naming the two beside each other."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from kg.drafting.names import Mention
from kg.drafting.proposals.claims import Claim, Drafting
from kg.drafting.reading import Span

_NEAR = 60
"""Characters between two names that may be told to have to do with each other."""


def links(drafting: Drafting, mention: Mention) -> Iterator[Claim]:
    """Claims for what parentheses say, comments for the rest, by the properties that have joined such things."""
    finds = drafting.finds
    if mention in finds.outermost:
        other = behind(drafting, mention)
        yield from _claims(drafting, mention, other, [other], is_sure=True) if other else ()
        if beside := _next(drafting, mention):
            yield from _claims(drafting, mention, beside, [beside, Span(mention.start, beside.end)], is_sure=False)
    for other in finds.things:
        if other in mention and mention not in other:
            yield from _claims(drafting, mention, other, [other], is_sure=False)


def behind(drafting: Drafting, span: Span) -> Mention | None:
    """The thing that is named alone in parentheses behind: «Лікарня Лілля (Франція)»."""
    text = drafting.finds.reading.text
    for other in drafting.finds.outermost:
        is_next = other.start > span.end and text[span.end : other.start].strip() == "("
        if is_next and text[other.end : other.end + 1] == ")":
            return other
    return None


def is_told(drafting: Drafting, mention: Mention) -> bool:
    """Whether a claim about the thing in front says what the mention stands for."""
    return any(
        behind(drafting, m) is mention and drafting.model.joins(m.iri, mention.iri) for m in drafting.finds.outermost
    )


def _claims(drafting: Drafting, one: Mention, other: Mention, ranges: list[Span], *, is_sure: bool) -> Iterator[Claim]:
    for property_ in drafting.model.joins(one.iri, other.iri)[:1]:
        yield drafting.claim(one.iri, property_, ox.NamedNode(other.iri), ranges, is_sure=is_sure)


def _next(drafting: Drafting, mention: Mention) -> Mention | None:
    """The thing that is named next, in the same sentence and not far behind; not what is in parentheses."""
    finds = drafting.finds
    other = next((m for m in finds.outermost if m.start >= mention.end), None)
    if other is None or other not in finds.reading.sentence(mention):
        return None
    gap = finds.reading.text[mention.end : other.start]
    return other if len(gap) <= _NEAR and ";" not in gap and gap.strip() != "(" else None
