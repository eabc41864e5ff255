"""The project as it was at a git revision."""

from __future__ import annotations

import contextlib
import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

from kg.store import project
from kg.store.project import Project
from kg.store.rdf_io import Document
from kg.words.errors import BadInput
from kg.words.settings import Settings

FOLDERS: Final = ("data", "ontology", "queries", "shapes")


def git(root: Path, *arguments: str) -> bytes | None:
    """What git prints in a folder; None if it fails. Raise BadInput if there is no git."""
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=False)  # noqa: S603, S607
    except FileNotFoundError:
        raise BadInput("git is not installed. Revisions need it") from None
    return None if done.returncode else done.stdout


def commit(root: Path, name: str) -> str | None:
    """The hash of a revision; None if git knows none of that name. Raise BadInput if there is no git."""
    found = git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    return found.decode().strip() if found else None


def project_at(settings: Settings, commit: str, known: Iterable[Document] = ()) -> Project:
    """The project of a commit, read with the settings of today.

    known  documents of today: one that was the same then is not parsed again
    Raise BadInput if there was none below the settings' root.
    """
    names = (git(settings.root, "ls-tree", "--name-only", commit) or b"").decode(errors="replace").split("\n")
    folders = [name for name in names if name in FOLDERS]
    archive = git(settings.root, "archive", "--format=tar", commit, *folders) if folders else None
    if archive is None:
        raise BadInput("there was no data, ontology or shapes here. Name a later revision")
    with tempfile.TemporaryDirectory(prefix="kg-") as folder:
        unpack(archive, Path(folder))
        return project.read(replace(settings, root=Path(folder)), known=known)


def unpack(archive: bytes, folder: Path) -> None:
    """Write the files of an archive, and what links to such files lead to; nothing outside of the folder."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for member in tar:
            content = None
            with contextlib.suppress(KeyError, RecursionError):  # a link to what is not in it, or to itself
                content = tar.extractfile(member)
            path = (folder / member.name).resolve()
            if content is not None and path.is_relative_to(folder.resolve()):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content.read())
