"""Metrics as Prometheus reads them."""

from prometheus_client.parser import text_string_to_metric_families

from overprint.observe.metrics import SERIES_MAX, Metrics
from overprint.observe.work import CallCount, ScheduleCount, StepCount, TokenCount, Work

WORK = Work(
    jobs={"running": 1},
    depths={"layout": 7},
    steps=(StepCount("books.illustrate@1", "completed", 2, 3.5),),
    calls=(CallCount("openai", "answered", 3, 2_500, 1_000), CallCount("openai", "failed", 1, 0, 0)),
    tokens=(TokenCount("openai", 100, 50),),
    schedules=(ScheduleCount("library.sweep", 1_700_000_000.0, 0.5, 2),),
    paused=("image:openai",),
)


Values = dict[tuple[str, tuple[str, ...]], float]


def values(metrics: Metrics, work: Work | None = None, subscribers: int = 0) -> Values:
    families = text_string_to_metric_families(metrics.render(work, subscribers).decode())
    return {
        (sample.name, tuple(sample.labels.values())): sample.value for family in families for sample in family.samples
    }


def test_what_was_answered_and_what_was_done_can_be_read_back() -> None:
    metrics = Metrics()
    metrics.request_answered(route="/api/jobs/{id}", method="GET", status=200, seconds=0.02)
    found = values(metrics, WORK, subscribers=2)
    assert found["overprint_http_requests_total", ("GET", "/api/jobs/{id}", "200")] == 1
    assert found["overprint_http_request_seconds_sum", ("GET", "/api/jobs/{id}")] == 0.02
    assert found["overprint_jobs", ("running",)] == 1
    assert found["overprint_queue_depth", ("layout",)] == 7
    assert found["overprint_steps", ("books.illustrate@1", "completed")] == 2
    assert found["overprint_step_seconds", ("books.illustrate@1", "completed")] == 3.5
    assert found["overprint_provider_calls", ("openai", "answered")] == 3
    assert found["overprint_provider_calls", ("openai", "failed")] == 1
    assert found["overprint_provider_cost_dollars", ("openai", "answered")] == 0.0025
    assert found["overprint_provider_possible_cost_dollars", ("openai", "answered")] == 0.001
    assert found["overprint_provider_paused", ("image:openai",)] == 1
    assert found["overprint_provider_tokens", ("input", "openai")] == 100
    assert found["overprint_provider_tokens", ("output", "openai")] == 50
    assert found["overprint_schedule_ended_timestamp_seconds", ("library.sweep",)] == 1_700_000_000
    assert found["overprint_schedule_seconds", ("library.sweep",)] == 0.5
    assert found["overprint_schedule_tries", ("library.sweep",)] == 2
    assert found["overprint_event_stream_subscribers", ()] == 2
    assert found["overprint_database_up", ()] == 1


def test_without_the_database_nothing_is_said_of_the_work() -> None:
    found = values(Metrics(), None)
    assert found["overprint_database_up", ()] == 0
    assert not any(name.startswith(("overprint_jobs", "overprint_steps", "overprint_provider")) for name, _ in found)


def test_two_processes_worth_of_metrics_do_not_mix() -> None:
    one, other = Metrics(), Metrics()
    one.request_answered(route="/", method="GET", status=200, seconds=1)
    assert ("overprint_http_requests_total", ("GET", "/", "200")) in values(one)
    assert ("overprint_http_requests_total", ("GET", "/", "200")) not in values(other)


def test_labels_without_end_cannot_fill_the_memory() -> None:
    metrics = Metrics()
    for number in range(SERIES_MAX + 200):
        metrics.request_answered(route=f"/{number}" + "x" * 500, method="GET", status=200, seconds=0.1)
    name = "overprint_http_requests_total"
    found = {labels: value for (of, labels), value in values(metrics).items() if of == name}
    assert len(found) == SERIES_MAX + 1
    assert found["other", "other", "other"] == 200
    assert max(len(route) for _, route, _ in found) == 100
