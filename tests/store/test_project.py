"""The folders of a project: what is read, into which graph, and what is left out."""

from __future__ import annotations

import os
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.store import project
from kg.words.errors import BadInput
from kg.words.settings import Settings

BASE = "https://example.org/kg/"
TRIPLE = "<https://example.org/kg/a> <https://example.org/kg/b> <https://example.org/kg/c> .\n"


def write(root: Path, *names: str, text: str = TRIPLE) -> Settings:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Settings(root=root, base=BASE)


def told(settings: Settings) -> str:
    """What is said about the files of a project, whether as findings or as one refusal."""
    try:
        return " ".join(f"{f.place} {f.message}" for f in project.read(settings).findings)
    except BadInput as error:
        return str(error)


def graphs(settings: Settings) -> dict[str, str]:
    return {d.name: d.graph.value.removeprefix(BASE + "graph/") for d in project.read(settings).documents}


def test_place_of_a_file_is_the_name_of_its_graph(tmp_path: Path) -> None:
    settings = write(
        tmp_path,
        "data/curated.ttl",
        "data/source/imp-forum.ttl",
        "data/x/y/z.nt",
        "data/a.b.ttl",
        "data/два слова.ttl",
        "ontology/ontology.ttl",
        "ontology/vocab/role.ttl",
        "shapes/a.ttl",
        "shapes/more/b.ttl",
    )
    assert graphs(settings) == {
        "data/a.b.ttl": "a.b",
        "data/curated.ttl": "curated",
        "data/source/imp-forum.ttl": "source/imp-forum",
        "data/x/y/z.nt": "x/y/z",
        "data/два слова.ttl": "%D0%B4%D0%B2%D0%B0%20%D1%81%D0%BB%D0%BE%D0%B2%D0%B0",
        "ontology/ontology.ttl": "ontology",
        "ontology/vocab/role.ttl": "ontology",
        "shapes/a.ttl": "shapes",
        "shapes/more/b.ttl": "shapes",
    }


LEFT_OUT = {
    "hidden file": "data/.a.ttl",
    "hidden folder": "data/.git/a.ttl",
    "editor's copy": "data/a.ttl~",
    "other suffix": "data/a.csv",
    "the JSON-LD context": "ontology/context.jsonld",
    "folder of another name": "queries/a.ttl",
}


@pytest.mark.parametrize("name", LEFT_OUT.values(), ids=LEFT_OUT)
def test_file_is_left_out(tmp_path: Path, name: str) -> None:
    assert graphs(write(tmp_path, "data/x.ttl", name)) == {"data/x.ttl": "x"}


def test_documents_stand_in_the_order_of_their_paths(tmp_path: Path) -> None:
    settings = write(tmp_path, "data/b.ttl", "data/a/z.ttl", "data/c.ttl", "data/a.ttl", "data/B.ttl")
    names = list(graphs(settings))
    assert names == list(graphs(settings))
    assert set(names) == {"data/B.ttl", "data/a.ttl", "data/b.ttl", "data/c.ttl", "data/a/z.ttl"}


def test_loop_of_folders_is_walked_once(tmp_path: Path) -> None:
    settings = write(tmp_path, "data/x/a.ttl")
    (tmp_path / "data" / "x" / "loop").symlink_to(tmp_path / "data", target_is_directory=True)
    assert graphs(settings) == {"data/x/a.ttl": "x/a"}


def test_rules_are_read_by_name(tmp_path: Path) -> None:
    settings = write(tmp_path, "data/a.ttl")
    write(tmp_path, "ontology/rules/b.rq", "ontology/rules/a.rq", "ontology/rules/notes.txt", text="CONSTRUCT")
    assert list(project.read(settings).rules) == ["ontology/rules/a.rq", "ontology/rules/b.rq"]


def test_rule_that_is_not_utf8_is_told_with_its_file(tmp_path: Path) -> None:
    settings = write(tmp_path, "data/a.ttl", "ontology/rules/b.rq")
    (tmp_path / "ontology/rules/b.rq").write_bytes(b"\xff")
    assert "ontology/rules/b.rq" in told(settings)
    assert "UTF-8" in told(settings)


def test_named_files_and_folders_replace_the_folder(tmp_path: Path) -> None:
    settings = write(tmp_path, "data/a.ttl", "data/b.ttl", "data/more/c.ttl", "elsewhere/d.ttl")
    paths = tmp_path / "data" / "b.ttl", tmp_path / "data" / "more", tmp_path / "elsewhere" / "d.ttl"
    assert [(d.name, d.graph.value.removeprefix(BASE)) for d in project.read(settings, data=paths).data] == [
        ("data/b.ttl", "graph/b"),
        ("data/more/c.ttl", "graph/more/c"),
        ("elsewhere/d.ttl", "graph/d"),
    ]


def test_file_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    settings = write(tmp_path, "data/a.ttl")
    paths = tmp_path / "data", tmp_path / "data" / "a.ttl", tmp_path / "data" / ".." / "data" / "a.ttl"
    assert [d.name for d in project.read(settings, data=paths).data] == ["data/a.ttl"]


def test_named_path_that_is_missing_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="nowhere: no such file or folder"):
        project.read(write(tmp_path, "data/a.ttl"), shapes=(tmp_path / "nowhere",))


def test_empty_project_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="nothing to read"):
        project.read(Settings(root=tmp_path, base=BASE))


def test_file_that_does_not_parse_is_a_finding_and_the_others_are_read(tmp_path: Path) -> None:
    settings = write(tmp_path, "data/a.ttl", "shapes/c.ttl")
    write(tmp_path, "data/b.ttl", "ontology/b.ttl", text="nonsense")
    read = project.read(settings)
    assert [str(f.place) for f in read.findings] == ["ontology/b.ttl:1:1", "data/b.ttl:1:1"]
    assert [d.name for d in read.documents] == ["data/a.ttl", "shapes/c.ttl"]


def test_file_that_cannot_be_opened_is_a_finding_and_the_others_are_read(tmp_path: Path) -> None:
    settings = write(tmp_path, "data/a.ttl")
    (tmp_path / "data" / "b.ttl").symlink_to(tmp_path / "nowhere.ttl")
    read = project.read(settings)
    assert [(str(f.place), f.severity.name) for f in read.findings] == [("data/b.ttl", "ERROR")]
    assert [d.name for d in read.documents] == ["data/a.ttl"]


def test_folder_that_cannot_be_opened_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = write(tmp_path, "data/a.ttl", "data/locked/b.ttl")
    real = os.scandir

    def refuse(path: str | os.PathLike[str]) -> object:
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert "locked" in told(settings)


def test_name_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    settings = write(tmp_path, "data/a.ttl")
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/data/\xff.ttl")).write_text(TRIPLE, encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert "UTF-8" in told(settings)


RESERVED = {
    "the graph of the shapes": "data/shapes.ttl",
    "the graph of the ontology": "data/ontology.ttl",
    "the graph of what is inferred": "data/inferred.ttl",
}


@pytest.mark.parametrize("name", RESERVED.values(), ids=RESERVED)
def test_data_cannot_take_a_graph_that_is_not_data(tmp_path: Path, name: str) -> None:
    """Triples in the graph of the shapes are not validated, so a file of that name would pass unseen."""
    settings = write(tmp_path, "data/a.ttl", name)
    assert name in told(settings)


def test_graph_names_are_those_of_the_documents_quads(tmp_path: Path) -> None:
    read = project.read(write(tmp_path, "data/a.ttl"))
    assert {q.graph_name for d in read.documents for q in d.quads} == {ox.NamedNode(BASE + "graph/a")}


def test_pipe_is_told_and_not_waited_for(tmp_path: Path) -> None:
    settings = write(tmp_path, "data/a.ttl")
    os.mkfifo(tmp_path / "data" / "pipe.ttl")
    (tmp_path / "data" / "zero.ttl").symlink_to("/dev/zero")
    assert [d.name for d in project.read(settings).data] == ["data/a.ttl"]
    assert told(settings).count("a device or a pipe") == 2
