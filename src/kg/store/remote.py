"""Another SPARQL endpoint as an engine. Source: SPARQL 1.1 Protocol, section 2.1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urljoin

from kg import __version__
from kg.store.operation import Abandonment, Answer, Operation
from kg.words import errors, formats
from kg.words.errors import BadInput, BrokenOff, KgError, NotAcceptable, NotSupported
from kg.words.formats import Format
from kg.words.printable import printable

if TYPE_CHECKING:
    from requests import Response

_WITHIN_S = (10, 600)
"""To connect, and between two parts of an answer."""
_CHUNK = 64 * 1024
_QUOTED = 300
_SYNTAXES = formats.RESULTS + formats.GRAPHS + formats.DATASETS


class RemoteEngine:
    """Asks an endpoint of whatever make. Raise BadInput if it cannot be reached, or what comes is no answer."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint

    def answer(self, operation: Operation, abandonment: Abandonment | None = None) -> Answer:
        if operation.bindings:
            raise NotSupported("the protocol cannot bind variables. Ask for a saved query, or put VALUES into the text")
        form = {
            "query": operation.query,
            "default-graph-uri": operation.default_graphs,
            "named-graph-uri": operation.named_graphs,
        }
        return self._ask("POST", self.endpoint, operation.results, operation.graph, abandonment, data=form)

    def saved(self, name: str, values: Mapping[str, str], results: Format | None, graph: Format | None) -> Answer:
        """The answer of a saved query, which a server like ours has beside its endpoint."""
        return self._ask(
            "GET", urljoin(self.endpoint, f"queries/{quote(name, safe='')}"), results, graph, params=values
        )

    def _ask(
        self,
        method: str,
        url: str,
        results: Format | None,
        graph: Format | None,
        abandonment: Abandonment | None = None,
        **request: Any,
    ) -> Answer:
        import requests

        headers = {
            "Accept": ", ".join(f.media_type for f in (results, graph) if f),
            "User-Agent": f"health-solidarity-kg/{__version__}",
        }
        try:
            response = requests.request(method, url, headers=headers, timeout=_WITHIN_S, stream=True, **request)
        except requests.RequestException as error:
            raise BadInput(f"no answer: {_reason(error)}", url) from None
        if abandonment:
            abandonment.subscribe(response.close)
        content_type = response.headers.get("Content-Type", "")
        if not response.ok:
            raise _refusal(response, content_type, url)
        format_ = formats.by_media_type(content_type, tuple(f for f in (results, graph) if f))
        if format_ is None:
            response.close()
            if formats.by_media_type(content_type, _SYNTAXES):
                raise NotAcceptable(f"the answer comes as {printable(content_type)}, which was not asked for", ())
            raise BadInput(f"answers in {printable(content_type) or 'no known syntax'}. Is it a SPARQL endpoint?", url)
        return Answer(format_, _chunks(response))


def _chunks(response: Response) -> Iterator[bytes]:
    from requests import RequestException

    with response:
        try:
            yield from response.iter_content(_CHUNK)
        except RequestException as error:
            raise BrokenOff(BadInput(f"the answer broke off: {_reason(error)}", response.url)) from None


def _refusal(response: Response, content_type: str, url: str) -> KgError:
    """What the endpoint says is wrong: its problem document as the error it was, else the beginning of its text."""
    try:
        with response:
            body = response.content
            problem = response.json() if content_type.startswith("application/problem+json") else None
    except ValueError:
        problem = None
    if isinstance(problem, dict):
        slug = str(problem.get("type", "")).rpartition("/")[2]
        line, column = problem.get("line"), problem.get("column")
        where = f"line {line}, column {column}" if line else ""
        what = printable(str(problem.get("detail") or problem.get("title") or response.reason))
        excerpt = "\n".join(printable(part) for part in str(problem.get("excerpt", "")).split("\n"))
        told = {"what": what.removeprefix(f"{where}: "), "where": where, "line": line, "column": column}
        return errors.restored(slug, {**told, "excerpt": excerpt, "offers": tuple(problem.get("offers", ()))})
    says = "" if "html" in content_type else printable(body[:_QUOTED].decode(errors="replace").strip())
    return BadInput(f"answers {response.status_code} {response.reason}{': ' if says else ''}{says}", url)


def _reason(error: Exception) -> str:
    """The innermost cause, which says most: what libraries put around it is their own affair."""
    while error.__context__ is not None and isinstance(error.__context__, Exception):
        error = error.__context__
    return printable(str(getattr(error, "strerror", "") or error))
