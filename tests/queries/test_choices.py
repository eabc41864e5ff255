"""What the form offers, and when it does without."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.app import create_app
from kg.queries.choices import Choices
from kg.store.engine import MemoryEngine
from kg.store.operation import Abandonment, Answer, Operation
from kg.words.errors import Busy, KgError, QueryTimeout
from tests.store.saved import BASE, build


class _Counting:
    """An engine that counts, and fails first."""

    def __init__(self, engine: MemoryEngine, *failures: KgError) -> None:
        self.engine, self.failures = engine, list(failures)
        self.asked = 0

    def answer(self, operation: Operation, abandonment: Abandonment | None = None) -> Answer:
        self.asked += 1
        if self.failures:
            raise self.failures.pop(0)
        return self.engine.answer(operation, abandonment)


@pytest.mark.parametrize(
    ("failure", "later", "asked"),
    [(None, True, 1), (QueryTimeout("too long"), False, 1), (Busy("full"), True, 2)],
    ids=["found", "too slow for ever", "busy for now"],
)
def test_choices_are_found_once(tmp_path: Path, failure: KgError | None, later: bool, asked: int) -> None:
    built = build(tmp_path)
    engine = _Counting(MemoryEngine(built.store, BASE), *([failure] if failure else []))
    choices = Choices(engine)
    query = built.saved.queries["clinics"]
    choices.of(query)
    assert bool(choices.of(query)) is later
    choices.of(query)
    assert engine.asked == asked


def test_what_is_no_table_has_no_choices(tmp_path: Path) -> None:
    built = build(tmp_path)
    engine = _Counting(MemoryEngine(built.store, BASE))
    assert not Choices(engine).of(built.saved.queries["names"])
    assert engine.asked == 0


def test_too_large_an_answer_has_no_choices_and_no_table(tmp_path: Path) -> None:
    parameter = "sh:parameter [ sh:path <p#a> ; sh:nodeKind sh:IRI ; sh:optional true ]"
    text = "SELECT ?a ?b ?c ?d { ?a ?x ?b . ?c ?y ?d . ?e ?z ?f . ?g ?v ?h }"
    built = build(tmp_path, many=f'<queries/many> {parameter} ; sh:select "{text}" .')
    assert not Choices(MemoryEngine(built.store, BASE)).of(built.saved.queries["many"])
    page = create_app(built).test_client().get("/queries/many").text
    assert "too large for a page" in page
    assert "<table>" not in page
