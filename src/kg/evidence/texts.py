"""The source texts, found by their SHA-256 in a folder that the operator names; the project ships none."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg.store.lookup import instances, text
from kg.words.errors import BadInput
from kg.words.names import DCTERMS, HS, NIF


@dataclass(frozen=True)
class Source:
    """A source document as the graph registers it; `text` is None where its file is not at hand.

    file  where the text was read
    """

    iri: str
    sha256: str
    language: str
    text: str | None = None
    file: Path | None = None

    @property
    def slug(self) -> str:
        return self.iri.rpartition("/")[2].removesuffix(".txt")


def sources(store: ox.Store, folder: Path | None) -> dict[str, Source]:
    """IRI -> Source for every document that the graph registers or a range refers to.

    folder  holds the texts as files of any name ending in .txt; a file is the text whose SHA-256 it has
    Raise BadInput if a file cannot be read, or a text is not UTF-8; what other files hold does not matter.
    """
    by_hash = _by_hash(folder) if folder else {}
    found = {}
    contexts = store.quads_for_pattern(None, ox.NamedNode(NIF + "referenceContext"), None, ox.DefaultGraph())
    documents = {q.object.value for q in contexts if isinstance(q.object, ox.NamedNode)}
    documents.update(instances(store, HS + "SourceDocument"))
    for iri in sorted(documents):
        digest = text(store, iri, HS + "sha256")
        file = by_hash.get(digest)
        content = read_text(file) if file else None
        found[iri] = Source(iri, digest, text(store, iri, DCTERMS + "language"), content, file)
    return found


def read_text(path: Path) -> str:
    """The characters of a text file. Raise BadInput if it cannot be read or is not UTF-8."""
    try:
        return _bytes(path).decode()
    except UnicodeDecodeError as error:
        raise BadInput(f"not UTF-8 at byte {error.start}. Save the file as UTF-8", str(path)) from None


def _by_hash(folder: Path) -> dict[str, Path]:
    files = (path for path in sorted(folder.glob("*.txt")) if path.is_file())
    return {hashlib.sha256(_bytes(path)).hexdigest(): path for path in files}


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror}", str(path)) from None
