"""Why triples are in the graph: the claims about a thing, and the ranges of source texts that they quote."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

import pyoxigraph as ox

from kg.store.lookup import subjects, text, values
from kg.store.rdf_io import Term
from kg.words.names import DCTERMS, HS, NIF, PROV, RDF, RDFS

PLACE = "#char="
"""What stands between the IRI of a source and the place of a range in its text (RFC 5147)."""
MOST_CLAIMS = 5000
"""So many claims about a thing are read."""

_DEFAULT = ox.DefaultGraph()
_SUBJECT, _PREDICATE, _OBJECT = (ox.NamedNode(RDF + n) for n in ("subject", "predicate", "object"))
_QUOTED, _DERIVED, _ATTRIBUTED = (
    ox.NamedNode(PROV + n) for n in ("wasQuotedFrom", "wasDerivedFrom", "wasAttributedTo")
)
_COMMENT = ox.NamedNode(RDFS + "comment")


@dataclass(frozen=True)
class Range:
    """A range of characters in a source text; `phrase` is empty where the range is too long to quote."""

    iri: str
    source: str
    start: int
    end: int
    phrase: str
    language: str


@dataclass(frozen=True)
class Claim:
    """Why a triple is in the graph.

    ranges        what it quotes
    premises      ranges that it was derived from; derived_from: other things and pages that it was
    """

    iri: str
    is_note: bool
    modality: str
    wording: str
    status: str
    ranges: tuple[Range, ...]
    premises: tuple[Range, ...]
    derived_from: tuple[str, ...]
    attributed_to: tuple[str, ...]
    comments: tuple[ox.Literal, ...]


@dataclass(frozen=True)
class Citation:
    """A range of a source and the triples (subject, predicate, object) that claims rest on it; `claims` counts them."""

    range: Range
    triples: tuple[tuple[str, str, Term], ...]
    claims: int


def claims_about(store: ox.Store, iri: str, *, most: int = MOST_CLAIMS) -> dict[tuple[Term, Term], list[Claim]]:
    """(predicate, object) -> the claims of that triple of the thing, by IRI.

    most  so many claims are looked for: where it is known how many there are, the store need not search on
    """
    found: dict[tuple[Term, Term], list[Claim]] = defaultdict(list)
    for quad in islice(store.quads_for_pattern(None, _SUBJECT, ox.NamedNode(iri), _DEFAULT), most):
        statements: dict[ox.NamedNode, list[Term]] = defaultdict(list)
        for q in store.quads_for_pattern(quad.subject, None, None, _DEFAULT):
            statements[q.predicate].append(q.object)
        for predicate in statements[_PREDICATE]:
            for object_ in statements[_OBJECT]:
                found[predicate, object_].append(_claim(store, quad.subject, statements))
    for claims in found.values():
        claims.sort(key=lambda c: c.iri)
    return found


def citations(store: ox.Store, source: str) -> list[Citation]:
    """The ranges of a source text in its order, the longer first where two begin together."""
    found = []
    for range_ in subjects(store, NIF + "referenceContext", source):
        triples: list[tuple[str, str, Term]] = []
        claims = subjects(store, PROV + "wasQuotedFrom", range_)
        for claim in claims:
            s, p, o = (values(store, claim, RDF + name) for name in ("subject", "predicate", "object"))
            triples += [(a.value, b.value, c) for a in s for b in p for c in o]  # type: ignore[union-attr]
        found.append(Citation(range_at(store, range_), tuple(sorted(triples, key=str)), len(claims)))
    return sorted(found, key=lambda c: (c.range.start, -c.range.end))


def range_at(store: ox.Store, iri: str) -> Range:
    """The range with an IRI."""
    source = text(store, iri, NIF + "referenceContext") or iri.partition("#")[0]
    start, end = (_whole_number(text(store, iri, NIF + name)) for name in ("beginIndex", "endIndex"))
    return Range(iri, source, start, end, text(store, iri, NIF + "anchorOf"), text(store, source, DCTERMS + "language"))


def _claim(store: ox.Store, node: Term, statements: dict[ox.NamedNode, list[Term]]) -> Claim:
    def values_of(predicate: ox.NamedNode) -> tuple[str, ...]:
        return tuple(sorted(t.value for t in statements.get(predicate, ()) if not isinstance(t, ox.Triple)))

    def first(name: str) -> str:
        return next(iter(values_of(ox.NamedNode(HS + name))), "")

    origins = values_of(_DERIVED) + values_of(ox.NamedNode(DCTERMS + "source"))
    return Claim(
        iri=node.value if isinstance(node, ox.NamedNode) else "",
        is_note=ox.NamedNode(HS + "LabelNote") in statements.get(ox.NamedNode(RDF + "type"), ()),
        modality=first("modality"),
        wording=first("wording"),
        status=first("labelStatus"),
        ranges=_ranges(store, values_of(_QUOTED)),
        premises=_ranges(store, (iri for iri in origins if PLACE in iri)),
        derived_from=tuple(iri for iri in origins if PLACE not in iri),
        attributed_to=values_of(_ATTRIBUTED),
        comments=tuple(c for c in sorted(statements.get(_COMMENT, ()), key=str) if isinstance(c, ox.Literal)),
    )


def _ranges(store: ox.Store, iris: Iterable[str]) -> tuple[Range, ...]:
    """The ranges in the order of their texts."""
    return tuple(sorted((range_at(store, iri) for iri in iris), key=lambda r: (r.source, r.start, r.end)))


def _whole_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0
