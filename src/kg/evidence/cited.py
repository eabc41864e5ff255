"""What claims rest on: ranges of characters in the source texts, looked up and told of."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pyoxigraph as ox

from kg.evidence.texts import Source
from kg.store.locate import Locate
from kg.store.lookup import texts, values
from kg.store.rdf_io import Term
from kg.words.findings import Finding, Severity
from kg.words.names import NIF, curie

ANCHOR = NIF + "anchorOf"
_FRAGMENT = re.compile(r"#char=([0-9]{1,9}),([0-9]{1,9})\Z")


@dataclass(frozen=True)
class Cited:
    """Ranges and claims, with the texts that are at hand.

    store  stated triples in named graphs, their union as the default graph, claims expanded
    """

    store: ox.Store
    base: str
    sources: dict[str, Source]
    locate: Locate

    def text_of(self, range_: str) -> str | None:
        """The whole text that the range is of; None if it is not at hand."""
        source = self.source_of(range_)
        return source.text if source else None

    def phrase_of(self, range_: str) -> str | None:
        """What the range says, by its own word or by the text; None if neither is at hand."""
        stated, whole, within = texts(self.store, range_, ANCHOR), self.text_of(range_), bounds(range_)
        if stated or whole is None or within is None:
            return next(iter(stated), None)
        return whole[within[0] : within[1]]

    def source_of(self, range_: str) -> Source | None:
        """The document that the range is of, if that is registered."""
        return self.sources.get(range_.partition("#")[0])

    def iris(self, subject: str, predicate: ox.NamedNode) -> list[str]:
        """The things that the subject is linked to."""
        return [o.value for o in values(self.store, subject, predicate.value) if isinstance(o, ox.NamedNode)]

    def short(self, iri: str) -> str:
        """The IRI as findings tell it."""
        return curie(iri).removeprefix(self.base)

    def violation(
        self, rule: str, message: str, subject: str, predicate: str | None = None, value: Term | None = None
    ) -> Finding:
        """A finding about the subject, at the line where that, or the statement, is written."""
        place = self.locate(ox.NamedNode(subject), ox.NamedNode(predicate) if predicate else None, value)
        about = self.short(subject), "", curie(predicate or ""), self.short(lexical(value)) if value else ""
        return Finding(Severity.VIOLATION, rule, message, place, *about)


def bounds(range_: str) -> tuple[int, int] | None:
    """Start and end of a range of at least one character; None for what is none. Source: RFC 5147, section 2.2.2."""
    found = _FRAGMENT.search(range_)
    start, end = (int(found[1]), int(found[2])) if found else (0, 0)
    return (start, end) if start < end else None


def shown(phrase: str) -> str:
    """The phrase in quotation marks, on one line and not too long."""
    phrase = " ".join(phrase.split())
    return f"«{phrase}»" if len(phrase) <= 80 else f"«{phrase[:77]}…»"


def lexical(term: Term) -> str:
    """The IRI or the text; a blank node is known by its line only."""
    if isinstance(term, ox.NamedNode | ox.Literal):
        return term.value
    return "[ ]" if isinstance(term, ox.BlankNode) else str(term)
