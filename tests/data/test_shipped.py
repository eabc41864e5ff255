"""The graph that the project ships."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.store import claims, project, release
from kg.store.lookup import instances, values
from kg.validation.validate import validate
from kg.words.names import HS, OWL, SKOS
from kg.words.settings import load
from tests.conftest import ROOT, kg

BASE = "https://w3id.org/health-solidarity/"
_TEXT_FILES = (".ttl", ".md", ".py", ".rq", ".json", ".csv", ".txt", ".html", ".jsonld")
SLUGS = {"A": "psd-press-release", "B": "imp-forum-2025"}


@pytest.fixture(scope="module")
def shipped() -> project.Project:
    return project.read(load(ROOT))


@pytest.fixture(scope="module")
def store(shipped: project.Project) -> ox.Store:
    return release.stated(claims.expand(shipped.documents, BASE).quads)


def test_it_conforms_without_a_warning() -> None:
    done = kg("validate", "--strict")
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1] == "Conforms."
    assert re.search(r"\d+ of \d+ ranges were not checked", done.stdout)


def test_every_range_agrees_with_its_text(shared: Path) -> None:
    done = kg("validate", "--strict", "--sources", str(shared / "sources"))
    assert done.returncode == 0, done.stdout
    assert "not checked" not in done.stdout


def test_every_fact_of_the_inventory_is_cited_by_a_claim(shared: Path, store: ox.Store) -> None:
    facts = json.loads((shared / "facts.json").read_text())
    assert len(facts) == 142
    quoted = {q.object.value for q in store.quads_for_pattern(None, claims.WAS_QUOTED_FROM, None, ox.DefaultGraph())}  # type: ignore[union-attr]
    derived = {q.object.value for q in store.quads_for_pattern(None, claims.WAS_DERIVED_FROM, None, ox.DefaultGraph())}  # type: ignore[union-attr]
    missing = [
        f["id"] for f in facts
        if f"{BASE}source/{SLUGS[f['src']]}.txt#char={f['start']},{f['end']}" not in quoted | derived
    ]  # fmt: skip
    assert missing == []


def test_every_claim_has_one_modality(store: ox.Store) -> None:
    found = instances(store, HS + "Claim")
    assert len(found) > 400
    assert [c for c in found if len(values(store, c, HS + "modality")) != 1] == []


def test_every_derived_fact_says_what_it_is_derived_from(shipped: project.Project) -> None:
    expansion = claims.expand(shipped.data, BASE)
    derived = ox.NamedNode(BASE + "graph/derived")
    told = {(q.subject, q.predicate, q.object) for q in expansion.quads if q.graph_name == derived}
    claimed = release.stated(expansion.quads)
    origins = Counter[str]()
    for claim in instances(claimed, HS + "Claim"):
        if values(claimed, claim, HS + "inGraph") == [derived]:
            assert values(claimed, claim, claims.WAS_DERIVED_FROM.value), claim
            origins.update(v.value for v in values(claimed, claim, "http://purl.org/dc/terms/identifier"))  # type: ignore[union-attr]
    rules = {13}  # lower bounds of "more than n" are inferred by a rule
    assert told
    assert {f"D{n:02}" for n in range(1, 17) if n not in rules} <= set(origins)


def test_every_open_question_is_left_open(shipped: project.Project, store: ox.Store) -> None:
    questions = list(store.quads_for_pattern(None, ox.NamedNode(HS + "openQuestion"), None, ox.DefaultGraph()))
    assert len(questions) >= 19
    text = next(d.content.decode() for d in shipped.data if d.name == "data/curated.ttl")
    assert {f"U{n:02}" for n in range(1, 20)} <= set(re.findall(r"U\d\d", text))


def test_every_external_finding_stands_in_the_external_graph(shipped: project.Project) -> None:
    text = next(d.content.decode() for d in shipped.data if d.name == "data/external.ttl")
    assert {f"X{n:02}" for n in range(1, 14)} <= set(re.findall(r"X\d\d", text))


def test_everything_named_is_named_in_three_languages(store: ox.Store) -> None:
    languages: dict[str, set[str]] = {}
    for quad in store.quads_for_pattern(None, ox.NamedNode(SKOS + "prefLabel"), None, ox.DefaultGraph()):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
            languages.setdefault(quad.subject.value, set()).add(quad.object.language or "")
    assert len(languages) > 60
    assert {iri for iri, found in languages.items() if not {"uk", "ru", "en"} <= found} == set()


VERIFIED = {
    "gustave-roussy": {"https://ror.org/0321g0743", "http://www.wikidata.org/entity/Q266227"},
    "chu-clermont-ferrand": {"https://ror.org/02tcf7a68"},
    "chu-lille": {"https://ror.org/02ppyfa04", "http://www.wikidata.org/entity/Q2945741"},
    "giz": {"https://ror.org/00q08t645", "http://www.wikidata.org/entity/Q462763"},
    "lithuanian-university-health-sciences": {"https://ror.org/0069bkg23", "http://www.wikidata.org/entity/Q2092640"},
}


def test_organisations_have_only_verified_identifiers(store: ox.Store) -> None:
    found: dict[str, set[str]] = {}
    for quad in store.quads_for_pattern(None, ox.NamedNode(OWL + "sameAs"), None, ox.DefaultGraph()):
        slug = quad.subject.value.removeprefix(BASE + "id/org/")  # type: ignore[union-attr]
        if "/" not in slug:
            found.setdefault(slug, set()).add(quad.object.value)  # type: ignore[union-attr]
    assert found == VERIFIED


def test_no_file_holds_more_than_120_characters_of_a_source(shared: Path) -> None:
    texts = [" ".join(p.read_text().split()) for p in sorted((shared / "sources").glob("*.txt"))]
    files = [
        p for d in ("data", "ontology", "shapes", "queries", "docs", "src", "tests") for p in (ROOT / d).rglob("*")
    ]
    copied = []
    for path in [*files, *ROOT.glob("*.md")]:
        if "node_modules" in path.parts or path.suffix not in _TEXT_FILES:
            continue
        content = " ".join(path.read_text(errors="replace").replace("\\n", " ").split())
        for text in texts:
            copied += [
                (path.name, text[i : i + 40]) for i in range(0, len(text) - 122, 20) if text[i : i + 122] in content
            ]
    assert copied == []


def test_an_unreadable_file_does_not_hide_the_others(project_copy: Path) -> None:
    (project_copy / "data" / "links.ttl").write_text("<a> <b> .")
    curated = project_copy / "data" / "curated.ttl"
    curated.write_text(curated.read_text() + '<id/org/giz> hs:nmae "x" .\n')
    report = validate(project.read(load(project_copy)))
    assert {f.place.path for f in report.findings if f.place} >= {"data/links.ttl", "data/curated.ttl"}
