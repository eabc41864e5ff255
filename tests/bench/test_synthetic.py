"""The invented releases: the same each time, of the promised size, and as good as what maintainers write."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kg.bench import dataset, mix, synthetic
from kg.bench.dataset import Dataset
from tests.conftest import ROOT, kg


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A release of a hundred institutions."""
    return dataset.make(ROOT, 100, tmp_path_factory.mktemp("bench"))


def _files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("one", 7), ("two", 7), ("other", 8)):
        synthetic.write(tmp_path / name, 40, seed)
    assert _files(tmp_path / "one") == _files(tmp_path / "two")
    assert _files(tmp_path / "one") != _files(tmp_path / "other")


def test_no_two_institutions_have_one_name() -> None:
    found = synthetic.institutions(3_000)
    assert len(found) == 3_000
    for names in zip(*(i.name for i in found), strict=True):
        assert len(set(names)) == 3_000
    assert len({i.slug for i in found}) == 3_000
    assert len({i.country for i in found}) == 14


def test_a_release_conforms_to_the_shapes_and_quotes_its_texts(tmp_path: Path) -> None:
    for folder in ("ontology", "shapes"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "kg.toml", tmp_path)
    synthetic.write(tmp_path, 20)
    done = kg("validate", "--root", str(tmp_path), "--sources", str(tmp_path / "sources"))
    assert done.returncode == 0, done.stdout
    assert "not checked" not in done.stdout
    assert " evidence: " not in done.stdout


def test_a_release_is_of_the_promised_size(made: Dataset) -> None:
    assert made.triples == pytest.approx(100 * synthetic.TRIPLES_AN_INSTITUTION, rel=0.05)
    assert made.file.read_bytes().count(b"\n") == made.triples


def test_what_is_asked_for_is_there(made: Dataset) -> None:
    text = made.file.read_text()
    for iri in (*made.things[:20], *made.hospitals, *made.wholes):
        assert f"<{iri}>" in text


@pytest.mark.parametrize("query", mix.queries(), ids=lambda q: q.name)
def test_no_two_requests_ask_the_same(query: mix.Query, made: Dataset) -> None:
    assert len({query.text(made, n) for n in range(2_000)}) == 2_000
    assert query.text(made, 5) == query.text(made, 5)
    assert "$" not in query.text(made, 5).partition("\n")[2]


@pytest.mark.parametrize("query", mix.queries(), ids=lambda q: q.name)
def test_each_query_finds_something(query: mix.Query, made: Dataset) -> None:
    import pyoxigraph as ox

    store = ox.Store()
    store.bulk_load(path=str(made.file), format=ox.RdfFormat.N_TRIPLES)
    assert len(list(store.query(query.text(made, 3)))) > 0  # type: ignore[arg-type]
