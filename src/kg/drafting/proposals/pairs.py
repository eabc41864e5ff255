"""Who is joined with whom by a thing of its own, such as a partnership or a held role: always as a comment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from kg.drafting.kinds import kind_of, order
from kg.drafting.model import Model
from kg.drafting.names import Mention
from kg.drafting.proposals.claims import Block, Drafting
from kg.drafting.proposals.things import row
from kg.drafting.reading import Span, trimmed
from kg.drafting.requirements import requirements
from kg.evidence.agreement import primary
from kg.words.names import SKOS, TYPE, local_name

_ITEM = re.compile(r"[;:]\s")
_AND = re.compile(r"\s(?:та|і|й|и|and|with|з|із|с|со)\s")
_CONCEPT = SKOS + "Concept"


@dataclass(frozen=True)
class _Joint:
    """A class whose things join two others: the properties that lead to them, and the classes that these take."""

    class_: str
    properties: tuple[str, str]
    takes: tuple[frozenset[str], frozenset[str]]


def blocks(drafting: Drafting) -> Iterator[Block]:
    for joint in _joints(drafting.model):
        if joint.takes[0] == joint.takes[1]:
            yield from _listed(drafting, joint)
        elif {_CONCEPT} in joint.takes:
            yield from _appositions(drafting, joint)


def _joints(model: Model) -> Iterator[_Joint]:
    """The classes that need two things, no more, and nothing else but names."""
    for class_ in sorted(model.own_classes):
        needed = [r for r in requirements(model, class_) if r.least and r.most == 1 and len(r.properties) == 1]
        takes = {r.properties[0]: frozenset(r.classes) for r in needed}
        if len(takes) == 2 and all(takes.values()):
            one, other = order(model, class_, tuple(takes))
            yield _Joint(class_, (one, other), (takes[one], takes[other]))


def _listed(drafting: Drafting, joint: _Joint) -> Iterator[Block]:
    """In each item of a list, what stands before the last «and» with what stands behind it.

    The sentence has to say the name of the class, and not within the name of a thing.
    """
    reading, model = drafting.finds.reading, drafting.model
    for sentence in reading.sentences:
        words = [t for t in reading.within(sentence) if not any(t in m for m in drafting.finds.things)]
        labels = model.labels(joint.class_, primary(reading.language))
        cue = next((found for x in labels if (found := row(drafting, words, x))), None)
        for item in _items(drafting, sentence) if cue else ():
            named = {m.iri: m for m in reversed(drafting.finds.things_in(item))}
            able = [m for m in named.values() if model.classes(m.iri) & joint.takes[0]][::-1]
            if cue and len(able) > 1 and _AND.search(reading.text[able[-2].end : able[-1].start]):
                said = cue if cue in item else reading.clause(cue)
                for one in able[:-1]:
                    yield _block(drafting, joint, (said, item), (one, able[-1]), "--")


def _items(drafting: Drafting, sentence: Span) -> Iterator[Span]:
    text, start = drafting.finds.reading.text, sentence.start
    for mark in _ITEM.finditer(text, sentence.start, sentence.end):
        yield trimmed(text, start, mark.start())
        start = mark.end()
    yield trimmed(text, start, sentence.end)


def _appositions(drafting: Drafting, joint: _Joint) -> Iterator[Block]:
    """A concept right in front of a thing: «Перша леді України Олена Зеленська»."""
    finds, model = drafting.finds, drafting.model
    place = joint.takes.index(frozenset({_CONCEPT}))
    schemes = {
        v.rpartition("/")[0] for t in model.instances(joint.class_) for v in model.objects(t, joint.properties[place])
    }
    schemes = schemes or {f"{model.base}vocab/{local_name(joint.properties[place])}"}
    for concept in finds.concepts:
        for thing in finds.outermost:
            follows = finds.reading.text[concept.end : thing.start].isspace()
            is_kind = concept.iri.rpartition("/")[0] in schemes and model.classes(thing.iri) & joint.takes[1 - place]
            if follows and is_kind:
                ends = (concept, thing) if place == 0 else (thing, concept)
                yield _block(drafting, joint, (Span(concept.start, thing.end),), ends, "-")


def _block(
    drafting: Drafting, joint: _Joint, said: tuple[Span, ...], ends: tuple[Mention, Mention], mark: str
) -> Block:
    slug = mark.join(m.iri.rpartition("/")[2] for m in ends)
    subject = f"{drafting.model.base}id/{kind_of(drafting.model, joint.class_)}/{slug}"
    claims = [drafting.claim(subject, TYPE, ox.NamedNode(joint.class_), said, is_sure=False)]
    for property_, mention in zip(joint.properties, ends, strict=True):
        claims.append(drafting.claim(subject, property_, ox.NamedNode(mention.iri), [mention], is_sure=False))
    name = drafting.model.name(joint.class_)
    return Block(said[-1].start, subject, tuple(claims), (f"A {name} of these two? Then take it out of the comment.",))
