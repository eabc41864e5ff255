"""`kg validate` at the door: the real command line on small invented projects, and on the shipped one."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import clean_environment, kg
from tests.validation.clinics import BASE, CONFIG, DATA, FIRST_LINE, ONTOLOGY, SHAPES, turtle, write

Files = dict[str, str | bytes]
BROKEN = "data/broken.ttl"
CLINICS = "data/clinics.ttl"


def validate(
    folder: Path, files: Files | None = None, *arguments: str, without: tuple[str, ...] = (), **environment: str
) -> subprocess.CompletedProcess[str]:
    write(folder, files, without=without)
    return run(folder, *arguments, **environment)


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`kg validate` in a folder; whatever happens, it is no traceback and no talk where nothing is to be said."""
    result = kg("validate", *arguments, cwd=folder, **environment)
    assert "Traceback" not in result.stderr, result.stderr
    assert result.returncode in (0, 1, 2), (result.returncode, result.stderr)
    if result.returncode < 2:
        assert result.stderr == ""
    return result


def line(number: int, column: int = 1, file: str = CLINICS) -> str:
    """A place as it is told, counting lines from the first behind the prefixes."""
    return f"{file}:{FIRST_LINE + number}:{column}: "


# The acceptance checks, in their order


def test_valid_project_conforms_with_counts(tmp_path: Path) -> None:
    result = validate(tmp_path)
    assert result.returncode == 0
    assert result.stdout.startswith("Checked 3 files, 11 triples, 2 shapes, 1 target")
    assert result.stdout.endswith("\nConforms.\n")


def test_two_ukrainian_parties_of_one_partnership(project_copy: Path) -> None:
    path = project_copy / "data/source/imp-forum-2025.ttl"
    partnership = "<id/partnership/ministry-of-health-ukraine--giz>\n    a hs:Partnership"
    before, found, after = path.read_text(encoding="utf-8").partition(partnership)
    assert found
    other = (
        'hs:ukrainianParty <id/org/okhmatdyt> {| hs:quotes "3340,3346 Охматд" ; hs:wording wording:implied |} ;\n    '
    )
    path.write_text(before + partnership.replace("a hs:", other + "a hs:") + after, encoding="utf-8")
    result = run(project_copy)
    assert result.returncode == 1
    row = before.count("\n") + 2
    (told,) = [x for x in result.stdout.splitlines() if " S08: " in x]
    assert re.fullmatch(
        rf"data/source/imp-forum-2025\.ttl:({row}|{row + 2}):5: violation S08: A partnership needs exactly one "
        r"Ukrainian party\. .*",
        told,
    )
    about = result.stdout.splitlines()[result.stdout.splitlines().index(told) + 1]
    assert "id/partnership/ministry-of-health-ukraine--giz (" in about
    assert "GIZ" in about
    assert "hs:ukrainianParty" in about


def test_offending_value_is_told_with_place_name_and_message(tmp_path: Path) -> None:
    shapes = SHAPES + "shapes:Beds sh:maxInclusive 100 .\n"
    result = validate(tmp_path, {"shapes/shapes.ttl": turtle(shapes)})
    assert result.returncode == 1
    told, about, *_ = result.stdout.splitlines()
    assert told == line(2, 5) + "violation Beds: A clinic has one number of beds. Add ns:beds."
    assert "id/clinic/dawn (Dawn Clinic)  ns#beds  " in about
    assert "171" in about
    assert result.stdout.endswith("\n1 violation.\n")


def test_unterminated_string_is_told_and_the_other_files_are_checked(tmp_path: Path) -> None:
    text = '@prefix e: <https://example.org/> .\n\n\ne:a e:b "x .\ne:a e:b "y" .\n'
    result = validate(tmp_path, {BROKEN: text, "data/other.ttl": turtle("<id/clinic/b> a ns:Clinic .")})
    assert result.returncode == 2
    assert f"{BROKEN}:4:13: error syntax: " in result.stdout
    assert line(0, file="data/other.ttl") + "violation Beds: " in result.stdout
    assert result.stdout.endswith("\n1 error, 1 violation.\n")


SYNTAX: dict[str, tuple[str | bytes, str]] = {
    "undeclared prefix": (
        "<a> <b> 1 .\n  foo:a <b> 1 .\n",
        ':2:3: error syntax: unknown prefix "foo". Declare it at the top of the file: @prefix foo:',
    ),
    "merge conflict": (
        "<a> <b> 1 .\n<<<<<<< HEAD\n<a> <b> 2 .\n=======\n<a> <b> 3 .\n>>>>>>> other\n",
        ":2:1: error syntax: unresolved merge conflict",
    ),
    "UTF-16": ("<a> <b> 1 .".encode("utf-16"), ":1: error syntax: not UTF-8"),
    "byte-order mark": (b"\xef\xbb\xbf<a> <b> 1 .", ":1:1: error syntax: remove the byte-order mark"),
    "Windows-1251": ("# їжак".encode("cp1251"), ":1:3: error syntax: not UTF-8"),
    "IRI with a space": ("<a> <b> 1 .\n<a> <b c> 1 .\n", ":2:5: error syntax: "),
}


@pytest.mark.parametrize(("content", "said"), SYNTAX.values(), ids=SYNTAX)
def test_file_that_cannot_be_read_is_told_with_its_place(tmp_path: Path, content: str | bytes, said: str) -> None:
    result = validate(tmp_path, {BROKEN: content})
    assert (result.returncode, result.stderr) == (2, "")
    assert BROKEN + said in result.stdout


def test_several_broken_files_are_all_told(tmp_path: Path) -> None:
    files = {f"data/{n}.ttl": content for n, (content, _) in enumerate(SYNTAX.values())}
    result = validate(tmp_path, {**files, "shapes/x.ttl": "nonsense", "ontology/x.ttl": "more nonsense"})
    assert result.returncode == 2
    for n, (_, said) in enumerate(SYNTAX.values()):
        assert f"data/{n}.ttl{said}" in result.stdout
    assert "shapes/x.ttl:1:1: error syntax: " in result.stdout
    assert "ontology/x.ttl:1:1: error syntax: " in result.stdout
    assert result.stdout.endswith(f"\n{len(SYNTAX) + 2} errors.\n")


def test_ill_typed_date_is_a_violation_and_nothing_on_stderr(tmp_path: Path) -> None:
    result = validate(tmp_path, {CLINICS: turtle(DATA + '<id/clinic/dawn> ns:opened "2024-13-45"^^xsd:date .\n')})
    assert result.returncode == 1
    assert line(3) + 'violation literal: "2024-13-45" is no xsd:date' in result.stdout


def test_missing_path_is_named(tmp_path: Path) -> None:
    result = validate(tmp_path, {}, "data/nowhere.ttl")
    assert (result.returncode, result.stdout) == (2, "")
    assert "data/nowhere.ttl: no such file or folder" in result.stderr


@pytest.mark.parametrize("name", ["n" * 300, "", "kg.toml"], ids=["too long", "empty", "no RDF"])
def test_path_that_cannot_be_data_is_bad_input(tmp_path: Path, name: str) -> None:
    result = validate(tmp_path, {}, name)
    assert result.returncode == 2
    assert result.stderr.startswith("kg: ")


def test_folder_is_walked_and_a_file_is_read(tmp_path: Path) -> None:
    files: Files = {"data/a/b/c.ttl": turtle("<id/clinic/c> a ns:Clinic ; ns:beds 1 ; skos:prefLabel 'C'@en .")}
    assert "Checked 4 files" in validate(tmp_path, files).stdout
    assert "Checked 3 files" in run(tmp_path, "--data", "data/a").stdout
    assert "Checked 3 files" in run(tmp_path, "--data", "data/a/b/c.ttl").stdout
    assert "Checked 4 files" in run(tmp_path, "--data", CLINICS, "--data", "data/a/b").stdout


def test_file_that_is_named_twice_is_told_once(tmp_path: Path) -> None:
    files: Files = {CLINICS: turtle(DATA + "<id/clinic/dawn> ns:bed 1 .")}
    once = validate(tmp_path, files)
    assert run(tmp_path, "data", CLINICS).stdout == once.stdout


def test_empty_data_is_an_error_unless_it_is_meant(tmp_path: Path) -> None:
    result = validate(tmp_path, without=(CLINICS,))
    assert result.returncode == 2
    assert "no data in " in result.stdout
    assert run(tmp_path, "--allow-empty").returncode == 0


def test_data_without_a_triple_is_empty(tmp_path: Path) -> None:
    result = validate(tmp_path, {CLINICS: turtle("# soon")})
    assert result.returncode == 2
    assert "no data" in result.stdout


NOTHING: dict[str, tuple[str, ...]] = {"no file": ("shapes/shapes.ttl",), "no shape": ()}


@pytest.mark.parametrize("without", NOTHING.values(), ids=NOTHING)
def test_shapes_that_validate_nothing_are_an_error(tmp_path: Path, without: tuple[str, ...]) -> None:
    files: Files = {} if without else {"shapes/shapes.ttl": turtle("shapes:X a sh:NodeShape .")}
    result = validate(tmp_path, files, without=without)
    assert result.returncode == 2
    assert "validates nothing" in result.stdout


def test_class_without_instances_is_a_warning_and_with_strict_a_failure(tmp_path: Path) -> None:
    shapes = SHAPES + "shapes:X a sh:NodeShape ; sh:targetClass owl:Restriction ."
    result = validate(tmp_path, {"shapes/shapes.ttl": turtle(shapes)})
    assert result.returncode == 0
    assert "warning shapes: X validates nothing: the data has no owl:Restriction" in result.stdout
    assert result.stdout.endswith("\n1 warning.\n")
    assert run(tmp_path, "--strict").returncode == 1


SHAPES_WRONG: dict[str, tuple[str, list[str]]] = {
    "slip of the pen": (
        SHAPES.replace("sh:minCount", "sh:minCont"),
        [line(6, 5, "shapes/shapes.ttl"), "Did you mean sh:minCount?"],
    ),
    "no regular expression": (
        SHAPES + 'shapes:Beds\n    sh:pattern "(" .',
        [line(10, 5, "shapes/shapes.ttl"), "sh:pattern"],
    ),
    "no path": (
        SHAPES.replace("    sh:path ns:beds ;\n", ""),
        [line(4, 1, "shapes/shapes.ttl"), "Beds has no sh:path"],
    ),
    "count that is none": (
        SHAPES.replace("minCount 1", 'minCount "x"'),
        [line(6, 5, "shapes/shapes.ttl"), "sh:minCount takes an integer"],
    ),
    "no SPARQL": (
        SHAPES + 'shapes:ClinicShape sh:sparql shapes:Q .\nshapes:Q sh:select "SELECT $this WHERE { " .',
        [line(10, 1, "shapes/shapes.ttl"), "the constraint of ClinicShape is no valid SPARQL"],
    ),
    "undeclared prefix in SPARQL": (
        SHAPES
        + 'shapes:ClinicShape sh:sparql shapes:Q .\nshapes:Q sh:select "SELECT $this WHERE { $this foo:b ?c }" .',
        [line(10, 1, "shapes/shapes.ttl"), 'uses the prefix "foo"'],
    ),
}


@pytest.mark.parametrize(("shapes", "said"), SHAPES_WRONG.values(), ids=SHAPES_WRONG)
def test_mistake_in_the_shapes_is_told_with_its_line(tmp_path: Path, shapes: str, said: list[str]) -> None:
    result = validate(tmp_path, {"shapes/shapes.ttl": turtle(shapes)})
    assert (result.returncode, result.stderr) == (2, "")
    assert [s for s in said if s not in result.stdout] == []


def test_data_and_shapes_swapped_is_told_with_a_hint(tmp_path: Path) -> None:
    result = validate(tmp_path, {}, "shapes", "--shapes", "data")
    assert result.returncode == 2
    assert "are data and shapes swapped?" in result.stdout


def test_unknown_focus_is_not_in_the_graph(tmp_path: Path) -> None:
    result = validate(tmp_path, {}, "--focus", BASE + "id/clinic/nobody")
    assert result.returncode == 2
    assert f"--focus {BASE}id/clinic/nobody is not in the graph" in result.stderr


def test_focus_keeps_only_what_the_shapes_say_about_the_node(tmp_path: Path) -> None:
    data = DATA + "".join(f"<id/clinic/{x}> a ns:Clinic ; skos:prefLabel '{x}'@en .\n" for x in "bc")
    result = validate(tmp_path, {CLINICS: turtle(data)}, "--focus", BASE + "id/clinic/c")
    assert result.returncode == 1
    assert line(4) + "violation Beds: " in result.stdout
    assert "id/clinic/b" not in result.stdout
    assert run(tmp_path, "--focus", BASE + "id/clinic/dawn").returncode == 0
    both = run(tmp_path, "--focus", "id/clinic/b", "--focus", BASE + "id/clinic/c")
    assert both.stdout.endswith("\n2 violations.\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "are not at hand. Name their folder with --sources"),
        (("--sources", "."), "are not in the folder of texts."),
    ],
    ids=["no folder", "a folder"],
)
def test_why_ranges_were_not_checked_is_told(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    quoted = '<id/clinic/dawn> ns:beds 171 {| hs:quotes "0,3 171" |} .'
    result = validate(tmp_path, {"data/source/t.ttl": turtle(quoted)}, *arguments)
    assert f"1 of 1 ranges were not checked: their texts {said}" in result.stdout


def test_warnings_fail_only_where_that_is_asked(tmp_path: Path) -> None:
    shapes = SHAPES + "shapes:Beds sh:severity sh:Warning ; sh:maxInclusive 100 ."
    result = validate(tmp_path, {"shapes/shapes.ttl": turtle(shapes)})
    assert result.returncode == 0
    assert "warning Beds: " in result.stdout
    assert run(tmp_path, "--fail-on", "warning").returncode == 1
    assert run(tmp_path, "--fail-on", "violation").returncode == 0


def test_information_fails_only_where_that_is_asked(tmp_path: Path) -> None:
    shapes = SHAPES + "shapes:Beds sh:severity sh:Info ; sh:maxInclusive 100 ."
    assert validate(tmp_path, {"shapes/shapes.ttl": turtle(shapes)}, "--strict").returncode == 0
    assert run(tmp_path, "--fail-on", "info").returncode == 1


MESSY: Files = {
    "data/a.ttl": turtle("[] a ns:Clinic ; ns:partner [ a ns:Clinic ] .\n<id/clinic/x> ns:bed 1 , 2 ; ns:opened 'x' ."),
    "data/b.ttl": turtle('_:b a ns:Clinic ; ns:beds 1 , 2 , "3" .\n<id/clinic/y> a ns:Hospital ; ns:beds 7 , 8 , 9 .'),
    "data/source/t.ttl": turtle('[] ns:beds 3 .\n[] ns:beds 4 {| hs:quotes "0,1 x" |} .'),
    "data/broken.ttl": "nonsense",
    "shapes/messageless.ttl": turtle(
        "shapes:M a sh:NodeShape ; sh:targetClass ns:Clinic ; sh:closed true ;\n"
        "    sh:ignoredProperties ( ns:opened ns:partner ) ;\n"
        "    sh:xone ( [ sh:class ns:A ] [ sh:class ns:B ] ) ;\n"
        "    sh:not [ sh:or ( [ sh:nodeKind sh:IRI ] [ sh:class ns:C ] ) ] ;\n"
        "    sh:property [ sh:path ns:beds ; sh:hasValue 1 , 2 , 3 ; sh:in ( 5 6 ) ; sh:datatype xsd:date ] ."
    ),
}


@pytest.fixture(scope="module")
def messy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("messy")
    write(folder, MESSY)
    return folder


@pytest.mark.parametrize("format_", ["text", "github", "sarif", "junit", "json", "turtle"])
def test_output_is_the_same_byte_for_byte_in_every_run(messy: Path, format_: str) -> None:
    runs = [run(messy, "--format", format_, PYTHONHASHSEED=seed) for seed in ("0", "1")]
    assert {r.returncode for r in runs} == {2}
    assert len({r.stdout for r in runs}) == 1


def test_output_is_the_same_in_every_order_of_the_files(messy: Path) -> None:
    files = sorted(p.relative_to(messy).as_posix() for p in (messy / "data").rglob("*.ttl"))
    outputs = {run(messy, *order, PYTHONHASHSEED="7").stdout for order in (files, files[::-1], ["data"])}
    assert len(outputs) == 1


def test_output_does_not_depend_on_the_order_in_which_a_folder_lists_its_files(messy: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in sorted(messy.rglob("*"), reverse=True):
        target = copy / path.relative_to(messy)
        if path.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    assert run(copy, PYTHONHASHSEED="7").stdout == run(messy, PYTHONHASHSEED="7").stdout


def test_blank_nodes_are_never_shown_by_their_labels(messy: Path) -> None:
    text = run(messy).stdout
    assert re.findall(r"_:\w+|\b[0-9a-f]{32}\b", text) == []


# Beyond the list


def test_json_says_the_same_as_text(tmp_path: Path) -> None:
    data = DATA + "<id/clinic/b> a ns:Clinic ;\n    skos:prefLabel 'Ґанок'@uk .\n"
    result = validate(tmp_path, {CLINICS: turtle(data), BROKEN: "nonsense"}, "--format", "json")
    assert (result.returncode, result.stderr) == (2, "")
    found = json.loads(result.stdout)
    assert found["findings"][1] == {
        "severity": "violation",
        "rule": "Beds",
        "message": "A clinic has one number of beds. Add ns:beds.",
        "file": CLINICS,
        "line": FIRST_LINE + 3,
        "column": 1,
        "focus": "id/clinic/b",
        "label": "Ґанок",
        "path": "ns#beds",
        "value": "",
        "fingerprint": found["findings"][1]["fingerprint"],
    }
    assert found["findings"][0]["severity"] == "error"
    assert found["counts"]["files"] == 4
    text = run(tmp_path).stdout
    assert all(f["message"] in text for f in found["findings"])


def test_json_of_a_valid_project_has_no_findings(tmp_path: Path) -> None:
    result = validate(tmp_path, {}, "--format", "json")
    assert result.returncode == 0
    assert json.loads(result.stdout)["findings"] == []


UNKNOWN: dict[str, tuple[str, list[str]]] = {
    "term": ("<id/clinic/dawn> ns:bed 3 .", ["violation unknown-term: unknown term ns#bed", "Did you mean ns#beds?"]),
    "thing": (
        "<id/clinic/dawn> ns:partner <id/clinic/down> .",
        ["unknown thing id/clinic/down", "Did you mean id/clinic/dawn?"],
    ),
}


@pytest.mark.parametrize(("data", "said"), UNKNOWN.values(), ids=UNKNOWN)
def test_unknown_name_is_told_with_its_line_and_a_suggestion(tmp_path: Path, data: str, said: list[str]) -> None:
    result = validate(tmp_path, {CLINICS: turtle(DATA + data)})
    assert result.returncode == 1
    assert [s for s in [line(3), *said] if s not in result.stdout] == []


def test_hidden_files_and_loops_of_folders_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, {"data/.hidden.ttl": "nonsense", "data/.git/x.ttl": "nonsense", "data/notes.md": "nonsense"})
    (tmp_path / "data" / "loop").symlink_to(tmp_path / "data", target_is_directory=True)
    result = run(tmp_path)
    assert result.returncode == 0
    assert "Checked 3 files" in result.stdout


def test_file_that_cannot_be_opened_is_told_and_the_others_are_checked(tmp_path: Path) -> None:
    write(tmp_path, {"data/b.ttl": turtle("<id/clinic/b> a ns:Clinic ."), BROKEN: "nonsense"})
    (tmp_path / "data" / "gone.ttl").symlink_to(tmp_path / "nowhere.ttl")
    result = run(tmp_path)
    assert result.returncode == 2
    assert "data/gone.ttl" in result.stdout
    assert "cannot be read" in result.stdout
    assert line(0, file="data/b.ttl") + "violation Beds: " in result.stdout
    assert f"{BROKEN}:1:1: error syntax: " in result.stdout


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_file_without_the_right_to_read_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"data/b.ttl": ""})
    (tmp_path / "data" / "b.ttl").chmod(0)
    result = run(tmp_path)
    assert result.returncode == 2
    assert "data/b.ttl" in result.stdout + result.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may open every folder")
def test_folder_without_the_right_to_read_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"data/b/b.ttl": ""})
    (tmp_path / "data" / "b").chmod(0)
    result = run(tmp_path)
    (tmp_path / "data" / "b").chmod(0o755)
    assert result.returncode == 2
    assert "data/b" in result.stdout + result.stderr


def test_root_can_be_named_from_anywhere(tmp_path: Path) -> None:
    write(tmp_path / "project", {BROKEN: "nonsense"})
    there = run(tmp_path, "--root", "project")
    assert there.stdout == run(tmp_path, KG_ROOT=str(tmp_path / "project")).stdout
    assert f"{BROKEN}:1:1: " in there.stdout


def test_base_of_the_command_line_wins(tmp_path: Path) -> None:
    write(tmp_path)
    data = turtle(DATA).replace(BASE, "https://example.net/")
    (tmp_path / CLINICS).write_text(data + "<id/clinic/dawn> ns:partner <id/clinic/nobody> .", encoding="utf-8")
    assert "unknown thing id/clinic/nobody" in run(tmp_path, "--base", "https://example.net/").stdout
    assert run(tmp_path).returncode != 2


WRONG_USE: dict[str, tuple[tuple[str, ...], str]] = {
    "unknown option": (("--nonsense",), "--nonsense"),
    "unknown format": (("--format", "xml"), "xml"),
    "unknown format of a file": (("--output", "xml=report.xml"), "xml=report.xml"),
    "output without a file": (("--output", "sarif"), "FORMAT=FILE"),
    "output in a folder that is missing": (("--output", "sarif=nowhere/r.sarif"), "there is no folder nowhere"),
    "output that is a folder": (("--output", "sarif=data"), "data: is a folder"),
    "baseline that is missing": (("--baseline", "none.json"), "none.json: cannot be read"),
    "baseline to write without a name": (("--write-baseline",), "--baseline FILE"),
    "baseline of a part": (("--write-baseline", "--baseline", "b.json", "--focus", "x:y"), "neither --focus"),
    "watching standard input": (("--watch", "-"), "--watch"),
    "unknown engine": (("--engine", "nonsense"), "nonsense"),
    "unknown severity": (("--fail-on", "never"), "never"),
    "no such root": (("--root", "nowhere"), "nowhere: no such folder"),
    "no such texts": (("--sources", "nowhere"), "nowhere: no such folder"),
    "base that is no IRI": (("--base", "example.org"), "example.org"),
    "base with a space": (("--base", "https://exa mple.org/"), "https://exa mple.org/"),
    "no such shapes": (("--shapes", "nowhere"), "nowhere: no such file or folder"),
}


@pytest.mark.parametrize(("arguments", "said"), WRONG_USE.values(), ids=WRONG_USE)
def test_wrong_use_is_told_on_stderr(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    result = validate(tmp_path, {}, *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert said in result.stderr


STRANGE: dict[str, Files] = {
    "a triple term": {"data/x.ttl": turtle("<id/x> ns:partner <<( <id/a> ns:beds 1 )>> .")},
    "a reified triple": {"data/x.ttl": turtle("<< <id/a> ns:beds 1 >> ns:beds 1 .")},
    "a reifier that is a thing": {
        "data/x.ttl": turtle("<id/x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies> <<( <id/a> ns:beds 1 )>> .")
    },
    "an annotation in the shapes": {"shapes/x.ttl": turtle("<a> rdfs:label 'x' {| rdfs:comment 'y' |} .")},
    "an annotation in the ontology": {"ontology/x.ttl": turtle("ns:beds rdfs:label 'x' {| rdfs:comment 'y' |} .")},
    "an annotated annotation": {"data/x.ttl": turtle("<id/x> ns:beds 1 {| ns:opened 'y' {| ns:opened 'z' |} |} .")},
    "an annotation on a blank object": {"data/source/x.ttl": turtle('<id/x> ns:partner [] {| hs:quotes "0,1 x" |} .')},
    "a language with a direction": {"data/x.ttl": turtle('<id/x> ns:opened "x"@ar--rtl .')},
    "a number of 5,000 digits": {"data/x.ttl": turtle(f"<id/x> ns:beds {'9' * 5000} .")},
    "a year of 5,000 digits": {"data/x.ttl": turtle(f'<id/x> ns:opened "{"9" * 5000}-01-01"^^xsd:date .')},
    "a range of 5,000 digits": {
        "data/source/x.ttl": turtle(f'<id/x> ns:beds 1 {{| hs:quotes "0,{"9" * 5000} x" |}} .')
    },
    "a superscript number": {"data/source/x.ttl": turtle('<id/x> ns:beds "²"^^xsd:integer {| hs:quotes "0,1 x" |} .')},
    "a literal as type": {"data/x.ttl": turtle('<id/x> a "Clinic" .')},
    "a list in a list": {"data/x.ttl": turtle("<id/x> ns:partner ( ( ( ) ) 1 ) .")},
    "5,000 brackets": {"data/x.ttl": turtle("<id/x> ns:partner " + "[ ns:partner " * 5000 + "1" + " ]" * 5000 + " .")},
    "5,000 braces": {"data/x.jsonld": '{"@id": "x:a", "x:b": ' * 5000 + "1" + "}" * 5000},
    "blank nodes in a ring": {"data/x.ttl": turtle("_:a a ns:Clinic ; ns:partner _:b . _:b ns:partner _:a .")},
    "a NUL": {"data/x.ttl": turtle('<id/x> ns:opened "a\x00b" .')},
    "a rule that is not UTF-8": {"ontology/rules/r.rq": b"\xff"},
    "a folder called .ttl": {"data/x.ttl/y.ttl": turtle("<id/x> ns:beds 1 .")},
    "a context from the web": {"data/x.jsonld": '{"@context": "https://schema.org/", "@id": "x:a", "name": "x"}'},
    "a setting that is no TOML": {"kg.toml": b"\xff"},
    "a config with a long line": {"kg.toml": CONFIG + f'title = "{"x" * 100000}"\n'},
}


@pytest.mark.parametrize("files", STRANGE.values(), ids=STRANGE)
def test_no_input_is_too_strange(tmp_path: Path, files: Files) -> None:
    """What exit code it leads to is told elsewhere; here, that it is one of those that are promised."""
    validate(tmp_path, files)


FAKE = "x\nConforms.\n\x1b[2Jdata/clinics.ttl:1:1: error fake: y"


def test_data_cannot_write_lines_of_its_own_into_the_report(tmp_path: Path) -> None:
    """A line break or a terminal's control character in a value stays a value."""
    value = FAKE.replace("\n", "\\n").replace("\x1b", "\\u001b")
    data = (
        f'<id/clinic/b> a ns:Clinic ; skos:prefLabel "{value}" ; ns:beds "{value}" ; ns:opened "{value}"^^xsd:date .\n'
        f'<id/clinic/c> a ns:Clinic ; ns:beds 1 , "{value}" .\n'
    )
    shapes = SHAPES + "shapes:Beds sh:datatype xsd:integer ."
    result = validate(tmp_path, {CLINICS: turtle(DATA + data), "shapes/shapes.ttl": turtle(shapes)})
    assert result.returncode == 1
    assert "Conforms." not in result.stdout.splitlines()
    assert "\x1b" not in result.stdout


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1251"])
def test_report_is_written_whatever_the_terminal_can_show(tmp_path: Path, encoding: str) -> None:
    write(tmp_path, {CLINICS: turtle("<id/clinic/b> a ns:Clinic ; skos:prefLabel 'Ґанок – 病院'@uk .")})
    result = subprocess.run(
        [sys.executable, "-m", "kg", "validate"],
        cwd=tmp_path,
        capture_output=True,
        env=clean_environment() | {"PYTHONIOENCODING": encoding},
        timeout=120,
        check=False,
    )
    assert (result.returncode, result.stderr) == (1, b"")
    assert b"violation Beds" in result.stdout


def test_reader_that_goes_away_is_no_trouble_and_not_taken_for_conforming(tmp_path: Path) -> None:
    data = DATA + "".join(f"<id/clinic/x{n}> a ns:Clinic .\n" for n in range(3000))
    write(tmp_path, {CLINICS: turtle(data)})
    process = subprocess.Popen(
        [sys.executable, "-m", "kg", "validate"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    told = process.stderr.read()
    process.stderr.close()
    assert process.wait(120) != 0
    assert b"Traceback" not in told


def test_shipped_project_conforms() -> None:
    result = kg("validate", "--strict")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.endswith("\nConforms.\n")


def test_deleted_country_of_a_hospital_is_told_at_its_partnership(project_copy: Path) -> None:
    path = project_copy / "data/source/imp-forum-2025.ttl"
    lines = path.read_text(encoding="utf-8").split("\n")
    start = next(n for n, x in enumerate(lines) if x == "<id/org/national-cancer-institute-ua>")
    country = next(n for n in range(start, start + 8) if "hs:inCountry <id/country/UA>" in lines[n])
    del lines[country]
    path.write_text("\n".join(lines), encoding="utf-8")
    result = run(project_copy)
    assert result.returncode == 1
    partnership = next(n for n, x in enumerate(lines) if "hs:ukrainianParty <id/org/national-cancer-institute-ua>" in x)
    assert f"data/source/imp-forum-2025.ttl:{partnership + 1}:5: violation S11: " in result.stdout


def test_engine_finds_the_same_and_it_is_told_that_pyshacl_confirmed_it(tmp_path: Path) -> None:
    write(tmp_path, {CLINICS: turtle(DATA + "<id/clinic/b> a ns:Clinic ; skos:prefLabel 'B'@en .")})
    accelerated, full = run(tmp_path, "--engine", "shacl"), run(tmp_path)
    assert (accelerated.returncode, full.returncode) == (1, 1)
    more = set(accelerated.stdout.splitlines()) - set(full.stdout.splitlines())
    assert more == {"shacl asked the shapes, and pySHACL confirmed what it found about 1 nodes."}
    assert line(3) + "violation Beds: " in accelerated.stdout


def test_ontology_can_be_named(tmp_path: Path) -> None:
    write(tmp_path, {"other/ontology.ttl": turtle(ONTOLOGY.replace("ns:beds a", "ns:bed a"))})
    assert "unknown term ns#beds" in run(tmp_path, "--ontology", "other").stdout


# What is offered is checked with the project

NEW = '<id/clinic/new> a ns:Clinic ; skos:prefLabel "New Clinic"@en ; ns:beds 3 ; ns:partner <id/clinic/dawn> .\n'


def test_offered_file_is_checked_with_the_project(tmp_path: Path) -> None:
    write(tmp_path, {"new.ttl": turtle(NEW), "worse.ttl": turtle(NEW.replace("ns:beds 3 ; ", ""))})
    good = run(tmp_path, "new.ttl")
    assert (good.returncode, "Checked 4 files, 15 triples" in good.stdout) == (0, True)
    bad = run(tmp_path, "worse.ttl")
    assert bad.returncode == 1
    assert line(0, file="worse.ttl") + "violation Beds: " in bad.stdout


def test_what_an_offered_file_breaks_elsewhere_is_told_there(tmp_path: Path) -> None:
    write(tmp_path, {"more.ttl": turtle("<id/clinic/dawn> ns:beds 2 .")})
    result = run(tmp_path, "more.ttl")
    assert result.returncode == 1
    assert "violation Beds: " in result.stdout


def test_offered_file_of_the_project_is_read_once_and_offered_shapes_are_shapes(tmp_path: Path) -> None:
    write(tmp_path)
    everything = run(tmp_path, CLINICS, "shapes/shapes.ttl", "ontology", "data")
    assert everything.stdout == run(tmp_path).stdout


def test_offered_file_may_lie_anywhere(tmp_path: Path) -> None:
    write(tmp_path / "project")
    (tmp_path / "new.ttl").write_text(turtle(NEW + "<id/clinic/new> ns:bed 4 ."), encoding="utf-8")
    result = run(tmp_path, "--root", "project", "new.ttl")
    assert result.returncode == 1
    assert f"{tmp_path}/new.ttl:{FIRST_LINE + 1}:1: violation unknown-term" in result.stdout


def offered(folder: Path, text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`kg validate -` with a text on standard input."""
    return kg("validate", "-", *arguments, cwd=folder, stdin=text)


def test_standard_input_is_checked_with_the_project(tmp_path: Path) -> None:
    write(tmp_path)
    assert offered(tmp_path, turtle(NEW)).returncode == 0
    result = offered(tmp_path, turtle("\n<id/clinic/new> a ns:Clinic ."))
    assert result.returncode == 1
    assert line(1, file="stdin.ttl") + "violation Beds: " in result.stdout


def test_standard_input_replaces_the_file_that_it_is_named_as(tmp_path: Path) -> None:
    write(tmp_path)
    result = offered(tmp_path, turtle(DATA.replace("171", "172")), "--stdin-name", CLINICS)
    assert (result.returncode, "Checked 3 files" in result.stdout) == (0, True)
    assert "violation Beds" in offered(tmp_path, turtle(DATA.replace("171", "172"))).stdout
    shapes = offered(tmp_path, turtle(SHAPES.replace("maxCount", "maxCont")), "--stdin-name", "shapes/shapes.ttl")
    assert "shapes/shapes.ttl" in shapes.stdout
    assert "sh:maxCont" in shapes.stdout


def test_standard_input_has_the_syntax_of_its_name(tmp_path: Path) -> None:
    write(tmp_path)
    assert "Known suffixes" in offered(tmp_path, "x", "--stdin-name", "x.csv").stderr
    assert "looks like Turtle" in offered(tmp_path, turtle(NEW), "--stdin-name", "x.jsonld").stdout


# Reports in files


def test_reports_go_to_files_and_the_text_to_the_terminal(tmp_path: Path) -> None:
    write(tmp_path, {CLINICS: turtle(DATA + "<id/clinic/b> a ns:Clinic .")})
    text = run(tmp_path).stdout
    names = {
        "sarif": "r.sarif",
        "junit": "r.xml",
        "json": "r.json",
        "turtle": "r.ttl",
        "github": "r.log",
        "text": "r.txt",
    }
    result = run(tmp_path, *(x for f, name in names.items() for x in ("--output", f"{f}={name}")))
    assert (result.returncode, result.stdout) == (1, text)
    for format_, name in names.items():
        assert (tmp_path / name).read_text(encoding="utf-8") == run(tmp_path, "--format", format_).stdout
    assert not list(tmp_path.glob(".*"))


def test_report_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "old.json").write_text("old", encoding="utf-8")
    assert run(tmp_path, "--output", "json=old.json", "--output", "json=no/new.json").returncode == 2
    assert (tmp_path / "old.json").read_text(encoding="utf-8") == "old"


# Known findings


def test_baseline_is_written_with_reasons_read_and_told_when_stale(tmp_path: Path) -> None:
    write(tmp_path, {CLINICS: turtle(DATA + '<id/clinic/b> a ns:Clinic ; skos:prefLabel "B"@en .\n')})
    known = ("--baseline", "known.json")
    assert "--reason" in run(tmp_path, *known, "--write-baseline").stderr
    assert run(tmp_path, *known, "--write-baseline", "--reason", "the number is not known yet").returncode == 0
    assert run(tmp_path).returncode == 1
    hidden = run(tmp_path, *known, "--strict")
    assert (hidden.returncode, "1 known finding not told" in hidden.stdout) == (0, True)
    write(tmp_path)
    stale = run(tmp_path, *known)
    assert (stale.returncode, "warning baseline: this entry no longer occurs" in stale.stdout) == (0, True)
    assert run(tmp_path, *known, "--strict").returncode == 1
    assert run(tmp_path, *known, "--write-baseline").returncode == 0
    assert run(tmp_path, *known, "--strict").returncode == 0


def test_baseline_is_not_written_while_something_cannot_be_read(tmp_path: Path) -> None:
    write(tmp_path, {BROKEN: "nonsense"})
    result = run(tmp_path, "--baseline", "known.json", "--write-baseline", "--reason", "x")
    assert (result.returncode, "known.json was not written" in result.stdout) == (2, True)
    assert not (tmp_path / "known.json").exists()


# Only what a change can affect


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=tests", "-c", "user.email=tests@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def committed(folder: Path) -> None:
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "as it was")


def test_change_since_a_revision_is_told_and_what_was_wrong_before_elsewhere_is_not(tmp_path: Path) -> None:
    """The project lies in a folder of the repository, as it may."""
    folder = tmp_path / "graph"
    write(folder, {"data/old.ttl": turtle('<id/clinic/old> a ns:Clinic ; skos:prefLabel "Old"@en .')})
    committed(tmp_path)
    assert "about 0 nodes that a change can affect" in run(folder, "--changed-since", "HEAD").stdout
    (folder / CLINICS).write_text(turtle("\n" + DATA + "<id/clinic/dawn> ns:beds 2 ."), encoding="utf-8")
    part, whole = run(folder, "--changed-since", "HEAD"), run(folder)
    assert (part.returncode, whole.returncode) == (1, 1)
    assert "about 1 node that a change can affect" in part.stdout
    assert part.stdout.count("violation Beds: ") == 1
    assert whole.stdout.count("violation Beds: ") == 2
    assert "id/clinic/old" not in part.stdout


def test_change_of_the_shapes_asks_about_everything_and_says_so(tmp_path: Path) -> None:
    write(tmp_path)
    committed(tmp_path)
    write(tmp_path, {"shapes/shapes.ttl": turtle(SHAPES.replace("maxCount 1", "maxCount 0"))})
    result = run(tmp_path, "--changed-since", "HEAD")
    assert result.returncode == 1
    assert "asked about everything: the shapes have changed" in result.stdout


def test_deleted_country_is_told_at_the_partnership_by_the_part_that_it_affects_too(project_copy: Path) -> None:
    committed(project_copy)
    path = project_copy / "data/source/imp-forum-2025.ttl"
    lines = path.read_text(encoding="utf-8").split("\n")
    start = next(n for n, x in enumerate(lines) if x == "<id/org/national-cancer-institute-ua>")
    del lines[next(n for n in range(start, start + 8) if "hs:inCountry <id/country/UA>" in lines[n])]
    path.write_text("\n".join(lines), encoding="utf-8")
    part, whole = run(project_copy, "--changed-since", "HEAD"), run(project_copy)
    told = [x for x in part.stdout.splitlines() if x.startswith("data/")]
    assert [x for x in told if " violation S11: " in x]
    assert told == [x for x in whole.stdout.splitlines() if x.startswith("data/")]
    assert "asked about everything" not in part.stdout


NO_REVISION = {
    "unknown": ("no-such-branch", 'git knows no revision "no-such-branch"'),
    "an option": ("--all", 'git knows no revision "--all"'),
    "a file": (f"HEAD:{CLINICS}", "git knows no revision"),
}


@pytest.mark.parametrize(("revision", "said"), NO_REVISION.values(), ids=NO_REVISION)
def test_revision_that_is_none_is_bad_input(tmp_path: Path, revision: str, said: str) -> None:
    write(tmp_path)
    committed(tmp_path)
    result = run(tmp_path, f"--changed-since={revision}")
    assert (result.returncode, said in result.stderr) == (2, True), result.stderr


def test_folder_without_a_repository_has_no_revisions(tmp_path: Path) -> None:
    write(tmp_path)
    result = run(tmp_path, "--changed-since", "HEAD", GIT_CEILING_DIRECTORIES=str(tmp_path.parent))
    assert (result.returncode, "is in no git repository" in result.stderr) == (2, True), result.stderr


# Watching


def test_watching_tells_what_comes_and_goes_and_ends_with_the_last_verdict(tmp_path: Path) -> None:
    write(tmp_path)
    process = subprocess.Popen(
        [sys.executable, "-m", "kg", "validate", "--watch"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=clean_environment(),
    )  # fmt: skip
    assert process.stdout is not None

    def put(name: str, text: str) -> None:
        """At once, so that no half of it is seen."""
        (tmp_path / "new").write_text(text, encoding="utf-8")
        (tmp_path / "new").replace(tmp_path / name)

    def until(verdict: str) -> list[str]:
        lines = []
        for text in process.stdout or ():
            lines.append(text.rstrip("\n"))
            if lines[-1] == verdict:
                break
        return lines

    try:
        assert until("Conforms.")[0].startswith("Checked 3 files")
        put(CLINICS, turtle("\n" + DATA + "<id/clinic/dawn> ns:beds 2 ."))
        first, *_ = until("1 violation.")
        assert first.startswith("+ data/clinics.ttl")
        put("data/x.ttl", "nonsense")
        (told, *_) = until("1 error, 1 violation.")
        assert told.startswith("+ data/x.ttl:1:1: error syntax")
        (tmp_path / "data" / "x.ttl").unlink()
        assert until("1 violation.")[0].startswith("- data/x.ttl:1:1: error syntax")
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 1
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
