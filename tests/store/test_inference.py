"""What follows from what is stated, and what does not."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.store.inference import materialise
from kg.words.errors import BadInput

PREFIXES = """@prefix e: <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
INFERRED = ox.NamedNode("https://example.org/graph/inferred")
STATED = ox.NamedNode("https://example.org/graph/stated")


def triples(text: str) -> set[ox.Triple]:
    return {q.triple for q in ox.parse((PREFIXES + text).encode(), format=ox.RdfFormat.TURTLE)}


def store(text: str) -> ox.Store:
    """A store with the triples in a named graph and in the default graph."""
    found = ox.Store()
    found.extend(
        ox.Quad(t.subject, t.predicate, t.object, g) for t in triples(text) for g in (STATED, ox.DefaultGraph())
    )
    return found


def graph(of: ox.Store, name: ox.NamedNode | ox.DefaultGraph) -> set[ox.Triple]:
    return {q.triple for q in of.quads_for_pattern(None, None, None, name)}


CASES = {
    "chain of subclasses": (
        "e:C rdfs:subClassOf e:B . e:B rdfs:subClassOf e:A . e:x a e:C .",
        "e:x a e:A , e:B .",
    ),
    "subclass by two ways": (
        "e:D rdfs:subClassOf e:B , e:C . e:B rdfs:subClassOf e:A . e:C rdfs:subClassOf e:A . e:x a e:D .",
        "e:x a e:A , e:B , e:C .",
    ),
    "cycle of subclasses": (
        "e:A rdfs:subClassOf e:B . e:B rdfs:subClassOf e:C . e:C rdfs:subClassOf e:A . e:x a e:B .",
        "e:x a e:A , e:C .",
    ),
    "class below itself": ("e:A rdfs:subClassOf e:A . e:x a e:A .", ""),
    "equivalent classes": (
        "e:A owl:equivalentClass e:B . e:B rdfs:subClassOf e:C . e:x a e:A . e:y a e:B .",
        "e:x a e:B , e:C . e:y a e:A , e:C .",
    ),
    "chain of subproperties": (
        "e:r rdfs:subPropertyOf e:q . e:q rdfs:subPropertyOf e:p . e:x e:r e:y .",
        "e:x e:q e:y ; e:p e:y .",
    ),
    "cycle of subproperties": (
        "e:p rdfs:subPropertyOf e:q . e:q rdfs:subPropertyOf e:p . e:x e:p e:y .",
        "e:x e:q e:y .",
    ),
    "equivalent properties": ("e:p owl:equivalentProperty e:q . e:x e:p 1 . e:y e:q 2 .", "e:x e:q 1 . e:y e:p 2 ."),
    "inverse, both ways": ("e:p owl:inverseOf e:q . e:x e:p e:y . e:v e:q e:w .", "e:y e:q e:x . e:w e:p e:v ."),
    "inverse of itself": ("e:p owl:inverseOf e:p . e:x e:p e:y .", "e:y e:p e:x ."),
    "symmetric": ("e:p a owl:SymmetricProperty . e:x e:p e:y .", "e:y e:p e:x ."),
    "subproperty of an inverse": (
        "e:party owl:inverseOf e:partyOf . e:foreignParty rdfs:subPropertyOf e:party . e:x e:foreignParty e:y .",
        "e:x e:party e:y . e:y e:partyOf e:x .",
    ),
    "inverse of a subproperty": (
        "e:q rdfs:subPropertyOf e:p . e:q owl:inverseOf e:r . e:x e:r e:y .",
        "e:y e:q e:x ; e:p e:x .",
    ),
    "subproperty of a symmetric one": (
        "e:p a owl:SymmetricProperty . e:q rdfs:subPropertyOf e:p . e:x e:q e:y .",
        "e:x e:p e:y . e:y e:p e:x .",
    ),
    "inverse of an inverse": (
        "e:p owl:inverseOf e:q . e:q owl:inverseOf e:r . e:x e:p e:y .",
        "e:y e:q e:x . e:x e:r e:y .",
    ),
    "a literal is no subject": ('e:p owl:inverseOf e:q . e:x e:p "y" . e:s a owl:SymmetricProperty . e:x e:s 1 .', ""),
    "a subproperty carries literals": ("e:q rdfs:subPropertyOf e:p . e:x e:q 1 .", "e:x e:p 1 ."),
    "domain and range are not believed": ("e:p rdfs:domain e:A ; rdfs:range e:B . e:x e:p e:y .", ""),
    "a blank class expression implies nothing": ("e:A rdfs:subClassOf [ a owl:Restriction ] . e:x a e:A .", ""),
    "what is stated is not inferred again": (
        "e:B rdfs:subClassOf e:A . e:x a e:B , e:A . e:p owl:inverseOf e:q . e:x e:p e:y . e:y e:q e:x .",
        "",
    ),
    "a subproperty of rdf:type gives the superclasses too": (
        "e:kind rdfs:subPropertyOf rdf:type . e:B rdfs:subClassOf e:A . e:x e:kind e:B .",
        "e:x a e:A , e:B .",
    ),
    "nothing stated": ("", ""),
}


@pytest.mark.parametrize(("stated", "expected"), CASES.values(), ids=CASES)
def test_exactly_what_follows_is_inferred(stated: str, expected: str) -> None:
    the_store = store(stated)
    count = materialise(the_store, INFERRED, {})
    assert graph(the_store, INFERRED) == triples(expected)
    assert count == len(triples(expected))


@pytest.mark.parametrize("stated", [case[0] for case in CASES.values()], ids=CASES)
def test_stated_graph_stays_and_the_default_graph_is_the_union(stated: str) -> None:
    the_store = store(stated)
    materialise(the_store, INFERRED, {})
    assert graph(the_store, STATED) == triples(stated) or "[" in stated
    assert graph(the_store, ox.DefaultGraph()) == graph(the_store, STATED) | graph(the_store, INFERRED)


@pytest.mark.parametrize("stated", [case[0] for case in CASES.values()], ids=CASES)
def test_inferring_again_adds_nothing(stated: str) -> None:
    the_store = store(stated)
    materialise(the_store, INFERRED, {})
    assert materialise(the_store, INFERRED, {}) == 0


def rule(construct: str, where: str) -> str:
    return f"PREFIX e: <https://example.org/> CONSTRUCT {{ {construct} }} WHERE {{ {where} }}"


def test_rules_run_until_nothing_new_comes() -> None:
    the_store = store("e:a e:next e:b . e:b e:next e:c . e:c e:next e:d .")
    rules = {
        "reach": rule("?x e:reach ?y", "?x e:next ?y"),
        "on": rule("?x e:reach ?z", "?x e:reach ?y . ?y e:reach ?z"),
    }
    materialise(the_store, INFERRED, rules)
    assert graph(the_store, INFERRED) == triples("e:a e:reach e:b, e:c, e:d . e:b e:reach e:c, e:d . e:c e:reach e:d .")


def test_what_a_rule_gives_has_consequences_and_feeds_other_rules() -> None:
    the_store = store("e:big rdfs:subPropertyOf e:p . e:p owl:inverseOf e:q . e:x e:size 9 .")
    rules = {"a": rule("?x e:seen ?y", "?y e:q ?x"), "b": rule("?x e:big e:y", "?x e:size 9")}
    materialise(the_store, INFERRED, rules)
    assert graph(the_store, INFERRED) == triples("e:x e:big e:y ; e:p e:y ; e:seen e:y . e:y e:q e:x .")


def test_order_of_the_rules_does_not_matter() -> None:
    rules = {"a": rule("?x e:b 1", "?x e:a 1"), "b": rule("?x e:c 1", "?x e:b 1"), "c": rule("?x e:d 1", "?x e:c 1")}
    found = []
    for order in (list(rules), list(reversed(rules))):
        the_store = store("e:x e:a 1 .")
        materialise(the_store, INFERRED, {name: rules[name] for name in order})
        found.append(graph(the_store, INFERRED))
    assert found[0] == found[1] == triples("e:x e:b 1 ; e:c 1 ; e:d 1 .")


REFUSED = {
    "endless, with new blank nodes": (rule("?x e:p []", "?x e:a 1"), "still derive"),
    "endless, counting": (rule("?x e:n ?m", "?x e:n ?k BIND(?k + 1 AS ?m)"), "still derive"),
    "no SPARQL": ("CONSTRUCT nonsense", r"rules/r\.rq: the rule does not parse"),
    "a SELECT": ("SELECT * { ?s ?p ?o }", r"rules/r\.rq: a rule is a CONSTRUCT"),
    "an ASK": ("ASK {}", r"rules/r\.rq: a rule is a CONSTRUCT"),
    "an unknown function": (rule("?x e:p ?y", "?x e:a ?z BIND(e:f(?z) AS ?y)"), r"rules/r\.rq: "),
    "a request to another server": (rule("?x e:p ?y", "SERVICE <http://127.0.0.1:9/> { ?x e:p ?y }"), r"rules/r\.rq: "),
}


@pytest.mark.parametrize(("text", "said"), REFUSED.values(), ids=REFUSED)
def test_rule_that_cannot_be_used_is_refused_by_name(text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        materialise(store("e:x e:a 1 ; e:n 1 ."), INFERRED, {"rules/r.rq": text})
