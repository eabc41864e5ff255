"""How fast names are found, and how often the right one, among 100,000 labels and in the shipped graph.

    python benchmarks/search.py [--labels 100000] [--seed 7] [--serve]

The labels are invented: institutions named after people with made-up surnames, in Ukrainian, Russian and English. What
is typed is made from them: the beginnings of names letter by letter, and names with one slip of the finger in a word.
--serve also starts `kg serve` on them and measures what a client sees, while the index is built and afterwards.
Times are of one thread: the wall clock's, and the processor's, which tells more on a busy machine.
"""

from __future__ import annotations

import argparse
import http.client
import random
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox

from kg.bench.vocabulary import UKRAINIAN_KINDS, UKRAINIAN_TOWNS
from kg.store import project, release
from kg.store.text.index import Hit, TextIndex
from kg.words.names import SKOS, TYPE
from kg.words.settings import load

ROOT = Path(__file__).resolve().parent.parent
EXPECTED = ROOT / "tests" / "search" / "expected.tsv"
BASE = "https://names.example/"
SYLLABLES = """
    ба бо бу ва ви во га го гри да до дми жу за зо ки ко кри ку ла ле ли лу ма ми мо на ни о па пе по ра ро са се со ста
    те ти то ту фе ха хо це чи ша ще ю я
""".split()  # noqa: SIM905  a table for people
ENDINGS = "енко чук ський ів ко юк шин ець ало ора енюк иленко".split()  # noqa: SIM905
KMU_2010 = "a b v h g d e ie zh z y i i i k l m n o p r s t u f kh ts ch sh shch  iu ia".split(" ")  # noqa: SIM905
LATIN = dict(zip("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя", KMU_2010, strict=True))
RUSSIAN = str.maketrans("іїєґ", "ииег")


@dataclass(frozen=True)
class Thing:
    """An institution with its three names."""

    iri: str
    uk: str
    ru: str
    en: str


def things(count: int, chance: random.Random) -> list[Thing]:
    """So many institutions; some share a name."""
    found = []
    for number in range(count):
        patron = "".join(chance.choices(SYLLABLES, k=chance.randint(1, 3))) + chance.choice(ENDINGS)
        town, kind = chance.choice(UKRAINIAN_TOWNS), chance.choice(UKRAINIAN_KINDS).name
        latin = "".join(LATIN[letter] for letter in patron).capitalize()
        found.append(
            Thing(
                f"{BASE}id/org/{number}",
                f"{town.uk} {kind.uk} імені {patron.capitalize()}",
                f"{town.ru} {kind.ru} имени {patron.translate(RUSSIAN).capitalize()}",
                f"{latin} {town.en} {kind.en}",
            )
        )
    return found


def triples(everything: Iterable[Thing]) -> Iterable[ox.Triple]:
    """The institutions as RDF, each of one of eight classes."""
    for number, thing in enumerate(everything):
        subject = ox.NamedNode(thing.iri)
        yield ox.Triple(subject, ox.NamedNode(TYPE), ox.NamedNode(f"{BASE}ns#Kind{number % 8}"))
        for language in ("uk", "ru", "en"):
            label = ox.Literal(getattr(thing, language), language=language)
            yield ox.Triple(subject, ox.NamedNode(SKOS + "prefLabel"), label)


def slip(word: str, chance: random.Random) -> str:
    """The word with a letter left out, doubled, another, or two that changed places; short words stay."""
    if len(word) < 5:
        return word
    at = chance.randrange(1, len(word) - 2)
    other = chance.choice("aeioknt" if word.isascii() else "аеиокнт")
    return chance.choice((
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + other + word[at + 1 :],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    ))  # fmt: skip


def slipped(name: str, chance: random.Random) -> str:
    """A name with one slip, in one of its words."""
    words = name.split()
    long = [place for place, word in enumerate(words) if len(word) >= 5]
    at = chance.choice(long)
    return " ".join([*words[:at], slip(words[at], chance), *words[at + 1 :]])


def timed(name: str, ask: Callable[[str], object], typed: list[str]) -> None:
    """Print median, 99th percentile and worst of asking for each text, and the processor's 99th percentile."""
    times, worked = [], []
    for text in typed:
        began, working = time.perf_counter(), time.thread_time()
        ask(text)
        times.append((time.perf_counter() - began) * 1000)
        worked.append((time.thread_time() - working) * 1000)
    times.sort()
    worked.sort()
    median, late = times[len(times) // 2], int(len(times) * 0.99)
    print(f"| {name} | {len(times)} | {median:.1f} | {times[late]:.1f} | {times[-1]:.1f} | {worked[late]:.1f} |")


def share(name: str, ask: Callable[[str], Iterable[Hit]], typed: list[tuple[str, str]]) -> None:
    """Print how often the thing meant is the first, and among the first five."""
    found = [([hit.iri for hit in ask(text)], iri) for text, iri in typed]
    at_1, at_5 = (sum(iri in hits[:limit] for hits, iri in found) / len(found) for limit in (1, 5))
    print(f"| {name} | {len(found)} | {at_1:.1%} | {at_5:.1%} |")


def served(everything: list[Thing], typed: list[str]) -> None:
    """Print what a client of `kg serve` sees."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        (Path(folder) / "data").mkdir()
        ox.serialize(triples(everything), Path(folder) / "data" / "names.nt", format=ox.RdfFormat.N_TRIPLES)
        command = [sys.executable, "-m", "kg", "serve", "--root", folder, "--base", BASE, "--port", str(port)]
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            while not answers(client, "/health"):
                time.sleep(0.02)
            print(f"\nServed: first answer after {time.perf_counter() - began:.2f} s.", end=" ")
            worst, ready = 0.0, False
            while not ready:
                asked = time.perf_counter()
                answers(client, "/health")
                worst = max(worst, time.perf_counter() - asked)
                ready = (time.perf_counter() - began) > 2 and answers(client, "/suggest?q=ready")
            print(f"Index after {time.perf_counter() - began:.1f} s; /health within {worst * 1000:.0f} ms meanwhile.\n")
            print("| client | requests | median ms | p99 ms | worst ms | processor p99 ms |\n|---|---|---|---|---|---|")
            timed("/suggest", lambda text: answers(client, f"/suggest?q={quote(text)}"), typed)
        finally:
            process.terminate()
            process.wait()


def answers(client: http.client.HTTPConnection, path: str) -> bool:
    """Whether the server answers with success."""
    try:
        client.request("GET", path)
        response = client.getresponse()
        response.read()
    except (OSError, http.client.HTTPException):
        client.close()
        return False
    return response.status == 200


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--labels", type=int, default=100_000)
    arguments.add_argument("--seed", type=int, default=7)
    arguments.add_argument("--serve", action="store_true")
    options = arguments.parse_args()
    chance = random.Random(options.seed)  # noqa: S311  invented names, no secrets

    everything = things(-(-options.labels // 3), chance)
    store = ox.Store()
    for graph in (ox.DefaultGraph(), ox.NamedNode(f"{BASE}graph/names")):
        store.bulk_extend(ox.Quad(t.subject, t.predicate, t.object, graph) for t in triples(everything))
    index, before = TextIndex(store, BASE), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    index.build()
    built_s, grown = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(f"{options.labels:,} labels: built in {built_s:.1f} s, {grown >> 10} MB.\n")

    some = chance.sample(everything, 100)
    names = [(getattr(thing, chance.choice(("uk", "ru", "en"))), thing.iri) for thing in some]
    typing = [name[:end] for name, _ in names for end in range(1, min(len(name), 25))]
    wrong = [(slipped(name, chance), iri) for name, iri in names]
    print("| in one process | searches | median ms | p99 ms | worst ms | processor p99 ms |\n|---|---|---|---|---|---|")
    timed("suggest, letter by letter", index.suggest, typing)
    timed("suggest, with a slip", index.suggest, [text for text, _ in wrong])
    timed("search, names", index.search, [name for name, _ in names])
    timed("search, with a slip", index.search, [text for text, _ in wrong])
    timed("search, a word of every third name", index.search, ["лікарня", "больница", "hospital"])
    timed("candidates, with a slip", index.candidates, [text for text, _ in wrong])

    print("\n| found | searches | first | in the first five |\n|---|---|---|---|")
    share("invented names", lambda text: index.search(text, limit=5).hits, names)
    share("with a slip", lambda text: index.search(text, limit=5).hits, wrong)
    shipped = release.build(project.read(load(ROOT)))
    rows = [line.split("\t") for line in EXPECTED.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    real = TextIndex.of(shipped)
    asked = [(text, f"{shipped.settings.base}id/{thing}") for text, thing, _ in rows]
    share("shipped graph, tests/search/expected.tsv", lambda text: real.search(text, limit=5).hits, asked)
    share("the same, suggest", lambda text: real.suggest(text, limit=5), asked)
    if options.serve:
        served(everything, typing)


if __name__ == "__main__":
    main()
