"""A report in each syntax: what GitHub, SARIF viewers, JUnit readers and RDF tools are told."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import rdflib
from rdflib.namespace import RDF, SH

from kg.validation.checks import CHECKS
from kg.validation.report import FORMATS
from kg.validation.report.places import from_top
from kg.words.findings import Finding, Known, Place, Report, Severity, Terms

ROW = "https://example.org/kg/"
HOSTILE = 'a "50 %" share,\r\nthen: <b>&amp;\x00\x1b]0;x\x07\ud800'.encode(errors="surrogatepass").decode(
    errors="replace"
)


def finding(severity: Severity = Severity.VIOLATION, rule: str = "S08", line: int = 3, **more: Any) -> Finding:
    return Finding(severity, rule, "needs a dot", Place("data/a b,c.ttl", line, 5), "id/clinic/oak", "Oak", **more)


def report(*findings: Finding, **more: Any) -> Report:
    found = Report.of(findings, {"files": 2}, ("S08", "S09"))
    return Report(found.findings, found.counts, found.rules, **more)


EVERY_SEVERITY = report(
    finding(Severity.ERROR, "syntax"), finding(), finding(Severity.WARNING, line=0), finding(Severity.INFO, line=9)
)

# GitHub


def test_github_annotation_has_level_file_line_and_column_escaped_as_github_wants() -> None:
    lines = FORMATS["github"](EVERY_SEVERITY, str).splitlines()
    assert lines == [
        "::error file=data/a b%2Cc.ttl,line=3,col=5,title=syntax::needs a dot%0Aid/clinic/oak",
        "::error file=data/a b%2Cc.ttl,line=3,col=5,title=S08::needs a dot%0Aid/clinic/oak",
        "::warning file=data/a b%2Cc.ttl,col=5,title=S08::needs a dot%0Aid/clinic/oak",
        "::notice file=data/a b%2Cc.ttl,line=9,col=5,title=S08::needs a dot%0Aid/clinic/oak",
        "1 error, 1 violation, 1 warning, 1 info.",
    ]


def test_github_message_cannot_end_its_line_or_begin_a_command() -> None:
    found = report(Finding(Severity.WARNING, "a:b,c\n", "50 %\r\n::error::x", Place("x%,:\n.ttl", 1)))
    (first, *_) = FORMATS["github"](found, str).splitlines()
    assert first == "::warning file=x%25%2C%3A%0A.ttl,line=1,title=a%3Ab%2Cc%0A::50 %25%0D%0A::error::x"


@pytest.mark.parametrize(("count", "annotations", "more"), [(10, 10, ""), (11, 10, "2 more"), (500, 10, "491 more")])
def test_github_shows_ten_annotations_a_level_and_counts_the_rest(count: int, annotations: int, more: str) -> None:
    found = report(*(finding(line=n + 1) for n in range(count)), finding(Severity.WARNING))
    lines = FORMATS["github"](found, str).splitlines()
    errors = [line for line in lines if line.startswith("::error")]
    assert len(errors) == annotations
    assert more in errors[-1]
    assert sum(line.startswith("::warning") for line in lines) == 1


def test_files_are_named_from_the_top_of_the_repository(tmp_path: Path) -> None:
    root = tmp_path / "graphs" / "health"
    root.mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    named = from_top(root)
    assert named("data/x.ttl") == "graphs/health/data/x.ttl"
    assert named(str(tmp_path / "other" / "x.ttl")) == "other/x.ttl"
    assert named("/elsewhere/x.ttl") == "/elsewhere/x.ttl"
    assert "file=graphs/health/data/a b" in FORMATS["github"](report(finding()), named)


def test_files_outside_any_repository_keep_their_names(tmp_path: Path) -> None:
    assert from_top(tmp_path)("data/x.ttl") == "data/x.ttl"


# SARIF

_TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
_REGION = {
    "type": "object",
    "required": ["startLine"],
    "additionalProperties": False,
    "properties": {
        "startLine": {"type": "integer", "minimum": 1},
        "startColumn": {"type": "integer", "minimum": 1},
    },
}
_LOCATION = {
    "type": "object",
    "minProperties": 1,
    "properties": {
        "physicalLocation": {
            "type": "object",
            "required": ["artifactLocation"],
            "properties": {
                "artifactLocation": {
                    "type": "object",
                    "required": ["uri"],
                    "properties": {
                        "uri": {"type": "string", "pattern": r"^[!#-;=?-Z_a-z~%@]+$"},
                        "uriBaseId": {"type": "string"},
                    },
                },
                "region": _REGION,
            },
        },
        "logicalLocations": {"type": "array", "items": {"type": "object", "required": ["fullyQualifiedName"]}},
    },
}
_RESULT = {
    "type": "object",
    "required": ["message", "ruleId", "ruleIndex", "level", "partialFingerprints"],
    "properties": {
        "message": _TEXT,
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": {"enum": ["none", "note", "warning", "error"]},
        "locations": {"type": "array", "items": _LOCATION},
        "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
        "suppressions": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["kind"],
                "properties": {"kind": {"enum": ["inSource", "external"]}},
            },
        },
    },
}
SARIF = {
    "type": "object",
    "required": ["version", "runs", "$schema"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "pattern": "^https://.*sarif-schema-2.1.0.json$"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool", "results", "invocations"],
                "properties": {
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name", "version", "rules"],
                                "properties": {
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {
                                            "type": "object",
                                            "required": ["id", "shortDescription"],
                                            "properties": {"id": {"type": "string"}, "shortDescription": _TEXT},
                                        },
                                    }
                                },
                            }
                        },
                    },
                    "columnKind": {"const": "unicodeCodePoints"},
                    "invocations": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["executionSuccessful"],
                            "properties": {
                                "executionSuccessful": {"type": "boolean"},
                                "toolExecutionNotifications": {
                                    "type": "array",
                                    "items": {
                                        "type": "object",
                                        "required": ["message"],
                                        "properties": {"message": _TEXT},
                                    },
                                },
                            },
                        },
                    },
                    "results": {"type": "array", "items": _RESULT},
                },
            },
        },
    },
}
"""What the schema of SARIF 2.1.0 demands of the parts that are written here."""


def sarif(found: Report) -> dict[str, Any]:
    """The one run, which follows the schema."""
    whole = json.loads(FORMATS["sarif"](found, str))
    jsonschema.Draft7Validator(SARIF).validate(whole)
    (run,) = whole["runs"]
    assert isinstance(run, dict)
    return run


def test_sarif_has_a_result_for_each_finding_with_rule_level_and_place() -> None:
    run = sarif(EVERY_SEVERITY)
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert {*CHECKS, "S08", "S09"} == set(rules)
    assert [r["level"] for r in run["results"]] == ["error", "error", "warning", "note"]
    assert [rules[r["ruleIndex"]] for r in run["results"]] == [r["ruleId"] for r in run["results"]]
    (location,) = run["results"][1]["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "data/a%20b%2Cc.ttl", "uriBaseId": "SRCROOT"},
        "region": {"startLine": 3, "startColumn": 5},
    }
    assert "region" not in run["results"][2]["locations"][0]["physicalLocation"]


@pytest.mark.parametrize(("severity", "successful"), [(Severity.ERROR, False), (Severity.VIOLATION, True)])
def test_sarif_says_whether_everything_could_be_read(severity: Severity, successful: bool) -> None:
    (invocation,) = sarif(report(finding(severity)))["invocations"]
    assert invocation["executionSuccessful"] is successful


def test_sarif_of_nothing_and_of_findings_without_a_place_follows_the_schema() -> None:
    assert sarif(report())["results"] == []
    assert "locations" not in sarif(report(Finding(Severity.ERROR, "data", "no data")))["results"][0]


def test_sarif_fingerprint_stays_when_lines_move_and_tells_findings_apart() -> None:
    one, moved, other = (
        [r["partialFingerprints"]["kg/v1"] for r in sarif(found)["results"]]
        for found in (report(finding()), report(finding(line=99)), report(finding(value="2")))
    )
    assert one == moved
    assert one != other
    both = [r["partialFingerprints"]["kg/v1"] for r in sarif(report(finding(), finding(line=99)))["results"]]
    assert len(set(both)) == 2


def test_sarif_holds_the_worst_5000_findings_and_says_how_many_are_left_out() -> None:
    found = report(finding(Severity.INFO), *(finding(line=n + 1) for n in range(5010)))
    run = sarif(found)
    assert [r["level"] for r in run["results"]] == ["error"] * 5000
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"].startswith("11 results are left out")


def test_sarif_has_known_findings_as_suppressed_results() -> None:
    (result,) = sarif(report(known=(Known(finding(), "agreed"),)))["results"]
    assert result["suppressions"] == [{"kind": "external", "justification": "agreed"}]


def test_sarif_notes_are_notifications() -> None:
    (note,) = sarif(report(notes=("everything was checked",)))["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"] == "everything was checked"


# JUnit


def junit(found: Report) -> ET.Element:
    return ET.fromstring(FORMATS["junit"](found, str))


def test_junit_has_a_case_for_each_check_and_each_shape() -> None:
    cases = {(c.get("classname"), c.get("name")) for c in junit(report()).iter("testcase")}
    assert cases == {*(("kg.check", c) for c in CHECKS), ("kg.shape", "S08"), ("kg.shape", "S09")}


def test_junit_counts_failures_and_errors() -> None:
    suites = junit(report(finding(), finding(line=7), finding(Severity.ERROR, "syntax"), finding(Severity.INFO, "S09")))
    suite = suites[0]
    assert [suite.get(n) for n in ("tests", "failures", "errors", "skipped")] == [str(len(CHECKS) + 2), "1", "1", "0"]
    (failure,) = suite.iter("failure")
    assert failure.get("message") == "2 found: needs a dot"
    assert "data/a b,c.ttl:7:5: violation S08: needs a dot" in (failure.text or "")
    (told,) = suite.iter("system-out")
    assert "info S09" in (told.text or "")


def test_junit_skips_a_case_whose_findings_are_known() -> None:
    (skipped,) = junit(report(known=(Known(finding(), "agreed"),))).iter("skipped")
    assert skipped.get("message") == "1 known, in the baseline"


# RDF


def graph(found: Report) -> rdflib.Graph:
    return rdflib.Graph().parse(data=FORMATS["turtle"](found, str), format="turtle")


TERMS = Terms(
    f"<{ROW}id/clinic/oak>",
    f"<{ROW}ns#beds>",
    '"a\\nb"@en',
    f"<{ROW}shapes#S08>",
    f"<{SH.MinCountConstraintComponent}>",
)


def test_turtle_is_a_validation_report_as_shacl_has_it() -> None:
    found = graph(report(finding(terms=TERMS)))
    (result,) = found.subjects(RDF.type, SH.ValidationResult)
    (whole,) = found.subjects(SH.result, result)
    assert set(found.objects(whole, SH.conforms)) == {rdflib.Literal(False)}
    said = {p: o for p, o in found.predicate_objects(result) if not isinstance(o, rdflib.BNode)}
    assert said == {
        RDF.type: SH.ValidationResult,
        SH.focusNode: rdflib.URIRef(f"{ROW}id/clinic/oak"),
        SH.resultPath: rdflib.URIRef(f"{ROW}ns#beds"),
        SH.value: rdflib.Literal("a\nb", lang="en"),
        SH.sourceShape: rdflib.URIRef(f"{ROW}shapes#S08"),
        SH.sourceConstraintComponent: SH.MinCountConstraintComponent,
        SH.resultSeverity: SH.Violation,
        SH.resultMessage: rdflib.Literal("needs a dot", lang="en"),
    }


def test_turtle_of_what_is_no_shapes_has_the_properties_that_shacl_demands_too() -> None:
    found = graph(EVERY_SEVERITY)
    results = list(found.subjects(RDF.type, SH.ValidationResult))
    assert len(results) == 4
    for result in results:
        for property_ in (SH.focusNode, SH.resultSeverity, SH.sourceConstraintComponent):
            assert len(list(found.objects(result, property_))) == 1
    components = {str(o) for o in found.objects(None, SH.sourceConstraintComponent)}
    assert "urn:kg:check:syntax" in components
    pointer = rdflib.Namespace("http://www.w3.org/2009/pointers#")
    assert {str(o) for o in found.objects(None, pointer.reference)} == {"data/a b,c.ttl"}
    assert {int(o) for o in found.objects(None, pointer.lineNumber)} == {3, 9}


def test_turtle_of_no_findings_conforms() -> None:
    assert list(graph(report()).objects(None, SH.conforms)) == [rdflib.Literal(True)]


# All


@pytest.mark.parametrize("format_", FORMATS)
def test_hostile_text_breaks_no_syntax(format_: str) -> None:
    hostile = Finding(Severity.VIOLATION, HOSTILE, HOSTILE, Place(HOSTILE, 1, 1), HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    text = FORMATS[format_](report(hostile, known=(Known(hostile, HOSTILE),)), str)
    if format_ == "sarif":
        sarif(report(hostile))
    elif format_ == "json":
        assert json.loads(text)["findings"][0]["message"] == HOSTILE
    elif format_ == "junit":
        ET.fromstring(text)
    elif format_ == "turtle":
        rdflib.Graph().parse(data=text, format="turtle")
    else:
        assert "\x1b" not in text or format_ == "github"
        assert sum(line.startswith("::error") for line in text.splitlines()) == (format_ == "github")


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_tells_every_finding(format_: str) -> None:
    assert FORMATS[format_](EVERY_SEVERITY, str).count("needs a dot") >= 4
