"""IRI to path on this site and back. Every URL on a page comes from here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

_SAFE = "/:@!$&'()*+,;=~-._%"


@dataclass(frozen=True)
class Address:
    """Where the things of a base IRI are on this site.

    base  canonical; links on pages are relative to the site's root, so a page works on any host
    root  path prefix of the site behind a proxy, without the last slash
    language  that the reader chose with `?lang=`, carried along by links to pages; empty where the browser says it
    """

    base: str
    root: str = ""
    language: str = ""

    def thing(self, path: str) -> str:
        """The IRI of the thing whose document is `doc/{path}`."""
        if path.startswith("source/"):
            return f"{self.base}{path}.txt"
        if path.startswith(("vocab/", "graph/")) or path in ("ns", "shapes"):
            return self.base + path
        return f"{self.base}id/{path}"

    def document(self, iri: str) -> str | None:
        """Path of the document about an IRI, None if it is not one of ours."""
        if not iri.startswith(self.base):
            return None
        path, _, fragment = iri[len(self.base) :].partition("#")
        head = path.partition("/")[0]
        if head == "id":
            path = "doc" + path[2:]
        elif head == "source":
            path = "doc/" + path.removesuffix(".txt")
        elif head not in ("ns", "shapes", "vocab", "graph", "doc", "queries") and iri != self.base + "dataset":
            return None
        return self.page(quote(path, safe=_SAFE)) + (f"#{fragment}" if fragment else "")

    def page(self, path: str, **parameters: str) -> str:
        """Path of a page on this site. `path` is quoted and has no leading slash."""
        if self.language:
            parameters["lang"] = self.language
        return f"{self.root}/{path}" + (f"?{urlencode(parameters)}" if parameters else "")

    def query(self, text: str) -> str:
        """Path of the page with a query and its answer."""
        return self.page("sparql", query=text)

    def saved(self, name: str, values: Mapping[str, str], suffix: str = "") -> str:
        """Path of a saved query with values for its parameters: of its page, or of its answer in a syntax."""
        if not suffix:
            return self.page(f"queries/{name}", **values)
        asked = urlencode(values, quote_via=quote, safe="/:@")
        return f"{self.root}/queries/{name}.{suffix}" + (f"?{asked}" if asked else "")

    def external(self, iri: str) -> str:
        """Path of the page with what the graph says of an IRI that has no document here."""
        return self.page("doc/external", iri=iri)

    def text(self, source: str) -> str:
        """Path of a source's text, given its IRI."""
        return self.page(quote(source.removeprefix(self.base), safe=_SAFE))

    def link(self, iri: str) -> str | None:
        """What a page links to for an IRI: our own by path, others as they are; None for what is no http IRI."""
        own = self.document(iri)
        if own is not None:
            return own
        return iri if iri.startswith(("http://", "https://")) else None
