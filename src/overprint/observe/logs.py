"""Logs: one line an event, JSON outside a terminal and plain on one, always UTC, always with the bound ids.

Our code logs through ``logger()``; uvicorn, Alembic, PgQueuer and SQLAlchemy log through the standard library and come
out in the same form. Secrets are hidden in both (``redact``).
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Literal, TextIO

import structlog
from structlog.stdlib import BoundLogger, ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

from overprint.observe import ids, redact, traces

LogFormat = Literal["auto", "json", "human"]
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

# Libraries that bring handlers of their own, and the least level at which they are heard. SQLAlchemy shows the
# parameters of statements, people's texts among them, from INFO down.
_LIBRARIES = {
    "uvicorn": "DEBUG",
    "uvicorn.access": "DEBUG",
    "uvicorn.error": "DEBUG",
    "alembic": "WARNING",
    "pgqueuer": "DEBUG",
    "sqlalchemy": "WARNING",
    "sqlalchemy.engine": "WARNING",
    "asyncio": "INFO",
    "httpx": "WARNING",
    "httpcore": "WARNING",
    "botocore": "WARNING",
    "opentelemetry": "WARNING",
}
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"}


def configure(level: str = "INFO", log_format: LogFormat = "auto", stream: TextIO | None = None) -> None:
    """Sets logging up for the whole process; may be called again. ``stream`` is standard error unless given.

    Start uvicorn with ``log_config=None``, or it puts its own handlers back.
    """
    if level.upper() not in LEVELS:
        raise ValueError(f"{level!r} is no log level; choose one of {', '.join(LEVELS)}.")
    target = sys.stderr if stream is None else stream
    is_human = log_format == "human" or (log_format == "auto" and target.isatty())
    handler = logging.StreamHandler(target)
    handler.setFormatter(ProcessorFormatter(processors=_last(is_human, target), foreign_pre_chain=_first()))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.captureWarnings(True)
    _calm_libraries(level.upper())
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_first(), ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=BoundLogger,
        cache_logger_on_first_use=False,
    )


def logger(name: str) -> BoundLogger:
    """A logger whose lines carry ``name``. Say what happened in words, and the rest as named values."""
    bound_logger: BoundLogger = structlog.stdlib.get_logger(name)
    return bound_logger


def _calm_libraries(level: str) -> None:
    numbers = logging.getLevelNamesMapping()
    for name, least in _LIBRARIES.items():
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True
        library.setLevel(max(numbers[level], numbers[least]))


def _first() -> list[Processor]:
    """What happens to every record, ours or a library's."""
    return [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        _add_ids,
        _hide_secrets,
    ]


def _last(is_human: bool, target: TextIO) -> list[Processor]:
    if not is_human:
        return [ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer(default=str)]
    console = structlog.dev.ConsoleRenderer(
        colors=target.isatty(), exception_formatter=structlog.dev.plain_traceback, timestamp_key="at"
    )
    return [ProcessorFormatter.remove_processors_meta, _escape_controls, console]


def _add_ids(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    for name, value in ids.current().items():
        event.setdefault(name, value)
    if trace := traces.trace_id():
        event.setdefault("trace_id", trace)
    return event


def _hide_secrets(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Leaves alone what the formatter itself put there (``_record``), and uvicorn's second, coloured message."""
    event.pop("color_message", None)
    kept = {key: value for key, value in event.items() if key.startswith("_")}
    shown = {key: value for key, value in event.items() if not key.startswith("_")}
    return {**redact.clean_mapping(shown), **kept}


def _escape_controls(logger: WrappedLogger, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """No value may move the cursor of the terminal it is shown on, or pretend to be a line of its own."""
    for key, value in event.items():
        if isinstance(value, str):
            safe = value.translate(_CONTROLS)
            event[key] = safe if key in ("exception", "stack") else safe.replace("\n", "\\n")
    return event
