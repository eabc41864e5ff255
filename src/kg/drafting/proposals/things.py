"""What a text calls known things, and of what kind it says they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from kg.drafting.names import Mention
from kg.drafting.proposals import values
from kg.drafting.proposals.claims import Block, Claim, Drafting
from kg.drafting.proposals.links import behind, is_told, links
from kg.drafting.reading import Span, Token
from kg.drafting.unknown import called
from kg.evidence.agreement import primary
from kg.store.text import folding
from kg.words.names import SKOS, TYPE


def blocks(drafting: Drafting) -> Iterator[Block]:
    by_thing: dict[str, list[Mention]] = {}
    for mention in drafting.finds.things:
        by_thing.setdefault(mention.iri, []).append(mention)
    for iri, mentions in by_thing.items():
        claims = [c for m in mentions for c in (*_called(drafting, m), *_kinds(drafting, m), *links(drafting, m))]
        claims += [*values.titles(drafting, iri), *values.dates(drafting, iri)]
        doubts = (f"Is this it? The graph knows it as {m.labels[0].literal}." for m in mentions if m.is_foreign)
        yield Block(mentions[0].start, iri, tuple(claims), tuple(dict.fromkeys(doubts)))


def _called(drafting: Drafting, mention: Mention) -> Iterator[Claim]:
    """The name that the text uses: the label that it is a form of, or one in the text's language that is new."""
    if is_told(drafting, mention):
        return
    if not mention.is_foreign:
        twin, label = behind(drafting, mention), mention.labels[0]
        whole = [Span(mention.start, twin.end + 1)] if twin and twin.iri == mention.iri else []
        yield drafting.claim(mention.iri, label.property, label.literal, [mention, *whole])
        return
    reading, code = drafting.finds.reading, primary(drafting.finds.reading.language)
    words = reading.within(mention)
    head = next((i for i, t in enumerate(words) if t.may_be("NOUN") and not t.may_be("ADJF")), None)
    name = ox.Literal(called(reading, mention, words, head), language=code)
    property_ = SKOS + ("altLabel" if drafting.model.labels(mention.iri, code) else "prefLabel")
    yield drafting.claim(mention.iri, property_, name, [mention])


def _kinds(drafting: Drafting, mention: Mention) -> Iterator[Claim]:
    """The classes of the thing that its name says, as «лікарня» does."""
    words = drafting.finds.reading.within(mention)
    for class_ in drafting.model.objects(mention.iri, TYPE):
        labels = drafting.model.labels(class_, primary(drafting.finds.reading.language))
        said = next((found for x in labels if (found := row(drafting, words, x))), None)
        if said:
            yield drafting.claim(mention.iri, TYPE, ox.NamedNode(class_), [said])


def row(drafting: Drafting, words: Sequence[Token], label: str) -> Span | None:
    """The first of these words that are, in any form, those of a label."""
    wanted = [drafting.finds.reading.morphology.word(label[w.start : w.end]).bases for w in folding.words(label)]
    for i in range(len(words) - len(wanted) + 1):
        found = words[i : i + len(wanted)]
        if wanted and all(not t.word.bases.isdisjoint(w) for t, w in zip(found, wanted, strict=True)):
            return Span(found[0].start, found[-1].end)
    return None
