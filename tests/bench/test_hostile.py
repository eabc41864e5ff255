"""The hostile queries, and what counts as a broken promise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg.bench import hostile
from kg.bench.hostility import Attack, Calls, State
from kg.bench.machine import Machine

KEPT = Attack(
    Machine("a processor", 2, 8.0, "Linux", "3.11"), 1000,
    Calls(100, {}, 1.0, 5.0, 9.0), Calls(100, {}, 2.0, 40.0, 90.0),
    State(5, 500 << 20), State(5, 510 << 20), {"cross product": {"504": 5}}, 2.1, 30.0,
)  # fmt: skip


def test_there_are_a_hundred_of_many_kinds() -> None:
    found = hostile.queries()
    assert len(found) == len({text for _, text in found}) == 100
    assert len({name for name, _ in found}) > 25


def test_kept_promises_are_not_broken() -> None:
    assert KEPT.broken() == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param({"beside": Calls(100, {"503": 2}, 2.0, 40.0, 90.0)}, "failed: 503 (2)", id="failures"),
        pytest.param({"beside": Calls(100, {}, 2.0, 300.0, 390.0)}, "60 times the quiet one", id="slow"),
        pytest.param({"after": State(6, 500 << 20)}, "6 processes, not 5", id="processes"),
        pytest.param({"after": State(5, 900 << 20)}, "holds 900 MB, 500 before", id="memory"),
        pytest.param({"outcomes": {"cross product": {"no answer": 1}}}, "1 hostile queries were never", id="silence"),
    ],
)
def test_a_broken_promise_is_told(change: dict[str, object], said: str) -> None:
    told = replace(KEPT, **change).broken()  # type: ignore[arg-type]
    assert len(told) == 1
    assert said in told[0]
