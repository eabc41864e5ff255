"""What a text says of itself: its kind, its title, its date, who publishes and who signs it."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from kg.drafting.names import Mention
from kg.drafting.proposals.claims import Block, Claim, Drafting
from kg.drafting.reading import Span, trimmed
from kg.words.names import DCTERMS, FOAF

_LONGEST_TITLE = 200


def blocks(drafting: Drafting) -> Iterator[Block]:
    claims = [*_kind(drafting), *_title(drafting), *_issued(drafting), *_publisher(drafting), *_signer(drafting)]
    if claims:
        yield Block(-1, drafting.source, tuple(claims))
    yield from _homepage(drafting)


def _lines(drafting: Drafting) -> list[Span]:
    """The lines that hold anything."""
    text, start, found = drafting.finds.reading.text, 0, []
    for line in text.splitlines(keepends=True):
        span = trimmed(text, start, start + len(line))
        found += [span] if span.start < span.end else []
        start += len(line)
    return found


def _kind(drafting: Drafting) -> Iterator[Claim]:
    """The concept that a line at the top consists of."""
    for line in _lines(drafting)[:2]:
        for mention in (m for m in drafting.finds.concepts if (m.start, m.end) == (line.start, line.end)):
            yield drafting.claim(drafting.source, DCTERMS + "type", ox.NamedNode(mention.iri), [mention])


def _title(drafting: Drafting) -> Iterator[Claim]:
    """The title that was given, where it stands; else the lines at the top that end without a full stop."""
    reading = drafting.finds.reading
    span = _given_title(drafting) if drafting.title else _heading(drafting)
    if span:
        value = ox.Literal(" ".join(reading.of(span).split()), language=reading.language)
        yield drafting.claim(drafting.source, DCTERMS + "title", value, [span])


def _given_title(drafting: Drafting) -> Span | None:
    from kg.evidence.cite import occurrences

    found = occurrences(drafting.finds.reading.text, drafting.title)
    return Span(found[0].start, found[0].end) if found else None


def _heading(drafting: Drafting) -> Span | None:
    reading, lines = drafting.finds.reading, _lines(drafting)
    while lines and any((m.start, m.end) == (lines[0].start, lines[0].end) for m in drafting.finds.concepts):
        lines = lines[1:]
    if not lines:
        return None
    blank = reading.text.find("\n", lines[0].start)
    while blank >= 0 and reading.text[blank:].split("\n", 2)[1].strip():
        blank = reading.text.find("\n", blank + 1)
        if len(reading.text[blank:].split("\n", 2)) < 2:
            break
    end = blank if blank >= 0 else len(reading.text)
    ends_open = reading.text[lines[0].start : end].rstrip()[-1:] not in (".", ":", ";")
    span = trimmed(reading.text, lines[0].start, end)
    is_all = span.end >= len(reading.text.rstrip())
    return span if ends_open and not is_all and span.end - span.start <= _LONGEST_TITLE else None


def _issued(drafting: Drafting) -> Iterator[Claim]:
    day = drafting.says_its_day()
    if day and day.value:
        yield drafting.claim(drafting.source, DCTERMS + "issued", day.value, [day])


def _publisher(drafting: Drafting) -> Iterator[Claim]:
    """Who was said to publish it, where it is named; else who is the first to be said to tell something, by a verb."""
    reading = drafting.finds.reading
    for mention in drafting.finds.outermost:
        told = reading.tokens[reading.index(mention.end) : reading.index(mention.end) + 1]
        begins = reading.sentence(mention).start == mention.start
        tells = bool(told) and told[0].may_be("VERB") and reading.text[told[0].end : told[0].end + 1] == ","
        if drafting.publisher == mention.iri or (
            not drafting.publisher and begins and tells and _speaks(drafting, mention)
        ):
            ranges = [mention, Span(mention.start, told[0].end)] if begins and tells else [mention]
            yield drafting.claim(drafting.source, DCTERMS + "publisher", ox.NamedNode(mention.iri), ranges)
            return


def _signer(drafting: Drafting) -> Iterator[Claim]:
    """The organisation whose name one of the last lines consists of."""
    for line in _lines(drafting)[-3:]:
        for mention in (m for m in drafting.finds.outermost if (m.start, m.end) == (line.start, line.end)):
            if _speaks(drafting, mention):
                yield drafting.claim(drafting.source, DCTERMS + "creator", ox.NamedNode(mention.iri), [mention])


def _speaks(drafting: Drafting, mention: Mention) -> bool:
    from kg.drafting.finds import SPEAKERS

    return not drafting.model.classes(mention.iri).isdisjoint(SPEAKERS)


def _homepage(drafting: Drafting) -> Iterator[Block]:
    """Addresses, as the home page of the organisation that is named last before each, or that publishes the text."""
    for span in drafting.finds.addresses:
        before = [m for m in drafting.finds.outermost if m.end <= span.start and _speaks(drafting, m)]
        subject = drafting.publisher or (before[-1].iri if before else "")
        if subject:
            try:
                value = ox.NamedNode(drafting.finds.reading.of(span))
            except ValueError:  # it looks like an address and is no IRI
                continue
            claim = drafting.claim(subject, FOAF + "homepage", value, [span], is_sure=False)
            yield Block(before[-1].start if before else span.start, subject, (claim,))
