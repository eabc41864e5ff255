"""For each rule a site that breaks it, and as little else as can be."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from rdflib import Graph, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDFS

from kg.contract.rules import negotiation
from tests.contract.site import CANONICAL, CITY, NAMES, RETIRED, Asked, Reply, Site, Spoil, describe, iri

NOBODY = "nobody"
_TURTLE = "text/turtle"


@dataclass(frozen=True)
class Spoilt:
    """A site and how its replies are changed.

    also  rules that cannot but break with it
    """

    spoil: Spoil | None = None
    site: Callable[[], Site] = Site
    also: frozenset[str] = frozenset()


def is_document(asked: Asked) -> bool:
    """A document that is negotiated: without suffix."""
    return asked.path.startswith("/doc/") and not re.search(r"\.\w+$", asked.path) and NOBODY not in asked.path


def replies(when: Callable[[Asked, Reply], bool], change: Callable[[Reply], Reply]) -> Spoilt:
    return Spoilt(lambda asked, reply: change(reply) if when(asked, reply) else reply)


def says(edit: Callable[[str, Graph], Graph]) -> Spoilt:
    """The data of every document is changed."""
    return Spoilt(None, lambda: Site(lambda name: edit(name, describe(name))))


def lacks(predicate: URIRef) -> Spoilt:
    return says(lambda name, graph: graph.remove((None, predicate, None)))


def page_has(pattern: str, instead: str, *, language: str = "", also: frozenset[str] = frozenset()) -> Spoilt:
    """What matches is replaced in every page, or in those in one language."""

    def spoil(asked: Asked, reply: Reply) -> Reply:
        if (
            reply.status != 200
            or reply.type != "text/html"
            or language not in reply.headers.get("content-language", "")
        ):
            return reply
        return replace(reply, body=re.sub(pattern, instead, reply.body.decode()).encode())

    return Spoilt(spoil, also=also)


def header_of(types: str, name: str, pattern: str, instead: str) -> Spoilt:
    """A header of documents of some types is changed, or left out if nothing remains."""

    def change(reply: Reply) -> Reply:
        value = re.sub(pattern, instead, reply.headers.get(name, ""))
        return replace(reply, headers=reply.headers | {name: value}) if value else reply.without(name)

    def is_meant(asked: Asked, reply: Reply) -> bool:
        type_ = reply.type or asked.accept or ""
        return reply.status in (200, 304) and bool(re.match(types, type_)) and asked.path.startswith("/doc/")

    return replies(is_meant, change)


def accept_gets(accept: str | None, other: str) -> Spoilt:
    """A document asked for with one Accept header comes as if another had been sent."""
    site = Site()

    def spoil(asked: Asked, reply: Reply) -> Reply:
        if is_document(asked) and asked.accept == accept and asked.method == "GET":
            return site.answer(replace(asked, headers=asked.headers | {"accept": other}))
        return reply

    return Spoilt(spoil)


def _is_thing(asked: Asked, reply: Reply) -> bool:
    return asked.path.startswith("/id/") and reply.status == 303


def _unknown(asked: Asked, reply: Reply) -> bool:
    return NOBODY in asked.path and reply.status == 404


def _first_hop(asked: Asked, reply: Reply) -> Reply:
    if _is_thing(asked, reply):
        return reply.with_(location=asked.path.replace("/id/", "/hop/"))
    if asked.path.startswith("/hop/"):
        return Reply(303, {"location": asked.path.replace("/hop/", "/doc/")})
    return reply


def _host_leaks(header: str) -> Spoil:
    def spoil(asked: Asked, reply: Reply) -> Reply:
        host = asked.headers.get(header, "")
        if "kg-contract" in host and reply.type == _TURTLE:
            return replace(reply, body=reply.body.replace(b"data.example", host.partition(":")[0].encode()))
        return reply

    return spoil


def _renamed(name: str, graph: Graph) -> Graph:
    other = URIRef(iri(name).replace("https:", "http:"))
    found = Graph()
    for triple in graph:
        found.add(tuple(other if term == iri(name) else term for term in triple))  # type: ignore[arg-type]
    return found


def _without_subject(name: str, graph: Graph) -> Graph:
    return graph.remove((iri(name), None, None))


def _one_way(name: str, graph: Graph) -> Graph:
    for other in NAMES:
        if other != name:
            graph.remove((iri(other), None, None))
    return graph


def _with_crowd(name: str, graph: Graph) -> Graph:
    for number in range(600 if name == CITY else 0):
        graph.add((URIRef(f"{CANONICAL}id/hospital/{number}"), RDFS.seeAlso, iri(name)))
    return graph


def _crowded(asked: Asked, reply: Reply) -> Reply:
    links = b"".join(b'<a href="/doc/hospital/%d">x</a>' % number for number in range(2100))
    return replace(reply, body=reply.body.replace(b"<ul>", links + b"<ul>")) if reply.type == "text/html" else reply


def _triple_less(suffix: str, when: Callable[[Asked], bool] = lambda asked: True) -> Spoilt:
    """One syntax lacks the date."""
    poor = Site(lambda name: describe(name).remove((None, DCTERMS.modified, None)))

    def spoil(asked: Asked, reply: Reply) -> Reply:
        if reply.status == 200 and reply.headers.get("content-location", "").endswith(suffix) and when(asked):
            return replace(reply, body=poor.answer(asked).body)
        return reply

    return Spoilt(spoil)


def _wrong_type(index: int) -> Spoilt:
    """The client of one row of the negotiation table gets what it did not ask for."""
    _, accept, types, _ = negotiation.CASES[index]
    return accept_gets(accept, _TURTLE if "text/html" in types else "text/html")


_LINKED = re.escape('; rel="alternate"; type="application/rdf+xml"')
_TWO = re.compile(rb"<ul>(<li>.*?</li>)(<li>.*</li>)</ul>")

SPOILT: dict[str, Spoilt] = {
    "1.1": replies(_is_thing, lambda r: replace(r, status=302)),
    "1.2": Spoilt(_first_hop),
    "1.4": replies(lambda a, r: _is_thing(a, r) and "%D0" in a.path, lambda r: r.with_(location="/doc/місто/київ")),
    "1.5": replies(lambda a, r: _is_thing(a, r) and a.accept == "text/html", lambda r: replace(r, status=302)),
    "1.6": replies(lambda a, r: _is_thing(a, r) and a.method == "HEAD", lambda r: Reply(405)),
    "2.1": says(_renamed),
    "2.2": Spoilt(_host_leaks("host")),
    "2.3": Spoilt(_host_leaks("x-forwarded-host")),
    "3.1": lacks(FOAF.primaryTopic),
    "3.2": lacks(DCTERMS.license),
    "3.3": lacks(DCTERMS.modified),
    "3.4": lacks(URIRef("https://schema.org/version")),
    "3.5": says(_without_subject),
    "3.6": says(_one_way),
    "4.1": replies(
        lambda a, r: _unknown(a, r) and a.path.startswith("/id/"),
        lambda r: Reply(303, {"location": "/doc/hospital/one"}),
    ),
    "4.2": replies(
        lambda a, r: (
            is_document(replace(a, path=a.path.replace(NOBODY, ""))) and NOBODY in a.path and a.accept == "image/png"
        ),
        lambda r: Reply(406),
    ),
    "4.3": replies(lambda a, r: _unknown(a, r) and r"." in a.path, lambda r: Reply(200)),
    "4.4": replies(lambda a, r: a.path.endswith(".ttl") and a.accept == "image/png", lambda r: Reply(406)),
    "4.5": replies(lambda a, r: a.path.endswith(".kg-contract"), lambda r: Reply(200)),
    "4.6": replies(lambda a, r: a.path.endswith("/") and len(a.path) > 1, lambda r: Reply(200)),
    "4.7": replies(lambda a, r: a.path.endswith(RETIRED) and a.accept == "text/html", lambda r: Reply(404)),
    "4.8": replies(lambda a, r: r.status == 410, lambda r: r.without("link")),
    **{f"5.{index + 1}": _wrong_type(index) for index in range(len(negotiation.CASES))},
    "6.1": replies(lambda a, r: r.status == 406, lambda r: replace(r, status=200)),
    "6.2": replies(lambda a, r: r.status == 406, lambda r: replace(r, body=b"no")),
    "6.3": replies(lambda a, r: r.status == 406, lambda r: r.with_(content_type="application/x-list")),
    "7.1": header_of("text/turtle", "vary", "Accept, ", ""),
    "7.2": header_of("text/html", "vary", ", Accept-Language", ""),
    "7.3": replies(_unknown, lambda r: r.without("vary")),
    "7.4": header_of("text/turtle", "content-location", "one.*", "two.ttl"),
    "7.5": header_of("text/html", "content-language", ".*", ""),
    "7.6": Spoilt(None, lambda: Site(tag=lambda suffix, language: f'"{language}"')),
    "7.7": Spoilt(None, lambda: Site(tag=lambda suffix, language: f'"{suffix}"')),
    "7.8": Spoilt(lambda a, r: Site().answer(replace(a, headers={**a.headers, "if-none-match": ""}))),
    "7.9": replies(
        lambda a, r: "if-none-match" in a.headers and r.status == 200,
        lambda r: replace(r, status=304, body=b""),
    ),
    "7.10": replies(lambda a, r: r.status == 304, lambda r: r.without("vary")),
    "7.11": replies(lambda a, r: r.status == 304, lambda r: replace(r, tail=b"body")),
    "7.12": replies(lambda a, r: a.method == "HEAD" and r.status == 200, lambda r: r.without("etag")),
    "7.13": replies(lambda a, r: a.method == "HEAD" and r.status == 200, lambda r: replace(r, tail=b"body")),
    "7.14": replies(lambda a, r: r.status == 204, lambda r: r.without("allow")),
    "8.1": replies(lambda a, r: r.status in (200, 303), lambda r: r.without("access-control-allow-origin")),
    "8.2": replies(lambda a, r: r.status == 404, lambda r: r.without("access-control-allow-origin")),
    "8.3": replies(lambda a, r: r.status == 200, lambda r: r.with_(access_control_allow_credentials="true")),
    "8.4": replies(lambda a, r: r.status == 200, lambda r: r.with_(access_control_expose_headers="Link")),
    "8.5": replies(lambda a, r: r.status == 204, lambda r: r.with_(access_control_allow_headers="If-None-Match")),
    "8.6": replies(lambda a, r: r.status == 204, lambda r: r.without("access-control-max-age")),
    "9.1": replies(_is_thing, lambda r: r.with_(link="/doc/hospital/one.ttl; rel=alternate")),
    "9.2": header_of("text/html", "link", 'rel="license"', "rel=license"),
    "9.3": header_of("text/html", "link", "$", ', </doc/a,b>; rel="related"'),
    "9.4": header_of("text/html", "link", "[^,]*" + _LINKED + ",", ""),
    "9.5": header_of("", "link", "$", f', </doc/gone>; rel="alternate"; type="{_TURTLE}"'),
    "9.6": replies(
        lambda a, r: a.path.endswith(".jsonld") and not a.accept, lambda r: r.with_(content_type="text/html")
    ),
    "9.7": header_of("text/html", "link", '<[^>]*>; rel="cite-as", ', ""),
    "9.8": header_of("text/html", "link", '<[^>]*>; rel="describedby"[^,]*, ', ""),
    "9.9": header_of("text/html", "link", '<[^>]*>; rel="type", ', ""),
    "9.10": header_of("text/html", "link", ', <[^>]*>; rel="license"', ""),
    "10.1": replies(
        lambda a, r: r.type == "application/n-triples" and r.status == 200, lambda r: replace(r, body=b"<a> b .\n")
    ),
    "10.2": _triple_less(".nt"),
    "10.3": _triple_less(".nq"),
    "10.4": _triple_less(".ttl", lambda asked: asked.headers.get("accept-language") == "uk"),
    "10.5": header_of("text/turtle", "content-type", ";.*", ""),
    "10.6": _triple_less(".ttl", lambda asked: not asked.accept),
    "11.1": page_has(
        "(<h1>|<p lang[^>]*>)[^<]*",
        r"\1",
        also=frozenset({"11.4", "12.2"}),  # no name at all is no name in a language
    ),
    "11.2": page_has('<html lang="uk"', '<html lang="en"', language="uk"),
    "11.3": page_has('<p lang="uk">', "<p>"),
    "11.4": page_has("(<h1>|<p lang=.uk.>)[^<]*", r"\1", language="uk"),
    "11.5": replies(
        lambda a, r: a.headers.get("accept-language", "").startswith("tlh") and r.type == "text/html",
        lambda r: r.with_(content_language="uk"),
    ),
    "12.1": page_has('<script type="application/ld.json">.*</script>', ""),
    "12.2": page_has('"@type"', '"telephone": "+380", "@type"'),
    "12.3": page_has('<link rel="alternate" type="application/n-quads"[^>]*>', ""),
    "12.4": page_has('<link rel="canonical"[^>]*>', ""),
    "12.5": page_has('<link rel="alternate" hreflang="uk"[^>]*>', ""),
    "13.1": page_has("<ul>.*</ul>", ""),
    "13.2": Spoilt(_crowded, lambda: Site(lambda name: _with_crowd(name, describe(name)))),
    "13.3": replies(
        lambda a, r: "cache-control" in a.headers, lambda r: replace(r, body=_TWO.sub(rb"<ul>\2\1</ul>", r.body))
    ),
    "13.4": page_has(_TWO.pattern.decode(), r"<ul>\2\1</ul>"),
    "14.1": replies(lambda a, r: a.path == "/robots.txt", lambda r: replace(r, body=b"User-agent: *")),
    "14.2": replies(lambda a, r: a.path == "/sitemap.xml", lambda r: replace(r, body=b"<urlset><loc>")),
    "14.3": replies(
        lambda a, r: a.path == "/sitemap.xml",
        lambda r: replace(r, body=r.body.replace(b"doc/hospital/one", b"doc/hospital/two")),
    ),
    "14.4": replies(
        lambda a, r: a.path == "/sitemap.xml",
        lambda r: replace(r, body=r.body.replace(b"<url>", b"<url><loc>https://data.example/gone</loc></url><url>", 1)),
    ),
    "14.5": replies(lambda a, r: a.path == "/.well-known/void", lambda r: Reply(404)),
    "14.6": replies(
        lambda a, r: a.path == "/.well-known/void",
        lambda r: replace(r, body=re.sub(rb"(triples )\d+", rb"\g<1>7", r.body)),
    ),
}
