"""A term as a reader sees it: text, where it leads, what it is."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from kg.pages.address import Address
from kg.pages.labels import Label, Labels
from kg.store.rdf_io import Term
from kg.words.names import RDF, XSD, curie


@dataclass(frozen=True)
class Value:
    """Something to show.

    href      None for what leads nowhere
    external  whether href leaves this site
    language  of the text; empty for what has none
    datatype  its short name; empty for text and links
    known_href  for what is external: the page with what the graph says of it
    """

    text: str
    href: str | None = None
    external: bool = False
    language: str = ""
    datatype: str = ""
    iri: str = ""
    known_href: str = ""

    @property
    def short(self) -> str:
        """The IRI as a CURIE where a known prefix fits."""
        return curie(self.iri)


@dataclass(frozen=True)
class Reader:
    """Shows terms to somebody: by the names things have in the reader's languages, with links that stay on this site.

    language   of the interface: its phrases, numbers and dates
    languages  of what the data says, the best first, with those to fall back to
    """

    labels: Labels
    address: Address
    language: str
    languages: tuple[str, ...]

    def rank(self, language: str) -> int:
        """Where a text in this language comes in the reader's order, 0 for the best."""
        order = (*self.languages, "")
        return order.index(language) if language in order else len(order)

    def thing(self, iri: str) -> Value:
        """A thing by its name, with the link to its page."""
        label = self.labels.best(iri, self.languages)
        if not label.language and not self.labels.all(iri):
            label = self._unnamed(iri)
        own = self.address.document(iri)
        known_href = self.address.external(iri) if own is None else ""
        return Value(label.text, self.address.link(iri), own is None, label.language, iri=iri, known_href=known_href)

    def value(self, term: Term) -> Value:
        """Any term: things by name, literals by their lexical form."""
        if isinstance(term, ox.NamedNode):
            return self.thing(term.value)
        if isinstance(term, ox.Literal):
            plain = term.datatype.value in (XSD + "string", RDF + "langString")
            return Value(term.value, language=term.language or "", datatype="" if plain else curie(term.datatype.value))
        return Value("[ ]")

    def _unnamed(self, iri: str) -> Label:
        """A range by its place, the rest by address."""
        document, _, place = iri.partition("#char=")
        if place:
            source = self.labels.best(document, self.languages)
            return Label(f"{source.text}, {place.replace(',', '–')}", source.language)
        short = curie(iri)
        if short != iri:
            return Label(short)
        if iri.startswith(self.address.base):
            return Label(iri.removeprefix(self.address.base).removeprefix("id/").removeprefix("graph/"))
        return Label(iri.removeprefix("https://").removeprefix("http://").rstrip("/"))
