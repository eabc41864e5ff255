"""The version that a release's changes are told from, as it was published."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

from kg.builds import manifest
from kg.difference.version import Version, published, version
from kg.folder import sha256
from kg.store import rdf_io, release, saved
from kg.store.rdf_io import Document
from kg.store.release import Release
from kg.words.errors import BadInput
from kg.words.findings import Finding
from kg.words.settings import Settings


def since(settings: Settings, name: str) -> Version:
    """The version of that name: a revision, the folder of a project, or a build.

    Raise BadInput if it is none of these, or cannot be read.
    """
    path = Path(name)
    if path.is_file():
        raise BadInput("is a file. Name a revision, the folder of a project, or a build", f"--since {name}")
    if manifest.is_build(path):
        return published(_release(settings, path))
    return published(version(settings, name).release)


def _release(settings: Settings, folder: Path) -> Release:
    """The release that a build holds."""
    found = manifest.read(folder)
    names = [found.dump, *(name for name in found.files if name.startswith("queries/"))]
    for name in names:
        if sha256(folder / name) != found.files[name]:
            raise BadInput("this file is not as kg build wrote it. Build that release again", str(folder / name))
    documents = [_query(folder, name, found.base) for name in names[1:]]
    store = release.stated(list(ox.parse(path=folder / found.dump, format=ox.RdfFormat.N_QUADS)))
    catalogue = saved.read(documents, found.base)
    return release.of_store(replace(settings, base=found.base), store, found.release, catalogue)


def _query(folder: Path, name: str, base: str) -> Document:
    document = rdf_io.read(folder / name, name, f"{base}graph/queries", base)
    if isinstance(document, Finding):
        raise BadInput(document.message, str(folder / name))
    return document
