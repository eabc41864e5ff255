"""Kinds of things: the part of an IRI that stands for a class, the words that name it, and what slugs are made of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

import pyoxigraph as ox

from kg.drafting.model import Model
from kg.store.lookup import values
from kg.words.names import local_name

_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def kind_of(model: Model, class_: str) -> str:
    """The kind in the IRIs of a class: that of its things, else of those of the class above it, else its own name."""
    for above in sorted(model.above(class_), key=lambda c: -len(model.above(c))):
        counted = Counter(_kind(model, iri) for iri in model.instances(above))
        counted.pop("", None)
        if counted:
            return counted.most_common(1)[0][0]
    return kebab(local_name(class_))


def kinds(model: Model) -> dict[str, str]:
    """Each kind that there is -> the class of all its things that is the narrowest."""
    found: dict[str, list[str]] = {}
    for iri in (t for c in model.own_classes for t in model.instances(c)):
        found.setdefault(_kind(model, iri), []).append(iri)
    return {kind: _shared(model, set(things)) for kind, things in sorted(found.items()) if kind not in ("", "claim")}


@lru_cache(maxsize=2)
def words(model: Model) -> dict[str, str]:
    """Each word that names what is new -> its class: the kinds that there are, and the project's classes."""
    named = {
        kebab(local_name(c)): c for c in sorted(model.own_classes) if model.is_own(c) and not is_evidence(model, c)
    }
    return named | {kind: class_ for kind, class_ in kinds(model).items() if class_}


def word_for(model: Model, class_: str) -> str:
    """The shortest word for a class."""
    found = [word for word, named in words(model).items() if named == class_]
    return min(found, key=len, default=kebab(local_name(class_)))


def is_evidence(model: Model, class_: str) -> bool:
    """Whether things of the class are made by the build or by `kg new source`."""
    return local_name(class_) in ("Claim", "LabelNote", "SourceDocument")


def order(model: Model, class_: str, properties: Sequence[str]) -> list[str]:
    """The properties in the order in which the slugs of the class's things name their values."""
    votes: Counter[tuple[str, ...]] = Counter()
    for iri in model.instances(class_):
        slug = iri.rpartition("/")[2]
        places = {p: slug.find(v.rpartition("/")[2]) for p in properties for v in model.objects(iri, p)[:1]}
        if len(places) == len(properties) and -1 not in places.values():
            votes[tuple(sorted(properties, key=lambda p: places[p]))] += 1
    return list(votes.most_common(1)[0][0]) if votes else list(properties)


def slug_of(model: Model, class_: str, ours: Mapping[str, str]) -> str:
    """The slug that the slugs of a thing's values make, as they do for other things of the class; empty for none.

    ours  property -> slug of its value, or what it is: a country's may be its code
    """
    things = model.instances(class_)
    for property_, slug in ours.items():
        theirs = [
            (slug_in(t), [slug_in(v.value) for v in values(model.store, t, property_) if not isinstance(v, ox.Triple)])
            for t in things
        ]
        theirs = [(own, said) for own, said in theirs if said]
        if theirs and all(own in said for own, said in theirs):
            return slug
    parts = [p for p in ours if any(slug_in(v) in slug_in(t).split("--") for t in things for v in model.objects(t, p))]
    return "--".join(ours[p] for p in order(model, class_, parts)) if len(parts) > 1 else ""


def slug_in(iri: str) -> str:
    """The last part of an address."""
    return iri.rpartition("/")[2]


def kebab(name: str) -> str:
    return _CAPITAL.sub("-", name).lower()


def _kind(model: Model, iri: str) -> str:
    return iri.removeprefix(model.base + "id/").partition("/")[0] if iri.startswith(model.base + "id/") else ""


def _shared(model: Model, things: set[str]) -> str:
    """The narrowest class that most of the things are of."""
    counted: Counter[str] = Counter()
    for iri in things:
        counted.update(model.classes(iri) & model.own_classes)
    most = max(counted.values(), default=0)
    able = [c for c, n in counted.items() if n == most]
    return max(able, key=lambda c: (model.is_own(c), len(model.above(c)), c), default="")
