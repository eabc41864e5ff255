"""Values: what is in no datatype or in no calendar, and what would be published otherwise than it is written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

import pyoxigraph as ox

from kg.store.claims import QUOTES
from kg.store.rdf_io import Document
from kg.validation.named import Names
from kg.words.datatypes import belongs
from kg.words.findings import Finding, Severity, Terms
from kg.words.names import EDTF, RDF, XSD, curie

_DAY: Final = re.compile(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)", re.ASCII)
_LONG: Final = 100_000
"""Characters of a text that somebody may still want to read on a page."""
_SHOWN: Final = 200
_TEXT: Final = (XSD + "string", RDF + "langString")


def check(documents: Iterable[Document], names: Names) -> Iterator[Finding]:
    """`literal`: values that their datatype does not have. `literal-form`: values in a form that would not stay.

    The store keeps numbers and times by their value: `"01"^^xsd:integer` is published as `1`. Text has to be in
    Unicode's composed form (NFC) and, where it is one line, to begin and end with no space, or the same words would
    be two texts. Words that are quoted from a source stay as they stand there.
    """
    documents = tuple(documents)
    published = _published(documents)
    for document in documents:
        for index, quad in enumerate(document.quads):
            literal = quad.object
            if not isinstance(literal, ox.Literal):
                continue
            severity, rule, message = _problem(literal, published, quoted=quad.predicate == QUOTES)
            if message:
                about = names.short(quad.subject), "", names.short(quad.predicate), literal.value[:_SHOWN]
                terms = Terms(
                    str(quad.subject), str(quad.predicate), str(literal) if len(literal.value) < _LONG else ""
                )
                yield Finding(severity, rule, message, document.place(index), *about, terms)


def _problem(
    literal: ox.Literal, published: dict[ox.Literal, ox.Literal], *, quoted: bool
) -> tuple[Severity, str, str]:
    """What is wrong, if anything: severity, rule and message; an empty message if nothing is."""
    text, datatype = literal.value, literal.datatype.value
    if not belongs(text, datatype):
        message = f'"{text}" is no {curie(datatype)}. Correct the value or its datatype'
        return Severity.VIOLATION, "literal", message
    if len(text) > _LONG:
        message = f"a text of {len(text):,} characters is too long to be shown. Put it in a file, and link to that"
        return Severity.WARNING, "literal-form", message
    if datatype == EDTF and (day := _no_day(text)):
        return Severity.VIOLATION, "literal", f'"{text}" names {day}, which is in no calendar. Correct the date'
    if datatype not in _TEXT:
        kept = published.get(literal, literal)
        if kept != literal:
            return Severity.WARNING, "literal-form", f'"{text}" would be published as "{kept.value}". Write that'
    elif not quoted and "\n" not in text and text != text.strip():
        return Severity.WARNING, "literal-form", "the text begins or ends with white space. Remove it"
    elif not quoted and not unicodedata.is_normalized("NFC", text):
        return Severity.WARNING, "literal-form", "the text has letters apart from their marks. Save it in Unicode's NFC"
    return Severity.INFO, "", ""


def _no_day(text: str) -> str:
    for found in _DAY.finditer(text):
        try:
            date(int(found[1]) or 2000, int(found[2]), int(found[3]))
        except ValueError:
            return found[0]
    return ""


def _published(documents: Iterable[Document]) -> dict[ox.Literal, ox.Literal]:
    """Each literal with a datatype beyond text, as the store gives it back."""
    literals = {
        q.object
        for d in documents
        for q in d.quads
        if isinstance(q.object, ox.Literal) and q.object.datatype.value not in _TEXT
    }
    ordered = sorted(literals, key=str)
    store, predicate = ox.Store(), ox.NamedNode(RDF + "value")
    store.bulk_extend(ox.Quad(ox.NamedNode(f"urn:n:{n}"), predicate, o) for n, o in enumerate(ordered))
    found = store.quads_for_pattern(None, predicate, None)
    return {ordered[int(q.subject.value[6:])]: q.object for q in found}  # type: ignore[misc,union-attr]
