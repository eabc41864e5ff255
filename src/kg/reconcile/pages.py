"""The page that clients show beside a candidate."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from typing import Final

import pyoxigraph as ox

from kg.pages.readable import readable
from kg.pages.values import Reader, Value
from kg.reconcile.things import Things
from kg.words.names import LABEL_PROPERTIES, SKOS, TYPE

_FACTS: Final = 5
_VALUES: Final = 3
_TOLD_ABOVE: Final = {*LABEL_PROPERTIES, SKOS + "altLabel", TYPE}


@dataclass(frozen=True)
class Preview:
    """Context `preview` of `reconcile_preview.html`.

    types  the classes that a file states, by name
    names  other names, in other languages too
    facts  some properties, each with its first values
    """

    thing: Value
    types: tuple[Value, ...]
    names: tuple[Value, ...]
    facts: tuple[tuple[Value, tuple[Value, ...]], ...]


def preview(store: ox.Store, things: Things, reader: Reader, iri: str, inferred: str) -> Preview:
    """A thing in a few lines.

    inferred  IRI of the graph with what rules infer, which is left out
    """
    thing = reader.thing(iri)
    stated: defaultdict[str, set[ox.NamedNode | ox.Literal]] = defaultdict(set)
    for quad in store.quads_for_pattern(ox.NamedNode(iri), None, None, None):
        is_stated = quad.graph_name not in (ox.DefaultGraph(), ox.NamedNode(inferred))
        if is_stated and isinstance(quad.object, ox.NamedNode | ox.Literal):
            stated[quad.predicate.value].add(quad.object)
    facts = (
        (reader.thing(p), tuple(_value(reader, v) for v in islice(sorted(values, key=str), _VALUES)))
        for p, values in sorted(stated.items())
        if p not in _TOLD_ABOVE
    )
    names = {label.text: Value(label.text, language=label.language) for label in things.labels(iri)}
    return Preview(
        thing,
        tuple(reader.thing(c.value) for c in sorted(stated[TYPE], key=str) if isinstance(c, ox.NamedNode)),
        tuple(value for text, value in names.items() if text != thing.text),
        tuple(islice(facts, _FACTS)),
    )


def _value(reader: Reader, term: ox.NamedNode | ox.Literal) -> Value:
    if isinstance(term, ox.Literal) and not term.language:
        return Value(readable(term, reader.language))
    return reader.value(term)
