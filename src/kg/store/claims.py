"""The short notation of claims, expanded: annotated triples to hs:Claim nodes and text ranges.

A maintainer writes a fact and its evidence in one place, in the annotation syntax of RDF 1.2 Turtle:

    <id/org/giz> hs:inCountry <id/country/DE> {| hs:quotes "3062,3086 17 медзакладів Німеччини" |} .

A statement that nobody has confirmed yet is marked as a draft, and no release has it:

    <id/org/giz> hs:inCountry <id/country/DE> {| hs:draft true ; hs:quotes "3062,3086 17 медзакладів Німеччини" |} .

What is published is RDF 1.1: the plain triple in its graph, and in the provenance graph a claim with a computed IRI,
its modality, its wording, and the ranges it was quoted from (RFC 5147 fragments, described in NIF).
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.store.rdf_io import Document, Term
from kg.words.findings import Finding, Place, Severity
from kg.words.names import HS, NIF, PROV, RDF, XSD, curie

REIFIES = ox.NamedNode(RDF + "reifies")
QUOTES = ox.NamedNode(HS + "quotes")
DRAFT = ox.NamedNode(HS + "draft")
MODALITY = ox.NamedNode(HS + "modality")
WORDING = ox.NamedNode(HS + "wording")
LABEL_STATUS = ox.NamedNode(HS + "labelStatus")
WAS_QUOTED_FROM = ox.NamedNode(PROV + "wasQuotedFrom")
WAS_DERIVED_FROM = ox.NamedNode(PROV + "wasDerivedFrom")
QUALIFIED_QUOTATION = ox.NamedNode(PROV + "qualifiedQuotation")
ENTITY = ox.NamedNode(PROV + "entity")
_TYPE, _SUBJECT, _PREDICATE, _OBJECT = (ox.NamedNode(RDF + n) for n in ("type", "subject", "predicate", "object"))
_CLAIM, _LABEL_NOTE, _IN_GRAPH, _SHA256 = (ox.NamedNode(HS + n) for n in ("Claim", "LabelNote", "inGraph", "sha256"))
_RANGE, _CONTEXT, _BEGIN, _END, _ANCHOR = (
    ox.NamedNode(NIF + n) for n in ("RFC5147String", "referenceContext", "beginIndex", "endIndex", "anchorOf")
)
_INDEX = ox.NamedNode(XSD + "nonNegativeInteger")

UNCONFIRMED = "draft"
"""The check that finds hs:draft."""

_QUOTE = re.compile(r"([0-9]{1,9}),([0-9]{1,9}) (?:sha256:([0-9a-f]{64})\Z|(.*))", re.DOTALL)
_SHOWN = 200
"""Characters of a malformed quote that are told."""

Origin = tuple[Document, int]
"""The document and the index of the quad that a generated node comes from."""

Statements = dict[tuple[ox.NamedNode, Term], Origin]
"""Predicate and object, and where they stand."""

Key = tuple[ox.Triple, ox.NamedNode]
"""What is annotated: a triple in a graph."""

SHORT, LONG = 8, 16
"""Hexadecimal digits at the end of a claim's IRI."""


@dataclass
class Expansion:
    """The dataset with its annotations turned into claims.

    quads    all triples, stated and generated, in their graphs
    origins  where each generated claim or range was written, and each quoted phrase (as its triple)
    """

    quads: list[ox.Quad] = field(default_factory=list)
    origins: dict[ox.NamedNode | ox.Triple, Origin] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


@dataclass
class Annotation:
    """What one or more blocks say of one triple in one graph.

    blocks  what each says, by its reifier, and where
    """

    triple: ox.Triple
    graph: ox.NamedNode
    origin: Origin
    named: ox.NamedNode | None
    blocks: dict[Term, Statements] = field(default_factory=lambda: defaultdict(dict))

    @property
    def statements(self) -> Statements:
        """All that the blocks say, each thing once."""
        merged: Statements = {}
        for block in self.blocks.values():
            merged = block | merged
        return merged


@functools.lru_cache(maxsize=1 << 17)
def digest(key: Key) -> str:
    """What the IRI of a claim is made of."""
    t, graph = key
    return hashlib.sha256(f"{t.subject} {t.predicate} {t.object} {graph}".encode()).hexdigest()


def vocabulary(base: str) -> set[str]:
    """IRIs of the terms of the notation and of what it expands to: known whether or not an ontology declares them."""
    terms = "Claim LabelNote SourceDocument quotes draft wording modality labelStatus inGraph sha256 characters bytes"
    concepts = "wording/verbatim wording/inflected wording/implied modality/asserted modality/derived"
    return {HS + term for term in terms.split()} | {f"{base}vocab/{concept}" for concept in concepts.split()}


def expand(documents: Sequence[Document], base: str) -> Expansion:
    """All quads of the documents, with a claim for each annotated triple.

    base  the dataset's base IRI; graphs, claims and source texts have theirs below it
    The claim's IRI ends in the first 8 hexadecimal digits of the SHA-256 of subject, predicate, object and graph in
    N-Triples form; where two claims share them, the one whose digest sorts later gets 16.
    Each hs:draft is a violation, and stays on its claim.
    """
    result = Expansion()
    annotations: dict[Key, Annotation] = {}
    for document in documents:
        found: dict[Key, Annotation] = {}
        collect(document, base, found, result)
        for key, annotation in found.items():
            annotations[key] = merged([annotations[key], annotation]) if key in annotations else annotation
    seen: set[ox.Quad] = set()
    taken: set[str] = set()
    for key, annotation in sorted(annotations.items(), key=lambda item: digest(item[0])):
        name = digest(key)[:SHORT] if digest(key)[:SHORT] not in taken else digest(key)[:LONG]
        taken.add(name)
        one = described(annotation, name, base)
        result.findings += one.findings
        for node, origin in one.origins.items():
            result.origins.setdefault(node, origin)
        new = [q for q in one.quads if q not in seen]
        seen.update(new)
        result.quads += new
    return result


def collect(document: Document, base: str, annotations: dict[Key, Annotation], result: Expansion) -> None:
    """Take a document apart: its annotations, and to `result` its other quads and what is wrong."""
    reifiers: dict[Term, list[Annotation]] = {}
    for index, quad in enumerate(document.quads):
        predicate, object_ = quad.predicate, quad.object
        if predicate == DRAFT:
            of = (a.triple for a in reifiers.get(quad.subject, ()))
            result.findings.append(_unconfirmed(next(of, None), quad, document.place(index), base))
        if predicate == REIFIES and isinstance(object_, ox.Triple) and not isinstance(object_.object, ox.Triple):
            subject = quad.subject
            named = subject if isinstance(subject, ox.NamedNode) else None
            fresh = Annotation(object_, quad.graph_name, (document, index), named)  # type: ignore[arg-type]
            annotation = annotations.setdefault((fresh.triple, fresh.graph), fresh)
            reifiers.setdefault(subject, []).append(annotation)
        elif isinstance(object_, ox.Triple):
            message = "a triple is the object of another, which RDF 1.1 has not. Annotate it with {| … |}"
            result.findings.append(Finding(Severity.ERROR, "syntax", message, document.place(index)))
        elif reifiers and (subject := quad.subject) in reifiers:
            for annotation in reifiers[subject]:
                annotation.blocks[subject].setdefault((predicate, object_), (document, index))
        else:
            result.quads.append(quad)


def merged(annotations: Sequence[Annotation]) -> Annotation:
    """What several documents say of the same triple in the same graph, as one."""
    first = annotations[0]
    if len(annotations) == 1:
        return first
    whole = Annotation(first.triple, first.graph, first.origin, first.named)
    for annotation in annotations:
        for reifier, block in annotation.blocks.items():
            whole.blocks[reifier] = whole.blocks[reifier] | {
                k: o for k, o in block.items() if k not in whole.blocks[reifier]
            }
    return whole


def described(annotation: Annotation, name: str, base: str) -> Expansion:
    """One claim with its ranges; `name` ends its IRI, unless it has one."""
    result = Expansion()
    provenance = ox.NamedNode(base + "graph/provenance")
    claim = annotation.named or ox.NamedNode(f"{base}id/claim/{name}")
    result.origins[claim] = annotation.origin
    statements = _describe(claim, annotation, base, result)
    result.quads = list(dict.fromkeys(ox.Quad(s, p, o, provenance) for s, p, o in statements))
    return result


def _unconfirmed(triple: ox.Triple | None, quad: ox.Quad, place: Place, base: str) -> Finding:
    """The violation for a mark on a triple, or on a thing as a whole."""

    def short(term: Term) -> str:
        return curie(term.value).removeprefix(base) if isinstance(term, ox.NamedNode) else getattr(term, "value", "[ ]")

    if triple is None:
        message = "this thing is a draft. Read what is said of it, then remove its hs:draft, or the thing"
        return Finding(Severity.VIOLATION, UNCONFIRMED, message, place, short(quad.subject), "", curie(DRAFT.value))
    message = "nobody has confirmed this. Read it in its source, then remove its “hs:draft true ;”, or the statement"
    about = short(triple.subject), "", short(triple.predicate), short(triple.object)
    return Finding(Severity.VIOLATION, UNCONFIRMED, message, place, *about)


def _describe(
    claim: ox.NamedNode, annotation: Annotation, base: str, result: Expansion
) -> Iterable[tuple[ox.NamedNode, ox.NamedNode, Term]]:
    triple, graph, statements = annotation.triple, annotation.graph, annotation.statements
    predicates = {p for p, _ in statements}
    evidence = predicates & {QUOTES, WAS_QUOTED_FROM, WAS_DERIVED_FROM}
    is_label_note = LABEL_STATUS in predicates and not evidence
    yield claim, _TYPE, _LABEL_NOTE if is_label_note else _CLAIM
    yield claim, _SUBJECT, triple.subject
    yield claim, _PREDICATE, triple.predicate
    yield claim, _OBJECT, triple.object
    yield claim, _IN_GRAPH, graph
    if not is_label_note:
        vocab = base + "vocab/"
        if MODALITY not in predicates:
            modality = "derived" if graph.value == base + "graph/derived" else "asserted"
            yield claim, MODALITY, ox.NamedNode(f"{vocab}modality/{modality}")
        said = [{p for p, _ in block} for block in annotation.blocks.values()]
        if any(QUOTES in block and WORDING not in block for block in said):
            yield claim, WORDING, ox.NamedNode(vocab + "wording/verbatim")
    ranges: dict[Term, ox.NamedNode] = {}
    for (predicate, object_), origin in statements.items():
        if predicate != QUOTES:
            yield claim, predicate, object_
            continue
        quote = _QUOTE.fullmatch(object_.value) if isinstance(object_, ox.Literal) else None
        source = _source_of(graph, base)
        if quote is None or source is None:
            document, index = origin
            message = (
                f'hs:quotes "start,end phrase" or "start,end sha256:…" is expected, found {str(object_)[:_SHOWN]}'
                if source
                else f"hs:quotes names a range of the graph's own source text, and {graph} has none. "
                "Use prov:wasDerivedFrom <source/….txt#char=start,end>"
            )
            result.findings.append(Finding(Severity.ERROR, "evidence", message, document.place(index)))
            continue
        range_ = ox.NamedNode(f"{source.value}#char={int(quote[1])},{int(quote[2])}")
        ranges[object_] = range_
        result.origins.setdefault(range_, origin)
        yield claim, WAS_QUOTED_FROM, range_
        for statement in _describe_range(range_, source, quote):
            result.origins.setdefault(ox.Triple(*statement), origin)
            yield statement
    if len(annotation.blocks) > 1:
        yield from _describe_quotations(claim, annotation, ranges, ox.NamedNode(base + "vocab/wording/implied"), result)


def _describe_quotations(
    claim: ox.NamedNode,
    annotation: Annotation,
    ranges: dict[Term, ox.NamedNode],
    implied: ox.NamedNode,
    result: Expansion,
) -> Iterable[tuple[ox.NamedNode, ox.NamedNode, Term]]:
    """Of a triple that is annotated more than once, what each block quotes to word it (PROV-O, prov:Quotation)."""
    quoting = []
    for block in annotation.blocks.values():
        quoted = {ranges[o]: origin for (p, o), origin in block.items() if p == QUOTES and o in ranges}
        if quoted and (WORDING, implied) not in block:
            quoting.append(quoted)
    for number, quoted in enumerate(sorted(quoting, key=lambda q: sorted(map(str, q))), 1):
        quotation = ox.NamedNode(f"{claim.value}#quotation-{number}")
        result.origins[quotation] = next(iter(quoted.values()))
        yield claim, QUALIFIED_QUOTATION, quotation
        yield quotation, _TYPE, ox.NamedNode(PROV + "Quotation")
        for range_ in quoted:
            yield quotation, ENTITY, range_


def _describe_range(
    range_: ox.NamedNode, source: ox.NamedNode, quote: re.Match[str]
) -> Iterable[tuple[ox.NamedNode, ox.NamedNode, Term]]:
    start, end, digest, phrase = quote.groups()
    yield range_, _TYPE, _RANGE
    yield range_, _CONTEXT, source
    yield range_, _BEGIN, ox.Literal(str(int(start)), datatype=_INDEX)
    yield range_, _END, ox.Literal(str(int(end)), datatype=_INDEX)
    if digest:
        yield range_, _SHA256, ox.Literal(digest)
    else:
        yield range_, _ANCHOR, ox.Literal(phrase)


def _source_of(graph: ox.NamedNode, base: str) -> ox.NamedNode | None:
    """The text that a graph `graph/source/{slug}` is about: `source/{slug}.txt`."""
    prefix = base + "graph/source/"
    if not graph.value.startswith(prefix):
        return None
    return ox.NamedNode(f"{base}source/{graph.value[len(prefix) :]}.txt")
