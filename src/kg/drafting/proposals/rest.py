"""What a reader has to decide: unknown names, concepts and dates that belong to nothing, sentences without a find."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from kg.drafting.dates import Date
from kg.drafting.kinds import word_for
from kg.drafting.names import Mention
from kg.drafting.proposals.claims import Block, Drafting
from kg.drafting.proposals.links import behind
from kg.drafting.reading import Span
from kg.drafting.requirements import requirements
from kg.drafting.unknown import Unknown
from kg.evidence.agreement import primary
from kg.evidence.check import MAX_QUOTED
from kg.words.names import curie, local_name

UNKNOWN = "is not in the graph"
"""What a comment says of an unknown name; `kg new` finds it by that, once the name is known."""
_SHOWN = 40
_USES = 2


def blocks(drafting: Drafting, others: Sequence[Block]) -> Iterator[Block]:
    yield from (_stranger(drafting, name) for name in drafting.finds.unknown)
    concepts: dict[str, list[Mention]] = {}
    for mention in drafting.finds.concepts:
        concepts.setdefault(mention.iri, []).append(mention)
    claims = [c for b in others for c in b.claims]
    told = {c.value.value for c in claims}
    found = [_concept(drafting, mentions) for iri, mentions in concepts.items() if iri not in told]
    found += [_date(drafting, d) for d in drafting.finds.dates if not any(d.figure in c.ranges for c in claims)]
    yield from found
    touched = [*(r for b in (*others, *found) for c in b.claims for r in c.ranges), *drafting.finds.spans]
    unread = [s for s in drafting.finds.reading.sentences if not any(t.overlaps(s) for t in touched)]
    if unread:
        yield Block(len(drafting.finds.reading.text), comments=tuple(_unread(drafting, unread)))


def _stranger(drafting: Drafting, name: Unknown) -> Block:
    """A name that nothing has, with the command that makes a thing of it."""
    kind = word_for(drafting.model, name.class_) if name.class_ else "org"
    label = shlex.quote(f"{primary(drafting.finds.reading.language)}={name.name}")
    command = f"    kg new {kind} --source {drafting.slug} --label {label}{_where(drafting, name)}"
    return Block(name.start, comments=(f"{_at(drafting, name)} {UNKNOWN}. If it is a thing:", command))


def _where(drafting: Drafting, name: Unknown) -> str:
    """The option for the thing in parentheses behind, by the property that joins things of the class with such."""
    other = behind(drafting, name)
    joins = drafting.model.joins_of(name.class_, other.iri) if other and name.class_ else []
    return f" --set {local_name(joins[0])}={other.iri.removeprefix(drafting.model.base)}" if other and joins else ""


def _concept(drafting: Drafting, mentions: list[Mention]) -> Block:
    """A concept, with the properties that have led to others of its scheme."""
    model, first = drafting.model, mentions[0]
    scheme = first.iri.rpartition("/")[0]
    uses = Counter(p for p, v in model.links if v.rpartition("/")[0] == scheme)
    clause = drafting.finds.reading.clause(first)
    around = [clause] if clause.end - clause.start <= MAX_QUOTED else []
    best = sorted(uses, key=lambda p: (-uses[p], p))[:_USES]
    claims = [drafting.claim("", p, ox.NamedNode(first.iri), [*mentions, *around], is_sure=False) for p in best]
    comment = f"{_at(drafting, first)} names {first.iri.removeprefix(model.base)}."
    return Block(first.start, "", tuple(claims), (comment,))


def _date(drafting: Drafting, date: Date) -> Block:
    """A date, with the properties that take such ones."""
    value = date.value
    if value is None:
        return Block(
            date.start, comments=(f"{_at(drafting, date)} is told from the date of the text, which nobody knows.",)
        )
    kind = value.datatype.value
    takes = {
        r.properties[0]
        for class_ in drafting.model.own_classes
        for r in requirements(drafting.model, class_)
        if r.datatype == kind and len(r.properties) == 1
    }
    ranges = [date.figure, date]
    claims = [drafting.claim("", p, value, ranges, is_sure=False) for p in sorted(takes)[:_USES]]
    return Block(date.start, "", tuple(claims), (f"{_at(drafting, date)}: {value.value} ({curie(kind)}), of what?",))


def _at(drafting: Drafting, span: Span) -> str:
    return f"{span.start},{span.end} «{' '.join(drafting.finds.reading.of(span).split())}»"


def _unread(drafting: Drafting, unread: Sequence[Span]) -> Iterator[str]:
    yield "Nothing was found in these sentences. Read them too."
    for span in unread:
        words = " ".join(drafting.finds.reading.of(span).split())
        shown = words if len(words) <= _SHOWN else words[:_SHOWN].rsplit(" ", 1)[0] + " …"
        yield f"{span.start},{span.end} {shown}"
