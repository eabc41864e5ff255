"""How much of what a text says `kg new source` finds, on the two source texts.

    python benchmarks/new.py --sources ../texts --facts facts.json [--markdown benchmarks/new.md] [--show]

The graph is the shipped one without the file of the source in question. Two variants differ in what of that file stays:
the classes and names of the things that it names, or their classes alone, so that what only the text calls them is
unknown. facts.json lists the ranges that were read by hand, each with what it supports.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import pyoxigraph as ox

from kg.bench import synthetic
from kg.drafting import morphology
from kg.drafting.finds import find
from kg.drafting.model import Model
from kg.drafting.proposals import Block, propose
from kg.drafting.proposals.claims import Drafting
from kg.evidence.texts import Source, sources
from kg.store import claims, project, release
from kg.words.names import FOAF, HS, PROV, RDF, SCHEMA, SKOS, TYPE, XSD
from kg.words.settings import load

ROOT = Path(__file__).resolve().parent.parent
SLUGS = {"A": "psd-press-release", "B": "imp-forum-2025"}
NAMES = (SKOS + "prefLabel", SKOS + "altLabel", FOAF + "name")
NAMED = ("org", "person", "campaign", "event", "initiative", "country", "place")
"""Kinds of things that texts call by names."""
WAYS = ("names known", "names unknown", "names known, by endings", "names unknown, by endings")
DATES = tuple(XSD + name for name in ("date", "gYear", "gYearMonth", "gMonthDay", "duration"))
KINDS = {
    "quotations": r"Quotation|in Q\d",
    "numbers": r"Observation|phase",
    "dates": r"gYear|gMonthDay|xsd:date|repeatFrequency|observedOn",
    "concepts": r"concept",
    "names": (
        r"prefLabel|altLabel|foaf:name|hasParty|inCountry|presenter|visited|affiliatedWith|originRegion|geographicScope"
        r"|homepage|value of"
    ),
    "other statements": r"",
}
"""Kind of fact -> what its description has."""
_INTRODUCTION = """\
The report of `benchmarks/new.py`, as it was printed: how much of what the two source texts say `kg new source` finds.
The texts have been read by hand: 142 ranges, each with what it supports. The graph is the shipped one without the file
of the source in question.

- **names known**: the things that the text names are in the graph, with the names that the text has. This is a text
  about known things
- **names unknown**: what only the text calls them is taken away. They have names in other languages, mostly translated
  from the text by the maintainers, which makes finding them easier than it would be elsewhere
- **exact**: a drafted claim quotes the range, character by character; **with comments**: a claim or a comment does
- **overlap**: one of them quotes a range that shares at least half of the characters of both
- **precision**: of the ranges that drafted claims quote, those that the shipped file quotes too. The others are not
  wrong for that: most of them say what they are said to say
- **by endings**: without dictionaries

The program was written with these two texts in view. No rule is for one place in them, but a text of another kind will
fare worse, and two texts are few. Measured is where a claim stands and what it names, not whether its property is
right. The vocabularies' concepts, and the words for kinds of bodies, were drawn from the same texts.

The last table is of three invented releases of `kg bench`, which were not looked at before the program was done; after
that, names with commas and numbers were mended. They are lists of hospitals, so only things are counted."""


@dataclass(frozen=True)
class Range:
    """Characters of a text, and the kind of fact they support."""

    start: int
    end: int
    kind: str = ""

    def shares(self, other: Range) -> bool:
        common = min(self.end, other.end) - max(self.start, other.start)
        return 2 * common >= max(self.end, other.end) - min(self.start, other.start) and common > 0


@dataclass(frozen=True)
class Drafted:
    """What was drafted for a text.

    ranges  that claims quote; commented: that comments quote
    things  that are named, in claims; spans of unknown names
    """

    drafting: Drafting
    blocks: tuple[Block, ...]

    def ranges(self, *, is_sure: bool) -> set[Range]:
        claims_ = (c for b in self.blocks for c in b.claims if c.is_sure is is_sure)
        told = () if is_sure else (*self.drafting.finds.concepts, *self.drafting.finds.unknown)
        return {Range(r.start, r.end) for r in (*(r for c in claims_ for r in c.ranges), *told)}

    def kinds(self) -> dict[str, set[Range]]:
        """The ranges that claims quote, by what the claims are about."""
        found: dict[str, set[Range]] = {kind: set() for kind in ("names", "numbers", "dates", "quotations")}
        counting = self.drafting.finds.counting
        for block in self.blocks:
            classes = {c.value.value for c in block.claims if c.predicate == TYPE}
            for claim in (c for c in block.claims if c.is_sure):
                is_date = isinstance(claim.value, ox.Literal) and claim.value.datatype.value in DATES
                is_number, is_quotation = counting and counting.class_ in classes, SCHEMA + "Quotation" in classes
                kind = "numbers" if is_number else "quotations" if is_quotation else "dates" if is_date else "names"
                found[kind] |= {Range(r.start, r.end) for r in claim.ranges}
        return found

    @property
    def things(self) -> set[str]:
        return {m.iri for m in self.drafting.finds.things}


def drafted(source: Source, documents: Iterable[project.Document], base: str, *, names: bool) -> Drafted:
    """The draft for a source's text, with a graph that has the things that it names and nothing else of it.

    names  with the names that the source gives them
    """
    documents = list(documents)
    own = [d for d in documents if d.name == f"data/source/{source.slug}.ttl"]
    quads = claims.expand([d for d in documents if d not in own], base).quads
    kept = {TYPE, *(NAMES if names else ())}
    quads += [q for q in claims.expand(own, base).quads if q.predicate.value in kept and _is_named(q.subject, base)]
    model = Model(release.stated(quads), base)
    finds = find(source.text or "", source.language, model)
    drafting = Drafting(finds, model, source.iri, source.slug)
    return Drafted(drafting, tuple(propose(drafting)))


def _is_named(term: object, base: str) -> bool:
    return isinstance(term, ox.NamedNode) and term.value.startswith(tuple(f"{base}id/{k}/" for k in NAMED))


def facts(path: Path, letter: str) -> list[Range]:
    """The ranges that were read by hand in a text."""
    return [
        Range(f["start"], f["end"], next(k for k, pattern in KINDS.items() if re.search(pattern, f["cls"])))
        for f in json.loads(path.read_text(encoding="utf-8"))
        if f["src"] == letter
    ]


def shipped(store: ox.Store, source: Source, base: str) -> tuple[set[Range], set[str]]:
    """The ranges that the shipped file quotes, and the things that it names."""
    graph, ranges, things = ox.NamedNode(f"{base}graph/source/{source.slug}"), set(), set()
    for claim in (q.subject for q in store.quads_for_pattern(None, ox.NamedNode(HS + "inGraph"), graph)):

        def value(property_: str, claim: object = claim) -> list[ox.NamedNode]:
            found = store.quads_for_pattern(claim, ox.NamedNode(property_), None, ox.DefaultGraph())  # type: ignore[arg-type]
            return [q.object for q in found]  # type: ignore[misc]

        quoted = value(PROV + "wasQuotedFrom")
        ranges |= {Range(*map(int, r.value.rpartition("=")[2].split(","))) for r in quoted}
        if not quoted:
            continue
        says_name = value(RDF + "predicate")[0].value in NAMES
        is_worded = not any(w.value.endswith("/implied") for w in value(HS + "wording"))
        things |= {t.value for t in value(RDF + "subject") if says_name and _is_named(t, base)}
        things |= {t.value for t in value(RDF + "object") if is_worded and _is_named(t, base)}
    return ranges, things


@dataclass(frozen=True)
class Measured:
    """One text drafted in one way, held against what was read by hand and against the shipped file."""

    slug: str
    way: str
    wanted: tuple[Range, ...]
    gold: set[Range]
    things: set[str]
    found: Drafted

    @property
    def named(self) -> set[str]:
        base = self.found.drafting.model.base
        return {t for t in self.found.things if _is_named(ox.NamedNode(t), base)}

    def told(self, kind: str = "") -> tuple[int, ...]:
        """How many ranges (of a kind) are quoted exactly, also by comments, and by ranges that overlap."""
        sure = self.found.ranges(is_sure=True)
        every = sure | self.found.ranges(is_sure=False)
        wanted = [Range(w.start, w.end) for w in self.wanted if kind in ("", w.kind)]
        return (
            sum(w in sure for w in wanted),
            sum(w in every for w in wanted),
            sum(any(w.shares(r) for r in every) for w in wanted),
        )


def measure(root: Path, folder: Path, inventory: Path, ways: tuple[str, ...] = WAYS) -> list[Measured]:
    """Both texts, in each way."""
    settings = load(root, sources=folder)
    read = project.read(settings)
    store = release.stated(claims.expand(read.documents, settings.base).quads)
    texts = {s.slug: s for s in sources(store, folder).values()}
    measured = []
    for letter, slug in SLUGS.items():
        gold, things = shipped(store, texts[slug], settings.base)
        for way in ways:
            with ExitStack() as stack:
                if "endings" in way:
                    stack.enter_context(mock.patch.object(morphology, "load", return_value=morphology.Endings()))
                found = drafted(texts[slug], read.documents, settings.base, names="unknown" not in way)
            measured.append(Measured(slug, way, tuple(facts(inventory, letter)), gold, things, found))
    return measured


def report(measured: list[Measured]) -> Iterator[str]:
    """The tables, in Markdown."""
    yield "| text | graph | ranges: exact | with comments | overlap | precision | things: recall | precision |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|"
    for m in measured:
        count, sure = len(m.wanted), m.found.ranges(is_sure=True)
        told = " | ".join(f"{n} ({n / count:.0%})" for n in m.told())
        right = len(m.named & m.things)
        yield (
            f"| {m.slug} ({count}) | {m.way} | {told} | {len(sure & m.gold)} of {len(sure)} "
            f"| {right} of {len(m.things)} | {right} of {len(m.named)} |"
        )
    yield from ("", "Ranges of both texts by what they support: exact, with comments, overlap.", "")
    yield f"| kind | ranges | {' | '.join(WAYS)} |"
    yield f"|---|--:|{'--:|' * len(WAYS)}"
    for kind in KINDS:
        rows = [[m.told(kind) for m in measured if m.way == way] for way in WAYS]
        cells = (" / ".join(str(sum(column)) for column in zip(*row, strict=True)) for row in rows)
        count = sum(w.kind == kind for m in measured if m.way == WAYS[0] for w in m.wanted)
        yield f"| {kind} | {count} | {' | '.join(cells)} |"
    yield from ("", "Precision of the ranges of claims, by what the claims are about.", "")
    yield f"| kind | {' | '.join(WAYS)} |"
    yield f"|---|{'--:|' * len(WAYS)}"
    for kind in measured[0].found.kinds():
        pairs = [[(m.found.kinds()[kind], m.gold) for m in measured if m.way == way] for way in WAYS]
        cells = (f"{sum(len(r & g) for r, g in row)} of {sum(len(r) for r, _ in row)}" for row in pairs)
        yield f"| {kind} | {' | '.join(cells)} |"


def invented(root: Path) -> Iterator[str]:
    """Things that are named in the releases that `kg bench` invents, in Markdown."""
    yield "| invented release | graph | things: recall | precision | unknown names |"
    yield "|---|---|--:|--:|--:|"
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in ("ontology", "shapes"):
            shutil.copytree(root / name, copy / name)
        synthetic.write(copy, 60)
        settings = load(copy, base=synthetic.BASE, sources=copy / "sources")
        read = project.read(settings)
        store = release.stated(claims.expand(read.documents, settings.base).quads)
        for source in sources(store, settings.sources).values():
            gold, things = shipped(store, source, settings.base)
            for way in WAYS[:2]:
                found = drafted(source, read.documents, settings.base, names=way == WAYS[0])
                m = Measured(source.slug, way, (), gold, things, found)
                right = len(m.named & things)
                unknown = len(found.drafting.finds.unknown)
                yield f"| {m.slug} | {way} | {right} of {len(things)} | {right} of {len(m.named)} | {unknown} |"


def shown(m: Measured) -> Iterator[str]:
    """What was missed and what the shipped file does not have."""
    text = m.found.drafting.finds.reading.text
    sure, every = m.found.ranges(is_sure=True), m.found.ranges(is_sure=True) | m.found.ranges(is_sure=False)
    yield f"\n{m.slug}, {m.way}"
    for w in m.wanted:
        if Range(w.start, w.end) not in every:
            yield f"missed {w.kind} {w.start},{w.end} {' '.join(text[w.start : w.end].split())[:100]}"
    for r in sorted(sure - m.gold, key=lambda r: r.start):
        yield f"not shipped {r.start},{r.end} {' '.join(text[r.start : r.end].split())[:100]}"
    yield from (f"thing {iri}" for iri in sorted(m.named ^ m.things))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--sources", type=Path, required=True, help="the folder with the two texts")
    arguments.add_argument("--facts", type=Path, required=True, help="the ranges that were read by hand")
    arguments.add_argument("--markdown", type=Path, help="write the report here")
    arguments.add_argument("--show", action="store_true", help="also what was missed and what was wrong")
    given = arguments.parse_args()
    measured = measure(ROOT, given.sources, given.facts)
    lines = [*report(measured), "", *invented(ROOT)]
    print("\n".join(lines))
    if given.show:
        print("\n".join(line for m in measured for line in shown(m)))
    if given.markdown:
        given.markdown.write_text("\n".join(["# A text drafted", "", _INTRODUCTION, "", *lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
