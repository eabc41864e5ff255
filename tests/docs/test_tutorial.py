"""The tutorial, followed to the letter: every command is run, every edit is made, all that is printed is compared."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT, Starter, clean_environment

TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"(?P<note><!-- not run: [^\n]* -->\n)?```(?P<kind>\w+)\n(?P<text>.*?)```\n", re.DOTALL)
_WHOLE = re.compile(r"^(?:Checked |\d+ of \d+ ranges|\d+ files?, |HEAD → ).*$", re.MULTILINE)
"""Lines with counts of the whole project, which grows: their numbers are not compared."""
_SITE = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class Step:
    """Commands with what they print, if that is shown; or an edit, as a patch."""

    commands: str = ""
    printed: str | None = None
    patch: str = ""


def steps() -> list[Step]:
    found: list[Step] = []
    for block in _BLOCK.finditer(TUTORIAL):
        if block["kind"] == "text":
            found[-1] = Step(found[-1].commands, block["text"])
        elif block["kind"] == "diff":
            found.append(Step(patch=block["text"]))
        elif not block["note"]:
            found.append(Step(block["text"]))
    return found


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository of the project as it stands, in a folder of its own."""
    folder = tmp_path / "project"
    for name in ("data", "docs", "ontology", "queries", "shapes"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "kg.toml", folder)
    for command in ("init -q -b main", "add -A", "commit -q -m everything"):
        subprocess.run(["git", *command.split()], cwd=folder, env=environment(tmp_path), check=True)
    return folder


def environment(home: Path) -> dict[str, str]:
    """That of somebody who has activated the environment and told git who they are."""
    person = {f"GIT_{role}_{what}": "maintainer" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return (
        clean_environment()
        | person
        | {"PATH": path, "HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8"}
    )


def test_every_step_does_what_it_says(clone: Path, start: Starter) -> None:
    site = _SITE
    for step in steps():
        if step.commands.strip() == "kg serve":
            site = start(cwd=clone).url
            continue
        if step.commands.startswith("curl") and not shutil.which("curl"):
            continue
        commands = step.commands.replace(_SITE, site) or "git apply --unidiff-zero -p0 -"
        done = subprocess.run(
            ["bash", "-e", "-c", commands], cwd=clone, env=environment(clone.parent), input=step.patch,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{commands}\n{done.stdout}"
        if step.printed is not None:
            assert _counted(done.stdout) == _counted(step.printed), commands
    assert not list((clone / "data").rglob("*.bak"))
    assert "hs:draft" not in (clone / "data" / "source" / "mayak-release.ttl").read_text(encoding="utf-8")


def _counted(printed: str) -> str:
    return _WHOLE.sub(lambda line: re.sub(r"\d[\d,]*", "#", line[0]), printed).rstrip("\n")


def test_only_what_needs_the_network_is_not_run() -> None:
    left_out = [b["text"] for b in _BLOCK.finditer(TUTORIAL) if b["note"]]
    assert len(left_out) == 1
    assert "pip install" in left_out[0]
    assert sum(s.printed is not None for s in steps()) >= 10
    assert sum(bool(s.patch) for s in steps()) == 1


def test_the_text_of_the_tutorial_names_no_person_and_is_registered_nowhere() -> None:
    text = (ROOT / "docs" / "tutorial" / "mayak-release.txt").read_text(encoding="utf-8")
    assert "Маяк" in text
    assert "mayak" not in (ROOT / "data" / "provenance.ttl").read_text(encoding="utf-8")
