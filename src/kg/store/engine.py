"""The one seam between the house and what evaluates SPARQL: an Operation in, an Answer or a refusal out."""

from __future__ import annotations

import io
from typing import Protocol

import pyoxigraph as ox

from kg.store.evaluate import Evaluator
from kg.store.operation import Abandonment, Answer, AsyncAnswer, Operation


class Engine(Protocol):
    """What evaluates SPARQL queries."""

    def answer(self, operation: Operation, abandonment: Abandonment | None = None) -> Answer:
        """Evaluate one query.

        abandonment  tells when nobody waits any more
        Raise what `Evaluator.evaluate` raises; QueryTimeout, OutOfMemory, Crashed or Busy if there are such limits.
        """


class AsyncEngine(Protocol):
    """The same on an event loop, where all of its methods are called."""

    async def ask(self, operation: Operation, abandonment: Abandonment | None = None) -> AsyncAnswer:
        """Evaluate one query, until the first part of its answer is there. Raise as `Engine.answer` does."""


class MemoryEngine:
    """Evaluates in this process, on an Oxigraph store, without limits: for stores whose users are trusted."""

    def __init__(self, store: ox.Store, base: str) -> None:
        self._evaluator = Evaluator(store, base)

    def answer(self, operation: Operation, abandonment: Abandonment | None = None) -> Answer:
        format_, write = self._evaluator.evaluate(operation)
        output = io.BytesIO()
        write(output)
        return Answer(format_, iter((output.getvalue(),)))
