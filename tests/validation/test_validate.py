"""All checks over one project: their order, what one does not hide of another, and what is counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.store import project
from kg.validation.validate import validate
from kg.words.errors import BadInput
from kg.words.findings import Report, Severity
from tests.validation.clinics import DATA, FIRST_LINE, turtle, write


def report(
    folder: Path,
    files: dict[str, str | bytes] | None = None,
    *,
    without: tuple[str, ...] = (),
    allow_empty: bool = False,
) -> Report:
    return validate(project.read(write(folder, files, without=without)), allow_empty=allow_empty)


def test_valid_project_has_counts_and_no_findings(tmp_path: Path) -> None:
    found = report(tmp_path)
    assert found.findings == ()
    assert found.counts == {
        "files": 3,
        "triples": 11,
        "shapes": 2,
        "targets": 1,
        "claims": 0,
        "ranges": 0,
        "ranges not checked": 0,
        "saved queries": 0,
    }


def test_file_that_does_not_parse_does_not_hide_the_others(tmp_path: Path) -> None:
    found = report(tmp_path, {"data/x.ttl": "nonsense", "data/y.ttl": turtle("<id/clinic/b> a ns:Clinic .")})
    assert [(str(f.place), f.severity) for f in found.findings] == [
        ("data/x.ttl:1:1", Severity.ERROR),
        (f"data/y.ttl:{FIRST_LINE}:1", Severity.VIOLATION),
    ]


def test_all_kinds_of_findings_come_in_one_report(tmp_path: Path) -> None:
    found = report(
        tmp_path,
        {
            "data/broken.ttl": "nonsense",
            "data/curated.ttl": turtle('<id/clinic/b> a ns:Clinic ; ns:bed 3 ; ns:opened "x"^^xsd:date .'),
            "data/source/t.ttl": turtle("<id/clinic/b> ns:beds 3 ."),
        },
    )
    assert [f.rule for f in found.findings] == ["syntax", "literal", "unknown-term", "evidence"]


HIDDEN = {
    "a file in the graph of the shapes": {"data/shapes.ttl": turtle("<id/clinic/b> a ns:Clinic .")},
    "a graph of a TriG file": {"data/x.trig": turtle("<graph/shapes> { <id/clinic/b> a ns:Clinic . }")},
    "a graph of an N-Quads file": {
        "data/x.nq": "<https://example.org/kg/id/clinic/b> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
        "<https://example.org/kg/ns#Clinic> <https://example.org/kg/graph/shapes> .\n"
    },
    "the ontology": {"ontology/x.ttl": turtle("<id/clinic/b> a ns:Clinic .")},
    "a file with capital letters in its suffix": {"data/X.TTL": turtle("<id/clinic/b> a ns:Clinic .")},
}


@pytest.mark.parametrize("files", HIDDEN.values(), ids=HIDDEN)
def test_data_cannot_hide_from_the_shapes(tmp_path: Path, files: dict[str, str | bytes]) -> None:
    """Whatever a release would serve is validated, or the file is refused."""
    write(tmp_path, files)
    try:
        found = validate(project.read(write(tmp_path, files))).findings
    except BadInput:
        return
    assert found != ()


EMPTY: dict[str, tuple[dict[str, str | bytes], tuple[str, ...]]] = {
    "no file": ({}, ("data/clinics.ttl",)),
    "a file without triples": ({"data/clinics.ttl": turtle("# soon\n")}, ()),
}


@pytest.mark.parametrize(("files", "without"), EMPTY.values(), ids=EMPTY)
def test_empty_data_is_an_error_unless_it_is_meant(
    tmp_path: Path, files: dict[str, str | bytes], without: tuple[str, ...]
) -> None:
    assert report(tmp_path, files, without=without).exit_code() == 2
    assert report(tmp_path, files, without=without, allow_empty=True).exit_code() == 0


def test_no_shapes_are_an_error(tmp_path: Path) -> None:
    (finding,) = report(tmp_path, without=("shapes/shapes.ttl",)).findings
    assert finding.severity is Severity.ERROR
    assert "validates nothing" in finding.message


RULES: dict[str, tuple[str | bytes, str]] = {
    "does not parse": ("CONSTRUCT nonsense", "ontology/rules/r.rq"),
    "is no CONSTRUCT": ("SELECT * { ?s ?p ?o }", "ontology/rules/r.rq"),
    "never ends": ("CONSTRUCT { ?s ?p [] } WHERE { ?s ?p ?o }", "ontology/rules/r.rq"),
}


@pytest.mark.parametrize(("rule", "said"), RULES.values(), ids=RULES)
def test_rule_that_no_release_could_use_is_told(tmp_path: Path, rule: str, said: str) -> None:
    """`kg serve` refuses such a project, so `kg validate` must not call it conforming."""
    try:
        found = report(tmp_path, {"ontology/rules/r.rq": rule})
        told, code = " ".join(f"{f.place} {f.message}" for f in found.findings), found.exit_code()
    except BadInput as error:
        told, code = str(error), error.exit_code
    assert code > 0
    assert said in told


def test_report_is_the_same_whatever_the_order_of_the_files(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        f"data/{name}.ttl": turtle(f"<id/clinic/{name}> a ns:Clinic ; ns:bed 3 . [] a ns:Clinic .") for name in "abc"
    }
    write(tmp_path, files)
    paths = tuple(tmp_path / name for name in (*files, "data/clinics.ttl"))
    settings = write(tmp_path, files)
    forwards, backwards = (validate(project.read(settings, data=p)) for p in (paths, paths[::-1]))
    assert forwards == backwards


def test_terms_of_an_ontology_that_does_not_parse_are_not_told_as_unknown(tmp_path: Path) -> None:
    """What an ontology that does not parse would declare is not reported as unknown."""
    found = report(tmp_path, {"ontology/ontology.ttl": "nonsense"})
    assert "unknown-term" not in [f.rule for f in found.findings]
    assert found.exit_code() == 2


def test_things_of_a_data_file_that_does_not_parse_are_not_told_as_unknown_elsewhere(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "data/broken.ttl": turtle("<id/clinic/b> a ns:Clinic ; ns:beds 1 ") + "nonsense",
        "data/clinics.ttl": turtle(DATA + "<id/clinic/dawn> ns:partner <id/clinic/b> ."),
    }
    assert [f.rule for f in report(tmp_path, files).findings] == ["syntax"]
