"""Logs: one line an event. JSON outside a terminal, in UTC and with the bound ids; short and plain on one.

Our code logs through ``logger()``; uvicorn, Alembic, PgQueuer and SQLAlchemy log through the standard library and come
out in the same form. Secrets are hidden in both (``redact``).
"""

import logging
import os
import sys
from typing import Literal, TextIO

import structlog
from structlog.stdlib import BoundLogger, ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

from overprint.observe import ids, redact, traces
from overprint.observe.lines import ShortLines

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
# What these say of starting and stopping, our commands say to people in words of their own.
_SPOKEN_FOR = {"uvicorn": "WARNING", "uvicorn.error": "WARNING"}


def configure(level: str = "INFO", log_format: LogFormat = "auto", stream: TextIO | None = None) -> None:
    """Sets logging up for the whole process; may be called again. ``stream`` is standard error unless given.

    Start uvicorn with ``log_config=None``, or it puts its own handlers back.
    """
    if level.upper() not in LEVELS:
        raise ValueError(f"{level!r} is no log level; choose one of {', '.join(LEVELS)}.")
    target = sys.stderr if stream is None else stream
    is_human = log_format == "human" or (log_format == "auto" and target.isatty())
    handler = _Lines(target)
    handler.setFormatter(ProcessorFormatter(processors=_last(is_human, target), foreign_pre_chain=_first()))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.captureWarnings(True)
    _calm_libraries(level.upper(), is_human)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_first(), ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=BoundLogger,
        cache_logger_on_first_use=False,
    )


class _Lines(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:
        """A line for which the disk has no room is lost: the library would write why, with a trace each time, over what
        a command says on the screen."""
        if not isinstance(sys.exception(), OSError):
            super().handleError(record)


def logger(name: str) -> BoundLogger:
    """A logger whose lines carry ``name``. Say what happened in words, and the rest as named values."""
    bound_logger: BoundLogger = structlog.stdlib.get_logger(name)
    return bound_logger


def _calm_libraries(level: str, is_human: bool) -> None:
    numbers = logging.getLevelNamesMapping()
    for name, least in (_LIBRARIES | (_SPOKEN_FOR if is_human else {})).items():
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
    return [ProcessorFormatter.remove_processors_meta, ShortLines(has_colours=_takes_colours(target))]


def _takes_colours(target: TextIO) -> bool:
    return target.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


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
