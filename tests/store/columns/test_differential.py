"""Columns and Oxigraph, asked the same: whatever columns answer, the other one answers too."""

from __future__ import annotations

import os
import re

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.store.columns import cells, evaluation, matching, results, texts, triples, words
from kg.store.columns.columns import Columns
from kg.words import formats
from tests.store.columns.comparing import assert_alike, at_once, store_of
from tests.store.columns.worlds import worlds

EXAMPLES = int(os.environ.get("KG_COLUMNS_EXAMPLES", "60"))
World = tuple[list[ox.Quad], list[str]]


@pytest.fixture(params=["whole", "in pieces"])
def tables(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables as large as they are, or of a few rows each, so that all comes in pieces, and texts by words."""
    if request.param == "in pieces":
        for module, name, value in (
            (matching, "FIRST_ROWS", 1),
            (matching, "MOST_ROWS", 3),
            (matching, "_SEARCHED", 1_000_000),
            (triples, "_FEW", 1),
            (triples, "_WIDE", 10),
            (words, "_WORTH", 0),
            (texts, "_SPARSE", 1_000_000),
            (evaluation, "_MANY", 0),
            (cells, "_MANY", 0),
            (results, "_ROWS", 3),
            (results, "_FEWER_ROWS", 2),
            (results, "_ROWS_AT_ONCE", 2),
        ):
            monkeypatch.setattr(module, name, value)


@pytest.mark.usefixtures("tables")
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(worlds(5), st.sampled_from(formats.RESULTS))
def test_columns_answer_as_oxigraph(world: World, format_: formats.Format) -> None:
    quads, texts = world
    store = store_of(quads)
    columns = Columns.of(store, always=True)
    assert columns is not None
    for text in texts:
        assert_alike(columns, store, text, format_, re.findall(r"\?(\w+)", text.partition("ORDER BY")[2]))


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(worlds(5), st.sampled_from(formats.RESULTS))
def test_answers_at_once_are_those_of_oxigraph(world: World, format_: formats.Format) -> None:
    quads, texts = world
    store = store_of(quads)
    columns = Columns.of(store)
    assert columns is not None
    for text in texts:
        by = re.findall(r"\?(\w+)", text.partition("ORDER BY")[2])
        assert_alike(columns, store, text, formats.N_TRIPLES if "CONSTRUCT" in text else format_, by, at_once)
