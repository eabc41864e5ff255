"""Where a text says what somebody states of a new thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pyoxigraph as ox

from kg.drafting.finds import find
from kg.drafting.model import Model
from kg.drafting.names import Label, Mention, Names
from kg.drafting.proposals.claims import Claim, Drafting
from kg.drafting.proposals.things import row
from kg.drafting.reading import Span
from kg.evidence.agreement import primary
from kg.evidence.cite import occurrences
from kg.evidence.texts import Source
from kg.words.errors import BadInput
from kg.words.names import SKOS, TYPE

Value = ox.NamedNode | ox.Literal


@dataclass(frozen=True)
class Evidence:
    """The claims about a thing in a source's graph, and the languages whose names are among them.

    A claim is sure where the text says it by the thing's name, or somebody has quoted the words that say it, not a
    number or a date that they do not name. The ranges of others are the nearest, to be confirmed.
    """

    claims: tuple[Claim, ...]
    languages: frozenset[str]


def of(
    model: Model,
    iri: str,
    class_: str,
    labels: Mapping[str, str],
    values: Mapping[str, list[Value]],
    source: Source,
    quotes: Sequence[str] = (),
) -> Evidence:
    """What the text of a source says of a thing: its names in the text's language, its class, its values.

    quotes  phrases of the text that say all but the names
    Raise BadInput if one does not stand there, or in several places.
    """
    text = source.text or ""
    quoted = [_only(text, phrase, source.slug) for phrase in quotes]
    drafting = Drafting(find(text, source.language, model), model, source.iri, source.slug)
    code = primary(source.language)
    named = {c: m for c in labels if c in (code, "en") and (m := _mentions(drafting, iri, c, labels[c]))}
    mentions = [m for found in named.values() for m in found]
    claims = [
        drafting.claim(iri, SKOS + "prefLabel", ox.Literal(labels[c], language=c), found) for c, found in named.items()
    ]
    stated = [_claim(drafting, iri, p, v, mentions, quoted) for p, several in values.items() for v in several]
    claims.append(
        _kind(
            drafting,
            iri,
            class_,
            mentions,
            quoted or [r for c in stated for r in c.ranges],
            is_sure=bool(mentions or quoted),
        )
    )
    return Evidence((*claims, *stated), frozenset(named))


def _mentions(drafting: Drafting, iri: str, code: str, name: str) -> list[Mention]:
    label = Label(iri, SKOS + "prefLabel", ox.Literal(name, language=code))
    reading = drafting.finds.reading
    return Names([label], reading.language).find(reading)


def _only(text: str, phrase: str, slug: str) -> Span:
    found = occurrences(text, phrase)
    if len(found) != 1:
        where = "stands in several places of" if found else "does not stand in"
        raise BadInput(f"--quote «{phrase}» {where} {slug}. Quote more or other words of it")
    return Span(found[0].start, found[0].end)


def _kind(
    drafting: Drafting, iri: str, class_: str, mentions: list[Mention], others: list[Span], *, is_sure: bool
) -> Claim:
    """The class: by a word of the thing's name, else by the name, else by what else is said of it."""
    reading = drafting.finds.reading
    labels = drafting.model.labels(class_, primary(reading.language))
    words = [r for m in mentions for x in labels if (r := row(drafting, reading.within(m), x))][:1]
    ranges = words or mentions[:1] or others or [r for x in labels for r in _everywhere(drafting, x)][:1]
    return drafting.claim(iri, TYPE, ox.NamedNode(class_), ranges, is_sure=is_sure)


def _everywhere(drafting: Drafting, label: str) -> Iterator[Span]:
    reading = drafting.finds.reading
    for sentence in reading.sentences:
        if found := row(drafting, reading.within(sentence), label):
            yield found


def _claim(
    drafting: Drafting, iri: str, predicate: str, value: Value, mentions: list[Mention], quoted: list[Span]
) -> Claim:
    """A statement with the place that says its value, nearest to the words that are quoted or to the thing's name."""
    places = list(_places(drafting, value))
    first = next(iter((*quoted, *mentions)), Span(0, 0))
    nearest = min(places, key=lambda s: max(s.start - first.end, first.start - s.end), default=None)
    claim = drafting.claim(iri, predicate, value, [*([nearest] if nearest else []), *quoted])
    return replace(claim, is_sure=bool(quoted) and not claim.is_unsaid)


def _places(drafting: Drafting, value: Value) -> Iterator[Span]:
    finds = drafting.finds
    if isinstance(value, ox.NamedNode):
        yield from (Span(m.start, m.end) for m in (*finds.things, *finds.concepts) if m.iri == value.value)
        yield from (
            Span(q.hedge.start, q.hedge.end) for q in finds.quantities if q.hedge and q.hedge.iri == value.value
        )
        return
    yield from (d.figure for d in finds.dates if d.value == value)
    yield from (q.number for q in finds.quantities if str(q.value) == value.value)
    yield from (Span(o.start, o.end) for o in occurrences(finds.reading.text, value.value) if len(value.value) > 3)
