"""Columns and Oxigraph, asked the same: whatever columns answer, the other one answers too."""

from __future__ import annotations

import os
import re

import pyoxigraph as ox
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from kg.store.columns.columns import Columns
from kg.words import formats
from tests.store.columns.comparing import assert_alike, store_of
from tests.store.columns.worlds import worlds

EXAMPLES = int(os.environ.get("KG_COLUMNS_EXAMPLES", "150"))


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(worlds(5), st.sampled_from(formats.RESULTS))
def test_columns_answer_as_oxigraph(world: tuple[list[ox.Quad], list[str]], format_: formats.Format) -> None:
    quads, texts = world
    store = store_of(quads)
    columns = Columns.of(store, always=True)
    assert columns is not None
    for text in texts:
        by = re.findall(r"ORDER BY (?:DESC\()?\?(\w+)", text)
        answered = assert_alike(columns, store, text, format_, by)
        event("answered" if answered else "declined")
