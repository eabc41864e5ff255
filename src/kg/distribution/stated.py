"""What the project's own description says of the dataset, be its values things or plain text."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from kg.store.lookup import text, texts, values
from kg.words.names import DCAT, DCTERMS, FOAF, OWL, TYPE

_BEFORE = (DCAT + "previousVersion", DCAT + "prev", OWL + "priorVersion")


@dataclass(frozen=True)
class Agent:
    """Somebody who made the dataset. `iri` is empty where only a name is given."""

    name: str
    iri: str = ""
    is_person: bool = False


def iris(store: ox.Store, subject: str, predicate: str) -> list[str]:
    """The things among the values of a property."""
    return [v.value for v in values(store, subject, predicate) if isinstance(v, ox.NamedNode)]


def makers(store: ox.Store, dataset: str) -> list[Agent]:
    """The creators of a dataset, or its publishers where it names none."""
    found = values(store, dataset, DCTERMS + "creator") or values(store, dataset, DCTERMS + "publisher")
    return [_agent(store, v) for v in found if isinstance(v, ox.NamedNode | ox.Literal)]


def versions_before(store: ox.Store, dataset: str) -> list[str]:
    """The versions that come before the present one, the latest first."""
    found: list[str] = []
    start = [dataset]
    while start:
        start = [v for iri in start for p in _BEFORE for v in iris(store, iri, p) if v not in found]
        found += dict.fromkeys(start)
    return found


def _agent(store: ox.Store, value: ox.NamedNode | ox.Literal) -> Agent:
    if isinstance(value, ox.Literal):
        return Agent(value.value)
    name = text(store, value.value, FOAF + "name") or value.value
    return Agent(name, value.value, FOAF + "Person" in texts(store, value.value, TYPE))
