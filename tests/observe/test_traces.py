"""Spans reach a collector when there is one, and cost nothing when there is none."""

import gzip
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from overprint.observe import ids, traces
from overprint.observe.otlp import OtlpTracer


class Collector:
    """A local server that takes spans as the OpenTelemetry protocol describes."""

    def __init__(self) -> None:
        self.spans: list[Any] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                request = ExportTraceServiceRequest.FromString(body)
                for resource in request.resource_spans:
                    for scope in resource.scope_spans:
                        collector.spans.extend(scope.spans)
                self.send_response(200 if self.path == "/v1/traces" else 404)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def named(self, name: str) -> Any:
        (found,) = (span for span in self.spans if span.name == name)
        return found


@pytest.fixture
def collector() -> Iterator[Collector]:
    collector = Collector()
    yield collector
    traces.use(None)
    collector.server.shutdown()
    collector.server.server_close()


def attributes_of(span: Any) -> dict[str, str]:
    return {attribute.key: attribute.value.string_value for attribute in span.attributes}


def test_spans_nest_carry_ids_and_hide_secrets(collector: Collector) -> None:
    traces.use(OtlpTracer(collector.endpoint, service="overprint-test"))
    with ids.bound(job_id="j1"), traces.span("job"), traces.span("step", kind="books.illustrate@1") as step:
        step.note(address="https://u:hush@h/", api_key="hush")
    traces.use(None)
    job, step_span = collector.named("job"), collector.named("step")
    assert step_span.parent_span_id == job.span_id
    assert attributes_of(step_span)["kind"] == "books.illustrate@1"
    assert attributes_of(step_span)["job_id"] == "j1"
    assert "hush" not in str(step_span)


def test_a_failed_block_marks_its_span_without_the_trace(collector: Collector) -> None:
    traces.use(OtlpTracer(collector.endpoint, service="overprint-test"))
    with pytest.raises(ValueError, match="premise"), traces.span("step"):
        raise ValueError("premise too long, token=hush")
    traces.use(None)
    span = collector.named("step")
    assert span.status.code == 2
    assert attributes_of(span)["error.type"] == "ValueError"
    assert "hush" not in str(span)
    assert not span.events


def test_a_trace_goes_on_in_another_process(collector: Collector) -> None:
    traces.use(OtlpTracer(collector.endpoint, service="overprint-test"))
    with traces.span("submit"):
        carrier = traces.carrier()
    with traces.continued(carrier), traces.span("work"):
        pass
    for nonsense in ({}, {"traceparent": "00-zz"}, {"traceparent": "0" * 10_000}, {"other": "1"}):
        with traces.continued(nonsense), traces.span("alone"):
            pass
    traces.use(None)
    submit, work = collector.named("submit"), collector.named("work")
    assert (work.trace_id, work.parent_span_id) == (submit.trace_id, submit.span_id)
    assert all(not span.parent_span_id for span in collector.spans if span.name == "alone")


def test_a_collector_that_is_away_delays_nothing() -> None:
    traces.use(OtlpTracer("http://127.0.0.1:9", service="overprint-test"))
    began = time.monotonic()
    with traces.span("step"):
        pass
    assert time.monotonic() - began < 3
    traces.use(None)
    assert time.monotonic() - began < 20


def test_without_a_tracer_spans_do_nothing() -> None:
    with traces.span("step", kind="a") as span, traces.continued({"traceparent": "x"}):
        span.note(more=1)
        assert traces.carrier() == {}


def test_importing_observe_and_traces_loads_nothing_heavy() -> None:
    heavy = ("structlog", "prometheus_client", "opentelemetry", "asyncio")
    program = (
        "import sys, overprint.observe, overprint.observe.ids, overprint.observe.traces, overprint.observe.redact\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    assert answer.stdout.strip() == "[]"
