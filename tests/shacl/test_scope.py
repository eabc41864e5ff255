"""What a change can affect: nothing that the shapes would say otherwise is missed."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
import rdflib

from kg.shacl import reads, scope
from kg.shacl.check import Before, Result, check
from kg.shacl.terms import to_rdflib
from kg.shacl.walks import NonLocal

E = "https://example.org/"
PREFIXES = f"""@prefix : <{E}> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
: sh:declare [ sh:prefix "" ; sh:namespace "{E}"^^xsd:anyURI ] .
"""
HIERARCHY = f"@prefix : <{E}> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . :B rdfs:subClassOf :A ."

A = ":S a sh:NodeShape ; sh:targetClass :A ;"
QUERY = ' sh:sparql [ sh:prefixes : ; sh:message "m" ; sh:select """\n'
LOCAL = {
    "count": A + " sh:property [ sh:path :p ; sh:minCount 1 ; sh:maxCount 2 ] .",
    "class of a value": A + " sh:property [ sh:path :p ; sh:class :A ] .",
    "sequence": A + " sh:property [ sh:path ( :p :q :r ) ; sh:maxCount 1 ] .",
    "inverse": A + " sh:property [ sh:path [ sh:inversePath :p ] ; sh:minCount 1 ] .",
    "alternative": ":S a sh:NodeShape ; sh:targetSubjectsOf :q ;\n"
    " sh:property [ sh:path [ sh:alternativePath ( :p ( :q :r ) [ sh:inversePath :r ] ) ] ; sh:maxCount 2 ] .",
    "any number of steps": ":S a sh:NodeShape ; sh:targetClass :B ;\n"
    " sh:property [ sh:path ( [ sh:zeroOrMorePath :p ] :q ) ; sh:maxCount 1 ] .",
    "one step or more, back": ":S a sh:NodeShape ; sh:targetObjectsOf :r ;\n"
    " sh:property [ sh:path [ sh:oneOrMorePath [ sh:inversePath :p ] ] ; sh:class :A ] .",
    "nested shape": A + " sh:property [ sh:path :p ; sh:node :N ] .\n"
    ":N a sh:NodeShape ; sh:property [ sh:path :q ; sh:minCount 1 ; sh:node [ sh:class :C ] ] .",
    "not, and, or, exactly one": A + "\n"
    " sh:not [ sh:property [ sh:path :r ; sh:minCount 2 ] ] ;\n"
    " sh:or ( [ sh:class :B ] [ sh:and ( [ sh:property [ sh:path :p ; sh:minCount 1 ] ] ) ] ) ;\n"
    " sh:xone ( [ sh:property [ sh:path :q ; sh:class :C ; sh:minCount 1 ] ] [ sh:class :C ] ) .",
    "qualified count": A + " sh:property [ sh:path :p ;\n"
    " sh:qualifiedValueShape [ sh:property [ sh:path :q ; sh:minCount 1 ] ] ; sh:qualifiedMaxCount 1 ] .",
    "closed": A + " sh:property [ sh:path :p ; sh:node [ sh:closed true ;\n sh:ignoredProperties ( :p rdf:type ) ] ] .",
    "pairs": A + " sh:property [ sh:path ( :p :q ) ; sh:disjoint :r ] ;\n"
    " sh:property [ sh:path :p ; sh:equals :q ] ; sh:property [ sh:path :v ; sh:lessThan :w ] .",
    "values": ":S a sh:NodeShape ; sh:targetNode :n1 , :n2 ; sh:property [ sh:path :v ; sh:maxInclusive 2 ] .",
    "a query": A
    + QUERY
    + ' SELECT $this ?value { $this :p ?x . ?value :q ?x . FILTER NOT EXISTS { ?value :r ?y . ?y a :C } }""" ] .',
    "a query of a path": A
    + " sh:property [ sh:path [ sh:alternativePath ( :p :r ) ] ;\n"
    + QUERY
    + ' SELECT DISTINCT $this ?value { $this $PATH ?value . ?value ^:q/:v ?n . FILTER ( ?n > 1 ) }""" ] ] .',
    "a query with groups": A
    + QUERY
    + " SELECT $this ?value { { $this :p ?value OPTIONAL { ?value :v ?n } } UNION { ?value :q+ $this }\n"
    ' FILTER ( COALESCE(?n, 0) < 2 ) }""" ] .',
    "a query that counts": A
    + QUERY
    + ' SELECT $this (COUNT(?b) AS ?value) { $this :p ?a . ?a ?any ?b } GROUP BY $this HAVING (COUNT(?b) > 2)""" ] .',
}
NODES = [ox.NamedNode(f"{E}n{n}") for n in range(7)]
LINKS = [ox.NamedNode(E + p) for p in "pqr"]
VALUES = [ox.NamedNode(E + p) for p in "vw"]
CLASSES = [ox.NamedNode(E + c) for c in "ABC"]
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
GRAPH = ox.NamedNode(E + "graph")
RUNS = int(os.environ.get("KG_SCOPE_RUNS", "10"))
"""Changes a shape; more of them for a longer search."""


def parsed(text: str) -> list[ox.Quad]:
    return [ox.Quad(t.subject, t.predicate, t.object, GRAPH) for t in ox.parse(text.encode(), ox.RdfFormat.TURTLE)]


def some(chance: random.Random) -> ox.Quad:
    """A triple of the small world in which everything links to everything."""
    subject, kind = chance.choice(NODES), chance.random()
    if kind < 0.25:
        return ox.Quad(subject, TYPE, chance.choice(CLASSES), GRAPH)
    if kind < 0.4:
        number = ox.Literal(chance.randrange(4))
        return ox.Quad(subject, chance.choice(VALUES), number, GRAPH)
    return ox.Quad(subject, chance.choice(LINKS), chance.choice(NODES), GRAPH)


def changes(seed: str) -> Iterator[tuple[list[ox.Quad], list[ox.Quad]]]:
    """Graphs, and the same after one to four triples have come or gone."""
    chance = random.Random(seed)
    for _ in range(RUNS):
        before = {some(chance) for _ in range(chance.randrange(5, 30))}
        after = set(before)
        for _ in range(chance.randrange(1, 5)):
            if after and chance.random() < 0.5:
                after.discard(chance.choice(sorted(after, key=str)))
            else:
                after.add(some(chance))
        hierarchy = parsed(HIERARCHY)
        yield [*sorted(before, key=str), *hierarchy], [*sorted(after, key=str), *hierarchy]


def said(result: Result) -> set[tuple[str, ...]]:
    assert not any(f.rule == "shapes" and f.severity.name == "ERROR" for f in result.findings), result.findings
    return {
        (f.rule, f.message, f.value, f.path, f.terms.focus, f.terms.value, f.terms.component)
        for f in result.findings
        if f.terms
    }


def missed(shapes: list[ox.Quad], before: list[ox.Quad], after: list[ox.Quad]) -> set[tuple[str, ...]]:
    """What the full check says, was not said before the change, and is not said where the change matters."""

    def nowhere(*_: object) -> None:
        return None

    full, was = said(check(after, shapes, nowhere)), said(check(before, shapes, nowhere))
    partial = check(after, shapes, nowhere, before=Before(before, shapes))
    found = said(partial)
    assert found <= full, "more was said than by the full check"
    return full - found - was


@pytest.mark.parametrize("shape", LOCAL.values(), ids=LOCAL)
def test_nothing_that_a_change_affects_is_missed(shape: str) -> None:
    shapes = parsed(PREFIXES + shape)
    for before, after in changes(shape):
        assert missed(shapes, before, after) == set()


@pytest.mark.parametrize("shape", LOCAL.values(), ids=LOCAL)
def test_what_these_shapes_read_can_be_told(shape: str) -> None:
    graph = to_rdflib(parsed(PREFIXES + shape), rdflib.Graph())
    assert reads.walks(graph, rdflib.URIRef(E + "S"))


def test_nothing_is_missed_by_all_shapes_together() -> None:
    texts = [text.replace(":S ", f":S{n} ").replace(":N ", f":N{n} ") for n, text in enumerate(LOCAL.values())]
    shapes = parsed(PREFIXES + "\n".join(texts))
    for before, after in changes("together"):
        assert missed(shapes, before, after) == set()


def test_the_comparison_finds_what_a_shorter_way_back_would_miss(monkeypatch: pytest.MonkeyPatch) -> None:
    """With only the subjects of changed triples as affected nodes, something is missed."""
    monkeypatch.setattr(scope, "_back", lambda step, nodes, graphs: nodes if step.repeat else set())
    shapes = parsed(PREFIXES + LOCAL["nested shape"])
    with pytest.MonkeyPatch.context() as more:
        more.setattr("tests.shacl.test_scope.RUNS", 60)
        assert any(missed(shapes, before, after) for before, after in changes("naive"))


NON_LOCAL = {
    "a query of what nothing links to": A + " sh:sparql [ sh:prefixes : ;\n"
    ' sh:select "SELECT $this { $this :p ?x . ?other :v 3 }" ] .',
    "a query in a query": A + " sh:sparql [ sh:prefixes : ;\n"
    ' sh:select "SELECT $this { $this :p ?x . { SELECT $this (COUNT(?y) AS ?n) { $this :q ?y } GROUP BY $this } }" ] .',
    "values that no other shape may count": A + " sh:property [ sh:path :p ;\n"
    " sh:qualifiedValueShape [ sh:class :A ] ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShapesDisjoint true ] .",
    "a shape that leads back to itself": A + " sh:property [ sh:path :p ; sh:node :S ] .",
    "a pattern in another branch": A + " sh:sparql [ sh:prefixes : ;\n"
    ' sh:select "SELECT $this { { $this :p ?x } UNION { ?x :q ?y } }" ] .',
}


@pytest.mark.parametrize("shape", NON_LOCAL.values(), ids=NON_LOCAL)
def test_shape_of_which_it_cannot_be_told_is_asked_about_everything_and_that_is_said(shape: str) -> None:
    shapes = parsed(PREFIXES + shape)
    with pytest.raises(NonLocal):
        reads.walks(to_rdflib(shapes, rdflib.Graph()), rdflib.URIRef(E + "S"))
    before, after = next(changes("non-local"))
    result = check(after, shapes, lambda *_: None, before=Before(before, shapes))
    assert "asked about all its nodes" in result.notes[0]


FULL = {
    "the shapes have changed": (HIERARCHY, HIERARCHY, LOCAL["count"] + " :S sh:order 1 ."),
    "the class hierarchy has changed": (HIERARCHY, HIERARCHY + " :C rdfs:subClassOf :A .", LOCAL["count"]),
}


@pytest.mark.parametrize(("reason", "texts"), FULL.items(), ids=FULL)
def test_everything_is_asked_again_where_that_is_needed_and_that_is_said(
    reason: str, texts: tuple[str, str, str]
) -> None:
    before, after, shape = texts
    data = f"@prefix : <{E}> . :n1 a :C . :n2 a :A ."
    was = parsed(PREFIXES + LOCAL["count"])
    shapes = was if shape == LOCAL["count"] else parsed(PREFIXES + shape)
    old = Before(parsed(before + data), was)
    result = check(parsed(after + data), shapes, lambda *_: None, before=old)
    assert f"asked about everything: {reason}" in result.notes[0]
    assert said(result) == said(check(parsed(after + data), shapes, lambda *_: None))


def test_nothing_is_asked_where_nothing_has_changed() -> None:
    shapes, data = parsed(PREFIXES + LOCAL["count"]), parsed(f"@prefix : <{E}> . :n2 a :A .")
    result = check(data, shapes, lambda *_: None, before=Before(data, shapes))
    assert (result.findings, result.notes) == ([], ("The shapes were asked about 0 nodes that a change can affect.",))
