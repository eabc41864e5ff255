"""SPARQL text taken apart: what counts as a keyword, what would reach another server, which dataset an update sees."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.store.sparql_text import keywords, with_using, without_requests
from kg.words.errors import BadInput, KgError, NotAllowed

E = "https://example.org/"
SERVER = "<http://127.0.0.1:1/>"
BODY = "{ ?h ?i ?j }"

NOT_KEYWORDS = {
    "string": 'ASK { ?s ?p "SERVICE" }',
    "string in single quotes": "ASK { ?s ?p 'a SERVICE b' }",
    "string with an escaped quote": r'ASK { ?s ?p "\" SERVICE \"" }',
    "long string": 'ASK { ?s ?p """SERVICE "" \n SERVICE""" }',
    "long string in single quotes": "ASK { ?s ?p '''SERVICE ' \n SERVICE''' }",
    "long string that ends in an escaped quote": 'ASK { ?s ?p """x\\" SERVICE""" }',
    "comment": "ASK {} # SERVICE",
    "comment, old Macintosh line end": "# SERVICE\rASK {}",
    "IRI": "ASK { ?s ?p <https://example.org/SERVICE> }",
    "IRI with a fragment": "ASK { ?s ?p <https://example.org/a#SERVICE> }",
    "prefixed name": "PREFIX e: <https://example.org/> ASK { ?s ?p e:SERVICE }",
    "prefixed name with dots": "PREFIX e: <https://example.org/> ASK { ?s ?p e:a.SERVICE }",
    "prefixed name with an escape": r"PREFIX e: <https://example.org/> ASK { ?s ?p e:a\/SERVICE }",
    "empty prefix": "PREFIX : <https://example.org/> ASK { ?s ?p :SERVICE }",
    "prefix of that name": "PREFIX service: <https://example.org/> ASK { ?s ?p service:x }",
    "hyphen in a prefix": "PREFIX my-service: <https://example.org/> ASK { ?s ?p my-service:x }",
    "variable": "ASK { ?SERVICE $service ?o }",
    "blank node": "ASK { _:SERVICE ?p ?o }",
    "language tag": 'ASK { ?s ?p "x"@service }',
    "Cyrillic look-alikes": "ASK { ?s ?p ?о } # ЅЕRVICE",
}


@pytest.mark.parametrize("text", NOT_KEYWORDS.values(), ids=NOT_KEYWORDS)
def test_word_that_is_no_keyword_is_no_reason_to_refuse(text: str) -> None:
    assert "SERVICE" not in keywords(text)
    assert without_requests(text) == text
    ox.Store().query(text)


KEYWORDS = {
    "plain": f"ASK {{ SERVICE {SERVER} {BODY} }}",
    "small letters": f"ASK {{ service {SERVER} {BODY} }}",
    "no spaces": f"ASK{{SERVICE{SERVER}{{?h ?i ?j}}}}",
    "behind a comment": f"ASK {{ # x\nSERVICE {SERVER} {BODY} }}",
    "behind a comment, old Macintosh line end": f"ASK {{ # x\rSERVICE {SERVER} {BODY} }}",
    "behind a string with a hash": f'ASK {{ BIND("#" AS ?x) SERVICE {SERVER} {BODY} }}',
    "behind an IRI with a hash": f"ASK {{ BIND(<{E}#x> AS ?x) SERVICE {SERVER} {BODY} }}",
    "behind an escaped quote": rf'ASK {{ BIND("\"" AS ?x) SERVICE {SERVER} {BODY} }} #"',
    "behind an escaped backslash": rf'ASK {{ BIND("\\" AS ?x) SERVICE {SERVER} {BODY} }} #"',
    "behind an empty string": f"ASK {{ BIND('' AS ?x) SERVICE {SERVER} {BODY} }} #'",
    "behind an empty long string": f'ASK {{ BIND("""""" AS ?x) SERVICE {SERVER} {BODY} }} #"""',
    "spelled with a code point": f"ASK {{ SER\\u0056ICE {SERVER} {BODY} }}",
    "spelled with long code points": f"ASK {{ \\U00000053ERVICE {SERVER} {BODY} }}",
    "glued to SILENT": f"ASK {{ SERVICESILENT{SERVER}{BODY} }}",
    "glued to a prefix": f"PREFIX e: {SERVER} ASK {{ SERVICEe:{BODY} }}",
    "glued to a truth value": f"ASK {{ ?a ?b trueSERVICE {SERVER} {BODY} }}",
    "glued to a number": f"ASK {{ ?a ?b 2e3SERVICE {SERVER} {BODY} }}",
    "behind a comparison that looks like an IRI": f"ASK {{ FILTER(1<2)SERVICE#>\n{SERVER} {BODY} }}",
    "behind escapes that hide it in both readings": (
        f'ASK {{ BIND("\\u0022 a" AS ?z) BIND(<{E}\\u0041#> AS ?y) SERVICE {SERVER} {BODY} }} #"'
    ),
}


@pytest.mark.parametrize("text", KEYWORDS.values(), ids=KEYWORDS)
def test_service_is_refused_however_it_is_written(text: str) -> None:
    """All of these are queries for Oxigraph, which would ask the server."""
    with pytest.raises(KgError) as caught:
        without_requests(text)
    assert isinstance(caught.value, NotAllowed | BadInput)


LOADS = {
    "plain": f"LOAD {SERVER}",
    "into a graph": f"LOAD {SERVER} INTO GRAPH <{E}g>",
    "second of two": f"INSERT DATA {{ <{E}a> <{E}b> 1 }} ; LOAD {SERVER}",
    "small letters": f"load {SERVER}",
    "spelled with a code point": f"L\\u004FAD {SERVER}",
    "no spaces": f"LOAD{SERVER}",
}


@pytest.mark.parametrize("text", LOADS.values(), ids=LOADS)
def test_load_is_refused(text: str) -> None:
    with pytest.raises(NotAllowed, match="LOAD"):
        without_requests(text)


SILENT = {
    "plain": f"LOAD SILENT {SERVER}",
    "into a graph": f"LOAD SILENT {SERVER} INTO GRAPH <{E}g>",
    "with a comment between": f"LOAD # why\n SILENT # not\n {SERVER}",
    "prefixed": f"PREFIX e: {SERVER} LOAD SILENT e:x",
    "two": f"LOAD SILENT {SERVER} ; LOAD SILENT {SERVER}",
    "spelled with a code point": f"LOAD S\\u0049LENT {SERVER}",
    "glued together": f"LOADSILENT{SERVER}",
}


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT)
def test_silent_load_fails_silently_and_asks_nobody(text: str) -> None:
    try:
        rewritten = without_requests(text)
    except KgError:
        return
    assert "127.0.0.1" not in rewritten.partition("LOAD")[2]
    ox.Store().update(rewritten)


STRINGS = {
    "escaped quotes by code point": r"say \u0022hi\u0022",
    "escaped backslash by code point": r"a\u005Cb",
    "escaped line break by code point": r"a\u000Ab",
    "words": "LOAD SILENT <x>",
}


@pytest.mark.parametrize("string", STRINGS.values(), ids=STRINGS)
def test_what_is_inserted_beside_a_silent_load_is_inserted_as_written(string: str) -> None:
    insert = f'INSERT DATA {{ <{E}a> <{E}b> "{string}" }}'
    expected, found = ox.Store(), ox.Store()
    expected.update(insert)
    found.update(without_requests(f"{insert} ; LOAD SILENT {SERVER}"))
    assert set(found) == set(expected)


INSIDE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\\"), max_size=30)


@settings(deadline=None)
@given(INSIDE, st.sampled_from(['"', "'", '"""', "'''"]))
def test_words_inside_a_string_are_never_keywords(inside: str, quote: str) -> None:
    escapes = {quote[0]: "\\" + quote[0], "\n": "\\n", "\r": "\\r"}
    written = "".join(escapes.get(c, c) for c in inside + " SERVICE LOAD")
    query = f"SELECT * {{ ?s ?p {quote}{written}{quote} }}"
    ox.Store().query(query)
    assert keywords(query) == {"SELECT"}


@settings(deadline=None)
@given(INSIDE)
def test_words_inside_a_comment_are_never_keywords(inside: str) -> None:
    comment = inside.replace("\r", "").replace("\n", "")
    query = f"SELECT # {comment} SERVICE\n* {{}}"
    ox.Store().query(query)
    assert keywords(query) == {"SELECT"}


@settings(deadline=None)
@given(st.text(max_size=80))
def test_no_text_is_too_strange_to_take_apart(text: str) -> None:
    keywords(text)


G, H = E + "g", E + "h"


def dataset() -> ox.Store:
    """One triple in the default graph, one in each of two named graphs."""
    store = ox.Store()
    graphs: tuple[ox.DefaultGraph | ox.NamedNode, ...] = (ox.DefaultGraph(), ox.NamedNode(G), ox.NamedNode(H))
    for n, graph in enumerate(graphs):
        store.add(ox.Quad(ox.NamedNode(E + "s"), ox.NamedNode(E + "p"), ox.Literal(n), graph))
    return store


def copied(store: ox.Store) -> set[str]:
    found = store.quads_for_pattern(None, ox.NamedNode(E + "q"), None, None)
    return {q.object.value for q in found if isinstance(q.object, ox.Literal)}


COPY = f"INSERT {{ ?s <{E}q> ?o }} WHERE {{ ?s <{E}p> ?o }}"
NAMED_COPY = f"INSERT {{ ?s <{E}q> ?o }} WHERE {{ GRAPH ?g {{ ?s <{E}p> ?o }} }}"
USING = {
    "no dataset": (COPY, (), (), {"0"}),
    "a default graph": (COPY, (G,), (), {"1"}),
    "two default graphs": (COPY, (G, H), (), {"1", "2"}),
    "a named graph": (NAMED_COPY, (), (H,), {"2"}),
    "small letters": (COPY.lower(), (G,), (), {"1"}),
    "two operations": (f"{COPY} ;\n{NAMED_COPY}", (G,), (H,), {"1", "2"}),
    "the word in a string": (f'INSERT {{ ?s <{E}q> "WHERE" }} WHERE {{ ?s <{E}p> ?o }}', (G,), (), {"WHERE"}),
    "a comment before it": (f"INSERT {{ ?s <{E}q> ?o }} # WHERE\nWHERE {{ ?s <{E}p> ?o }}", (G,), (), {"1"}),
    "a subquery": (f"INSERT {{ ?s <{E}q> ?o }} WHERE {{ SELECT * WHERE {{ ?s <{E}p> ?o }} }}", (G,), (), {"1"}),
    "delete and insert": (
        f"DELETE {{ ?s <{E}r> ?o }} INSERT {{ ?s <{E}q> ?o }} WHERE {{ ?s <{E}p> ?o }}",
        (H,),
        (),
        {"2"},
    ),
}


@pytest.mark.parametrize(("text", "default", "named", "expected"), USING.values(), ids=USING)
def test_where_clauses_see_the_dataset_of_the_request(
    text: str, default: tuple[str, ...], named: tuple[str, ...], expected: set[str]
) -> None:
    store = dataset()
    store.update(with_using(text, default, named))
    assert copied(store) == expected


def test_data_operations_have_no_dataset() -> None:
    text = f"INSERT DATA {{ <{E}s> <{E}q> 7 }}"
    assert with_using(text, (G,), ()) == text


def test_delete_where_sees_the_dataset_or_is_refused() -> None:
    """The short form allows no USING clause, and deleting from another graph than the one named is no answer."""
    store = dataset()
    try:
        store.update(with_using(f"DELETE WHERE {{ ?s <{E}p> ?o }}", (E + "empty",), ()))
    except BadInput:
        return
    assert len(store) == 3


@pytest.mark.parametrize("clause", [f"WITH <{G}>", f"with <{G}>"], ids=["WITH", "with"])
def test_update_that_names_a_dataset_itself_is_refused(clause: str) -> None:
    with pytest.raises(BadInput, match="Use one or the other"):
        with_using(f"{clause} {COPY}", (G,), ())


def test_update_with_using_of_its_own_is_refused() -> None:
    with pytest.raises(BadInput):
        with_using(COPY.replace("WHERE", f"USING <{H}> WHERE"), (G,), ())
