"""Identifiers of things, classes and properties as the API writes them, and the IRIs they stand for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kg.words.names import PREFIXES, curie, is_absolute

_CUTS_A_URL: Final = frozenset("#?&%+ ")
"""OpenRefine puts identifiers into URLs as they are; these characters would end or change them."""


@dataclass(frozen=True)
class Ids:
    """Short identifiers below a base: `id/org/giz` for things, so that identifier space and identifier make the IRI.

    Terms of known vocabularies are CURIEs; what has no safe short form is its IRI.
    """

    base: str

    def short(self, iri: str) -> str:
        """The identifier of an IRI."""
        name = curie(iri)
        if name != iri:
            return name
        path = iri.removeprefix(self.base)
        return path if path and path != iri and not _CUTS_A_URL & set(path) and ":" not in path else iri

    def iri(self, text: str) -> str | None:
        """The IRI that an identifier stands for: a path below the base, a CURIE or an IRI; None for what is none."""
        text = text.strip().removeprefix("<").removesuffix(">")
        prefix, colon, name = text.partition(":")
        if colon and prefix in PREFIXES:
            text = PREFIXES[prefix] + name
        elif not colon or "/" in prefix:
            text = self.base + text.lstrip("/")
        try:
            return ox.NamedNode(text).value if text != self.base and is_absolute(text) else None
        except ValueError:
            return None
