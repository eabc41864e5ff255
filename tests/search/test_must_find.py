"""What people type, in three languages and two alphabets, with slips, and what has to come first."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.store import project, release
from kg.store.text.index import TextIndex
from kg.words.settings import load
from tests.conftest import ROOT

LINES = (Path(__file__).parent / "expected.tsv").read_text(encoding="utf-8").splitlines()
EXPECTED = [line.split("\t") for line in LINES if not line.startswith("#")]


@pytest.fixture(scope="module")
def index() -> TextIndex:
    """The index of the shipped graph."""
    return TextIndex.of(release.build(project.read(load(ROOT))))


@pytest.mark.parametrize(("typed", "first", "tried"), EXPECTED, ids=[f"{what}: {typed}" for typed, _, what in EXPECTED])
def test_it_comes_first(index: TextIndex, typed: str, first: str, tried: str) -> None:
    iri = f"{load(ROOT).base}id/{first}"
    assert [hit.iri for hit in index.search(typed, limit=1).hits] == [iri], tried
    assert [hit.iri for hit in index.suggest(typed, limit=1)] == [iri], tried


def test_there_are_typing_errors_transliterations_and_forms_among_them() -> None:
    tried = [what for _, _, what in EXPECTED]
    for kind in (
        "a letter missing",
        "another letter",
        "changed places",
        "KMU 2010",
        "in a hurry",
        "genitive",
        "keyboard",
    ):
        assert [what for what in tried if kind in what], kind
