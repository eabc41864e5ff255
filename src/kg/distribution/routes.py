"""`/dataset` and all that leads to it: `/.well-known/void`, dumps, sitemaps, `/robots.txt`, the feed of releases."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import quote, urljoin

from flask import Blueprint, Response, redirect, request

from kg.distribution import sitemap
from kg.distribution.description import Where
from kg.distribution.feed import feed
from kg.distribution.pages import dataset_page
from kg.distribution.publication import Publication
from kg.distribution.stated import versions_before
from kg.pages.layout import Alternate
from kg.pages.signposting import Link, linkset, signposts
from kg.pages.values import Value
from kg.site import Site
from kg.words import negotiate
from kg.words.errors import Gone, NotAcceptable, NotFound
from kg.words.formats import DATA, DOCUMENTS, HTML, Carries, Format, by_suffix
from kg.words.names import SCHEMA

_LINKSET = Format("linkset", "application/linkset+json", "linkset.json", Carries.RESULT)
_SITEMAP = Format("sitemap", "application/xml", "xml", Carries.RESULT)
_FEED = Format("Atom", "application/atom+xml", "atom", Carries.RESULT)
_TEXT = Format("text", "text/plain", "txt", Carries.RESULT, charset=True)
_OFFERS = (*DOCUMENTS, _LINKSET)
_YEAR_S = 31_536_000


def blueprint(site: Site) -> Blueprint:
    """The routes of the dataset as a whole."""
    routes = Blueprint("distribution", __name__)
    publication = Publication(site.release, site.pages())

    @routes.get("/dataset")
    @routes.get("/dataset.<suffix>", endpoint="dataset_suffix")
    def dataset(suffix: str = "") -> Response:
        return _dataset(site, publication, suffix)

    @routes.get("/.well-known/void")
    def void() -> Response:
        # Turtle where the client does not mind, as this address is for machines (VoID, section 7.2).
        chosen = negotiate.choose(request.headers.get("Accept"), (*DATA, HTML))
        suffix = f".{chosen.suffix}" if chosen else ""
        response = _see(f"{site.address.root}/dataset{suffix}")
        response.headers["Vary"] = "Accept"
        return response

    @routes.get("/dumps/<path:path>")
    def dump(path: str) -> Response:
        return _dump(site, publication, path)

    @routes.get("/sitemap.xml")
    def sitemap_index() -> Response:
        paths, modified = publication.documents(), site.release.modified
        one = len(paths) <= sitemap.MOST
        text = (
            sitemap.part(site.here(), paths, 1, modified) if one else sitemap.index(site.here(), len(paths), modified)
        )
        return _told(site, text, _SITEMAP)

    @routes.get("/sitemap-<int:number>.xml")
    def sitemap_part(number: int) -> Response:
        paths = publication.documents()
        if not 1 <= number <= sitemap.parts(len(paths)):
            raise NotFound(f"there is no sitemap {number}. {site.address.root}/sitemap.xml lists them")
        return _told(site, sitemap.part(site.here(), paths, number, site.release.modified), _SITEMAP)

    @routes.get("/robots.txt")
    def robots() -> Response:
        root = site.address.root
        text = (
            f"User-agent: *\nDisallow: {root}/sparql?\nDisallow: {root}/search?\n\nSitemap: {site.here()}/sitemap.xml\n"
        )
        return _told(site, text, _TEXT)

    @routes.get("/feed.atom")
    def releases() -> Response:
        return _told(site, feed(site.release, site.release.settings.title, site.here(), publication.whole()), _FEED)

    return routes


def _dataset(site: Site, publication: Publication, suffix: str) -> Response:
    format_ = _choose(suffix)
    here = f"{site.address.root}/dataset"
    alternates = tuple(Alternate(f.name, f"{here}.{f.suffix}", f.media_type) for f in DATA)
    links = _links(site, publication, alternates)
    if format_ is HTML:
        title = site.title()
        page = dataset_page(publication, site.reader(), Value(title.text, language=title.language), site.here())
        response = site.page("dataset.html", page=page, canonical=site.base + "dataset", alternates=alternates)
    elif format_ is _LINKSET:
        absolute = (replace(link, href=urljoin(request.host_url, link.href)) for link in links)
        document = json.dumps(linkset(site.base + "dataset", absolute), indent=1)
        response = Response(document, content_type=_LINKSET.content_type)
    else:
        description = publication.description(Where(site.here(), site.here()), format_)
        response = Response(description, content_type=format_.content_type)
    response.headers["Content-Location"] = f"{here}.{format_.suffix}"
    same = [Link(a.href, "alternate", a.media_type) for a in alternates]
    response.headers["Link"] = ", ".join(map(str, [*same, *links]))
    return site.conditional(response, format_)


def _choose(suffix: str) -> Format:
    """The syntax that the suffix names, else what Accept prefers."""
    if suffix:
        format_ = by_suffix(suffix, _OFFERS)
        if format_ is None:
            known = ", ".join("." + f.suffix for f in _OFFERS)
            raise NotFound(f'there is no "{suffix}" of the dataset. It can be had with {known}')
        return format_
    chosen = negotiate.choose(request.headers.get("Accept"), _OFFERS)
    if chosen is None:
        types = tuple(f.media_type for f in _OFFERS)
        raise NotAcceptable(f"the dataset can be had as {', '.join(types)}", types)
    return chosen


def _links(site: Site, publication: Publication, alternates: tuple[Alternate, ...]) -> list[Link]:
    """Where to go from the dataset; of the dumps only those of all of it, as headers have to be short."""
    root, hash_ = site.address.root, site.release.hash
    types = (SCHEMA + "Dataset",)
    links = [*signposts(site.base + "dataset", alternates, types=types, licence=site.release.licence)]
    links += [Link(f"{root}/dumps/{hash_}/{d.href}", "item", d.media_type) for d in publication.whole() if d.compressed]
    links += [
        Link(f"{root}/dataset.{_LINKSET.suffix}", "linkset", _LINKSET.media_type),
        Link(f"{root}/sparql", "service"),
    ]
    return links + ([Link(f"{root}/feed.atom", "alternate", _FEED.media_type)] if site.release.modified else [])


def _dump(site: Site, publication: Publication, path: str) -> Response:
    """A dump of this release, or where it is; other releases are not here."""
    hash_, _, name = path.partition("/")
    now = f"{site.address.root}/dumps/{site.release.hash}"
    if hash_ == site.release.hash and not name:
        return _see(f"{site.address.root}/dataset")
    if not name and hash_.startswith(publication.dumps.stem + "."):
        latest = publication.dumps.whole(hash_.removeprefix(publication.dumps.stem + "."))
        if publication.dumps.get(latest):
            return _see(f"{now}/{quote(latest)}", 302)
    if hash_ != site.release.hash:
        there = f"The present release is {site.release.hash}: {site.address.root}/dataset lists its dumps"
        if any(v.endswith(f"/{hash_}") for v in versions_before(site.release.store, site.base + "dataset")):
            raise Gone(f"the dumps of release {hash_} are no longer here. {there}")
        raise NotFound(f"there are no dumps at {request.path}. {there}")
    found = publication.dumps.get(name)
    if found is None:
        raise NotFound(f"this release has no dump {name}. {site.address.root}/dataset lists those that it has")
    response = Response(found.chunks(), content_type=found.content_type)
    response.headers["Content-Length"] = str(found.size_bytes)
    response.headers["Link"] = str(Link(f"{site.address.root}/dataset", "collection"))
    response.set_etag(found.sha256[:32])
    response.headers["Cache-Control"] = f"public, max-age={_YEAR_S}, immutable"
    response.make_conditional(request)
    return response


def _see(path: str, status: int = 303) -> Response:
    return redirect(path, status, Response)  # type: ignore[return-value]


def _told(site: Site, content: str | bytes, format_: Format) -> Response:
    return site.conditional(Response(content, content_type=format_.content_type), format_)
