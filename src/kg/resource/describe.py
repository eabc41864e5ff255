"""What the store says about one thing: facts, where each comes from, and what points here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

import pyoxigraph as ox

from kg.store.lookup import subjects, text, values
from kg.store.rdf_io import Term
from kg.words.errors import NotFound
from kg.words.names import DCTERMS, HS, NIF, PROV, RDF, RDFS

_DEFAULT = ox.DefaultGraph()
_SUBJECT, _PREDICATE, _OBJECT = (ox.NamedNode(RDF + n) for n in ("subject", "predicate", "object"))
_QUOTED, _DERIVED, _ATTRIBUTED = (
    ox.NamedNode(PROV + n) for n in ("wasQuotedFrom", "wasDerivedFrom", "wasAttributedTo")
)
_PLACE = "#char="
_COMMENT = ox.NamedNode(RDFS + "comment")
_BOOKKEEPING = {_SUBJECT, _PREDICATE, _OBJECT}


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
class Fact:
    """One statement about the thing.

    graphs  the named graphs that state it
    range   the value, where it is a range of a source
    """

    predicate: str
    value: Term
    graphs: tuple[str, ...]
    claims: tuple[Claim, ...]
    range: Range | None = None


@dataclass(frozen=True)
class Backlink:
    """A predicate by which other things point here. `subjects` holds the first of `count`, by IRI."""

    predicate: str
    subjects: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class Description:
    """All about one IRI."""

    iri: str
    types: tuple[str, ...]
    facts: tuple[Fact, ...]
    backlinks: tuple[Backlink, ...] = field(default=())


def describe(store: ox.Store, iri: str, *, limit: int = 200) -> Description:
    """Gather what the store says about one IRI.

    iri    absolute IRI
    limit  other things listed for each predicate that points here; the rest are counted
    Return Description: facts in the order of predicates and values, each with its graphs and claims.
    Raise NotFound if no triple has the IRI as subject or object.
    """
    node = ox.NamedNode(iri)
    graphs: dict[tuple[ox.NamedNode, Term], list[str]] = defaultdict(list)
    for quad in store.quads_for_pattern(node, None, None, None):
        if isinstance(quad.graph_name, ox.NamedNode):
            graphs[quad.predicate, quad.object].append(quad.graph_name.value)
    claims = _claims(store, node)
    facts = [
        Fact(
            p.value,
            o,
            tuple(sorted(g)),
            tuple(claims.get((p, o), ())),
            _range(store, o.value) if isinstance(o, ox.NamedNode) and _PLACE in o.value else None,
        )
        for (p, o), g in sorted(graphs.items(), key=lambda item: (item[0][0].value, str(item[0][1])))
    ]
    backlinks = tuple(_backlinks(store, node, limit))
    if not facts and not backlinks:
        raise NotFound(f"nothing is known of <{iri}>")
    types = tuple(f.value.value for f in facts if f.predicate == RDF + "type" and isinstance(f.value, ox.NamedNode))
    return Description(iri, types, tuple(facts), backlinks)


def named_node(iri: str) -> ox.NamedNode | None:
    """The node of an IRI; None for text that is no IRI, so that nothing can be known of it."""
    try:
        return ox.NamedNode(iri)
    except ValueError:
        return None


def exists(store: ox.Store, iri: str) -> bool:
    """Whether any triple has the IRI as subject or object."""
    node = named_node(iri)
    patterns = ((node, None), (None, node)) if node else ()
    return any(next(iter(store.quads_for_pattern(s, None, o, _DEFAULT)), None) for s, o in patterns)


def neighbourhood(store: ox.Store, iri: str) -> Iterator[ox.Quad]:
    """The quads of the document about an IRI, in their named graphs.

    The thing as subject and as object, and the claims about it with the ranges they quote. Bookkeeping by which
    claims of other things mention it is left out.
    """
    node = ox.NamedNode(iri)
    yield from _named(store.quads_for_pattern(node, None, None, None))
    for quad in _named(store.quads_for_pattern(None, None, node, None)):
        if quad.predicate not in _BOOKKEEPING and quad.subject != node:
            yield quad
    for quad in store.quads_for_pattern(None, _SUBJECT, node, _DEFAULT):
        yield from _named(store.quads_for_pattern(quad.subject, None, None, None))
        for quoted in store.quads_for_pattern(quad.subject, _QUOTED, None, _DEFAULT):
            yield from _named(store.quads_for_pattern(quoted.object, None, None, None))  # type: ignore[arg-type]


def citations(store: ox.Store, source: str) -> list[tuple[Range, list[tuple[str, str, Term]]]]:
    """The ranges of a source text in its order, each with the triples (subject, predicate, object) claimed there."""
    found = []
    for range_ in subjects(store, NIF + "referenceContext", source):
        triples: list[tuple[str, str, Term]] = []
        for claim in subjects(store, PROV + "wasQuotedFrom", range_):
            s, p, o = (values(store, claim, RDF + name) for name in ("subject", "predicate", "object"))
            triples += [(a.value, b.value, c) for a in s for b in p for c in o]  # type: ignore[union-attr]
        found.append((_range(store, range_), sorted(triples, key=str)))
    return sorted(found, key=lambda item: (item[0].start, -item[0].end))


def _named(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    return (q for q in quads if not isinstance(q.graph_name, ox.DefaultGraph))


def _backlinks(store: ox.Store, node: ox.NamedNode, limit: int) -> Iterator[Backlink]:
    subjects: dict[str, set[str]] = defaultdict(set)
    for quad in store.quads_for_pattern(None, None, node, _DEFAULT):
        if quad.predicate not in _BOOKKEEPING and isinstance(quad.subject, ox.NamedNode) and quad.subject != node:
            subjects[quad.predicate.value].add(quad.subject.value)
    for predicate, found in sorted(subjects.items()):
        yield Backlink(predicate, tuple(islice(sorted(found), limit)), len(found))


def _claims(store: ox.Store, node: ox.NamedNode) -> dict[tuple[Term, Term], list[Claim]]:
    found: dict[tuple[Term, Term], list[Claim]] = defaultdict(list)
    for quad in store.quads_for_pattern(None, _SUBJECT, node, _DEFAULT):
        statements: dict[ox.NamedNode, list[Term]] = defaultdict(list)
        for q in store.quads_for_pattern(quad.subject, None, None, _DEFAULT):
            statements[q.predicate].append(q.object)
        for predicate in statements[_PREDICATE]:
            for object_ in statements[_OBJECT]:
                found[predicate, object_].append(_claim(store, quad.subject, statements))
    for claims in found.values():
        claims.sort(key=lambda c: c.iri)
    return found


def _claim(store: ox.Store, node: Term, statements: dict[ox.NamedNode, list[Term]]) -> Claim:
    def values(predicate: ox.NamedNode) -> tuple[str, ...]:
        return tuple(sorted(t.value for t in statements.get(predicate, ()) if not isinstance(t, ox.Triple)))

    def first(name: str) -> str:
        return next(iter(values(ox.NamedNode(HS + name))), "")

    origins = values(_DERIVED) + values(ox.NamedNode(DCTERMS + "source"))
    return Claim(
        iri=node.value if isinstance(node, ox.NamedNode) else "",
        is_note=ox.NamedNode(HS + "LabelNote") in statements.get(ox.NamedNode(RDF + "type"), ()),
        modality=first("modality"),
        wording=first("wording"),
        status=first("labelStatus"),
        ranges=_ranges(store, values(_QUOTED)),
        premises=_ranges(store, (iri for iri in origins if _PLACE in iri)),
        derived_from=tuple(iri for iri in origins if _PLACE not in iri),
        attributed_to=values(_ATTRIBUTED),
        comments=tuple(c for c in sorted(statements.get(_COMMENT, ()), key=str) if isinstance(c, ox.Literal)),
    )


def _ranges(store: ox.Store, iris: Iterable[str]) -> tuple[Range, ...]:
    """The ranges in the order of their texts."""
    return tuple(sorted((_range(store, iri) for iri in iris), key=lambda r: (r.source, r.start, r.end)))


def _range(store: ox.Store, iri: str) -> Range:
    source = text(store, iri, NIF + "referenceContext") or iri.partition("#")[0]
    start, end = (_whole_number(text(store, iri, NIF + name)) for name in ("beginIndex", "endIndex"))
    return Range(iri, source, start, end, text(store, iri, NIF + "anchorOf"), text(store, source, DCTERMS + "language"))


def _whole_number(text: str) -> int:
    return int(text) if text.isdecimal() else 0
