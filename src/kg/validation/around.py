"""The checks that need no more than the files: what they are, what they name, and how values are written."""

from __future__ import annotations

from collections.abc import Iterator
from weakref import WeakKeyDictionary

from kg.store import saved
from kg.store.project import Project
from kg.store.rdf_io import Document
from kg.validation import drift, languages, literals, terms, things, vocabulary
from kg.validation.named import Names
from kg.words.findings import Finding, Place, Severity


class Around:
    """The checks, and what they found in documents, which does not change while a document does not."""

    def __init__(self) -> None:
        self._literals: WeakKeyDictionary[Document, list[Finding]] = WeakKeyDictionary()

    def check(self, project: Project, catalogue: saved.Catalogue, *, allow_empty: bool) -> Iterator[Finding]:
        names = Names(project.settings.base)
        yield from project.findings
        yield from _files(project, allow_empty)
        yield from terms.check(project)
        yield from terms.unused(project)
        for document in (*project.documents, *project.queries):
            if document not in self._literals:
                self._literals[document] = list(literals.check((document,), names))
            yield from self._literals[document]
        yield from things.check(project)
        yield from languages.check(project, names)
        yield from vocabulary.check(project, names)
        yield from drift.check(project, names)
        yield from catalogue.findings


def _files(project: Project, allow_empty: bool) -> Iterator[Finding]:
    if not any(d.quads for d in project.data) and not project.findings and not allow_empty:
        yield Finding(Severity.ERROR, "data", "no data in data/. Say --allow-empty if that is meant")
    if not project.shapes and not project.findings:
        yield Finding(Severity.ERROR, "shapes", "no shapes in shapes/: this validates nothing")
    for document in project.documents:
        if not document.quads and project.data:
            message = "the file holds no triple. Write some, or remove the file"
            yield Finding(Severity.WARNING, "file", message, Place(document.name))
