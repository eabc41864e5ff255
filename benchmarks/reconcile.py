"""How well and how fast names are matched, beside an exact comparison and rapidfuzz's plain ratio.

    python benchmarks/reconcile.py [--markdown benchmarks/reconcile.md] [--show] [--entities 10000] [--labels 10]

reconcile.csv holds names as lists have them, each with the thing it names, or none: other institutions with similar
names, and names too vague for one. Matching was tuned on the rows `tuning`. The rows `checked` were written at the same
time; after their figures were seen, two rules were made stricter. The rows `held out` were written after that.
"""

from __future__ import annotations

import argparse
import csv
import random
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
from rapidfuzz import fuzz, process

from kg.reconcile.asked import Question
from kg.reconcile.ids import Ids
from kg.reconcile.match import Matcher
from kg.reconcile.things import Things
from kg.store import project, release
from kg.store.text.index import TextIndex
from kg.words.names import SKOS, TYPE
from kg.words.settings import load

HERE = Path(__file__).resolve().parent
NOTHING = "none"
_INTRODUCTION = """\
[reconcile.csv](reconcile.csv) holds names as lists have them, in three languages: inflected, misspelt, shortened, with
legal forms, in Latin letters; and names of other institutions that are like ours, and vague ones, that have to match
nothing. Matching was tuned on the rows `tuning`. The rows `checked` were written at the same time; after their figures
were seen, two rules were made stricter. The rows `held out` were written after that; since they were first asked, one
rule was added, for the addresses of Wikidata's pages, which one row has.

- precision of matches: of the names that were matched without a look (`match` is true), the share that was right
- recall of matches: of the names that name a thing, the share that was matched right
- recall@1, recall@5: of those, the share whose thing is the first candidate, or among five
- with `type`: the client says of which class its column is, as OpenRefine does. Without, a vague name such as
  “regional hospital” is matched with the concept that is called so, which counts as wrong here
- exact, without case: taken if one thing alone is called so. rapidfuzz ratio: over all names, without case, with the
  threshold that has the best F1 on the rows `tuning`"""
Answer = tuple[str | None, list[str]]
"""What is taken without a look, and the candidates, the best first: identifiers."""
Way = Callable[["Row"], Answer]


@dataclass(frozen=True)
class Row:
    """A name as a list has it, and the identifier of the thing it names."""

    part: str
    kind: str
    type: str
    query: str
    expected: str


@dataclass(frozen=True)
class Figures:
    """Shares, 0 to 1. precision is None where nothing was matched."""

    rows: int
    positives: int
    precision: float | None
    recall: float
    at_1: float
    at_5: float
    wrong: tuple[tuple[Row, Answer], ...]
    missed: tuple[tuple[Row, Answer], ...]


def read(path: Path = HERE / "reconcile.csv") -> list[Row]:
    """The test set."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Row(**row) for row in csv.DictReader(file)]


def evaluate(way: Way, rows: list[Row]) -> Figures:
    """How a way of matching does on some rows."""
    answers = [(row, way(row)) for row in rows]
    matched = [(row, answer) for row, answer in answers if answer[0]]
    right = sum(answer[0] == row.expected for row, answer in matched)
    positives = [(row, answer) for row, answer in answers if row.expected != NOTHING]
    count = len(positives) or 1
    return Figures(
        len(rows),
        len(positives),
        right / len(matched) if matched else None,
        right / count,
        sum(answer[1][:1] == [row.expected] for row, answer in positives) / count,
        sum(row.expected in answer[1][:5] for row, answer in positives) / count,
        tuple((row, answer) for row, answer in matched if answer[0] != row.expected),
        tuple((row, answer) for row, answer in positives if answer[0] != row.expected),
    )


def matcher(built: release.Release) -> Matcher:
    """A matcher for a release, ready to answer."""
    index = TextIndex.of(built)
    index.build()
    base = built.settings.base
    return Matcher(built.store, Things(built.store, base), index, Ids(base))


def ours(matcher: Matcher, *, typed: bool) -> Way:
    """This project; `typed` if the client says of which class the things of its column are."""

    def way(row: Row) -> Answer:
        found = matcher.match(Question(names=(row.query,), types=(row.type,) if typed else ()))
        order = [matcher.ids.short(c.iri) for c in found]
        return next((id_ for id_, c in zip(order, found, strict=True) if c.match), None), order

    return way


def exact(things: Things, ids: Ids, iris: list[str]) -> Way:
    """Equal but for case; taken if only one thing is called so."""
    named: dict[str, set[str]] = {}
    for iri in iris:
        for label in things.labels(iri):
            named.setdefault(label.text.casefold(), set()).add(ids.short(iri))

    def way(row: Row) -> Answer:
        found = sorted(named.get(row.query.strip().casefold(), ()))
        return (found[0] if len(found) == 1 else None), found

    return way


def ratio(things: Things, ids: Ids, iris: list[str], threshold: float) -> Way:
    """rapidfuzz.fuzz.ratio over all labels without case; the best is taken from a threshold on."""
    labels = [(label.text.casefold(), ids.short(iri)) for iri in iris for label in things.labels(iri)]
    texts = [text for text, _ in labels]

    def way(row: Row) -> Answer:
        found = process.extract(row.query.strip().casefold(), texts, scorer=fuzz.ratio, limit=20)
        order = list(dict.fromkeys(labels[place][1] for _, _, place in found))
        return (order[0] if found and found[0][1] >= threshold else None), order

    return way


def best_threshold(things: Things, ids: Ids, iris: list[str], rows: list[Row]) -> float:
    """The threshold with the best F1 on some rows."""

    def f1(threshold: int) -> float:
        figures = evaluate(ratio(things, ids, iris, threshold), rows)
        precision = figures.precision or 0.0
        return 2 * precision * figures.recall / ((precision + figures.recall) or 1)

    return max(range(30, 100), key=f1)


def report(rows: list[Row], matching: Matcher) -> Iterator[str]:
    """The table of this program, in Markdown."""
    things, ids = matching.things, matching.ids
    iris = [iri for iri in things.all() if iri.startswith(matching.ids.base + "id/")]
    threshold = best_threshold(things, ids, iris, [r for r in rows if r.part == "tuning"])
    ways = {
        "ours, with `type`": ours(matching, typed=True),
        "ours, without": ours(matching, typed=False),
        "exact, without case": exact(things, ids, iris),
        f"rapidfuzz ratio ≥ {threshold:.0f}": ratio(things, ids, iris, threshold),
    }
    yield "| rows | way | precision of matches | recall of matches | recall@1 | recall@5 |"
    yield "|---|---|--:|--:|--:|--:|"
    for part in dict.fromkeys(row.part for row in rows):
        for name, way in ways.items():
            some = [r for r in rows if r.part == part]
            f = evaluate(way, some)
            precision = f"{f.precision:.1%}" if f.precision is not None else "–"
            numbers = f"{precision} | {f.recall:.1%} | {f.at_1:.1%} | {f.at_5:.1%}"
            yield f"| {part} ({f.positives} of {f.rows} name a thing) | {name} | {numbers} |"


def kinds(rows: list[Row], way: Way) -> Iterator[str]:
    """The same by kind of row, in Markdown."""
    yield "| kind | rows | matched right | matched wrong | first | among five |"
    yield "|---|--:|--:|--:|--:|--:|"
    for kind in dict.fromkeys(row.kind for row in rows):
        f = evaluate(way, [row for row in rows if row.kind == kind])
        n = f.positives
        right, first, five = (f"{share * n:.0f}" if n else "–" for share in (f.recall, f.at_1, f.at_5))
        yield f"| {kind} | {f.rows} | {right} | {len(f.wrong)} | {first} | {five} |"


def invented(entities: int, labels: int) -> release.Release:
    """A release of hospitals whose names are made of invented words, so many labels each."""
    chance = random.Random(1)  # noqa: S311  not for secrets
    syllables = ["ка", "ро", "ви", "лен", "мор", "ста", "бі", "ну", "гра", "дим", "хо", "зе", "пол", "тер", "щу", "яр"]
    towns = ["".join(chance.choices(syllables, k=3)).capitalize() + "ська" for _ in range(2_000)]
    kinds_ = ["обласна", "міська", "дитяча", "клінічна", "районна", "перинатальна", "інфекційна", "психіатрична"]
    base, store = "https://example.org/", ox.Store()
    class_, label = ox.NamedNode(base + "ns#Hospital"), ox.NamedNode(SKOS + "altLabel")
    preferred, graph = ox.NamedNode(SKOS + "prefLabel"), ox.NamedNode(base + "graph/data")
    quads = []
    for number in range(entities):
        thing = ox.NamedNode(f"{base}id/org/{number}")
        quads.append(ox.Quad(thing, ox.NamedNode(TYPE), class_, graph))
        for count in range(labels):
            words = [chance.choice(towns), *chance.sample(kinds_, 2), "лікарня", f"№ {chance.randrange(1, 40)}"]
            name = ox.Literal(" ".join(words), language="uk")
            quads.append(ox.Quad(thing, label if count else preferred, name, graph))
    store.bulk_extend(quads)
    store.bulk_extend(ox.Quad(q.subject, q.predicate, q.object) for q in quads)
    settings = load(HERE.parent, base=base)
    return release.Release(settings, store, "0" * 64, len(quads), "", "")


def speed(entities: int, labels: int) -> str:
    """Batches of ten misspelt names against an invented release, one line, in processor time."""
    built = invented(entities, labels)
    began = time.process_time()
    matching = matcher(built)
    names = [label.text for iri in matching.things.all() for label in matching.things.labels(iri)]
    ready_s = time.process_time() - began
    chance = random.Random(2)  # noqa: S311  not for secrets
    batches = [[_misspelt(chance, chance.choice(names)) for _ in range(10)] for _ in range(10)]
    took = []
    for batch in batches:
        began = time.process_time()
        for name in batch:
            matching.match(Question(names=(name,)))
        took.append(time.process_time() - began)
    took.sort()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return (
        f"{entities:,} things with {len(names):,} names: {ready_s:.1f} s of processor time until all is read; a batch "
        f"of ten misspelt names takes {1000 * took[5]:.0f} ms (median of ten), {100 / sum(took):.0f} names a second; "
        f"{memory} MiB in all."
    )


def _misspelt(chance: random.Random, name: str) -> str:
    place = chance.randrange(1, len(name) - 1)
    return name[:place] + name[place + 1 :]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--markdown", type=Path, help="write the report here")
    arguments.add_argument("--show", action="store_true", help="print the rows of the tuning part that went wrong")
    arguments.add_argument(
        "--entities", type=int, default=10_000, help="things of the invented release; 0 leaves it out"
    )
    arguments.add_argument("--labels", type=int, default=10, help="names of each of them")
    options = arguments.parse_args()
    rows = read()
    matching = matcher(release.build(project.read(load(HERE.parent))))
    if options.show:
        found = evaluate(ours(matching, typed=True), [row for row in rows if row.part == "tuning"])
        for title, some in (("wrong", found.wrong), ("missed", found.missed)):
            for row, (match, order) in some:
                print(f"{title}: {row.kind}: {row.query} -> {row.expected}; matched {match}, found {order[:3]}")
    others = [row for row in rows if row.part != "tuning"]
    parts = [_INTRODUCTION, "\n".join(report(rows, matching))]
    parts += ["Ours, with `type`, by kind of row, without the rows for tuning:"]
    parts += ["\n".join(kinds(others, ours(matching, typed=True)))]
    if options.entities:
        parts.append(speed(options.entities, options.labels))
    text = "\n\n".join(parts) + "\n"
    print(text)
    if options.markdown:
        options.markdown.write_text(f"# Reconciliation, as measured\n\n{text}", encoding="utf-8")


if __name__ == "__main__":
    main()
