"""The folders of a project, read: documents, rules, and what could not be read."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ParamSpec, TypeVar
from urllib.parse import quote

import pyoxigraph as ox

from kg.store import rdf_io
from kg.store.rdf_io import Document
from kg.words.errors import BadInput
from kg.words.findings import Finding, Place, Severity, below, relative
from kg.words.formats import N_TRIPLES, RDF_XML, TURTLE
from kg.words.settings import Settings

_KEPT = {
    "ontology": "the ontology",
    "shapes": "the shapes (are data and shapes swapped?)",
    "inferred": "what is inferred",
}
"""Graphs that hold one thing only, whatever a file in another folder is called."""

_ONE_GRAPH = frozenset({TURTLE, N_TRIPLES, RDF_XML})

_T = TypeVar("_T")
_P = ParamSpec("_P")


@dataclass(frozen=True)
class Project:
    """What the folders hold.

    rules     file name -> CONSTRUCT query, in the order of names
    queries   the saved queries; not part of the graph
    findings  an error a file that cannot be read; such files are not among the documents
    incomplete  the folders with such files, by name
    """

    settings: Settings
    ontology: tuple[Document, ...]
    data: tuple[Document, ...]
    shapes: tuple[Document, ...]
    rules: dict[str, str]
    queries: tuple[Document, ...]
    findings: tuple[Finding, ...]
    incomplete: frozenset[str] = frozenset()

    @property
    def documents(self) -> tuple[Document, ...]:
        return self.ontology + self.data + self.shapes


def read(
    settings: Settings,
    *,
    data: tuple[Path, ...] = (),
    shapes: tuple[Path, ...] = (),
    ontology: tuple[Path, ...] = (),
    given: Mapping[str, bytes] | None = None,
    known: Iterable[Document] = (),
) -> Project:
    """Read `ontology/`, `data/`, `shapes/` and `queries/` below the settings' root; a folder that is missing is empty.

    data, shapes, ontology  files or folders to read instead of the folder of that name
    given   contents by the name of a file, from the root: read as if they stood there
    known   documents that were read before: a file with the same name and bytes is not parsed again
    A file `data/x/y.ttl` is the named graph `graph/x/y`; all of `ontology/` is `graph/ontology`, all of `shapes/`
    `graph/shapes`. Raise BadInput if a named path is missing, or there is not one RDF file in all of them.
    """
    reader = _Reader(settings, given or {}, {d.name: d for d in known})
    ontology_read = reader.documents(ontology, settings.ontology, "ontology")
    data_read = reader.documents(data, settings.data, "")
    shapes_read = reader.documents(shapes, settings.shapes, "shapes")
    if not (ontology_read or data_read or shapes_read or reader.findings):
        raise BadInput("nothing to read: no RDF file in ontology/, data/ or shapes/", str(settings.root))
    queries_read = reader.documents((), settings.queries, "queries")
    rules = reader.rules()
    findings, incomplete = tuple(reader.findings), frozenset(reader.incomplete)
    return Project(settings, ontology_read, data_read, shapes_read, rules, queries_read, findings, incomplete)


@dataclass(frozen=True)
class _Reader:
    """Reads what can be read, and remembers why the rest cannot."""

    settings: Settings
    given: Mapping[str, bytes] = field(default_factory=dict)
    known: Mapping[str, Document] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    incomplete: set[str] = field(default_factory=set)

    def documents(self, paths: tuple[Path, ...], folder: Path, graph: str) -> tuple[Document, ...]:
        """The RDF files of the paths, or of the folder if there are none; one that is named twice is read once.

        graph  the last part of the IRI of their graph; empty: each has its own, called as the file is
        Raise BadInput for a path that is missing, or names a file whose suffix names no RDF.
        """
        starts, trouble = paths or (folder,), len(self.findings)
        files = {name: path for s in starts for name, path in self.files(s, rdf_io.is_rdf, must_exist=bool(paths))}
        files |= {name: self.settings.root / name for name in self.given if folder == self.home(name)}
        found = []
        for name, path in files.items():
            own = graph or quote(Path(below(path, folder) or path.name).with_suffix("").as_posix())
            base = self.settings.base
            rdf_io.syntax_of(path, name)  # what somebody named and is no RDF is a slip of theirs, and not in the data
            graph_name = f"{base}graph/{own}"
            document = self.as_known(path, name, graph_name) or self.attempt(
                rdf_io.read, path, name, graph_name, base, self.given.get(name)
            )
            if document is not None and self.may_keep_its_graphs(document, graph):
                found.append(document)
        if len(self.findings) > trouble:
            self.incomplete.add(folder.name)
        return tuple(found)

    def as_known(self, path: Path, name: str, graph: str) -> Document | None:
        """The document that was read from the same bytes before."""
        known = self.known.get(name)
        if known is None or (known.graph.value, known.base) != (graph, self.settings.base):
            return None
        try:
            content = self.given[name] if name in self.given else path.read_bytes()
        except OSError:
            return None
        return known if content == known.content else None

    def home(self, name: str) -> Path:
        """The folder that a given file belongs to: the one that it lies in, else the data's."""
        kept = (self.settings.ontology, self.settings.shapes, self.settings.queries)
        return next((f for f in kept if below(self.settings.root / name, f)), self.settings.data)

    def may_keep_its_graphs(self, document: Document, own: str) -> bool:
        known = self.settings.base + "graph/"
        if document.graph.value.removeprefix(known) == own and document.format in _ONE_GRAPH:
            return True
        for index, quad in enumerate(document.quads[:1] if document.format in _ONE_GRAPH else document.quads):
            assert isinstance(quad.graph_name, ox.NamedNode | ox.BlankNode)
            graph = quad.graph_name.value.removeprefix(self.settings.base + "graph/")
            if graph in _KEPT and graph != own:
                message = f"graph/{graph} is kept for {_KEPT[graph]}. Rename the file, or the graph that it names"
                self.complain(message, document.place(index))
                return False
        return True

    def rules(self) -> dict[str, str]:
        found = {}
        for name, path in self.files(self.settings.ontology / "rules", lambda p: p.suffix == ".rq"):
            content = self.attempt(rdf_io.read_content, path, name)
            if content is not None:
                found[name] = content.decode()
        return found

    def files(
        self, start: Path, wanted: Callable[[Path], bool], *, must_exist: bool = False
    ) -> Iterator[tuple[str, Path]]:
        """Name and path of the files below a folder (or of the file itself), sorted; no hidden ones, no link twice.

        Raise BadInput if the path is missing and must not be.
        """
        try:
            paths = [start] if start.is_file() else self.walk(start) if start.is_dir() else None
        except OSError:  # its name is too long, or a folder on the way must not be entered
            paths = None
        if paths is None and must_exist:
            raise BadInput("no such file or folder", str(start))
        for path in paths or ():
            name = relative(path, self.settings.root)
            if path != start and not wanted(path):
                continue
            if _is_special(path):
                self.complain("this is a device or a pipe, which has no end. Put a file in its place", Place(name))
                continue
            try:
                name.encode()
            except UnicodeEncodeError:
                shown = name.encode(errors="backslashreplace").decode()
                self.complain("the name of this file is not UTF-8. Rename it", Place(shown))
            else:
                yield name, path

    def walk(self, folder: Path) -> Iterator[Path]:
        for parent, folders, names in os.walk(folder, onerror=self.cannot_list):
            folders[:] = sorted(f for f in folders if not f.startswith("."))
            yield from (Path(parent, n) for n in sorted(names) if not n.startswith(".") and n != "context.jsonld")

    def cannot_list(self, error: OSError) -> None:
        name = relative(Path(error.filename), self.settings.root)
        self.complain(f"the folder cannot be read: {error.strerror}", Place(name))

    def attempt(self, read: Callable[_P, _T | Finding], *args: _P.args, **kwargs: _P.kwargs) -> _T | None:
        """What it reads; None, and a finding, if that cannot be read."""
        try:
            found = read(*args, **kwargs)
        except BadInput as error:
            self.complain(error.what, Place(error.where))
        else:
            if not isinstance(found, Finding):
                return found
            self.findings.append(found)
        return None

    def complain(self, message: str, place: Place) -> None:
        self.findings.append(Finding(Severity.ERROR, "file", message, place))


def _is_special(path: Path) -> bool:
    """Whether it is there and is no regular file."""
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False
