"""What a thing is called, in each language once, and where each name comes from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from kg.pages import collation
from kg.pages.values import Value
from kg.resource.describe import Fact
from kg.resource.evidence import Evidence, of_claims
from kg.resource.viewer import Viewer
from kg.words.names import LABEL_PROPERTIES, RDFS, SKOS

_MAIN = (SKOS + "prefLabel", RDFS + "label")
_ALL = (*LABEL_PROPERTIES, SKOS + "altLabel")


@dataclass(frozen=True)
class Name:
    """What a thing is called in one language.

    by        the property that gives it, None for its main name there
    verbatim  a source has it in just these words
    """

    value: Value
    by: Value | None
    evidence: tuple[Evidence, ...]

    @property
    def verbatim(self) -> bool:
        return any(q.phrase == self.value.text for e in self.evidence for q in e.quotes)


def is_name(fact: Fact) -> bool:
    """Whether a fact names its thing."""
    return fact.predicate in _ALL and isinstance(fact.value, ox.Literal)


def names(facts: Iterable[Fact], viewer: Viewer) -> tuple[Name, ...]:
    """Each name once, with the evidence of all properties that give it; the main names first."""
    found: dict[Value, list[Fact]] = defaultdict(list)
    for fact in filter(is_name, facts):
        found[viewer.value(fact.value)].append(fact)

    def name(value: Value, given: list[Fact]) -> Name:
        best = min((f.predicate for f in given), key=_ALL.index)
        evidence = of_claims((c for f in given for c in f.claims), viewer)
        return Name(value, None if best in _MAIN else viewer.thing(best), evidence)

    found_names = (name(value, given) for value, given in found.items())
    return tuple(sorted(found_names, key=lambda n: (n.by is not None, n.value.language, collation.key(n.value.text))))
