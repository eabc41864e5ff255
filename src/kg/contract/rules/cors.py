"""Line 8: pages of other origins may read everything, errors too."""

from __future__ import annotations

from kg.contract import accepts
from kg.contract.client import Exchange
from kg.contract.rule import Outcome, Rule, broken, kept
from kg.contract.site import HTML, Thing

_ORIGIN = "https://kg-contract.example"
_CORS = "Fetch Standard, CORS protocol"
_EXPOSED = {"link", "etag", "content-location", "location"}


def _exchanges(thing: Thing) -> list[Exchange]:
    """A success of each kind and an error of each kind, all asked as a browser does for another origin."""
    asked: list[tuple[str, str | None]] = [
        (thing.url, "text/turtle"),
        (thing.document, "text/turtle"),
        (thing.document, HTML),
        (thing.document, "image/x-kg-contract"),
        (thing.document + "-kg-contract-nobody-0", "text/turtle"),
    ]
    return [thing.client.get(url, accept, Origin=_ORIGIN) for url, accept in asked]


def _open(thing: Thing) -> Outcome:
    successes = [e for e in _exchanges(thing) if e.response.status < 400]
    return _any_origin(successes)


def _errors_too(thing: Thing) -> Outcome:
    return _any_origin([e for e in _exchanges(thing) if e.response.status >= 400])


def _any_origin(exchanges: list[Exchange]) -> Outcome:
    for exchange in exchanges:
        if (value := exchange.response.header("access-control-allow-origin")) != "*":
            return broken(f'Access-Control-Allow-Origin is "{value}", not *', exchange)
    return kept(next(iter(exchanges), None))


def _no_credentials(thing: Thing) -> Outcome:
    for exchange in _exchanges(thing):
        if exchange.response.header("access-control-allow-credentials"):
            return broken("credentials are asked for, which * forbids", exchange)
    return kept(exchange)


def _exposes(thing: Thing) -> Outcome:
    for exchange in _exchanges(thing)[:2]:
        listed = exchange.response.listed("access-control-expose-headers")
        missing = _EXPOSED - listed
        if missing and "*" not in listed:
            return broken(f"not exposed: {', '.join(sorted(missing))}", exchange)
    return kept(exchange)


def _preflight(thing: Thing) -> Exchange:
    return thing.client.ask(
        "OPTIONS", thing.document,
        Origin=_ORIGIN, Access_Control_Request_Method="GET", Access_Control_Request_Headers="accept",
    )  # fmt: skip


def _long_accept(thing: Thing) -> Outcome:
    answer = _preflight(thing)
    if not 200 <= answer.response.status < 300:
        return broken(f"the status is {answer.response.status}, not 2xx", answer)
    if answer.response.header("access-control-allow-origin") != "*":
        return broken("there is no Access-Control-Allow-Origin: *", answer)
    if not answer.response.listed("access-control-allow-headers") & {"accept", "*"}:
        return broken("Access-Control-Allow-Headers does not name Accept", answer)
    return kept(answer)


def _max_age(thing: Thing) -> Outcome:
    answer = _preflight(thing)
    if not answer.response.header("access-control-max-age").isdecimal():
        return broken("there is no Access-Control-Max-Age, so every request is asked for twice", answer)
    return kept(answer)


RULES = (
    Rule("8.1", "Things and documents say Access-Control-Allow-Origin: *.", _CORS, _open),
    Rule("8.2", "Errors say it too.", _CORS, _errors_too),
    Rule("8.3", "No credentials are allowed.", "Fetch Standard, CORS protocol and credentials", _no_credentials),
    Rule("8.4", "Link, ETag, Content-Location and Location are exposed.", "Fetch Standard, HTTP responses", _exposes),
    Rule(
        "8.5", f"A preflight allows an Accept of more than 128 bytes, such as the {len(accepts.COMUNICA)} of Comunica.",
        "Fetch Standard, CORS-safelisted request-header", _long_accept,
    ),
    Rule("8.6", "A preflight says how long it holds.", "Fetch Standard, HTTP responses", _max_age),
)  # fmt: skip
