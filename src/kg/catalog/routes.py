"""`/`: what this is, and the ways in; `/browse`: lists of things; `/sources`: the documents that it all comes from."""

from __future__ import annotations

from flask import Blueprint, Response, request

from kg.catalog import census, home, pictures, sources
from kg.catalog.browse import Browser
from kg.pages.address import Address
from kg.pages.layout import Alternate
from kg.pages.values import Reader
from kg.site import Site
from kg.words.formats import HTML


def blueprint(site: Site) -> Blueprint:
    """The routes of the home page and of the lists. Raise BadInput if `kg.toml` names a picture that is none."""
    routes = Blueprint("catalog", __name__)
    settings, store, kept = site.release.settings, site.release.store, site.kept
    drawn = (
        pictures.drawn(site, settings.home_diagram, "home_diagram"),
        pictures.drawn(site, settings.home_timeline, "home_timeline"),
    )

    def counted() -> census.Census:
        return kept.get("census", lambda: census.take(store, site.base))

    def browser() -> Browser:
        return Browser(counted(), store, site.base, kept)

    @routes.get("/")
    def home_page() -> Response:
        reader = site.reader()
        page = site.rendered.get(("home", *_key(reader)), lambda: home.page(site, reader, counted(), browser(), drawn))
        first = page.first.iri.removeprefix(site.base) if page.first else ""
        response = site.page("home.html", page=page, here=site.here(), first_path=first, canonical=site.base)
        return site.conditional(response, HTML)

    @routes.get("/browse")
    def browse() -> Response:
        found = browser()
        asked = found.lists.asked(list(request.args.items(multi=True)))
        page = found.page(asked, site.reader())
        own = found.lists.href(Address(site.base), asked).lstrip("/")
        return _listing(site, "browse.html", page, page.downloads, own)

    @routes.get("/sources")
    def source_documents() -> Response:
        reader = site.reader()
        page = site.rendered.get(("sources", *_key(reader)), lambda: sources.page(site, reader))
        return _listing(site, "sources.html", page, page.downloads, "sources")

    return routes


def _key(reader: Reader) -> tuple[object, ...]:
    """All that a page depends on beside the release."""
    return reader.language, reader.languages, reader.address


def _listing(site: Site, template: str, page: object, downloads: tuple[Alternate, ...], path: str) -> Response:
    response = site.page(template, page=page, canonical=site.base + path, alternates=downloads)
    response.headers["Link"] = ", ".join(f'<{a.href}>; rel="alternate"; type="{a.media_type}"' for a in downloads)
    return site.conditional(response, HTML)
