"""What is published of a release as a whole. Each part is computed once, when somebody first asks for it."""

from __future__ import annotations

import threading

from kg.distribution import statistics
from kg.distribution.description import Describer, Where
from kg.distribution.documents import documents
from kg.distribution.dumps import Dump, Dumps
from kg.distribution.statistics import Statistics
from kg.store.rdf_io import serialize
from kg.store.release import Release
from kg.words.formats import Format
from kg.words.names import PREFIXES


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

    def description(self, where: Where, format_: Format) -> bytes:
        """The dataset in VoID and DCAT, itself first, then its parts."""
        triples = Describer(self.release, where).describe(self.statistics(), self.dumps.all(), self.documents())
        own = f"<{self.release.settings.base}dataset>"
        triples.sort(key=lambda t: (str(t.subject) != own, str(t)))
        return serialize(triples, format_, PREFIXES)

    def whole(self) -> list[Dump]:
        """The dumps that hold the whole dataset."""
        return [d for d in self.dumps.all() if not d.graph]
