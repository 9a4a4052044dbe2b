"""Named metrics, in the Prometheus text format.

Requests are counted in the process that answers them; jobs, steps and calls are read from the database when somebody
asks (``work``). Label values come from a bounded set (routes, kinds, providers). Should one of a request not, the
series after the first ``SERIES_MAX`` of a metric are counted together as ``other``.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.registry import Collector

from overprint.observe.work import Work

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SERIES_MAX = 500
LABEL_MAX_CHARACTERS = 100
OTHER = "other"

_NAMESPACE = "overprint"
_REQUEST_BUCKETS_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The requests that one process answered, and how to show them with the work. Never raises for a strange label."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._seen: dict[int, dict[tuple[str, ...], Any]] = {}
        ProcessCollector(namespace=_NAMESPACE, registry=self._registry)
        labels = ("route", "method", "status")
        self._requests = Counter(
            "http_requests", "Requests answered.", labels, namespace=_NAMESPACE, registry=self._registry
        )
        self._request_seconds = Histogram(
            "http_request_seconds",
            "Time to the end of the answer.",
            labels[:2],
            buckets=_REQUEST_BUCKETS_SECONDS,
            namespace=_NAMESPACE,
            registry=self._registry,
        )

    def request_answered(self, *, route: str, method: str, status: int, seconds: float) -> None:
        """``route`` is the template (``/api/jobs/{id}``), never the path asked for."""
        self._of(self._requests, route, method, str(status)).inc()
        self._of(self._request_seconds, route, method).observe(seconds)

    def render(self, work: Work | None, subscribers: int) -> bytes:
        """All metrics as Prometheus reads them; serve it as ``CONTENT_TYPE``.

        ``work`` is None when the database does not answer. ``subscribers`` are the open streams of events.
        """
        of_now = CollectorRegistry()
        of_now.register(_Now(work, subscribers))
        return generate_latest(self._registry) + generate_latest(of_now)

    def _of(self, metric: MetricWrapperBase, *values: str) -> Any:
        """The series of these label values, or the common one once there are too many."""
        seen = self._seen.setdefault(id(metric), {})
        series = seen.get(values)
        if series is None:
            labels = tuple(value[:LABEL_MAX_CHARACTERS] for value in values)
            if labels not in seen and len(seen) >= SERIES_MAX:
                labels = (OTHER,) * len(labels)
            series = seen[labels] = metric.labels(*labels)
        return series


class _Now(Collector):
    """What is so at this moment."""

    def __init__(self, work: Work | None, subscribers: int) -> None:
        self._work = work
        self._subscribers = subscribers

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield _gauge("event_stream_subscribers", "Open event streams.", (), [((), self._subscribers)])
        yield _gauge("database_up", "Whether the database answers.", (), [((), self._work is not None)])
        if self._work is not None:
            yield from _gauges(self._work)


def _gauges(work: Work) -> Iterator[GaugeMetricFamily]:
    recent = "of the last day's jobs"
    by_step, by_call = ("kind", "state"), ("provider", "state")
    calls = [((call.provider, call.state), call) for call in work.calls]
    steps = [((step.kind, step.state), step) for step in work.steps]
    yield _gauge("jobs", "Jobs in each state.", ("state",), (((state,), n) for state, n in work.jobs.items()))
    yield _gauge("queue_depth", "Steps that wait.", ("queue",), (((name,), n) for name, n in work.depths.items()))
    yield _gauge("steps", f"Steps {recent}.", by_step, ((labels, step.steps) for labels, step in steps))
    yield _gauge(
        "step_seconds", f"Time that steps {recent} ran.", by_step, ((labels, step.seconds) for labels, step in steps)
    )
    yield _gauge(
        "provider_calls", f"Calls to providers {recent}.", by_call, ((labels, call.calls) for labels, call in calls)
    )
    yield _gauge(
        "provider_cost_dollars",
        f"Cost {recent}, as the providers state it.",
        by_call,
        ((labels, call.cost_microdollars / 1_000_000) for labels, call in calls),
    )
    yield _gauge(
        "provider_possible_cost_dollars",
        f"Cost {recent} that providers may have billed for calls whose answers were lost.",
        by_call,
        ((labels, call.possible_cost_microdollars / 1_000_000) for labels, call in calls),
    )
    yield _gauge(
        "provider_paused",
        "Providers that nobody asks until the operator has mended their settings.",
        ("provider",),
        (((name,), 1) for name in work.paused),
    )
    tokens = [((used.provider, "input"), used.input_tokens) for used in work.tokens]
    tokens += [((used.provider, "output"), used.output_tokens) for used in work.tokens]
    yield _gauge("provider_tokens", f"Tokens {recent}.", ("provider", "direction"), tokens)
    turns = [((turn.name,), turn) for turn in work.schedules]
    for name, meaning, value in (
        ("schedule_ended_timestamp_seconds", "When a schedule's last run ended.", "ended_seconds"),
        ("schedule_seconds", "Time that a schedule's last run took.", "seconds"),
        ("schedule_tries", "Runs of a schedule since the last one that ended well.", "tries"),
    ):
        yield _gauge(name, meaning, ("schedule",), ((labels, getattr(turn, value)) for labels, turn in turns))


def _gauge(
    name: str, meaning: str, labels: tuple[str, ...], values: Iterable[tuple[tuple[str, ...], float]]
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"{_NAMESPACE}_{name}", meaning, labels=labels)
    for series, value in values:
        family.add_metric([label[:LABEL_MAX_CHARACTERS] for label in series], value)
    return family
