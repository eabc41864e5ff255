"""What a query costs on Oxigraph and on columns, in this process: the mix of `kg bench`, and some that scan everything.

    python benchmarks/columns.py [--institutions 3800] [--seconds 5]

Both hold the same triples, are asked the same by turns, and must give as many rows. Times are of the processor, of each
query the least of all its repetitions; the table shows the mean over queries with different constants.
"""

from __future__ import annotations

import argparse
import io
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from kg.bench import mix
from kg.bench.dataset import Dataset, make
from kg.store.columns.columns import Columns
from kg.store.evaluate import Evaluator
from kg.store.operation import Operation
from kg.store.pool import memory
from kg.words.formats import N_TRIPLES, RESULTS_JSON, Format

ROOT = Path(__file__).resolve().parent.parent
EVERYTHING = {
    "count": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "predicates": "SELECT ?p (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY DESC(?n)",
    "distinct": "SELECT DISTINCT ?p { ?s ?p ?o }",
    "sort": "SELECT ?s ?o { ?s ?p ?o FILTER ISNUMERIC(?o) } ORDER BY DESC(?o) LIMIT 100",
    "any-case": 'SELECT ?s ?o { ?s ?p ?o FILTER CONTAINS(LCASE(STR(?o)), "hospital") }',
    "all-rows": "SELECT * { ?s ?p ?o }",
}
VARIANTS = {"export-json": 2, "export-csv": 2}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--institutions", type=int, default=3_800)
    arguments.add_argument("--seconds", type=float, default=5, help="a query is repeated for about so long")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        dataset = make(ROOT, options.institutions, Path(folder))
        store = ox.Store()
        store.bulk_load(path=str(dataset.file), format=ox.RdfFormat.N_TRIPLES)
        before_mb = held_mb()
        began = time.process_time()
        columns = Columns.of(store)
        assert columns is not None
        built_s = time.process_time() - began
        print(f"{dataset.triples:,} triples; columns: {built_s:.1f} s of the processor, {held_mb() - before_mb} MB\n")
        print("| query | rows | Oxigraph, ms | columns, ms | × |\n|---|---:|---:|---:|---:|")
        evaluator = Evaluator(store, "https://w3id.org/health-solidarity/", store)
        for name, format_, texts in questions(dataset):
            theirs, ours, rows = measured(evaluator, columns, texts, format_, options.seconds)
            taken = f"{theirs / ours:.1f}" if rows is not None else "declined"
            print(
                f"| {name} | {'' if rows is None else f'{rows:,}'} | {theirs:.3f} | {ours:.3f} | {taken} |", flush=True
            )


def questions(dataset: Dataset) -> Iterator[tuple[str, Format, list[str]]]:
    """Each query with its variants."""
    for query in mix.queries():
        yield query.name, query.format, [query.text(dataset, n) for n in range(VARIANTS.get(query.name, 20))]
    for name, text in EVERYTHING.items():
        yield name, RESULTS_JSON, [text]


def measured(
    evaluator: Evaluator, columns: Columns, texts: list[str], format_: Format, seconds: float
) -> tuple[float, float, int | None]:
    """Milliseconds of both, and how many rows the last variant has; of columns that decline, what deciding costs."""
    least = [[float("inf")] * len(texts) for _ in range(2)]
    rows = None
    deadline = time.monotonic() + seconds
    while rows is None or time.monotonic() < deadline:
        for place, text in enumerate(texts):
            began = time.process_time()
            expected = io.BytesIO()
            graph = format_ is N_TRIPLES
            evaluator.evaluate(Operation(text, None if graph else format_, format_ if graph else None))[1](expected)
            middle = time.process_time()
            write = None if graph else columns.answer(text, format_)
            found = io.BytesIO()
            if write is not None:
                write(found)
            for side, took in enumerate((middle - began, time.process_time() - middle)):
                least[side][place] = min(least[side][place], took)
            if write is None:
                rows = -1
            elif rows is None:
                rows = mix.rows(format_, found.getvalue())
                assert rows == mix.rows(format_, expected.getvalue()), text
    means = [1000 * sum(side) / len(side) for side in least]
    return means[0], means[1], None if rows < 0 else rows


def held_mb() -> int:
    """Memory of this process."""
    memory.give_back_now()
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) // 1024


if __name__ == "__main__":
    main()
