"""Where a statement is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import pyoxigraph as ox

from kg.store.claims import REIFIES, Origin
from kg.store.rdf_io import Document, Term
from kg.words.findings import Place
from kg.words.names import TYPE


class _Origins(Protocol):
    """Generated nodes and phrases, and where each was written."""

    def get(self, made: Any, /) -> Origin | None: ...


class _Expanded(Protocol):
    """Documents whose annotations are expanded."""

    @property
    def origins(self) -> _Origins: ...


class Locate(Protocol):
    """Where the statement of a subject, predicate and object is written; None for what does not matter."""

    def __call__(
        self,
        subject: Term,
        predicate: ox.NamedNode | None = None,
        value: Term | None = None,
        graph: ox.NamedNode | None = None,
    ) -> Place | None: ...


class Locator:
    """Finds the file and line of statements, of generated nodes too. Reads nothing until asked."""

    def __init__(self, documents: Sequence[Document], expansion: _Expanded) -> None:
        self._documents = documents
        self._origins = expansion.origins

    def place(
        self,
        subject: Term,
        predicate: ox.NamedNode | None = None,
        value: Term | None = None,
        graph: ox.NamedNode | None = None,
    ) -> Place | None:
        """The place of the statement that fits best.

        The statement itself, else one with its subject and predicate, else that of its class, else the first of its
        subject; one in the graph before others; for a generated claim or range, the annotation it comes from. None if
        the subject is nowhere subject.
        """
        if predicate is not None and value is not None:
            origin = self._origins.get(ox.Triple(subject, predicate, value))  # type: ignore[arg-type]
            if origin:
                return origin[0].place(origin[1])
        best: tuple[float, Document, int] | None = None
        for document, index in self._about(subject):
            quad = document.quads[index]
            score = (
                4 * (predicate is not None and quad.predicate == predicate)
                + 2 * (value is not None and quad.object == value)
                + (graph is not None and quad.graph_name == graph)
                + 0.5 * (quad.predicate.value == TYPE)
            )
            if best is None or score > best[0]:
                best = (score, document, index)
        if best:
            return best[1].place(best[2])
        origin = self._origins.get(subject)
        return origin[0].place(origin[1]) if origin else None

    def _about(self, subject: Term) -> Iterator[tuple[Document, int]]:
        for document in self._documents:
            for index in document.subjects.get(subject, ()):
                if document.quads[index].predicate != REIFIES:
                    yield document, index
