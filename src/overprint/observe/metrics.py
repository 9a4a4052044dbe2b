"""Named metrics, in the Prometheus text format, on a registry of our own.

Label values come from a bounded set (routes, kinds, providers). Should one not, the series after the first
``SERIES_MAX`` of a metric are counted together as ``other``.
"""

from collections.abc import Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.metrics import MetricWrapperBase

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SERIES_MAX = 500
LABEL_MAX_CHARACTERS = 100
OTHER = "other"

_REQUEST_BUCKETS_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_STEP_BUCKETS_SECONDS = (0.05, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900, 3600)


class Metrics:
    """Everything that is counted in one process. Methods never raise for a strange label."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._seen: dict[int, set[tuple[str, ...]]] = {}
        ProcessCollector(namespace="overprint", registry=self._registry)
        request_labels = ("route", "method", "status")
        self._requests = self._counter("http_requests", "Requests answered.", request_labels)
        self._request_seconds = self._histogram(
            "http_request_seconds", "Time to the end of the answer.", request_labels[:2], _REQUEST_BUCKETS_SECONDS
        )
        self._jobs = self._gauge("jobs", "Jobs in each state.", ("state",))
        self._steps = self._counter("steps", "Steps ended.", ("kind", "outcome"))
        self._step_seconds = self._histogram(
            "step_seconds", "Running time of a step.", ("kind", "outcome"), _STEP_BUCKETS_SECONDS
        )
        self._calls = self._counter("provider_calls", "Calls to providers.", ("provider", "outcome"))
        self._call_seconds = self._histogram(
            "provider_call_seconds", "Time of a call to a provider.", ("provider",), _STEP_BUCKETS_SECONDS
        )
        self._tokens = self._counter("provider_tokens", "Tokens used.", ("provider", "direction"))
        self._cost = self._counter("provider_cost_dollars", "Cost as the providers state it.", ("provider",))
        self._queue_depth = self._gauge("queue_depth", "Steps that wait.", ("queue",))
        self._subscribers = self._gauge("event_stream_subscribers", "Open event streams.", ())

    def request_answered(self, *, route: str, method: str, status: int, seconds: float) -> None:
        """``route`` is the template (``/api/jobs/{id}``), never the path asked for."""
        self._of(self._requests, route, method, str(status)).inc()
        self._of(self._request_seconds, route, method).observe(seconds)

    def step_ended(self, kind: str, outcome: str, seconds: float) -> None:
        """``outcome`` is completed, failed, cancelled, reused or a failure's kind."""
        self._of(self._steps, kind, outcome).inc()
        self._of(self._step_seconds, kind, outcome).observe(seconds)

    def provider_called(
        self,
        provider: str,
        outcome: str,
        seconds: float,
        *,
        input_tokens: int = 0,
        output_tokens: int = 0,
        cost_microdollars: int = 0,
    ) -> None:
        """``outcome`` is answered, or the name of the provider error."""
        self._of(self._calls, provider, outcome).inc()
        self._of(self._call_seconds, provider).observe(seconds)
        self._of(self._tokens, provider, "input").inc(max(0, input_tokens))
        self._of(self._tokens, provider, "output").inc(max(0, output_tokens))
        self._of(self._cost, provider).inc(max(0, cost_microdollars) / 1_000_000)

    def set_jobs(self, by_state: Mapping[str, int]) -> None:
        """Replaces all states: one that is not named has no jobs."""
        self._replace(self._jobs, by_state)

    def set_queue_depth(self, by_queue: Mapping[str, int]) -> None:
        self._replace(self._queue_depth, by_queue)

    def subscriber_came(self) -> None:
        self._subscribers.inc()

    def subscriber_left(self) -> None:
        self._subscribers.dec()

    def render(self) -> bytes:
        """All metrics as Prometheus reads them; serve it as ``CONTENT_TYPE``."""
        return generate_latest(self._registry)

    def _counter(self, name: str, meaning: str, labels: tuple[str, ...]) -> Counter:
        return Counter(name, meaning, labels, namespace="overprint", registry=self._registry)

    def _gauge(self, name: str, meaning: str, labels: tuple[str, ...]) -> Gauge:
        return Gauge(name, meaning, labels, namespace="overprint", registry=self._registry)

    def _histogram(self, name: str, meaning: str, labels: tuple[str, ...], buckets: tuple[float, ...]) -> Histogram:
        return Histogram(name, meaning, labels, buckets=buckets, namespace="overprint", registry=self._registry)

    def _of(self, metric: MetricWrapperBase, *values: str) -> Any:
        """The series of these label values, or the common one once there are too many."""
        labels = tuple(value[:LABEL_MAX_CHARACTERS] for value in values)
        seen = self._seen.setdefault(id(metric), set())
        if labels not in seen and len(seen) >= SERIES_MAX:
            labels = (OTHER,) * len(labels)
        seen.add(labels)
        return metric.labels(*labels)

    def _replace(self, gauge: Gauge, values: Mapping[str, int]) -> None:
        gauge.clear()
        self._seen.pop(id(gauge), None)
        for label, value in values.items():
            self._of(gauge, label).set(value)
