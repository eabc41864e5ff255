"""Names and literals: terms that nothing declares, links that lead nowhere, values that no datatype has."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from kg.store.claims import REIFIES
from kg.store.project import Project
from kg.store.rdf_io import Document
from kg.words.findings import Finding, Severity
from kg.words.names import EDTF, HS, XSD, curie

_DATE = re.compile(r"-?(\d{4,})-(\d\d)-(\d\d)(?:Z|[+-]\d\d:\d\d)?")
_PATTERNS = {
    XSD + "gYear": re.compile(r"-?\d{4,}(?:Z|[+-]\d\d:\d\d)?"),
    XSD + "gMonthDay": re.compile(
        r"--(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|[12]\d))"
    ),
    XSD + "integer": re.compile(r"[+-]?\d+"),
    XSD + "nonNegativeInteger": re.compile(r"\+?\d+|-0+"),
    XSD + "decimal": re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)"),
    XSD + "double": re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN"),
    XSD + "boolean": re.compile(r"true|false|1|0"),
    XSD + "duration": re.compile(
        r"-?P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?"
    ),
    XSD + "anyURI": re.compile(r"\S*"),
    EDTF: re.compile(r"\S+"),
}


def check(project: Project) -> Iterator[Finding]:
    """Findings in every document: undeclared terms and dangling links with a suggestion, ill-typed literals."""
    base = project.settings.base
    described = {q.subject.value for d in project.documents for q in d.quads if isinstance(q.subject, ox.NamedNode)}
    namespaces = tuple({HS, base + "ns#", base + "vocab/", base + "id/"})
    shapes = {q.subject.value for d in project.shapes for q in d.quads if isinstance(q.subject, ox.NamedNode)}
    declared = {iri for iri in described if iri.startswith(namespaces)}
    ontology_is_known = bool(project.ontology)
    for document in project.documents:
        reported: set[str] = set()
        for index, quad in enumerate(document.quads):
            for term in _terms(quad):
                if isinstance(term, ox.Literal):
                    if not is_valid(term):
                        yield _ill_typed(document, index, quad, term)
                    continue
                iri = term.value
                if not iri.startswith(namespaces) or iri in declared or iri in reported or iri in shapes:
                    continue
                if not ontology_is_known and not iri.startswith(base + "id/"):
                    continue
                reported.add(iri)
                yield _unknown(document, index, iri, declared, base)


def is_valid(literal: ox.Literal) -> bool:
    """Whether the lexical form belongs to the datatype; unknown datatypes are not judged."""
    datatype = literal.datatype.value
    if datatype in (XSD + "date", XSD + "dateTime"):
        return _is_date(literal.value, with_time=datatype.endswith("Time"))
    pattern = _PATTERNS.get(datatype)
    return pattern is None or pattern.fullmatch(literal.value) is not None


def _is_date(text: str, *, with_time: bool) -> bool:
    from calendar import monthrange

    date, separator, time = text.partition("T")
    if bool(separator) != with_time:
        return False
    match = _DATE.fullmatch(date)
    if (
        match is None
        or not 1 <= int(match[2]) <= 12
        or not 1 <= int(match[3]) <= monthrange(int(match[1]) or 4, int(match[2]))[1]
    ):
        return False
    return not with_time or re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", time) is not None


def _terms(quad: ox.Quad) -> Iterable[ox.NamedNode | ox.Literal]:
    for term in (quad.predicate, quad.object):
        if isinstance(term, ox.NamedNode | ox.Literal) and term != REIFIES:
            yield term
        if isinstance(term, ox.Literal) and term.datatype.value.startswith(HS):
            yield term.datatype


def _ill_typed(document: Document, index: int, quad: ox.Quad, literal: ox.Literal) -> Finding:
    message = f'"{literal.value}" is no {curie(literal.datatype.value)}. Correct the value or its datatype'
    subject = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else "[ ]"
    return Finding(
        Severity.VIOLATION,
        "literal",
        message,
        document.place(index),
        curie(subject),
        "",
        curie(quad.predicate.value),
        literal.value,
    )


def _unknown(document: Document, index: int, iri: str, declared: set[str], base: str) -> Finding:
    kind = "thing" if iri.startswith(base + "id/") else "term"
    close = difflib.get_close_matches(iri, sorted(declared), n=1, cutoff=0.8)
    hint = f" Did you mean {curie(close[0]).removeprefix(base)}?" if close else ""
    shown = curie(iri).removeprefix(base)
    message = f"unknown {kind} {shown}: no file says what it is.{hint}"
    return Finding(Severity.VIOLATION, "unknown-" + kind, message, document.place(index), "", "", "", shown)
