"""Logs, metrics and traces. Light to import: the heavy parts are in their own modules.

- ``ids``: which request, job, step and team the present task works for; standard library only
- ``redact``: keeps secrets out of everything below; standard library only
- ``logs``: structlog and the standard library's logging, one form for both
- ``metrics``: Prometheus; ``work`` is what it tells from the database
- ``traces``: spans, which cost nothing until a tracer is given; ``otlp`` is that tracer
"""
