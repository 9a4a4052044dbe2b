"""Spans. Without a tracer they cost a function call and nothing is imported.

The composition root gives one when telemetry is configured: ``traces.use(otlp.OtlpTracer(...))``. A trace goes on in
another process when ``carrier()`` is stored with the work and ``continued(carrier)`` is entered there. A process
without a tracer passes on the trace that it was given.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import Protocol

Value = str | int | float | bool


class Span(Protocol):
    """One timed piece of work."""

    def note(self, **attributes: Value) -> None:
        """Adds attributes; secrets in them are hidden."""
        ...


class Tracer(Protocol):
    """Where spans go."""

    def span(self, name: str, attributes: Mapping[str, Value]) -> AbstractContextManager[Span]: ...

    def carrier(self) -> dict[str, str]: ...

    def continued(self, carrier: Mapping[str, str]) -> AbstractContextManager[None]: ...

    def close(self) -> None: ...


# Version, trace, span and flags, as W3C writes them; neither id may be all zeros, and version ff is none.
_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_given: ContextVar[str] = ContextVar("overprint_traceparent", default="")


def is_traceparent(text: str) -> bool:
    """Whether this is a W3C trace context."""
    return _TRACEPARENT.fullmatch(text) is not None


class _Nowhere:
    """The span and the tracer of a process without telemetry."""

    def note(self, **attributes: Value) -> None:
        pass

    def span(self, name: str, attributes: Mapping[str, Value]) -> AbstractContextManager[Span]:
        return nullcontext(self)

    def carrier(self) -> dict[str, str]:
        given = _given.get()
        return {"traceparent": given} if given else {}

    @contextmanager
    def continued(self, carrier: Mapping[str, str]) -> Iterator[None]:
        traceparent = carrier.get("traceparent", "")
        token = _given.set(traceparent if is_traceparent(traceparent) else "")
        try:
            yield
        finally:
            _given.reset(token)

    def close(self) -> None:
        pass


_tracer: Tracer = _Nowhere()


def use(tracer: Tracer | None) -> None:
    """From now on spans of this process go to ``tracer``; None stops them. The one before is closed."""
    global _tracer
    before, _tracer = _tracer, tracer or _Nowhere()
    before.close()


def span(name: str, **attributes: Value) -> AbstractContextManager[Span]:
    """A span around a block. An exception that leaves the block marks it as failed."""
    return _tracer.span(name, attributes)


def carrier() -> dict[str, str]:
    """The present trace in a form that can be stored or sent; empty without one."""
    return _tracer.carrier()


def trace_id() -> str:
    """The id of the present trace; empty without one."""
    traceparent = carrier().get("traceparent")
    return traceparent.split("-")[1] if traceparent else ""


def continued(carrier: Mapping[str, str]) -> AbstractContextManager[None]:
    """Spans in the block belong to the trace of ``carrier``; a carrier that makes no sense starts a new trace."""
    return _tracer.continued(carrier)
