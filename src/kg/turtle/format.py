"""The contents of one Turtle file, laid out, and proof that they say the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.store import rdf_io
from kg.turtle.layout import lay_out
from kg.turtle.tokens import COMMENT, Token, tokenize
from kg.words.errors import KgError
from kg.words.findings import Finding

_BOM: Final = b"\xef\xbb\xbf"
_BASE: Final = "http://base.invalid/"
"""Any base will do to compare what is relative to it."""


class Altered(KgError):
    """The layout would say something else than the file: our bug."""

    slug = "altered"
    title = "The layout would change the file's meaning"


@dataclass(frozen=True)
class Formatted:
    """A file's contents as they are and as they are laid out."""

    name: str
    before: bytes
    after: bytes

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


def formatted(content: bytes, name: str) -> Formatted | Finding:
    """Turtle in the one layout, in UTF-8 without a byte-order mark, or the Finding that says why it does not parse.

    name  of the file, for messages
    Raise Altered if the layout would have other triples or other comments.
    """
    before = content.removeprefix(_BOM)
    triples = _triples(before, name)
    if isinstance(triples, Finding):
        return triples
    try:
        tokens = tokenize(before.decode())
        after = lay_out(tokens)
        is_same = _comments(tokens) == _comments(tokenize(after)) and _agree(triples, _triples(after.encode(), name))
    except ValueError:
        is_same = False
    if not is_same:
        raise Altered("was left as it is: its layout would change what it says. This is a bug in kg. Report it", name)
    return Formatted(name, content, after.encode())


def _triples(content: bytes, name: str) -> Sequence[ox.Quad] | Finding:
    document = rdf_io.read(Path("content.ttl"), name, _BASE + "graph", _BASE, content)
    return document if isinstance(document, Finding) else document.quads


def _agree(before: Sequence[ox.Quad], after: Sequence[ox.Quad] | Finding) -> bool:
    """Whether they are the same graph. Mostly they are the same list: blank nodes are numbered in its order."""
    if isinstance(after, Finding) or len(before) != len(after):
        return False
    return before == after or _canonical(before) == _canonical(after)


def _canonical(triples: Sequence[ox.Quad]) -> ox.Dataset:
    dataset = ox.Dataset(triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def _comments(tokens: Sequence[Token]) -> list[str]:
    return sorted(t.text for t in tokens if t.kind == COMMENT)
