"""How one reader sees terms on the pages of things: by name, harmless, short enough for a page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

import pyoxigraph as ox

from kg.pages.readable import readable
from kg.pages.telling import DEFINITIONS
from kg.pages.values import Reader, Value
from kg.resource.describe import Description
from kg.resource.shapes import Shapes
from kg.store.rdf_io import Term
from kg.words.names import TYPE

_LONGEST_NAME = 300
_LONGEST_TEXT = 2000
_PILED = re.compile(r"([\u0300-\u036f\u0483-\u0489]{4})[\u0300-\u036f\u0483-\u0489]+")
_STEERING = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Viewer:
    """Shows terms to one reader, on one page.

    store   the release's
    shapes  what the release's shapes say about telling
    """

    reader: Reader
    store: ox.Store
    shapes: Shapes
    _shown: dict[str, Value] = field(default_factory=dict, repr=False, compare=False)

    @property
    def base(self) -> str:
        return self.reader.address.base

    @property
    def inferred_graph(self) -> str:
        return self.base + "graph/inferred"

    def thing(self, iri: str) -> Value:
        """A thing by its name, with the link to its page."""
        value = self._shown.get(iri)
        if value is None:
            value = self._shown[iri] = _harmless(self.reader.thing(iri), _LONGEST_NAME)
        return value

    def value(self, term: Term) -> Value:
        """Any term; dates, numbers and truth values as the reader writes them."""
        if isinstance(term, ox.Literal):
            value = replace(self.reader.value(term), text=readable(term, self.reader.language))
            return _harmless(value, _LONGEST_TEXT)
        return self.thing(term.value) if isinstance(term, ox.NamedNode) else self.reader.value(term)

    def definition(self, description: Description) -> Value | None:
        """What the thing is, in the best of the reader's languages."""
        texts = [
            (DEFINITIONS.index(f.predicate), f.value)
            for f in description.facts
            if f.predicate in DEFINITIONS and isinstance(f.value, ox.Literal)
        ]
        texts.sort(key=lambda t: (t[0], self.reader.rank(t[1].language or ""), t[1].value))
        return self.value(texts[0][1]) if texts else None

    def most_specific(self, description: Description) -> tuple[str, ...]:
        """The stated classes; what is only inferred is more general."""
        stated = tuple(
            f.value.value
            for f in description.facts
            if f.predicate == TYPE and isinstance(f.value, ox.NamedNode) and f.graphs != (self.inferred_graph,)
        )
        return stated or description.types

    def kinds(self, iri: str) -> tuple[str, ...]:
        """The classes of a thing that is only mentioned: those stated, else those inferred; by IRI."""
        stated: set[str] = set()
        inferred: set[str] = set()
        for quad in self.store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(TYPE), None, None):
            if isinstance(quad.object, ox.NamedNode) and isinstance(quad.graph_name, ox.NamedNode):
                (inferred if quad.graph_name.value == self.inferred_graph else stated).add(quad.object.value)
        return tuple(sorted(stated or inferred))


def is_shortened(literal: ox.Literal) -> bool:
    """Whether a page shows only the beginning of a literal."""
    return len(literal.value) > _LONGEST_TEXT


def spelled_out(text: str) -> str:
    """The text with the characters that would turn or break what stands around it as escapes; IRIs can have some."""
    return _STEERING.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _harmless(value: Value, longest: int) -> Value:
    """The value, short enough for a page and spelled out; marks piled up to other lines are left out."""
    text = value.text
    if len(text) > longest:
        text = text[:longest].rstrip() + "…"
    text = spelled_out(_PILED.sub(r"\1", text))
    return value if text == value.text else replace(value, text=text)
