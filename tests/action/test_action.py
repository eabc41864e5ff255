"""The action for GitHub: its steps, run with bash in a checkout as a runner would, and what they say."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.action.comments import Comments, served
from tests.action.runner import ACTION, Runner
from tests.builds import wharf
from tests.conftest import ROOT, git

SCRIPTS = ROOT / ".github" / "action"
QUAY = "data/quay/log.ttl"


def commit_of(folder: Path, name: str) -> str:
    return git(folder, "rev-parse", name).strip()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A runner's folder in which kg is, as the step that installs it leaves it."""
    folder = tmp_path_factory.mktemp("runner")
    python = folder / "kg" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose project is laid out and conforms, in a folder that is not its top."""
    folder = tmp_path_factory.mktemp("origin")
    wharf.write(folder / "graph")
    subprocess.run([sys.executable, "-m", "kg", "fmt", "--root", "graph"], cwd=folder, check=True, capture_output=True)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    return folder


@pytest.fixture
def checkout(origin: Path, tmp_path: Path) -> Path:
    """A clone with a change that has been committed."""
    git(tmp_path, "clone", "-q", str(origin), "checkout")
    folder = tmp_path / "checkout"
    wharf.change(folder / "graph", QUAY, "ns:lifts 7", "ns:lifts 70")
    git(folder, "commit", "-q", "-a", "-m", "second")
    return folder


@pytest.fixture
def comments() -> Iterator[Comments]:
    with served() as found:
        yield found


def runner(installed: Path, checkout: Path, comments: Comments | None = None, base: str = "HEAD~1") -> Runner:
    """Where the pull request 7 is checked."""
    (installed / "summary").unlink(missing_ok=True)
    event = {"pull_request": {"number": 7, "base": {"sha": commit_of(checkout, base)}}} if base else {}
    return Runner(checkout, installed, event, {"GITHUB_API_URL": comments.url if comments else "http://127.0.0.1:9"})


def test_a_change_that_conforms_is_told(installed: Path, checkout: Path, comments: Comments) -> None:
    run = runner(installed, checkout, comments)
    outputs = run.run(root="graph")
    assert not run.failed, run.log
    assert (outputs["conforms"], outputs["layout"], outputs["changed"]) == ("true", "true", "true")
    assert outputs["base"] == commit_of(checkout, "HEAD~1")
    (body,) = comments.bodies()
    assert "- added `lifts: 70`" in body
    assert "2 warnings. They stand at their lines." in body
    assert run.summary.strip() == body.partition("\n")[2]
    assert [
        c for c in run.commands() if not c.startswith(("::warning file=graph/data/cranes.ttl", "::group::", "::end"))
    ] == []
    for name in ("text", "json", "junit", "sarif", "turtle", "diff"):
        assert Path(outputs[name]).is_file()
    assert len(json.loads(Path(outputs["json"]).read_text())["findings"]) == 2
    (upload,) = (told for action, told in run.used if "upload-sarif" in action)
    assert upload == {"sarif_file": outputs["sarif"], "category": "kg"}
    where = json.loads(Path(outputs["sarif"]).read_text())["runs"][0]["results"][0]["locations"][0]
    assert where["physicalLocation"]["artifactLocation"]["uri"] == "graph/data/cranes.ttl"


def told(installed: Path, checkout: Path, comments: Comments, lifts: int, **inputs: str) -> Runner:
    """A run whose check has found that a crane lifts more, or, with 0, that nothing differs."""
    run = runner(installed, checkout, comments)
    report, diff = checkout / "kg.json", checkout / "diff.md"
    report.write_text('{"findings": []}')
    diff.write_text(f"- added `lifts: {lifts}`" if lifts else "Nothing differs.")
    run.steps["check"] = {"conforms": "true", "layout": "true", "changed": "true" if lifts else "false",
                          "json": str(report), "diff": str(diff), "sarif": "kg.sarif"}  # fmt: skip
    run.run(root="graph", **inputs)
    assert not run.failed, run.log
    return run


def test_one_comment_is_kept_up_to_date(installed: Path, checkout: Path, comments: Comments) -> None:
    for number in range(120):
        comments.add(f"I think {number}", "somebody")
    comments.add("<!-- kg 000000000000 -->\nof another project", "github-actions[bot]")
    told(installed, checkout, comments, 70)
    comments.add(comments.bodies()[-1], "somebody who quotes it")
    told(installed, checkout, comments, 71)
    assert len(comments.all) == 123
    assert "- added `lifts: 71`" in comments.bodies()[1]
    told(installed, checkout, comments, 0)
    assert len(comments.all) == 123
    assert "Nothing differs." in comments.bodies()[1]
    assert comments.bodies()[0].endswith("of another project")
    assert comments.bodies("somebody who quotes it")[0].endswith("`lifts: 70`")
    assert {authorisation for *_, authorisation in comments.asked} == {"Bearer secret-token"}


def test_where_nothing_is_to_be_told_there_is_no_comment(installed: Path, checkout: Path, comments: Comments) -> None:
    told(installed, checkout, comments, 0)
    assert [method for method, *_ in comments.asked] == ["GET"]


def test_a_comment_that_may_not_be_written_is_a_warning(installed: Path, checkout: Path, comments: Comments) -> None:
    comments.refuses = True
    run = told(installed, checkout, comments, 70)
    assert any("The comment could not be written: HTTP Error 403" in c for c in run.commands())
    assert "- added `lifts: 70`" in run.summary


def test_no_comment_is_asked_for_if_none_is_wanted(installed: Path, checkout: Path, comments: Comments) -> None:
    run = told(installed, checkout, comments, 70, comment="false", upload_sarif="false")
    assert comments.asked == []
    assert [action for action, _ in run.used if "upload-sarif" in action] == []


def test_what_does_not_conform_fails_when_all_is_told(installed: Path, checkout: Path, comments: Comments) -> None:
    wharf.change(checkout / "graph", QUAY, "ns:lifts 70", "rdfs:comment 'x'  ")
    run = runner(installed, checkout, comments)
    outputs = run.run(root="graph")
    assert run.failed
    assert (outputs["conforms"], outputs["layout"]) == ("false", "false")
    (error,) = (c for c in run.commands() if c.startswith("::error file=graph/data/quay/log.ttl,line="))
    assert "A crane lifts so many tons" in error
    assert "::error file=graph/data/quay/log.ttl,title=layout::This file is not laid out" in run.log
    assert "1 violation, 2 warnings." in comments.bodies()[0]
    assert "Run `kg fmt`." in comments.bodies()[0]


@pytest.fixture
def recorder(tmp_path: Path) -> Path:
    """A runner's folder in which what is called kg writes down what it is asked; to it, everything differs."""
    python = tmp_path / "runner" / "kg" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f"""#!/bin/sh
[ "$1 $2 $3" = "-I -m kg" ] || exec "{sys.executable}" "$@"
shift 3
for word in "$@"; do printf '[%s]' "$word" >>"$RUNNER_TEMP/asked"; done
[ "$1" != diff ]
""")
    python.chmod(0o755)
    return tmp_path / "runner"


def test_what_is_asked_for_is_done(recorder: Path, checkout: Path) -> None:
    run = runner(recorder, checkout)
    commit = commit_of(checkout, "HEAD~1")
    inputs = {"root": "graph", "strict": "true", "baseline": "known.json", "sources": "texts", "changed_only": "true"}
    outputs = run.run(**inputs, comment="false")
    asked = (recorder / "asked").read_text()
    assert asked.startswith("[validate][--root][graph][--format][github][--output][text=")
    assert (
        f"[--strict][--baseline][known.json][--sources][texts][--changed-since][{commit}][fmt][--root][graph][--check]"
        in asked
    )
    assert asked.endswith(f"[diff][--root][{checkout}/graph][--format][markdown][{commit}]")
    assert (outputs["changed"], outputs["base"]) == ("true", commit)


def test_what_is_not_asked_for_is_not_done(recorder: Path, checkout: Path) -> None:
    run = runner(recorder, checkout, base="")
    outputs = run.run(root="graph", layout="false", changed_only="true")
    assert not run.failed
    assert (outputs["layout"], outputs["changed"], outputs["diff"], outputs["base"]) == ("", "", "", "")
    asked = (recorder / "asked").read_text()
    assert all(word not in asked for word in ("[fmt]", "[diff]", "[--strict]", "[--baseline]", "[--sources]", "since"))


def test_what_cannot_be_checked_fails_and_says_so(installed: Path, checkout: Path, comments: Comments) -> None:
    run = runner(installed, checkout, comments)
    outputs = run.run(root="nowhere")
    assert run.failed
    assert outputs["conforms"] == "false"
    assert "nowhere: no such folder" in run.log
    assert "Could not be checked." in comments.bodies()[0]


def test_the_base_is_fetched_where_the_checkout_has_not_got_it(recorder: Path, origin: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", str(origin), "other")
    other = tmp_path / "other"
    wharf.change(other / "graph", QUAY, "Tern", "Arctic tern")
    git(other, "commit", "-q", "-a", "-m", "second")
    git(other, "branch", "a-$(touch${IFS}harm);'\"`&b")
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{other}", "shallow")
    first, second = commit_of(other, "HEAD~1"), commit_of(other, "HEAD")
    for base, commit in ((first, first), ("a-$(touch${IFS}harm);'\"`&b", second), ("main", second)):
        run = runner(recorder, tmp_path / "shallow", base="")
        assert (run.run(root="graph", base=base)["base"], run.failed) == (commit, False), run.log
    assert list(tmp_path.rglob("harm")) == []


@pytest.mark.parametrize("base", ["0" * 40, "nowhere", "--upload-pack=touch harm", "main:main", "+main"])
def test_a_base_that_is_none_leaves_the_rest_to_be_checked(base: str, recorder: Path, checkout: Path) -> None:
    run = runner(recorder, checkout, base="")
    outputs = run.run(root="graph", base=base)
    assert (outputs["conforms"], outputs["base"], run.failed) == ("true", "", False)
    assert not list(checkout.rglob("harm"))
    assert ("::warning::The base cannot be found" in run.log) is (base != "0" * 40)


NASTY = "$(touch harm) `touch harm` ;touch harm; & | > harm %0A::error::x,y:z '\""


def test_no_name_of_a_file_does_harm(installed: Path, checkout: Path, comments: Comments) -> None:
    """Names are parts of nobody's code: not of the shell's, not of the workflow's commands, not of Markdown."""
    graph = checkout / "graph"
    for name in (NASTY, "a\n::error::injected", "##[error]injected"):
        (graph / "data" / f"{name}.ttl").write_text((graph / "data" / "void.ttl").read_text() + "\n\n\n")
    (graph / "data" / f"{NASTY}2.ttl").write_text("<a> <b> $(touch harm)")
    (checkout / "kg.py").write_text("raise SystemExit('a module of the checkout was run')")
    shutil.copy(checkout / "kg.py", checkout / "click.py")
    run = runner(installed, checkout, comments)
    run.run(root="graph")
    assert run.failed
    assert list(checkout.rglob("harm")) == []
    assert "was run" not in run.log
    for command in run.commands():
        assert command.startswith(("::error file=graph/data/", "::warning", "::group::", "::endgroup::")), command
        assert "##[error]injected" not in command or command.startswith("::error file=")
    assert "injected" not in "\n".join(c for c in run.commands() if not c.startswith("::error file="))


def test_no_input_does_harm(recorder: Path, checkout: Path) -> None:
    nasty = "$(touch harm) 'x' \" `touch harm` ; touch harm"
    (checkout / "graph").rename(checkout / nasty)
    run = runner(recorder, checkout)
    run.run(root=nasty, sources=nasty, baseline=nasty)
    assert not run.failed
    assert list(checkout.rglob("harm")) == []
    assert f"[--baseline][{nasty}][--sources][{nasty}][fmt][--root][{nasty}]" in (recorder / "asked").read_text()


def test_a_file_that_is_called_as_the_base_is_hides_no_difference(installed: Path, checkout: Path) -> None:
    commit = commit_of(checkout, "HEAD~1")
    shutil.copytree(checkout / "graph", checkout / commit)
    run = runner(installed, checkout)
    assert run.run(root="graph", comment="false")["changed"] == "true"
    assert "- added `lifts: 70`" in run.summary


def test_what_is_too_long_for_a_comment_is_cut_at_a_line(tmp_path: Path) -> None:
    sys.path.insert(0, str(SCRIPTS))
    try:
        import tell
    finally:
        sys.path.remove(str(SCRIPTS))
    text = "<details>\n" + "a line\n" * 1000 + "</details>"
    cut = tell.shortened(text, 500)
    assert len(cut) <= 500
    assert cut.endswith("`kg diff` tells the rest.")
    assert cut.count("<details>") == cut.count("</details>") == 1
    assert tell.shortened(text, len(text)) == text


def test_what_is_installed_is_locked_and_all_that_kg_needs() -> None:
    done = subprocess.run(
        [sys.executable, "-I", SCRIPTS / "locked.py", ROOT], capture_output=True, text=True, check=True
    )
    assert "--hash=sha256:" in done.stdout
    names = {
        canonicalize_name(line.partition("==")[0])
        for line in done.stdout.splitlines()
        if "==" in line[:60] and line[0].isalnum()
    }
    assert _closure("health-solidarity-kg") <= names
    assert not {"pytest", "mypy", "playwright"} & names
    lock = (ROOT / "requirements.lock").read_text()
    assert all(line in lock for line in done.stdout.splitlines())


def _closure(package: str) -> set[str]:
    """What is installed because a package needs it."""
    found: set[str] = set()
    waiting = [package]
    while waiting:
        try:
            requirements = [Requirement(r) for r in distribution(waiting.pop()).requires or ()]
        except PackageNotFoundError:
            continue
        needed = {
            canonicalize_name(r.name) for r in requirements if r.marker is None or r.marker.evaluate({"extra": ""})
        }
        waiting += needed - found
        found |= needed
    return found


@pytest.mark.parametrize("script", ["install", "check"])
def test_the_scripts_are_good_bash(script: str) -> None:
    subprocess.run(["bash", "-n", SCRIPTS / script], check=True)
    assert os.access(SCRIPTS / script, os.X_OK)
    if shutil.which("shellcheck"):
        subprocess.run(["shellcheck", "--severity=warning", SCRIPTS / script], check=True)


def test_every_input_and_output_is_used() -> None:
    text = (ROOT / "action.yml").read_text()
    assert [name for name in ACTION["inputs"] if f"inputs.{name}" not in text] == []
    assert [o for o in ACTION["outputs"].values() if not o["value"].startswith("${{ steps.check.outputs.")] == []
