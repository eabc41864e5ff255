"""The pages of the commands are what the command line says, and their examples work."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import click
import pytest
from click.testing import CliRunner

from kg.cli import kg as commands
from tests.conftest import ROOT, Starter, clean_environment


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generated_commands", ROOT / ".ci" / "commands.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where dataclasses look
    spec.loader.exec_module(module)
    return module


MADE = _generator()
ALL = {" ".join(path): command for path, command, _ in MADE.walk(commands, click.Context(commands, info_name="kg"))}
LEAVES = {name: command for name, command in ALL.items() if not isinstance(command, click.Group)}


def test_the_pages_are_what_the_command_line_says(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run .ci/commands.py if this fails."""
    monkeypatch.setenv("COLUMNS", "30")
    assert MADE.main(["--check"]) == 0, capsys.readouterr().out


@pytest.mark.parametrize("name", LEAVES)
def test_a_command_says_what_it_does_how_it_ends_and_how_it_is_used(name: str) -> None:
    said = MADE.manual(LEAVES[name])
    assert said.paragraphs[0].endswith(".")
    assert "0" in said.exits
    assert "2" in said.exits
    assert len(said.examples) >= 2
    named = f"kg {name}".removesuffix("KIND")
    assert [e for e in said.examples if named not in e] == []
    assert [p.name for p in LEAVES[name].params if isinstance(p, click.Option) and not p.help] == []
    assert LEAVES[name].short_help or len(said.paragraphs[0]) < 80


def test_groups_have_a_page_and_their_commands_too() -> None:
    @click.group()
    def root() -> None:
        """All."""

    @root.group()
    def new() -> None:
        """Write a skeleton."""

    @new.command(short_help="An event | a meeting.")
    @click.option("--on", envvar="KG_ON", default=3, show_default=True, type=click.IntRange(1), help="Day.")
    @click.argument("name")
    def event(on: int, name: str) -> None:
        """Write an event.

        \b
        ids are
          made of names

        Exit code 0: written. 2: there is
        one. Or not. 3: a bug.

        \b
        Examples:
          kg new event a
          kg new event b   # another
        """

    pages = MADE.pages(root)
    assert list(pages) == ["new.md", "new-event.md"]
    assert "| [`kg new event`](new-event.md) | An event \\| a meeting |" in pages["new.md"]
    page = pages["new-event.md"]
    assert "```text\nkg new event [OPTIONS] NAME\n```" in page
    assert "| `--on N` | `KG_ON` | 3 | Day. |" in page
    assert "| 0 | written |\n| 2 | there is one. Or not |\n| 3 | a bug |" in page
    assert "```sh\nkg new event a\nkg new event b   # another\n```" in page
    assert "```text\nids are\n  made of names\n```" in page
    index = MADE.index(root, "a\n<!-- commands -->\nold\n<!-- end of commands -->\nb\n")
    assert "| [`kg new event`](commands/new-event.md) |" in index
    assert index.startswith("a\n")
    assert index.endswith("-->\nb\n")
    assert "old" not in index


# The examples, where things are called as in the shipped project

TEXT = "Partners are Razom for Ukraine and others.\n"
_HEAD = """@base <https://w3id.org/health-solidarity/> .
@prefix hs: <https://w3id.org/health-solidarity/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""
FILES = {
    "kg.toml": 'base = "https://w3id.org/health-solidarity/"\n',
    "ontology/o.ttl": "hs:Thing a rdfs:Class .\n",
    "shapes/s.ttl": "<shapes#S> a sh:NodeShape ; sh:targetClass hs:Thing ; sh:property [ sh:path rdfs:label ] .\n",
    "data/links.ttl": '<id/country/DE> a hs:Thing ; rdfs:label "Germany"@en .\n',
    "data/derived.ttl": '<id/org/x> a hs:Thing ; rdfs:label "X"@en {| hs:modality hs:Thing |} .\n',
    "data/provenance.ttl": f"""<source/imp-forum-2025.txt>
    a hs:SourceDocument ;
    hs:sha256 "{hashlib.sha256(TEXT.encode()).hexdigest()}"^^xsd:hexBinary .
""",
    "queries/q.ttl": """<queries/partnerships-of-a-country>
    a sh:SPARQLSelectExecutable ;
    rdfs:label "Which?"@en ;
    sh:parameter [ sh:path <queries#country> ; sh:nodeKind sh:IRI ; sh:optional true ] ;
    sh:select "SELECT ?country ?label { ?country <http://www.w3.org/2000/01/rdf-schema#label> ?label }" .
""",
}
_GOOD = {"diff": (0, 1)}
"""Exit codes beside 0 that are no failure of an example."""

NOT_RUN = {
    "bench": "it measures for minutes: tests/bench runs it",
    "contract": "it asks a site on the web: tests/contract runs it",
    "new KIND": "it asks for what shapes require: tests/drafting and the tutorial run it",
    "new source": "it reads a text of one's own: tests/drafting and the tutorial run it",
    "serve": "it has no end: the last test runs it",
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small project beside its texts, in a repository with two commits."""
    folder = tmp_path_factory.mktemp("world") / "project"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text if name == "kg.toml" else _HEAD + text)
    (folder.parent / "texts").mkdir()
    (folder.parent / "texts" / "imp-forum-2025.txt").write_text(TEXT)
    who = "git -c user.name=T -c user.email=t@example.org -c commit.gpgsign=false"
    history = f"git init -q -b main && git add . && {who} commit -qm first && {who} commit -qm second --allow-empty"
    subprocess.run(["bash", "-c", history], cwd=folder, check=True, capture_output=True)
    (folder / "new.ttl").write_text(_HEAD + '<id/org/new> a hs:Thing ; rdfs:label "New"@en .\n')
    return folder


@pytest.mark.parametrize("name", [name for name in LEAVES if name not in NOT_RUN])
def test_the_examples_of_a_command_work(name: str, world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(world)
    for example in MADE.manual(LEAVES[name]).examples:
        words = shlex.split(example, comments=True)
        if "--watch" in words or "--endpoint" in words:
            _is_understood(name, words)
        elif {"<", ">", "|"} & set(words):
            done = _in_bash(example, world)
            assert done.returncode in _GOOD.get(name, (0,)), (example, done.stderr)
        else:
            result = CliRunner().invoke(commands, words[1:], standalone_mode=False)
            assert result.return_value in _GOOD.get(name, (0,)), (example, result.output, result.exception)


@pytest.mark.parametrize("name", NOT_RUN)
def test_an_example_that_is_not_run_is_understood(name: str) -> None:
    for example in MADE.manual(LEAVES[name]).examples:
        _is_understood(name, shlex.split(example, comments=True))


def test_the_served_examples_work(start: Starter, world: Path) -> None:
    words = shlex.split(MADE.manual(LEAVES["serve"]).examples[1])
    port = words.index("--port")
    server = start(*words[2:port], *words[port + 2 :], cwd=world)
    (asked,) = (e for e in MADE.manual(LEAVES["query"]).examples if "--endpoint" in e)
    assert _in_bash(asked.replace("http://127.0.0.1:8000", server.url), world).stdout == "true\n"


def test_the_examples_are_about_the_shipped_project() -> None:
    shown = "\n".join(e for command in LEAVES.values() for e in MADE.manual(command).examples)
    assert {
        name for name in re.findall(r"--name (\S+)", shown) if not (ROOT / "queries" / f"{name}.ttl").is_file()
    } == set()
    assert {name for name in re.findall(r"data/\S+ttl", shown) if not (ROOT / name).is_file()} == set()
    assert "<source/imp-forum-2025.txt>" in (ROOT / "data" / "provenance.ttl").read_text()


def _in_bash(example: str, world: Path) -> subprocess.CompletedProcess[str]:
    environment = clean_environment() | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    return subprocess.run(
        ["bash", "-c", example], cwd=world, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def _is_understood(name: str, words: list[str]) -> None:
    """The command takes these words; raise what click does if not."""
    first = words.index("kg") + 1 + len(name.split())
    LEAVES[name].make_context(name, words[first:])
