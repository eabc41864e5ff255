"""What the rooms share: one release, its engine, its names and addresses, and how a response leaves the house."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Response, render_template, request

from kg.pages.address import Address
from kg.pages.labels import Labels
from kg.pages.layout import Alternate, Layout
from kg.pages.phrases import INTERFACE_LANGUAGES, phrase
from kg.pages.values import Reader
from kg.store.engine import Engine
from kg.store.release import Release
from kg.words import negotiate
from kg.words.formats import HTML, Format

_OWN_NAMES = {"en": "English", "uk": "Українська", "ru": "Русский"}


@dataclass(frozen=True)
class Site:
    """One release, served.

    texts  the source texts that the operator has, by IRI
    """

    release: Release
    engine: Engine
    labels: Labels
    address: Address
    texts: dict[str, str]

    @property
    def base(self) -> str:
        return self.release.settings.base

    def language(self) -> str:
        """The reader's language: `?lang=`, else Accept-Language, among the interface's."""
        asked = request.args.get("lang", "")
        if asked in INTERFACE_LANGUAGES:
            return asked
        return negotiate.language(request.headers.get("Accept-Language"), INTERFACE_LANGUAGES)

    def text(self, iri: str) -> str | None:
        """A source text, or None where the operator has none."""
        return self.texts.get(iri)

    def reader(self) -> Reader:
        return Reader(self.labels, self.address, self.language())

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
        language = self.language()
        links = tuple((tag, _OWN_NAMES[tag], self._in_language(tag)) for tag in INTERFACE_LANGUAGES)
        layout = Layout(
            self.release.settings.title,
            self.address.root,
            language,
            links,
            canonical,
            alternates,
            self.release.hash[:12],
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
        return response.make_conditional(request)

    def _in_language(self, tag: str) -> str:
        arguments = {**request.args.to_dict(), "lang": tag}
        return f"{self.address.root}{request.path}?{urlencode(arguments)}"
