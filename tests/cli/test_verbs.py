"""The command line as a whole: help, version, wrong verbs; and the small verbs, cite and expand."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import __version__
from tests.conftest import kg
from tests.evidence.texts import TEXT, at, registered
from tests.validation.clinics import CONFIG, turtle

VERBS = ["cite", "expand", "serve", "validate"]


def test_help_names_every_verb() -> None:
    result = kg("--help")
    assert (result.returncode, result.stderr) == (0, "")
    assert [v for v in VERBS if f"\n  {v} " not in result.stdout] == []


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(verb: str) -> None:
    result = kg(verb, "-h")
    assert (result.returncode, result.stderr) == (0, "")
    assert f" {verb} [OPTIONS]" in result.stdout
    assert "--root" in result.stdout


def test_version_is_that_of_the_package() -> None:
    assert __version__ in kg("--version").stdout


WRONG: dict[str, tuple[str, ...]] = {
    "no verb": (),
    "unknown verb": ("frobnicate",),
    "unknown option": ("--frobnicate",),
    "too few arguments": ("cite", "t"),
    "too many arguments": ("cite", "t", "a", "b"),
}


@pytest.mark.parametrize("arguments", WRONG.values(), ids=WRONG)
def test_wrong_use_exits_with_2_and_no_traceback(arguments: tuple[str, ...]) -> None:
    result = kg(*arguments)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert "Usage:" in result.stderr + result.stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with one source text, which lies in the folder `texts`."""
    (tmp_path / "kg.toml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "data" / "source").mkdir(parents=True)
    prefixes = "@prefix dcterms: <http://purl.org/dc/terms/> .\n"
    (tmp_path / "data" / "provenance.ttl").write_text(turtle(prefixes + registered()), encoding="utf-8")
    annotated = f'<id/x> ns:beds 171 {{| hs:quotes "{at("171")}" |}} .'
    (tmp_path / "data" / "source" / "t.ttl").write_text(turtle(annotated), encoding="utf-8")
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "any.txt").write_bytes(TEXT.encode())
    return tmp_path


def cite(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    result = kg("cite", *arguments, cwd=folder)
    assert "Traceback" not in result.stderr, result.stderr
    return result


def test_cite_prints_range_context_and_annotation(folder: Path) -> None:
    start = TEXT.index("171")
    result = cite(folder, "--sources", "texts", "t", "171 ліжко")
    assert result.returncode == 0
    place, annotation = result.stdout.splitlines()
    assert place.startswith(f"{start},{start + 9}  …")
    assert "[171 ліжко]" in place
    assert annotation == f'    {{| hs:quotes "{start},{start + 9} 171 ліжко" |}}'
    assert result.stderr == "1 place.\n"


def test_cite_prints_every_place(folder: Path) -> None:
    result = cite(folder, "--sources", "texts", "t", "лікар")
    assert result.returncode == 0
    assert len(result.stdout.splitlines()) == 2 * TEXT.casefold().count("лікар")
    assert result.stderr == f"{TEXT.casefold().count('лікар')} places.\n"


def test_cite_reads_a_file_too(folder: Path) -> None:
    by_file = cite(folder, "texts/any.txt", "171 ліжко")
    assert by_file.stdout == cite(folder, "--sources", "texts", "t", "171 ліжко").stdout


def test_what_cite_prints_is_accepted_as_evidence(folder: Path) -> None:
    printed = cite(folder, "--sources", "texts", "t", "Обласною лікарнею «Ластівка»").stdout.splitlines()[1].strip()
    (folder / "data/source/t.ttl").write_text(
        turtle(f'<id/ward/x> ns:says "Обласною лікарнею «Ластівка»"@uk {printed} .'), encoding="utf-8"
    )
    (folder / "shapes").mkdir()
    (folder / "shapes/s.ttl").write_text(
        turtle("shapes:X a sh:NodeShape ; sh:targetSubjectsOf ns:says ; sh:nodeKind sh:IRI ."), encoding="utf-8"
    )
    result = kg("validate", "--sources", "texts", cwd=folder)
    assert (result.returncode, result.stdout.endswith("\nConforms.\n")) == (0, True), result.stdout


NOT_CITED: dict[str, tuple[tuple[str, ...], int, str]] = {
    "phrase that stands nowhere": (("--sources", "texts", "t", "поліклініка"), 1, "does not stand in t"),
    "unknown source": (("--sources", "texts", "u", "x"), 2, 'no source is called "u". Known are t'),
    "no folder named": (("t", "171"), 2, "--sources"),
    "text not in the folder": (("--sources", "data", "t", "171"), 2, "its text is not in data"),
    "empty phrase": (("--sources", "texts", "t", " "), 2, "PHRASE is empty"),
    "name too long for a file": (("--sources", "texts", "n" * 300, "x"), 2, "no source is called"),
    "folder instead of a file": (("texts", "x"), 2, "no source is called"),
}


@pytest.mark.parametrize(("arguments", "code", "said"), NOT_CITED.values(), ids=NOT_CITED)
def test_cite_says_why_it_found_nothing(folder: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    result = cite(folder, *arguments)
    assert (result.returncode, result.stdout) == (code, "")
    assert said in result.stderr


@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated")  # rdflib's own parsers use it
@pytest.mark.parametrize("format_", ["trig", "nq"])
def test_expand_prints_rdf_1_1_that_other_tools_read(folder: Path, format_: str) -> None:
    import rdflib

    result = kg("expand", "--format", format_, cwd=folder)
    assert (result.returncode, result.stderr) == (0, "")
    dataset = rdflib.Dataset()
    dataset.parse(data=result.stdout, format={"trig": "trig", "nq": "nquads"}[format_])
    assert len({g.identifier for g in dataset.graphs() if len(g)}) == 2
    claim = rdflib.URIRef("https://w3id.org/health-solidarity/ns#Claim")
    assert len(list(dataset.quads((None, rdflib.RDF.type, claim, None)))) == 1


def test_expand_of_one_file_prints_that_file_only(folder: Path) -> None:
    result = kg("expand", "data/provenance.ttl", "--format", "nq", cwd=folder)
    quads = list(ox.parse(result.stdout, format=ox.RdfFormat.N_QUADS))
    assert len(quads) == 5


def test_expand_prints_the_same_in_every_run(folder: Path) -> None:
    runs = {kg("expand", cwd=folder, PYTHONHASHSEED=seed).stdout for seed in "0123"}
    assert len(runs) == 1


def test_expand_of_a_broken_file_tells_its_place(folder: Path) -> None:
    (folder / "data/source/t.ttl").write_text("nonsense", encoding="utf-8")
    result = kg("expand", cwd=folder)
    assert (result.returncode, result.stdout) == (2, "")
    assert "data/source/t.ttl:1:1: " in result.stderr
