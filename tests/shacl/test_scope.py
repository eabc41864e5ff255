"""Nothing that a change affects is missed, nothing that it cannot affect is asked, and what was found stays true.

Random shapes, data and changes: what the shapes say of everything after a change is what the validator, which asks only
about what the change can affect, has made of what was said before. KG_SCOPE_RUNS=4000 makes a longer search.
"""

from __future__ import annotations

import os
import random
from contextlib import suppress

import pyoxigraph as ox
import pytest
import rdflib

from kg.shacl import follow, reads
from kg.shacl.authority import Authority, Refused
from kg.shacl.held import Held
from kg.shacl.results import Told, told
from kg.shacl.terms import to_rdflib
from kg.shacl.validator import Validator
from kg.shacl.walks import NonLocal, Step
from kg.store.rdf_io import Term
from kg.store.triples import Change, Triples
from tests.shacl import world
from tests.shacl.world import HIERARCHY, E, change, data, parsed, shapes

PREFIXES = world.PREFIXES.replace('"e"', '""')
RUNS = int(os.environ.get("KG_SCOPE_RUNS", "96"))
"""Random changes of random shapes."""
CHANGES = 4
"""In a row, of the same shapes and data."""

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


def everything(quads: set[ox.Quad], authority: Authority) -> set[Told]:
    """What the full run says."""
    return set(told(authority.everything(q.triple for q in quads), authority.shapes))


def differences(seed: str, text: str, prefixes: str = PREFIXES) -> list[str]:
    """What is wrong with the verdicts on some changes in a row, in words."""
    chance = random.Random(seed)
    shapes_, before = parsed(prefixes + text), data(chance)
    validator = Validator(Triples(before), shapes_)
    was = everything(before, validator.authority)
    held = Held(validator, was)
    wrong = [] if set(held) == was else [f"{seed}: held {set(held) ^ was}"]
    for number in range(CHANGES):
        after = change(chance, before)
        added, removed = after - before, before - after
        verdict = validator.check(validator.triples.difference(added, removed), compare=True)
        full = everything(after, validator.authority)
        where = f"{seed}, change {number}"
        if not set(verdict.results) <= full:
            wrong.append(f"{where}: more than the full run says: {set(verdict.results) - full}")
        if missed := full - was - set(verdict.results):
            wrong.append(f"{where}: missed: {missed}")
        if not full - was <= set(verdict.new):
            wrong.append(f"{where}: told as not new: {full - was - set(verdict.new)}")
        validator.triples.add(added)
        validator.triples.remove(removed)
        held.update(verdict)
        if set(held) != full:
            wrong.append(f"{where}: held {set(held) ^ full}")
        before, was = after, full
    return wrong


@pytest.mark.parametrize("part", range(8))
def test_random_shapes_find_after_random_changes_what_the_full_run_finds(part: int) -> None:
    for number in range(max(1, RUNS // CHANGES // 8)):
        seed = f"{part}.{number}"
        with suppress(Refused):  # a path that pySHACL writes in a way that rdflib does not take: there is no full run
            assert differences(seed, shapes(random.Random(seed)), world.PREFIXES) == []


@pytest.mark.parametrize("shape", LOCAL.values(), ids=LOCAL)
def test_nothing_that_a_change_affects_is_missed(shape: str) -> None:
    assert differences(shape, shape) == []


@pytest.mark.parametrize("shape", LOCAL.values(), ids=LOCAL)
def test_what_these_shapes_read_can_be_told(shape: str) -> None:
    graph = to_rdflib(parsed(PREFIXES + shape), rdflib.Graph())
    assert reads.walks(graph, rdflib.URIRef(E + "S"))


def test_the_comparison_finds_what_a_shorter_way_back_would_miss(monkeypatch: pytest.MonkeyPatch) -> None:
    """With only the subjects of changed triples as affected nodes, something is missed."""

    def nowhere(self: follow.Tracing, step: Step, nodes: set[Term]) -> set[Term]:
        return nodes if step.repeat else set()

    monkeypatch.setattr(follow.Tracing, "_back", nowhere)
    assert any(differences(f"naive {n}", LOCAL["nested shape"]) for n in range(60))


def test_the_comparison_finds_what_a_smaller_slice_would_miss(monkeypatch: pytest.MonkeyPatch) -> None:
    """With only the triples of the nodes themselves cut out, shapes judge what is beyond them wrongly."""
    monkeypatch.setattr(follow.Reading, "read", lambda self, nodes, walks: [self.follow(w[0], nodes) for w in walks])
    assert any(differences(f"short {n}", LOCAL["nested shape"]) for n in range(20))


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


@pytest.mark.filterwarnings("ignore::pyshacl.errors.ShapeRecursionWarning")
@pytest.mark.parametrize("shape", NON_LOCAL.values(), ids=NON_LOCAL)
def test_shape_of_which_it_cannot_be_told_is_asked_about_everything_and_that_is_said(shape: str) -> None:
    quads = parsed(PREFIXES + shape)
    with pytest.raises(NonLocal):
        reads.walks(to_rdflib(quads, rdflib.Graph()), rdflib.URIRef(E + "S"))
    node = ox.NamedNode(E + "n1")
    verdict = Validator(Triples(data(random.Random(1))), quads).check(
        Change(frozenset({ox.Triple(node, ox.NamedNode(E + "p"), node)}))
    )
    assert "asked about all its nodes" in verdict.notes[0]
    assert differences(shape, shape) == []


def test_everything_is_asked_again_where_the_hierarchy_changes_and_that_is_said() -> None:
    before = set(parsed(HIERARCHY + " :n1 a :C . :n2 a :A ."))
    validator = Validator(Triples(before), parsed(PREFIXES + LOCAL["count"]))
    added = parsed(f"<{E}C> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <{E}A> .")
    verdict = validator.check(validator.triples.difference(added, ()))
    assert verdict.notes == ("The shapes were asked about everything: the class hierarchy has changed.",)
    assert {str(t.focus) for t in verdict.results} == {E + "n1", E + "n2"}


def test_nothing_is_asked_where_nothing_has_changed() -> None:
    validator = Validator(Triples(parsed(f"@prefix : <{E}> . :n2 a :A .")), parsed(PREFIXES + LOCAL["count"]))
    verdict = validator.check(Change())
    assert (verdict.results, verdict.notes) == (
        (), ("The shapes were asked about 0 nodes that a change can affect.",)
    )  # fmt: skip


def test_a_change_of_much_data_reads_little_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """However much there is, pySHACL is given what the shapes read of the nodes that the change can affect."""
    given: list[int] = []
    about = Authority.about

    def counted(self: Authority, triples: set[ox.Triple], asked: object) -> object:
        given.append(len(triples))
        return about(self, triples, asked)  # type: ignore[arg-type]

    monkeypatch.setattr(Authority, "about", counted)
    monkeypatch.delattr(Authority, "everything")
    text = f"@prefix : <{E}> . " + " ".join(f":x{n} a :A ; :p :y{n} . :y{n} :q {n} ." for n in range(3000))
    validator = Validator(Triples(parsed(text)), parsed(PREFIXES + LOCAL["nested shape"]))
    assert len(validator.triples) == 9000
    verdict = validator.check(validator.triples.difference((), parsed(f"<{E}y7> <{E}q> 7 .")))
    assert {str(t.focus) for t in verdict.results} == {E + "x7"}
    assert sum(given) < 10


def test_a_hub_is_told() -> None:
    text = f"@prefix : <{E}> . :hub :v 1 . " + " ".join(f":x{n} a :A ; :p :hub ." for n in range(600))
    shape = A + " sh:property [ sh:path ( :p :v ) ; sh:maxCount 1 ] ."
    validator = Validator(Triples(parsed(text)), parsed(PREFIXES + shape))
    added = parsed(f"<{E}hub> <{E}v> 2 .")
    verdict = validator.check(validator.triples.difference(added, ()))
    assert verdict.notes[0] == "https://example.org/S is asked about 600 nodes: many depend on what has changed."
    assert len(verdict.results) == 600


def test_number_is_judged_as_it_is_written_and_not_as_the_store_keeps_it() -> None:
    shape = A + ' sh:property [ sh:path :v ; sh:pattern "^0" ; sh:minCount 2 ] .'
    text = f'@prefix : <{E}> . :n1 a :A ; :v 01 , "1"^^<http://www.w3.org/2001/XMLSchema#integer> .'
    validator = Validator(Triples(), parsed(PREFIXES + shape))
    added = parsed(text)
    verdict = validator.check(validator.triples.difference(added, ()))
    assert {t.value for t in verdict.results} == {rdflib.Literal("1", datatype=rdflib.XSD.integer)}
    validator.triples.add(added)
    other = parsed(f'<{E}n1> <{E}v> "001"^^<http://www.w3.org/2001/XMLSchema#integer> .')
    assert len(validator.triples.difference(other, ()).added) == 1
    gone = [q for q in added if q.object == ox.Literal("1", datatype=ox.NamedNode(str(rdflib.XSD.integer)))]
    verdict = validator.check(validator.triples.difference((), gone))
    assert {str(t.component).rpartition("#")[2] for t in verdict.results} == {"MinCountConstraintComponent"}
