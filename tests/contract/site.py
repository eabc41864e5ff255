"""A small linked-data site that keeps every rule, on loopback, and a way to spoil what it says."""

from __future__ import annotations

import contextlib
import gzip
import html
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF, RDFS, XSD

from kg.words import negotiate
from kg.words.formats import DOCUMENTS, HTML, Carries, Format, by_suffix

CANONICAL = "https://data.example/"
LICENCE = "https://licence.example/by"
NAMES = {
    "hospital/one": ("Єдність", "Unity"),
    "hospital/two": ("Іскра", "Spark"),
    "hospital/three": ("Їжачок", "Hedgehog"),
    "місто/київ": ("Київ", "Kyiv"),
}
CITY = "місто/київ"
RETIRED = "hospital/zero"
SERIALIZERS = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml", "nt": "nt"}


@dataclass(frozen=True)
class Asked:
    """A request; header names in lower case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]

    @property
    def accept(self) -> str | None:
        return self.headers.get("accept")


@dataclass(frozen=True)
class Reply:
    """A response. `tail` is sent behind the headers where nothing belongs."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    tail: bytes = b""

    def without(self, *names: str) -> Reply:
        return replace(self, headers={n: v for n, v in self.headers.items() if n not in names})

    def with_(self, **headers: str) -> Reply:
        return replace(self, headers=self.headers | {n.replace("_", "-"): v for n, v in headers.items()})

    @property
    def type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


Spoil = Callable[[Asked, Reply], Reply]


def iri(name: str) -> URIRef:
    return URIRef(f"{CANONICAL}id/{name}")


def document(name: str) -> URIRef:
    return URIRef(f"{CANONICAL}doc/{name}")


def describe(name: str) -> Graph:
    """What the document about a thing says."""
    graph, me = Graph(), iri(name)
    in_ = URIRef(CANONICAL + "ns#in")
    for other in NAMES if name == CITY else (name,):
        if other != CITY:
            graph.add((iri(other), in_, iri(CITY)))
    for text, tag in zip(NAMES[name], ("uk", "en"), strict=True):
        graph.add((me, RDFS.label, Literal(text, lang=tag)))
    graph.add((document(name), RDF.type, FOAF.Document))
    graph.add((document(name), FOAF.primaryTopic, me))
    graph.add((document(name), DCTERMS.license, URIRef(LICENCE)))
    graph.add((document(name), DCTERMS.modified, Literal("2026-01-02", datatype=XSD.date)))
    graph.add((document(name), URIRef("https://schema.org/version"), Literal("1")))
    return graph


def serialize(graph: Graph, format_: Format) -> bytes:
    if format_.carries is Carries.DATASET:
        lines, name = graph.serialize(format="nt").splitlines(), f"<{CANONICAL}graph>"
        if format_.suffix == "trig":
            return "\n".join([f"{name} {{", *lines, "}"]).encode()
        return "".join(f"{line[:-1]}{name} .\n" for line in lines if line).encode()
    return graph.serialize(format=SERIALIZERS[format_.suffix], encoding="utf-8")


@dataclass
class Site:
    """`describe` and `tag`, which makes an ETag of a suffix and a language, may be replaced by others."""

    describe: Callable[[str], Graph] = describe
    tag: Callable[[str, str], str] = lambda suffix, language: f'"{suffix}{language}"'
    _bodies: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def answer(self, asked: Asked) -> Reply:
        path = unquote(asked.path)
        if asked.method == "OPTIONS":
            reply = Reply(204, {
                "allow": "GET, HEAD, OPTIONS", "access-control-allow-methods": "GET, HEAD, OPTIONS",
                "access-control-allow-headers": "Accept, If-None-Match", "access-control-max-age": "600",
            })  # fmt: skip
        elif "%2F" in asked.path or "//" in asked.path:
            reply = self.missing(asked)
        elif path.startswith("/id/"):
            reply = self.thing(asked, path.removeprefix("/id/"))
        elif path.startswith("/doc/"):
            reply = self.document(asked, path.removeprefix("/doc/"))
        else:
            reply = self.whole(asked, path)
        return reply.with_(
            access_control_allow_origin="*", access_control_expose_headers="Link, ETag, Content-Location, Location"
        )

    def missing(self, asked: Asked, status: int = 404) -> Reply:
        is_page = "html" in (asked.accept or "")
        return Reply(status, {"content-type": HTML.media_type if is_page else "text/plain", "vary": "Accept"}, b"none")

    def thing(self, asked: Asked, name: str) -> Reply:
        if name == RETIRED:
            link = f'<{iri("hospital/one")}>; rel="successor-version"'
            return self.missing(asked, 410).with_(link=link)
        if name not in NAMES:
            return self.missing(asked)
        return Reply(303, {"location": f"/doc/{quote(name)}"})

    def document(self, asked: Asked, path: str) -> Reply:
        name, suffix = (path, "") if path in NAMES else (path.rpartition(".")[0], path.rpartition(".")[2])
        format_ = by_suffix(suffix, DOCUMENTS) if suffix else negotiate.choose(asked.accept, DOCUMENTS)
        if name not in NAMES or (suffix and format_ is None):
            return self.missing(asked)
        if format_ is None:
            told = "\n".join(f.media_type for f in DOCUMENTS).encode()
            return Reply(406, {"content-type": "text/plain", "vary": "Accept"}, told)
        if format_ is HTML:
            chosen = dict(part.partition("=")[::2] for part in asked.query.split("&")).get("lang")
            language = negotiate.language(chosen or asked.headers.get("accept-language"), ("en", "uk"))
            reply = Reply(200, {"content-language": language}, self.page(name, language).encode())
        else:
            language = ""
            key = (name, format_.suffix)
            if key not in self._bodies:
                self._bodies[key] = serialize(self.describe(name), format_)
            reply = Reply(200, {}, self._bodies[key])
        here = f"/doc/{quote(name)}"
        reply = reply.with_(
            content_type=format_.content_type, vary="Accept, Accept-Language", link=self.links(name, here),
            content_location=f"{here}.{format_.suffix}", etag=self.tag(format_.suffix, language),
        )  # fmt: skip
        condition = asked.headers.get("if-none-match", "")
        if condition == "*" or reply.headers["etag"] in condition:
            return replace(reply, status=304, body=b"").without("content-type", "link", "content-language")
        return reply

    def links(self, name: str, here: str) -> str:
        links = [
            f'<{here}.{f.suffix}>; rel="{rel}"; type="{f.media_type}"'
            for rel in ("alternate", "describedby") for f in DOCUMENTS if f is not HTML
        ]  # fmt: skip
        links += [f'<{quote(iri(name), safe=":/")}>; rel="cite-as"', '<https://schema.org/AboutPage>; rel="type"']
        return ", ".join([*links, f'<{LICENCE}>; rel="license"'])

    def page(self, name: str, language: str) -> str:
        here, both = f"/doc/{quote(name)}", dict(zip(("uk", "en"), NAMES[name], strict=True))
        data = {"@context": "https://schema.org/", "@id": iri(name), "@type": "Thing", "name": both[language]}
        head = [f'<link rel="canonical" href="{CANONICAL}doc/{quote(name)}">']
        head += [f'<link rel="alternate" hreflang="{tag}" href="{here}?lang={tag}">' for tag in both]
        head += [
            f'<link rel="alternate" type="{f.media_type}" href="{here}.{f.suffix}">'
            for f in DOCUMENTS if f is not HTML
        ]  # fmt: skip
        others = [o for o in NAMES if o != CITY] if name == CITY else [CITY]
        items = "".join(
            f'<li><a href="/doc/{quote(o)}" lang="uk">{html.escape(NAMES[o][0])}</a></li>' for o in others
        )  # fmt: skip
        names = "".join(f'<p lang="{tag}">{text}</p>' for tag, text in both.items())
        script = json.dumps(data).replace("<", "\\u003c")
        return (
            f'<!doctype html><html lang="{language}"><head><title>x</title>{"".join(head)}'
            f'<script type="application/ld+json">{script}</script></head>'
            f"<body><h1>{both[language]}</h1>{names}<ul>{items}</ul></body></html>"
        )

    def whole(self, asked: Asked, path: str) -> Reply:
        everything = Graph()
        for name in NAMES:
            everything += describe(name)
        if path == "/":
            return Reply(200, {"content-type": "text/html"}, b'<html lang="en"><p>Home')
        if path == "/robots.txt":
            return Reply(200, {"content-type": "text/plain"}, f"Sitemap: {CANONICAL}sitemap.xml\n".encode())
        if path == "/sitemap.xml":
            listed = "".join(f"<url><loc>{CANONICAL}doc/{quote(name)}</loc></url>" for name in NAMES)
            body = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</urlset>'
            return Reply(200, {"content-type": "application/xml"}, body.encode())
        if path == "/.well-known/void":
            turtle = (
                f"@prefix void: <http://rdfs.org/ns/void#> . <{CANONICAL}dataset> a void:Dataset ; void:triples "
                f'{len(everything)} ; void:uriSpace "{CANONICAL}" ; void:dataDump <{CANONICAL}dump.nt.gz> ; '
                f"void:exampleResource <{iri('hospital/one')}> , <{iri(CITY)}> ."
            )
            return Reply(200, {"content-type": "text/turtle; charset=utf-8"}, turtle.encode())
        if path == "/dump.nt.gz":
            body = gzip.compress(everything.serialize(format="nt", encoding="utf-8"))
            return Reply(200, {"content-type": "application/gzip"}, body)
        return self.missing(asked)


@contextlib.contextmanager
def serving(
    site: Site, spoil: Spoil | None = None, wrap: Callable[[socket.socket], socket.socket] | None = None
) -> Iterator[str]:
    """The URL at which a site is served, every reply of it spoilt. `wrap` puts TLS around its socket."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do(self) -> None:
            parts = urlsplit("http://x" + self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path.partition("?")[0], parts.query, headers)
            reply = site.answer(asked)
            if spoil:
                reply = spoil(asked, reply)
            has_body = self.command != "HEAD" and reply.status not in (204, 304)
            lines = [f"HTTP/1.1 {reply.status} x", *(f"{name}: {value}" for name, value in reply.headers.items())]
            lines += [f"content-length: {len(reply.body)}"] if reply.status not in (204, 304) else []
            head = ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8")
            self.wfile.write(head + (reply.body if has_body else b"") + reply.tail)
            if self.headers.get("connection", "").lower() == "close" or reply.tail:
                self.close_connection = True

        do_GET = do_HEAD = do_OPTIONS = do  # noqa: N815

        def log_message(self, *arguments: Any) -> None:
            pass

    with listening(Handler, wrap) as url:
        yield url


@contextlib.contextmanager
def listening(
    handler: type[BaseHTTPRequestHandler], wrap: Callable[[socket.socket], socket.socket] | None = None
) -> Iterator[str]:
    """The URL of a loopback server that handles requests so."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *arguments: Any) -> None:
            """The client went away, as it does from servers that are odd."""

    with Server(("127.0.0.1", 0), handler) as server:
        server.socket = wrap(server.socket) if wrap else server.socket
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http{'s' if wrap else ''}://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()
