"""Dumps have the same bytes for the same release, in whatever order the store gives its triples."""

from __future__ import annotations

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


def test_an_empty_release_has_empty_dumps() -> None:
    made = bodies(Dumps(release_of([])))
    assert made["example.org-aaaaaaaaaaaa.nq"] == b""
