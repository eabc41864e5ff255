"""`kg build` at the command line: what it writes, that it is always the same, and what it refuses."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from rdflib import DCAT, RDF, VOID, Graph, Namespace, URIRef
from werkzeug.test import Client

from kg.app import create_app
from kg.builds import manifest
from kg.cli import kg as commands
from kg.front.mounted import Mounted
from kg.store import project, release
from kg.store.pool import Limits
from kg.words.errors import BadInput, KgError
from kg.words.settings import load
from tests.builds import wharf
from tests.conftest import clean_environment, git

SPDX = Namespace("http://spdx.org/rdf/terms#")
DATASET = URIRef(wharf.BASE + "dataset")


@dataclass(frozen=True)
class Done:
    code: int
    stdout: str
    stderr: str


def build(*arguments: str | Path) -> Done:
    """Run the command in this process. What is known trouble comes out as it would be told."""
    result = CliRunner().invoke(commands, ["build", *map(str, arguments)], standalone_mode=False)
    if isinstance(result.exception, KgError):
        return Done(result.exception.exit_code, result.stdout, str(result.exception))
    assert result.exception is None, result.exception
    return Done(result.return_value, result.stdout, result.stderr)  # type: ignore[arg-type]


def in_process_of_its_own(cwd: Path, *arguments: str | Path, umask: int = 0o022, **environment: str) -> Done:
    done = subprocess.run(
        [sys.executable, "-m", "kg", "build", *map(str, arguments)],
        cwd=cwd, env=clean_environment() | environment, umask=umask,
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    return Done(done.returncode, done.stdout, done.stderr)


def contents(folder: Path) -> dict[str, bytes]:
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


def told(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / manifest.FILE).read_text())
    return found


def whole(folder: Path) -> Path:
    """The dump of all graphs."""
    (found,) = folder.glob("dumps/*/*.nq")
    return found


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in a git repository: its first revision, and files that say something else."""
    folder = wharf.write(tmp_path_factory.mktemp("sources"))
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    wharf.change(folder, "data/quay/log.ttl", "ns:lifts 7", "ns:lifts 70")
    return folder


@pytest.fixture(scope="module")
def built(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release that the files make, since the first revision."""
    folder = tmp_path_factory.mktemp("built") / "release"
    done = build(folder, "--root", sources, "--since", "HEAD")
    assert done.code == 0, done
    return folder


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project, to be changed."""
    return wharf.write(tmp_path / "project")


def test_all_that_makes_a_release_is_there(built: Path) -> None:
    found = told(built)
    digits = found["release"][:12]
    graphs = ("cranes", "inferred", "ontology", "quay/log", "shapes", "void")
    dumps = [f"kg-{digits}.{s}" for s in ("nq", "trig", "jsonld", "nt")] + [f"graph/{g}-{digits}.ttl" for g in graphs]
    expected = {f"dumps/{found['release']}/{name}{gzip}" for name in dumps for gzip in ("", ".gz")}
    expected |= {f"dataset.{s}" for s in ("ttl", "jsonld", "rdf", "nt", "nq", "trig")}
    expected |= {f"report.{s}" for s in ("txt", "json", "ttl")}
    expected |= {"changes.md", "changes.rdfp", "queries/heavy.ttl", "manifest.json", "kg-build.sha256"}
    assert contents(built).keys() == expected
    assert found["counts"]["graphs"].keys() == {f"{wharf.BASE}graph/{g}" for g in graphs}
    assert found["validation"]["conforms"] is True
    assert found["validation"]["findings"]["warning"] == 2
    assert "2 warnings." in (built / "report.txt").read_text()
    assert len(json.loads((built / "report.json").read_text())["findings"]) == 2
    report = Graph().parse(built / "report.ttl")
    assert len(set(report.subjects(RDF.type, URIRef("http://www.w3.org/ns/shacl#ValidationResult")))) == 2


def test_every_file_stands_with_its_hash(built: Path) -> None:
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in contents(built).items()}
    listed = dict(reversed(line.split("  ", 1)) for line in (built / "kg-build.sha256").read_text().splitlines())
    assert listed == {name: hash_ for name, hash_ in hashes.items() if name != "kg-build.sha256"}
    entries = {f["path"]: (f["sha256"], f["bytes"]) for f in told(built)["files"]}
    assert entries == {
        name: (hashes[name], (built / name).stat().st_size) for name in listed if name != "manifest.json"
    }
    if shutil.which("sha256sum"):
        subprocess.run(["sha256sum", "--check", "--quiet", "--strict", "kg-build.sha256"], cwd=built, check=True)


def test_the_manifest_counts_what_is_in_the_dumps(built: Path) -> None:
    found = told(built)
    quads = set(ox.parse(path=whole(built), format=ox.RdfFormat.N_QUADS))
    assert found["counts"]["triples"] == len({q.triple for q in quads})
    sizes = {f["graph"]: f["triples"] for f in found["files"] if "graph" in f}
    assert sizes == {g.value: sum(q.graph_name == g for q in quads) for g in {q.graph_name for q in quads}}  # type: ignore[union-attr]
    assert sizes == found["counts"]["graphs"]


def test_it_is_the_same_whatever_surrounds_it(sources: Path, tmp_path: Path) -> None:
    """Two builds that share nothing but the contents of their sources, of a project on which there is much to say."""
    wrong = ("data/quay/log.ttl", "ns:lifts 70", "ns:open [ ns:from 'dawn' ] , [ ns:from 'dusk' ] ; ns:beside [], <x>")
    one, other = tmp_path / "a", tmp_path / "somewhere" / "else" / "б"
    shutil.copytree(sources, one)
    wharf.write(other, backwards=True)
    old = wharf.write(tmp_path / "old")
    wharf.change(one, *wrong)
    wharf.change(other, wrong[0], "ns:lifts 7", wrong[2])
    first = in_process_of_its_own(
        one, "--allow-nonconforming", "--since", "HEAD",
        TZ="UTC", LC_ALL="C", PYTHONHASHSEED="0", HOME=str(tmp_path), SOURCE_DATE_EPOCH="86400",
    )  # fmt: skip
    (tmp_path / "out").mkdir()
    second = in_process_of_its_own(
        tmp_path, "out/release", "--root", other, "--allow-nonconforming", "--since", old, "--base-url", wharf.BASE,
        TZ="Asia/Kathmandu", LC_ALL="uk_UA.UTF-8", PYTHONHASHSEED="4321", KG_SOURCES=str(old), umask=0o077,
    )  # fmt: skip
    assert (first.code, second.code) == (0, 0), first.stderr + second.stderr
    folders = (one / "build" / "release", tmp_path / "out" / "release")
    a, b = (contents(f) for f in folders)
    assert [name for name in sorted(a.keys() | b.keys()) if a.get(name) != b.get(name)] == []
    assert told(folders[0])["validation"]["findings"]["violation"] > 3
    assert str(tmp_path) not in "".join(content.decode(errors="replace") for content in a.values())
    modes = [{p.relative_to(f): p.stat().st_mode for p in f.rglob("*")} for f in folders]
    assert modes[0] == modes[1]
    assert {p.stat().st_mtime for p in (folders[0], *folders[0].rglob("*"))} == {86400}


def test_the_server_offers_the_same_bytes(sources: Path, built: Path) -> None:
    served = release.build(project.read(load(sources)))
    client = Client(Mounted(create_app(served, limits=Limits()), "/kg"))  # type: ignore[arg-type]
    offered = [name for name in contents(built) if name.startswith(("dumps/", "dataset."))]
    assert len(offered) == 26
    for name in offered:
        answer = client.get(f"/kg/{name}", base_url="https://wharf.example.org")
        assert answer.data == (built / name).read_bytes(), name


@pytest.fixture(scope="module")
def elsewhere(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same for another address, where no endpoint is."""
    folder = tmp_path_factory.mktemp("elsewhere") / "release"
    done = build(folder, "--root", sources, "--base-url", "https://files.example/a%20b/", "--no-endpoint")
    assert done.code == 0, done
    return folder


def test_the_description_leads_to_the_files(elsewhere: Path) -> None:
    there = "https://files.example/a%20b/"
    graph = Graph().parse(elsewhere / "dataset.ttl")
    files = list(graph.subjects(RDF.type, DCAT.Distribution))
    assert len(files) == 20
    for file in files:
        url = str(graph.value(file, DCAT.downloadURL))
        content = (elsewhere / url.removeprefix(there)).read_bytes()
        assert int(str(graph.value(file, DCAT.byteSize))) == len(content)
        checksum = graph.value(file, SPDX.checksum)
        assert str(graph.value(checksum, SPDX.checksumValue)).lower() == hashlib.sha256(content).hexdigest()
    dumps = {str(o) for o in graph.objects(DATASET, VOID.dataDump)}
    assert dumps == {str(graph.value(f, DCAT.downloadURL)) for f in graph.objects(DATASET, DCAT.distribution)
                     if graph.value(f, DCAT.compressFormat)}  # fmt: skip
    assert int(str(graph.value(DATASET, VOID.triples))) == told(elsewhere)["counts"]["triples"]


def test_no_endpoint_is_told_of_where_there_is_none(elsewhere: Path, built: Path) -> None:
    for folder, endpoints in ((elsewhere, 0), (built, 1)):
        graph = Graph().parse(folder / "dataset.nt")
        assert len(list(graph.objects(None, DCAT.endpointURL))) == endpoints
        assert len(list(graph.objects(DATASET, VOID.sparqlEndpoint))) == endpoints


# What is new


def test_what_is_new_is_told(built: Path) -> None:
    before, after = (r[:12] for r in (told(built)["since"]["release"], told(built)["release"]))
    text = (built / "changes.md").read_text()
    assert text.startswith(f"### `release {before} → release {after}`\n")
    assert "- removed `lifts: 7`" in text
    assert "- added `lifts: 70`" in text
    assert "`heavy`: 1 row more, 0 fewer" in text
    assert told(built)["since"]["facts"] == {"added": 1, "removed": 1, "evidence": 0}


def test_since_a_build_is_since_its_release(built: Path, sources: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    assert build(old, "--root", wharf.write(tmp_path / "project")).code == 0
    assert not (old / "changes.md").exists()
    assert told(old)["since"] is None
    assert build(tmp_path / "new", "--root", sources, "--since", old).code == 0
    assert contents(tmp_path / "new") == contents(built)
    before, after = (
        {str(q) for q in ox.parse(path=whole(f), format=ox.RdfFormat.N_QUADS) if "graph/inferred" not in str(q)}
        for f in (old, built)
    )
    rows = (built / "changes.rdfp").read_text().splitlines()
    before -= {row[2:-2] for row in rows if row.startswith("D ")}
    assert before | {row[2:-2] for row in rows if row.startswith("A ")} == after


def test_a_project_with_a_manifest_of_its_own_is_no_build(copy: Path, sources: Path, tmp_path: Path) -> None:
    (copy / "manifest.json").write_text('{"short_name": "Wharf"}')
    assert build(tmp_path / "release", "--root", sources, "--since", copy).code == 0
    assert told(tmp_path / "release")["since"]["facts"]["added"] == 1


def test_a_build_is_replaced_by_what_is_new_since_it(copy: Path, tmp_path: Path) -> None:
    folder = tmp_path / "release"
    assert build(folder, "--root", copy).code == 0
    first = told(folder)["release"]
    wharf.change(copy, "data/quay/log.ttl", "Tern", "Arctic tern")
    assert build(folder, "--root", copy, "--since", folder).code == 0
    assert told(folder)["since"]["release"] == first
    assert "label: “Arctic tern”@en" in (folder / "changes.md").read_text()
    assert len(list((folder / "dumps").iterdir())) == 1


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("changed dump", "not as kg build wrote it"),
        ("changed query", "not as kg build wrote it"),
        ("manifest of another version", "no build that this version of kg reads"),
        ("manifest that is none", "no build that this version of kg reads"),
        ("a file", "is a file. Name a revision"),
        ("nothing", "neither a file nor a folder"),
    ],
)
def test_a_version_before_that_cannot_be_read_is_told(
    built: Path, sources: Path, tmp_path: Path, what: str, message: str
) -> None:
    old = shutil.copytree(built, tmp_path / "old")
    if what == "changed dump":
        whole(old).write_bytes(b"")
    elif what == "changed query":
        (old / "queries" / "heavy.ttl").write_text("")
    elif what == "manifest of another version":
        (old / "manifest.json").write_text(json.dumps(told(old) | {"version": 2}))
    elif what == "manifest that is none":
        (old / "manifest.json").write_text("[1]")
    elif what == "a file":
        old = old / "manifest.json"
    elif what == "nothing":
        old = tmp_path / "nowhere"
    done = build(tmp_path / "release", "--root", sources, "--since", old)
    assert done.code == 2
    assert message in done.stderr
    assert not (tmp_path / "release").exists()


# What is refused


def test_what_does_not_conform_is_not_built_unless_asked(copy: Path, tmp_path: Path) -> None:
    wharf.change(copy, "data/quay/log.ttl", "; ns:lifts 7 ", "")
    target = tmp_path / "release"
    done = build(target, "--root", copy)
    assert done.code == 1
    assert "A crane lifts so many tons. Add ns:lifts." in done.stdout
    assert "--allow-nonconforming" in done.stderr
    assert not target.exists()
    as_json = build(target, "--root", copy, "--format", "json")
    assert [f["severity"] for f in json.loads(as_json.stdout)["findings"]].count("violation") == 1
    assert build(target, "--root", copy, "--allow-nonconforming").code == 0
    assert told(target)["validation"]["conforms"] is False
    assert "A crane lifts so many tons" in (target / "report.txt").read_text()
    assert build(target, "--root", copy, "--check").code == 0


def test_how_strict_it_is_can_be_said(copy: Path, tmp_path: Path) -> None:
    target = tmp_path / "release"
    assert build(target, "--root", copy, "--strict").code == 1
    assert build(target, "--root", copy, "--fail-on", "warning").code == 1
    known = tmp_path / "known.json"
    validated = CliRunner().invoke(
        commands,
        ["validate", "--root", str(copy), "--baseline", str(known), "--write-baseline", "--reason", "it is so"],
        standalone_mode=False,
    )
    assert validated.return_value == 0
    assert build(target, "--root", copy, "--strict", "--baseline", known).code == 0
    assert told(target)["validation"]["known"] == 2
    assert build(target, "--root", copy, "--check", "--baseline", known).code == 0
    assert build(target, "--root", copy, "--check").code == 1


def test_what_cannot_be_read_is_never_built(copy: Path, tmp_path: Path) -> None:
    wharf.change(copy, "data/quay/log.ttl", "ns:lifts 7", "ns:lifts")
    for option in ((), ("--allow-nonconforming",)):
        assert build(tmp_path / "release", "--root", copy, *option).code == 2
    assert [p.name for p in tmp_path.iterdir()] == ["project"]


def test_a_draft_is_never_built(copy: Path, tmp_path: Path) -> None:
    wharf.change(
        copy, "data/quay/log.ttl", "ns:lifts 7 ", "ns:lifts 7 {| <https://w3id.org/health-solidarity/ns#draft> true |} "
    )
    done = build(tmp_path / "release", "--root", copy)
    assert done.code == 1
    assert "no release has a draft" in done.stderr
    assert "--allow-nonconforming" not in done.stderr
    assert build(tmp_path / "release", "--root", copy, "--allow-nonconforming").code == 2


def test_a_project_without_shapes_is_built_if_asked_and_names_no_folder_of_this_machine(
    copy: Path, tmp_path: Path
) -> None:
    shutil.rmtree(copy / "shapes")
    assert build(tmp_path / "release", "--root", copy).code == 2
    assert build(tmp_path / "release", "--root", copy, "--allow-nonconforming").code == 0
    assert str(tmp_path) not in (tmp_path / "release" / "report.txt").read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--base-url", "ftp://x"), "--base-url ftp://x"),
        (("--baseline", "nowhere.json"), "nowhere.json"),
        (("--root", "nowhere"), "nowhere: no such folder"),
    ],
    ids=["address", "baseline", "project"],
)
def test_wrong_options_are_one_clear_line(copy: Path, tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    done = build(tmp_path / "release", "--root", copy, *arguments)
    assert done.code == 2
    assert message in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["project"]


def test_a_folder_that_cannot_be_made_is_told_before_any_work_is_done(tmp_path: Path) -> None:
    done = build(tmp_path / "a" / "b", "--root", tmp_path, "--base", wharf.BASE)  # in which there is nothing to read
    assert (done.code, done.stderr) == (2, f"{tmp_path}/a: no such folder. Make it first")


def test_a_time_that_is_none_is_told(copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for time_s in ("yesterday", "-1", "9" * 30):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", time_s)
        assert f"SOURCE_DATE_EPOCH={time_s}" in build(tmp_path / "release", "--root", copy).stderr
    assert [p.name for p in tmp_path.iterdir()] == ["project"]


# What it replaces


@pytest.mark.parametrize("what", ["a file", "somebody's folder", "an added file", "a changed file", "an added link"])
def test_what_it_did_not_make_stays(what: str, built: Path, sources: Path, tmp_path: Path) -> None:
    target = tmp_path / "there"
    if what == "a file":
        target.write_text("mine")
    elif what == "somebody's folder":
        target.mkdir()
        (target / "manifest.json").write_text("mine")
    else:
        shutil.copytree(built, target)
        file = target / ("dataset.ttl" if what == "a changed file" else "mine")
        file.symlink_to(sources) if what == "an added link" else file.write_text("mine")
    before = {p: p.lstat().st_mtime_ns for p in tmp_path.rglob("*")}
    done = build(target, "--root", sources)
    assert done.code == 2
    assert str(target) in done.stderr
    assert {p: p.lstat().st_mtime_ns for p in tmp_path.rglob("*")} == before


def test_the_build_that_was_there_stays_if_another_fails(
    built: Path, sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "release"
    shutil.copytree(built, target)

    def fail(*_: object) -> str:
        raise BadInput("the disk is full")

    monkeypatch.setattr(manifest, "text", fail)
    assert build(target, "--root", sources).stderr == "the disk is full"
    assert contents(target) == contents(built)
    assert [p.name for p in tmp_path.iterdir()] == ["release"]


def test_one_that_is_ended_leaves_nothing(sources: Path, tmp_path: Path) -> None:
    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text(f"#!/bin/sh\ntouch {tmp_path}/asked\nexec sleep 60\n")
    slow.chmod(0o755)
    process = subprocess.Popen(
        [sys.executable, "-m", "kg", "build", "out", "--root", str(sources), "--since", "HEAD"],
        cwd=tmp_path, env=clean_environment() | {"PATH": f"{slow.parent}:{os.environ['PATH']}"},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    give_up = time.monotonic() + 60
    while not (tmp_path / "asked").exists():
        assert process.poll() is None
        assert time.monotonic() < give_up
        time.sleep(0.05)
    assert [p for p in tmp_path.iterdir() if p.name.startswith(".out")]
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 130
    assert sorted(p.name for p in tmp_path.iterdir()) == ["asked", "bin"]


# Whether it is still the same


def test_check_says_what_is_no_longer_so(elsewhere: Path, sources: Path, tmp_path: Path) -> None:
    target, root = shutil.copytree(elsewhere, tmp_path / "release"), ("--root", sources)
    done = build(target, *root, "--check")
    assert (done.code, done.stdout) == (
        0, f"{target} is what the sources give now: release {told(target)['release'][:12]}\n",
    )  # fmt: skip
    (target / "dataset.nq").unlink()
    (target / "report.txt").write_text("fine")
    (target / "mine").write_text("mine")
    done = build(target, *root, "--check")
    lines = done.stdout.splitlines()
    assert done.code == 1
    assert lines[:-1] == ["dataset.nq: is missing", "mine: is not part of it", "report.txt: differs"]
    assert " is not what the sources give now" in lines[-1]
    as_json = json.loads(build(target, *root, "--check", "--format", "json").stdout)
    assert as_json["same"] is False
    assert as_json["files"]["mine"] == "is not part of it"
    assert (target / "mine").read_text() == "mine"


def test_check_sees_that_the_sources_changed(copy: Path, elsewhere: Path) -> None:
    done = build(elsewhere, "--root", copy, "--check")
    assert done.code == 1
    assert "manifest.json: differs" in done.stdout


def test_check_tells_which_program_is_another(built: Path, sources: Path, tmp_path: Path) -> None:
    target = shutil.copytree(built, tmp_path / "release")
    file = target / "manifest.json"
    file.write_text(re.sub(r'"rdflib": ".*?"', '"rdflib": "1.0"', file.read_text()))
    done = build(target, "--root", sources, "--check", "--since", "HEAD")
    assert done.code == 1
    assert "It was made by rdflib 1.0, here " in done.stderr


def test_check_needs_the_version_that_the_changes_are_told_from(built: Path, sources: Path) -> None:
    done = build(built, "--root", sources, "--check")
    assert done.code == 2
    assert "Name that with --since" in done.stderr
    assert build(built, "--root", sources, "--check", "--since", "HEAD").code == 0


def test_what_is_no_build_is_not_checked(sources: Path, tmp_path: Path) -> None:
    done = build(tmp_path / "nowhere", "--root", sources, "--check")
    assert done.code == 2
    assert "is no build of kg" in done.stderr


def test_json_is_the_manifest(copy: Path, tmp_path: Path) -> None:
    done = build(tmp_path / "release", "--root", copy, "--format", "json")
    assert json.loads(done.stdout) == told(tmp_path / "release")
    assert "Checked 6 files" in done.stderr
