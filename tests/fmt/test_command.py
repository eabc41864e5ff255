"""`kg fmt` at the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, clean_environment, kg

P = "@prefix : <https://example.org/> .\n"
GOOD = P + "\n:a :b :c .\n"
UNTIDY = P + ":a  :b :c.  # why"
TIDY = P + "\n:a :b :c .  # why\n"
BROKEN = P + "\n:a :b .\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in {"data/good.ttl": GOOD, "data/x/untidy.ttl": UNTIDY, "shapes/s.ttl": UNTIDY}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "data" / ".hidden.ttl").write_text(BROKEN)
    (tmp_path / "data" / "notes.txt").write_text("no Turtle")
    return tmp_path


def test_the_shipped_files_are_laid_out() -> None:
    done = kg("fmt", "--check")
    assert (done.returncode, done.stdout) == (0, "")


def test_the_folders_of_the_project_are_laid_out(project: Path) -> None:
    done = kg("fmt", cwd=project)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["data/x/untidy.ttl", "shapes/s.ttl"]
    assert done.stderr == "3 files, 2 changed.\n"
    assert (project / "data/x/untidy.ttl").read_text() == (project / "shapes/s.ttl").read_text() == TIDY
    assert kg("fmt", cwd=project).stderr == "3 files, 0 changed.\n"


def test_check_lists_files_and_writes_none(project: Path) -> None:
    done = kg("fmt", "--check", "--root", str(project))
    assert done.returncode == 1
    assert [Path(line).name for line in done.stdout.split()] == ["untidy.ttl", "s.ttl"]
    assert (project / "data/x/untidy.ttl").read_text() == UNTIDY
    assert kg("fmt", "--check", "data/good.ttl", cwd=project).returncode == 0


def test_diff_is_one_that_patch_applies(project: Path) -> None:
    done = kg("fmt", "--diff", cwd=project)
    assert done.returncode == 0
    assert (project / "shapes/s.ttl").read_text() == UNTIDY
    subprocess.run(["git", "apply", "-p0"], cwd=project, input=done.stdout, text=True, check=True)
    assert (project / "shapes/s.ttl").read_text() == TIDY
    assert kg("fmt", "--check", "--diff", cwd=project).returncode == 0


def test_standard_input_goes_to_standard_output() -> None:
    done = kg("fmt", "-", stdin=UNTIDY)
    assert (done.returncode, done.stdout, done.stderr) == (0, TIDY, "")
    assert kg("fmt", "--check", "-", stdin=UNTIDY).returncode == 1
    assert kg("fmt", "--check", "-", stdin=TIDY).returncode == 0
    broken = kg("fmt", "-", stdin=BROKEN)
    assert (broken.returncode, broken.stdout) == (2, "")
    assert broken.stderr.startswith("kg: standard input:3:")


def test_a_file_that_does_not_parse_stays_and_the_others_are_done(project: Path) -> None:
    (project / "data" / "broken.ttl").write_text(BROKEN)
    done = kg("fmt", cwd=project)
    assert done.returncode == 2
    assert "kg: data/broken.ttl:3:" in done.stderr
    assert (project / "data" / "broken.ttl").read_text() == BROKEN
    assert (project / "shapes" / "s.ttl").read_text() == TIDY


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("missing.ttl",), "missing.ttl: no such file"),
        (("data/notes.txt",), "only Turtle"),
        (("-", "data"), "Leave out the other paths"),
        (("--root", "data/x"), "Name a file or a folder"),
    ],
    ids=["missing", "not Turtle", "standard input and more", "no project"],
)
def test_what_cannot_be_laid_out_is_told(project: Path, arguments: tuple[str, ...], message: str) -> None:
    done = kg("fmt", *arguments, cwd=project)
    assert done.returncode == 2
    assert message in done.stderr


def test_a_file_keeps_its_mode_and_a_link_stays_a_link(project: Path) -> None:
    file, link = project / "data/x/untidy.ttl", project / "link.ttl"
    file.chmod(0o640)
    link.symlink_to(file)
    done = kg("fmt", "link.ttl", "data/x/untidy.ttl", cwd=project)
    assert done.stderr == "1 file, 1 changed.\n"
    assert link.is_symlink()
    assert file.read_text() == TIDY
    assert file.stat().st_mode & 0o777 == 0o640
    assert list(file.parent.iterdir()) == [file]


def test_a_file_in_order_is_not_written(project: Path) -> None:
    file = project / "data/good.ttl"
    os.utime(file, (1, 1))
    assert kg("fmt", "data/good.ttl", cwd=project).returncode == 0
    assert file.stat().st_mtime == 1


def test_windows_line_ends_and_byte_order_marks_go(project: Path) -> None:
    file = project / "data/good.ttl"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert kg("fmt", "data/good.ttl", cwd=project).returncode == 0
    assert file.read_bytes() == GOOD.encode()


def test_a_layout_that_would_change_the_graph_is_not_written(project: Path) -> None:
    script = (
        "from kg.turtle import format\nfrom kg.cli import main\n"
        f"format.lay_out = lambda tokens: {P!r}\nmain(['fmt', 'data/x/untidy.ttl'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=project,
        capture_output=True,
        text=True,
        env=clean_environment(),
        check=False,
    )
    assert done.returncode == 3
    assert "data/x/untidy.ttl: was left as it is" in done.stderr
    assert (project / "data/x/untidy.ttl").read_text() == UNTIDY


def test_the_manual_tells_every_option() -> None:
    page = (ROOT / "docs" / "fmt.md").read_text()
    assert all(option in page for option in ("--check", "--diff", "--root", "`-`"))
