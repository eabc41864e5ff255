"""Line 9: links in headers, for clients that do not read pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from kg.contract import links, rdf
from kg.contract.client import Exchange
from kg.contract.links import Link
from kg.contract.rule import Outcome, Rule, broken, inapplicable, kept
from kg.contract.site import HTML, Thing

_SIGNPOSTING = "FAIR Signposting Profile, level 1"
_JSON_LD = "application/ld+json"


def _documents(thing: Thing) -> list[Exchange]:
    return list(thing.offers.values())


def _parses(thing: Thing) -> Outcome:
    exchanges = [e for e in (*_documents(thing), thing.walk[0]) if e.response.header("link")]
    for exchange in exchanges:
        try:
            links.read(exchange)
        except links.LinkSyntaxError as error:
            return broken(str(error), exchange)
    return kept(exchanges[0]) if exchanges else inapplicable("there is no Link header")


def _every(thing: Thing) -> list[tuple[Exchange, Link]]:
    found = []
    for exchange in (*_documents(thing), thing.walk[0]):
        try:
            found += [(exchange, link) for link in links.read(exchange)]
        except links.LinkSyntaxError:
            continue
    return found


def _quotes(thing: Thing) -> Outcome:
    every = _every(thing)
    for exchange, link in every:
        if bare := set(link.bare) & {"rel", "type"}:
            return broken(f"{' and '.join(sorted(bare))} of <{link.written}> stands without quotation marks", exchange)
    return kept(every[0][0]) if every else inapplicable("there is no Link header that parses")


def _no_commas(thing: Thing) -> Outcome:
    every = _every(thing)
    for exchange, link in every:
        if "," in link.written or not link.written.isascii():
            return broken(f"<{link.written}> has a comma or a letter that is not ASCII", exchange)
    return kept(every[0][0]) if every else inapplicable("there is no Link header that parses")


def _names_alternates(thing: Thing) -> Outcome:
    for exchange in _documents(thing):
        types = {link.type for link in links.found(exchange, "alternate")}
        missing = [t for t in thing.offers if t in rdf.PARSERS and t not in types and t != exchange.response.media_type]
        if missing:
            return broken(f"no rel=alternate has the type {', '.join(missing)}", exchange)
    return kept(next(iter(_documents(thing)), None))


def _alternates_answer(thing: Thing) -> Outcome:
    named = [link for e in _documents(thing)[:1] for link in links.found(e, "alternate") if link.type]
    if not named:
        return inapplicable("Link names no alternate")
    for link in named:
        answer = thing.client.get(link.target, link.type)
        if (answer.response.status, answer.response.media_type) != (200, link.type.partition(";")[0]):
            return broken(f"it answers {answer.response.status} {answer.response.media_type}, not {link.type}", answer)
    return kept(answer)


def _json_ld_alone(thing: Thing) -> Outcome:
    named = [link for e in _documents(thing) for link in links.found(e, "alternate") if link.type == _JSON_LD]
    if not named:
        return inapplicable("Link names no JSON-LD")
    answer = thing.client.get(named[0].target)
    if (answer.response.status, answer.response.media_type) != (200, _JSON_LD):
        return broken(f"it answers {answer.response.status} {answer.response.media_type}", answer)
    return kept(answer)


def _signposted(thing: Thing, relation: str) -> tuple[Exchange, tuple[Link, ...]]:
    page = thing.offer(HTML)
    return page, links.found(page, relation)


def _cite_as(thing: Thing) -> Outcome:
    page, named = _signposted(thing, "cite-as")
    if len(named) != 1:
        return broken(f'{len(named)} links have rel="cite-as", not one', page)
    if not any(thing.site.is_same(named[0].target, expected) for expected in (thing.iri, thing.document)):
        return broken(f"cite-as is <{named[0].target}>, neither the thing nor its document", page)
    return kept(page)


def _described_by(thing: Thing) -> Outcome:
    page, named = _signposted(thing, "describedby")
    if not named:
        return broken('there is no rel="describedby"', page)
    for link in named:
        answer = thing.client.get(thing.site.located(link.target), link.type or rdf.ACCEPT)
        if answer.response.status != 200 or (link.type and answer.response.media_type != link.type):
            return broken(f"it answers {answer.response.status} {answer.response.media_type}, not {link.type}", answer)
    return kept(page)


def _typed(thing: Thing) -> Outcome:
    page, named = _signposted(thing, "type")
    if not named:
        return broken('there is no rel="type"', page)
    return kept(page)


def _licensed(thing: Thing) -> Outcome:
    for exchange in _documents(thing):
        named = links.found(exchange, "license")
        if not any(urlsplit(link.target).scheme in ("http", "https") for link in named):
            return broken('there is no rel="license"', exchange)
    return kept(next(iter(_documents(thing)), None))


RULES = (
    Rule("9.1", "Link headers parse strictly.", "RFC 8288, section 3", _parses),
    Rule("9.2", "rel and type stand in quotation marks.", "RFC 8288, section 3", _quotes),
    Rule("9.3", "URLs in Link are ASCII without commas.", "RFC 8288, section 3.1; RFC 3986, section 2", _no_commas),
    Rule(
        "9.4", "Link names every other syntax as alternate, with its type.", "RFC 8288, section 3.3", _names_alternates
    ),
    Rule("9.5", "Each alternate answers in its type.", "RFC 8288, section 3.4.1", _alternates_answer),
    Rule("9.6", "The JSON-LD alternate works without Accept.", "JSON-LD 1.1 API, section 9.4", _json_ld_alone),
    Rule("9.7", "A page's cite-as is the thing or its document.", f"RFC 8574; {_SIGNPOSTING}", _cite_as),
    Rule("9.8", "A page is described by its data.", _SIGNPOSTING, _described_by),
    Rule("9.9", "A page says of what type it is.", f"RFC 6903, section 6; {_SIGNPOSTING}", _typed),
    Rule("9.10", "A document links to its licence.", f"RFC 4946, section 2; {_SIGNPOSTING}", _licensed),
)
