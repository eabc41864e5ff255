"""What the README prints works, and what there is stands in the README."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, Server, clean_environment, kg

README = (ROOT / "README.md").read_text()
COMMANDS = (ROOT / "docs" / "commands.md").read_text()
_BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
_TOUR = README.partition("\n## You have questions")[2].partition("\n## Commands\n")[0]


def tour() -> list[str]:
    """The tour's commands: a block is one command, or one a line where the lines stand alone."""
    commands = []
    for block in _BLOCK.findall(_TOUR):
        alone = all(line.count("'") % 2 == 0 for line in block.splitlines())
        commands += block.splitlines() if alone else [block]
    return commands


@pytest.mark.parametrize("command", tour(), ids=range(len(tour())))
def test_every_command_of_the_tour_works_as_printed(command: str, server: Server) -> None:
    if command.startswith("curl") and not shutil.which("curl"):
        pytest.skip("curl is not installed")
    command = command.replace("http://127.0.0.1:8000", server.url)
    command = command.replace(".venv/bin/", f"{Path(sys.executable).parent}/")
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
    assert "does not" not in done.stderr


def test_the_tour_visits_all_three_users() -> None:
    assert len(tour()) >= 6
    joined = "\n".join(tour())
    assert "/sparql" in joined
    assert "/id/" in joined
    assert "kg validate" in joined


def test_the_first_query_of_the_tour_lists_the_eight_partnerships(server: Server) -> None:
    command = tour()[0].replace("http://127.0.0.1:8000", server.url)
    rows = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=True, timeout=60
    ).stdout.splitlines()
    assert len(rows) == 9
    assert "Дніпропетровська обласна клінічна лікарня імені І. І. Мечникова,Razom for Ukraine" in rows


def _verbs() -> list[str]:
    return re.findall(r"^  (\w+)  ", kg("--help").stdout.partition("Commands:")[2], re.MULTILINE)


def test_every_command_stands_in_the_readme_and_in_its_own_page_and_no_other() -> None:
    for text in (README, COMMANDS):
        assert set(re.findall(r"^\| `kg (\w+)", text, re.MULTILINE)) == set(_verbs())


def test_every_option_stands_with_the_commands() -> None:
    commands = [(verb,) for verb in _verbs()] + [("new", "source"), ("new", "org")]
    helps = [kg(*command, "--help").stdout for command in commands]
    options = {o for text in helps for o in re.findall(r"(--[a-z-]+)", text)} - {"--help"}
    assert {o for o in options if o not in COMMANDS} == set()


def test_every_environment_variable_stands_with_the_commands_and_no_other() -> None:
    source = "\n".join(p.read_text() for p in (ROOT / "src" / "kg").rglob("*.py"))
    assert set(re.findall(r"KG_[A-Z_]+", COMMANDS)) == set(re.findall(r'"(KG_[A-Z_]+)"', source))


def test_no_document_leads_to_a_missing_file() -> None:
    for document in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#]+)\)", document.read_text()):
            if not target.startswith("http"):
                assert (document.parent / target).exists(), f"{document.name}: {target}"
