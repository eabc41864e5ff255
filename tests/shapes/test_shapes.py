"""Each constraint catches what it is for and nothing else.

base.ttl is a miniature world that conforms. A folder named like a constraint holds good.ttl and bad.ttl, which are
added to it, and expected.json: what the report must say about bad.ttl. The folder values/ does the same for all
properties that have no constraint of their own.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SH, Graph, Literal, URIRef
from rdflib.plugins.sparql import prepareQuery

from kg.evidence import check as evidence
from kg.evidence.texts import sources
from kg.shacl import authority
from kg.shacl.check import Shapes
from kg.store import claims, rdf_io
from kg.store.claims import Expansion
from kg.store.triples import Triples
from kg.words.findings import Finding

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
BASE = "https://w3id.org/health-solidarity/"
SHAPES = BASE + "shapes#"
TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
FOLDERS = sorted(path.name for path in HERE.iterdir() if (path / "expected.json").is_file())
IN_THE_TEXT = "S44"  # the words of a range are compared with the text, which no SHACL engine can do


def read(paths: Sequence[Path], graph: str) -> list[rdf_io.Document]:
    documents = []
    for path in paths:
        document = rdf_io.read(path, path.relative_to(PROJECT).as_posix(), BASE + graph, BASE)
        assert isinstance(document, rdf_io.Document), document
        documents.append(document)
    return documents


def nowhere(*_: object) -> None:
    """Where a statement is written does not matter here."""


class World:
    """The ontology and the shapes, read once; and what the checks find in the base and the examples added to it."""

    def __init__(self) -> None:
        self.ontology = read([PROJECT / "ontology" / "ontology.ttl"], "graph/ontology")
        shapes = read(sorted((PROJECT / "shapes").glob("*.ttl")), "graph/shapes")
        self.shapes = [quad for document in shapes for quad in document.quads]

    def expand(self, *examples: Path) -> Expansion:
        documents = read([HERE / "base.ttl", *examples], "graph/source/bridge-forum-2031")
        expansion = claims.expand([*self.ontology, *documents], BASE)
        assert not expansion.findings
        return expansion

    def results(self, *examples: Path) -> list[dict[str, str]]:
        """What the shapes report, sorted; each result once."""
        found = Shapes(Triples(self.expand(*examples).quads), self.shapes, base=BASE).everything(nowhere).findings
        rows = {tuple(row(f).items()) for f in found if f.rule != "shapes"}
        return sorted((dict(r) for r in rows), key=lambda r: tuple(r.items()))

    def wrong_words(self, *examples: Path) -> list[tuple[str, str]]:
        """Ranges whose words are not what the text has there, with these words."""
        quads = self.expand(*examples).quads
        store = ox.Store()
        store.bulk_extend(quads)
        store.bulk_extend(ox.Quad(q.subject, q.predicate, q.object) for q in quads)
        texts = sources(store, HERE / "sources")
        checks = evidence.Checks(store, BASE, texts, nowhere)
        findings = checks.of_sources(HERE / "sources") + [f for some in checks.of(checks.all()).values() for f in some]
        return sorted((f.focus, f.value) for f in findings if f.rule == IN_THE_TEXT)


def row(finding: Finding) -> dict[str, str]:
    parts = {"shape": finding.rule, "focus": finding.focus, "path": finding.path, "value": finding.value}
    return {name: part for name, part in parts.items() if part}


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """The graphs, with queries translated once for all examples: that takes longer than running them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(authority, "prepareQuery", functools.cache(prepareQuery))
        yield World()


@pytest.fixture(scope="module")
def shapes() -> Graph:
    graph = Graph()
    for path in sorted((PROJECT / "shapes").glob("*.ttl")):
        graph.parse(path)
    return graph


def rules(shapes: Graph) -> list[URIRef]:
    """The shapes that results name: those with a target or in a list of properties, and with a message."""
    found = set(shapes.objects(None, SH.property)) | {s for t in TARGETS for s in shapes.subjects(t)}
    return sorted(s for s in found if isinstance(s, URIRef) and (s, SH.severity, None) in shapes)


def code(shape: URIRef) -> str:
    return shape.removeprefix(SHAPES)


# The examples


def test_base_conforms(world: World) -> None:
    assert world.results() == []


def test_good_examples_conform_all_together(world: World) -> None:
    assert world.results(*sorted(HERE.glob("*/good.ttl"))) == []


@pytest.mark.parametrize("folder", [f for f in FOLDERS if f != IN_THE_TEXT])
def test_bad_example_is_caught_as_expected(world: World, folder: str) -> None:
    expected = json.loads((HERE / folder / "expected.json").read_text(encoding="utf-8"))
    assert world.results(HERE / folder / "bad.ttl") == expected


@pytest.mark.parametrize("folder", [f for f in FOLDERS if f != "values"])
def test_bad_example_is_caught_by_its_own_constraint_alone(folder: str) -> None:
    expected = json.loads((HERE / folder / "expected.json").read_text(encoding="utf-8"))
    assert {result["shape"] for result in expected} == {folder}


def test_words_of_good_ranges_are_those_of_the_text(world: World) -> None:
    good = [path for path in HERE.glob("*/good.ttl") if path.parent.name not in ("S43", "S45")]
    assert world.wrong_words(*good) == []


def test_wrong_words_are_caught_in_the_text_and_not_by_the_shapes(world: World) -> None:
    bad = HERE / IN_THE_TEXT / "bad.ttl"
    expected = json.loads((HERE / IN_THE_TEXT / "expected.json").read_text(encoding="utf-8"))
    assert [focus for focus, _ in world.wrong_words(bad)] == [result["focus"] for result in expected]
    assert world.results(bad) == []


def test_every_constraint_has_a_good_and_a_bad_example() -> None:
    missing = [n for n in range(1, 55) if f"S{n:02}" not in FOLDERS]
    assert not missing
    assert not [f for f in FOLDERS for name in ("good.ttl", "bad.ttl") if not (HERE / f / name).is_file()]


def test_every_shape_is_seen_to_report(shapes: Graph) -> None:
    files = [HERE / folder / "expected.json" for folder in FOLDERS]
    seen = {result["shape"] for file in files for result in json.loads(file.read_text(encoding="utf-8"))}
    assert seen == {code(rule) for rule in rules(shapes)}


# The shapes themselves


def test_shapes_are_valid_shacl(shapes: Graph) -> None:
    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=shapes, meta_shacl=True)
    assert conforms, text


def test_all_constraints_are_there(shapes: Graph) -> None:
    assert {code(r) for r in rules(shapes)} >= {f"S{n:02}" for n in range(1, 55)}


def test_every_shape_says_what_is_wrong_and_what_to_do(shapes: Graph) -> None:
    for rule in rules(shapes):
        messages = list(shapes.objects(rule, SH.message))
        assert len(messages) == 1, rule
        assert isinstance(messages[0], Literal)
        assert messages[0].language == "en"
        assert re.search(r"\. [A-Z“].*\.$", messages[0]), f"{code(rule)}: no advice in {messages[0]}"


@pytest.mark.parametrize("property_", [SH.name, SH.description, RDFS.label], ids=["name", "description", "label"])
def test_every_shape_has_texts_in_english(shapes: Graph, property_: URIRef) -> None:
    for rule in rules(shapes):
        languages = [text.language for text in shapes.objects(rule, property_) if isinstance(text, Literal)]
        in_all = property_ == SH.name and sorted(languages, key=str) == ["en", "ru", "uk"]
        assert languages == ["en"] or in_all, rule


def test_every_shape_has_a_place_in_a_group(shapes: Graph) -> None:
    for rule in rules(shapes):
        assert isinstance(shapes.value(rule, SH.order, any=False), Literal), rule
        assert (shapes.value(rule, SH.group, any=False), RDF.type, SH.PropertyGroup) in shapes, rule


def test_every_group_has_three_labels(shapes: Graph) -> None:
    for group in shapes.subjects(RDF.type, SH.PropertyGroup):
        labels = [label.language for label in shapes.objects(group, RDFS.label) if isinstance(label, Literal)]
        assert set(labels) == {"en", "ru", "uk"}, group


def test_places_in_a_group_are_not_shared(shapes: Graph) -> None:
    places = [(shapes.value(r, SH.group), shapes.value(r, SH.order)) for r in rules(shapes)]
    assert len(places) == len(set(places))


def test_queries_use_nothing_that_constraints_may_not(shapes: Graph) -> None:
    for constraint, query in shapes.subject_objects(SH.select):
        assert not re.search(r"\b(VALUES|MINUS|SERVICE)\b", str(query)), constraint
        assert isinstance(constraint, URIRef)


def test_every_property_of_the_ontology_with_a_domain_is_in_a_shape(shapes: Graph) -> None:
    ontology = Graph().parse(PROJECT / "ontology" / "ontology.ttl")
    namespace = BASE + "ns#"
    properties = {p for p in ontology.subjects(RDFS.domain) if str(p).startswith(namespace)}
    assert len(properties) > 50
    assert not {p for p in properties if p not in paths(shapes)}


def test_header_names_version_and_licence(shapes: Graph) -> None:
    header = URIRef(BASE + "shapes")
    assert (header, RDF.type, OWL.Ontology) in shapes
    assert shapes.value(header, OWL.versionIRI) == URIRef(BASE + "shapes/1.0.0")
    assert shapes.value(header, rdflib.DCTERMS.license)


def paths(shapes: Graph) -> set[rdflib.term.Node]:
    """Every predicate that a sh:path mentions, also inside alternative, inverse and sequence paths."""
    found: set[rdflib.term.Node] = set()
    waiting = list(shapes.objects(None, SH.path))
    while waiting:
        node = waiting.pop()
        if isinstance(node, URIRef):
            found.add(node)
            continue
        waiting += [o for p, o in shapes.predicate_objects(node) if o != RDF.nil and p != RDF.type]
    return found
