"""The project as it was before a change."""

from __future__ import annotations

from collections.abc import Iterable

from kg.store import revisions
from kg.store.project import Project
from kg.store.rdf_io import Document
from kg.words.errors import BadInput
from kg.words.settings import Settings

_OPTION = "--changed-since"


def project_at(settings: Settings, revision: str, known: Iterable[Document] = ()) -> Project:
    """The project of a revision, read with the settings of today.

    known  documents of today: one that was the same then is not parsed again
    Raise BadInput if the folder is in no git repository, the revision is unknown, or it had no such project.
    """
    root = settings.root
    commit = revisions.commit(root, revision)
    if commit is None and revisions.git(root, "rev-parse", "--git-dir") is None:
        raise BadInput(f"is in no git repository. {_OPTION} compares with a revision of one", str(root.resolve()))
    if commit is None:
        raise BadInput(f'git knows no revision "{revision}". Name a commit, a branch or a tag', _OPTION)
    try:
        return revisions.project_at(settings, commit, known)
    except BadInput as error:
        raise BadInput(error.what, f"{_OPTION} {revision}") from None
