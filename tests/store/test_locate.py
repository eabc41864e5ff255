"""Finding where a statement is written."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.store import claims, project
from kg.store.locate import Locator
from kg.words.findings import Place
from kg.words.settings import Settings

BASE = "https://example.org/kg/"
FILES = {
    "data/a.ttl": "@base <https://example.org/kg/> .\n<x>\n  <p> 1 , 2 ;\n  <q> 1 .\n<w> <p> 1 .\n",
    "data/b.ttl": "@base <https://example.org/kg/> .\n\n<x> <p> 3 .\n<y> <p> <x> .\n<w> a <c> .\n",
}


def node(name: str) -> ox.NamedNode:
    return ox.NamedNode(BASE + name)


@pytest.fixture
def locator(tmp_path: Path) -> Locator:
    (tmp_path / "data").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    documents = project.read(Settings(root=tmp_path, base=BASE)).documents
    return Locator(documents, claims.expand(documents, BASE))


ASKED = {
    "the statement itself": ("x", "p", "2", Place("data/a.ttl", 3, 3)),
    "the statement in another file": ("x", "p", "3", Place("data/b.ttl", 3, 1)),
    "its subject and predicate": ("x", "q", "9", Place("data/a.ttl", 4, 3)),
    "its predicate alone": ("x", "q", None, Place("data/a.ttl", 4, 3)),
    "the subject": ("x", None, None, Place("data/a.ttl", 3, 3)),
    "the subject, where the predicate is missing": ("x", "r", None, Place("data/a.ttl", 3, 3)),
    "the class of the subject, though it stands in another file first": ("w", None, None, Place("data/b.ttl", 5, 1)),
    "its predicate before the class": ("w", "p", None, Place("data/a.ttl", 5, 1)),
    "nothing of the subject": ("z", "p", "1", None),
}


@pytest.mark.parametrize(("subject", "predicate", "value", "place"), ASKED.values(), ids=ASKED)
def test_best_fitting_statement_is_found(
    locator: Locator, subject: str, predicate: str | None, value: str | None, place: Place | None
) -> None:
    literal = ox.Literal(int(value)) if value else None
    assert locator.place(node(subject), node(predicate) if predicate else None, literal) == place
