"""Figures of the service for Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)


class Metrics:
    """Counts of one application; `text` is how Prometheus reads them."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "autofacts_requests", "Requests answered.", ("path", "method", "status"), registry=registry
        )
        self._seconds = Histogram(
            "autofacts_request_seconds", "Time to answer.", ("path",), buckets=_SECONDS, registry=registry
        )
        self._articles = Counter("autofacts_articles", "Articles by outcome.", ("verb", "status"), registry=registry)
        self._facts = Counter("autofacts_facts", "Facts found.", registry=registry)
        self.in_progress = Gauge(
            "autofacts_requests_in_progress", "Requests that are worked on or wait.", registry=registry
        )

    def answered(self, path: str, method: str, status: int, seconds: float) -> None:
        """Count a response. `path` must be one of the service's own, lest anybody can make labels."""
        self._requests.labels(path, method, str(status)).inc()
        self._seconds.labels(path).observe(seconds)

    def worked(self, verb: str, status: int, facts: int) -> None:
        """Count what became of an article."""
        self._articles.labels(verb, str(status)).inc()
        self._facts.inc(facts)

    def text(self) -> bytes:
        """All figures in Prometheus' text format, version 0.0.4."""
        return generate_latest(self._registry)
