"""The ontology folder as graphs, read once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from rdflib import Graph

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def folder() -> Path:
    return PROJECT / "ontology"


@pytest.fixture(scope="session")
def ontology(folder: Path) -> Graph:
    """ontology.ttl alone."""
    return Graph().parse(folder / "ontology.ttl")


@pytest.fixture(scope="session")
def vocabularies(folder: Path) -> dict[str, Graph]:
    """Scheme name -> its file."""
    return {path.stem: Graph().parse(path) for path in sorted((folder / "vocab").glob("*.ttl"))}


@pytest.fixture(scope="session")
def whole(ontology: Graph, vocabularies: dict[str, Graph]) -> Graph:
    """The ontology and all vocabularies in one graph."""
    graph = Graph()
    for part in (ontology, *vocabularies.values()):
        graph += part
    return graph


@pytest.fixture(scope="session")
def schema_org() -> Graph:
    """The vocabulary of schema.org, which the project does not ship."""
    shared = Path(os.environ.get("KG_SHARED", PROJECT.parent / "shared"))
    path = shared / "vocab" / "schemaorg-30.0.ttl"
    if not path.is_file():
        pytest.skip(f"no copy of schema.org 30.0 at {path}; set KG_SHARED to the folder that holds vocab/")
    return Graph().parse(path)
