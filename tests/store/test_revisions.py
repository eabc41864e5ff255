"""What a revision has: the files, and the links among them; nothing that leads elsewhere."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from kg.store import revisions
from kg.words.settings import Settings
from tests.conftest import git

SAYS = b"<https://x.example/a> <https://x.example/b> <https://x.example/c> .\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "graph"
    (folder / "data" / "inner").mkdir(parents=True)
    git(folder, "init", "-q")
    (folder / "data" / "inner" / "a.ttl").write_bytes(SAYS)
    return folder


def commit(folder: Path) -> str:
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "one")
    found = revisions.commit(folder, "HEAD")
    assert found
    return found


def names(folder: Path, commit: str) -> list[str]:
    found = revisions.project_at(Settings(root=folder, base="https://x.example/"), commit)
    assert found.findings == ()
    return [document.name for document in found.data]


def test_links_lead_to_what_the_revision_has(repository: Path, tmp_path: Path) -> None:
    data = repository / "data"
    (tmp_path / "elsewhere.ttl").write_bytes(SAYS)
    for name, target in {
        "b.ttl": "inner/a.ttl",
        "c.ttl": "b.ttl",
        "folder": "inner",
        "loop.ttl": "loop.ttl",
        "lost.ttl": "nowhere.ttl",
        "out.ttl": "../../elsewhere.ttl",
        "absolute.ttl": str(tmp_path / "elsewhere.ttl"),
    }.items():
        (data / name).symlink_to(target)
    assert names(repository, commit(repository)) == ["data/b.ttl", "data/c.ttl", "data/inner/a.ttl"]


def test_nothing_is_written_outside_of_the_folder(tmp_path: Path) -> None:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for name in ("in.ttl", "../out.ttl", "data/../../out.ttl", f"{tmp_path}/out.ttl", "data/../inner.ttl"):
            member = tarfile.TarInfo(name)
            member.size = len(SAYS)
            tar.addfile(member, io.BytesIO(SAYS))
    (tmp_path / "folder").mkdir()
    revisions.unpack(archive.getvalue(), tmp_path / "folder")
    assert sorted(path.name for path in tmp_path.rglob("*.ttl")) == ["in.ttl", "inner.ttl"]
