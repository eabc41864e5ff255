"""Claims as they are proposed, and how they stand in the text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.drafting.dates import Date
from kg.drafting.finds import Finds
from kg.drafting.model import Model
from kg.drafting.reading import Span
from kg.evidence.agreement import is_figure, primary, says_literal, says_name
from kg.words.names import FOAF, LABEL_PROPERTIES, RDFS, SKOS

Value = ox.NamedNode | ox.Literal
_NAMES = (*LABEL_PROPERTIES, SKOS + "altLabel", RDFS + "label", FOAF + "name")


@dataclass(frozen=True)
class Claim:
    """One statement, with what it rests on.

    wording   `inflected` or `implied`; empty where a range says it word by word
    modality  a concept; speaker: whose words they are; both empty where the text says it itself
    is_sure   it is written as a claim to confirm; else as a comment that has to be made one
    """

    subject: str
    predicate: str
    value: Value
    ranges: tuple[Span, ...]
    wording: str = ""
    modality: str = ""
    speaker: str = ""
    is_sure: bool = True

    @property
    def is_unsaid(self) -> bool:
        """Whether the text does not say it: no range of it does, or none names the number or the date."""
        return not self.ranges or (self.wording == "implied" and is_figure(self.value))


@dataclass(frozen=True)
class Block:
    """What is proposed about one thing, or a remark in its place.

    start     where in the text it belongs
    comments  lines in front; behind: lines within, for what nobody could find
    names     by language, for the file of names
    """

    start: int
    subject: str = ""
    claims: tuple[Claim, ...] = ()
    comments: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Drafting:
    """What all proposals are made of.

    source  the text's IRI; slug: its name
    """

    finds: Finds
    model: Model
    source: str
    slug: str
    published: str = ""
    title: str = ""
    publisher: str = ""
    _taken: set[str] = field(default_factory=set)

    def claim(
        self, subject: str, predicate: str, value: Value, ranges: Iterable[Span], *, is_sure: bool = True
    ) -> Claim:
        """A claim with its wording, and as whose words it stands."""
        spans = tuple(dict.fromkeys(Span(r.start, r.end) for r in ranges))
        modality, speaker = self._manner(spans[0]) if spans else ("", "")
        return Claim(subject, predicate, value, spans, self.wording(value, spans), modality, speaker, is_sure)

    def wording(self, value: Value, spans: Sequence[Span]) -> str:
        """How the ranges word the value, as the check of evidence will see it."""
        reading = self.finds.reading
        phrases = [reading.of(s) for s in spans]
        for inflected, wording in ((False, ""), (True, "inflected")):
            if any(self._says(p, value, inflected=inflected) for p in phrases):
                return wording
        return "implied"

    def _says(self, phrase: str, value: Value, *, inflected: bool) -> bool:
        language = self.finds.reading.language
        if isinstance(value, ox.Literal):
            return says_literal(phrase, value, language, inflected=inflected)
        tags = (primary(language), "", "en")
        named = (n for p in _NAMES for n in self.model.literals(value.value, p))
        itself = says_literal(phrase, ox.Literal(value.value), language, inflected=False)
        return itself or says_name(
            phrase, (n.value for n in named if primary(n.language or "") in tags), inflected=inflected
        )

    def _manner(self, span: Span) -> tuple[str, str]:
        for quotation in self.finds.quotations:
            if span in quotation:
                spoken = quotation.inner.overlaps(span) or span == Span(quotation.start, quotation.end)
                return (
                    (self.modality("quoted"), quotation.speaker.iri if quotation.speaker else "")
                    if spoken
                    else ("", "")
                )
        return "", ""

    def modality(self, name: str) -> str:
        """The concept for a way to say things; empty where the project has none."""
        iri = f"{self.model.base}vocab/modality/{name}"
        return iri if self.model.is_described(iri) else ""

    def says_its_day(self) -> Date | None:
        """Where the text says the day on which it was published."""
        day = self.finds.day.isoformat() if self.finds.day else ""
        is_day = (d for d in self.finds.dates if d.value and not d.is_told and d.value.value == day)
        return next(is_day, None)

    def new(self, kind: str, name: str) -> str:
        """An IRI that nothing has yet."""
        number, iri = 1, f"{self.model.base}id/{kind}/{name}"
        while iri in self._taken or self.model.is_described(iri):
            number += 1
            iri = f"{self.model.base}id/{kind}/{name}-{number}"
        self._taken.add(iri)
        return iri
