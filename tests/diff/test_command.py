"""`kg diff` at the command line, on an invented project in a git repository."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.conftest import ROOT, git, kg

BASE = "https://example.org/kg/"
HEAD = f"""@base <{BASE}> .
@prefix hs: <https://w3id.org/health-solidarity/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix : <{BASE}ns#> .

"""
FILES = {
    "kg.toml": f'base = "{BASE}"\n',
    "ontology/o.ttl": HEAD
    + ':berths rdfs:label "berths"@en .\n:near rdfs:label "near"@en .\n:opening rdfs:label "opening"@en .\n',
    "ontology/rules/near.rq": f"# Nearness goes both ways.\nPREFIX : <{BASE}ns#>\n"
    "CONSTRUCT { ?b :near ?a } WHERE { ?a :near ?b }\n",
    "ontology/rules/statement.rq": "# A claim is a statement.\nPREFIX hs: <https://w3id.org/health-solidarity/ns#>\n"
    "CONSTRUCT { ?c a hs:Record } WHERE { ?c a hs:Claim }\n",
    "data/source/log.ttl": HEAD
    + '<id/port/gull> rdfs:label "Gull Bay"@en ;\n    :berths 4 {| hs:quotes "0,5 four berths" |} ;\n'
    "    :opening [ :from 8 ; :to 17 ] , [ :from 19 ; :to 20 ] .\n"
    '<id/port/tern> rdfs:label "Tern `Point`"@en .\n',
    "queries/q.ttl": HEAD
    + f"""<queries/ports> a sh:SPARQLSelectExecutable ; sh:select "SELECT ?p {{ ?p <{BASE}ns#berths> ?n }}" .
<queries/any> a sh:SPARQLAskExecutable ; sh:ask "ASK {{ ?s ?p ?o }}" .
<queries/of> a sh:SPARQLSelectExecutable ; sh:parameter <queries/of#port> ;
    sh:select "SELECT ?port ?n {{ ?port <{BASE}ns#berths> ?n }}" .
<queries/of#port> sh:path <queries#port> ; sh:nodeKind sh:IRI .
""",
}


def change(project: Path, *changes: tuple[str, str], name: str = "data/source/log.ttl") -> None:
    text = (project / name).read_text()
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    (project / name).write_text(text)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    return folder


@pytest.fixture
def project(first: Path, tmp_path: Path) -> Path:
    """The project in its first revision."""
    shutil.copytree(first, tmp_path / "p")
    return tmp_path / "p"


@pytest.fixture
def changed(project: Path) -> Path:
    """The same with a fact more, a fact fewer, other evidence, and something inferred."""
    change(project, ("0,5 four berths", "9,13 4 of them"))
    change(project, ('<id/port/tern> rdfs:label "Tern `Point`"@en .', "<id/port/gull> :near <id/port/tern> ."))
    change(
        project, ("<id/port/gull> rdfs", '<id/port/skua> :berths 2 {| hs:quotes "20,21 2" |} .\n<id/port/gull> rdfs')
    )
    return project


def test_nothing_differs(project: Path) -> None:
    done = kg("diff", cwd=project)
    assert (done.returncode, done.stdout) == (
        0,
        "HEAD → the files as they are: Nothing differs.\n\n"
        "Saved queries:\n  of: not compared: it needs a value for port\n",
    )


def test_what_differs_is_told_in_words(changed: Path) -> None:
    done = kg("diff", cwd=changed)
    assert done.returncode == 1, done.stderr
    assert done.stdout == (
        "HEAD → the files as they are: 2 facts added, 1 removed, 1 with other evidence, about 3 things. "
        "Inferred: 1 more, 0 fewer.\n"
        "\n"
        "Gull Bay (id/port/gull)\n"
        "  ~ berths: 4\n"
        "      - quoted from: “four berths” source/log.txt#char=0,5\n"
        "      + quoted from: “4 of them” source/log.txt#char=9,13\n"
        "  + near: Tern `Point` (id/port/tern)\n"
        "\n"
        "id/port/skua, new\n"
        "  + berths: 2\n"
        "        quoted from: “2” source/log.txt#char=20,21\n"
        "        hs:modality: vocab/modality/asserted\n"
        "        hs:wording: vocab/wording/verbatim\n"
        "\n"
        "Tern `Point` (id/port/tern), gone\n"
        "  - label: “Tern `Point`”@en\n"
        "\n"
        "Pages that change:\n"
        "  /doc/port/gull\n"
        "  /doc/port/skua\n"
        "  /doc/port/tern\n"
        "\n"
        "Saved queries:\n"
        "  of: not compared: it needs a value for port\n"
        "  ports: 1 row more, 0 fewer\n"
    )


def test_revisions_are_read_and_the_work_tree_is_left_alone(changed: Path) -> None:
    git(changed, "checkout", "-q", "-b", "topic")
    git(changed, "commit", "-q", "-a", "-m", "second")
    status = git(changed, "status", "--porcelain", "--branch")
    named = [("HEAD~1",), ("main..topic",), ("main..",), ("main...topic",), ("main", "topic"), ("topic~1", "HEAD")]
    told = [kg("diff", "--format", "patch", *arguments, cwd=changed) for arguments in named]
    assert {done.returncode for done in told} == {1}
    assert len({done.stdout for done in told}) == 1
    assert git(changed, "status", "--porcelain", "--branch") == status
    assert kg("diff", "topic", "HEAD", cwd=changed).returncode == 0


def test_folders_and_files_are_compared(changed: Path, first: Path) -> None:
    (first / "notes").mkdir(exist_ok=True)
    whole = kg("diff", str(first), str(changed), "--format", "json")
    assert whole.returncode == 1, whole.stderr
    file = "data/source/log.ttl"
    alone = kg("diff", str(first / file), file, "--format", "json", cwd=changed)
    data = kg("diff", str(first / "data"), str(changed / "data"), "--base", BASE, "--format", "json")
    entities = [json.loads(done.stdout)["entities"] for done in (whole, alone, data)]
    changes = [[c for e in found for c in e["changes"]] for found in entities]
    assert changes[0] == changes[1] == changes[2]
    assert len(changes[0]) == 4


def test_files_of_no_project_are_compared(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<urn:a> <urn:b> 1 .")
    (tmp_path / "b.nt").write_text('<urn:a> <urn:b> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .')
    assert kg("diff", "a.ttl", "b.nt", cwd=tmp_path).returncode == 0
    (tmp_path / "b.nt").write_text("<urn:a> <urn:b> <urn:c> .")
    assert kg("diff", "a.ttl", "b.nt", cwd=tmp_path).returncode == 1


def test_blank_nodes_are_the_same_whatever_their_order_and_labels(project: Path) -> None:
    change(project, ("[ :from 8 ; :to 17 ] , [ :from 19 ; :to 20 ]", "[ :to 20 ; :from 19 ] , _:day"))
    change(project, (".\n<id/port/tern>", ".\n_:day :to 17 ; :from 8 .\n<id/port/tern>"))
    assert kg("diff", cwd=project).returncode == 0


def test_a_changed_blank_node_is_told_with_its_thing(project: Path) -> None:
    change(project, (":to 17", ":to 18"))
    told = kg("diff", cwd=project).stdout
    assert "  - opening: [ from 8 ; to 17 ]\n" in told.replace("ns#", "")
    assert "  + opening: [ from 8 ; to 18 ]\n" in told.replace("ns#", "")
    assert "19" not in told
    assert "Gull Bay (id/port/gull)\n" in told


def test_one_of_two_equal_blank_nodes_is_a_difference(project: Path) -> None:
    change(project, ("[ :from 19 ; :to 20 ]", "[ :from 8 ; :to 17 ]"))
    git(project, "commit", "-q", "-a", "-m", "twice")
    change(project, (" , [ :from 8 ; :to 17 ]", ""))
    assert kg("diff", cwd=project).returncode == 1


def test_the_patch_turns_the_older_dataset_into_the_newer(changed: Path, first: Path) -> None:
    old, new = (
        {
            str(q)
            for q in ox.parse(kg("expand", "--root", str(root), "--format", "nq").stdout.encode(), ox.RdfFormat.N_QUADS)
        }
        for root in (first, changed)
    )
    lines = kg("diff", "--format", "patch", cwd=changed).stdout.splitlines()
    assert (lines[0], lines[-1]) == ("TX .", "TC .")
    old -= {line[2:-2] for line in lines if line.startswith("D ")}
    old |= {line[2:-2] for line in lines if line.startswith("A ")}
    named = {quad for quad in new if "_:" not in quad}
    assert {quad for quad in old if "_:" not in quad} == named
    assert not [line for line in lines if "_:" in line]


def test_markdown_makes_nothing_of_what_the_data_says(project: Path) -> None:
    change(project, ("Gull Bay", "``` <b>x</b> @someone [a](b)"))
    told = kg("diff", "--format", "markdown", cwd=project).stdout
    assert told.startswith("### `HEAD → the files as they are`\n")
    assert "- added ```` label: “``` <b>x</b> @someone [a](b)”@en ````" in told
    assert "<details><summary>Pages that change: 1</summary>" in told


def test_no_character_steers_the_terminal(project: Path) -> None:
    change(project, ("Gull Bay", "Gull\\u001b[2J\\nBay"))
    told = kg("diff", cwd=project).stdout
    assert "\x1b" not in told
    assert "Gull\\u001b[2J\\nBay" in told


def test_a_saved_query_that_comes_or_goes_is_told(project: Path) -> None:
    change(project, ("<queries/any>", "<queries/other>"), name="queries/q.ttl")
    answers = json.loads(kg("diff", "--format", "json", cwd=project).stdout)["queries"]
    assert {a["name"]: a["what"] for a in answers} == {"any": "gone", "other": "new", "of": "not compared"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere",), '"nowhere" is neither a file nor a folder'),
        (("HEAD..nowhere",), '"nowhere" is neither'),
        (("a", "b", "c"), "two versions"),
        (("--", "--output=x"), "neither a file nor a folder"),
    ],
    ids=["unknown", "unknown second", "three", "an option of git"],
)
def test_a_version_that_is_none_is_told(first: Path, arguments: tuple[str, ...], message: str) -> None:
    done = kg("diff", *arguments, cwd=first)
    assert done.returncode == 2
    assert message in done.stderr


def test_a_version_that_does_not_parse_is_told_with_its_place(project: Path) -> None:
    change(project, (":berths 4", ":berths"))
    done = kg("diff", cwd=project)
    assert done.returncode == 2
    assert "kg: the files as they are: data/source/log.ttl:" in done.stderr
    git(project, "commit", "-q", "-a", "-m", "broken")
    git(project, "checkout", "-q", "HEAD~1", "--", ".")
    assert "kg: HEAD: data/source/log.ttl:" in kg("diff", cwd=project).stderr


def test_the_manual_tells_every_format() -> None:
    page = (ROOT / "docs" / "diff.md").read_text()
    assert all(f"`{name}`" in page for name in ("text", "markdown", "json", "patch"))
