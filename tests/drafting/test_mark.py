"""`hs:draft` at every door: laid out and compared as anything else, refused where something would be published."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import kg
from tests.validation.clinics import turtle, write

DRAFT = turtle(
    '\n<id/clinic/elm>\n    a ns:Clinic {| hs:draft true |} ;\n    skos:prefLabel "Elm Clinic"@en ;\n    ns:beds 3 .\n'
)
CONFIRMED = DRAFT.replace(" {| hs:draft true |}", "")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path, {"data/elm.ttl": DRAFT})
    return tmp_path


def test_validate_refuses_it_until_the_mark_is_removed(project: Path) -> None:
    done = kg("validate", cwd=project)
    line = DRAFT[: DRAFT.index("hs:draft")].count("\n") + 1
    assert done.returncode == 1
    assert f"data/elm.ttl:{line}:5: violation draft: nobody has confirmed this." in done.stdout
    (project / "data" / "elm.ttl").write_text(CONFIRMED, encoding="utf-8")
    assert kg("validate", cwd=project).returncode == 0


def test_the_layout_keeps_it(project: Path) -> None:
    assert kg("fmt", "data", cwd=project).returncode == 0
    assert "a ns:Clinic {| hs:draft true |} ;" in (project / "data" / "elm.ttl").read_text(encoding="utf-8")


@pytest.mark.parametrize("arguments", [("serve",), ("export", "site"), ("expand",)], ids=lambda a: a[0])
def test_nothing_is_published_that_has_it(project: Path, arguments: tuple[str, ...]) -> None:
    done = kg(*arguments, cwd=project)
    assert done.returncode == 2
    assert "data/elm.ttl" in done.stderr
    assert "nobody has confirmed this" in done.stderr
    assert not (project / "site").exists()


def test_its_removal_is_a_difference(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    confirmed = tmp_path_factory.mktemp("confirmed")
    write(confirmed, {"data/elm.ttl": CONFIRMED})
    done = kg("diff", str(project), str(confirmed))
    assert done.returncode == 1, done.stderr
    assert "hs:draft" in done.stdout
