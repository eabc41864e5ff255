"""Requests in each of the protocol's bindings. Source: SPARQL 1.1 Protocol, sections 2.1 and 2.2."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kg.words.errors import BadInput, UnsupportedMediaType
from kg.words.protocol import FORM, QUERY, UPDATE, Sent, receive

ASK = "ASK {}"
CLEAR = "CLEAR ALL"
G, H = "https://example.org/g", "https://example.org/h"


class Parameters:
    """Request parameters as a web framework has them."""

    def __init__(self, *pairs: tuple[str, str]) -> None:
        self.pairs = pairs

    def getlist(self, key: str) -> Sequence[str]:
        return [v for k, v in self.pairs if k == key]


NONE = Parameters()

Request = tuple[str, str, str, Parameters, Parameters, bytes]

UNDERSTOOD: dict[str, tuple[Request, Sent]] = {
    "query in a GET": (("query", "GET", "", Parameters(("query", ASK)), NONE, b""), Sent(ASK, (), ())),
    "HEAD is as GET": (("query", "HEAD", "", Parameters(("query", ASK)), NONE, b""), Sent(ASK, (), ())),
    "no query: the service description is wanted": (("query", "GET", "", NONE, NONE, b""), Sent(None, (), ())),
    "query in a form": (("query", "POST", FORM, NONE, Parameters(("query", ASK)), b""), Sent(ASK, (), ())),
    "query as the body": (("query", "POST", QUERY, NONE, NONE, ASK.encode()), Sent(ASK, (), ())),
    "body in Ukrainian": (("query", "POST", QUERY, NONE, NONE, "# їжак".encode()), Sent("# їжак", (), ())),
    "dataset in a GET": (
        ("query", "GET", "", Parameters(("query", ASK), ("default-graph-uri", G), ("named-graph-uri", H)), NONE, b""),
        Sent(ASK, (G,), (H,)),
    ),
    "several graphs": (
        ("query", "GET", "", Parameters(("query", ASK), ("default-graph-uri", G), ("default-graph-uri", H)), NONE, b""),
        Sent(ASK, (G, H), ()),
    ),
    "dataset in a form": (
        ("query", "POST", FORM, NONE, Parameters(("query", ASK), ("named-graph-uri", H)), b""),
        Sent(ASK, (), (H,)),
    ),
    "dataset in the URL of a direct POST": (
        ("query", "POST", QUERY, Parameters(("default-graph-uri", G)), NONE, ASK.encode()),
        Sent(ASK, (G,), ()),
    ),
    "update in a form": (("update", "POST", FORM, NONE, Parameters(("update", CLEAR)), b""), Sent(CLEAR, (), ())),
    "update as the body": (("update", "POST", UPDATE, NONE, NONE, CLEAR.encode()), Sent(CLEAR, (), ())),
    "dataset of an update": (
        ("update", "POST", UPDATE, Parameters(("using-graph-uri", G), ("using-named-graph-uri", H)), NONE, b"x"),
        Sent("x", (G,), (H,)),
    ),
    "an update has no dataset of queries": (
        ("update", "POST", UPDATE, Parameters(("default-graph-uri", G)), NONE, b"x"),
        Sent("x", (), ()),
    ),
}


@pytest.mark.parametrize(("request_", "expected"), UNDERSTOOD.values(), ids=UNDERSTOOD)
def test_request_is_understood(request_: Request, expected: Sent) -> None:
    assert receive(*request_) == expected


def _with_graph(iri: str) -> Request:
    return ("query", "GET", "", Parameters(("query", ASK), ("default-graph-uri", iri)), NONE, b"")


REFUSED: dict[str, tuple[Request, type[Exception], str]] = {
    "two queries": (("query", "GET", "", Parameters(("query", ASK), ("query", ASK)), NONE, b""), BadInput, "2 times"),
    "no query in a form": (("query", "POST", FORM, NONE, NONE, b""), BadInput, "no query parameter"),
    "update in a query's form": (
        ("query", "POST", FORM, NONE, Parameters(("update", CLEAR)), b""),
        BadInput,
        "no query parameter",
    ),
    "query in the URL of a form": (
        ("query", "POST", FORM, Parameters(("query", ASK)), Parameters(("query", ASK)), b""),
        BadInput,
        "URL",
    ),
    "query in the URL and the body": (("query", "POST", QUERY, Parameters(("query", ASK)), NONE, b"x"), BadInput, "2"),
    "body that is not UTF-8": (("query", "POST", QUERY, NONE, NONE, b"\xff"), BadInput, "UTF-8"),
    "an update sent to a query endpoint": (("query", "POST", UPDATE, NONE, NONE, b""), UnsupportedMediaType, UPDATE),
    "a query sent to an update endpoint": (("update", "POST", QUERY, NONE, NONE, b""), UnsupportedMediaType, QUERY),
    "JSON": (("query", "POST", "application/json", NONE, NONE, b"{}"), UnsupportedMediaType, "application/json"),
    "no Content-Type": (("query", "POST", "", NONE, NONE, b""), UnsupportedMediaType, "nothing"),
    "relative graph": (_with_graph("graph/a"), BadInput, "graph/a"),
    "graph with a space": (_with_graph("https://example.org/a b"), BadInput, "absolute IRI"),
    "graph that closes its bracket": (_with_graph("https://a/> {} #"), BadInput, "absolute IRI"),
    "graph with a line break": (_with_graph("https://example.org/\n"), BadInput, "absolute IRI"),
    "graph without a scheme": (_with_graph(":x"), BadInput, "absolute IRI"),
    "graph whose scheme begins with a digit": (_with_graph("1a:x"), BadInput, "absolute IRI"),
}


@pytest.mark.parametrize(("request_", "error", "said"), REFUSED.values(), ids=REFUSED)
def test_request_is_refused_with_a_reason(request_: Request, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said.replace("+", r"\+")):
        receive(*request_)
