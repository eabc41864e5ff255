"""What a source's page adds: how much of it is cited, how densely, and what rests on each of its ranges."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import pyoxigraph as ox

from kg.pages.values import Value
from kg.resource.claims import Citation
from kg.resource.describe import Description
from kg.resource.evidence import Quote, quote
from kg.resource.viewer import Viewer
from kg.words.names import HS

_LENGTH = HS + "characters"
_DEEPEST = 4
_SHADES = (0, 2, 5, 11)
"""The most claims that each shade but the last stands for."""


@dataclass(frozen=True)
class Cited:
    """A range of this source and the things that claims say it tells about.

    anchor  its fragment; where the text itself is on the page, the passage has it, and this entry `entry`
    claims  how many rest on it
    depth   counts the ranges around it
    """

    anchor: str
    entry: str
    quote: Quote
    triples: tuple[tuple[Value, Value, Value], ...]
    claims: int
    depth: int


@dataclass(frozen=True)
class Bar:
    """A stretch of the source's characters that claims cite. `warmth` is 1 to 4: how many do."""

    start: int
    end: int
    warmth: int

    @property
    def length(self) -> int:
        return self.end - self.start


@dataclass(frozen=True)
class Coverage:
    """How much of a source is cited."""

    characters: int
    bars: tuple[Bar, ...]

    @property
    def cited(self) -> int:
        return sum(bar.length for bar in self.bars)

    @property
    def percent(self) -> int:
        return 100 * self.cited // self.characters


@dataclass(frozen=True)
class Piece:
    """A piece of the text: a run of characters, or the place where a passage begins or ends.

    opens     anchor of the passage that begins here; is_tail: the rest of a passage that the end of another cut in two
    closes    a passage, or what is left of it, ends here
    entry     what the innermost passage around the characters is listed under; empty where nothing cites them
    claims    how many cite them; warmth 0 to 4: the same as a shade
    """

    text: str = ""
    opens: str = ""
    is_tail: bool = False
    closes: bool = False
    entry: str = ""
    claims: int = 0
    warmth: int = 0


@dataclass(frozen=True)
class SourcePage:
    """What is quoted from a source.

    cited      its ranges in the order of the text
    coverage   None where its length is not known
    pieces     the text itself, where the operator has it; language: its language
    text_href  its text, or the page that says why it is not here
    """

    cited: tuple[Cited, ...]
    coverage: Coverage | None
    pieces: tuple[Piece, ...]
    language: str
    text_href: str


def source_page(
    description: Description, citations: list[Citation], text: str | None, viewer: Viewer
) -> SourcePage | None:
    """The page of a source document; None for a thing that is none and from which nothing is quoted."""
    iri = description.iri
    is_source = iri.startswith(viewer.base + "source/") and "#" not in iri
    if not citations and not is_source:
        return None
    return SourcePage(
        cited=tuple(_cited(citations, viewer)),
        coverage=_coverage(description, citations),
        pieces=tuple(pieces(text, citations)) if text is not None else (),
        language=citations[0].range.language if citations else "",
        text_href=viewer.reader.address.text(iri) if is_source else "",
    )


def _anchor(citation: Citation) -> str:
    return citation.range.iri.partition("#")[2]


def _entry(citation: Citation) -> str:
    return f"claims-{citation.range.start}-{citation.range.end}"


def _cited(citations: Iterable[Citation], viewer: Viewer) -> Iterator[Cited]:
    around: list[int] = []
    for citation in citations:
        while around and around[-1] < citation.range.end:
            around.pop()
        triples = tuple((viewer.thing(s), viewer.thing(p), viewer.value(o)) for s, p, o in citation.triples)
        depth = min(len(around), _DEEPEST)
        passage = quote(citation.range, viewer)
        yield Cited(_anchor(citation), _entry(citation), passage, triples, citation.claims, depth)
        around.append(citation.range.end)


def _coverage(description: Description, citations: list[Citation]) -> Coverage | None:
    lengths = [f.value.value for f in description.facts if f.predicate == _LENGTH and isinstance(f.value, ox.Literal)]
    if not citations or not lengths or not (lengths[0].isascii() and lengths[0].isdecimal()):
        return None
    characters = max(int(lengths[0]), 1)
    bars: list[Bar] = []
    for start, end, claims in _runs(citations):
        bar = Bar(start, min(end, characters), _warmth(claims))
        if claims and bar.length > 0:
            if bars and bars[-1].end == start and bars[-1].warmth == bar.warmth:
                bar = Bar(bars.pop().start, bar.end, bar.warmth)
            bars.append(bar)
    return Coverage(characters, tuple(bars))


def _runs(citations: Iterable[Citation]) -> Iterator[tuple[int, int, int]]:
    """(start, end, claims) of the runs of characters between two places where a range begins or ends."""
    change: Counter[int] = Counter()
    for citation in citations:
        change[citation.range.start] += citation.claims
        change[citation.range.end] -= citation.claims
    places, claims = sorted(change), 0
    for start, end in pairwise(places):
        claims += change[start]
        yield start, end, claims


def _warmth(claims: int) -> int:
    return bisect_left(_SHADES, claims) if claims else 0


def pieces(text: str, citations: list[Citation]) -> Iterator[Piece]:
    """A source's text with its passages nested; one that begins in another and ends behind it is cut at its end."""
    fitting = [c for c in citations if c.range.start < c.range.end <= len(text)]
    claims = {start: claims for start, _, claims in _runs(fitting)}
    opening: dict[int, list[Citation]] = defaultdict(list)
    for citation in fitting:
        opening[citation.range.start].append(citation)
    places = sorted({0, len(text)} | {place for c in fitting for place in (c.range.start, c.range.end)})
    within: list[Citation] = []
    count = 0
    for start, end in pairwise(places):
        cut: list[Citation] = []
        while any(c.range.end <= start for c in within):
            last = within.pop()
            yield Piece(closes=True)
            if last.range.end > start:
                cut.append(last)
        for citation in (*reversed(cut), *opening[start]):
            yield Piece(opens=_anchor(citation), is_tail=citation in cut)
            within.append(citation)
        count = claims.get(start, count if within else 0)
        entry = _entry(within[-1]) if within else ""
        yield Piece(text[start:end], entry=entry, claims=count if within else 0, warmth=_warmth(count) if within else 0)
    for _ in within:
        yield Piece(closes=True)
