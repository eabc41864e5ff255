"""What a request to the endpoint asks, whoever receives it. Source: SPARQL 1.1 Protocol, section 2.1."""

from __future__ import annotations

from email.message import Message
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from kg.store.operation import Operation
from kg.words import formats, negotiate
from kg.words.errors import BadInput, UnsupportedMediaType
from kg.words.formats import HTML, Format
from kg.words.protocol import FORM, Sent, receive

GRAPH_SYNTAXES = formats.GRAPHS + formats.DATASETS
_SUFFIXES = {f.suffix: f for f in formats.RESULTS + GRAPH_SYNTAXES}
_QUERY = b"query="
_UTF_8 = ("", "utf-8", "utf8", "us-ascii")
_MAX_PARAMETERS = 1000
_MAX_MEDIA_TYPE = 1000
"""Characters of a Content-Type: the time that the library takes to read one grows with the square of its length."""


class Question(NamedTuple):
    """A request to the endpoint.

    operation  to evaluate; None where no query was sent
    page       the answer is for a browser
    """

    sent: Sent
    operation: Operation | None
    page: bool


class _Values:
    """The parameters of a URL or a form. Source: URL Standard, section 5.1."""

    def __init__(self, encoded: bytes, where: str) -> None:
        self._values: dict[str, list[str]] = {}
        if not encoded:
            return
        if encoded.count(b"&") >= _MAX_PARAMETERS:
            raise BadInput(f"{where} has more than {_MAX_PARAMETERS} parameters. Send fewer")
        for parameter in filter(None, encoded.split(b"&")):
            name, _, value = parameter.partition(b"=")
            self._values.setdefault(_text(name, where), []).append(_text(value, where))

    def getlist(self, key: str) -> list[str]:
        return self._values.get(key, [])


def _text(encoded: bytes, where: str) -> str:
    try:
        return _unquoted(encoded.replace(b"+", b" ")).decode()
    except UnicodeDecodeError:  # it would reach the evaluator as something else
        raise BadInput(f"{where} has percent-encoded bytes that are not UTF-8") from None


def _unquoted(encoded: bytes) -> bytes:
    """The bytes that percent-encoding stands for. Escapes of strings are read by C code, ten times as fast."""
    if b"%" not in encoded:
        return encoded
    escaped = encoded.replace(b"\\", b"\\\\").replace(b"%", b"\\x")
    try:
        return escaped.decode("unicode_escape").encode("latin-1")
    except UnicodeDecodeError:  # a per cent sign that begins nothing
        return unquote_to_bytes(encoded)


def understand(method: str, content_type: str, query_string: bytes, body: bytes, accept: str | None) -> Question:
    """What a GET, HEAD or POST asks.

    Raise BadInput for parameters missing, repeated or wrong; UnsupportedMediaType for another type or charset of body.
    """
    if method == "GET" and query_string.startswith(_QUERY) and b"&" not in query_string and not content_type:
        text = _text(query_string[len(_QUERY) :], "the URL")  # most programs ask so
        results, graph, page = _syntaxes("", accept)
        return Question(Sent(text, (), ()), Operation(text, results, graph), page)
    media_type = _media_type(content_type)
    args = _Values(query_string, "the URL")
    form = _Values(body if media_type == FORM else b"", "the form")
    sent = receive("query", method, media_type, args, form, body)
    if sent.text is None:
        return Question(sent, None, page=False)
    ours = {name: _one(name, args, form) for name in ("format", "output", "timeout")}
    results, graph, page = _syntaxes(ours["format"] or ours["output"], accept)
    operation = Operation(sent.text, results, graph, sent.default_graphs, sent.named_graphs, _seconds(ours["timeout"]))
    return Question(sent, operation, page)


@lru_cache(maxsize=256)
def _media_type(content_type: str) -> str:
    if len(content_type) > _MAX_MEDIA_TYPE:
        raise UnsupportedMediaType(f"the Content-Type is longer than {_MAX_MEDIA_TYPE} characters")
    header = Message()
    header["Content-Type"] = content_type
    charset = str(header.get_param("charset", "")).lower()
    if charset not in _UTF_8:
        raise UnsupportedMediaType(f'the body is in "{charset}". Send UTF-8')
    return content_type.partition(";")[0].strip().lower()


def _one(name: str, args: _Values, form: _Values) -> str:
    """A parameter of ours, from the URL or a form; empty if it is missing. Raise BadInput if it is repeated."""
    found = args.getlist(name) + form.getlist(name)
    if len(found) > 1:
        raise BadInput(f"{name} is given {len(found)} times. Give it once")
    return found[0] if found else ""


def _seconds(text: str) -> float | None:
    """`?timeout=`."""
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise BadInput(f'timeout="{text}" is not a number of seconds above 0')
    return seconds


@lru_cache(maxsize=256)
def _syntaxes(suffix: str, accept: str | None) -> tuple[Format | None, Format | None, bool]:
    """The syntax for results, that for graphs, and whether a page is wanted.

    suffix  what `?format=` names, which goes before Accept
    """
    if not suffix:
        page = negotiate.choose(accept, (*formats.RESULTS, *GRAPH_SYNTAXES, HTML)) is HTML
        return negotiate.choose(accept, formats.RESULTS), negotiate.choose(accept, GRAPH_SYNTAXES), page
    named = _SUFFIXES.get(suffix) or formats.by_media_type(suffix, tuple(_SUFFIXES.values()))
    if named is None:
        raise BadInput(f'format "{suffix}" is unknown. Known are {", ".join(sorted(_SUFFIXES))}')
    return (named, None, False) if named in formats.RESULTS else (None, named, False)
