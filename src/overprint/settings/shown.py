"""The settings in force, for whoever runs the house: where each comes from, and never a secret."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from overprint.settings.catalogue import Entry, entries
from overprint.settings.fields import Settings

GENERAL = "general"


@dataclass(frozen=True, slots=True)
class Shown:
    """One setting: ``value`` is empty where nothing is set, and of a secret always. ``origin``: environment, file,
    start (chosen by the command) or default."""

    variable: str
    section: str
    value: str
    is_secret: bool
    is_set: bool
    origin: str
    meaning: str


def shown(settings: Settings, variables: Mapping[str, str]) -> tuple[Shown, ...]:
    """All of them, in their order. ``variables``: the environment that they were read from."""
    return tuple(_shown(settings, entry, variables) for entry in entries())


def _shown(settings: Settings, entry: Entry, variables: Mapping[str, str]) -> Shown:
    section: Any = settings
    for name in entry.path[:-1]:
        section = getattr(section, name)
    name = entry.path[-1]
    value, is_secret = getattr(section, name), "SecretStr" in str(entry.field.annotation)
    is_secret = is_secret or any(isinstance(part, SecretStr) for part in _parts(value))
    return Shown(
        entry.variable,
        entry.path[0] if len(entry.path) > 1 else GENERAL,
        "" if is_secret else ", ".join(map(_told, _parts(value))),
        is_secret,
        any(part not in (None, "") for part in _parts(value)),
        _origin(entry, name in section.model_fields_set, variables),
        str(entry.field.description),
    )


def _origin(entry: Entry, is_given: bool, variables: Mapping[str, str]) -> str:
    if variables.get(entry.variable, "").strip():
        return "environment"
    if entry.path == ("data_dir",):
        return "start"
    return "file" if is_given else "default"


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple):
        yield from value
    else:
        yield value


def _told(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
