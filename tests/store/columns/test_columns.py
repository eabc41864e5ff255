"""What columns take, what they leave to Oxigraph, and what that costs the processes around them."""

from __future__ import annotations

import gc
import io
import json
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pyoxigraph as ox
import pytest

from kg.bench import hostile
from kg.store import project, release
from kg.store.columns.columns import Columns
from kg.store.columns.triples import _index
from kg.store.evaluate import Evaluator
from kg.store.operation import Operation
from kg.words import formats, settings
from tests.conftest import ROOT
from tests.store.columns.comparing import EX, assert_alike, iri, ours, rows, store_of
from tests.store.columns.worlds import XSD

PREFIX = f"PREFIX : <{EX}> "
THINGS = 6_000


@pytest.fixture(scope="module")
def store() -> ox.Store:
    """Things with names in two languages, sizes and links: 30,000 triples."""

    def triples() -> Iterator[ox.Quad]:
        for n in range(THINGS):
            thing = iri(f"thing/{n}")
            yield ox.Quad(thing, iri("name"), ox.Literal(f"Thing {n}", language="en"))
            yield ox.Quad(thing, iri("name"), ox.Literal(f"Річ {n}", language="uk"))
            yield ox.Quad(thing, iri("size"), ox.Literal(n % 100))
            yield ox.Quad(thing, iri("next"), iri(f"thing/{(n + 1) % THINGS}"))
            yield ox.Quad(thing, iri("kind"), iri(f"kind/{n % 7}"))

    return store_of(list(triples()))


@pytest.fixture(scope="module")
def columns(store: ox.Store) -> Columns:
    found = Columns.of(store)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("query", "taken"),
    [
        ("SELECT ?p ?o { :thing\\/7 ?p ?o }", False),
        (f"SELECT ?p ?o {{ <{EX}thing/7> ?p ?o }} LIMIT 10", False),
        (f"SELECT ?n {{ <{EX}thing/7> :next ?x . ?x :next ?y . ?y :name ?n }}", False),
        ("ASK { :nothing ?p ?o }", False),
        ("SELECT ?s ?o { ?s :name ?o }", True),
        ("SELECT ?kind (COUNT(*) AS ?n) { ?s :kind ?kind } GROUP BY ?kind", True),
        ("SELECT ?s { ?s :name ?o FILTER CONTAINS(STR(?o), '99') } LIMIT 3", True),
        ("SELECT ?s ?o { ?s :size ?o } ORDER BY DESC(?o) ?s LIMIT 10", True),
        (f"SELECT ?s ?n {{ ?s :kind <{EX}kind/3> OPTIONAL {{ ?s :name ?n }} }}", True),
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", False),
        ("DESCRIBE ?s WHERE { ?s ?p ?o }", False),
        ("SELECT ?s { GRAPH ?g { ?s ?p ?o } }", False),
        ("SELECT ?s FROM <http://example.org/g> { ?s ?p ?o }", False),
        ("SELECT ?s { ?s :next+ ?o }", False),
        ("SELECT (STR(?o) AS ?t) { ?s :name ?o }", False),
        ("SELECT ?s { ?s :name ?o } LIMIT", False),
    ],
)
def test_large_questions_are_taken(store: ox.Store, columns: Columns, query: str, taken: bool) -> None:
    assert (ours(columns, PREFIX + query, formats.RESULTS_JSON) is not None) is taken
    if taken and "LIMIT" not in query:
        assert_alike(columns, store, PREFIX + query, formats.RESULTS_JSON, [])


GROUPS = "SELECT ?o (COUNT(*) AS ?n) { ?s :p ?o } GROUP BY ?o HAVING "


@pytest.mark.parametrize(
    ("objects", "query"),
    [
        ("1, 2", "SELECT ?s (COUNT(*) AS ?n) { ?s :p ?o } GROUP BY ?s HAVING (?n > 1)"),
        ("1, 2", "SELECT ?o { ?s :p ?o } HAVING (?o > 1)"),
        ("1, 2", "SELECT ?o { ?s :p ?o } HAVING (1 > 2)"),
        ('3, "5"^^xsd:float', GROUPS + "(?o > 2)"),
        ('3, "5"^^xsd:float', GROUPS + "(?o = 5)"),
        ('3, "5"^^xsd:float', GROUPS + "(?o != 5)"),
        ('3, "5"^^xsd:float', GROUPS + "(SAMPLE(?o) > 2)"),
        ('"2020-01-01+02:00"^^xsd:date', GROUPS + '(?o < "2020-01-02"^^xsd:date)'),
        ("3, 1.5", "SELECT ?o { ?s :p ?o FILTER (?o < 1000000000000000000000.0) }"),
        ("3, 200000000000000000000.0", "SELECT (MAX(?o) AS ?n) { ?s :p ?o }"),
        ("0.00000000000000000001", "SELECT (SUM(?o) AS ?n) { ?s :p ?o }"),
        ("3, 0.0", 'SELECT ?s { ?s :p "-0"^^xsd:decimal }'),
        ("3", f"SELECT ?o {{ ?s :p ?o FILTER (?o < {'9' * 5_000}) }}"),
        ("3", "SELECT * { ?a :p ?b FILTER EXISTS { ?c :p ?d MINUS { ?a :p ?b } } }"),
        ("3", "SELECT * { ?a :p ?b FILTER NOT EXISTS { ?c :p ?d MINUS { ?a :p ?b } } }"),
    ],
    ids=lambda text: text[-60:],
)
def test_what_oxigraph_sees_otherwise_is_left_to_it(objects: str, query: str) -> None:
    prefixes = f"PREFIX : <{EX}> PREFIX xsd: <{XSD}> "
    store = ox.Store()
    store.load(f"{prefixes} :s :p {objects} .".encode(), ox.RdfFormat.TURTLE)
    columns = Columns.of(store, always=True)
    assert columns is not None
    assert ours(columns, prefixes + query, formats.RESULTS_TSV) is None


def test_pages_fit_together_whatever_their_size(columns: Columns) -> None:
    query = PREFIX + "SELECT DISTINCT ?s ?o { ?s :kind ?kind ; :name ?o }"
    pages = []
    for offset, limit in ((0, 1), (1, 20), (21, 5_000), (5_021, 100_000)):
        found = ours(columns, f"{query} OFFSET {offset} LIMIT {limit}", formats.RESULTS_TSV)
        assert found is not None
        pages += rows(found, formats.RESULTS_TSV)[1]
    assert len(pages) == len(set(pages)) == 2 * THINGS


@pytest.mark.parametrize("sign", ["ASC", "DESC"])
def test_the_first_of_an_order_are_those_of_the_whole(columns: Columns, sign: str) -> None:
    query = PREFIX + f"SELECT ?size ?s {{ ?s :size ?size }} ORDER BY {sign}(?size) ?s"
    found = [ours(columns, text, formats.RESULTS_TSV) for text in (query, query + " LIMIT 7 OFFSET 3")]
    assert found[0] is not None
    assert found[1] is not None
    whole, part = (rows(body, formats.RESULTS_TSV)[1] for body in found if body)
    assert part == whole[3:10]


def test_an_order_that_is_none_for_later_rows_is_left_to_oxigraph_whole() -> None:
    quads = [ox.Quad(iri(f"s{n}"), iri("size"), ox.Literal(n)) for n in range(40)]
    quads += [ox.Quad(iri(f"s{n}"), iri("p"), ox.Literal(n if n < 20 else f"text {n}")) for n in range(40)]
    columns = Columns.of(store_of(quads), always=True)
    assert columns is not None
    query = PREFIX + "SELECT ?s {{ ?s :size ?size ; :p ?o }} ORDER BY ?size {} LIMIT 3"
    assert ours(columns, query.format("?o"), formats.RESULTS_TSV) is None
    assert ours(columns, query.format(""), formats.RESULTS_TSV) is not None


@pytest.mark.parametrize("order", ["?o ?s", "DESC(?o) ?s", "?t DESC(?o) ?s", "?o DESC(?t) DESC(?s)"])
@pytest.mark.parametrize("limit", ["", "LIMIT 1", "LIMIT 5 OFFSET 2"])
def test_numbers_and_things_are_in_the_order_of_oxigraph(order: str, limit: str) -> None:
    texts = ["1", "-1e300", "INF", "-INF", "0", "-0e0", "2.5", "1.0", "1e300", "3", "3.0", "-7"]
    kinds = ["double" if t[-1] == "F" or "e" in t else "decimal" if "." in t else "integer" for t in texts]
    values = [ox.Literal(t, datatype=ox.NamedNode(XSD + k)) for t, k in zip(texts, kinds, strict=True)]
    objects = [*values, iri("b"), iri("a"), iri("c")]
    quads = [ox.Quad(iri(f"s{n}"), iri("p"), o) for n, o in enumerate(objects * 3)]
    quads += [ox.Quad(iri(f"s{n}"), iri("q"), ox.Literal(f"t{n % 4}")) for n in range(0, 45, 2)]
    store = store_of(quads)
    columns = Columns.of(store, always=True)
    assert columns is not None
    query = PREFIX + f"SELECT ?o ?t ?s {{ ?s :p ?o OPTIONAL {{ ?s :q ?t }} }} ORDER BY {order} {limit}"
    by = re.findall(r"\w", order.replace("DESC", ""))
    assert assert_alike(columns, store, query, formats.RESULTS_TSV, by)


def test_a_known_shape_with_other_constants_is_not_parsed_again(
    columns: Columns, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = PREFIX + "SELECT ?s {{ ?s :name ?o FILTER (LANG(?o) = \"{}\" && CONTAINS(STR(?o), '{}')) }} LIMIT {} # {}"
    first = ours(columns, query.format("en", "Thing 77", 100, "x"), formats.RESULTS_CSV)
    monkeypatch.setattr("kg.store.columns.columns.parse", lambda _: pytest.fail("parsed"))
    second = ours(columns, query.format("uk", "Річ 123", 200, "it's <other>"), formats.RESULTS_CSV)
    assert first is not None
    assert second is not None
    assert first.splitlines()[1:4] == [f"{EX}thing/{n}".encode() for n in (77, 770, 771)]
    assert second.splitlines()[1:3] == [f"{EX}thing/{n}".encode() for n in (123, 1230)]


def test_rows_flow_before_all_are_there(columns: Columns) -> None:
    write = columns.answer(PREFIX + "SELECT * { ?a ?b ?c . ?d ?e ?f }", formats.RESULTS_CSV)
    assert write is not None

    class Full(Exception):
        pass

    class Short(io.RawIOBase):
        left = 3_000_000

        def write(self, data: object) -> int:
            self.left -= len(data)  # type: ignore[arg-type]
            if self.left < 0:
                raise Full
            return 0

    began = time.process_time()
    with pytest.raises(Full):
        write(Short())
    assert time.process_time() - began < 2


def test_numbers_that_a_query_computes_are_those_of_the_store(store: ox.Store, columns: Columns) -> None:
    query = (
        PREFIX
        + """SELECT ?kind (COUNT(?s) AS ?n) (SUM(?size) AS ?sum) (AVG(?size) AS ?mean) (MIN(?size) AS ?least)
      (MAX(?size) AS ?most) (COUNT(DISTINCT ?size) AS ?sizes) { ?s :kind ?kind ; :size ?size } GROUP BY ?kind
      HAVING (COUNT(?s) > 857) ORDER BY DESC(?n) ?kind"""
    )
    assert assert_alike(columns, store, query, formats.RESULTS_JSON, ["n"])


def test_sample_is_one_of_the_group(columns: Columns) -> None:
    query = PREFIX + "SELECT ?kind (SAMPLE(?s) AS ?one) { ?s :kind ?kind } GROUP BY ?kind"
    found = json.loads(ours(columns, query, formats.RESULTS_JSON) or b"{}")["results"]["bindings"]
    assert len(found) == 7
    for row in found:
        assert int(row["one"]["value"].rpartition("/")[2]) % 7 == int(row["kind"]["value"].rpartition("/")[2])


def test_a_cross_product_is_counted_without_being_made(columns: Columns) -> None:
    found = ours(columns, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", formats.RESULTS_TSV)
    assert found == f"?n\n{(5 * THINGS) ** 3}\n".encode()
    assert (
        ours(
            columns,
            "SELECT (COUNT(*) AS ?n) {" + "".join(f"?a{i} ?b{i} ?c{i} . " for i in range(5)) + "}",
            formats.RESULTS_TSV,
        )
        is None
    )


@pytest.mark.parametrize("term", ["<<( :a :b :c )>>", '"x"@en--ltr'])
def test_a_store_with_terms_of_rdf_1_2_has_no_columns(term: str) -> None:
    store = ox.Store()
    store.load(f"@prefix : <{EX}> . :s :p {term} .".encode(), ox.RdfFormat.TURTLE)
    assert Columns.of(store) is None


def test_many_terms_are_sorted_like_few() -> None:
    numbers = np.random.default_rng(1).integers(0, 50, (200, 3))
    given = {name: numbers[:, i].astype(np.int64) for i, name in enumerate("spo")}
    few, many = _index("pso", given, 50), _index("pso", given, 1 << 22)
    assert (few.second == many.second).all()
    assert (few.third == many.third).all()
    assert (few.offsets == many.offsets[:51]).all()


@pytest.mark.parametrize("triples", [10, 21_000])
def test_evaluator_has_columns_for_a_default_graph(triples: int) -> None:
    default = store_of([ox.Quad(iri(f"{n}"), iri("p"), ox.Literal(n)) for n in range(triples)])
    evaluator = Evaluator(ox.Store(), EX, default).prepared()
    assert evaluator.columns is not None
    answer = evaluator.evaluate(Operation("SELECT * { ?s ?p ?o }", formats.RESULTS_CSV))
    output = io.BytesIO()
    answer[1](output)
    assert output.getvalue().count(b"\r\n") == triples + 1
    assert Evaluator(default, EX).prepared().columns is None


def test_query_with_a_dataset_or_values_is_for_oxigraph() -> None:
    default = store_of([ox.Quad(iri(f"{n}"), iri("p"), ox.Literal(n)) for n in range(21_000)])
    evaluator = Evaluator(ox.Store(), EX, default).prepared()
    query = "SELECT ?s ?o { ?s ?p ?o }"
    for operation in (
        Operation(query, formats.RESULTS_CSV, default_graphs=(EX + "none",)),
        Operation(query, formats.RESULTS_CSV, bindings=(("s", f"<{EX}5>"),)),
    ):
        output = io.BytesIO()
        evaluator.evaluate(operation)[1](output)
        assert output.getvalue().count(b"\r\n") == (1 if operation.default_graphs else 2)


def failing(monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> bytes:
    """What is answered where columns raise an error."""

    def fail(*_: object) -> None:
        raise error("no answer")

    monkeypatch.setattr(Columns, "answer", fail)
    default = store_of([ox.Quad(iri("a"), iri("p"), ox.Literal("x"))])
    evaluator = Evaluator(ox.Store(), EX, default, Columns.of(default))
    output = io.BytesIO()
    evaluator.evaluate(Operation("SELECT ?o { ?s ?p ?o }", formats.RESULTS_CSV))[1](output)
    return output.getvalue()


@pytest.mark.parametrize("error", [ValueError, OverflowError, IndexError])
def test_where_columns_fail_oxigraph_answers_and_the_log_tells(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: type[Exception]
) -> None:
    assert failing(monkeypatch, error) == b"o\r\nx\r\n"
    assert [record.exc_info and record.exc_info[0] for record in caplog.records] == [error]


def test_where_columns_have_no_memory_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MemoryError):
        failing(monkeypatch, MemoryError)


def test_saved_queries_give_the_same() -> None:
    built = release.build(project.read(settings.load(ROOT)))
    assert built.default is not None
    columns = Columns.of(built.default, always=True)
    assert columns is not None
    answered = [
        q.name
        for q in built.saved.queries.values()
        if assert_alike(columns, built.default, q.text, formats.RESULTS_JSON, [])
    ]
    assert len(answered) >= 5


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells which memory is a process's own")
def test_an_export_leaves_the_memory_of_the_parent_alone(columns: Columns) -> None:
    def own() -> int:
        lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Private_Dirty:"))

    def export() -> None:
        write = columns.answer("SELECT * { ?s ?p ?o }", formats.RESULTS_JSON)
        assert write is not None
        write(Nowhere())

    def stays_small() -> bool:
        before = own()
        export()
        return own() - before < 25_000

    assert in_child(stays_small) == 0


@pytest.mark.parametrize(
    "name", ["cross product", "distinct of a cross product", "groups of a cross product", "many regular expressions"]
)
def test_hostile_query_dies_within_its_time(columns: Columns, name: str) -> None:
    forced = Columns(columns.terms, columns.triples, always=True)
    queries = [text for n, text in hostile.queries() if n == name]

    def run(text: str) -> bool:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        write = forced.answer(text, formats.RESULTS_JSON)
        if write is not None:
            write(Nowhere())
        return True

    began = time.monotonic()
    statuses = [in_child(partial(run, text)) for text in queries]
    assert set(statuses) <= {0, -signal.SIGALRM}
    assert time.monotonic() - began < len(queries) * 2


class Nowhere(io.RawIOBase):
    def write(self, data: object) -> int:
        return len(data)  # type: ignore[arg-type]


def in_child(run: Callable[[], bool]) -> int:
    """The exit status of a forked process: 0 if what it ran is true, a signal as a negative number."""
    pid = os.fork()
    if pid == 0:
        gc.freeze()  # as the parent of the workers does, so that what is shared stays so
        os._exit(0 if run() else 1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
