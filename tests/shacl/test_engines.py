"""An accelerating engine says what pySHACL says, and where it does not, pySHACL has the last word and that is told."""

from __future__ import annotations

import os
import random
from collections.abc import Iterable
from contextlib import suppress

import pyoxigraph as ox
import pytest

from kg.shacl import engines
from kg.shacl.authority import Refused
from kg.shacl.engines import Engine, Hit
from kg.shacl.validator import Validator
from kg.store.triples import Triples
from kg.words.errors import BadInput
from tests.shacl.world import PREFIXES, E, data, parsed, shapes

RUNS = int(os.environ.get("KG_SCOPE_RUNS", "96"))
"""Random graphs; four of each of the random shapes."""
SHAPES = ":S a sh:NodeShape ; sh:targetClass :A ; sh:property [ sh:path :p ; sh:maxCount 1 ] .\n" + (
    ":T a sh:NodeShape ; sh:targetClass :B ; sh:property :U . :U sh:path :p ; sh:minCount 1 ."
)
DATA = f"@prefix : <{E}> . :n1 a :A ; :p 1 , 2 . :n2 a :A ; :p 1 . :n3 a :B . _:b a :B ."
MAX, MIN = (f"http://www.w3.org/ns/shacl#{name}CountConstraintComponent" for name in ("Max", "Min"))
TRUE = [Hit(ox.NamedNode(E + "n1"), MAX, E + "S"), Hit(ox.NamedNode(E + "n3"), MIN, E + "U"), Hit(None, MIN, E + "U")]


def validator(text: str = SHAPES, turtle: str = DATA) -> Validator:
    return Validator(Triples(parsed(turtle)), parsed(PREFIXES + text))


def asked(
    monkeypatch: pytest.MonkeyPatch, hits: Iterable[Hit] | Exception, *, distrusted: str = ""
) -> tuple[set[str], str]:
    """What is found, by focus node, and the notes, with an engine that finds these."""

    def find(data_: str, shapes_: str) -> Iterable[Hit]:
        if isinstance(hits, Exception):
            raise hits
        return hits

    def distrust(graph: object, shape: object, triples: object) -> str:
        return "everything" if str(shape) == distrusted else ""

    monkeypatch.setattr(engines, "ENGINES", {"other": Engine("other", find, distrust)})
    results, notes = engines.everything(validator(), "other")
    assert set(results) <= set(validator().everything()) or notes
    return {str(t.focus).removeprefix(E) if str(t.focus).startswith(E) else "_:b" for t in results}, "\n".join(notes)


@pytest.mark.parametrize("part", range(4))
def test_shacl_finds_what_pyshacl_finds_in_random_graphs(part: int) -> None:
    accelerated = 0
    for number in range(max(1, RUNS // 16)):
        chance = random.Random(f"{part}.{number}")
        quads = parsed(PREFIXES + shapes(chance))
        for _ in range(4):
            one = Validator(Triples(data(chance)), quads)
            with suppress(Refused):  # what rdflib does not take
                everything = set(one.everything())
                results, notes = engines.everything(one, "shacl")
                assert set(results) == everything, (part, number)
                accelerated += notes[0].startswith("shacl asked the shapes")
    assert accelerated > RUNS // 8


def test_every_hit_is_confirmed_and_told_in_the_words_of_pyshacl(monkeypatch: pytest.MonkeyPatch) -> None:
    found, notes = asked(monkeypatch, TRUE)
    assert found == {"n1", "n3", "_:b"}
    assert notes == "other asked the shapes, and pySHACL confirmed what it found about 3 nodes."


def test_hit_that_is_none_makes_pyshacl_ask_the_shape_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    found, notes = asked(monkeypatch, [Hit(ox.NamedNode(E + "n2"), MAX, E + "S"), *TRUE[1:]])
    assert found == {"n1", "n3", "_:b"}
    assert "S was asked by pySHACL about all its nodes: pySHACL and other disagree." in notes


def test_missed_result_beside_a_hit_makes_pyshacl_ask_the_shape_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """A blank node that is missed is found, because a named one that is hit shares its shape's verdict."""
    found, notes = asked(monkeypatch, [TRUE[0], Hit(None, MAX, E + "S"), *TRUE[1:]])
    assert found == {"n1", "n3", "_:b"}
    assert "disagree" in notes


def test_what_is_missed_altogether_is_not_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """This is what the docs warn of, and why a merge is checked with pySHACL."""
    assert asked(monkeypatch, TRUE[1:])[0] == {"n3", "_:b"}


def test_shape_that_the_engine_is_not_trusted_with_is_asked_by_pyshacl(monkeypatch: pytest.MonkeyPatch) -> None:
    found, notes = asked(monkeypatch, TRUE[1:], distrusted=E + "S")
    assert found == {"n1", "n3", "_:b"}
    assert "S was asked by pySHACL about all its nodes: other is not trusted with everything." in notes


FAILURES: dict[str, list[Hit] | Exception] = {
    "an engine that fails": ValueError("out of cheese\nerror"),
    "a shape that is not there": [Hit(ox.NamedNode(E + "n1"), MAX, E + "X")],
    "a shape without a name": [Hit(ox.NamedNode(E + "n1"), MAX, None)],
}


@pytest.mark.parametrize("hits", FAILURES.values(), ids=FAILURES)
def test_pyshacl_is_asked_where_the_engine_is_of_no_use_and_that_is_told(
    monkeypatch: pytest.MonkeyPatch, hits: list[Hit] | Exception
) -> None:
    found, notes = asked(monkeypatch, hits)
    assert found == {"n1", "n3", "_:b"}
    assert notes.startswith("pySHACL was asked about everything: other ")
    assert "\n" not in notes


def test_engine_that_is_not_installed_is_bad_input(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadInput, match=r"not installed. Install health-solidarity-kg\[other\]"):
        asked(monkeypatch, ImportError())


def test_queries_about_literals_are_not_asked_by_shacl() -> None:
    query = (
        'sh:sparql [ sh:message "m" ; sh:select """SELECT $this ?value { ?value <https://example.org/v> $this }""" ]'
    )
    shape = f":S a sh:NodeShape ; sh:targetObjectsOf :v ; {query} ."
    results, notes = engines.everything(validator(shape, f"@prefix : <{E}> . :n1 :v 1 ."), "shacl")
    assert len(results) == 1
    assert "shacl is not trusted with queries about values" in notes[1]
    assert len(engines.everything(validator(shape, f"@prefix : <{E}> . :n1 :v :n2 ."), "shacl")[1]) == 1


def test_texts_with_a_language_are_not_compared_by_shacl() -> None:
    shape = ":S a sh:NodeShape ; sh:targetClass :A ; sh:property [ sh:path :v ; sh:lessThan :w ] ."
    with_language = validator(shape, f'@prefix : <{E}> . :n1 a :A ; :v "a"@en ; :w "b"@en .')
    results, notes = engines.everything(with_language, "shacl")
    assert set(results) == set(with_language.everything()) != set()
    assert "shacl is not trusted with texts with a language under sh:lessThan" in notes[1]
    assert len(engines.everything(validator(shape, f"@prefix : <{E}> . :n1 a :A ; :v 1 ; :w 2 ."), "shacl")[1]) == 1
