"""The project as it would be with files that somebody offers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from kg.store import project
from kg.store.project import Project
from kg.store.rdf_io import Document
from kg.words.errors import BadInput
from kg.words.findings import below
from kg.words.settings import Settings


def gather(
    settings: Settings,
    *,
    paths: tuple[Path, ...] = (),
    given: Mapping[str, bytes] | None = None,
    data: tuple[Path, ...] = (),
    shapes: tuple[Path, ...] = (),
    ontology: tuple[Path, ...] = (),
    known: Iterable[Document] = (),
) -> Project:
    """The project with the files and folders of `paths`, each in the folder that it lies in, others among the data.

    given                   contents by the name of a file, as of one that is yet to be saved
    data, shapes, ontology  what to read instead of the folder of that name
    known                   documents that were read before, as most have not changed since
    A file that stands in the project already is read once. Raise BadInput for a path that is missing.
    """
    offered: dict[Path, list[Path]] = {settings.data: [], settings.shapes: [], settings.ontology: []}
    kept = [(settings.shapes, shapes), (settings.ontology, ontology)]
    for path in paths:
        if below(path, settings.queries):
            if not path.exists():
                raise BadInput("no such file or folder", str(path))
            continue
        homes = (folder for folder, instead in kept if not instead and _lies_in(path, folder))
        offered[next(homes, settings.data)].append(path if below(path, settings.root) else path.absolute())
    return project.read(
        settings,
        data=_starts(data, settings.data, offered),
        shapes=_starts(shapes, settings.shapes, offered),
        ontology=_starts(ontology, settings.ontology, offered),
        given=given,
        known=known,
    )


def _lies_in(path: Path, folder: Path) -> bool:
    return below(path, folder) is not None


def _starts(instead: tuple[Path, ...], folder: Path, offered: Mapping[Path, list[Path]]) -> tuple[Path, ...]:
    """Where to begin to read; none if it is the folder alone, which then may be missing."""
    if not offered[folder]:
        return instead
    own = instead or ((folder,) if folder.is_dir() else ())
    return (*own, *offered[folder])
