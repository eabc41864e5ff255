"""What a site says of itself as a whole, and the things found by it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urljoin

from rdflib import Graph, URIRef
from rdflib.namespace import FOAF, VOID

from kg.contract import links, page, rdf
from kg.contract.client import Client, Exchange, Unanswered, unpacked
from kg.contract.site import HTML, Site, Thing, follow
from kg.words.errors import BadInput

_MAX_SITEMAP_BYTES = 50 << 20  # as sitemaps.org has it
_MAX_SITEMAPS = 5
_MAX_TRIED = 20
_SITEMAP_LINE = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_ABOUT = (FOAF.primaryTopic, URIRef("https://schema.org/mainEntity"), URIRef("http://schema.org/mainEntity"))


@dataclass(frozen=True)
class Sitemap:
    """URLs of a sitemap. `trouble` says why there are none; is_cut: there are more than were read."""

    urls: tuple[str, ...]
    shown: Exchange | None
    trouble: str = ""
    is_cut: bool = False


@dataclass(frozen=True)
class Void:
    """The VoID description. `trouble` says why there is none."""

    graph: Graph | None
    shown: Exchange | None
    trouble: str = ""


def open_site(client: Client, url: str, canonical: str = "") -> Site:
    """The site at a URL. Its canonical base is what its VoID description or its home page says, if none is given.

    Raise BadInput if it cannot be reached.
    """
    site = Site(client, url, canonical)
    try:
        home = follow(client, url, HTML)[-1]
    except Unanswered as error:
        raise BadInput(f"it cannot be reached: {error.why}", error.request.url) from None
    if not canonical:
        site.canonical = _space(site) or _canonical(home) or url
    return site


def things(site: Site, names: Sequence[str], sample: int) -> list[Thing]:
    """The things with some names, each a path or an IRI; with none, a sample of those that the site tells of.

    Raise BadInput if no thing is found.
    """
    named = (Thing(site, _iri(site, name)) for name in names)
    found = list(named if names else islice(_discovered(site), sample))
    living = []
    for thing in found:
        if _status(thing) == 410:
            site.retired.append(thing.iri)
        else:
            living.append(thing)
    if not living:
        what = "no living thing to hold the rules against was found" if site.retired else "no thing was found"
        raise BadInput(f"{what} by VoID, sitemap or links. Name one with --thing", site.url)
    return living


def robots(site: Site) -> Exchange:
    """robots.txt of the host (RFC 9309, section 2.3)."""
    return site.client.get(urljoin(site.url, "/robots.txt"), "*/*")


def sitemaps_of(exchange: Exchange) -> list[str]:
    """The sitemaps that robots.txt names."""
    return _SITEMAP_LINE.findall(exchange.response.text) if exchange.response.status == 200 else []


def sitemap(site: Site) -> Sitemap:
    """The sitemap that robots.txt names, or that is where sitemaps are; of an index the first five."""
    try:
        named = sitemaps_of(robots(site))
    except Unanswered:
        named = []
    waiting = [site.located(url) for url in named] or [site.url + "sitemap.xml"]
    urls: list[str] = []
    shown, trouble, read = None, "", 0
    while waiting and read < _MAX_SITEMAPS:
        read += 1
        try:
            exchange = site.client.get(waiting.pop(0), "application/xml, text/xml;q=0.9, */*;q=0.1")
            shown = shown or exchange
            kind, found = _locations(exchange)
        except Unanswered as error:
            trouble = error.why
            continue
        except (ET.ParseError, ValueError, LookupError) as error:
            trouble = str(error)
            continue
        if kind == "sitemapindex":
            waiting += [site.located(url) for url in found]
        else:
            urls += found
    return Sitemap(tuple(urls), shown, trouble, bool(waiting))


def void(site: Site) -> Void:
    """The VoID description at its well-known place (RFC 8615): of the host, or of the site if that has none."""
    places = dict.fromkeys((urljoin(site.url, "/.well-known/void"), site.url + ".well-known/void"))
    shown, trouble = None, ""
    for place in places:
        try:
            shown = follow(site.client, place, rdf.ACCEPT)[-1]
            if shown.response.status == 200:
                return Void(rdf.parse(site.client, shown), shown)
            trouble = f"the status is {shown.response.status}, not 200"
        except (Unanswered, rdf.NotRdf) as error:
            trouble = str(error)
    return Void(None, shown, trouble)


def spread(found: Sequence[str], count: int) -> list[str]:
    """Some of many, from all along."""
    step = max(len(found) / count, 1)
    return [found[int(i * step)] for i in range(min(count, len(found)))]


def _locations(exchange: Exchange) -> tuple[str, list[str]]:
    """The root's name and every `loc`. Raise ParseError or ValueError."""
    if exchange.response.status != 200:
        raise ValueError(f"the status is {exchange.response.status}, not 200")
    body, is_longer = exchange.response.body, exchange.response.truncated
    if body[:2] == b"\x1f\x8b":
        body, is_longer = unpacked(body, _MAX_SITEMAP_BYTES)
    if is_longer:
        raise ValueError("it is too long to be read")
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body or b"\x00" in body:
        raise ValueError("it declares a document type, which is not read")
    root = ET.fromstring(body)  # noqa: S314  without a document type there are no entities
    found = [(e.text or "").strip() for e in root.iter() if e.tag.rpartition("}")[2] == "loc"]
    return root.tag.rpartition("}")[2], [url for url in found if url]


def _iri(site: Site, name: str) -> str:
    if name.startswith(("http://", "https://")):
        return site.named(name)
    return site.canonical + name.lstrip("/")


def _space(site: Site) -> str:
    """void:uriSpace of the site's own dataset: the one that the description is about, or that has examples."""
    graph = void(site).graph
    if graph is None:
        return ""
    spaces = {d: str(s) for d, s in graph.subject_objects(VOID.uriSpace) if str(s).startswith(("http://", "https://"))}
    own = [o for o in graph.objects(None, FOAF.primaryTopic) if o in spaces]
    own += [
        d
        for d in spaces
        if any((d, p, None) in graph for p in (VOID.exampleResource, VOID.dataDump, VOID.sparqlEndpoint))
    ]
    return next((spaces[d] for d in [*own, *spaces] if spaces[d].endswith("/")), "")


def _canonical(home: Exchange) -> str:
    """What the home page calls its address, if that is a folder."""
    for link in page.read(home).linked("canonical"):
        if link.target.startswith(("http://", "https://")) and link.target.endswith("/"):
            return link.target
    return ""


def _discovered(site: Site) -> Iterator[Thing]:
    """Things by VoID, then by the sitemap, then by the links of the home page; each once."""
    seen: set[str] = set()
    for candidate in islice(dict.fromkeys(_candidates(site)), _MAX_TRIED):
        try:
            iri = _topic(site, candidate)
        except Unanswered:
            continue
        if site.is_own(iri) and iri not in seen:
            seen.add(iri)
            yield Thing(site, iri)


def _candidates(site: Site) -> Iterator[str]:
    graph = void(site).graph
    if graph is not None:
        yield from sorted(str(o) for p in (VOID.exampleResource, VOID.rootResource) for o in graph.objects(None, p))
    yield from spread(sitemap(site).urls, _MAX_TRIED // 2)
    home = follow(site.client, site.url, HTML)[-1]
    yield from (a for a in page.read(home).anchors if site.is_own(a) and "#" not in a and "?" not in a)


def _topic(site: Site, candidate: str) -> str:
    """The thing at an address, or the one that the document there is about; empty if there is neither."""
    steps = follow(site.client, site.located(candidate), rdf.ACCEPT)
    if steps[0].response.status in (303, 410) or "#" in candidate:
        return candidate if candidate.startswith(site.canonical) else site.named(candidate)
    last = steps[-1]
    if last.response.status != 200 or last.response.media_type not in rdf.PARSERS:
        return ""
    try:
        graph = rdf.parse(site.client, last)
    except rdf.NotRdf:
        return ""
    documents = (URIRef(site.named(last.request.url)), URIRef(last.request.url))
    topics = sorted(str(o) for d in documents for p in _ABOUT for o in graph.objects(d, p))
    topics += sorted(str(o) for o in graph.objects(None, FOAF.primaryTopic))
    topics += [link.target for link in links.found(last, "describes")]
    return next((t for t in topics if t.startswith(("http://", "https://"))), "")


def _status(thing: Thing) -> int:
    try:
        return thing.walk[0].response.status
    except Unanswered:
        return 0
