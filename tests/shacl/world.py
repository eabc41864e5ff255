"""A small world in which everything links to everything: random shapes of every kind, random data, random changes."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pyoxigraph as ox

E = "https://example.org/"
PREFIXES = f"""@prefix : <{E}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
: sh:declare [ sh:prefix "e" ; sh:namespace "{E}"^^xsd:anyURI ] ,
    [ sh:prefix "rdfs" ; sh:namespace "http://www.w3.org/2000/01/rdf-schema#"^^xsd:anyURI ] .
"""
HIERARCHY = f"@prefix : <{E}> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . :B rdfs:subClassOf :A ."
GRAPH = ox.NamedNode(E + "graph")
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_ABOVE = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
_XSD = "http://www.w3.org/2001/XMLSchema#"
NODES: list[ox.NamedNode | ox.BlankNode] = [
    *(ox.NamedNode(f"{E}n{n}") for n in range(6)), ox.BlankNode("b1"), ox.BlankNode("b2"),
]  # fmt: skip
LINKS = [ox.NamedNode(E + p) for p in "pqr"]
VALUES = [ox.NamedNode(E + p) for p in "vw"]
CLASSES = [ox.NamedNode(E + c) for c in "ABC"]
# rdflib takes a 0 at the end of a repeated path for no term at all, and then reads the whole graph: there is none here
LITERALS = [
    *(ox.Literal(n) for n in range(1, 5)), ox.Literal("01", datatype=ox.NamedNode(_XSD + "integer")),
    ox.Literal("a"), ox.Literal("a", datatype=ox.NamedNode(_XSD + "string")), ox.Literal("ab"),
    ox.Literal("a", language="en"), ox.Literal("b", language="en"), ox.Literal("а", language="uk"),
    ox.Literal("2031-02-03", datatype=ox.NamedNode(_XSD + "date")),
    ox.Literal("2031-02-30", datatype=ox.NamedNode(_XSD + "date")),
    ox.Literal("2031-02-03T04:05:06", datatype=ox.NamedNode(_XSD + "dateTime")),
    ox.Literal("x", datatype=ox.NamedNode(_XSD + "integer")),
    ox.Literal("1.50", datatype=ox.NamedNode(_XSD + "decimal")),
]  # fmt: skip
_QUERIES = (
    "SELECT $this ?value { $this PATH ?value . FILTER ( isLiteral(?value) && ?value > 1 ) }",
    "SELECT $this ?value { $this e:p ?x . ?value e:q ?x . FILTER NOT EXISTS { ?value e:r ?y . ?y a e:C } }",
    "SELECT DISTINCT $this ?value { $this PATH ?value . ?value ^e:q/e:v ?n }",
    "SELECT $this ?value { { $this e:p ?value OPTIONAL { ?value e:v ?n } } UNION { ?value e:q+ $this }"
    " FILTER ( !BOUND(?n) ) }",
    "SELECT $this (COUNT(?b) AS ?value) { $this e:p ?a . ?a ?any ?b } GROUP BY $this HAVING (COUNT(?b) > 2)",
    "SELECT $this ?value { $this e:v ?value . FILTER EXISTS { ?other e:w ?value } }",
    "SELECT $this { $this a/rdfs:subClassOf* e:A . FILTER NOT EXISTS { $this (e:p|e:q)/e:r ?x } }",
)


def parsed(text: str) -> list[ox.Quad]:
    return [ox.Quad(t.subject, t.predicate, t.object, GRAPH) for t in ox.parse(text.encode(), ox.RdfFormat.TURTLE)]


def shapes(chance: random.Random, count: int = 3) -> str:
    """Some shapes, as Turtle without the prefixes."""
    return "\n".join(f":S{n} a sh:NodeShape ; {_target(chance)} ; {_node(chance, 2)} ." for n in range(count)) + (
        f"\n:N a sh:NodeShape ; {_property(chance, 0)} .\n:A a rdfs:Class , sh:NodeShape ; {_property(chance, 1)} ."
    )


def _target(chance: random.Random) -> str:
    targets = [
        "sh:targetClass :A", "sh:targetClass :B , :C", "sh:targetSubjectsOf :p", "sh:targetObjectsOf :q",
        "sh:targetNode :n1 , :n2 , 3", "sh:targetObjectsOf :v",
    ]  # fmt: skip
    return " ; ".join(chance.sample(targets, chance.choice((1, 1, 2))))


def _path(chance: random.Random, depth: int = 2) -> str:
    kind = chance.random()
    if depth == 0 or kind < 0.4:
        return chance.choice((":p", ":q", ":r", ":v", ":w", "rdf:type"))
    inner, other = _path(chance, depth - 1), _path(chance, depth - 1)
    if kind < 0.55:
        return f"[ sh:inversePath {chance.choice((':p', ':q', ':r', ':v'))} ]"
    if kind < 0.7:
        return f"( {inner} {other} )"
    if kind < 0.85:
        return f"[ sh:alternativePath ( {inner} {other} ) ]"
    return f"[ sh:{chance.choice(('zeroOrMorePath', 'oneOrMorePath', 'zeroOrOnePath'))} {inner} ]"


def _node(chance: random.Random, depth: int) -> str:
    """Constraints of a node shape."""
    found = [_property(chance, depth) for _ in range(chance.choice((1, 2)))]
    if chance.random() < 0.3:
        found.append(_any(chance, depth))
    if chance.random() < 0.2:
        found.append("sh:closed true ; sh:ignoredProperties ( rdf:type :p :v )")
    if chance.random() < 0.3:
        found.append(_query(chance, path=False))
    return " ; ".join(found)


def _property(chance: random.Random, depth: int) -> str:
    constraints = {_any(chance, depth) for _ in range(2)} | {_of_values(chance, depth)}
    return f"sh:property [ sh:path {_path(chance)} ; {' ; '.join(sorted(_once(constraints)))} ]"


def _once(constraints: Iterable[str]) -> list[str]:
    """One of each kind: several of one can be nonsense."""
    return list({c.split(" ")[0]: c for c in sorted(constraints)}.values())


def _of_values(chance: random.Random, depth: int) -> str:
    """A constraint that only a property shape has."""
    found = [
        f"sh:minCount {chance.randrange(3)}", f"sh:maxCount {chance.randrange(3)}", "sh:uniqueLang true",
        f"sh:equals {chance.choice((':p', ':q', ':v'))}", f"sh:disjoint {chance.choice((':q', ':r', ':w'))}",
        "sh:lessThan :w", "sh:lessThanOrEquals :v",
    ]  # fmt: skip
    if depth:
        inner = f"[ {_any(chance, depth - 1)} ]"
        found.append(f"sh:qualifiedValueShape {inner} ; sh:qualifiedMaxCount {chance.randrange(2)}")
        found.append(f"sh:qualifiedValueShape {inner} ; sh:qualifiedMinCount {chance.randrange(1, 3)}")
        found += [_property(chance, depth - 1), _query(chance, path=True)]
    return chance.choice(found)


def _any(chance: random.Random, depth: int) -> str:
    """A constraint that every shape can have."""
    found = [
        f"sh:class :{chance.choice('ABC')}", f"sh:datatype xsd:{chance.choice(('integer', 'string', 'date'))}",
        f"sh:nodeKind sh:{chance.choice(('IRI', 'Literal', 'BlankNodeOrIRI', 'BlankNode'))}",
        f"sh:minInclusive {chance.randrange(3)}", f"sh:maxExclusive {chance.randrange(1, 4)}", "sh:minLength 2",
        'sh:pattern "^[a1]"', 'sh:languageIn ( "en" )', "sh:in ( :n1 :n2 1 01 \"a\" 2 )", "sh:hasValue :n2",
        'sh:hasValue "a"', 'sh:maxExclusive "2031-02-03T04:05:06"^^xsd:dateTime',
    ]  # fmt: skip
    if depth:
        some = " ".join(f"[ {_node(chance, depth - 1) if chance.random() < 0.5 else _any(chance, 0)} ]" for _ in "12")
        found += [f"sh:{word} ( {some} )" for word in ("and", "or", "xone")]
        found += [f"sh:not [ {_property(chance, depth - 1)} ]", "sh:node :N", f"sh:node [ {_property(chance, 0)} ]"]
    return chance.choice(found)


def _query(chance: random.Random, *, path: bool) -> str:
    usable = [q for q in _QUERIES if path or "PATH" not in q]
    text = chance.choice(usable).replace("PATH", "$PATH")
    return f'sh:sparql [ sh:prefixes : ; sh:message "m" ; sh:select """{text}""" ]'


def some(chance: random.Random) -> ox.Quad:
    """A triple."""
    subject, kind = chance.choice(NODES), chance.random()
    if kind < 0.25:
        return ox.Quad(subject, TYPE, chance.choice(CLASSES), GRAPH)
    if kind < 0.45:
        return ox.Quad(subject, chance.choice(VALUES), chance.choice(LITERALS), GRAPH)
    return ox.Quad(subject, chance.choice(LINKS), chance.choice(NODES), GRAPH)


def data(chance: random.Random) -> set[ox.Quad]:
    return {some(chance) for _ in range(chance.randrange(5, 35))} | set(parsed(HIERARCHY))


def change(chance: random.Random, before: set[ox.Quad]) -> set[ox.Quad]:
    """The same after one to six triples have come or gone; now and then a part of the hierarchy."""
    after = set(before)
    for _ in range(chance.randrange(1, 7)):
        if after and chance.random() < 0.5:
            after.discard(chance.choice(sorted(after, key=str)))
        else:
            after.add(some(chance))
    if chance.random() < 0.03:
        after.add(ox.Quad(chance.choice(CLASSES), _ABOVE, chance.choice(CLASSES), GRAPH))
    return after
