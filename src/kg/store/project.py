"""The folders of a project, read: documents, rules, and what could not be read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from kg.store import rdf_io
from kg.store.rdf_io import Document
from kg.words.errors import BadInput
from kg.words.findings import Finding, relative
from kg.words.settings import Settings


@dataclass(frozen=True)
class Project:
    """What the folders hold.

    rules     file name -> CONSTRUCT query, in the order of names
    findings  a syntax error a file that does not parse; such files are not among the documents
    """

    settings: Settings
    ontology: tuple[Document, ...]
    data: tuple[Document, ...]
    shapes: tuple[Document, ...]
    rules: dict[str, str]
    findings: tuple[Finding, ...]

    @property
    def documents(self) -> tuple[Document, ...]:
        return self.ontology + self.data + self.shapes


def read(
    settings: Settings, *, data: tuple[Path, ...] = (), shapes: tuple[Path, ...] = (), ontology: tuple[Path, ...] = ()
) -> Project:
    """Read `ontology/`, `data/` and `shapes/` below the settings' root; a folder that is missing is empty.

    data, shapes, ontology  files or folders to read instead of the folder of that name
    A file `data/x/y.ttl` is the named graph `graph/x/y`; all of `ontology/` is `graph/ontology`, all of `shapes/`
    `graph/shapes`. Raise BadInput if a named path is missing, or there is not one RDF file in all of them.
    """
    findings: list[Finding] = []

    def documents(paths: tuple[Path, ...], folder: Path, graph: str | None) -> tuple[Document, ...]:
        found = []
        for path in (file for start in paths or (folder,) for file in files(start, must_exist=bool(paths))):
            inside = path.resolve().is_relative_to(folder.resolve())
            own = path.resolve().relative_to(folder.resolve()) if inside else Path(path.name)
            iri = settings.base + "graph/" + (graph or quote(own.with_suffix("").as_posix()))
            document = rdf_io.read(path, relative(path, settings.root), iri, settings.base)
            if isinstance(document, Finding):
                findings.append(document)
            else:
                found.append(document)
        return tuple(found)

    ontology_read = documents(ontology, settings.ontology, "ontology")
    data_read = documents(data, settings.data, None)
    shapes_read = documents(shapes, settings.shapes, "shapes")
    if not (ontology_read or data_read or shapes_read or findings):
        raise BadInput("nothing to read: no RDF file in ontology/, data/ or shapes/", str(settings.root))
    rules = {}
    for path in sorted((settings.ontology / "rules").glob("*.rq")):
        rules[relative(path, settings.root)] = path.read_text(encoding="utf-8")
    return Project(settings, ontology_read, data_read, shapes_read, rules, tuple(findings))


def files(start: Path, *, must_exist: bool = False) -> Iterator[Path]:
    """The RDF files below a folder (or the file itself), sorted by path; hidden ones and link loops are left out.

    Raise BadInput if the path is missing and must not be.
    """
    if start.is_file():
        yield start
        return
    if must_exist and not start.is_dir():
        raise BadInput("no such file or folder", str(start))
    for parent, folders, names in os.walk(start):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(names):
            path = Path(parent, name)
            if not name.startswith(".") and rdf_io.is_rdf(path) and name != "context.jsonld":
                yield path
