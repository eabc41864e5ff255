"""The one seam between the house and what evaluates SPARQL: an Operation in, an Answer or a refusal out."""

from __future__ import annotations

import io
from typing import Protocol

import pyoxigraph as ox

from kg.store.evaluate import evaluate
from kg.store.operation import Abandonment, Answer, Operation


class Engine(Protocol):
    """What evaluates SPARQL queries."""

    def answer(self, operation: Operation, abandonment: Abandonment | None = None) -> Answer:
        """Evaluate one query.

        abandonment  tells when nobody waits any more
        Raise what `evaluate` raises, and QueryTimeout, OutOfMemory, Crashed or Busy if the engine has such limits.
        """


class MemoryEngine:
    """Evaluates in this process, on an Oxigraph store, without limits: for stores whose users are trusted."""

    def __init__(self, store: ox.Store, base: str) -> None:
        self.store = store
        self.base = base

    def answer(self, operation: Operation, abandonment: Abandonment | None = None) -> Answer:
        format_, write = evaluate(self.store, self.base, operation)
        output = io.BytesIO()
        write(output)
        return Answer(format_, iter((output.getvalue(),)))
