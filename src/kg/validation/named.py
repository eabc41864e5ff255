"""Names of the project's own things and terms."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from kg.store.rdf_io import Term
from kg.words.names import HS, curie


@dataclass(frozen=True)
class Names:
    """What the base IRI makes of an IRI."""

    base: str

    @property
    def things(self) -> str:
        """Where the IRIs of things begin."""
        return self.base + "id/"

    @property
    def terms(self) -> tuple[str, ...]:
        """Where the IRIs of terms begin: the project's, and those of claims."""
        return tuple(dict.fromkeys((HS, self.base + "ns#", self.base + "vocab/")))

    @property
    def own_terms(self) -> tuple[str, ...]:
        return self.base + "ns#", self.base + "vocab/"

    def short(self, term: Term | str) -> str:
        """As a reader knows it: a CURIE, or without the base; a blank node is known by its line only."""
        if isinstance(term, str | ox.NamedNode):
            return curie(term if isinstance(term, str) else term.value).removeprefix(self.base)
        return "[ ]" if isinstance(term, ox.BlankNode) else term.value if isinstance(term, ox.Literal) else str(term)
