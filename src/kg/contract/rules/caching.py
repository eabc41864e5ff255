"""Line 7: what caches are told, and conditional requests."""

from __future__ import annotations

from urllib.parse import urljoin

from kg.contract import page, wire
from kg.contract.client import Exchange, Request
from kg.contract.rule import Outcome, Rule, broken, inapplicable, kept
from kg.contract.site import HTML, Thing

_VARY = "RFC 9110, section 12.5.5"
_ETAG = "RFC 9110, section 8.8.3"
_NOT_MODIFIED = "RFC 9110, section 15.4.5"
_SAME_IN_HEAD = ("content-type", "content-length", "content-location", "content-language", "etag", "vary", "link")
_SAME_IN_304 = ("etag", "vary", "content-location", "cache-control", "expires")


def _is_negotiated(thing: Thing) -> bool:
    return len(thing.offers) > 1


def _varies(thing: Thing, name: str, exchanges: list[Exchange]) -> Outcome:
    for exchange in exchanges:
        if not exchange.response.listed("vary") & {name.lower(), "*"}:
            return broken(f'Vary is "{exchange.response.header("vary")}", without {name}', exchange)
    return kept(exchanges[0])


def _vary_accept(thing: Thing) -> Outcome:
    if not _is_negotiated(thing):
        return inapplicable("the document comes in one type only")
    return _varies(thing, "Accept", list(thing.offers.values()))


def _vary_language(thing: Thing) -> Outcome:
    if len(thing.languages) < 2:
        return inapplicable("the page comes in one language only")
    return _varies(thing, "Accept-Language", list(thing.languages.values()))


def _vary_errors(thing: Thing) -> Outcome:
    url = thing.document + "-kg-contract-nobody-0"
    answers = [thing.client.get(url, accept) for accept in (HTML, "text/turtle")]
    types = {answer.response.media_type for answer in answers}
    if len(types) < 2:
        return inapplicable("errors come in one type only", answers[0])
    return _varies(thing, "Accept", answers)


def _content_location(thing: Thing) -> Outcome:
    if not _is_negotiated(thing):
        return inapplicable("the document comes in one type only")
    for type_, exchange in thing.offers.items():
        location = exchange.response.header("content-location")
        if not location:
            return broken("there is no Content-Location", exchange)
        variant = thing.client.get(urljoin(exchange.request.url, location), type_)
        is_same = variant.response.body == exchange.response.body or (
            # a page's links may carry on by which of its addresses it was asked for
            type_ == HTML and [t for t, _ in page.read(variant).texts] == [t for t, _ in page.read(exchange).texts]
        )
        if (variant.response.status, variant.response.media_type) != (200, type_) or not is_same:
            return broken(f"what is at its Content-Location, {location}, is not the same", variant)
    return kept(exchange)


def _content_language(thing: Thing) -> Outcome:
    shown = thing.offer(HTML)
    if not shown.response.header("content-language"):
        return broken("there is no Content-Language", shown)
    return kept(shown)


def _tags_differ(exchanges: list[Exchange], by: str) -> Outcome:
    seen: dict[str, Exchange] = {}
    for exchange in exchanges:
        tag = exchange.response.header("etag")
        if not tag:
            return broken("there is no ETag", exchange)
        if not tag.removeprefix("W/").startswith('"') or not tag.endswith('"'):
            return broken(f"ETag is {tag}, without quotation marks", exchange)
        if seen.setdefault(tag, exchange).response.body != exchange.response.body:
            return broken(f"two {by} have the same ETag {tag}", exchange)
    return kept(exchanges[0])


def _tags_by_type(thing: Thing) -> Outcome:
    if not thing.offers:
        return inapplicable("the document does not come in any type that is known here")
    return _tags_differ(list(thing.offers.values()), "types")


def _tags_by_language(thing: Thing) -> Outcome:
    if len(thing.languages) < 2:
        return inapplicable("the page comes in one language only")
    return _tags_differ(list(thing.languages.values()), "languages")


def _tagged(thing: Thing) -> list[Exchange]:
    return [e for e in thing.offers.values() if e.response.header("etag")]


def _conditional(thing: Thing, exchange: Exchange, if_none_match: str) -> Exchange:
    return thing.get(exchange.response.media_type, If_None_Match=if_none_match)


def _not_modified(thing: Thing) -> Outcome:
    tagged = _tagged(thing)
    for exchange in tagged:
        tag = exchange.response.header("etag")
        for condition in (tag, f'"kg-contract", {tag}', "W/" + tag.removeprefix("W/"), "*"):
            answer = _conditional(thing, exchange, condition)
            if answer.response.status != 304:
                return broken(f"the status is {answer.response.status}, not 304", answer)
    return kept(answer) if tagged else inapplicable("there is no ETag")


def _modified(thing: Thing) -> Outcome:
    tagged = _tagged(thing)
    for exchange in tagged:
        answer = _conditional(thing, exchange, '"kg-contract"')
        if answer.response.status != 200:
            return broken(f"the status is {answer.response.status}, not 200", answer)
    return kept(answer) if tagged else inapplicable("there is no ETag")


def _headers_of_304(thing: Thing) -> Outcome:
    for exchange in _tagged(thing):
        answer = _conditional(thing, exchange, exchange.response.header("etag"))
        if answer.response.status == 304:
            for name in _SAME_IN_304:
                ours, theirs = exchange.response.listed(name), answer.response.listed(name)
                # Accept-Encoding matters to the body only, and 304 has none
                if ours - {"accept-encoding"} != theirs - {"accept-encoding"}:
                    return broken(f"{name} is not that of 200", answer)
            return kept(answer)
    return inapplicable("nothing answers 304")


def _no_body(exchange: Exchange | None) -> Outcome:
    if exchange is None:
        return inapplicable("a proxy stands between, which may drop bodies")
    if exchange.response.body:
        return broken(f"a body of {len(exchange.response.body)} bytes follows the headers", exchange)
    return kept(exchange)


def _no_body_in_304(thing: Thing) -> Outcome:
    for exchange in _tagged(thing):
        headers = (("Accept", exchange.response.media_type), ("If-None-Match", exchange.response.header("etag")))
        answer = wire.ask(thing.client, Request("GET", thing.document, headers))
        if answer is None or answer.response.status == 304:
            return _no_body(answer)
    return inapplicable("nothing answers 304")


def _head_equals(thing: Thing) -> Outcome:
    for type_, get in thing.offers.items():
        head = thing.client.ask("HEAD", thing.document, Accept=type_)
        if head.response.status != 200:
            return broken(f"the status is {head.response.status}, of GET 200", head)
        for name in _SAME_IN_HEAD:
            ours, theirs = get.response.header(name), head.response.header(name)
            if ours != theirs and not (name == "content-length" and not (ours and theirs)):
                return broken(f'{name} is "{theirs}", of GET "{ours}"', head)
    return kept(head) if thing.offers else inapplicable("the document does not come in any type that is known here")


def _no_body_in_head(thing: Thing) -> Outcome:
    return _no_body(wire.ask(thing.client, Request("HEAD", thing.document, (("Accept", HTML),))))


def _options(thing: Thing) -> Outcome:
    answer = thing.client.ask("OPTIONS", thing.document)
    if answer.response.status != 204:
        return broken(f"the status is {answer.response.status}, not 204", answer)
    if not answer.response.listed("allow") >= {"get", "head", "options"}:
        return broken(f'Allow is "{answer.response.header("allow")}", without GET, HEAD and OPTIONS', answer)
    return kept(answer)


RULES = (
    Rule("7.1", "What is negotiated by type says Vary: Accept.", _VARY, _vary_accept),
    Rule("7.2", "What is negotiated by language says Vary: Accept-Language.", _VARY, _vary_language),
    Rule("7.3", "Errors that differ by type say Vary: Accept.", _VARY, _vary_errors),
    Rule("7.4", "Content-Location is the address of what was chosen.", "RFC 9110, section 8.7", _content_location),
    Rule("7.5", "A page says its Content-Language.", "RFC 9110, section 8.5", _content_language),
    Rule("7.6", "There is an ETag, another for each type.", _ETAG, _tags_by_type),
    Rule("7.7", "The ETag is another for each language.", _ETAG, _tags_by_language),
    Rule("7.8", "If-None-Match with the ETag, in a list, weak or * is 304.", "RFC 9110, section 13.1.2", _not_modified),
    Rule("7.9", "If-None-Match with another ETag is 200.", "RFC 9110, section 13.1.2", _modified),
    Rule("7.10", "304 repeats ETag, Vary, Content-Location and Cache-Control.", _NOT_MODIFIED, _headers_of_304),
    Rule("7.11", "304 has no body.", _NOT_MODIFIED, _no_body_in_304),
    Rule("7.12", "HEAD has the headers of GET.", "RFC 9110, section 9.3.2", _head_equals),
    Rule("7.13", "HEAD has no body.", "RFC 9110, section 9.3.2", _no_body_in_head),
    Rule("7.14", "OPTIONS is 204 with Allow.", "RFC 9110, sections 9.3.7 and 10.2.1", _options),
)
