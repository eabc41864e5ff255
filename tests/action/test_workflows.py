"""The files that build servers read: valid by their schemas, safe, and pinned."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from check_jsonschema import main as check_jsonschema
from click.testing import CliRunner

from tests.builds import wharf
from tests.conftest import ROOT, clean_environment

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
SCHEMAS = {
    ROOT / "action.yml": "vendor.github-actions",
    **dict.fromkeys(WORKFLOWS, "vendor.github-workflows"),
    ROOT / ".github" / "dependabot.yml": "vendor.dependabot",
    ROOT / "CITATION.cff": "vendor.citation-file-format",
}
FILES = [ROOT / "action.yml", *WORKFLOWS]


def is_valid(schema: str, *files: Path, transform: str = "") -> str:
    """What is wrong with files, by a schema that the checker has with it; nothing, if nothing is."""
    options = ["--data-transform", transform] if transform else []
    done = CliRunner().invoke(check_jsonschema, ["--builtin-schema", schema, *options, *map(str, files)])
    return done.output if done.exit_code else ""


@pytest.mark.parametrize("file", SCHEMAS, ids=lambda f: f.name)
def test_it_is_valid(file: Path) -> None:
    assert is_valid(SCHEMAS[file], file) == ""


def test_the_schema_finds_mistakes(tmp_path: Path) -> None:
    (tmp_path / "action.yml").write_text("name: x\nruns: {using: composite}\n")
    assert "required" in is_valid("vendor.github-actions", tmp_path / "action.yml")


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.name)
def test_no_value_is_put_into_code_and_other_actions_are_pinned(file: Path) -> None:
    steps = list(_steps(yaml.safe_load(file.read_text())))
    assert steps
    for step in steps:
        assert "${{" not in step.get("run", "")
        used = step.get("uses", "./")
        assert used.startswith("./") or re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", used), used
    for line in file.read_text().splitlines():
        assert not re.search(r"uses: \w[\w.-]*/", line) or re.search(r"@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line), line


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda f: f.name)
def test_a_workflow_may_no_more_than_it_needs(file: Path) -> None:
    workflow = yaml.safe_load(file.read_text())
    assert workflow["permissions"] == {"contents": "read"}
    triggers = workflow[True]  # YAML 1.1 takes on for a truth value
    assert set(triggers) == {"push", "pull_request"}
    for job in workflow["jobs"].values():
        assert set(job.get("permissions", {"contents": "read"}).items()) <= {
            ("contents", "read"), ("security-events", "write"), ("pull-requests", "write"),
        }  # fmt: skip
        assert job["timeout-minutes"] <= 60


def _examples(language: str, heading: str) -> str:
    """The first example of a language below a heading of the manual."""
    section = (ROOT / "docs" / "continuous-integration.md").read_text().partition(f"\n## {heading}\n")[2]
    return section.partition(f"```{language}\n")[2].partition("```")[0]


@pytest.mark.parametrize(("heading", "schema"), [("GitHub", "vendor.github-workflows"), ("GitLab", "vendor.gitlab-ci")])
def test_the_examples_of_the_manual_are_valid(heading: str, schema: str, tmp_path: Path) -> None:
    (tmp_path / "example.yml").write_text(_examples("yaml", heading))
    assert is_valid(schema, tmp_path / "example.yml", transform="gitlab-ci" if heading == "GitLab" else "") == ""


def test_the_examples_of_the_manual_name_what_there_is(tmp_path: Path) -> None:
    manual = (ROOT / "docs" / "continuous-integration.md").read_text()
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    assert re.findall(r"^\| `([a-z-]+)` \|", manual, re.MULTILINE) == list(action["inputs"])
    assert [o for o in action["outputs"] if f"`{o}`" not in manual] == []
    config = yaml.safe_load(_examples("yaml", "pre-commit"))
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert [h["id"] for h in config["repos"][0]["hooks"]] == [h["id"] for h in hooks]
    used = _examples("yaml", "GitHub")
    pinned = set(re.findall(r"actions/\S+", "\n".join(f.read_text() for f in FILES)))
    assert set(re.findall(r"actions/\S+", used)) <= pinned


def test_the_example_for_a_shell_works_as_printed(tmp_path: Path) -> None:
    project = wharf.write(tmp_path / "project")
    for before, after in (("чайка", "gull"), ("012", "12")):
        wharf.change(project, "data/cranes.ttl", before, after)
    git = "git -c user.name=T -c user.email=t@example.org -c commit.gpgsign=false"
    wharf_ = f"git init -q && git add . && {git} commit -q -m first && sed -i s/Tern/Arctic/ data/quay/log.ttl"
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", f"{wharf_}\nbase=HEAD\n{_examples('sh', 'A shell')}"],
        cwd=project, env=clean_environment() | {"PATH": path}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "label: “Arctic”@en" in (project / "kg-diff.md").read_text()
    assert done.stdout.splitlines()[-1].startswith("build/release is what the sources give now")


def test_the_project_checks_its_own_data_with_its_action() -> None:
    steps = [s for f in WORKFLOWS for s in _steps(yaml.safe_load(f.read_text()))]
    assert [s for s in steps if s.get("uses") == "./"]
    assert [s for s in steps if "bash .ci/run" in s.get("run", "")]


def _steps(document: Any) -> list[dict[str, Any]]:
    if "runs" in document:
        return list(document["runs"]["steps"])
    return [step for job in document["jobs"].values() for step in job["steps"]]
