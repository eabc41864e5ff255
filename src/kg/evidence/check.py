"""Checks that every claim leads to characters that say what it claims."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox

from kg.evidence import wording
from kg.evidence.cited import ANCHOR, Cited, bounds, lexical, shown
from kg.evidence.texts import Source
from kg.store.claims import WAS_DERIVED_FROM, WAS_QUOTED_FROM
from kg.store.lookup import instances, texts, values
from kg.store.rdf_io import Term
from kg.words.findings import Finding, Severity
from kg.words.names import HS, NIF, RDF, TYPE, curie

MAX_QUOTED = 120
"""Characters of a range that may be quoted (rights in the texts are not cleared); a longer one has their SHA-256."""

_SUBJECT, _PREDICATE, _OBJECT, _GRAPH = RDF + "subject", RDF + "predicate", RDF + "object", HS + "inGraph"
_SHA256 = HS + "sha256"


@dataclass(frozen=True)
class Items:
    """What there is to check: ranges and claims by their IRIs, facts in the graphs of sources as quads.

    facts  None for all
    """

    ranges: Collection[str]
    claims: Collection[str]
    facts: Collection[ox.Quad] | None = None


Item = str | ox.Quad


class Checks(Cited):
    """Hold every range against its text, every claim against its ranges, every source triple against the claims."""

    def all(self) -> Items:
        return Items(instances(self.store, NIF + "RFC5147String"), instances(self.store, HS + "Claim"))

    def of_sources(self, folder: Path | None) -> list[Finding]:
        """What is found of the texts.

        folder  of texts, where one was named. A text that is not in it is a violation, unless all that are there are
                those of other sources: somebody may have those alone
        """
        found = {s.file for s in self.sources.values() if s.file}
        missing = Severity.VIOLATION if folder else None
        if folder and found and found.issuperset(folder.glob("*.txt")):
            missing = Severity.INFO
        return [f for s in self.sources.values() for f in self.source(s, missing)]

    def of(self, items: Items) -> dict[Item, list[Finding]]:
        """What is found, by item."""
        found: dict[Item, list[Finding]] = {}
        for range_ in items.ranges:
            found.setdefault(range_, []).extend(self.range(range_))
        for claim in items.claims:
            found.setdefault(claim, []).extend(self.claim(claim))
        if items.facts is None:
            for fact in self._unclaimed(items.claims):
                found[fact] = [self._without_evidence(fact)]
        for fact in items.facts or ():
            found[fact] = [] if self._has_evidence(fact) else [self._without_evidence(fact)]
        return found

    def counts(self) -> dict[str, int]:
        """How many claims and ranges there are, and ranges whose text is not at hand: only their phrases were held
        against the claims."""
        items = self.all()
        unchecked = sum(1 for r in items.ranges if self.text_of(r) is None)
        return {"claims": len(items.claims), "ranges": len(items.ranges), "ranges not checked": unchecked}

    def source(self, source: Source, missing: Severity | None) -> Iterator[Finding]:
        """The registered hash names a text at hand, the registered sizes are its sizes.

        missing  how bad it is if the text is not at hand; None if that is expected
        """
        if source.text is None:
            if missing is not None:
                hash_ = source.sha256 or "(none stated)"
                message = f"no file in the sources folder has the SHA-256 {hash_}. Correct it or add the text"
                yield replace(self.violation("evidence", message, source.iri, _SHA256), severity=missing)
            return
        for name, actual in (("characters", len(source.text)), ("bytes", len(source.text.encode()))):
            for stated in values(self.store, source.iri, HS + name):
                if lexical(stated) != str(actual):
                    message = f"the text has {actual} {name}. Correct the number"
                    yield self.violation("evidence", message, source.iri, HS + name, stated)

    def range(self, range_: str) -> Iterator[Finding]:
        """The range is inside its text, and its phrase or hash is that of the characters there."""
        within, whole = bounds(range_), self.text_of(range_)
        phrases, digests = values(self.store, range_, ANCHOR), values(self.store, range_, _SHA256)
        if within is None:
            yield self.violation("S44", self._no_range(range_), range_)
            return
        start, end = within
        for stated in phrases:
            phrase = lexical(stated)
            if len(phrase) > MAX_QUOTED:
                message = f"quotes more than {MAX_QUOTED} characters. Write sha256:… as kg cite prints it"
                yield self.violation("evidence", message, range_, ANCHOR, stated)
            elif whole is None and len(phrase) != end - start:
                message = f"the range {start},{end} has {end - start} characters, its phrase {shown(phrase)} has "
                message += f"{len(phrase)}. Correct one of them"
                yield self.violation("S44", message, range_, ANCHOR, stated)
        if whole is None:
            return
        if end > len(whole):
            message = f"the range ends behind the text, which has {len(whole)} characters. Correct the range"
            yield self.violation("S44", message, range_)
            return
        actual = whole[start:end]
        for stated in phrases:
            if (phrase := lexical(stated)) != actual:
                there, stated_there = _told_apart(actual, phrase)
                message = f"the text says {there} at {start},{end}, not {stated_there}. "
                yield self.violation("S44", message + _hint(whole, phrase), range_, ANCHOR, stated)
        digest = hashlib.sha256(actual.encode()).hexdigest()
        for stated in digests:
            if lexical(stated) != digest:
                message = f"the characters at {start},{end} have the SHA-256 {digest}. Correct the range or the hash"
                yield self.violation("S44", message, range_, _SHA256, stated)

    def claim(self, claim: str) -> Iterator[Finding]:
        """The claim's ranges are known and of its own source, and word its object."""
        own = [(g, document) for g in texts(self.store, claim, _GRAPH) if (document := self._text_of_graph(g))]
        for predicate in (WAS_QUOTED_FROM, WAS_DERIVED_FROM):
            for range_ in values(self.store, claim, predicate.value):
                trouble = self._trouble(range_, own if predicate == WAS_QUOTED_FROM else [])
                if trouble:
                    yield self.violation("evidence", trouble, claim, predicate.value, range_)
        yield from wording.check(claim, self)

    def _trouble(self, range_: Term, own: list[tuple[str, str]]) -> str:
        """Why a claim cannot rest on this, if anything.

        own  graph and text, for a claim in the graph of a source, which can rest on nothing else
        """
        iri = lexical(range_)
        for graph, text_ in own:
            if iri.partition("#")[0] != text_:
                where = self.short(graph)
                return f"a claim in {where} quotes another source, {self.short(iri)}. Move it to that source's file"
        if own and bounds(iri) is None:
            return self._no_range(iri)
        if "#char=" in iri and isinstance(range_, ox.NamedNode) and not values(self.store, iri, TYPE):
            return "this range is cited by no claim of its source. Correct it, or cite it there first"
        return ""

    def _unclaimed(self, claims: Iterable[str]) -> Iterator[ox.Quad]:
        """Every triple in the graph of a source without a claim there that rests on something in its text."""
        claimed = {
            (s, p, o, g)
            for c in claims
            if self._rests_on_its_text(c)
            for s in values(self.store, c, _SUBJECT)
            for p in values(self.store, c, _PREDICATE)
            for o in values(self.store, c, _OBJECT)
            for g in values(self.store, c, _GRAPH)
        }
        for graph in self.store.named_graphs():
            if isinstance(graph, ox.NamedNode) and self._text_of_graph(graph.value):
                for q in self.store.quads_for_pattern(None, None, None, graph):
                    if (q.subject, q.predicate, q.object, graph) not in claimed:
                        yield q

    def _has_evidence(self, fact: ox.Quad) -> bool:
        """Whether a fact needs no claim, or has one that rests on something in its text."""
        graph = fact.graph_name
        if not isinstance(graph, ox.NamedNode) or not self._text_of_graph(graph.value) or fact not in self.store:
            return True
        about = self.store.quads_for_pattern(None, ox.NamedNode(_SUBJECT), fact.subject, ox.DefaultGraph())
        parts = ((_PREDICATE, fact.predicate), (_OBJECT, fact.object), (_GRAPH, graph))
        return any(
            isinstance(claim, ox.NamedNode)
            and all(ox.Quad(claim, ox.NamedNode(p), o) in self.store for p, o in parts)
            and ox.Quad(claim, ox.NamedNode(TYPE), ox.NamedNode(HS + "Claim")) in self.store
            and self._rests_on_its_text(claim.value)
            for claim in (q.subject for q in about)
        )

    def _without_evidence(self, fact: ox.Quad) -> Finding:
        message = (
            "stands in a source's graph without evidence. "
            'Add {| hs:quotes "start,end phrase" |}, or move it to data/curated.ttl'
        )
        place = self.locate(fact.subject, fact.predicate, fact.object, fact.graph_name)  # type: ignore[arg-type]
        about = self.short(lexical(fact.subject)), "", curie(fact.predicate.value), lexical(fact.object)
        return Finding(Severity.VIOLATION, "evidence", message, place, *about)

    def _rests_on_its_text(self, claim: str) -> bool:
        """Whether it quotes anything, right or wrong, or is derived from a range of its source."""
        own = {self._text_of_graph(g) for g in texts(self.store, claim, _GRAPH)}
        derived = texts(self.store, claim, WAS_DERIVED_FROM.value)
        quoted = values(self.store, claim, WAS_QUOTED_FROM.value)
        return bool(quoted) or any(bounds(r) and r.partition("#")[0] in own for r in derived)

    def _text_of_graph(self, graph: str) -> str | None:
        prefix = self.base + "graph/source/"
        return f"{self.base}source/{graph[len(prefix) :]}.txt" if graph.startswith(prefix) else None

    def _no_range(self, range_: str) -> str:
        return (
            f"{self.short(range_)} is no range of characters: it takes #char=start,end with start less than end. "
            "Correct it as kg cite prints it"
        )


def _hint(whole: str, phrase: str) -> str:
    found = whole.find(phrase)
    if found < 0:
        return "Correct the range or the phrase"
    return f"The phrase stands at {found},{found + len(phrase)}"


def _told_apart(one: str, other: str) -> tuple[str, str]:
    """The two as they are shown, with their white space where they would be shown alike."""
    if shown(one) != shown(other):
        return shown(one), shown(other)
    alike = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    start = max(0, alike - 20)
    return shown(re.sub(r"\s", "␣", one)[start:]), shown(re.sub(r"\s", "␣", other)[start:])
