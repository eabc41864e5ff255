"""Terms from one library to the other and back."""

from __future__ import annotations

import logging

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import isomorphic

from kg.shacl.terms import from_rdflib, to_rdflib
from kg.words.names import XSD

E = "https://example.org/"
TERMS = {
    "IRI": "<https://example.org/a>",
    "IRI in Cyrillic": "<https://example.org/ї>",
    "string": '"a"',
    "string with line breaks": '"a\\n\\"b\\""',
    "language": '"Ґанок"@uk',
    "language with a region": '"a"@en-GB',
    "integer": "1",
    "integer as it is written": '"01"^^<http://www.w3.org/2001/XMLSchema#integer>',
    "decimal": "1.50",
    "boolean": "true",
    "ill-typed date": '"2031-13-45"^^<http://www.w3.org/2001/XMLSchema#date>',
    "ill-typed number": '"x"^^<http://www.w3.org/2001/XMLSchema#integer>',
    "unknown datatype": '"[2013..]"^^<http://id.loc.gov/datatypes/edtf>',
}


@pytest.mark.parametrize("term", TERMS.values(), ids=TERMS)
def test_term_comes_back_as_it_was(term: str, caplog: pytest.LogCaptureFixture) -> None:
    (quad,) = ox.parse(f"<{E}s> <{E}p> {term} .".encode(), format=ox.RdfFormat.TURTLE)
    with caplog.at_level(logging.WARNING):
        (object_,) = to_rdflib([quad], rdflib.Graph()).objects()
    assert from_rdflib(object_) == quad.object
    assert caplog.records == []


def test_xsd_string_is_a_plain_literal_for_rdflib() -> None:
    typed = ox.Quad(
        ox.NamedNode(E + "s"), ox.NamedNode(E + "p"), ox.Literal("a", datatype=ox.NamedNode(XSD + "string"))
    )
    (object_,) = to_rdflib([typed], rdflib.Graph()).objects()
    assert isinstance(object_, rdflib.Literal)
    assert object_.datatype is None


def test_graph_with_blank_nodes_is_the_same_graph() -> None:
    turtle = f'@prefix e: <{E}> . e:s e:list ( 1 "2"@uk [ e:p e:o ] ) . [] e:q _:x . _:x e:r 3.0 .'
    converted = to_rdflib(ox.parse(turtle.encode(), format=ox.RdfFormat.TURTLE), rdflib.Graph())
    assert isomorphic(converted, rdflib.Graph().parse(data=turtle, format="turtle"))
