"""Which variables there are, and where in the settings each belongs."""

import difflib
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic.fields import FieldInfo

from overprint.settings.fields import Settings
from overprint.settings.section import Section

PREFIX = "OVERPRINT_"
CONFIG_VARIABLE = "OVERPRINT_CONFIG"
COLLECTOR_VARIABLE = "OTEL_EXPORTER_OTLP_ENDPOINT"


@dataclass(frozen=True, slots=True)
class Entry:
    """One setting: its variable, its path in the file (``storage.bucket``) and its field."""

    variable: str
    path: tuple[str, ...]
    field: FieldInfo

    @property
    def is_list(self) -> bool:
        return str(self.field.annotation).startswith("tuple[")


@cache
def entries() -> tuple[Entry, ...]:
    """All settings, in the order in which they are declared."""
    return tuple(_entries_of(Settings, ()))


def nearest(name: str, known: list[str]) -> str:
    """`` Did you mean …?``, or nothing when no known name is like it."""
    # The prefix all have in common would make everything look alike.
    short = {full.removeprefix(PREFIX): full for full in known}
    close = difflib.get_close_matches(name[:200].removeprefix(PREFIX), list(short), n=1, cutoff=0.6)
    return f" Did you mean {short[close[0]]}?" if close else ""


def _entries_of(section: type[Section], path: tuple[str, ...]) -> list[Entry]:
    found: list[Entry] = []
    for name, field in section.model_fields.items():
        here = (*path, name)
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            found.extend(_entries_of(field.annotation, here))
        else:
            found.append(Entry(_variable_of(field, here), here, field))
    return found


def _variable_of(field: FieldInfo, path: tuple[str, ...]) -> str:
    extra: Any = field.json_schema_extra
    if isinstance(extra, dict) and "variable" in extra:
        return str(extra["variable"])
    return PREFIX + "_".join(path).upper()
