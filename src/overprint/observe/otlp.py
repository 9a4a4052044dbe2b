"""The tracer that sends spans to an OpenTelemetry collector over HTTP. Importing it takes about 0.2 s."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import context, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from overprint.observe import ids, redact
from overprint.observe.traces import Span, Value

ATTRIBUTE_MAX_CHARACTERS = 1_000
SEND_TIMEOUT_SECONDS = 5.0
CARRIER_KEYS = ("traceparent", "tracestate")
CARRIER_VALUE_MAX_CHARACTERS = 512


class _OtlpSpan:
    def __init__(self, inner: trace.Span) -> None:
        self._inner = inner

    def note(self, **attributes: Value) -> None:
        self._inner.set_attributes(_clean(attributes))


class OtlpTracer:
    """``traces.Tracer`` for a collector at ``endpoint`` (``http://host:4318``). Spans leave in batches from a thread
    of their own; a collector that does not answer loses spans and delays nothing.
    """

    def __init__(self, endpoint: str, *, service: str, environment: str = "local", version: str = "") -> None:
        resource = Resource.create(
            {"service.name": service, "service.version": version, "deployment.environment.name": environment}
        )
        self._provider = TracerProvider(resource=resource)
        exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=SEND_TIMEOUT_SECONDS)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("overprint")
        self._propagator = TraceContextTextMapPropagator()

    @contextmanager
    def span(self, name: str, attributes: Mapping[str, Value]) -> Iterator[Span]:
        with self._tracer.start_as_current_span(
            name,
            attributes=_clean({**ids.current(), **attributes}),
            record_exception=False,
            set_status_on_exception=False,
        ) as inner:
            try:
                yield _OtlpSpan(inner)
            except BaseException as error:
                # Not the exception's trace: it would carry people's texts out of the house.
                inner.set_attribute("error.type", type(error).__name__)
                inner.set_status(StatusCode.ERROR, redact.clean_text(str(error))[:ATTRIBUTE_MAX_CHARACTERS])
                raise

    def carrier(self) -> dict[str, str]:
        found: dict[str, str] = {}
        self._propagator.inject(found)
        return found

    @contextmanager
    def continued(self, carrier: Mapping[str, str]) -> Iterator[None]:
        known = {key: carrier[key] for key in CARRIER_KEYS if len(carrier.get(key, "")) in _CARRIER_LENGTHS}
        token = context.attach(self._propagator.extract(known, context.Context()))
        try:
            yield
        finally:
            context.detach(token)

    def close(self) -> None:
        """Sends what is left, for a few seconds at most."""
        self._provider.shutdown()


_CARRIER_LENGTHS = range(1, CARRIER_VALUE_MAX_CHARACTERS + 1)


def _clean(attributes: Mapping[str, Value]) -> dict[str, Value]:
    cleaned = redact.clean_mapping(attributes)
    return {
        key: value[:ATTRIBUTE_MAX_CHARACTERS] if isinstance(value, str) else value for key, value in cleaned.items()
    }
