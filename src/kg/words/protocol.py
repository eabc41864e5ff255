"""An HTTP request as an Operation. Source: SPARQL 1.1 Protocol, sections 2.1 and 2.2."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from kg.words.errors import BadInput, UnsupportedMediaType
from kg.words.names import is_absolute

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"


class Parameters(Protocol):
    """Request parameters, in Werkzeug's manner."""

    def getlist(self, key: str) -> Sequence[str]: ...


class Sent(NamedTuple):
    """What a client sent, whichever binding it used.

    text  the query or update; None when it sent none, as one who asks for the service description does
    """

    text: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]


def receive(kind: str, method: str, media_type: str, args: Parameters, form: Parameters, body: bytes) -> Sent:
    """The query or update (`kind`) of a request in any of the protocol's bindings.

    Raise BadInput for a text missing or repeated, a body not in UTF-8, or a graph IRI that is not absolute;
    UnsupportedMediaType for a POST in another syntax.
    """
    direct, graph_prefix = (QUERY, "") if kind == "query" else (UPDATE, "using-")
    if method != "POST":
        parameters, texts = args, list(args.getlist(kind)) if kind == "query" else []
    elif media_type == FORM:
        parameters, texts = form, list(form.getlist(kind))
        if args.getlist(kind):
            raise BadInput(f"{kind} is given in the URL of a POST with a form. Put it into the form")
    elif media_type == direct:
        parameters = args
        texts = [_decode(body), *args.getlist(kind)]
    else:
        found = f'"{media_type}"' if media_type else "nothing"
        raise UnsupportedMediaType(f"a POST carries {FORM} or {direct}; Content-Type says {found}")
    if len(texts) > 1:
        raise BadInput(f"{kind} is given {len(texts)} times. Give it once")
    if method == "POST" and not texts:
        hint = ". Updates go to /sparql/update" if kind == "query" and form.getlist("update") else ""
        raise BadInput(f"the form has no {kind} parameter{hint}")
    return Sent(
        texts[0] if texts else None,
        _graphs(parameters, f"{graph_prefix or 'default-'}graph-uri"),
        _graphs(parameters, f"{graph_prefix}named-graph-uri"),
    )


def _graphs(parameters: Parameters, name: str) -> tuple[str, ...]:
    graphs = tuple(parameters.getlist(name))
    for graph in graphs:
        if not is_absolute(graph):
            raise BadInput(
                f'{name}="{graph}" is not an absolute IRI. Give the whole of it, as https://example.org/graph'
            )
    return graphs


def _decode(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise BadInput("the body is not UTF-8") from None
