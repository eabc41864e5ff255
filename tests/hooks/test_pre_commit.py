"""The hooks of pre-commit, with the real program and without a network.

pre-commit installs a hook of the language `python` with pip, which needs the network. So the configuration says, as
anybody's may, `language: system`, and the kg of this environment is run; the rest is what everybody has: the
repository is cloned at its revision, and its hooks are read from `.pre-commit-hooks.yaml`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.builds import wharf
from tests.conftest import ROOT, clean_environment

HOOKS = ROOT / ".pre-commit-hooks.yaml"
CONFIG = ROOT / ".pre-commit-config.yaml"
QUAY = "data/quay/log.ttl"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Where git knows a committer, pre-commit has a folder of its own, and kg is on the path."""
    who = {f"GIT_{role}_{what}": "test@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return clean_environment() | who | {"PRE_COMMIT_HOME": str(tmp_path / "cache"), "PATH": path}


def run(environment: dict[str, str], folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        timeout=120, check=False,
    )  # fmt: skip


def repository(environment: dict[str, str], folder: Path) -> str:
    """Make a repository of a folder; return its commit."""
    for command in ("git init -q -b main", "git add .", "git -c commit.gpgsign=false commit -q -m first"):
        assert run(environment, folder, *command.split(" ")).returncode == 0
    return run(environment, folder, "git", "rev-parse", "HEAD").stdout.strip()


@pytest.fixture
def project(environment: dict[str, str], tmp_path: Path) -> Path:
    """A repository of somebody who has the hooks from ours, and has them installed."""
    (tmp_path / "ours").mkdir()
    shutil.copy(HOOKS, tmp_path / "ours")
    commit = repository(environment, tmp_path / "ours")
    folder = wharf.write(tmp_path / "theirs")
    hooks = [{"id": hook["id"], "language": "system"} for hook in yaml.safe_load(HOOKS.read_text())]
    config = {"repos": [{"repo": str(tmp_path / "ours"), "rev": commit, "hooks": hooks}]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    repository(environment, folder)
    assert run(environment, folder, sys.executable, "-m", "pre_commit", "install").returncode == 0
    return folder


def test_no_commit_is_made_of_what_does_not_conform_or_is_not_laid_out(
    project: Path, environment: dict[str, str]
) -> None:
    def commit() -> subprocess.CompletedProcess[str]:
        return run(environment, project, "git", "-c", "commit.gpgsign=false", "commit", "-q", "-a", "-m", "second")

    wharf.change(project, QUAY, "; ns:lifts 7 ", "")
    refused = commit()
    assert refused.returncode == 1
    assert "data/quay/log.ttl" in refused.stdout
    assert "A crane lifts so many tons. Add ns:lifts." in refused.stdout
    wharf.change(project, QUAY, "rdfs:label", "ns:lifts  8 ; rdfs:label")
    refused = commit()
    assert refused.returncode == 1
    assert "files were modified by this hook" in refused.stdout
    assert "ns:lifts 8 ;" in (project / QUAY).read_text()
    accepted = commit()
    assert accepted.returncode == 0, accepted.stdout
    assert run(environment, project, "git", "status", "--porcelain").stdout == ""


def test_other_files_ask_for_nothing(project: Path, environment: dict[str, str]) -> None:
    (project / "notes.txt").write_text("not of the project")
    run(environment, project, "git", "add", ".")
    done = run(environment, project, sys.executable, "-m", "pre_commit", "run", "--verbose")
    assert done.returncode == 0
    assert done.stdout.count("(no files to check)Skipped") == 2


def test_our_own_hooks_hold_our_own_files(environment: dict[str, str], tmp_path: Path) -> None:
    folder = wharf.write(tmp_path / "copy")
    shutil.copy(CONFIG, folder)
    wharf.change(folder, QUAY, "ns:lifts 7", "ns:lifts  7")
    repository(environment, folder)
    program = (sys.executable, "-m", "pre_commit", "run", "--all-files")
    laid_out = run(environment, folder, *program, "kg-fmt")
    assert laid_out.returncode == 1
    assert "files were modified by this hook" in laid_out.stdout
    checked = run(environment, folder, *program, "kg-validate")
    assert checked.returncode == 1
    assert "2 warnings." in checked.stdout  # which --strict does not let pass
    (folder / "ours.py").write_text("import os, sys\n")
    run(environment, folder, "git", "add", ".")
    assert "F401" in run(environment, folder, *program, "ruff-check").stdout


def test_the_files_of_pre_commit_are_valid(environment: dict[str, str]) -> None:
    assert run(environment, ROOT, sys.executable, "-m", "pre_commit", "validate-manifest", str(HOOKS)).stdout == ""
    assert run(environment, ROOT, sys.executable, "-m", "pre_commit", "validate-config", str(CONFIG)).stdout == ""
