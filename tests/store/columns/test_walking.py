"""What is answered at once: all that is small, in any order of its parts, and nothing that might take long."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pyoxigraph as ox
import pytest

from kg.store.columns import columns as module
from kg.store.columns.algebra import Declined
from kg.store.columns.columns import Columns
from kg.store.columns.shape import cut
from kg.store.columns.syntax import parse
from kg.store.columns.walking import Walk
from kg.store.evaluate import Evaluator
from kg.store.operation import Operation
from kg.store.rdf_io import ox_format
from kg.words import formats
from kg.words.errors import KgError
from tests.store.columns.comparing import EX, assert_alike, at_once, iri, ours, rows, store_of, theirs

PREFIX = f"PREFIX : <{EX}> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
THINGS = 3_000
LONG = "x" * 70_000
Answer = Callable[[Columns, str, formats.Format], bytes | None]
SOLUTIONS = Walk.solutions


@pytest.fixture(scope="module")
def store() -> ox.Store:
    """A chain of things, all of one kind, so that few triples are near a thing and many near the kind."""

    def triples() -> Iterator[ox.Quad]:
        for n in range(THINGS):
            thing = iri(f"thing{n}")
            yield ox.Quad(thing, iri("name"), ox.Literal(f"Thing {n}", language="en"))
            yield ox.Quad(thing, iri("name"), ox.Literal(f"Річ {n}", language="uk"))
            yield ox.Quad(thing, iri("size"), ox.Literal(n))
            yield ox.Quad(thing, iri("next"), iri(f"thing{(n + 1) % THINGS}"))
            yield ox.Quad(thing, iri("kind"), iri("kind"))
        yield ox.Quad(iri("leaf"), iri("in"), iri("branch"))
        yield ox.Quad(iri("branch"), iri("in"), iri("trunk"))
        yield ox.Quad(iri("trunk"), iri("in"), iri("leaf"))
        yield ox.Quad(iri("long"), iri("text"), ox.Literal(LONG))
        yield ox.Quad(iri("long"), iri("in"), iri("in"))
        yield ox.Quad(iri("middle"), iri("text"), ox.Literal("x" * 2_000))

    return store_of(list(triples()))


@pytest.fixture(scope="module")
def columns(store: ox.Store) -> Columns:
    found = Columns.of(store)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?p ?o { :thing7 ?p ?o }",
        "SELECT ?s ?p { ?s ?p :thing7 }",
        "SELECT * { ?s :kind ?k ; :next :thing7 ; :name ?n FILTER (LANG(?n) = 'uk') }",
        "SELECT ?n { :thing1 :next/:next/:next/:name ?n FILTER LANGMATCHES(LANG(?n), 'en') } ORDER BY ?n LIMIT 1",
        "SELECT ?n { ?x :name ?n . ?y :next ?x . ?z :next ?y ; :size 5 FILTER (?x != ?z && isLiteral(?n)) }",
        "SELECT ?x ?n { VALUES ?x { :thing1 :thing2 :thing3 } ?x :name ?n }",
        "SELECT ?x ?n { VALUES ?x { :thing1 :leaf } OPTIONAL { ?x :name ?n FILTER (LANG(?n) = 'en') } }",
        "SELECT ?x { ?x :in ?y FILTER NOT EXISTS { ?y :in :trunk } } ORDER BY ?x",
        "SELECT DISTINCT ?k { VALUES ?x { :thing1 :thing2 } ?x :kind ?k }",
        "SELECT ?x { { ?x :in :branch } UNION { ?x :in :trunk } MINUS { ?x :in :branch } }",
        "SELECT (COUNT(*) AS ?n) (MAX(?s) AS ?m) { VALUES ?x { :thing1 :thing2 } ?x :size ?s }",
        "SELECT ?x { :leaf :in+ ?x }",
        "SELECT ?x { ?x :in* :leaf }",
        "SELECT ?x { :leaf :in? ?x }",
        "SELECT ?x { ?x ^:in+/:in? :trunk }",
        "ASK { :leaf :in+ :leaf }",
        "ASK { :leaf :none+ ?x }",
        "ASK { :thing1 :next ?x . ?x :next :thing3 }",
        "ASK { :thing1 :next :thing3 }",
        "ASK {}",
        "CONSTRUCT { ?y :before :leaf . :leaf ?p ?o . ?n :in ?y } { { ?y :in :leaf ; ?p ?o } UNION { :leaf :in ?n } }",
        "CONSTRUCT { ?n :in ?x } { VALUES ?x { :thing1 :leaf } OPTIONAL { ?x :name ?n } } LIMIT 5",
    ],
)
def test_small_is_answered_as_oxigraph_answers_it(columns: Columns, store: ox.Store, query: str) -> None:
    for format_ in (formats.N_TRIPLES,) if query.startswith("CONSTRUCT") else formats.RESULTS:
        order = ["n"] if "ORDER BY ?n" in query else []
        assert assert_alike(columns, store, PREFIX + query, format_, order, at_once), format_.name


@pytest.mark.parametrize(
    ("why", "query"),
    [
        ("a hub", "SELECT ?s { ?s :kind :kind }"),
        ("a hub, of which little is asked", "SELECT ?s { ?s :kind :kind } LIMIT 1"),
        ("a hub at the second step", "SELECT ?s { :thing1 :kind ?k . ?s :kind ?k }"),
        ("all of a predicate", "ASK { ?s :next ?o }"),
        ("all", "SELECT * { ?s ?p ?o } LIMIT 1"),
        ("a long way", "ASK { :thing1 :next+ :thing2999 }"),
        ("a path from anywhere", "SELECT ?x { ?x :in* ?y }"),
        ("a path from what is no node", "SELECT ?x { VALUES ?x { :next } ?x :next* ?y }"),
        ("a path from a stranger", "SELECT ?x { :nobody :next* ?x }"),
        ("a cross product", "SELECT * { :thing1 ?a ?b . :thing2 ?c ?d . :thing3 ?e ?f . :thing4 ?g ?h }"),
        ("a cross product of nothing new", "ASK { " + "{ :thing1 ?a ?b } UNION { :thing2 ?a ?b } " * 5 + "}"),
        ("a long text", "SELECT ?o { :long :text ?o }"),
        ("a text, often", "CONSTRUCT { " + "?s :p ?o , ?o . " * 9 + "} { :thing1 :kind ?s . :middle :text ?o }"),
        ("a long HAVING", "SELECT ?k { :leaf :in ?k } GROUP BY ?k HAVING (" + "?k != 1 && " * 9 + "?k != 1)"),
        ("a long text behind the limit", "SELECT ?o { :long ?p ?o } LIMIT 0"),
        ("texts are read", "SELECT ?n { :thing1 :name ?n FILTER REGEX(?n, '(a|a)*b') }"),
        ("texts are read", "SELECT ?n { :thing1 :name ?n FILTER CONTAINS(STR(?n), 'a') }"),
        ("many conditions", "ASK { :thing1 :size ?n " + "FILTER (?n > 0) " * 12 + "}"),
        ("a long condition", "ASK { :thing1 :size ?n FILTER (?n IN (" + ", ".join("123456789") + ")) }"),
        ("many keys to sort by", "SELECT ?p ?o { :thing1 ?p ?o } ORDER BY" + " ?p ?o" * 9),
        ("many aggregates", "SELECT " + " ".join(f"(MAX(?o) AS ?m{n})" for n in range(9)) + " { :thing1 ?p ?o }"),
        ("many constants", "SELECT ?x { VALUES ?x { " + ":thing1 " * 3 + " ".join(map(str, range(70))) + " } }"),
        ("many patterns", "ASK { " + ":thing1 :kind :kind . " * 70 + "}"),
        ("a large template", "CONSTRUCT { " + "?x :a :kind . " * 99 + "} { :thing1 ?p ?x . :thing2 ?q ?y }"),
        ("many columns", "SELECT * { VALUES ?a { :thing1 :thing2 :thing3 :thing4 :thing5 :thing6 } ?a ?b ?c . ?a ?d ?e"
         + "".join(f" OPTIONAL {{ ?a :none ?x{n} }}" for n in range(9)) + "}"),
        ("a long query", "ASK { :thing1 :next :thing2 }" + " " * 2_000),
        ("blank nodes of its own", "CONSTRUCT { [] :in ?x } { :leaf :in ?x }"),
        ("a literal that is new", "CONSTRUCT { ?x :in 'new' } { :leaf :in ?x }"),
        ("a path in a template", "CONSTRUCT { :leaf ^:in ?x } { :leaf :in ?x }"),
        ("values that nobody has", "SELECT ?x { VALUES ?x { :nobody } }"),
        ("a sign of a number", "ASK { :thing1 :size+1 }"),
        ("named graphs", "ASK { GRAPH ?g { :thing1 ?p ?o } }"),
        ("what is another each time", "SELECT ?x { :leaf :in ?x BIND (RAND() AS ?r) }"),
        ("a mistake", "SELECT ?x { :leaf :in ?x "),
    ],
)  # fmt: skip
def test_the_rest_is_left_to_others(columns: Columns, why: str, query: str) -> None:
    assert columns.at_once(PREFIX + query, formats.RESULTS_JSON, formats.TURTLE) is None, why


@pytest.mark.parametrize(
    "query",
    [
        "ASK{?s " + "a/" * 480 + "a 1" + ",1" * 480 + "}",
        "ASK{?s " + "a/" * 480 + "a ?v" + ",?o" * 310 + "}",
        "ASK{" + "{}" * 990 + "}",
        "ASK{" + "FILTER(?a=?a)" * 140 + "?a a ?a}",
    ],
)
def test_what_says_much_is_not_even_read(query: str) -> None:
    """A path of many steps to many objects stands for more patterns than it has words."""
    with pytest.raises(Declined):
        parse(cut(query)[0])


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?x { :leaf :in ?x } LIMIT 1 LIMIT",
        "SELECT ?x { :leaf :in ?x } LIMIT 1 OFFSET 0 OFFSET",
        "SELECT ?x { :leaf :in ?x } LIMIT 1 LIMIT 1",
        "SELECT ?x { :leaf :in ?x.:x :in ?y . :leaf :in :branch.:branch :in ?z }",
        "SELECT ?x { :leaf :inxsd:in }",
        "SELECT ?x { :leaf:in ?x }",
        "SELECT ?x {\f:leaf :in ?x }",
        'ASK { ?s ?p "',
        "ASK { ?s ?p 'a }",
        'ASK { ?s ?p "a\\" }',
        'ASK { ?s ?p "a\\',
        'ASK { ?s ?p "a\n" }',
        "SELECT ?x { :leaf\u00a0:in ?x }",
        "\u2003SELECT ?x { :leaf :in ?x }",
        "\x1cSELECT ?x { :leaf :in ?x }",
    ],
)
def test_a_mistake_is_left_to_who_tells_it(columns: Columns, store: ox.Store, query: str) -> None:
    with pytest.raises(KgError):
        theirs(store, PREFIX + query, formats.RESULTS_JSON)
    assert at_once(columns, PREFIX + query, formats.RESULTS_JSON) is None
    assert ours(Columns(columns.terms, columns.triples, always=True), PREFIX + query, formats.RESULTS_JSON) is None


def test_a_name_with_a_colon_is_one_name() -> None:
    store = store_of([ox.Quad(iri("a"), iri("p"), iri("k/c")), ox.Quad(iri("ab:c"), iri("p"), iri("a"))])
    columns = Columns.of(store, always=True)
    assert columns is not None
    query = f"PREFIX : <{EX}> PREFIX b: <{EX}k/> SELECT ?x ?y {{ VALUES ?x {{ :ab:c }} ?x :p ?y }}"
    expected = rows(theirs(store, query, formats.RESULTS_JSON), formats.RESULTS_JSON)
    for answer in (ours, at_once):
        found = answer(columns, query, formats.RESULTS_JSON)
        assert found is None or rows(found, formats.RESULTS_JSON) == expected


def test_pages_fit_together(columns: Columns) -> None:
    """Whether a query is small depends neither on LIMIT nor on OFFSET."""
    query = PREFIX + "SELECT ?p ?o { VALUES ?s { :thing1 :thing2 :thing3 } ?s ?p ?o }"
    pages = []
    for offset in range(0, 18, 4):
        found = at_once(columns, f"{query} LIMIT 4 OFFSET {offset}", formats.RESULTS_JSON)
        assert found is not None
        pages += json.loads(found)["results"]["bindings"]
    whole = at_once(columns, query, formats.RESULTS_JSON)
    assert whole is not None
    assert pages == json.loads(whole)["results"]["bindings"]


@pytest.mark.parametrize(("answer", "longest"), [(at_once, 2_000), (ours, 20_000)])
def test_pages_have_the_same_length(store: ox.Store, answer: Answer, longest: int) -> None:
    columns = Columns.of(store, always=True)
    assert columns is not None
    query = PREFIX + "SELECT ?p ?o { :thing1 ?p ?o }"
    query += " " * (longest - len(query + " LIMIT 4 OFFSET 0")) + " LIMIT 4 OFFSET {}"
    for offset in ("0", "1", "10", "100", "100000000000"):
        assert answer(columns, query.replace("{}", offset), formats.RESULTS_JSON) is not None
        assert answer(columns, " " * 9 + query.replace("{}", offset), formats.RESULTS_JSON) is None


@pytest.mark.parametrize(
    ("query", "small", "large", "walks"),
    [
        ("SELECT * { ?s ?p $x } LIMIT 5", ":thing7", ":kind", 4),
        ("SELECT * { ?s ?p $x FILTER (?s != :none) }", ":thing7", ":kind", 4),
        ("SELECT * { $x ?p ?n OPTIONAL { ?n :in ?m FILTER REGEX(STR(?m), 'a') } }", ":thing7", ":leaf", 4),
        ("SELECT * { $x ?p ?n }", ":thing7", ":long", 4),
        ("SELECT * { VALUES ?x { $x } ?s ?p ?x }", ":thing7", ":kind", 6),
        ("SELECT * { VALUES ?s { :thing1 :kind } FILTER (?s != $x) ?o ?p ?s }", ":kind", ":thing1", 6),
    ],
)
def test_what_is_large_by_its_patterns_is_not_walked_again(
    columns: Columns, monkeypatch: pytest.MonkeyPatch, query: str, small: str, large: str, walks: int
) -> None:
    """Other queries of its shape are; and it is walked again if a condition or a value might make it small."""
    own = Columns(columns.terms, columns.triples)
    walked: list[Walk] = []
    monkeypatch.setattr(Walk, "solutions", lambda walk: walked.append(walk) or SOLUTIONS(walk))
    asked = [PREFIX + query.replace("$x", f"<{EX}{name[1:]}>") for name in (small, large)]
    found = [at_once(own, text, formats.RESULTS_JSON) is not None for text in asked * 3]
    assert found == [True, False] * 3
    assert len(walked) == walks


def test_nothing_is_looked_at_beyond_the_limit(columns: Columns, monkeypatch: pytest.MonkeyPatch) -> None:
    query = PREFIX + "SELECT ?a ?b { :thing1 ?p ?a . ?b :next ?a }"
    for most in range(1, 60):
        monkeypatch.setattr(module, "_MOST_TRIPLES", most)
        found = Columns(columns.terms, columns.triples).at_once(query, formats.RESULTS_JSON, None)
        assert found is None or most > 10
    assert found is not None


@pytest.mark.parametrize("format_", [*formats.GRAPHS, *formats.DATASETS], ids=lambda f: f.name)
def test_graphs_are_the_same_in_every_syntax(format_: formats.Format) -> None:
    texts = ['q"uo\\te', "line\nbreak\r", "\ttab\x7f", "лікарня\U0001f3e5", "<&>"]
    values = [*map(ox.Literal, texts), ox.Literal("a", language="uk"), ox.Literal(7), ox.BlankNode("b"), iri("é")]
    columns = Columns.of(store_of([ox.Quad(iri("s"), iri("p"), value) for value in values]))
    assert columns is not None
    found = columns.at_once(PREFIX + "CONSTRUCT { ?s :new ?o . ?o :p ?s } { ?s :p ?o }", None, format_)
    assert found is not None
    expected = [ox.Quad(iri("s"), iri("new"), value) for value in values]
    expected += [ox.Quad(value, iri("p"), iri("s")) for value in values if not isinstance(value, ox.Literal)]
    datasets = ox.Dataset(ox.parse(found[1], format=ox_format(format_))), ox.Dataset(expected)
    for dataset in datasets:
        dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    assert datasets[0] == datasets[1]


def test_only_what_the_client_takes_is_given(columns: Columns) -> None:
    select, construct = PREFIX + "SELECT ?x { :leaf :in ?x }", PREFIX + "CONSTRUCT { ?x :in :leaf } { :leaf :in ?x }"
    assert columns.at_once(select, None, formats.TURTLE) is None
    assert columns.at_once(construct, formats.RESULTS_JSON, None) is None
    assert columns.at_once(construct, None, formats.TURTLE) is not None


def test_a_query_with_a_dataset_or_values_is_left_to_others(store: ox.Store) -> None:
    evaluator = Evaluator(store, EX, store).prepared()
    asked = Operation(PREFIX + "SELECT ?x { :leaf :in ?x }")
    assert evaluator.at_once(asked) is not None
    for other in (
        asked._replace(default_graphs=(EX,)),
        asked._replace(named_graphs=(EX,)),
        asked._replace(bindings=(("x", "1"),)),
    ):
        assert evaluator.at_once(other) is None


def test_a_bug_leaves_the_query_to_others(
    store: ox.Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("no answer")

    evaluator = Evaluator(store, EX, store).prepared()
    monkeypatch.setattr(Columns, "at_once", fail)
    assert evaluator.at_once(Operation("ASK {}")) is None
    assert "no answer" in caplog.text
