"""Numbers for operators, in the Prometheus text format."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from kg.store.pool import Numbers

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_KINDS = ("sparql", "id", "doc", "graph", "vocab", "ns", "shapes", "source", "queries", "static")


class Metrics:
    """What the server counts.

    release, triples  of what is served
    pool              asks the query processes how they are doing
    """

    def __init__(self, release: str, triples: int, pool: Callable[[], Numbers]) -> None:
        self.registry = CollectorRegistry()
        self._pool = pool
        self._requests = Counter("kg_requests", "Requests answered", ("kind", "status"), registry=self.registry)
        self._seconds = Histogram(
            "kg_request_seconds",
            "From a request's head to its last byte",
            ("kind",),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._cache = Counter(
            "kg_response_cache", "Look-ups in the response cache", ("outcome",), registry=self.registry
        )
        self._broken = Counter(
            "kg_answers_broken_off", "Answers that ended before they were whole", registry=self.registry
        )
        self._worker_deaths = Gauge(
            "kg_worker_deaths", "Query processes that ended", ("cause",), registry=self.registry
        )
        self._queries = Gauge("kg_queries", "Queries evaluated or waiting", registry=self.registry)
        self._workers = Gauge("kg_workers", "Query processes alive", registry=self.registry)
        Gauge("kg_release_info", "The release that is served", ("hash",), registry=self.registry).labels(release).set(1)
        Gauge("kg_triples", "Triples in the default graph", registry=self.registry).set(triples)

    def request(self, path: str, status: int, seconds: float, cache: str) -> None:
        """Count one request."""
        head = path[1:].partition("/")[0].partition(".")[0]
        kind = head if head in _KINDS else "other"
        self._requests.labels(kind, status).inc()
        self._seconds.labels(kind).observe(seconds)
        if cache != "none":
            self._cache.labels(cache).inc()

    def broken_off(self) -> None:
        """Count an answer that ended early."""
        self._broken.inc()

    def text(self) -> bytes:
        """All numbers as they are now."""
        numbers = self._pool()
        self._queries.set(numbers.queries)
        self._workers.set(numbers.workers)
        for cause, count in numbers.deaths.items():
            self._worker_deaths.labels(cause).set(count)
        return generate_latest(self.registry)
