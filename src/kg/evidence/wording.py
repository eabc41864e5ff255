"""Whether the ranges of a claim name what it claims, as plainly as it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pyoxigraph as ox

from kg.evidence.agreement import may_imply, primary, says_literal, says_name
from kg.evidence.cited import Cited, lexical, shown
from kg.store.claims import ENTITY, QUALIFIED_QUOTATION, WAS_DERIVED_FROM, WAS_QUOTED_FROM, WORDING
from kg.store.lookup import texts, values
from kg.store.rdf_io import Term
from kg.words.datatypes import belongs
from kg.words.findings import Finding, Severity
from kg.words.names import FOAF, RDF, RDFS, SKOS

_NAMES = (SKOS + "prefLabel", SKOS + "altLabel", RDFS + "label", FOAF + "name")
_OBJECT = RDF + "object"
_LATIN = re.compile(r"[\W\d_a-zÀ-ɏ]*\Z", re.IGNORECASE)


def check(claim: str, cited: Cited) -> Iterator[Finding]:
    """One range of each quotation words the claim's object, in the language and as plainly as is said.

    A derived claim need not say how its object is worded; if it does, one of its ranges words it so.
    """
    return _Claim(claim, cited).findings()


class _Claim:
    def __init__(self, iri: str, cited: Cited) -> None:
        self._iri, self._cited = iri, cited
        self._wordings = {w.rpartition("/")[2] for w in texts(cited.store, iri, WORDING.value)}
        self._values = values(cited.store, iri, _OBJECT)
        self._quoted = cited.iris(iri, WAS_QUOTED_FROM)

    def findings(self) -> Iterator[Finding]:
        if self._wordings != {"implied"}:
            yield from self._unsaid(inflected="inflected" in self._wordings)
            yield from self._languages()
        if self._wordings in ({"implied"}, {"inflected"}):
            yield from self._plainer(inflected=self._wordings == {"implied"})
        if self._wordings == {"implied"}:
            yield from self._other_figure()

    def _unsaid(self, *, inflected: bool) -> Iterator[Finding]:
        """A quotation of which no range names the object."""
        basis = WAS_QUOTED_FROM if not self._wordings or self._quoted else WAS_DERIVED_FROM
        groups = [(q, self._cited.iris(q, ENTITY)) for q in self._cited.iris(self._iri, QUALIFIED_QUOTATION)]
        groups = groups or [(self._iri, self._cited.iris(self._iri, basis))]
        for value in self._values:
            if isinstance(value, ox.Literal) and not belongs(value.value, value.datatype.value):
                continue  # the check of literals tells that
            for quotation, ranges in groups:
                if ranges and not any(self._says(r, value, inflected) for r in ranges):
                    message = self._names_nothing(ranges, value, inflected)
                    finding = self._cited.violation("evidence", message, quotation, None, value)
                    yield replace(finding, focus=self._cited.short(self._iri))

    def _names_nothing(self, ranges: list[str], value: Term, inflected: bool) -> str:
        said = "; ".join(shown(self._cited.phrase_of(r) or "?") for r in ranges)
        names = "" if isinstance(value, ox.Literal) else f" ({' / '.join(self._names(value)) or 'it has no label'})"
        other = "implied" if inflected else "inflected (another form of the words) or wording:implied"
        return (
            f"the range says {said}, which does not name {self._cited.short(lexical(value))}{names}. "
            f"Correct the object or the range, or say hs:wording wording:{other}"
        )

    def _languages(self) -> Iterator[Finding]:
        """Words that stand in a text, and are said to be in another language than it. Latin letters may be a name's."""
        spoken = {s.language for r in self._quoted if (s := self._cited.source_of(r))}
        for value in self._values:
            stated = primary(value.language or "") if isinstance(value, ox.Literal) else ""
            for language in spoken:
                if stated and language and stated != primary(language) and not _LATIN.match(lexical(value)):
                    message = (
                        f"is said to be @{stated}, and the text that it stands in is @{language}. Correct one of them"
                    )
                    yield self._cited.violation("evidence", message, self._iri, _OBJECT, value)

    def _plainer(self, *, inflected: bool) -> Iterator[Finding]:
        """An object that stands there more plainly than is said."""
        for value in self._values:
            for range_ in self._quoted:
                if (phrase := self._cited.phrase_of(range_)) and self._says(range_, value, inflected):
                    is_plain = not inflected or self._says(range_, value, False)
                    better = "leave hs:wording out" if is_plain else "say hs:wording wording:inflected"
                    named = self._cited.short(lexical(value))
                    message = f"the range says {shown(phrase)}, which names {named}: {better}"
                    finding = self._cited.violation("evidence", message, self._iri, WORDING.value)
                    yield replace(finding, severity=Severity.WARNING)
                    return

    def _other_figure(self) -> Iterator[Finding]:
        """A number or a date that is said to be implied, and none of the ranges can mean it.

        Words without a figure may mean any: “in all regions” is a number to those who know the country.
        """
        phrases = {r: p for r in self._quoted if (p := self._cited.phrase_of(r))}
        for value in self._values:
            if phrases and not any(may_imply(p, value) or self._says(r, value, False) for r, p in phrases.items()):
                said = "; ".join(map(shown, phrases.values()))
                message = (
                    f"the range says {said}, which does not imply {lexical(value)}. "
                    "Correct one of them, or move what you work out to data/derived.ttl"
                )
                finding = self._cited.violation("evidence", message, self._iri, _OBJECT, value)
                yield replace(finding, severity=Severity.WARNING)

    def _says(self, range_: str, value: Term, inflected: bool) -> bool:
        phrase = self._cited.phrase_of(range_)
        if phrase is None:
            return True  # too long to quote and no text at hand: counted as unchecked
        source = self._cited.source_of(range_)
        language = source.language if source else ""
        if isinstance(value, ox.Literal):
            return says_literal(phrase, value, language, inflected=inflected)
        itself = says_literal(phrase, ox.Literal(lexical(value)), language, inflected=False)
        return itself or says_name(phrase, self._names(value, language), inflected=inflected)

    def _names(self, value: Term, language: str = "") -> list[str]:
        """Names in the language of the text, in none, or in English, as GIZ has one; all without a language."""
        if not isinstance(value, ox.NamedNode):
            return []
        found = (n for p in _NAMES for n in values(self._cited.store, value.value, p) if isinstance(n, ox.Literal))
        tags = (primary(language), "", "en")
        return [n.value for n in found if not language or primary(n.language or "") in tags]
