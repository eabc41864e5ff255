"""Dumps have the same bytes for the same release, in whatever order the store gives its triples."""

from __future__ import annotations

import dataclasses
import random
import threading
from typing import Any

import pyoxigraph as ox
import pytest

from kg.distribution import dumps
from kg.distribution.dumps import Dumps
from kg.store.release import Release, graph_sizes, stated
from kg.words.errors import NotReady
from kg.words.settings import Settings

BASE = "http://example.org/"


def release_of(quads: list[ox.Quad]) -> Release:
    store = stated(quads)
    count = len({q.triple for q in quads})
    return Release(Settings(base=BASE), store, "a" * 64, count, "", "", graphs=graph_sizes(store))


def some_quads(count: int) -> list[ox.Quad]:
    graphs = [ox.NamedNode(f"{BASE}graph/{n}") for n in "ab"] + [ox.NamedNode("urn:other"), ox.BlankNode("g")]
    values = [ox.Literal("é\n"), ox.Literal("x", language="uk"), ox.BlankNode("b"), ox.Literal(7)]
    return [
        ox.Quad(ox.NamedNode(f"{BASE}id/{n % 50}"), ox.NamedNode(f"{BASE}ns#{n % 7}"), values[n % 4], graphs[n % 4])
        for n in range(count)
    ]


def bodies(made: Dumps) -> dict[str, bytes]:
    return {d.name: b"".join(d.chunks()) for d in made.all()}


def test_the_order_of_the_store_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    quads = some_quads(600)
    first = bodies(Dumps(release_of(quads)))
    random.Random(1).shuffle(quads)
    monkeypatch.setattr(dumps, "_RUN_BYTES", 2000)  # sorted in many runs
    assert bodies(Dumps(release_of(quads))) == first
    assert "example.org-aaaaaaaaaaaa.nq.gz" in first
    assert "graph/a-aaaaaaaaaaaa.ttl" in first


def test_dumps_lose_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dumps, "_CHUNK", 100)
    quads = set(some_quads(600))
    made = bodies(Dumps(release_of(list(quads))))
    assert set(ox.parse(made["example.org-aaaaaaaaaaaa.nq"], ox.RdfFormat.N_QUADS)) == quads
    triples = list(ox.parse(made["example.org-aaaaaaaaaaaa.nt"], ox.RdfFormat.N_TRIPLES))
    assert len(triples) == len({q.triple for q in triples}) == len({q.triple for q in quads})


def test_nobody_waits_long_for_dumps_that_another_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dumps, "_WAIT_S", 0.01)
    made = Dumps(release_of(some_quads(9)))
    started, go_on = threading.Event(), threading.Event()
    original = dumps._write_sorted

    def slowly(*arguments: Any) -> int:
        started.set()
        assert go_on.wait(20)
        return original(*arguments)

    monkeypatch.setattr(dumps, "_write_sorted", slowly)
    maker = threading.Thread(target=made.all)
    maker.start()
    assert started.wait(20)
    with pytest.raises(NotReady):
        made.all()
    go_on.set()
    maker.join()
    assert len(made.all()) == 14


def test_each_graph_has_a_file_of_its_own_below_the_folder() -> None:
    names = ["graph/a%41", "graph/aA", "graph/AA", "graph/../up", "graph/%2E%2E/%2E%2E/up", "graph/a%0Ab", "graph//b",
             "graph/" + "x" * 300, "graph/ok", "graph/%D1%87", "graph/c%5Cd", "graph/ok#part", "elsewhere"]  # fmt: skip
    graphs = [ox.NamedNode(BASE + name) for name in names]
    made = bodies(Dumps(release_of([ox.Quad(g, ox.NamedNode(f"{BASE}ns#p"), ox.Literal(1), g) for g in graphs])))
    turtles = [name for name in made if name.endswith(".ttl")]
    assert len({name.casefold() for name in turtles}) == len(names)
    assert {"graph/ok-aaaaaaaaaaaa.ttl", "graph/ч-aaaaaaaaaaaa.ttl", "elsewhere-aaaaaaaaaaaa.ttl"} <= set(turtles)
    for name in turtles:
        assert not {"", ".", ".."} & set(name.split("/"))
        assert len(name) < 256
        assert "\n" not in name


@pytest.mark.parametrize("path", ["a/%2E%2E%2Fup/", "%0A/", "%2E%2E/"])
def test_the_base_leads_no_dump_out_of_its_folder(path: str) -> None:
    made = Dumps(dataclasses.replace(release_of([]), settings=Settings(base=BASE + path)))
    assert {d.name.partition("-")[0] for d in made.all()} == {"example.org"}


def test_an_empty_release_has_empty_dumps() -> None:
    made = bodies(Dumps(release_of([])))
    assert made["example.org-aaaaaaaaaaaa.nq"] == b""
