"""Names and literals: terms that nothing declares, links that lead nowhere, values that no datatype has."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from kg.store.claims import REIFIES, vocabulary
from kg.store.project import Project
from kg.store.rdf_io import Document
from kg.words.datatypes import belongs
from kg.words.findings import Finding, Severity
from kg.words.names import HS, curie

_CLAIM_TERMS = (
    "Claim", "LabelNote", "SourceDocument", "quotes", "modality", "wording", "labelStatus", "inGraph", "sha256",
    "characters", "bytes",
)  # fmt: skip
_CLAIM_CONCEPTS = (
    "modality/asserted", "modality/derived", "wording/verbatim", "wording/inflected", "wording/implied",
)  # fmt: skip
"""What the notation of claims knows, whether or not an ontology describes it."""


def check(project: Project) -> Iterator[Finding]:
    """Findings in every document: undeclared terms and dangling links with a suggestion, ill-typed literals.

    Where a file could not be read, what it would declare is not missed.
    """
    base = project.settings.base
    terms, things = tuple({HS, base + "ns#", base + "vocab/"}), (base + "id/",)
    judged = (terms if project.ontology and "ontology" not in project.incomplete else ()) + (
        things if "data" not in project.incomplete else ()
    )
    described = {q.subject.value for d in project.documents for q in d.quads if isinstance(q.subject, ox.NamedNode)}
    known = described | vocabulary(base)
    declared = {iri for iri in known if iri.startswith(terms + things)}
    for document in (*project.documents, *project.queries):
        reported: set[str] = set()
        for index, quad in enumerate(document.quads):
            for term in _terms(quad):
                if isinstance(term, ox.Literal):
                    if not belongs(term.value, term.datatype.value):
                        yield _ill_typed(document, index, quad, term, base)
                elif term.value.startswith(judged) and term.value not in known and term.value not in reported:
                    reported.add(term.value)
                    yield _unknown(document, index, term.value, declared, base)


def _terms(quad: ox.Quad) -> Iterable[ox.NamedNode | ox.Literal]:
    for term in (quad.predicate, quad.object):
        if isinstance(term, ox.NamedNode | ox.Literal) and term != REIFIES:
            yield term
        if isinstance(term, ox.Literal):
            yield term.datatype


def _ill_typed(document: Document, index: int, quad: ox.Quad, literal: ox.Literal, base: str) -> Finding:
    message = f'"{literal.value}" is no {curie(literal.datatype.value)}. Correct the value or its datatype'
    subject = _short(quad.subject.value, base) if isinstance(quad.subject, ox.NamedNode) else "[ ]"
    place, predicate = document.place(index), _short(quad.predicate.value, base)
    return Finding(Severity.VIOLATION, "literal", message, place, subject, "", predicate, literal.value)


def _unknown(document: Document, index: int, iri: str, declared: set[str], base: str) -> Finding:
    kind = "thing" if iri.startswith(base + "id/") else "term"
    close = difflib.get_close_matches(iri, sorted(declared), n=1, cutoff=0.8)
    hint = f" Did you mean {_short(close[0], base)}?" if close else f" Declare it, or use a {kind} that is there"
    message = f"unknown {kind} {_short(iri, base)}: no file says what it is.{hint}"
    return Finding(Severity.VIOLATION, "unknown-" + kind, message, document.place(index), "", "", "", _short(iri, base))


def _short(iri: str, base: str) -> str:
    return curie(iri).removeprefix(base)
