"""Shapes asked about releases of three sizes: plain pySHACL, ours in full, accelerated, and after a small change.

    python benchmarks/validate.py [--markdown benchmarks/validate.md] [--json figures.json] [--sizes 10000,100000,1000000]

The releases are invented (kg.bench.synthetic), in the shipped ontology and with the shipped shapes; in each, some seventy
triples are wrong. Every way runs in a process of its own, from a file of N-Triples to its results. Plain pySHACL takes
about an hour for the million. Rows that stand in the JSON file already are not measured again.
"""

from __future__ import annotations

import json
import random
import resource
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

ROOT = Path(__file__).resolve().parent.parent
TRIPLES_AN_INSTITUTION = 195
"""Stated ones and those of claims; the ontology has some more."""
ONTOLOGY = 1_900
EACH = 12
"""Triples that are broken, of each kind."""


@dataclass(frozen=True)
class Row:
    """What one way took for one size.

    results  what was found, each once, as a digest; equal digests are equal results
    """

    way: str
    triples: int
    cpu_s: float
    wall_s: float
    peak_mb: int
    found: int
    results: str


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


def plain(folder: Path) -> list[tuple[str, ...]]:
    """pySHACL as it comes, on rdflib's store in memory."""
    import pyshacl
    import rdflib

    data = rdflib.Graph().parse(folder / "data.nt", format="nt")
    shapes = rdflib.Graph().parse(folder / "shapes.nt", format="nt")
    _, results, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True, inference="none")
    sh = rdflib.SH

    def text(result: rdflib.term.Node, predicate: rdflib.URIRef) -> str:
        found = results.value(result, predicate)
        return "" if found is None or isinstance(found, rdflib.BNode) else found.n3()

    wanted = (sh.focusNode, sh.sourceShape, sh.value, sh.sourceConstraintComponent)
    return [tuple(text(r, p) for p in wanted) for r in results.objects(None, sh.result)]


WAYS = {"plain": plain}


def measure(way: str, folder: Path) -> dict[str, object]:
    """Run one way in this process."""
    import hashlib

    began, cpu = time.perf_counter(), time.process_time()
    found = sorted(set(WAYS[way](folder)))
    cpu_s, wall_s = time.process_time() - cpu, time.perf_counter() - began
    digest = hashlib.sha256("\n".join("\t".join(row) for row in found).encode()).hexdigest()[:16]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {
        "cpu_s": round(cpu_s, 2),
        "wall_s": round(wall_s, 2),
        "peak_mb": peak,
        "found": len(found),
        "results": digest,
    }


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]))))
