"""The project as it was at a revision."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from kg.store import project
from kg.validation.history import project_at
from kg.words.errors import BadInput
from tests.validation.clinics import DATA, turtle, write


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=tests", "-c", "user.email=tests@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def test_project_is_read_as_it_was_with_the_names_of_its_files_and_graphs(tmp_path: Path) -> None:
    settings = write(tmp_path / "graph")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "one")
    first = project.read(settings)
    write(tmp_path / "graph", {"data/clinics.ttl": turtle(DATA.replace("171", "172"))})
    git(tmp_path, "commit", "-q", "-a", "-m", "two")
    was, now = project_at(settings, "HEAD~1"), project_at(settings, "HEAD")
    for found, expected in ((was, first), (now, project.read(settings))):
        assert [d.quads for d in found.documents] == [d.quads for d in expected.documents]
        assert [d.name for d in found.documents] == [d.name for d in expected.documents]
    assert was.data[0].quads != now.data[0].quads


def test_revision_without_the_project_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "readme").write_text("x", encoding="utf-8")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "one")
    with pytest.raises(BadInput, match="no data, ontology or shapes here") as caught:
        project_at(write(tmp_path), "HEAD")
    assert caught.value.where == "--changed-since HEAD"
