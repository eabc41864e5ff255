"""Line 14: the description of the dataset, its dumps, the sitemap and robots.txt."""

from __future__ import annotations

from rdflib import Graph, URIRef
from rdflib.namespace import RDF, VOID

from kg.contract import crawl, rdf
from kg.contract.client import Exchange, Response, unpacked
from kg.contract.rule import Outcome, Rule, broken, inapplicable, kept
from kg.contract.site import Thing

_SITEMAPS = "sitemaps.org, protocol"
_VOID = "Describing Linked Datasets with the VoID Vocabulary"
_MAX_DUMP_BYTES = 64 << 20
_SAMPLE = 3
_BY_NAME = {
    ".nt": "application/n-triples", ".nq": "application/n-quads", ".ttl": "text/turtle", ".trig": "application/trig",
    ".rdf": "application/rdf+xml", ".jsonld": "application/ld+json",
}  # fmt: skip


def _robots_names_sitemap(thing: Thing) -> Outcome:
    answer = crawl.robots(thing.site)
    if answer.response.status != 200:
        return broken(f"robots.txt: the status is {answer.response.status}, not 200", answer)
    if not crawl.sitemaps_of(answer):
        return broken("robots.txt names no sitemap", answer)
    return kept(answer)


def _sitemap_parses(thing: Thing) -> Outcome:
    found = crawl.sitemap(thing.site)
    if not found.urls:
        return broken(f"no URL can be read from the sitemap: {found.trouble}", found.shown)
    return kept(found.shown)


def _sitemap_lists(thing: Thing) -> Outcome:
    found = crawl.sitemap(thing.site)
    if not found.urls:
        return inapplicable("there is no sitemap")
    if found.is_cut:
        return inapplicable("the sitemap is longer than is read", found.shown)
    if not any(thing.site.is_same(url, thing.document) or thing.site.is_same(url, thing.iri) for url in found.urls):
        return broken(f"it does not list {thing.site.named(thing.document)}", found.shown)
    return kept(found.shown)


def _sitemap_answers(thing: Thing) -> Outcome:
    found = crawl.sitemap(thing.site)
    if not found.urls:
        return inapplicable("there is no sitemap")
    for url in crawl.spread(found.urls, _SAMPLE):
        answer = thing.client.get(thing.site.located(url), "text/html")
        if answer.response.status != 200:
            return broken(f"it lists what answers {answer.response.status}", answer)
    return kept(answer)


def _described(thing: Thing) -> Outcome:
    found = crawl.void(thing.site)
    if found.graph is None:
        return broken(f"there is no VoID description: {found.trouble}", found.shown)
    if (None, RDF.type, VOID.Dataset) not in found.graph:
        return broken("the description names no void:Dataset", found.shown)
    return kept(found.shown)


def _counted(graph: Graph | None) -> list[tuple[URIRef, int]]:
    """(dump, triples) of the datasets that state both."""
    found = []
    for dataset, dump in graph.subject_objects(VOID.dataDump) if graph else ():
        number = graph.value(dataset, VOID.triples) if graph else None
        if isinstance(dump, URIRef) and str(number).isdecimal():
            found.append((dump, int(str(number))))
    return sorted(found, key=lambda dump: (_rank(str(dump[0])), dump))


def _rank(url: str) -> int:
    """What is read fastest comes first."""
    suffixes = [n for n, suffix in enumerate(_BY_NAME) if url.removesuffix(".gz").endswith(suffix)]
    return suffixes[0] if suffixes else len(_BY_NAME)


def _dump_counts(thing: Thing) -> Outcome:
    found = crawl.void(thing.site)
    counted = _counted(found.graph)
    if not counted:
        return inapplicable("the description states no dump with its number of triples", found.shown)
    for dump, stated in counted:
        answer = thing.client.get(thing.site.located(dump))
        if answer.response.status != 200:
            return broken(f"the dump's status is {answer.response.status}, not 200", answer)
        plain = _unpacked(answer)
        if plain is None:
            continue
        try:
            number = len(rdf.parse(thing.client, plain))
        except rdf.NotRdf as error:
            return broken(f"the dump cannot be read: {error}", answer)
        if number != stated:
            return broken(f"the dump holds {number} triples, the description says {stated}", answer)
        return kept(answer)
    return inapplicable("no dump is in a syntax and of a size that is read here", found.shown)


def _unpacked(answer: Exchange) -> Exchange | None:
    """A dump as RDF; None if it is too large or of no known type."""
    name = answer.request.url.partition("?")[0].removesuffix(".gz")
    type_ = answer.response.media_type
    if type_ not in rdf.PARSERS:
        type_ = next((t for suffix, t in _BY_NAME.items() if name.endswith(suffix)), "")
    body, is_longer = answer.response.body, answer.response.truncated
    if body[:2] == b"\x1f\x8b":
        body, is_longer = unpacked(body, _MAX_DUMP_BYTES)
    if not type_ or is_longer:
        return None
    return Exchange(answer.request, Response(200, (("content-type", type_),), body))


RULES = (
    Rule("14.1", "robots.txt names the sitemap.", "RFC 9309; " + _SITEMAPS, _robots_names_sitemap, once=True),
    Rule("14.2", "The sitemap can be read.", _SITEMAPS, _sitemap_parses, once=True),
    Rule("14.3", "The sitemap lists the document.", _SITEMAPS, _sitemap_lists),
    Rule("14.4", "What the sitemap lists is there.", _SITEMAPS, _sitemap_answers, once=True),
    Rule("14.5", "A VoID description is at /.well-known/void.", f"{_VOID}, section 7.2", _described, once=True),
    Rule(
        "14.6",
        "A dump holds as many triples as the description says.",
        f"{_VOID}, section 5.1",
        _dump_counts,
        once=True,
    ),
)
