"""A site and its things as they are met: what was asked once is known to all rules."""

from __future__ import annotations

from functools import cached_property
from urllib.parse import quote, unquote, urljoin, urlsplit

from rdflib import Graph, Literal, URIRef

from kg.contract import page, rdf
from kg.contract.client import Client, Exchange, Unanswered
from kg.contract.page import Page

HTML = "text/html"
_SAFE = "/:?#[]@!$&'()*+,;=~-._%"
_MAX_HOPS = 5
_MAX_LANGUAGES = 6


class Unknown(Exception):
    """What a rule needs cannot be had here; the message says what, `shown` is the exchange that shows it."""

    def __init__(self, why: str, shown: Exchange | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.shown = shown


class Site:
    """Where things are asked for.

    url        of the site, ending in /
    canonical  what IRIs of its things begin with; they are asked for at `url` in its place
    retired    IRIs of things that answered 410
    """

    def __init__(self, client: Client, url: str, canonical: str = "") -> None:
        self.client = client
        self.url = url
        self.canonical = canonical or url
        self.retired: list[str] = []

    def located(self, iri: str) -> str:
        """The URL at which an IRI is asked for: here if it is one of the site's, with all but ASCII percent-encoded."""
        if iri.startswith(self.canonical):
            iri = self.url + iri[len(self.canonical) :]
        return quote(iri, safe=_SAFE)

    def is_same(self, one: str, other: str) -> bool:
        """Whether two spellings lead to the same place; what is percent-encoded in a page need not be in the data."""
        return unquote(self.located(one)).partition("#")[0] == unquote(self.located(other)).partition("#")[0]

    def is_own(self, iri: str) -> bool:
        """Whether an IRI is one of the site's."""
        return str(iri).startswith((self.canonical, self.url))  # rdflib's own takes no tuple

    def named(self, url: str) -> str:
        """The canonical IRI of what is at a URL of the site."""
        return self.canonical + url[len(self.url) :] if url.startswith(self.url) else url


class Thing:
    """A thing and its document, both asked for when a rule first needs them."""

    def __init__(self, site: Site, iri: str) -> None:
        self.site = site
        self.client = site.client
        self.iri = iri
        self.url = site.located(iri).partition("#")[0]

    @cached_property
    def walk(self) -> tuple[Exchange, ...]:
        """From the thing to the end of its redirects, as a client of RDF goes."""
        return follow(self.client, self.url, rdf.ACCEPT)

    @cached_property
    def document(self) -> str:
        """URL of the document about it. Raise Unknown if there is none."""
        last = self.walk[-1]
        if last.response.status != 200:
            raise Unknown("the thing leads to no document", last)
        return last.request.url

    def get(self, accept: str | None = None, **headers: str) -> Exchange:
        """The document as an Accept header gets it."""
        return self.client.get(self.document, accept, **headers)

    @cached_property
    def offers(self) -> dict[str, Exchange]:
        """Media types in which the document comes when it is asked for in one of them only."""
        asked = {type_: self.get(type_) for type_ in (HTML, *rdf.PARSERS)}
        return {t: e for t, e in asked.items() if e.response.status == 200 and e.response.media_type == t}

    def offer(self, *types: str) -> Exchange:
        """The document in the first of some media types that there is. Raise Unknown if there is none."""
        for type_ in types:
            if type_ in self.offers:
                return self.offers[type_]
        raise Unknown(f"the document does not come as {' or '.join(types)}")

    @cached_property
    def alternates(self) -> dict[str, str]:
        """Media type to URL of the document in it, from Content-Location and Link."""
        from kg.contract import links

        found: dict[str, str] = {}
        for exchange in self.offers.values():
            if location := exchange.response.header("content-location"):
                found.setdefault(exchange.response.media_type, urljoin(self.document, location))
            for link in links.found(exchange, "alternate"):
                if link.type:
                    found.setdefault(link.type, link.target)
        return {type_: url for type_, url in found.items() if url != self.document}

    @cached_property
    def graph(self) -> Graph:
        """What the document says. Raise Unknown if it says nothing that can be read."""
        exchange = self.offer(*rdf.PARSERS)
        try:
            return rdf.parse(self.client, exchange)
        except rdf.NotRdf as error:
            raise Unknown(f"the document cannot be read: {error}", exchange) from None

    @property
    def node(self) -> URIRef:
        return URIRef(self.iri)

    @cached_property
    def page(self) -> Page:
        """The document as a page. Raise Unknown if there is none."""
        return page.read(self.offer(HTML))

    @cached_property
    def languages(self) -> dict[str, Exchange]:
        """Content-Language to the page in it, of the languages that the page or the data name."""
        names = {link.hreflang.lower() for link in self.page.linked("alternate")}
        names |= {o.language.lower() for o in self.graph.objects(self.node) if isinstance(o, Literal) and o.language}
        found: dict[str, Exchange] = {}
        for name in sorted(names - {"", "x-default"})[:_MAX_LANGUAGES]:
            answer = self.get(HTML, Accept_Language=name)
            if answer.response.status == 200 and (language := answer.response.header("content-language").lower()):
                found.setdefault(language, answer)
        return found

    @cached_property
    def neighbours(self) -> list[tuple[URIRef, URIRef]]:
        """(property, thing) of the site's own things that it links to, other than its classes and itself."""
        links = [
            (p, o)
            for p, o in self.graph.predicate_objects(self.node)
            if isinstance(p, URIRef) and isinstance(o, URIRef)
            and self.site.is_own(o) and "#" not in o and o != self.node
        ]  # fmt: skip
        return sorted(links, key=lambda link: (urlsplit(link[1]).path.count("/"), link))


def follow(client: Client, url: str, accept: str | None) -> tuple[Exchange, ...]:
    """The exchanges from a URL to the end of its redirects, at most five. Raise Unanswered on a loop."""
    steps: list[Exchange] = []
    while True:
        step = client.get(url, accept)
        steps.append(step)
        location = step.response.header("location")
        if not (300 <= step.response.status < 400 and step.response.status != 304 and location):
            return tuple(steps)
        try:
            # as bytes, so that letters that ought to be percent-encoded are, and not taken for Latin-1
            target = quote(location.partition("#")[0].encode("latin-1", "replace"), safe=_SAFE)
            url = urljoin(url, target)
        except ValueError:
            raise Unanswered(f"the redirect leads to no URL: {location}", step.request) from None
        if not url.startswith(("http://", "https://")):
            raise Unanswered(f"the redirect leads away from HTTP: {location}", step.request)
        if len(steps) > _MAX_HOPS or url in {s.request.url for s in steps}:
            raise Unanswered("the redirects do not end", step.request)
