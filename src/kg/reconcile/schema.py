"""The classes and properties that clients choose from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Final

import pyoxigraph as ox

from kg.reconcile.ids import Ids
from kg.reconcile.things import Things
from kg.store.lookup import texts
from kg.store.text.folding import folded
from kg.words.names import RDFS

_LOOKED_AT: Final = 2000
"""Things of a class that are looked at to find out which properties they have."""
_DEFAULT_TYPES: Final = 10


@dataclass(frozen=True)
class Schema:
    """What the things of a store are and have."""

    store: ox.Store
    things: Things
    ids: Ids
    _known: dict[str, Counter[str]] = field(default_factory=dict)

    def types(self) -> list[str]:
        """Classes that things are of, the commonest first; of equally common ones those of the base."""
        instances = self.things.instances()
        return sorted(instances, key=lambda c: (-instances[c], not c.startswith(self.ids.base), c))

    def default_types(self) -> list[str]:
        """Some classes to begin with: the project's own, else any."""
        types = self.types()
        return ([c for c in types if c.startswith(self.ids.base)] or types)[:_DEFAULT_TYPES]

    def broader(self, class_: str) -> list[str]:
        """The classes that a class is directly below of, of those that things are of."""
        others = self.things.instances().keys() - {class_}
        return [c for c in texts(self.store, class_, RDFS + "subClassOf") if c in others]

    def properties(self, class_: str = "") -> list[str]:
        """Properties that things have, the commonest first: those of a class, if there is one with things."""
        class_ = class_ if class_ in self.things.instances() else ""
        if class_ not in self._known:
            found: Counter[str] = Counter()
            for iri in islice(self.things.of_class(class_) if class_ else self.things.all(), _LOOKED_AT):
                quads = self.store.quads_for_pattern(ox.NamedNode(iri), None, None, ox.DefaultGraph())
                found.update({q.predicate.value for q in quads})
            self._known[class_] = found
        found = self._known[class_]
        return sorted(found, key=lambda p: (-found[p], p))


def fits(prefix: str, name: str, id_: str) -> bool:
    """Whether somebody who has typed so far may mean a term: words of its name begin so, or its identifier does."""
    typed = prefix.strip().casefold()
    if not typed or id_.casefold().startswith(typed):
        return True
    wanted, words = folded(prefix).split(), _words(f"{name} {id_}")
    return bool(wanted) and all(any(word.startswith(w) for word in words) for w in wanted)


@lru_cache(maxsize=5_000)
def _words(text: str) -> tuple[str, ...]:
    return tuple(folded(text).split())
