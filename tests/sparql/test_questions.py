"""What a request asks: a URL that has a query alone is read by a short cut, which leads to the same place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.sparql.questions import Question, understand
from kg.words.errors import BadInput

QUERIES = st.one_of(
    st.binary().filter(lambda b: b"&" not in b),
    st.text("ASK{}+%20=\\#é\x00", max_size=20).map(str.encode),
    st.lists(st.sampled_from([b"%", b"%4", b"%41", b"%C3%A9", b"%ff", b"\\x41", b"\\", b"+", b"u"])).map(b"".join),
)
ACCEPTS = st.sampled_from(["", "text/html", "text/csv", "application/n-triples, */*;q=0.1", "image/png"])


def understood(query_string: bytes, accept: str) -> Question | str:
    try:
        return understand("GET", "", query_string, b"", accept)
    except BadInput as error:
        return str(error)


@given(QUERIES, ACCEPTS)
def test_a_query_alone_is_read_as_it_is_among_others(query: bytes, accept: str) -> None:
    assert understood(b"query=" + query, accept) == understood(b"query=" + query + b"&other=1", accept)


@pytest.mark.parametrize(
    ("query_string", "text"),
    [(b"query=ASK+%7B%7D", "ASK {}"), (b"query=%22%5Cu0041%22", '"\\u0041"'), (b"query=100%", "100%"), (b"query=", "")],
)
def test_a_query_is_decoded_once(query_string: bytes, text: str) -> None:
    question = understand("GET", "", query_string, b"", None)
    assert question.operation
    assert question.sent.text == question.operation.query == text
