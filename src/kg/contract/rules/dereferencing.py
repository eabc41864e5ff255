"""Lines 1 and 2: from a thing to its document, whose subject is the thing byte for byte."""

from __future__ import annotations

from kg.contract import rdf
from kg.contract.client import Exchange
from kg.contract.rule import Outcome, Rule, broken, inapplicable, kept
from kg.contract.site import HTML, Thing, Unknown

_OTHER_HOST = "kg-contract.example:8080"
_COOL = "Cool URIs for the Semantic Web, section 4.2"


def _is_hash(thing: Thing) -> bool:
    return "#" in thing.iri


def _answers_303(thing: Thing) -> Outcome:
    first = thing.walk[0]
    if _is_hash(thing):
        return inapplicable("an IRI with # needs no redirect", first)
    if first.response.status != 303:
        return broken(f"the status is {first.response.status}, not 303", first)
    if not first.response.header("location"):
        return broken("there is no Location", first)
    return kept(first)


def _in_one_hop(thing: Thing) -> Outcome:
    if _is_hash(thing):
        return inapplicable("an IRI with # needs no redirect")
    if len(thing.walk) == 1 and thing.walk[0].response.status == 200:
        return inapplicable("the thing answers without a redirect", thing.walk[0])
    last = thing.walk[-1]
    if last.response.status != 200:
        return broken(f"the document's status is {last.response.status}, not 200", last)
    if len(thing.walk) > 2:
        return broken(f"the document is {len(thing.walk) - 1} redirects away", thing.walk[1])
    return kept(last)


def _keeps_tls(thing: Thing) -> Outcome:
    if not thing.url.startswith("https:"):
        return inapplicable("the site is asked over http")
    for step, following in zip(thing.walk, thing.walk[1:], strict=False):
        if following.request.url.startswith("http:"):
            return broken("a redirect leads from https to http", step)
    return kept(thing.walk[0])


def _location_is_ascii(thing: Thing) -> Outcome:
    redirects = [step for step in thing.walk if step.response.header("location")]
    for step in redirects:
        location = step.response.header("location")
        if not all("!" <= c <= "~" for c in location):
            return broken(f"Location has characters that no URI has: {location!a}", step)
    return kept(redirects[0]) if redirects else inapplicable("there is no redirect", thing.walk[0])


def _whatever_is_accepted(thing: Thing) -> Outcome:
    first = thing.walk[0]
    if not 300 <= first.response.status < 400:
        return inapplicable("there is no redirect", first)
    for accept in (HTML, "image/png", "*/*", None):
        answer = thing.client.get(thing.url, accept)
        if answer.response.status != first.response.status:
            return broken(f"the status is {answer.response.status}, for RDF {first.response.status}", answer)
    return kept(first)


def _head_of_thing(thing: Thing) -> Outcome:
    get, head = thing.walk[0], thing.client.ask("HEAD", thing.url, Accept=rdf.ACCEPT)
    for name, ours, theirs in (
        ("status", get.response.status, head.response.status),
        ("Location", get.response.header("location"), head.response.header("location")),
    ):
        if ours != theirs:
            return broken(f"{name} is {theirs or 'missing'}, of GET {ours or 'missing'}", head)
    return kept(head)


def _names_subject(thing: Thing) -> Outcome:
    shown = thing.offer(*rdf.PARSERS)
    if (thing.node, None, None) in thing.graph or (None, None, thing.node) in thing.graph:
        return kept(shown)
    return broken(f"the data does not mention <{thing.iri}>", shown)


def _as_told(thing: Thing, **headers: str) -> Outcome:
    """The subject stays when headers tell of another host."""
    thing.graph  # noqa: B018  the rule means nothing where there is no data
    type_ = thing.offer(*rdf.PARSERS).response.media_type
    answer = thing.client.get(thing.document, type_, **headers)
    if answer.response.status != 200 or answer.response.media_type != type_:
        return inapplicable("the server does not serve the document under another name", answer)
    return _still_canonical(thing, answer)


def _still_canonical(thing: Thing, answer: Exchange) -> Outcome:
    try:
        graph = rdf.parse(thing.client, answer)
    except rdf.NotRdf as error:
        raise Unknown(str(error), answer) from None
    if (thing.node, None, None) in thing.graph and (thing.node, None, None) not in graph:
        return broken(f"<{thing.iri}> is no longer a subject", answer)
    host = _OTHER_HOST.partition(":")[0]
    for triple in graph:
        for term in triple:
            if host in str(term):
                return broken(f"the data takes up the host of the request: {term}", answer)
    return kept(answer)


def _under_another_host(thing: Thing) -> Outcome:
    return _as_told(thing, Host=_OTHER_HOST)


def _behind_a_proxy(thing: Thing) -> Outcome:
    host, _, port = _OTHER_HOST.partition(":")
    return _as_told(thing, X_Forwarded_Host=host, X_Forwarded_Port=port, X_Forwarded_Proto="https")


RULES = (
    Rule("1.1", "A thing answers 303 See Other.", f"{_COOL}; RFC 9110, section 15.4.4", _answers_303),
    Rule("1.2", "Its document is one redirect away.", _COOL, _in_one_hop),
    Rule("1.3", "No redirect leads from https to http.", "RFC 9110, section 4.2.2", _keeps_tls),
    Rule(
        "1.4", "Location is a URI: printable ASCII, all else percent-encoded.",
        "RFC 9110, section 10.2.2; RFC 3987, section 3.1", _location_is_ascii,
    ),
    Rule("1.5", "The redirect is the same for every Accept.", _COOL, _whatever_is_accepted),
    Rule("1.6", "HEAD of a thing says what GET says.", "RFC 9110, section 9.3.2", _head_of_thing),
    Rule(
        "2.1", "The data speaks of the thing's canonical IRI, equal byte for byte.",
        "RDF 1.1 Concepts, section 3.2", _names_subject,
    ),
    Rule("2.2", "It does so whatever Host the request names.", "RFC 9110, section 7.2", _under_another_host),
    Rule("2.3", "It does so whatever a proxy says.", "RFC 7239, section 8.1", _behind_a_proxy),
)  # fmt: skip
