"""How shapes tell properties: whom they target, what they inherit, which of several speaks."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.resource.shapes import Telling, read

PREFIXES = """
@prefix : <https://lamps.example/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:g sh:order 3 . :first sh:order 1 .
"""
P = "[ sh:path :p ; sh:group :g ; sh:order 2 ; sh:maxCount 1 ; sh:name 'pee'@en ]"


def tell(turtle: str, types: tuple[str, ...] = ("C",), predicates: tuple[str, ...] = ("p",)) -> dict[str, Telling]:
    store = ox.Store()
    store.load((PREFIXES + turtle).encode(), format=ox.RdfFormat.TURTLE)
    ns = "https://lamps.example/"
    told = read(store).tell(f"{ns}x", [ns + t for t in types], [ns + p for p in predicates])
    return {path.removeprefix(ns): telling for path, telling in told.items()}


@pytest.mark.parametrize(
    "turtle",
    [
        f":s sh:targetClass :C ; sh:property {P} .",
        f":s sh:targetClass :Above ; sh:property {P} . :C rdfs:subClassOf :Between . :Between rdfs:subClassOf :Above .",
        f":C a owl:Class , sh:NodeShape ; sh:property {P} .",
        f":s sh:targetSubjectsOf :p ; sh:property {P} .",
        f":s sh:targetNode :x ; sh:property {P} .",
        f":s sh:targetClass :C ; sh:node :t . :t sh:property {P} ; sh:node :s .",
        ":s sh:targetClass :C ; sh:path :p ; sh:group :g ; sh:order 2 ; sh:maxCount 1 ; sh:name 'pee'@en .",
    ],
    ids=["class", "superclass", "implicit", "subjects", "node", "through sh:node", "property shape"],
)
def test_a_shape_tells_the_properties_of_what_it_targets(turtle: str) -> None:
    telling = tell(turtle)["p"]
    assert (telling.rank, telling.single, telling.names) == ((3, "https://lamps.example/g", 2), True, {"en": "pee"})


@pytest.mark.parametrize(
    "turtle",
    [
        f":s sh:targetClass :D ; sh:property {P} .",
        f":s sh:targetSubjectsOf :q ; sh:property {P} .",
        f":s sh:targetNode :y ; sh:property {P} .",
        f":s sh:targetClass :C ; sh:deactivated true ; sh:property {P} .",
        ":s sh:targetClass :C ; sh:property [ sh:path [ sh:inversePath :p ] ; sh:group :g ] .",
    ],
    ids=["other class", "other property", "other node", "deactivated", "inverse"],
)
def test_it_tells_nothing_of_what_it_does_not_target(turtle: str) -> None:
    assert tell(turtle) == {}


def test_a_choice_of_paths_gives_a_place_but_neither_name_nor_number() -> None:
    told = tell(
        ":s sh:targetClass :C ; sh:property [ sh:path [ sh:alternativePath ( :p :q ) ] ;"
        " sh:group :g ; sh:maxCount 1 ; sh:name 'either' ] ."
    )
    assert set(told) == {"p", "q"}
    assert [(t.group, t.single, t.names) for t in told.values()] == [("https://lamps.example/g", False, {})] * 2


def test_of_several_the_first_in_order_tells_and_any_limits() -> None:
    told = tell(
        ":s sh:targetClass :C ; sh:property [ sh:path :p ; sh:group :g ; sh:order 1 ; sh:maxCount 1 ; sh:name 'b' ] ,"
        " [ sh:path :p ; sh:group :first ; sh:order 9 ] , [ sh:path [ sh:alternativePath ( :p :q ) ] ; sh:order 0 ] ."
    )
    assert (told["p"].group, told["p"].order) == ("https://lamps.example/first", 9)
    assert told["p"].single
    assert told["p"].names == {"": "b"}


def test_an_order_that_is_no_number_is_none() -> None:
    assert tell(":s sh:targetClass :C ; sh:property [ sh:path :p ; sh:order 'x' ] .")["p"].order == float("inf")
