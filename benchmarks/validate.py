"""Shapes asked about releases of three sizes: by plain pySHACL, by ours in full, accelerated, and after small changes.

    python benchmarks/validate.py [--json figures.json] [--markdown benchmarks/validate.md] [--sizes 10000,100000]

The releases are invented (kg.bench.synthetic), in the shipped ontology and with the shipped shapes; in each, some
seventy triples are wrong. Every way runs in a process of its own, from a file of N-Triples to its results. Plain
pySHACL takes about an hour for the million. Rows that stand in the JSON file already are not measured again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.bench.machine import this

if TYPE_CHECKING:
    from kg.shacl.results import Told
    from kg.shacl.validator import Validator

ROOT = Path(__file__).resolve().parent.parent
TRIPLES_AN_INSTITUTION = 195
"""Stated ones and those of claims; the ontology has some more."""
ONTOLOGY = 1_900
EACH = 12
"""Triples that are broken, of each kind."""
CHANGES = 50
_INTRODUCTION = """\
`python benchmarks/validate.py` makes invented releases in the shipped ontology, with some seventy wrong triples each,
and asks the shipped shapes about them. CPU and wall are seconds from a file of N-Triples to the results, loading
included; peak is the largest resident memory of the process. Results are compared by focus node, shape, value and
constraint component. A change takes ten triples away and adds ten, of twenty things; what the shapes would say is known
before it is made. Its row has the time for loading all and for fifty changes; the last column has the time of one."""


def prepare(folder: Path, triples: int) -> None:
    """An invented release with mistakes as `data.nt` and the shipped shapes as `shapes.nt`, the same in every run."""
    from kg.bench import synthetic
    from kg.store import claims, project
    from kg.words.settings import Settings

    with tempfile.TemporaryDirectory() as written:
        synthetic.write(Path(written), max(1, (triples - ONTOLOGY) // TRIPLES_AN_INSTITUTION))
        for name in ("ontology", "shapes"):
            shutil.copytree(ROOT / name, Path(written) / name)
        found = project.read(Settings(root=Path(written), base=synthetic.BASE))
        quads = claims.expand(found.documents, synthetic.BASE).quads
    shapes_graph = ox.NamedNode(synthetic.BASE + "graph/shapes")
    data = sorted({ox.Triple(q.subject, q.predicate, q.object) for q in quads if q.graph_name != shapes_graph}, key=str)
    shapes = sorted(
        {ox.Triple(q.subject, q.predicate, q.object) for q in quads if q.graph_name == shapes_graph}, key=str
    )
    for name, some in (("data.nt", _broken(data)), ("shapes.nt", shapes)):
        (folder / name).write_text("".join(f"{t} .\n" for t in some), encoding="utf-8")


def _broken(data: list[ox.Triple]) -> Iterator[ox.Triple]:
    """Some triples are missing, some have another value, some are there twice with different values."""
    from kg.words.names import HS, NIF, SKOS

    chance = random.Random(1)  # noqa: S311  not for secrets
    by_predicate = defaultdict(list)
    for triple in data:
        by_predicate[triple.predicate.value].append(triple)
    gone: set[ox.Triple] = set()
    more: list[ox.Triple] = []

    def some(predicate: str) -> list[ox.Triple]:
        return chance.sample(by_predicate[predicate], min(EACH, len(by_predicate[predicate])))

    for name in ("ukrainianParty", "inCountry", "statedNumber"):
        gone.update(some(HS + name))
    for triple in some(HS + "ukrainianParty"):
        other = chance.choice(by_predicate[HS + "ukrainianParty"]).object
        more.append(ox.Triple(triple.subject, triple.predicate, other))
    for triple in some(SKOS + "prefLabel"):
        name = ox.Literal(triple.object.value + " x", language=triple.object.language)
        more.append(ox.Triple(triple.subject, triple.predicate, name))
    for triple in some(NIF + "endIndex"):
        gone.add(triple)
        more.append(ox.Triple(triple.subject, triple.predicate, ox.Literal("7", datatype=triple.object.datatype)))
    yield from (t for t in data if t not in gone)
    yield from more


def plain(folder: Path) -> Figures:
    """pySHACL as it comes, on rdflib's store in memory."""
    import pyshacl
    import rdflib

    data = rdflib.Graph().parse(folder / "data.nt", format="nt")
    shapes = rdflib.Graph().parse(folder / "shapes.nt", format="nt")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True, inference="none")
    sh = rdflib.SH
    wanted = (sh.focusNode, sh.sourceShape, sh.value, sh.sourceConstraintComponent)
    return _results([report.value(r, p) for p in wanted] for r in report.objects(None, sh.result))


def full(folder: Path) -> Figures:
    """`kg validate`."""
    return _told(_validator(folder).everything())


def accelerated(folder: Path) -> Figures:
    """`kg validate --engine shacl`."""
    from kg.shacl import engines

    return _told(engines.everything(_validator(folder), "shacl")[0])


def change(folder: Path) -> Figures:
    """Changes of twenty triples of twenty things, each checked before it would be made, once all is loaded."""
    from kg.store.triples import Change

    validator = _validator(folder)
    began = time.process_time()
    validator.check(Change())
    chance = random.Random(2)  # noqa: S311  not for secrets
    alike: dict[ox.NamedNode, list[ox.Triple]] = defaultdict(list)
    for triple in validator.triples:
        if triple.predicate.value.startswith("https://"):
            alike[triple.predicate].append(triple)
    every = [t for some in alike.values() for t in some]
    took, found = [], 0
    for _ in range(CHANGES):
        gone = chance.sample(every, 20)
        others = [chance.choice(alike[t.predicate]) for t in gone[:10]]
        added = [ox.Triple(t.subject, t.predicate, o.object) for t, o in zip(gone[:10], others, strict=True)]
        began = time.process_time()
        verdict = validator.check(Change(frozenset(added), frozenset(gone[:10])))
        took.append(1000 * (time.process_time() - began))
        found += len(verdict.results)
    took.sort()
    return {"found": found, "median_ms": round(took[CHANGES // 2], 1), "worst_ms": round(took[-1], 1)}


Figures = dict[str, Any]
WAYS = {
    "plain": ("plain pySHACL", plain), "full": ("ours, in full", full),
    "accelerated": ("ours, `--engine shacl`", accelerated), "change": ("ours, a change of 20 triples", change),
}  # fmt: skip


def _validator(folder: Path) -> Validator:
    from kg.shacl.validator import Validator
    from kg.store.triples import Triples

    def quads(name: str) -> Iterator[ox.Quad]:
        triples = ox.parse(path=str(folder / name), format=ox.RdfFormat.N_TRIPLES)
        return (ox.Quad(t.subject, t.predicate, t.object) for t in triples)

    return Validator(Triples(quads("data.nt")), quads("shapes.nt"))


def _told(results: Iterable[Told]) -> Figures:
    return _results([t.focus, t.shape, t.value, t.component] for t in results)


def _results(rows: Iterable[list[Any]]) -> Figures:
    """How many there are, each once, and a digest of them: equal digests are equal results."""
    import rdflib

    shown = {"\t".join("" if n is None or isinstance(n, rdflib.BNode) else n.n3() for n in row) for row in rows}
    return {"found": len(shown), "results": hashlib.sha256("\n".join(sorted(shown)).encode()).hexdigest()[:16]}


def measure(way: str, folder: Path) -> Figures:
    """Run one way in this process."""
    began, cpu = time.perf_counter(), time.process_time()
    found = WAYS[way][1](folder)
    took = {"cpu_s": round(time.process_time() - cpu, 1), "wall_s": round(time.perf_counter() - began, 1)}
    # not getrusage: that remembers what the process was before it was this program
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines() if ":" in line)
    return took | {"peak_mb": int(status["VmHWM"].split()[0]) // 1024} | found


def report(rows: dict[str, Figures], sizes: list[int]) -> Iterator[str]:
    """The table, in Markdown."""
    for size in sizes:
        base = rows.get(f"plain {size}", {})
        yield f"## {size:,} triples\n"
        yield "| way | CPU s | wall s | CPU, plain / this | peak MB | results | |"
        yield "|---|--:|--:|--:|--:|--:|---|"
        for way, (name, _) in WAYS.items():
            row = rows.get(f"{way} {size}")
            if row is None:
                yield f"| {name} | not measured | | | | | |"
                continue
            ratio = f"{base['cpu_s'] / row['cpu_s']:.1f}" if base and way != "change" else ""
            same = (
                ""
                if not base or "results" not in row
                else "the same"
                if row["results"] == base["results"]
                else "others"
            )
            if way == "change":
                same = f"median {row['median_ms']} ms, at worst {row['worst_ms']} ms of CPU a change, of {CHANGES}"
            yield (
                f"| {name} | {row['cpu_s']:,} | {row['wall_s']:,} | {ratio} | {row['peak_mb']:,} | {row['found']:,} "
                f"| {same if way != 'plain' else ''} |"
            )
        yield ""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--sizes", default="10000,100000,1000000", help="triples, separated by commas")
    arguments.add_argument("--ways", default=",".join(WAYS), help="of the table, separated by commas")
    arguments.add_argument("--json", type=Path, help="keep the figures here, and measure only what is not there yet")
    arguments.add_argument("--markdown", type=Path, help="write the report here")
    arguments.add_argument("--one", nargs=2, metavar=("WAY", "FOLDER"), help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.one:
        print(json.dumps(measure(options.one[0], Path(options.one[1]))))
        return
    sizes = [int(size) for size in options.sizes.split(",")]
    rows = json.loads(options.json.read_text()) if options.json and options.json.exists() else {}
    for size in sizes:
        wanted = [way for way in options.ways.split(",") if f"{way} {size}" not in rows]
        with tempfile.TemporaryDirectory() as folder:
            if wanted:
                prepare(Path(folder), size)
            for way in wanted:
                command = [sys.executable, __file__, "--one", way, folder]
                done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
                rows[f"{way} {size}"] = json.loads(done.stdout)
                if options.json:
                    options.json.write_text(json.dumps(rows, indent=2) + "\n")
    machine = this()
    about = (
        f"{machine.processor}, {machine.cores} cores, {machine.memory_gb} GB, {machine.system}, Python {machine.python}"
    )
    text = "\n".join(report(rows, sizes)).rstrip() + f"\n\n{about}\n"
    print(text)
    if options.markdown:
        options.markdown.write_text(f"# Shapes, as measured\n\n{_INTRODUCTION}\n\n{text}", encoding="utf-8")


if __name__ == "__main__":
    main()
