"""Files that cannot be used, and in what words a maintainer is told: beside each stands what is said of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kg.store import project
from kg.validation.report.plain import told
from kg.validation.validate import validate
from kg.words.errors import BadInput
from kg.words.findings import Severity
from tests.validation.clinics import turtle, write

BROKEN = Path(__file__).parent / "broken"
FILES = sorted(path for path in BROKEN.iterdir() if path.suffix != ".txt")


def said_of(folder: Path, path: Path) -> str:
    """What is said of a file that was added to the data."""
    settings = write(folder)
    name = f"data/{path.name}"
    shutil.copy(path, folder / name)
    try:
        found = project.read(settings, data=(folder / "data", folder / name))
    except BadInput as error:
        return f"{error}\n"
    findings = [f for f in validate(found).findings if f.place and f.place.path == name]
    return "".join(line + "\n" for finding in findings for line in told(finding))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_broken_file_is_told_in_these_words(tmp_path: Path, path: Path) -> None:
    assert said_of(tmp_path, path) == path.with_suffix(".txt").read_text(encoding="utf-8")


def test_there_is_a_text_for_every_file_and_no_other() -> None:
    assert {path.stem for path in FILES} == {path.stem for path in BROKEN.glob("*.txt")}
    assert len(FILES) >= 25


def test_line_ends_of_windows_are_no_mistake(tmp_path: Path) -> None:
    text = turtle('<id/clinic/elm> a ns:Clinic ; skos:prefLabel "Elm"@en ; ns:beds 3 .\n').replace("\n", "\r\n")
    assert validate(project.read(write(tmp_path, {"data/elm.ttl": text}))).findings == ()


def test_text_too_long_to_be_shown_is_told_and_not_repeated(tmp_path: Path) -> None:
    text = turtle(f'<id/clinic/dawn> ns:opened "{"x" * 100_001}" .\n')
    (finding,) = validate(project.read(write(tmp_path, {"data/x.ttl": text}))).findings
    assert (finding.rule, finding.severity) == ("literal-form", Severity.WARNING)
    assert "100,001 characters" in finding.message
    assert len(finding.value) < 1000


def test_link_to_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    settings = write(tmp_path)
    (tmp_path / "data" / "gone.ttl").symlink_to(tmp_path / "nowhere.ttl")
    (finding,) = project.read(settings).findings
    assert str(finding.place) == "data/gone.ttl"
    assert "cannot be read: No such file" in finding.message


def test_folder_that_links_to_itself_is_read_once(tmp_path: Path) -> None:
    settings = write(tmp_path)
    (tmp_path / "data" / "again").symlink_to(tmp_path / "data", target_is_directory=True)
    (tmp_path / "data" / "loop").symlink_to(tmp_path / "data" / "loop", target_is_directory=True)
    assert [d.name for d in project.read(settings).data] == ["data/clinics.ttl"]
