"""Numbers for operators, in the Prometheus text format."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from kg.store.pool import Numbers

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, float("inf"))
_KINDS = frozenset(("sparql", "id", "doc", "graph", "vocab", "ns", "shapes", "source", "queries", "static"))


class Metrics(Collector):
    """What the server counts. A count is an addition; the text is made when somebody asks for it.

    release, triples  of what is served
    pool              asks the query processes how they are doing
    """

    def __init__(self, release: str, triples: int, pool: Callable[[], Numbers]) -> None:
        self._release, self._triples, self._pool = release, triples, pool
        self._requests: Counter[tuple[str, int]] = Counter()
        self._cache: Counter[str] = Counter()
        self._buckets: defaultdict[str, list[int]] = defaultdict(lambda: [0] * len(_BUCKETS))
        self._seconds: Counter[str] = Counter()
        self._broken = 0
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)

    def request(self, path: str, status: int, seconds: float, cache: str) -> None:
        """Count one request."""
        head = path[1:].partition("/")[0].partition(".")[0]
        kind = head if head in _KINDS else "other"
        self._requests[kind, status] += 1
        self._buckets[kind][bisect_left(_BUCKETS, seconds)] += 1
        self._seconds[kind] += seconds  # type: ignore[assignment]
        if cache != "none":
            self._cache[cache] += 1

    def broken_off(self) -> None:
        """Count an answer that ended early."""
        self._broken += 1

    def text(self) -> bytes:
        """All numbers as they are now."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """For the registry."""
        requests = CounterMetricFamily("kg_requests", "Requests answered", labels=("kind", "status"))
        for (kind, status), count in sorted(self._requests.items()):
            requests.add_metric((kind, str(status)), count)
        yield requests
        times = HistogramMetricFamily("kg_request_seconds", "From a request's head to its last byte", labels=("kind",))
        for kind, counts in sorted(self._buckets.items()):
            so_far, buckets = 0, []
            for limit, count in zip(_BUCKETS, list(counts), strict=True):
                so_far += count
                buckets.append(("+Inf" if limit == _BUCKETS[-1] else str(float(limit)), so_far))
            times.add_metric((kind,), buckets, self._seconds[kind])
        yield times
        cache = CounterMetricFamily("kg_response_cache", "Look-ups in the response cache", labels=("outcome",))
        for outcome, count in sorted(self._cache.items()):
            cache.add_metric((outcome,), count)
        yield cache
        yield CounterMetricFamily("kg_answers_broken_off", "Answers that ended before they were whole", self._broken)
        numbers = self._pool()
        deaths = GaugeMetricFamily("kg_worker_deaths", "Query processes that ended", labels=("cause",))
        for cause, count in sorted(numbers.deaths.items()):
            deaths.add_metric((cause,), count)
        yield deaths
        yield GaugeMetricFamily("kg_queries", "Queries evaluated or waiting", numbers.queries)
        yield GaugeMetricFamily("kg_workers", "Query processes alive", numbers.workers)
        release = GaugeMetricFamily("kg_release_info", "The release that is served", labels=("hash",))
        release.add_metric((self._release,), 1)
        yield release
        yield GaugeMetricFamily("kg_triples", "Triples in the default graph", self._triples)
