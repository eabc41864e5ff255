"""How long it takes to infer what follows from a large release, beside owlrl on a small one.

    python benchmarks/inference.py [--institutions 3800] [--peer-institutions 20]

owlrl is quadratic in practice, so it gets a small release, and the ratio is of triples inferred a second.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

import pyoxigraph as ox
import rdflib
from owlrl import DeductiveClosure, RDFS_Semantics

from kg.bench import synthetic
from kg.shacl.terms import to_rdflib
from kg.store import claims, inference, project, release
from kg.words.settings import Settings, load

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--institutions", type=int, default=3_800)
    arguments.add_argument("--peer-institutions", type=int, default=20)
    options = arguments.parse_args()
    rules = project.read(load(ROOT)).rules

    store = release.stated(quads(options.institutions))
    stated = sum(1 for _ in store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    began = time.perf_counter()
    inferred = inference.materialise(store, ox.NamedNode(synthetic.BASE + "graph/inferred"), rules)
    ours_s = time.perf_counter() - began
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

    graph = to_rdflib(quads(options.peer_institutions), rdflib.Graph())
    before = len(graph)
    began = time.perf_counter()
    DeductiveClosure(RDFS_Semantics).expand(graph)
    peer_s = time.perf_counter() - began
    peer_inferred = len(graph) - before

    print("| | stated | inferred | seconds | inferred/s |\n|---|---|---|---|---|")
    print(f"| kg, subclasses to rules | {stated:,} | {inferred:,} | {ours_s:.1f} | {inferred / ours_s:,.0f} |")
    print(f"| owlrl, RDFS | {before:,} | {peer_inferred:,} | {peer_s:.1f} | {peer_inferred / peer_s:,.0f} |")
    ratio = inferred / ours_s / (peer_inferred / peer_s)
    print(f"\nRatio of inferred triples a second: {ratio:.0f}. Peak memory {peak_mb} MB.")


def quads(institutions: int) -> list[ox.Quad]:
    """The shipped ontology and an invented release, claims expanded."""
    with tempfile.TemporaryDirectory() as folder:
        synthetic.write(Path(folder), institutions)
        settings = Settings(root=Path(folder), base=synthetic.BASE)
        found = project.read(settings, ontology=(ROOT / "ontology",))
        return claims.expand(found.documents, settings.base).quads


if __name__ == "__main__":
    main()
