"""What the rooms share: one release, its engine, its names and addresses, and how a response leaves the house."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

from flask import Response, render_template, request

from kg.pages.address import Address
from kg.pages.labels import Labels
from kg.pages.layout import Alternate, Layout, Licence, Place
from kg.pages.phrases import INTERFACE_LANGUAGES, phrase
from kg.pages.values import Reader
from kg.store.engine import Engine
from kg.store.operation import Answer
from kg.store.pool import Limits
from kg.store.release import Release
from kg.words import negotiate
from kg.words.formats import HTML, Format

_OWN_NAMES = {"en": "English", "uk": "Українська", "ru": "Русский"}
_PLACES = (("Home", ""), ("Query", "sparql"), ("Saved queries", "queries"), ("Ontology", "ns"), ("Shapes", "shapes"))


@dataclass(frozen=True)
class Site:
    """One release, served.

    texts   the source texts that the operator has, by IRI
    limits  of queries; None for a plain store, which has none
    """

    release: Release
    engine: Engine
    labels: Labels
    address: Address
    texts: dict[str, str]
    limits: Limits | None = None

    @property
    def base(self) -> str:
        return self.release.settings.base

    def language(self) -> str:
        """The reader's language: `?lang=`, else Accept-Language, among the interface's."""
        return self._chosen() or negotiate.language(request.headers.get("Accept-Language"), INTERFACE_LANGUAGES)

    def title(self, language: str) -> str:
        """What the site calls itself: the dataset's title, else the operator's."""
        dataset = self.base + "dataset"
        return self.labels.best(dataset, language).text if self.labels.all(dataset) else self.release.settings.title

    def text(self, iri: str) -> str | None:
        """A source text, or None where the operator has none."""
        return self.texts.get(iri)

    def reader(self) -> Reader:
        """Shows terms in the reader's language; a language chosen with `?lang=` stays chosen behind every link."""
        return Reader(self.labels, replace(self.address, language=self._chosen()), self.language())

    def page(
        self,
        template: str,
        *,
        canonical: str = "",
        alternates: tuple[Alternate, ...] = (),
        status: int = 200,
        **context: Any,
    ) -> Response:
        """A page for people."""
        reader = self.reader()
        language = reader.language
        here = request.path.removeprefix(self.address.root).strip("/")
        layout = Layout(
            self.title(language),
            self.address.root,
            language,
            tuple((tag, _OWN_NAMES[tag], self._in_language(tag)) for tag in INTERFACE_LANGUAGES),
            canonical,
            alternates,
            self.release.hash[:12],
            tuple(Place(name, reader.address.page(path), path == here) for name, path in self._places()),
            Licence(self.release.licence) if self.release.licence.startswith(("https://", "http://")) else None,
            reader.address.language,
        )
        html = render_template(template, layout=layout, t=lambda text: phrase(text, language), **context)
        response = Response(html, status, content_type=HTML.content_type)
        response.headers["Content-Language"] = language
        return response

    def conditional(self, response: Response, format_: Format) -> Response:
        """The response with an ETag that names release, syntax and language; 304 where the client has it."""
        language = response.headers.get("Content-Language", "")
        response.set_etag("-".join(part for part in (self.release.hash[:16], format_.suffix, language) if part))
        response.headers["Vary"] = "Accept, Accept-Language"
        response.headers["Cache-Control"] = "no-cache"
        response.make_conditional(request)
        return response

    def stream(self, answer: Answer, asked: object) -> Response:
        """An answer on its way out. Its ETag names release, syntax and what was asked, by its `repr`."""
        response = Response(answer.chunks, content_type=answer.format.content_type)
        response.headers["Vary"] = "Accept"
        response.headers["Server-Timing"] = ", ".join(f"{n};dur={ms:.2f}" for n, ms in answer.timings.items())
        if answer.repeatable:
            tag = hashlib.sha256(repr((asked, answer.format.media_type)).encode()).hexdigest()[:16]
            response.set_etag(f"{self.release.hash[:16]}-{tag}")
            response.headers["Cache-Control"] = "no-cache"
        else:
            response.headers["Cache-Control"] = "no-store"
        return response

    def _places(self) -> list[tuple[str, str]]:
        return [(name, path) for name, path in _PLACES if path != "queries" or self.release.saved.queries]

    def _chosen(self) -> str:
        asked = request.args.get("lang", "")
        return asked if asked in INTERFACE_LANGUAGES else ""

    def _in_language(self, tag: str) -> str:
        """This page in another language, with whatever else its address says."""
        arguments = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
        path = "/" + quote(request.path.lstrip("/"))
        return f"{self.address.root}{path}?{urlencode([*arguments, ('lang', tag)])}"
