"""What the rooms share: one release, its engine, its names and addresses, and how a response leaves the house."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlencode

from flask import Response, render_template, request
from markupsafe import Markup

from kg import __version__
from kg.pages.address import Address
from kg.pages.labels import Label, Labels
from kg.pages.layout import Alternate, Layout, Licence, Place
from kg.pages.once import Once
from kg.pages.phrases import INTERFACE_LANGUAGES, counted, marked, phrase
from kg.pages.readable import language_name
from kg.pages.values import Reader
from kg.store.engine import Engine
from kg.store.operation import Answer, AsyncAnswer, Operation
from kg.store.pool import Limits
from kg.store.release import Release
from kg.store.text.index import TextIndex
from kg.words import negotiate
from kg.words.formats import HTML, Format

_PLACES = (
    (marked("Home"), ""),
    (marked("Things"), "browse"),
    (marked("Sources"), "sources"),
    (marked("Query"), "sparql"),
    (marked("Saved queries"), "queries"),
    (marked("Ontology"), "ns"),
    (marked("Shapes"), "shapes"),
    (marked("Dataset"), "dataset"),
)

ROOT_PATH = "kg.root_path"
"""The WSGI environment's variable with the path prefix of the site, without the last slash."""


@dataclass(frozen=True)
class Site:
    """One release, served.

    texts   the source texts that the operator has, by IRI
    limits  of queries; None for a plain store, which has none
    kept    what the rooms computed from this release; rendered: what large pages show, of which few are kept
    index   what the search asks; None where there is no search
    """

    release: Release
    engine: Engine
    labels: Labels
    texts: dict[str, str]
    limits: Limits | None = None
    kept: Once = field(default_factory=Once)
    rendered: Once = field(default_factory=Once)
    index: TextIndex | None = None

    @property
    def base(self) -> str:
        return self.release.settings.base

    @property
    def address(self) -> Address:
        """Where things are for this request, which says in its environment at which path prefix it sees the site."""
        return Address(self.base, request.environ.get(ROOT_PATH, "") if request else "")

    def language(self) -> str:
        """The interface's language: `?lang=`, else the best of Accept-Language, else the operator's first."""
        offers = [tag for tag in (*self.labels.fallback, *INTERFACE_LANGUAGES) if tag in INTERFACE_LANGUAGES]
        return negotiate.language(self._wanted_languages(), offers)

    def languages(self) -> tuple[str, ...]:
        """The order of languages in what the data says: `?lang=`, Accept-Language, the operator's, English."""
        return negotiate.languages(self._wanted_languages(), self.labels.languages, self.labels.fallback)

    def title(self) -> Label:
        """What the site calls itself: the dataset's title, else the operator's."""
        dataset = self.base + "dataset"
        named = self.labels.all(dataset)
        return self.labels.best(dataset, self.languages()) if named else Label(self.release.settings.title)

    def here(self) -> str:
        """Where this request sees the site, without the last slash."""
        return request.host_url.rstrip("/") + self.address.root

    def text(self, iri: str) -> str | None:
        """A source text, or None where the operator has none."""
        return self.texts.get(iri)

    def reader(self) -> Reader:
        """Shows terms in the reader's languages. One that is chosen with `?lang=` stays chosen behind every link.

        The choice is in the address, not in a cookie, so that a shared cache knows what it may repeat.
        """
        return Reader(self.labels, replace(self.address, language=self._chosen()), self.language(), self.languages())

    def page(
        self,
        template: str,
        *,
        canonical: str = "",
        alternates: tuple[Alternate, ...] = (),
        status: int = 200,
        same: Hashable = None,
        **context: Any,
    ) -> Response:
        """A page for people.

        same  two pages with this key have the same content, which is then rendered once; None for what is not kept
        """
        reader = self.reader()
        language, title = reader.language, self.title()
        here = request.path.strip("/")
        layout = Layout(
            title.text,
            self.address.root,
            language,
            tuple((tag, language_name(tag, tag).capitalize(), self._in_language(tag)) for tag in INTERFACE_LANGUAGES),
            canonical,
            alternates,
            self.release.hash[:12],
            tuple(Place(name, reader.address.page(path), path == here) for name, path in self._places()),
            Licence(self.release.licence) if self.release.licence.startswith(("https://", "http://")) else None,
            reader.address.language,
            reader.languages,
            title.language,
            self.index is not None,
        )

        def render(content: str = "") -> str:
            return render_template(
                template,
                layout=layout,
                content=Markup(content),  # noqa: S704 - it was rendered here
                t=lambda text, **values: phrase(text, language, **values),
                tn=lambda singular, plural, count, **values: counted(singular, plural, count, language, **values),
                **context,
            )

        html = render() if same is None else render(self.rendered.get(("content", same), lambda: _content(render())))
        response = Response(html, status, content_type=HTML.content_type)
        response.headers["Content-Language"] = language
        response.headers["Vary"] = "Accept, Accept-Language"
        return response

    def conditional(self, response: Response, format_: Format) -> Response:
        """The response with an ETag that names all it depends on; 304 where the client has it.

        That is release and syntax, and for what speaks to people the languages and this software, whose words they are.
        """
        language = response.headers.get("Content-Language", "")
        spoken = (__version__, language, "+".join(self.languages())) if language else ()
        response.set_etag("-".join((self.release.hash[:16], format_.suffix, *spoken)))
        response.headers["Vary"] = "Accept, Accept-Language"
        response.headers["Cache-Control"] = "no-cache"
        response.make_conditional(request)
        return response

    def stream(self, answer: Answer, operation: Operation) -> Response:
        """An answer on its way out."""
        headers = [*self.answer_headers(answer, operation), ("Vary", "Accept"), ("Cache-Control", freshness(answer))]
        return Response(answer.chunks, headers=headers)

    def answer_headers(self, answer: Answer | AsyncAnswer, operation: Operation) -> list[tuple[str, str]]:
        """What differs from one answer to the next. Its ETag names release, syntax and what was asked."""
        headers = [
            ("content-type", answer.format.content_type),
            ("server-timing", ", ".join([f"{name};dur={ms:.2f}" for name, ms in answer.timings.items()])),
        ]
        if answer.repeatable:
            headers.append(("etag", f'"{self.release.hash[:16]}-{answer.format.suffix}-{operation.digest()}"'))
        return headers

    def pages(self) -> list[str]:
        """Paths of the pages that every page links to, without the first slash."""
        return [path for _, path in self._places()]

    def _places(self) -> list[tuple[str, str]]:
        return _places(self.release, has_dataset=self.limits is not None)

    def _chosen(self) -> str:
        """`?lang=` where there is such a language, be it only in the data; empty where there is not."""
        asked = request.args.get("lang", "")
        return next(iter(negotiate.languages(asked, self.labels.languages, ())), "")

    def _wanted_languages(self) -> str:
        """What the reader asks for, as an Accept-Language header."""
        return ", ".join(filter(None, (self._chosen(), request.headers.get("Accept-Language"))))

    def _in_language(self, tag: str) -> str:
        """This page in another language, with whatever else its address says."""
        arguments = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
        path = "/" + quote(request.path.lstrip("/"))
        return f"{self.address.root}{path}?{urlencode([*arguments, ('lang', tag)])}"


def freshness(answer: Answer | AsyncAnswer) -> str:
    """The Cache-Control of an answer."""
    return "no-cache" if answer.repeatable else "no-store"


def pages(release: Release) -> list[str]:
    """Paths of the pages that every page of a site with this release links to, without the first slash."""
    return [path for _, path in _places(release, has_dataset=True)]


def _places(release: Release, *, has_dataset: bool) -> list[tuple[str, str]]:
    base = release.settings.base
    there = {
        "queries": release.saved.queries,
        "ns": f"{base}graph/ontology" in release.graphs,
        "shapes": f"{base}graph/shapes" in release.graphs,
        "dataset": has_dataset,
    }
    return [(name, path) for name, path in _PLACES if there.get(path, True)]


def _content(html: str) -> str:
    """What stands in the main part of a page."""
    return html[html.index(">", html.index("<main ")) + 1 : html.rindex("</main>")]
