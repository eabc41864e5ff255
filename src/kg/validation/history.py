"""The project as it was at a git revision."""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from kg.store import project
from kg.store.project import Project
from kg.store.rdf_io import Document
from kg.words.errors import BadInput
from kg.words.settings import Settings

_FOLDERS = ("data", "ontology", "queries", "shapes")


def project_at(settings: Settings, revision: str, known: Iterable[Document] = ()) -> Project:
    """The project of a revision, read with the settings of today.

    known  documents of today: one that was the same then is not parsed again
    Raise BadInput if the folder is in no git repository, the revision is unknown, or it had no such project.
    """
    root = settings.root
    commit = _git(
        root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", about=revision
    )
    folders = [n for n in _git(root, "ls-tree", "--name-only", commit.strip()).split("\n") if n in _FOLDERS]
    if not folders:
        raise BadInput(f"there was no data, ontology or shapes here at {revision}. Name a later one", "--changed-since")
    archive = _run(root, "archive", "--format=tar", commit.strip(), *folders).stdout
    with tempfile.TemporaryDirectory(prefix="kg-") as folder:
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            tar.extractall(folder, filter="data")
        return project.read(replace(settings, root=Path(folder)), known=known)


def _git(root: Path, *arguments: str, about: str = "") -> str:
    done = _run(root, *arguments)
    if done.returncode:
        known = _run(root, "rev-parse", "--git-dir").returncode == 0
        what = (
            f'git knows no revision "{about}". Name a commit, a branch or a tag'
            if known
            else ("is in no git repository. --changed-since compares with a revision of one")
        )
        raise BadInput(what, "--changed-since" if known else str(root.resolve()))
    return done.stdout.decode(errors="replace")


def _run(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=False)  # noqa: S603, S607
    except FileNotFoundError:
        raise BadInput("git is not installed. --changed-since needs it") from None
