"""What is published of a release as a whole. Each part is computed once, when somebody first asks for it."""

from __future__ import annotations

import threading

import pyoxigraph as ox

from kg.distribution import statistics
from kg.distribution.description import Describer
from kg.distribution.documents import documents
from kg.distribution.dumps import Dump, Dumps
from kg.distribution.statistics import Statistics
from kg.store.release import Release


class Publication:
    """A release with its dumps, documents and numbers. Safe to use from many threads.

    pages  paths of the site's pages that are about nothing of the graph
    """

    def __init__(self, release: Release, pages: list[str]) -> None:
        self.release, self.pages = release, pages
        self.dumps = Dumps(release)
        self._lock = threading.Lock()
        self._documents: list[str] | None = None
        self._statistics: Statistics | None = None

    def documents(self) -> list[str]:
        """The paths of all documents, in order."""
        with self._lock:
            if self._documents is None:
                self._documents = documents(self.release, self.pages)
            return self._documents

    def statistics(self) -> Statistics:
        """The numbers of VoID."""
        with self._lock:
            if self._statistics is None:
                self._statistics = statistics.count(self.release)
            return self._statistics

    def description(self, here: str) -> list[ox.Triple]:
        """The dataset in VoID and DCAT, with downloads at the site's address `here`."""
        return Describer(self.release, here).describe(self.statistics(), self.dumps.all(), self.documents())

    def whole(self) -> list[Dump]:
        """The dumps that hold the whole dataset."""
        return [d for d in self.dumps.all() if not d.graph]
