"""RDF that a server sends, parsed without asking anybody else behind the client's back."""

from __future__ import annotations

import json
import logging
import re
import warnings
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urljoin

from rdflib import BNode, Dataset, Graph
from rdflib.compare import isomorphic

from kg.contract import links
from kg.contract.client import Client, Exchange, Unanswered

GRAPHS: Final = {
    "text/turtle": "turtle",
    "application/ld+json": "json-ld",
    "application/rdf+xml": "xml",
    "application/n-triples": "nt",
}
"""Media types of graphs, with rdflib's names of their parsers."""
DATASETS: Final = {"application/n-quads": "nquads", "application/trig": "trig"}
PARSERS: Final = GRAPHS | DATASETS
ACCEPT: Final = (
    "text/turtle, application/ld+json;q=0.9, application/rdf+xml;q=0.8, application/n-triples;q=0.7, "
    "application/trig;q=0.6, application/n-quads;q=0.5"
)
"""Any RDF, what is easiest to read first."""

_NESTED = re.compile(rb"(?:[(\[]\s*){200}")
_MAX_BLANK_NODES = 300
_MAX_CONTEXTS = 5


class NotRdf(Exception):
    """A body that is not the RDF its media type says."""


def parse(client: Client, exchange: Exchange) -> Graph:
    """The triples of a response; those of all its graphs, if it has several.

    Remote JSON-LD contexts are fetched with the client. Raise NotRdf.
    """
    response = exchange.response
    parser = PARSERS.get(response.media_type)
    if parser is None:
        raise NotRdf(f'Content-Type "{response.header("content-type")}" is no RDF')
    if response.truncated:
        raise NotRdf("it is too long to be read")
    if parser in ("turtle", "trig") and _NESTED.search(response.body):
        raise NotRdf("it is nested more deeply than is read")  # which the parser would do until the stack is full
    source: str | bytes = response.body
    if parser == "json-ld":
        source = _with_contexts(client, exchange)
    logging.getLogger("rdflib").setLevel(logging.CRITICAL)  # what it would warn of is reported, or harmless
    found = Graph()
    read = Dataset(default_union=True) if parser in (*DATASETS.values(), "json-ld") else found
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of rdflib about itself
            read.parse(data=source, format=parser, publicID=exchange.request.url)
            for triple in read.triples((None, None, None)) if read is not found else ():
                found.add(triple)
    except Exception as error:  # given strange text, its parsers raise whatever they please
        reason = " ".join(str(error).split())[:200]
        raise NotRdf(f"it does not parse as {response.media_type}: {type(error).__name__}: {reason}") from error
    return found


def same(one: Graph, other: Graph) -> bool:
    """Whether two graphs are isomorphic. With very many blank nodes, whether they are but for how these are joined."""
    nodes = {t for triple in one for t in triple if isinstance(t, BNode)}
    if nodes and len(nodes) <= _MAX_BLANK_NODES:
        return bool(isomorphic(one, other))
    return sorted(_anonymous(one)) == sorted(_anonymous(other))


def _anonymous(graph: Graph) -> Iterator[str]:
    return (" ".join("_" if isinstance(term, BNode) else term.n3() for term in triple) for triple in graph)


def _with_contexts(client: Client, exchange: Exchange) -> str:
    """JSON-LD with its remote contexts put in their places."""
    try:
        document = json.loads(exchange.response.body)
        return json.dumps(_inlined(client, document, exchange.request.url, 0))
    except (ValueError, RecursionError) as error:
        raise NotRdf(f"it does not parse as JSON: {error}") from None
    except Unanswered as error:
        raise NotRdf(f"its context <{error.request.url}> cannot be had: {error.why}") from None


def _inlined(client: Client, value: Any, url: str, depth: int) -> Any:
    if isinstance(value, list):
        return [_inlined(client, member, url, depth) for member in value]
    if not isinstance(value, dict):
        return value
    if "@import" in value:
        raise NotRdf("its context imports another, which is not read here")
    return {
        name: _context(client, member, url, depth) if name == "@context" else _inlined(client, member, url, depth)
        for name, member in value.items()
    }


def _context(client: Client, value: Any, url: str, depth: int) -> Any:
    if isinstance(value, list):
        return [_context(client, member, url, depth) for member in value]
    if not isinstance(value, str):
        return _inlined(client, value, url, depth)
    if depth == _MAX_CONTEXTS:
        raise NotRdf("its contexts refer to each other without end")
    target = urljoin(url, value)
    answer = client.get(target, "application/ld+json, application/json;q=0.9")
    if answer.response.media_type not in ("application/ld+json", "application/json"):
        # JSON-LD 1.1 API, section 9.4: a page may name its context in a Link header
        for link in links.found(answer, "alternate"):
            if link.type == "application/ld+json":
                target, answer = link.target, client.get(link.target, "application/ld+json")
                break
    try:
        found = json.loads(answer.response.body)
    except ValueError:
        raise NotRdf(f"its context <{target}> is no JSON") from None
    inner = found.get("@context", {}) if isinstance(found, dict) else {}
    return _context(client, inner, target, depth + 1)
