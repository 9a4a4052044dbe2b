"""Metrics as Prometheus reads them."""

from prometheus_client.parser import text_string_to_metric_families

from overprint.observe.metrics import SERIES_MAX, Metrics


def values(metrics: Metrics) -> dict[tuple[str, tuple[str, ...]], float]:
    families = text_string_to_metric_families(metrics.render().decode())
    return {
        (sample.name, tuple(sample.labels.values())): sample.value for family in families for sample in family.samples
    }


def test_what_happened_can_be_read_back() -> None:
    metrics = Metrics()
    metrics.request_answered(route="/api/jobs/{id}", method="GET", status=200, seconds=0.02)
    metrics.step_ended("books.illustrate@1", "completed", 3.5)
    metrics.provider_called("openai", "answered", 1.5, input_tokens=100, output_tokens=50, cost_microdollars=2_500)
    metrics.provider_called("openai", "Busy", 0.1)
    metrics.subscriber_came()
    metrics.subscriber_came()
    metrics.subscriber_left()
    found = values(metrics)
    assert found["overprint_http_requests_total", ("GET", "/api/jobs/{id}", "200")] == 1
    assert found["overprint_http_request_seconds_sum", ("GET", "/api/jobs/{id}")] == 0.02
    assert found["overprint_steps_total", ("books.illustrate@1", "completed")] == 1
    assert found["overprint_step_seconds_sum", ("books.illustrate@1", "completed")] == 3.5
    assert found["overprint_provider_calls_total", ("Busy", "openai")] == 1
    assert found["overprint_provider_tokens_total", ("input", "openai")] == 100
    assert found["overprint_provider_tokens_total", ("output", "openai")] == 50
    assert found["overprint_provider_cost_dollars_total", ("openai",)] == 0.0025
    assert found["overprint_event_stream_subscribers", ()] == 1


def test_states_that_are_not_named_any_more_disappear() -> None:
    metrics = Metrics()
    metrics.set_jobs({"running": 3, "waiting": 1})
    metrics.set_jobs({"running": 1})
    metrics.set_queue_depth({"layout": 7})
    found = values(metrics)
    assert found["overprint_jobs", ("running",)] == 1
    assert ("overprint_jobs", ("waiting",)) not in found
    assert found["overprint_queue_depth", ("layout",)] == 7


def test_two_processes_worth_of_metrics_do_not_mix() -> None:
    one, other = Metrics(), Metrics()
    one.step_ended("a.b@1", "completed", 1)
    assert ("overprint_steps_total", ("a.b@1", "completed")) not in values(other)


def test_labels_without_end_cannot_fill_the_memory() -> None:
    metrics = Metrics()
    for number in range(SERIES_MAX + 200):
        metrics.step_ended(f"kind-{number}" + "x" * 500, "completed", 0.1)
    found = {labels: value for (name, labels), value in values(metrics).items() if name == "overprint_steps_total"}
    assert len(found) == SERIES_MAX + 1
    assert found["other", "other"] == 200
    assert max(len(kind) for kind, _ in found) == 100
