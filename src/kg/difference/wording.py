"""A difference in words: what things, properties and values are called, and how many there are of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kg.difference.answers import AnswerChange
from kg.difference.compare import ADDED, EVIDENCE, REMOVED, Difference, EntityChange
from kg.difference.facts import Evidence
from kg.pages.labels import Labels
from kg.store.rdf_io import Term, parse_term
from kg.words.names import RDF, XSD, curie
from kg.words.printable import printable

SIGNS: Final = {ADDED: "+", REMOVED: "-", EVIDENCE: "~"}
_BARE: Final = tuple(XSD + name for name in ("integer", "decimal", "boolean"))
"""The datatypes of literals that need no quotation marks."""
_LANGUAGES: Final = ("en",)
_DEPTH: Final = 6
"""Blank nodes within each other that are written out."""


@dataclass(frozen=True)
class Line:
    """One line: `name: value`, behind a sign, with the lines below it."""

    sign: str
    name: str
    value: str
    below: tuple[Line, ...] = ()


class Wording:
    """Puts one difference into words, in one line each and without characters that steer a terminal."""

    def __init__(self, difference: Difference) -> None:
        self._difference = difference
        self._base = difference.after.release.settings.base
        versions = (difference.after, difference.before)
        self._labels = [Labels(v.release.store, v.release.settings.languages) for v in versions]

    def title(self) -> str:
        """Which versions these are."""
        return printable(f"{self._difference.before.name} → {self._difference.after.name}")

    def summary(self) -> str:
        """How much differs, in a sentence or two."""
        d = self._difference
        if d.is_empty:
            return "Nothing differs."
        counts = (
            f"{_number(d.count(ADDED), 'fact')} added, {d.count(REMOVED):,} removed, "
            f"{d.count(EVIDENCE):,} with other evidence, about {_number(len(d.entities), 'thing')}."
        )
        return counts + (f" Inferred: {d.inferred[0]:,} more, {d.inferred[1]:,} fewer." if any(d.inferred) else "")

    def entity(self, change: EntityChange) -> tuple[str, str]:
        """What a thing is called, and its short IRI; the latter is empty where nothing else is known."""
        if not isinstance(change.entity, ox.NamedNode):
            return self._value(change.entity), ""
        short, label = self._short(change.entity.value), self.label(change.entity.value)
        return (label, short) if label else (short, "")

    def facts(self, entity: EntityChange) -> Iterator[Line]:
        """A line a fact, with its evidence below; facts about blank nodes are told with the value that they are."""
        for change in entity.changes:
            if isinstance(change.fact.subject, ox.BlankNode) and change.fact.subject != entity.entity:
                continue
            kept = change.before & change.after
            below = [self._evidence("-" if change.what == EVIDENCE else " ", e) for e in sorted(change.before - kept)]
            below += [self._evidence("+" if change.what == EVIDENCE else " ", e) for e in sorted(change.after - kept)]
            name, value = self._property(change.fact.predicate.value), self._value(change.fact.object)
            yield Line(SIGNS[change.what], name, value, tuple(below))

    def answer(self, change: AnswerChange) -> str:
        """What became of the answer of a saved query."""
        if change.what == "not compared":
            return f"not compared: {printable(change.why)}"
        if change.what != "answer":
            return f"{change.what} query"
        return f"{_number(change.more, 'row')} more, {change.less:,} fewer"

    def label(self, iri: str) -> str:
        """The name of a thing in the newer version, else in the older one; empty where it has none."""
        best = (labels.best(iri, _LANGUAGES) for labels in self._labels)
        return printable(next((label.text for label in best if label.language), ""))

    def _evidence(self, sign: str, evidence: Evidence) -> Line:
        value = self._value(parse_term(evidence.value)) if evidence.value[0] in '<"' else evidence.value
        phrase = f"“{printable(evidence.phrase)}” " if evidence.phrase else ""
        return Line(sign, self._property(evidence.property), phrase + value)

    def _property(self, iri: str) -> str:
        return "a" if iri == RDF + "type" else self.label(iri) or self._short(iri)

    def _value(self, term: Term, depth: int = 0) -> str:
        if isinstance(term, ox.NamedNode):
            label, short = self.label(term.value), self._short(term.value)
            return f"{label} ({short})" if label else short
        if isinstance(term, ox.Literal):
            text, kind = printable(term.value), term.datatype.value
            if kind in _BARE:
                return text
            tag = f"@{term.language}" if term.language else "" if kind == XSD + "string" else f" ({self._short(kind)})"
            return f"“{text}”{tag}"
        if isinstance(term, ox.BlankNode):
            return self._blank(term, depth)
        return printable(str(term))

    def _blank(self, node: ox.BlankNode, depth: int) -> str:
        said = self._difference.blanks.get(node, ())
        if not said or depth == _DEPTH:
            return "[ … ]"
        parts = (f"{self._property(q.predicate.value)} {self._value(q.object, depth + 1)}" for q in said)
        return f"[ {' ; '.join(parts)} ]"

    def _short(self, iri: str) -> str:
        return printable(curie(iri).removeprefix(self._base) or iri)


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun if count == 1 else noun + 's'}"
