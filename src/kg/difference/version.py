"""A version of the project by its name: a folder, a file, a git revision, or the files as they are."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.store import claims, project, rdf_io, release, revisions
from kg.store.project import Project
from kg.store.release import Release
from kg.words.errors import BadInput
from kg.words.findings import below
from kg.words.settings import CONFIG_FILE, Settings, load

WORK_TREE: Final = ""
"""The name of the files as they are."""


@dataclass(frozen=True)
class Version:
    """One of two versions.

    stated   what is stated, and the claims, without what is inferred
    release  the dataset that is built of it
    """

    name: str
    stated: tuple[ox.Quad, ...]
    release: Release


def named(arguments: tuple[str, ...]) -> tuple[str, str]:
    """The two versions that the arguments name: `A B`, `A..B`, `A...B`, A and the files as they are, or HEAD and those.

    `A...B` comes back as "A...B" and B. Raise BadInput for more.
    """
    if len(arguments) > 2:
        raise BadInput("two versions are compared at a time. Give A B, A..B, or A alone")
    if len(arguments) == 2:
        return arguments[0], arguments[1]
    name = arguments[0] if arguments else "HEAD"
    if ".." not in name or Path(name).exists():
        return name, WORK_TREE
    dots = "..." if "..." in name else ".."
    before, _, after = name.partition(dots)
    before, after = before or "HEAD", after or "HEAD"
    return (f"{before}...{after}" if dots == "..." else before), after


def read(settings: Settings, before: str, after: str) -> tuple[Version, Version]:
    """Both versions, read and built. Two files are compared as if they were one file of data.

    settings  of the project; those of a folder with a kg.toml are that folder's
    Raise BadInput if one is neither a path nor a revision, or cannot be read.
    """
    files = [Path(n) for n in (after, before) if Path(n).is_file()]
    known = (Path(inside).with_suffix("") for f in files if (inside := below(f, settings.data)))
    stem = next(known, Path(files[0].stem) if files else Path())
    return version(settings, before, stem), version(settings, after, stem)


def published(release: Release) -> Version:
    """A release as a version, told by its hash: literals are in the form in which they are published."""
    apart = (ox.DefaultGraph(), ox.NamedNode(release.settings.base + "graph/inferred"))
    quads = tuple(q for q in release.store if q.graph_name not in apart)
    return Version(f"release {release.hash[:12]}", quads, release)


def version(settings: Settings, name: str, stem: Path = Path()) -> Version:
    """One version by its name, read and built. Raise BadInput as `read` does.

    stem  what a file is called in data/, without its suffix
    """
    shown = name or "the files as they are"
    try:
        found = _project(settings, name, stem)
        built = release.build(found, drafts=True)
    except BadInput as error:
        raise BadInput(error.what, f"{shown}: {error.where}" if error.where else shown) from None
    return Version(shown, tuple(claims.expand(found.documents, found.settings.base).quads), built)


def _project(settings: Settings, name: str, stem: Path) -> Project:
    path = Path(name)
    if name == WORK_TREE:
        return project.read(settings)
    if path.is_file():
        return _data(settings, {f"{stem.as_posix()}{path.suffix}": path})
    if path.is_dir() and not any((path / f).is_dir() for f in revisions.FOLDERS):
        files = (f for f in sorted(path.rglob("*")) if f.is_file() and rdf_io.is_rdf(f))
        names = ((f.relative_to(path), f) for f in files)
        return _data(settings, {n.as_posix(): f for n, f in names if not any(p.startswith(".") for p in n.parts)})
    if path.is_dir():
        return project.read(load(path) if (path / CONFIG_FILE).is_file() else replace(settings, root=path))
    return _at(settings, name)


def _data(settings: Settings, files: Mapping[str, Path]) -> Project:
    """A project of these data files alone, by their names in data/."""
    try:
        given = {f"data/{name}": path.read_bytes() for name, path in files.items()}
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror}", str(error.filename)) from None
    with tempfile.TemporaryDirectory(prefix="kg-") as folder:
        return project.read(replace(settings, root=Path(folder)), given=given)


def _at(settings: Settings, name: str) -> Project:
    """The project of a revision, read with the settings of today."""
    commits = [_commit(settings.root, n) for n in name.split("...")]
    if len(commits) == 1:
        return revisions.project_at(settings, commits[0])
    common = revisions.git(settings.root, "merge-base", *commits)
    if not common:
        raise BadInput("these revisions have no common past. Name them with two dots")
    return revisions.project_at(settings, common.decode().split("\n")[0])


def _commit(root: Path, name: str) -> str:
    """The hash of a revision. Raise BadInput if git knows none of that name."""
    if found := revisions.commit(root, name):
        return found
    raise BadInput(f'"{name}" is neither a file nor a folder here, nor a revision that git knows')
