"""How the terms of an ontology are used: how often, by which classes, with which values; counted by the engine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.pages.ask import ask
from kg.store.engine import Engine
from kg.store.rdf_io import Term
from kg.words.names import RDF, SKOS, TYPE

_TIMES = """SELECT ?term (COUNT(*) AS ?times) (COUNT(DISTINCT ?thing) AS ?things)
  (MIN(?thing) AS ?one) (MAX(?thing) AS ?two)
WHERE { VALUES ?term { %s } ?thing ?term ?value }
GROUP BY ?term"""
_BY = """SELECT ?term ?class (COUNT(*) AS ?times)
WHERE { VALUES ?term { %s } ?thing ?term ?value ; a ?class }
GROUP BY ?term ?class"""
_WITH = """SELECT ?term ?kind (COUNT(*) AS ?times)
WHERE {
  VALUES ?term { %s }
  ?thing ?term ?value .
  OPTIONAL { ?value a ?class }
  BIND ( IF(isLiteral(?value), DATATYPE(?value), ?class) AS ?kind )
}
GROUP BY ?term ?kind"""
_MEMBERS = """SELECT ?term (COUNT(*) AS ?times) (MIN(?thing) AS ?one) (MAX(?thing) AS ?two)
WHERE { VALUES ?term { %s } ?thing a ?term }
GROUP BY ?term"""
_POINTING = """SELECT ?term ?property (COUNT(*) AS ?times) (MIN(?thing) AS ?one) (MAX(?thing) AS ?two)
WHERE {
  VALUES ?term { %s }
  ?thing ?property ?term .
  FILTER ( !STRSTARTS(STR(?property), "%s") && !STRSTARTS(STR(?property), "%s") )
}
GROUP BY ?term ?property"""


@dataclass
class Usage:
    """How a term is used.

    times     statements with a property, members of a class, statements with a concept as value
    things    that have a property
    by        class, or property -> how often that uses it; values: class or datatype -> how often it is a value
    examples  IRIs of things that use it, at most two
    """

    times: int = 0
    things: int = 0
    by: dict[str, int] = field(default_factory=dict)
    values: dict[str, int] = field(default_factory=dict)
    examples: tuple[str, ...] = ()


def of_properties(engine: Engine, properties: Iterable[str]) -> dict[str, Usage]:
    """The usage of each property; what takes too long to count is missing."""
    found: dict[str, Usage] = defaultdict(Usage)
    terms = _terms(properties)
    for term, times, things, *examples in ask(engine, _TIMES % terms).rows:
        usage = found[_text(term)]
        usage.times, usage.things, usage.examples = _number(times), _number(things), _iris(examples)
    for term, class_, times in ask(engine, _BY % terms).rows:
        found[_text(term)].by[_text(class_)] = _number(times)
    for term, kind, times in ask(engine, _WITH % terms).rows:
        if kind is not None:
            found[_text(term)].values[_text(kind)] = _number(times)
    return dict(found)


def of_classes(engine: Engine, classes: Iterable[str]) -> dict[str, Usage]:
    """How many things each class has."""
    rows = ask(engine, _MEMBERS % _terms(classes)).rows
    return {_text(term): Usage(_number(times), examples=_iris(examples)) for term, times, *examples in rows}


def of_concepts(engine: Engine, concepts: Iterable[str]) -> dict[str, Usage]:
    """Which properties have each concept as a value, claims about it and its place in its vocabulary aside."""
    found: dict[str, Usage] = defaultdict(Usage)
    for term, property_, times, *examples in ask(engine, _POINTING % (_terms(concepts), SKOS, RDF)).rows:
        usage = found[_text(term)]
        usage.times += _number(times)
        usage.by[_text(property_)] = _number(times)
        usage.examples = tuple(dict.fromkeys(usage.examples + _iris(examples)))[:2]
    return dict(found)


def mains(counts: dict[str, int], above: dict[str, set[str]], most: int) -> list[str]:
    """The classes that occur most, the narrower of equals, and none a subclass of another. above: its superclasses."""
    chosen: list[str] = []
    for class_ in sorted(counts, key=lambda c: (-counts[c], -len(above.get(c, ())), c)):
        related = any(c in above.get(class_, ()) or class_ in above.get(c, ()) for c in chosen)
        if not related and len(chosen) < most:
            chosen.append(class_)
    return chosen


def _terms(iris: Iterable[str]) -> str:
    return " ".join(f"<{iri}>" for iri in iris if iri != TYPE)


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""


def _number(term: Term | None) -> int:
    return int(term.value) if isinstance(term, ox.Literal) else 0


def _iris(terms: Sequence[Term | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(t.value for t in terms if isinstance(t, ox.NamedNode)))
