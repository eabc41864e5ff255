"""Files as a build server names them: from the top of the repository."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kg.words.findings import below

Named = Callable[[str], str]
"""From the name of a file in a report, which is its path from the project's folder, to the name that is shown."""


def from_top(root: Path) -> Named:
    """Names from the top of the git repository that the project's folder lies in; as they are if it lies in none.

    A file that lies elsewhere keeps its whole path.
    """
    folder = root.resolve()
    top = next((f for f in (folder, *folder.parents) if (f / ".git").exists()), folder)
    return lambda name: below(folder / name, top) or name
