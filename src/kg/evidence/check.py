"""Checks that every claim leads to characters that say what it claims."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from kg.evidence.agreement import says_literal, says_name
from kg.evidence.texts import Source
from kg.store.claims import WAS_DERIVED_FROM, WAS_QUOTED_FROM, WORDING
from kg.store.locate import Locate
from kg.store.rdf_io import Term
from kg.words.findings import Finding, Severity
from kg.words.names import FOAF, HS, NIF, RDF, RDFS, SKOS, TYPE, curie

MAX_QUOTED = 120
"""Characters of a range that may be quoted; a longer one carries their SHA-256 (rights in the texts are not cleared)."""

_DEFAULT = ox.DefaultGraph()
_NAMES = tuple(ox.NamedNode(p) for p in (SKOS + "prefLabel", SKOS + "altLabel", RDFS + "label", FOAF + "name"))
_ANCHOR, _SHA256 = ox.NamedNode(NIF + "anchorOf"), ox.NamedNode(HS + "sha256")


@dataclass(frozen=True)
class Result:
    """What was checked.

    ranges     in all
    unchecked  ranges whose text is not at hand; their phrases were still held against the claims
    """

    findings: list[Finding]
    claims: int
    ranges: int
    unchecked: int


def check(store: ox.Store, base: str, sources: dict[str, Source], locate: Locate, *, texts_expected: bool) -> Result:
    """Hold every range against its text, every claim against its ranges, every source triple against the claims.

    store           stated triples in named graphs, their union as the default graph, claims expanded
    texts_expected  a folder with the texts was named: a text that is not in it is a violation
    """
    room = _Room(store, base, sources, locate)
    ranges = sorted(room.subjects(NIF + "RFC5147String"))
    claims = sorted(room.subjects(HS + "Claim"))
    findings = [
        *(f for s in sources.values() for f in room.check_source(s, texts_expected)),
        *(f for r in ranges for f in room.check_range(r)),
        *(f for c in claims for f in room.check_claim(c)),
        *room.check_source_graphs(claims),
    ]
    unchecked = sum(1 for r in ranges if (s := room.source(r)) is None or s.text is None)
    return Result(findings, len(claims), len(ranges), unchecked)


class _Room:
    def __init__(self, store: ox.Store, base: str, sources: dict[str, Source], locate: Locate) -> None:
        self.store = store
        self.base = base
        self.sources = sources
        self.locate = locate

    def subjects(self, class_: str) -> set[str]:
        quads = self.store.quads_for_pattern(None, ox.NamedNode(TYPE), ox.NamedNode(class_), _DEFAULT)
        return {q.subject.value for q in quads if isinstance(q.subject, ox.NamedNode)}

    def values(self, iri: str, predicate: ox.NamedNode) -> list[Term]:
        quads = self.store.quads_for_pattern(ox.NamedNode(iri), predicate, None, _DEFAULT)
        return sorted((q.object for q in quads), key=str)

    def source(self, range_: str) -> Source | None:
        return self.sources.get(range_.partition("#")[0])

    def problem(
        self, rule: str, message: str, subject: str, predicate: ox.NamedNode | None = None, value: Term | None = None
    ) -> Finding:
        place = self.locate(ox.NamedNode(subject), predicate, value)
        shown = str(value) if value is not None else ""
        path = curie(predicate.value) if predicate else ""
        return Finding(Severity.VIOLATION, rule, message, place, subject.removeprefix(self.base), "", path, shown)

    def check_source(self, source: Source, text_expected: bool) -> Iterator[Finding]:
        if source.text is None:
            if text_expected:
                message = f"no file in the sources folder has the SHA-256 {source.sha256 or '(none stated)'}. Correct it or add the text"
                yield self.problem("evidence", message, source.iri, _SHA256)
            return
        for name, actual in (("characters", len(source.text)), ("bytes", len(source.text.encode()))):
            for stated in self.values(source.iri, ox.NamedNode(HS + name)):
                if _value(stated) != str(actual):
                    message = f"the text has {actual} {name}. Correct the number"
                    yield self.problem("evidence", message, source.iri, ox.NamedNode(HS + name), stated)

    def check_range(self, range_: str) -> Iterator[Finding]:
        source = self.source(range_)
        _, _, fragment = range_.partition("#char=")
        start, _, end = fragment.partition(",")
        if source is None or source.text is None or not (start.isdigit() and end.isdigit()):
            yield from self._too_long(range_)
            return
        if int(end) > len(source.text):
            message = f"the range ends behind the text, which has {len(source.text)} characters. Correct the range"
            yield self.problem("S44", message, range_)
            return
        characters = source.text[int(start) : int(end)]
        for stated in self.values(range_, _ANCHOR):
            if _value(stated) != characters:
                message = (
                    f"the text says {_shown(characters)} at {start},{end}, not {_shown(_value(stated))}. "
                    f"{self._hint(source, _value(stated))}"
                )
                yield self.problem("S44", message, range_, _ANCHOR, stated)
        for stated in self.values(range_, _SHA256):
            actual = hashlib.sha256(characters.encode()).hexdigest()
            if _value(stated) != actual:
                message = (
                    f"the characters at {start},{end} have another SHA-256: {actual}. Correct the range or the hash"
                )
                yield self.problem("S44", message, range_, _SHA256, stated)
        yield from self._too_long(range_)

    def _too_long(self, range_: str) -> Iterator[Finding]:
        for stated in self.values(range_, _ANCHOR):
            if len(_value(stated)) > MAX_QUOTED:
                message = f"quotes more than {MAX_QUOTED} characters. Write sha256:… as kg cite prints it"
                yield self.problem("evidence", message, range_, _ANCHOR, stated)

    def _hint(self, source: Source, phrase: str) -> str:
        found = (source.text or "").find(phrase)
        if found >= 0:
            return f"The phrase stands at {found},{found + len(phrase)}"
        return "Correct the range or the phrase"

    def check_claim(self, claim: str) -> Iterator[Finding]:
        ranges = [r.value for r in self.values(claim, WAS_QUOTED_FROM) if isinstance(r, ox.NamedNode)]
        derived = [r.value for r in self.values(claim, WAS_DERIVED_FROM) if isinstance(r, ox.NamedNode)]
        for range_ in derived:
            if "#char=" in range_ and not self.values(range_, ox.NamedNode(TYPE)):
                message = "this range is cited by no claim of its source. Correct it, or cite it there first"
                yield self.problem("evidence", message, claim, WAS_DERIVED_FROM, ox.NamedNode(range_))
        for graph in self.values(claim, ox.NamedNode(HS + "inGraph")):
            yield from self._own_source(claim, _value(graph), ranges)
        wording = next((w.value for w in self.values(claim, WORDING) if isinstance(w, ox.NamedNode)), "")
        if not ranges or wording.endswith("/implied"):
            return
        inflected = wording.endswith("/inflected")
        for value in self.values(claim, ox.NamedNode(RDF + "object")):
            if not any(self._says(r, value, inflected) for r in ranges):
                said = "; ".join(_shown(self._characters(r) or "?") for r in ranges)
                names = (
                    "" if isinstance(value, ox.Literal) else f" ({' / '.join(self._names(value, '')) or 'no label'})"
                )
                message = (
                    f"the range says {said}, which does not name {_term(value)}{names}. Correct the object or the range, or "
                    f"say hs:wording wording:{'implied' if inflected else 'inflected (another word form) or wording:implied'}"
                )
                yield self.problem("evidence", message, claim, None, value)

    def _own_source(self, claim: str, graph: str, ranges: list[str]) -> Iterator[Finding]:
        prefix = self.base + "graph/source/"
        if graph.startswith(prefix):
            own = f"{self.base}source/{graph[len(prefix) :]}.txt"
            for range_ in ranges:
                if range_.partition("#")[0] != own:
                    message = f"a claim in {graph.removeprefix(self.base)} quotes another source. Move it to that source's file"
                    yield self.problem("evidence", message, claim, WAS_QUOTED_FROM, ox.NamedNode(range_))

    def _says(self, range_: str, value: Term, inflected: bool) -> bool:
        phrase = self._characters(range_)
        if phrase is None:
            return True  # too long to quote and no text at hand: counted as unchecked
        source = self.source(range_)
        language = source.language if source else ""
        if isinstance(value, ox.Literal):
            return says_literal(phrase, value, language, inflected=inflected)
        if isinstance(value, ox.NamedNode) and value.value in phrase:
            return True
        return says_name(phrase, self._names(value, language), inflected=inflected)

    def _characters(self, range_: str) -> str | None:
        for stated in self.values(range_, _ANCHOR):
            return _value(stated)
        source = self.source(range_)
        start, _, end = range_.partition("#char=")[2].partition(",")
        if source is None or source.text is None or not (start.isdigit() and end.isdigit()):
            return None
        return source.text[int(start) : int(end)]

    def _names(self, value: Term, language: str) -> list[str]:
        """Labels in the language of the text, or in none; all of them when no language is given."""
        names = []
        for property_ in _NAMES if isinstance(value, ox.NamedNode) else ():
            for name in self.values(_value(value), property_):
                if isinstance(name, ox.Literal) and (not language or name.language in (language, None, "en")):
                    names.append(name.value)
        return names

    def check_source_graphs(self, claims: list[str]) -> Iterator[Finding]:
        """Every triple in the graph of a source has a claim there."""
        claimed = set()
        for claim in claims:
            parts = [
                self.values(claim, ox.NamedNode(p))
                for p in (RDF + "subject", RDF + "predicate", RDF + "object", HS + "inGraph")
            ]
            claimed |= {(s, p, o, g) for s in parts[0] for p in parts[1] for o in parts[2] for g in parts[3]}
        prefix = self.base + "graph/source/"
        for graph in self.store.named_graphs():
            if isinstance(graph, ox.NamedNode) and graph.value.startswith(prefix):
                for q in self.store.quads_for_pattern(None, None, None, graph):
                    if (q.subject, q.predicate, q.object, graph) not in claimed:
                        message = 'stands in a source\'s graph without evidence. Add {| hs:quotes "start,end phrase" |}, or move it to curated.ttl'
                        yield Finding(
                            Severity.VIOLATION,
                            "evidence",
                            message,
                            self.locate(q.subject, q.predicate, q.object),
                            _term(q.subject).removeprefix(self.base),
                            "",
                            curie(q.predicate.value),
                            _term(q.object),
                        )


def _value(term: Term) -> str:
    return "" if isinstance(term, ox.Triple) else term.value


def _shown(text: str) -> str:
    text = " ".join(text.split())
    return f"«{text}»" if len(text) <= 80 else f"«{text[:77]}…»"


def _term(term: Term) -> str:
    if isinstance(term, ox.NamedNode):
        return curie(term.value)
    return str(term)
