"""Checks that every claim leads to characters that say what it claims."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox

from kg.evidence.agreement import may_imply, primary, says_literal, says_name
from kg.evidence.texts import Source
from kg.store.claims import ENTITY, QUALIFIED_QUOTATION, WAS_DERIVED_FROM, WAS_QUOTED_FROM, WORDING
from kg.store.locate import Locate
from kg.store.lookup import instances, texts, values
from kg.store.rdf_io import Term
from kg.words.datatypes import belongs
from kg.words.findings import Finding, Severity
from kg.words.names import FOAF, HS, NIF, RDF, RDFS, SKOS, TYPE, curie

MAX_QUOTED = 120
"""Characters of a range that may be quoted (rights in the texts are not cleared); a longer one has their SHA-256."""

_NAMES = (SKOS + "prefLabel", SKOS + "altLabel", RDFS + "label", FOAF + "name")
_SUBJECT, _PREDICATE, _OBJECT, _GRAPH = RDF + "subject", RDF + "predicate", RDF + "object", HS + "inGraph"
_ANCHOR, _SHA256 = NIF + "anchorOf", HS + "sha256"
_LATIN = re.compile(r"[\W\d_a-zÀ-ɏ]*\Z", re.IGNORECASE)
_FRAGMENT = re.compile(r"#char=([0-9]{1,9}),([0-9]{1,9})\Z")


@dataclass(frozen=True)
class Items:
    """What there is to check: ranges and claims by their IRIs, facts in the graphs of sources as quads.

    facts  None for all
    """

    ranges: Collection[str]
    claims: Collection[str]
    facts: Collection[ox.Quad] | None = None


Item = str | ox.Quad


@dataclass(frozen=True)
class Checks:
    """Hold every range against its text, every claim against its ranges, every source triple against the claims.

    store  stated triples in named graphs, their union as the default graph, claims expanded
    """

    store: ox.Store
    base: str
    sources: dict[str, Source]
    locate: Locate

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
        unchecked = sum(1 for r in items.ranges if self.text(r) is None)
        return {"claims": len(items.claims), "ranges": len(items.ranges), "ranges not checked": unchecked}

    def source(self, source: Source, missing: Severity | None) -> Iterator[Finding]:
        """The registered hash names a text at hand, the registered sizes are its sizes.

        missing  how bad it is if the text is not at hand; None if that is expected
        """
        if source.text is None:
            if missing is not None:
                hash_ = source.sha256 or "(none stated)"
                message = f"no file in the sources folder has the SHA-256 {hash_}. Correct it or add the text"
                yield replace(self._violation("evidence", message, source.iri, _SHA256), severity=missing)
            return
        for name, actual in (("characters", len(source.text)), ("bytes", len(source.text.encode()))):
            for stated in values(self.store, source.iri, HS + name):
                if _lexical(stated) != str(actual):
                    message = f"the text has {actual} {name}. Correct the number"
                    yield self._violation("evidence", message, source.iri, HS + name, stated)

    def range(self, range_: str) -> Iterator[Finding]:
        """The range is inside its text, and its phrase or hash is that of the characters there."""
        bounds, whole = _bounds(range_), self.text(range_)
        phrases, digests = values(self.store, range_, _ANCHOR), values(self.store, range_, _SHA256)
        if bounds is None:
            yield self._violation("S44", self._no_range(range_), range_)
            return
        start, end = bounds
        for stated in phrases:
            phrase = _lexical(stated)
            if len(phrase) > MAX_QUOTED:
                message = f"quotes more than {MAX_QUOTED} characters. Write sha256:… as kg cite prints it"
                yield self._violation("evidence", message, range_, _ANCHOR, stated)
            elif whole is None and len(phrase) != end - start:
                message = f"the range {start},{end} has {end - start} characters, its phrase {_shown(phrase)} has "
                message += f"{len(phrase)}. Correct one of them"
                yield self._violation("S44", message, range_, _ANCHOR, stated)
        if whole is None:
            return
        if end > len(whole):
            message = f"the range ends behind the text, which has {len(whole)} characters. Correct the range"
            yield self._violation("S44", message, range_)
            return
        actual = whole[start:end]
        for stated in phrases:
            if (phrase := _lexical(stated)) != actual:
                there, stated_there = _told_apart(actual, phrase)
                message = f"the text says {there} at {start},{end}, not {stated_there}. "
                yield self._violation("S44", message + _hint(whole, phrase), range_, _ANCHOR, stated)
        digest = hashlib.sha256(actual.encode()).hexdigest()
        for stated in digests:
            if _lexical(stated) != digest:
                message = f"the characters at {start},{end} have the SHA-256 {digest}. Correct the range or the hash"
                yield self._violation("S44", message, range_, _SHA256, stated)

    def claim(self, claim: str) -> Iterator[Finding]:
        """The claim's ranges are known and of its own source, and one of each quotation words its object.

        A derived claim need not say how its object is worded; if it does, one of its ranges words it so.
        """
        own = [(g, document) for g in texts(self.store, claim, _GRAPH) if (document := self._text_of_graph(g))]
        for predicate in (WAS_QUOTED_FROM, WAS_DERIVED_FROM):
            for range_ in values(self.store, claim, predicate.value):
                trouble = self._trouble(range_, own if predicate == WAS_QUOTED_FROM else [])
                if trouble:
                    yield self._violation("evidence", trouble, claim, predicate.value, range_)
        wordings = {w.rpartition("/")[2] for w in texts(self.store, claim, WORDING.value)}
        if wordings != {"implied"}:
            basis = WAS_QUOTED_FROM if not wordings or self._iris(claim, WAS_QUOTED_FROM) else WAS_DERIVED_FROM
            yield from self._wording(claim, basis, inflected="inflected" in wordings)
            yield from self._languages(claim)
        if wordings in ({"implied"}, {"inflected"}):
            yield from self._plainer(claim, inflected=wordings == {"implied"})
        if wordings == {"implied"}:
            yield from self._other_figure(claim)

    def _trouble(self, range_: Term, own: list[tuple[str, str]]) -> str:
        """Why a claim cannot rest on this, if anything.

        own  graph and text, for a claim in the graph of a source, which can rest on nothing else
        """
        iri = _lexical(range_)
        for graph, text_ in own:
            if iri.partition("#")[0] != text_:
                where = self._short(graph)
                return f"a claim in {where} quotes another source, {self._short(iri)}. Move it to that source's file"
        if own and _bounds(iri) is None:
            return self._no_range(iri)
        if "#char=" in iri and isinstance(range_, ox.NamedNode) and not values(self.store, iri, TYPE):
            return "this range is cited by no claim of its source. Correct it, or cite it there first"
        return ""

    def _wording(self, claim: str, basis: ox.NamedNode, *, inflected: bool) -> Iterator[Finding]:
        groups = [(q, self._iris(q, ENTITY)) for q in self._iris(claim, QUALIFIED_QUOTATION)]
        groups = groups or [(claim, self._iris(claim, basis))]
        for value in values(self.store, claim, _OBJECT):
            if isinstance(value, ox.Literal) and not belongs(value.value, value.datatype.value):
                continue  # the check of literals tells that
            for quotation, ranges in groups:
                if ranges and not any(self._says(r, value, inflected) for r in ranges):
                    yield self._unsaid(claim, quotation, ranges, value, inflected)

    def _languages(self, claim: str) -> Iterator[Finding]:
        """Words that stand in a text, and are said to be in another language than it. Latin letters may be a name's."""
        for value in values(self.store, claim, _OBJECT):
            stated = primary(value.language or "") if isinstance(value, ox.Literal) else ""
            for language in {s.language for r in self._iris(claim, WAS_QUOTED_FROM) if (s := self._source(r))}:
                if stated and language and stated != primary(language) and not _LATIN.match(_lexical(value)):
                    message = (
                        f"is said to be @{stated}, and the text that it stands in is @{language}. Correct one of them"
                    )
                    yield self._violation("evidence", message, claim, _OBJECT, value)

    def _plainer(self, claim: str, *, inflected: bool) -> Iterator[Finding]:
        """A claim whose object stands there more plainly than is said."""
        for value in values(self.store, claim, _OBJECT):
            for range_ in self._iris(claim, WAS_QUOTED_FROM):
                if (phrase := self._phrase(range_)) and self._says(range_, value, inflected):
                    is_plain = not inflected or self._says(range_, value, False)
                    better = "leave hs:wording out" if is_plain else "say hs:wording wording:inflected"
                    message = f"the range says {_shown(phrase)}, which names {self._short(_lexical(value))}: {better}"
                    finding = self._violation("evidence", message, claim, WORDING.value)
                    yield replace(finding, severity=Severity.WARNING)
                    return

    def _other_figure(self, claim: str) -> Iterator[Finding]:
        """A number or a date that is said to be implied, and none of the ranges can mean it."""
        phrases = {r: p for r in self._iris(claim, WAS_QUOTED_FROM) if (p := self._phrase(r))}
        for value in values(self.store, claim, _OBJECT):
            if phrases and not any(may_imply(p, value) or self._says(r, value, False) for r, p in phrases.items()):
                said = "; ".join(map(_shown, phrases.values()))
                message = (
                    f"the range says {said}, which does not imply {_lexical(value)}. "
                    "Correct one of them, or move what you work out to data/derived.ttl"
                )
                finding = self._violation("evidence", message, claim, _OBJECT, value)
                yield replace(finding, severity=Severity.WARNING)

    def _unsaid(self, claim: str, quotation: str, ranges: list[str], value: Term, inflected: bool) -> Finding:
        said = "; ".join(_shown(self._phrase(r) or "?") for r in ranges)
        names = "" if isinstance(value, ox.Literal) else f" ({' / '.join(self._names(value)) or 'it has no label'})"
        other = "implied" if inflected else "inflected (another form of the words) or wording:implied"
        message = (
            f"the range says {said}, which does not name {self._short(_lexical(value))}{names}. "
            f"Correct the object or the range, or say hs:wording wording:{other}"
        )
        return replace(self._violation("evidence", message, quotation, None, value), focus=self._short(claim))

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
        about = self._short(_lexical(fact.subject)), "", curie(fact.predicate.value), _lexical(fact.object)
        return Finding(Severity.VIOLATION, "evidence", message, place, *about)

    def _rests_on_its_text(self, claim: str) -> bool:
        """Whether it quotes anything, right or wrong, or is derived from a range of its source."""
        own = {self._text_of_graph(g) for g in texts(self.store, claim, _GRAPH)}
        derived = texts(self.store, claim, WAS_DERIVED_FROM.value)
        quoted = values(self.store, claim, WAS_QUOTED_FROM.value)
        return bool(quoted) or any(_bounds(r) and r.partition("#")[0] in own for r in derived)

    def _iris(self, subject: str, predicate: ox.NamedNode) -> list[str]:
        return [o.value for o in values(self.store, subject, predicate.value) if isinstance(o, ox.NamedNode)]

    def text(self, range_: str) -> str | None:
        """The whole text that the range is of; None if it is not at hand."""
        source = self._source(range_)
        return source.text if source else None

    def _phrase(self, range_: str) -> str | None:
        """What the range says, by its own word or by the text; None if neither is at hand."""
        stated, whole, bounds = texts(self.store, range_, _ANCHOR), self.text(range_), _bounds(range_)
        if stated or whole is None or bounds is None:
            return next(iter(stated), None)
        return whole[bounds[0] : bounds[1]]

    def _says(self, range_: str, value: Term, inflected: bool) -> bool:
        phrase = self._phrase(range_)
        if phrase is None:
            return True  # too long to quote and no text at hand: counted as unchecked
        source = self._source(range_)
        language = source.language if source else ""
        if isinstance(value, ox.Literal):
            return says_literal(phrase, value, language, inflected=inflected)
        itself = says_literal(phrase, ox.Literal(_lexical(value)), language, inflected=False)
        return itself or says_name(phrase, self._names(value, language), inflected=inflected)

    def _names(self, value: Term, language: str = "") -> list[str]:
        """Names in the language of the text, in none, or in English, as GIZ has one; all without a language."""
        if not isinstance(value, ox.NamedNode):
            return []
        found = (n for p in _NAMES for n in values(self.store, value.value, p) if isinstance(n, ox.Literal))
        tags = (primary(language), "", "en")
        return [n.value for n in found if not language or primary(n.language or "") in tags]

    def _source(self, range_: str) -> Source | None:
        return self.sources.get(range_.partition("#")[0])

    def _text_of_graph(self, graph: str) -> str | None:
        prefix = self.base + "graph/source/"
        return f"{self.base}source/{graph[len(prefix) :]}.txt" if graph.startswith(prefix) else None

    def _short(self, iri: str) -> str:
        return curie(iri).removeprefix(self.base)

    def _no_range(self, range_: str) -> str:
        return (
            f"{self._short(range_)} is no range of characters: it takes #char=start,end with start less than end. "
            "Correct it as kg cite prints it"
        )

    def _violation(
        self, rule: str, message: str, subject: str, predicate: str | None = None, value: Term | None = None
    ) -> Finding:
        place = self.locate(ox.NamedNode(subject), ox.NamedNode(predicate) if predicate else None, value)
        about = self._short(subject), "", curie(predicate or ""), self._short(_lexical(value)) if value else ""
        return Finding(Severity.VIOLATION, rule, message, place, *about)


def _bounds(range_: str) -> tuple[int, int] | None:
    """Start and end of a range of at least one character; None for what is none. Source: RFC 5147, section 2.2.2."""
    found = _FRAGMENT.search(range_)
    start, end = (int(found[1]), int(found[2])) if found else (0, 0)
    return (start, end) if start < end else None


def _hint(whole: str, phrase: str) -> str:
    found = whole.find(phrase)
    if found < 0:
        return "Correct the range or the phrase"
    return f"The phrase stands at {found},{found + len(phrase)}"


def _shown(phrase: str) -> str:
    phrase = " ".join(phrase.split())
    return f"«{phrase}»" if len(phrase) <= 80 else f"«{phrase[:77]}…»"


def _told_apart(one: str, other: str) -> tuple[str, str]:
    """The two as they are shown, with their white space where they would be shown alike."""
    if _shown(one) != _shown(other):
        return _shown(one), _shown(other)
    alike = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    start = max(0, alike - 20)
    return _shown(re.sub(r"\s", "␣", one)[start:]), _shown(re.sub(r"\s", "␣", other)[start:])


def _lexical(term: Term) -> str:
    """The IRI or the text; a blank node is known by its line only."""
    if isinstance(term, ox.NamedNode | ox.Literal):
        return term.value
    return "[ ]" if isinstance(term, ox.BlankNode) else str(term)
