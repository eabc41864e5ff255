"""Files to quads: syntaxes, encodings, mistakes, and where each statement stands."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.store import rdf_io
from kg.store.rdf_io import Document
from kg.words.errors import BadInput
from kg.words.findings import Finding, Place, Severity
from kg.words.formats import READABLE

GRAPH = "https://example.org/kg/graph/a"
BASE = "https://example.org/kg/"


def read(folder: Path, name: str, content: str | bytes) -> Document | Finding:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return rdf_io.read(path, name, GRAPH, BASE)


def document(folder: Path, name: str, content: str | bytes) -> Document:
    found = read(folder, name, content)
    assert isinstance(found, Document), found
    return found


def finding(folder: Path, name: str, content: str | bytes) -> Finding:
    found = read(folder, name, content)
    assert isinstance(found, Finding)
    assert found.severity is Severity.ERROR
    return found


SAME = {
    "a.ttl": "@prefix e: <https://example.org/kg/> . e:a e:b <c> .",
    "a.nt": "<https://example.org/kg/a> <https://example.org/kg/b> <https://example.org/kg/c> .",
    "a.nq": "<https://example.org/kg/a> <https://example.org/kg/b> <https://example.org/kg/c> .",
    "a.trig": "@prefix e: <https://example.org/kg/> . { e:a e:b <c> . }",
    "a.jsonld": '{"@id": "a", "https://example.org/kg/b": {"@id": "c"}}',
    "a.rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="https://example.org/kg/">'
    '<rdf:Description rdf:about="a"><e:b rdf:resource="c"/></rdf:Description></rdf:RDF>',
}


@pytest.mark.parametrize(("name", "content"), SAME.items(), ids=SAME)
def test_every_syntax_gives_the_same_triple_in_the_files_graph(tmp_path: Path, name: str, content: str) -> None:
    a, b, c = (ox.NamedNode(BASE + x) for x in "abc")
    expected = ox.Quad(a, b, c, ox.NamedNode(GRAPH))
    assert document(tmp_path, name, content).quads == (expected,)


def test_graphs_that_a_file_names_are_kept(tmp_path: Path) -> None:
    found = document(tmp_path, "a.trig", "<g> { <a> <b> 1 } { <a> <b> 2 }")
    assert [q.graph_name for q in found.quads] == [ox.NamedNode(BASE + "g"), ox.NamedNode(GRAPH)]


def test_file_without_triples_is_a_document(tmp_path: Path) -> None:
    assert document(tmp_path, "a.ttl", "# nothing yet\n").quads == ()


def test_suffix_that_names_no_syntax_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"a\.csv.*\.csv.*\.ttl"):
        read(tmp_path, "a.csv", "")


def test_file_that_cannot_be_opened_is_bad_input_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").mkdir()
    with pytest.raises(BadInput, match=r"a\.ttl: cannot be read"):
        rdf_io.read(tmp_path / "a.ttl", "a.ttl", GRAPH, BASE)


E = "@prefix e: <https://example.org/kg/> .\n"
MISTAKES: dict[str, tuple[str, str | bytes, Place, str]] = {
    "unterminated string, more lines behind": (
        "a.ttl",
        f'{E}e:a e:b 1 .\n\n  e:a e:b "x .\ne:a e:b "y" .\n',
        Place("a.ttl", 4, 15),
        "the string that begins at column 11 is not closed",
    ),
    "unterminated string at the end": ("a.ttl", f'{E}e:a e:b "x', Place("a.ttl", 2, 9), "not closed"),
    "unterminated long string": ("a.ttl", f'{E}e:a e:b """x\ny\n', Place("a.ttl", 2, 9), "not closed"),
    "undeclared prefix": (
        "a.ttl",
        f"{E}\n e:a foo:b 1 .\n",
        Place("a.ttl", 3, 6),
        'unknown prefix "foo". Declare it at the top of the file: @prefix foo:',
    ),
    "undeclared empty prefix": ("a.ttl", ":a <b> 1 .", Place("a.ttl", 1, 1), 'unknown prefix ""'),
    "undeclared prefix of a datatype": ("a.ttl", '<a> <b> "1"^^xsd:integer .', Place("a.ttl", 1, 14), '"xsd"'),
    "IRI with a space": ("a.ttl", "<a> <b> 1 .\n<a> <b c> 1 .\n", Place("a.ttl", 2, 5), "' '"),
    "column counts characters and not bytes": ("a.ttl", '<a> <b> "ї", "є", <c d> .', Place("a.ttl", 1, 19), "' '"),
    "merge conflict": (
        "a.ttl",
        "<a> <b> 1 .\n<<<<<<< HEAD\n<a> <b> 2 .\n=======\n<a> <b> 3 .\n>>>>>>> other\n",
        Place("a.ttl", 2, 1),
        "unresolved merge conflict",
    ),
    "merge conflict with CRLF": (
        "a.ttl",
        "<<<<<<< HEAD\r\n<a> <b> 2 .\r\n=======\r\n<a> <b> 3 .\r\n>>>>>>> other\r\n",
        Place("a.ttl", 1, 1),
        "unresolved merge conflict",
    ),
    "UTF-16, little-endian": ("a.ttl", "<a> <b> 1 .".encode("utf-16"), Place("a.ttl", 1), "not UTF-8"),
    "UTF-16, big-endian": ("a.ttl", b"\xfe\xff" + "<a> <b> 1 .".encode("utf-16-be"), Place("a.ttl", 1), "not UTF-8"),
    "byte-order mark": ("a.ttl", b"\xef\xbb\xbf<a> <b> 1 .", Place("a.ttl", 1, 1), "remove the byte-order mark"),
    "Windows-1251": ("a.ttl", "<a> <b> 1 .\n# ї".encode("cp1251"), Place("a.ttl", 2, 3), "not UTF-8: byte 0xbf"),
    "JSON-LD": ("a.jsonld", '{"@id": "x",\n "a": }', Place("a.jsonld", 2, 7), "curly bracket"),
    "JSON-LD with a context from the web": (
        "a.jsonld",
        '{"@context": "https://schema.org/", "name": "x"}',
        Place("a.jsonld"),
        "context",
    ),
    "TriG": ("a.trig", "<g> {\n <a> <b> 1 ;;\n <c> }", Place("a.trig", 3, 6), ""),
    "N-Triples": ("a.nt", "<a:a> <a:b> <a:c> .\n<a:a> <a:b> .\n", Place("a.nt", 2, 13), ""),
}


@pytest.mark.parametrize(("name", "content", "place", "said"), MISTAKES.values(), ids=MISTAKES)
def test_mistake_is_told_with_its_place(
    tmp_path: Path, name: str, content: str | bytes, place: Place, said: str
) -> None:
    found = finding(tmp_path, name, content)
    assert (found.place, found.rule) == (place, "syntax")
    assert said in found.message


def test_rdf_xml_that_is_not_well_formed_is_told(tmp_path: Path) -> None:
    head = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="https://example.org/">\n'
    place = finding(tmp_path, "a.rdf", head + "<e:C></rdf:RDF>").place
    assert place is not None
    assert place.path == "a.rdf"


def test_lines_of_equals_signs_in_a_string_are_no_merge_conflict(tmp_path: Path) -> None:
    text = '<a> <b> """One\n=======\ntext\nTwo\n=======\n""" .'
    assert len(document(tmp_path, "a.ttl", text).quads) == 1


def test_entities_within_entities_of_xml_are_refused_before_they_fill_the_memory(tmp_path: Path) -> None:
    """Nine such lines make a gigabyte of a few hundred bytes."""
    entities = (
        '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">'
    )
    text = (
        f'<?xml version="1.0"?><!DOCTYPE rdf:RDF [{entities}]>'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="https://example.org/">'
        "<rdf:Description rdf:about='https://example.org/a'><e:b>&c;</e:b></rdf:Description></rdf:RDF>"
    )
    assert "entit" in finding(tmp_path, "a.rdf", text).message.lower()


def test_entities_that_shorten_namespaces_are_read(tmp_path: Path) -> None:
    text = (
        '<?xml version="1.0"?><!DOCTYPE rdf:RDF [<!ENTITY e "https://example.org/kg/">]>'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="https://example.org/kg/">'
        '<rdf:Description rdf:about="&e;a"><e:b rdf:resource="&e;c"/></rdf:Description></rdf:RDF>'
    )
    assert document(tmp_path, "a.rdf", text).quads[0].object == ox.NamedNode(BASE + "c")


ANNOTATED = """@prefix e: <https://example.org/kg/> .

e:a a e:Clinic ;
    e:beds 120 {| e:quotes "1" |} ;
    e:name "Лікарня"@uk {| e:quotes "2",
        "3" ;
        e:mode e:sure |} ,
        "Clinic"@en ;
    e:open true .

# a comment
e:b e:text \"\"\"two
lines\"\"\" ; e:at "2020"^^e:year ;
    e:part [ e:c 1 ;
        e:d 2 ] ;
    e:list ( 1
        2 ) .
<c> e:p <d> , <e> .   e:last e:p e:q .
"""


def test_every_statement_of_an_annotated_file_has_its_line(tmp_path: Path) -> None:
    found = document(tmp_path, "a.ttl", ANNOTATED)
    at = {
        (q.predicate.value.rpartition("/")[2].rpartition("#")[2], q.object.value): found.place(i)
        for i, q in enumerate(found.quads)
        if isinstance(q.object, ox.Literal | ox.NamedNode)
    }
    expected = {
        ("type", BASE + "Clinic"): (3, 1),
        ("beds", "120"): (4, 5),
        ("quotes", "1"): (4, 5),
        ("name", "Лікарня"): (5, 5),
        ("quotes", "2"): (5, 5),
        ("quotes", "3"): (6, 9),
        ("mode", BASE + "sure"): (7, 9),
        ("name", "Clinic"): (8, 9),
        ("open", "true"): (9, 5),
        ("text", "two\nlines"): (13, 1),
        ("at", "2020"): (13, 1),
        ("c", "1"): (14, 5),
        ("d", "2"): (15, 9),
        ("first", "1"): (16, 5),
        ("first", "2"): (17, 9),
        ("p", BASE + "d"): (18, 1),
        ("p", BASE + "e"): (18, 1),
        ("p", BASE + "q"): (18, 1),
    }
    assert {k: at.get(k) for k in expected} == {k: Place("a.ttl", *v) for k, v in expected.items()}


def test_reified_triple_stands_where_its_triple_does(tmp_path: Path) -> None:
    found = document(tmp_path, "a.ttl", ANNOTATED)
    lines = [found.place(i).line for i, q in enumerate(found.quads) if isinstance(q.object, ox.Triple)]
    assert lines == [4, 5]


PUNCTUATION = {
    "plain string, semicolon on the next line": ('e:a e:b "x"\n  ;\n  e:c 1 .', 2),
    "plain string, full stop on the next line": ('e:a e:b "x"\n.\n', 2),
    "plain string, comma on the next line": ('e:a e:b "x"\n  , 2 .', 2),
    "plain string, comment between": ('e:a e:b "x" # why\n\n# and so on\n.', 2),
    "plain string, annotation on the next line": ('e:a e:b "x"\n  {| e:quotes "1" |} .', 2),
    "plain string, next subject two lines below": ('e:a e:b "x" .\n\ne:b e:c 1 .', 2),
    "string with a language": ('e:a e:b "x"@uk\n  ; e:c 1 .', 2),
    "string with a datatype": ('e:a e:b "x"^^e:d\n  ; e:c 1 .', 2),
    "number": ("e:a e:b 12\n  ; e:c 1 .", 2),
    "number before the full stop": ("e:a e:b 12.\n\n\ne:b e:c 1 .", 2),
    "boolean": ("e:a e:b true\n.", 2),
    "prefixed name": ("e:a e:b e:c\n.", 2),
    "prefixed name before the full stop": ("e:a e:b e:c.\n\n\ne:d e:c 1 .", 2),
    "IRI": ("e:a e:b <c>\n.", 2),
    "long string": ('e:a e:b """x\ny"""\n.', 3),
}


@pytest.mark.parametrize(("text", "line"), PUNCTUATION.values(), ids=PUNCTUATION)
def test_line_is_that_of_the_object_and_not_of_what_comes_behind(tmp_path: Path, text: str, line: int) -> None:
    found = document(tmp_path, "a.ttl", E + text)
    index = next(i for i, q in enumerate(found.quads) if q.predicate == ox.NamedNode(BASE + "b"))
    assert found.place(index).line == line


LINE_BASED = {
    "a.nt": '<a:a> <a:b> "x" .\n# c\n\n<a:a> <a:b> "y"@uk .   \n<a:a> <a:b> <a:c> .',
    "a.nq": '<a:a> <a:b> "x" .\n# c\n\n<a:a> <a:b> "y"@uk <a:g> .\n<a:a> <a:b> <a:c> .\n',
    "a.trig": '<a:g> { <a:a> <a:b> "x" .\n# c\n\n <a:a> <a:b> "y"@uk .\n}{ <a:a> <a:b> <a:c> . }',
    "crlf.ttl": '<a:a> <a:b> "x" .\r\n# c\r\n\r\n<a:a> <a:b> "y"@uk .\r\n<a:a> <a:b> <a:c> .\r\n',
}


@pytest.mark.parametrize(("name", "content"), LINE_BASED.items(), ids=LINE_BASED)
def test_line_is_known_in_every_syntax_of_the_turtle_family(tmp_path: Path, name: str, content: str) -> None:
    found = document(tmp_path, name, content)
    assert [found.place(i).line for i in range(3)] == [1, 4, 5]


@pytest.mark.parametrize("name", ["a.jsonld", "a.rdf"])
def test_no_line_is_told_where_the_parser_reads_ahead(tmp_path: Path, name: str) -> None:
    assert document(tmp_path, name, SAME[name]).place(0) == Place(name)


def test_what_is_written_can_be_read_again() -> None:
    triple = ox.Triple(ox.NamedNode(BASE + "a"), ox.NamedNode(BASE + "b"), ox.Literal('"ї"\n', language="uk"))
    for format_ in READABLE:
        body = rdf_io.serialize([triple], format_, {"e": BASE})
        assert [q.triple for q in ox.parse(body, format=rdf_io.ox_format(format_))] == [triple]
