"""pySHACL as it is run here: faster, and with the same results."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.shacl.authority import Authority, as_shapes
from kg.words.errors import BadInput

FORBIDDEN = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
[] a sh:NodeShape ; sh:targetNode <urn:a>, <urn:b> ;
    sh:sparql [ sh:select "SELECT $this WHERE { $this ?p ?o MINUS { $this <urn:p> ?o } }" ] .
"""


def test_query_that_shacl_forbids_is_refused_each_time() -> None:
    authority = Authority(as_shapes(ox.parse(FORBIDDEN, ox.RdfFormat.TURTLE)))
    triples = [ox.Triple(ox.NamedNode("urn:a"), ox.NamedNode("urn:p"), ox.Literal("x"))]
    for _ in range(2):
        with pytest.raises(BadInput, match="MINUS"):
            authority.everything(triples)


def test_messages_with_what_a_query_found_are_told() -> None:
    shapes = FORBIDDEN.replace(" MINUS { $this <urn:p> ?o }", "").replace("$this W", "$this ?o W")
    shapes = shapes.replace("} }", "}").replace(" ] .", ' ; sh:message "It says {?o}." ] .')
    authority = Authority(as_shapes(ox.parse(shapes, ox.RdfFormat.TURTLE)))
    triples = [ox.Triple(ox.NamedNode("urn:a"), ox.NamedNode("urn:p"), ox.Literal("x"))]
    assert "It says x." in authority.everything(triples).serialize()
