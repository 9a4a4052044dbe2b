"""One log event as a short line for people: the time of day, what happened, then what else is known."""

from collections.abc import MutableMapping
from datetime import datetime
from typing import Any

_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"}
_SEPARATORS = str.maketrans("\u2028\u2029", "  ")
_COLOURS = {"warning": "\x1b[33m", "error": "\x1b[31m", "critical": "\x1b[31m"}
_PLAIN = "\x1b[0m"
_FAINT = "\x1b[2m"
# What joins lines to each other is of use to who looks into a failure, and else only makes lines long.
_JOINS = frozenset({"logger", "request_id", "trace_id", "team_id", "step_id", "job_id"})
_BLOCKS = ("exception", "stack")


class ShortLines:
    """The last processor of logs on a terminal. A warning or worse says its level, and all it knows."""

    def __init__(self, *, has_colours: bool) -> None:
        self._has_colours = has_colours

    def __call__(self, logger: object, method: str, event: MutableMapping[str, Any]) -> str:
        level = str(event.pop("level", "info"))
        time, words = _time_of_day(str(event.pop("at", ""))), _words(event)
        blocks = [_safe(str(event.pop(name))) for name in _BLOCKS if event.get(name)]
        is_grave = level not in ("debug", "info")
        rest = " ".join(f"{name}={_flat(event[name])}" for name in event if is_grave or name not in _JOINS)
        begun = f"{self._coloured(level, _COLOURS.get(level, ''))} {words}" if is_grave else words
        line = f"{time} {begun} {self._coloured(rest, _FAINT)}".rstrip()
        return "\n".join([line, *blocks])

    def _coloured(self, text: str, colour: str) -> str:
        return f"{colour}{text}{_PLAIN}" if self._has_colours and colour and text else text


def _words(event: MutableMapping[str, Any]) -> str:
    """What happened. A request is told as who writes servers says it: GET /api/books 200."""
    words = _flat(event.pop("event", ""))
    if words == "request" and {"method", "path", "status"} <= event.keys():
        return " ".join(_flat(event.pop(name)) for name in ("method", "path", "status"))
    return words


def _time_of_day(at: str) -> str:
    """In the time zone of this machine, which is the one on the wall."""
    try:
        return datetime.fromisoformat(at).astimezone().strftime("%H:%M:%S")
    except ValueError:
        return _flat(at)


def _flat(value: Any) -> str:
    return _safe(str(value)).replace("\n", "\\n").translate(_SEPARATORS)


def _safe(text: str) -> str:
    """No value may move the cursor of the terminal it is shown on, or pretend to be a line of its own."""
    return text.translate(_CONTROLS).encode("utf-8", "backslashreplace").decode()
