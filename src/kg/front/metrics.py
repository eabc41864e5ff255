"""Numbers for operators, in the Prometheus text format."""

from __future__ import annotations

import marshal
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from kg.store.pool import Numbers

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, float("inf"))
_KINDS = frozenset(("sparql", "id", "doc", "graph", "vocab", "ns", "shapes", "source", "queries", "static"))


class Counts:
    """What a process has answered. A count is an addition.

    requests  by kind and status
    times     by kind and the number of their bucket
    seconds   of all of a kind
    cache     look-ups in the response cache, by outcome
    broken    answers that ended early
    """

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, int]] = Counter()
        self.times: Counter[tuple[str, int]] = Counter()
        self.seconds: Counter[str] = Counter()
        self.cache: Counter[str] = Counter()
        self.broken = 0

    def request(self, path: str, status: int, seconds: float, cache: str) -> None:
        """Count one request."""
        head = path[1:].partition("/")[0].partition(".")[0]
        kind = head if head in _KINDS else "other"
        self.requests[kind, status] += 1
        self.times[kind, bisect_left(_BUCKETS, seconds)] += 1
        self.seconds[kind] += seconds  # type: ignore[assignment]
        if cache != "none":
            self.cache[cache] += 1

    def packed(self) -> bytes:
        """All of them, for another process that was forked from the same one."""
        return marshal.dumps(([dict(counter) for counter in self._counters], self.broken))

    def add(self, packed: bytes) -> None:
        """Add those of another process."""
        counters, broken = marshal.loads(packed)  # noqa: S302  see above
        for counter, others in zip(self._counters, counters, strict=True):
            counter.update(others)
        self.broken += broken

    @property
    def _counters(self) -> tuple[Counter[Any], ...]:
        return self.requests, self.times, self.seconds, self.cache


class Metrics(Collector):
    """The numbers of the whole server. Their text is made when somebody asks for it.

    release, triples  of what is served
    own               what this process has answered
    pool              asks the query processes how they are doing
    beside            what each of the processes beside this one has answered, packed
    """

    def __init__(
        self,
        release: str,
        triples: int,
        pool: Callable[[], Numbers],
        beside: Callable[[], Iterable[bytes]] = tuple,
    ) -> None:
        self._release, self._triples, self._pool, self._beside = release, triples, pool, beside
        self.own = Counts()
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)

    def text(self) -> bytes:
        """All numbers as they are now."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """For the registry."""
        counts = Counts()
        for packed in (self.own.packed(), *self._beside()):
            counts.add(packed)
        requests = CounterMetricFamily("kg_requests", "Requests answered", labels=("kind", "status"))
        for (kind, status), count in sorted(counts.requests.items()):
            requests.add_metric((kind, str(status)), count)
        yield requests
        times = HistogramMetricFamily("kg_request_seconds", "From a request's head to its last byte", labels=("kind",))
        for kind, seconds in sorted(counts.seconds.items()):
            limits = ["+Inf" if limit == _BUCKETS[-1] else str(float(limit)) for limit in _BUCKETS]
            so_far = accumulate(counts.times[kind, number] for number in range(len(_BUCKETS)))
            times.add_metric((kind,), list(zip(limits, so_far, strict=True)), seconds)
        yield times
        cache = CounterMetricFamily("kg_response_cache", "Look-ups in the response cache", labels=("outcome",))
        for outcome, count in sorted(counts.cache.items()):
            cache.add_metric((outcome,), count)
        yield cache
        yield CounterMetricFamily("kg_answers_broken_off", "Answers that ended before they were whole", counts.broken)
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
