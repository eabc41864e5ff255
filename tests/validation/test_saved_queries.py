"""`kg validate` checks the saved queries too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import kg
from tests.store.saved import PREFIXES, write

LINES = PREFIXES.count("\n")
QUERY = "<queries/q> a sh:SPARQLExecutable ;\n"
WRONG = {
    "Turtle": ("<queries/q> a sh:SPARQLExecutable ;\n  sh:select\n.", "syntax", 3, 2),
    "SPARQL": (QUERY + '  sh:select """\nSELECT ?x\nWHERE { ?x a own:Clinic }""" .', "query", 4, 2),
    "parameter": (
        QUERY + '  sh:select "SELECT ?x { ?x ?y 1 }" ;\n  sh:parameter <p> .\n<p> sh:path <q#y> .', "query", 4, 2
    ),
    "default that is not there": (
        QUERY + '  sh:select "SELECT ?x { ?x ?y 1 }" ;\n  sh:parameter <p> .\n'
        "<p> sh:path <q#x> ; sh:nodeKind sh:IRI ;\n  sh:defaultValue <id/clinic/z> .", "unknown-thing", 5, 1
    ),
}  # fmt: skip


def validate(root: Path) -> tuple[int, list[dict[str, Any]], dict[str, int]]:
    """Exit code, findings about queries, counts."""
    done = kg("validate", "--format", "json", "--base", "https://example.org/kg/", cwd=root)
    report = json.loads(done.stdout)
    return done.returncode, [f for f in report["findings"] if (f["file"] or "").startswith("queries")], report["counts"]


def write_with_shape(root: Path, **queries: str) -> None:
    write(root, **queries)
    (root / "shapes").mkdir()
    shape = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n@base <https://example.org/kg/> .\n"
    (root / "shapes" / "s.ttl").write_text(f"{shape}<shapes#S> a sh:NodeShape ; sh:targetClass <ns#Clinic> .")


@pytest.mark.parametrize(("text", "rule", "line", "code"), WRONG.values(), ids=WRONG.keys())
def test_mistake_in_a_saved_query_is_a_finding(tmp_path: Path, text: str, rule: str, line: int, code: int) -> None:
    write_with_shape(tmp_path, q=text)
    exit_code, (finding,), _ = validate(tmp_path)
    assert (finding["rule"], finding["file"], finding["line"]) == (rule, "queries/q.ttl", LINES + line)
    assert exit_code == code


def test_good_queries_are_counted(tmp_path: Path) -> None:
    write_with_shape(tmp_path)
    _, findings, counts = validate(tmp_path)
    assert not findings
    assert counts["saved queries"] == 3
