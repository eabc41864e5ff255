"""Random slips of the pen are found, or are of a sort of which no tool could know."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pyoxigraph as ox
import pytest
from benchmarks import mutation
from benchmarks.mutation import Edit, Judge, Outcome, Reason, edits, outcome

from kg.store.claims import QUOTES, REIFIES
from kg.validation.validate import validate
from kg.words.findings import Severity
from kg.words.settings import Settings, load
from tests.conftest import ROOT
from tests.validation.clinics import BASE, CONFIG
from tests.validation.test_loaded import FILES, put

EDITS = 14
"""As many of the shipped project as fit into the time of a test."""


@pytest.fixture
def clinics(tmp_path: Path) -> Judge:
    """The invented project, with a text."""
    put(tmp_path, {"kg.toml": CONFIG, **{name: str(text) for name, text in FILES.items()}})
    return Judge(Settings(root=tmp_path, base=BASE, sources=tmp_path / "texts"))


def test_slips_in_the_shipped_project_are_found_or_nobody_could_know(shared: Path) -> None:
    judge = Judge(replace(load(ROOT), sources=shared / "sources"))
    ledger = mutation.reasons()
    told = [outcome(judge, edit, ledger) for edit in islice(edits(judge.project, 3), EDITS)]
    assert [str(o.edit) for o in told if not o.caught and o.reason is None] == []
    assert sum(o.caught for o in told) >= 0.6 * EDITS


def test_every_reason_is_one_of_known_kinds_and_says_why() -> None:
    for reason in mutation.reasons():
        assert set(reason.kinds) <= set(mutation.KINDS)
        assert reason.why.endswith(".")


def test_edits_are_of_every_kind_change_the_graph_and_come_again(clinics: Judge) -> None:
    first, again = (list(islice(edits(clinics.project, 1), 44)) for _ in range(2))
    assert first == again
    assert set(Counter(e.kind for e in first)) == set(mutation.KINDS)
    assert all(e.has_meaning() for e in first)


def test_a_partial_check_has_the_verdict_of_the_whole(clinics: Judge) -> None:
    assert clinics.first.exit_code(Severity.WARNING) == 0, clinics.first.findings
    verdicts = Counter()
    for edit in islice(edits(clinics.project, 2), 33):
        edited = clinics.edited(edit)
        whole = validate(edited).exit_code(Severity.WARNING)
        assert validate(edited, before=clinics.project).exit_code(Severity.WARNING) == whole, edit
        assert clinics.report(edit).exit_code(Severity.WARNING) == whole, edit
        verdicts[whole > 0] += 1
    assert verdicts[True] > verdicts[False] > 0


def stated(judge: Judge, kind: str, predicate: str, after: ox.NamedNode | None) -> Edit:
    """The edit of the first statement with a property in the source's file: dropped, or of another subject."""
    document = next(d for d in judge.project.data if d.name == "data/source/press.ttl")
    index = next(i for i, q in enumerate(document.quads) if q.predicate.value.endswith(predicate))
    quad = document.quads[index]
    new = after and ox.Quad(after, quad.predicate, quad.object, quad.graph_name)
    return Edit(kind, document, index, new)


def test_an_annotation_goes_with_its_triple(clinics: Judge) -> None:
    edit = stated(clinics, "dropped triple", "#beds", None)
    left = edit.quads()
    assert len(left) == len(edit.document.quads) - 3  # the triple, its reifier and hs:quotes
    assert {q.subject for q in left if q.predicate == QUOTES} == {q.subject for q in left if q.predicate == REIFIES}


def test_a_subject_is_renamed_in_its_whole_block_and_nowhere_else(clinics: Judge) -> None:
    new = ox.NamedNode(BASE + "id/clinic/down")
    edit = stated(clinics, "renamed slug", "#partner", new)
    renamed = [q for q in edit.quads() if q.subject == new]
    assert len(renamed) == 3
    about = {q.object.subject.value for q in edit.quads() if isinstance(q.object, ox.Triple)}  # type: ignore[union-attr]
    assert about == {new.value, BASE + "id/clinic/dusk"}


def test_the_command_line_says_the_same(clinics: Judge) -> None:
    edit = stated(clinics, "renamed slug", "#partner", ox.NamedNode(BASE + "id/clinic/down"))
    assert clinics.command_exits(edit) == clinics.report(edit).exit_code(Severity.WARNING) == 1


def test_a_report_tells_what_is_not_explained(clinics: Judge) -> None:
    edit = stated(clinics, "dropped triple", "#beds", None)
    fitting = Reason("fewer beds", "Nobody counts them.", ("dropped triple",), (BASE + "ns#beds",))
    assert fitting.fits(edit)
    assert not replace(fitting, properties=("rdfs:label",)).fits(edit)
    assert not replace(fitting, files="ontology/*").fits(edit)
    told = mutation.report([Outcome(edit, True), Outcome(edit, False, fitting), Outcome(edit, False)], 1)
    assert "**1 were caught (33.3%)**; 1 are of a sort of which no tool could know, 1 are neither" in told
    assert "| dropped triple | `data/` | 3 | 1 | 2 | 33% |" in told
    assert "### not explained (1)" in told


def test_a_reason_may_hold_for_what_a_source_only_implies(tmp_path: Path) -> None:
    said = str(FILES["data/source/press.ttl"]).replace('56,58 12"', '56,58 12" ; hs:wording <vocab/wording/implied>')
    put(tmp_path, {"kg.toml": CONFIG, **{n: str(t) for n, t in FILES.items()}, "data/source/press.ttl": said})
    judge = Judge(Settings(root=tmp_path, base=BASE, sources=tmp_path / "texts"))
    document = next(d for d in judge.project.data if d.name == "data/source/press.ttl")
    beds = [i for i, q in enumerate(document.quads) if q.predicate.value.endswith("#beds")]
    reason = Reason("implied", "Who reads it can tell.", ("dropped triple",), implied=True)
    assert [reason.fits(Edit("dropped triple", document, i, None)) for i in beds] == [False, True]
