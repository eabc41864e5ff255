"""Things that their publisher has withdrawn, and what stands in their place."""

from __future__ import annotations

import pyoxigraph as ox

from kg.store.lookup import texts, values
from kg.words.names import DCTERMS, OWL


def is_retired(store: ox.Store, iri: str) -> bool:
    """Whether the thing is owl:deprecated."""
    return any(value in ("true", "1") for value in texts(store, iri, OWL + "deprecated"))


def successors(store: ox.Store, iri: str) -> tuple[str, ...]:
    """IRIs of what dcterms:isReplacedBy names, sorted; http only, as they become links."""
    found = values(store, iri, DCTERMS + "isReplacedBy")
    return tuple(v.value for v in found if isinstance(v, ox.NamedNode) and v.value.startswith(("http://", "https://")))
