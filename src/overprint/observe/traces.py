"""Spans. Without a tracer they cost a function call and nothing is imported.

The composition root gives one when telemetry is configured: ``traces.use(otlp.OtlpTracer(...))``. A trace goes on in
another process when ``carrier()`` is stored with the work and ``continued(carrier)`` is entered there.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
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


class _Nowhere:
    """The span and the tracer of a process without telemetry."""

    def note(self, **attributes: Value) -> None:
        pass

    def span(self, name: str, attributes: Mapping[str, Value]) -> AbstractContextManager[Span]:
        return nullcontext(self)

    def carrier(self) -> dict[str, str]:
        return {}

    def continued(self, carrier: Mapping[str, str]) -> AbstractContextManager[None]:
        return nullcontext()

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


def continued(carrier: Mapping[str, str]) -> AbstractContextManager[None]:
    """Spans in the block belong to the trace of ``carrier``; a carrier that makes no sense starts a new trace."""
    return _tracer.continued(carrier)
