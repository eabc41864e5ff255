"""Whether the queries in shapes can be run. Source: SHACL, sections 5 and 6 and appendix A."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph as ox
import rdflib
from pyparsing import ParseException
from rdflib.namespace import RDF, SH
from rdflib.plugins.sparql import prepareQuery
from rdflib.term import Node

from kg.shacl.mistake import mistake, name
from kg.store.locate import Locate
from kg.store.sparql_text import keywords, without_requests
from kg.words.errors import NotAllowed, QuerySyntaxError
from kg.words.findings import Finding

_FORBIDDEN = ("MINUS", "VALUES", "SERVICE")
_SHAPES_GRAPH = re.compile(r"[$?]shapesGraph\b")


def check(shapes: rdflib.Graph, locate: Locate) -> Iterator[Finding]:
    """Queries that do not parse, ask for something that SHACL forbids, or give nothing that it can use."""
    for predicate, s, text in _queries(shapes):
        if problem := _problem(shapes, predicate, s, str(text)):
            yield mistake(f"the constraint of {_owner(shapes, s)} {problem}", locate, s, predicate, text)


def refused(shapes: rdflib.Graph, locate: Locate) -> Iterator[Finding]:
    """Those that rdflib, which runs them, does not take. It is slow: ask when it has refused one."""
    for predicate, s, text in _queries(shapes):
        if problem := _rdflib_refuses(_without_path(str(text)), prefixes(shapes, s)):
            yield mistake(f"the constraint of {_owner(shapes, s)} {problem}", locate, s, predicate, text)


def _queries(shapes: rdflib.Graph) -> Iterator[tuple[Node, Node, Node]]:
    for predicate in (SH.select, SH.ask):
        yield from ((predicate, s, text) for s, text in sorted(shapes.subject_objects(predicate)))


def _problem(shapes: rdflib.Graph, predicate: Node, s: Node, text: str) -> str:
    """What is wrong with a query, as a verb phrase; empty if nothing is."""
    query, declared = _without_path(text), prefixes(shapes, s)
    if (unknown := _SHAPES_GRAPH.search(query)) is not None:
        return f"uses {unknown[0]}, which pySHACL does not know"
    if forbidden := [word for word in _FORBIDDEN if word in keywords(query)]:
        return f"uses {forbidden[0]}, which SHACL forbids in its queries"
    owners = list(shapes.subjects(SH.sparql, s))
    if query != text and owners and not any((o, SH.path, None) in shapes for o in owners):
        return "uses $PATH, and there is no sh:path"
    try:
        # a hundred times faster than rdflib, and a little too strict
        outcome = ox.Store().query(without_requests(query, declared), prefixes=declared)
    except (SyntaxError, QuerySyntaxError):
        return _rdflib_refuses(query, declared)
    except (RuntimeError, NotAllowed) as error:
        return f"cannot be run: {error}"
    if predicate == SH.ask:
        return "" if isinstance(outcome, ox.QueryBoolean) else "is no ASK query. Use sh:select"
    if not isinstance(outcome, ox.QuerySolutions):
        return "is no SELECT query"
    if ox.Variable("this") not in outcome.variables:
        return "does not give $this. Add it to SELECT"
    return ""


def _rdflib_refuses(query: str, prefixes: dict[str, str]) -> str:
    try:
        prepareQuery(query, initNs=prefixes)
    except ParseException as error:
        return f"is no valid SPARQL at its line {error.lineno}, column {error.col}: {error.line.strip()}"
    except Exception as error:  # noqa: BLE001  rdflib raises plain Exception for an undeclared prefix
        unknown = re.search(r"Unknown namespace prefix : (\S+)", str(error))
        return f'uses the prefix "{unknown[1]}", which sh:prefixes does not declare' if unknown else f"fails: {error}"
    return ""


def _owner(shapes: rdflib.Graph, constraint: Node) -> str:
    return " and ".join(sorted(name(o) for o in shapes.subjects(SH.sparql, constraint))) or name(constraint)


def _without_path(query: str) -> str:
    """The query with some property for $PATH, which is replaced before it is run."""
    return re.sub(r"[$?]PATH\b", "<urn:path>", query)


def prefixes(shapes: rdflib.Graph, constraint: Node) -> dict[str, str]:
    """The prefixes that a query in shapes may use. Source: SHACL, section 5.2.1."""
    found = {"rdf": str(RDF), "rdfs": str(rdflib.RDFS), "owl": str(rdflib.OWL)}
    for ontology in shapes.objects(constraint, SH.prefixes):
        for declaration in shapes.objects(ontology, SH.declare):
            found[str(shapes.value(declaration, SH.prefix))] = str(shapes.value(declaration, SH.namespace))
    return found
