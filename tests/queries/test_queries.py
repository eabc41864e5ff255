"""The saved queries are complete, explain themselves, and give over HTTP exactly the results that stand beside them."""

from __future__ import annotations

import csv
import io
import re
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest
from rdflib import DCTERMS, RDF, RDFS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import SH
from rdflib.term import Node

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "queries"
PREFIXES = "prefixes"
NAMES = sorted(path.stem for path in FOLDER.glob("*.ttl") if path.stem != PREFIXES)

BASE = "https://w3id.org/health-solidarity/"
QUERIES = URIRef(BASE + "queries")
SCHEMA = Namespace("https://schema.org/")
LANGUAGES = ["en", "ru", "uk"]
COMPETENCY_QUESTIONS = [1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 13, 14, 15, 17, 18, 20, 21, 22, 24, 27, 29, 30]

_VARIABLE = re.compile(r"\?(\w+)")
_PREFIXED_NAME = re.compile(r"(?<![\w:<\"])([a-z][\w-]*):(?=[\w(),;. ]|$)", re.MULTILINE)
_OWN_TERM = re.compile(r"\bhs:(\w+)")


class Server(Protocol):
    """What the tests need of the running server."""

    @property
    def url(self) -> str: ...


@dataclass(frozen=True)
class Parameter:
    """A variable of a query that its user gives a value."""

    iri: Node
    variable: str
    default: Node


@dataclass(frozen=True)
class SavedQuery:
    """One file of the folder.

    select      the text as it stands in the file, without its PREFIX lines
    parameters  by sh:order
    """

    graph: Graph
    iri: Node
    select: str
    parameters: tuple[Parameter, ...]

    def projection(self) -> list[str]:
        """The variables of the result, in order."""
        head = self.select.partition("WHERE")[0]
        return _VARIABLE.findall(re.sub(r"\((?:[^()]|\([^()]*\))*\bAS\s+(\?\w+)\s*\)", r"\1", head))

    def runnable(self, prefixes: str) -> str:
        """The query with its prefixes, and with the default values of its parameters joined by a final VALUES."""
        if not self.parameters:
            return prefixes + self.select
        variables = " ".join(f"?{p.variable}" for p in self.parameters)
        values = " ".join(p.default.n3() for p in self.parameters)
        return f"{prefixes}{self.select}\nVALUES ( {variables} ) {{ ( {values} ) }}"


@pytest.fixture(scope="session")
def saved() -> dict[str, SavedQuery]:
    """File name without its ending -> the query in it."""
    return {name: load(FOLDER / f"{name}.ttl") for name in NAMES}


@pytest.fixture(scope="session")
def prefixes() -> dict[str, str]:
    """What the prefix file declares for all queries."""
    graph = Graph().parse(FOLDER / f"{PREFIXES}.ttl")
    declarations = list(graph.objects(QUERIES, SH.declare))
    assert len(declarations) == len(set(graph.subjects(RDF.type, SH.PrefixDeclaration)))
    return {str(graph.value(d, SH.prefix)): str(graph.value(d, SH.namespace)) for d in declarations}


def load(path: Path) -> SavedQuery:
    """The one query of a file."""
    graph = Graph().parse(path)
    (iri,) = graph.subjects(SH.select)
    (select,) = graph.objects(iri, SH.select)
    return SavedQuery(graph, iri, str(select), tuple(parameters(graph, iri)))


def parameters(graph: Graph, query: Node) -> Iterator[Parameter]:
    """The parameters of a query, in order."""
    for iri in sorted(graph.objects(query, SH.parameter), key=lambda p: int(str(graph.value(p, SH.order)))):
        (path,) = graph.objects(iri, SH.path)
        (default,) = graph.objects(iri, SH.defaultValue)
        yield Parameter(iri, str(path).rpartition("#")[2], default)


def rows(text: str) -> list[list[str]]:
    """The records of a CSV file. Line ends do not matter: Git may change them."""
    return list(csv.reader(io.StringIO(text, newline="")))


def expected(name: str) -> list[list[str]]:
    return rows((FOLDER / f"{name}.csv").read_text(encoding="utf-8"))


def ask(server: Server, query: str) -> list[list[str]]:
    """What the server answers, as CSV (SPARQL 1.1 Protocol, 2.1.3: query by POST directly)."""
    headers = {"Content-Type": "application/sparql-query", "Accept": "text/csv"}
    request = urllib.request.Request(f"{server.url}/sparql", query.encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as response:
        assert response.headers.get_content_type() == "text/csv"
        return rows(response.read().decode("utf-8"))


def prefix_lines(prefixes: dict[str, str]) -> str:
    return "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in prefixes.items())


def test_every_competency_question_has_one_query(saved: dict[str, SavedQuery]) -> None:
    identifiers = [str(i) for query in saved.values() for i in query.graph.objects(query.iri, DCTERMS.identifier)]
    assert sorted(identifiers) == sorted(f"CQ{number}" for number in COMPETENCY_QUESTIONS)


def test_results_and_queries_come_in_pairs() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.csv")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_query_is_named_after_its_file(saved: dict[str, SavedQuery], name: str) -> None:
    query = saved[name]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
    assert query.iri == URIRef(f"{BASE}queries/{name}")
    assert {SH.SPARQLExecutable, SH.SPARQLSelectExecutable} <= set(query.graph.objects(query.iri, RDF.type))
    assert not any(isinstance(term, BNode) for triple in query.graph for term in triple)


@pytest.mark.parametrize("name", NAMES)
def test_the_query_says_what_it_answers(saved: dict[str, SavedQuery], name: str) -> None:
    graph, iri = saved[name].graph, saved[name].iri
    labels = list(graph.objects(iri, RDFS.label))
    assert sorted(str(label.language) for label in labels if isinstance(label, Literal)) == LANGUAGES
    assert all(str(label).endswith("?") for label in labels)
    (comment,) = graph.objects(iri, RDFS.comment)
    assert isinstance(comment, Literal)
    assert comment.language == "en"
    assert len(list(graph.objects(iri, SCHEMA.keywords))) >= 3
    assert list(graph.objects(iri, SCHEMA.target)) == [URIRef(BASE + "sparql")]


def test_a_question_is_asked_once(saved: dict[str, SavedQuery]) -> None:
    labels = [label for query in saved.values() for label in query.graph.objects(query.iri, RDFS.label)]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize("name", NAMES)
def test_the_query_uses_declared_prefixes_and_existing_terms(
    saved: dict[str, SavedQuery], prefixes: dict[str, str], name: str
) -> None:
    query = saved[name]
    assert list(query.graph.objects(query.iri, SH.prefixes)) == [QUERIES]
    assert "PREFIX" not in query.select
    code = re.sub(r"#[^\n]*", "", query.select)
    assert set(_PREFIXED_NAME.findall(code)) <= set(prefixes)
    ontology = Graph().parse(ROOT / "ontology" / "ontology.ttl")
    declared = {str(term).removeprefix(f"{BASE}ns#") for term in ontology.subjects(RDF.type)}
    assert set(_OWN_TERM.findall(code)) <= declared


def test_every_prefix_is_used(saved: dict[str, SavedQuery], prefixes: dict[str, str]) -> None:
    used = {prefix for query in saved.values() for prefix in _PREFIXED_NAME.findall(query.select)}
    assert set(prefixes) <= used


@pytest.mark.parametrize("name", NAMES)
def test_the_rows_have_an_order(saved: dict[str, SavedQuery], name: str) -> None:
    assert re.search(r"^ORDER BY ", saved[name].select, re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_the_columns_are_those_of_the_result(saved: dict[str, SavedQuery], name: str) -> None:
    assert expected(name)[0] == saved[name].projection()


def test_each_parameter_is_described_and_stands_in_the_result(saved: dict[str, SavedQuery]) -> None:
    """A projected variable can be bound from outside: by a final VALUES or by a library's substitution."""
    with_parameters = [query for query in saved.values() if query.parameters]
    assert with_parameters
    for query in with_parameters:
        for parameter in query.parameters:
            graph, iri = query.graph, parameter.iri
            assert iri == URIRef(f"{query.iri}#{parameter.variable}")
            assert graph.value(iri, SH.path) == URIRef(f"{BASE}queries#{parameter.variable}")
            assert (iri, RDF.type, SH.Parameter) in graph
            assert sorted(str(n.language) for n in graph.objects(iri, SH.name) if isinstance(n, Literal)) == LANGUAGES
            assert list(graph.objects(iri, SH.description))
            assert list(graph.objects(iri, SH.nodeKind)) or list(graph.objects(iri, SH.datatype))
            assert parameter.variable in query.projection()


@pytest.mark.parametrize("name", NAMES)
def test_the_server_gives_the_result(
    server: Server, saved: dict[str, SavedQuery], prefixes: dict[str, str], name: str
) -> None:
    assert ask(server, saved[name].runnable(prefix_lines(prefixes))) == expected(name)


def test_without_values_for_its_parameters_a_query_gives_all(
    server: Server, saved: dict[str, SavedQuery], prefixes: dict[str, str]
) -> None:
    for name, query in saved.items():
        if query.parameters:
            answer = ask(server, prefix_lines(prefixes) + query.select)
            assert [row for row in expected(name) if row not in answer] == [], name
