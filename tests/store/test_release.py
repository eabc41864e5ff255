"""A release: its graphs, its numbers and its hash."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.store import project, release
from kg.store.project import Project
from kg.store.release import Release
from kg.words.errors import BadInput
from kg.words.settings import Settings

BASE = "https://example.org/kg/"
DEFAULT = ox.DefaultGraph()
FILES = {
    "ontology/o.ttl": "@base <https://example.org/kg/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    "<ns#Hospital> rdfs:subClassOf <ns#Clinic> .\n",
    "ontology/rules/r.rq": "CONSTRUCT { ?x <https://example.org/kg/ns#known> true } WHERE { ?x a ?c }",
    "data/a.ttl": "@base <https://example.org/kg/> .\n<id/clinic/a> a <ns#Hospital> ; <ns#beds> 1 .\n",
    "data/b.ttl": "@base <https://example.org/kg/> .\n<id/clinic/a> a <ns#Hospital> ; <ns#beds> 2 .\n",
    "data/void.ttl": "@base <https://example.org/kg/> . @prefix dcterms: <http://purl.org/dc/terms/> .\n"
    "<dataset> a <http://rdfs.org/ns/void#Dataset> ;\n"
    "    dcterms:license <https://example.net/licence> ; dcterms:modified '2031-02-03' .\n",
}


def write(root: Path, **changes: str) -> Settings:
    for name, text in (FILES | changes).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Settings(root=root, base=BASE)


def build(root: Path) -> Release:
    return release.build(project.read(write(root)))


def count(built: Release, query: str) -> int:
    result = built.store.query(f"SELECT (COUNT(*) AS ?n) {{ {query} }}")
    assert isinstance(result, ox.QuerySolutions)
    return int(next(iter(result))["n"].value)


def test_triple_in_two_graphs_counts_once(tmp_path: Path) -> None:
    built = build(tmp_path)
    assert count(built, "<https://example.org/kg/id/clinic/a> a <https://example.org/kg/ns#Hospital>") == 1
    assert count(built, "GRAPH ?g { <https://example.org/kg/id/clinic/a> a <https://example.org/kg/ns#Hospital> }") == 2


def test_default_graph_is_the_union_of_all_graphs(tmp_path: Path) -> None:
    built = build(tmp_path)
    named = {q.triple for g in built.store.named_graphs() for q in built.store.quads_for_pattern(None, None, None, g)}
    assert {q.triple for q in built.store.quads_for_pattern(None, None, None, DEFAULT)} == named
    assert built.triples == len(named)


def test_what_is_inferred_stands_in_a_graph_of_its_own(tmp_path: Path) -> None:
    built = build(tmp_path)
    inferred = {
        q.triple for q in built.store.quads_for_pattern(None, None, None, ox.NamedNode(BASE + "graph/inferred"))
    }
    clinic, dataset = ox.NamedNode(BASE + "id/clinic/a"), ox.NamedNode(BASE + "dataset")
    known, true = ox.NamedNode(BASE + "ns#known"), ox.Literal(value=True)
    a = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    assert inferred == {
        ox.Triple(clinic, a, ox.NamedNode(BASE + "ns#Clinic")),
        ox.Triple(clinic, known, true),
        ox.Triple(dataset, known, true),
    }


def test_without_the_union_the_default_graph_is_empty(tmp_path: Path) -> None:
    settings = replace(write(tmp_path), union_default_graph=False)
    built = release.build(project.read(settings))
    assert count(built, "?s ?p ?o") == 0
    assert count(built, "GRAPH ?g { ?s ?p ?o }") > 0
    assert built.triples == build(tmp_path).triples


def test_licence_and_date_are_those_of_the_dataset(tmp_path: Path) -> None:
    built = build(tmp_path)
    assert (built.licence, built.modified) == ("https://example.net/licence", "2031-02-03")


def test_hash_is_the_same_in_every_clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = build(tmp_path / "one")
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    two = release.build(project.read(Settings(root=tmp_path / "two", base=BASE)))
    monkeypatch.chdir(tmp_path / "two")
    here = release.build(project.read(Settings(root=Path(), base=BASE)))
    assert one.hash == two.hash == here.hash


def test_hash_is_the_same_where_a_file_is_a_link(tmp_path: Path) -> None:
    hashes = set()
    for clone in ("one", "two"):
        settings = write(tmp_path / clone)
        linked = tmp_path / clone / "data" / "b.ttl"
        linked.rename(tmp_path / f"{clone}.ttl")
        linked.symlink_to(tmp_path / f"{clone}.ttl")
        hashes.add(release.build(project.read(settings)).hash)
    assert len(hashes) == 1


def test_hash_does_not_depend_on_the_order_of_the_documents(tmp_path: Path) -> None:
    read = project.read(write(tmp_path))
    backwards = replace(
        read,
        data=read.data[::-1],
        ontology=read.ontology[::-1],
        rules=dict(reversed(read.rules.items())),
    )
    assert release.content_hash(read) == release.content_hash(backwards)


def _changed(root: Path, **changes: str) -> Project:
    return project.read(write(root, **changes))


CHANGES = {
    "a space in data": {"data/a.ttl": FILES["data/a.ttl"] + " "},
    "a comment in the ontology": {"ontology/o.ttl": FILES["ontology/o.ttl"] + "# x"},
    "a byte of a rule": {"ontology/rules/r.rq": FILES["ontology/rules/r.rq"] + " "},
    "one more file": {"data/c.ttl": ""},
    "one more rule": {"ontology/rules/s.rq": FILES["ontology/rules/r.rq"]},
    "shapes": {"shapes/s.ttl": ""},
}


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_any_change_gives_another_hash(tmp_path: Path, changes: dict[str, str]) -> None:
    before = release.content_hash(_changed(tmp_path / "before"))
    assert release.content_hash(_changed(tmp_path / "after", **changes)) != before


def test_moving_content_from_one_file_to_another_gives_another_hash(tmp_path: Path) -> None:
    before = release.content_hash(_changed(tmp_path / "before"))
    swapped = {"data/a.ttl": FILES["data/b.ttl"], "data/b.ttl": FILES["data/a.ttl"]}
    assert release.content_hash(_changed(tmp_path / "after", **swapped)) != before


def test_another_base_gives_another_hash(tmp_path: Path) -> None:
    settings = write(tmp_path)
    other = replace(settings, base="https://example.net/")
    assert release.content_hash(project.read(settings)) != release.content_hash(project.read(other))


REFUSED = {
    "file that does not parse": ({"data/c.ttl": "nonsense"}, r"data/c\.ttl:1:1: "),
    "several": ({"data/c.ttl": "nonsense", "data/d.ttl": "more"}, r"1 more: run kg validate"),
    "quote that cannot be read": (
        {"data/source/t.ttl": '<a:a> <a:b> 1 {| <https://w3id.org/health-solidarity/ns#quotes> "x" |} .'},
        r"data/source/t\.ttl:1:1: hs:quotes",
    ),
    "rule that does not parse": ({"ontology/rules/s.rq": "nonsense"}, r"ontology/rules/s\.rq: "),
}


@pytest.mark.parametrize(("changes", "said"), REFUSED.values(), ids=REFUSED)
def test_release_of_broken_files_is_refused(tmp_path: Path, changes: dict[str, str], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        release.build(_changed(tmp_path, **changes))


def test_empty_release_has_a_hash_and_no_triples() -> None:
    built = release.empty(Settings(base=BASE))
    assert (len(built.hash), built.triples, len(built.store)) == (64, 0, 0)
