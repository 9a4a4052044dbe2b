"""Reads the settings: defaults, then one TOML file, then the environment, which wins.

The file is the one ``OVERPRINT_CONFIG`` names, else ``overprint.toml`` in the data folder. Unknown names in either are
errors, because a setting that is silently not applied is worse. Errors never show a value.
"""

import os
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from overprint.core.problems import Conflict, Invalid
from overprint.settings.catalogue import COLLECTOR_VARIABLE, CONFIG_VARIABLE, PREFIX, entries, nearest
from overprint.settings.fields import Environment, Settings

FILE_NAME = "overprint.toml"
FILE_MAX_BYTES = 1_000_000
MARKER_NAME = "ENVIRONMENT"
_OURS = frozenset({MARKER_NAME, "VERSION", "SCRATCH", "overprint", "pg", "objects", "secrets", "run", "lost+found"})
"""What a data folder may hold before it is marked, extensions left out."""

_ADVICE = "All settings are listed in docs/settings.md."
_ERRORS_SHOWN_MAX = 5

Values = dict[str, Any]


def load(data_dir: Path | None = None, env: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. ``data_dir`` (``--data``) wins over everything, ``env`` replaces ``os.environ``.

    Raises ``Invalid`` for what cannot be used, ``Conflict`` for a data folder of another environment.
    """
    variables = {name: value.strip() for name, value in (os.environ if env is None else env).items() if value.strip()}
    _refuse_unknown_variables(variables)
    given = _values_of(variables)
    if data_dir is not None:
        given["data_dir"] = str(data_dir)
    settings = _validated(_with_file(given, variables))
    _refuse_foreign_data(settings)
    return settings


def claim_data_dir(settings: Settings) -> None:
    """Makes the data folder, for its owner only, and marks it as this environment's. Raises ``Conflict``, OSError.

    A folder that holds something else, somebody's documents or a part of the system, is not made one of ours.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    marker = settings.data_dir / MARKER_NAME
    if not marker.exists():
        _refuse_used(settings.data_dir)
        draft = marker.with_name(f"{MARKER_NAME}.{os.getpid()}")
        draft.write_text(f"{settings.environment}\n")
        try:
            with suppress(FileExistsError):
                # A link appears whole or not at all, and never replaces what another process wrote first.
                os.link(draft, marker)
        finally:
            draft.unlink()
    _refuse_foreign_data(settings)


def _refuse_used(folder: Path) -> None:
    foreign = sorted(path.name for path in folder.iterdir() if path.name.partition(".")[0] not in _OURS)
    if foreign:
        raise Conflict(
            f"{folder} is no data folder of Overprint: it holds {foreign[0][:80]!r}.",
            "Choose an empty folder, or a new one, with --data.",
        )


def default_data_dir(environment: str, variables: Mapping[str, str]) -> Path:
    """The user's own data folder (XDG), one for each environment."""
    home = Path(variables.get("HOME") or Path.home())
    base = Path(variables.get("XDG_DATA_HOME", ""))
    base = base if base.is_absolute() else home / ".local" / "share"
    return base / ("overprint" if environment == Environment.LOCAL else f"overprint-{environment}")


def _with_file(given: Values, variables: Mapping[str, str]) -> Values:
    """``given`` on top of what the file says, with the data folder decided."""
    if named := variables.get(CONFIG_VARIABLE):
        return _with_data_dir(_merged(_read_file(Path(named).expanduser()), given), variables)
    placed = _with_data_dir(given, variables)
    file = Path(placed["data_dir"]) / FILE_NAME
    if not file.exists():
        return placed
    said = _read_file(file)
    # The file was found through these two: it cannot change them.
    fixed = ["data_dir"] if "data_dir" in given else ["data_dir", "environment"]
    for name in fixed:
        if name in said:
            raise Invalid(
                f"{file} cannot set {name}, because it was found through it.",
                f"Set it in the environment, or name the file in {CONFIG_VARIABLE}.",
                field=name,
            )
    return _merged(said, placed)


def _with_data_dir(values: Values, variables: Mapping[str, str]) -> Values:
    chosen = values.get("data_dir")
    environment = str(values.get("environment", Environment.LOCAL))
    if chosen is None and environment not in list(Environment):
        raise Invalid(f"OVERPRINT_ENVIRONMENT must be one of {', '.join(Environment)}.", field="OVERPRINT_ENVIRONMENT")
    if "\0" in str(chosen):
        raise Invalid("The data folder's name cannot be used.", field="OVERPRINT_DATA")
    folder = default_data_dir(environment, variables) if chosen is None else Path(str(chosen)).expanduser()
    return {**values, "data_dir": str(folder.absolute())}


def _refuse_unknown_variables(variables: Mapping[str, str]) -> None:
    known = [CONFIG_VARIABLE, *(entry.variable for entry in entries())]
    for name in sorted(variables):
        if name.startswith(PREFIX) and name not in known:
            raise Invalid(f"There is no setting {name[:100]}.{nearest(name, known)}", _ADVICE, field=name[:100])


def _values_of(variables: Mapping[str, str]) -> Values:
    """What the environment sets, nested as in the file."""
    values: Values = {}
    if collector := variables.get(COLLECTOR_VARIABLE):
        values["telemetry"] = {"endpoint": collector}
    for entry in entries():
        if (text := variables.get(entry.variable)) is None:
            continue
        *sections, name = entry.path
        place = values
        for section in sections:
            place = place.setdefault(section, {})
        place[name] = [part.strip() for part in text.split(",") if part.strip()] if entry.is_list else text
    return values


def _read_file(file: Path) -> Values:
    try:
        if file.stat().st_size > FILE_MAX_BYTES:
            raise Invalid(f"The settings file {file} is larger than {FILE_MAX_BYTES} bytes.")
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Invalid(f"The settings file {file} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise Invalid(f"The settings file {file} is not sound TOML: {str(error)[:200]}.") from None


def _merged(below: Values, above: Values) -> Values:
    merged = dict(below)
    for name, value in above.items():
        if not isinstance(value, dict):
            merged[name] = value
        elif isinstance(under := merged.get(name, {}), dict):
            # What the file has instead of a table stays, to be refused with the rest.
            merged[name] = _merged(under, value)
    return merged


def _validated(values: Values) -> Settings:
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=False, include_input=False)
    # Outside the handler: the error's own text must not follow this one into a log.
    said = [_said(problem["type"], problem["loc"], problem["msg"]) for problem in problems]
    first = problems[0]["loc"]
    raise Invalid(" ".join(said[:_ERRORS_SHOWN_MAX]), _ADVICE, field=_variable_at(first) or ".".join(map(str, first)))


def _said(kind: str, place: tuple[int | str, ...], message: str) -> str:
    """One thing that is wrong, in a sentence."""
    path = ".".join(map(str, place))[:100]
    if kind == "extra_forbidden":
        return f"There is no setting {path!r} in the file.{nearest(path, ['.'.join(e.path) for e in entries()])}"
    if kind == "model_type":
        return f"{path!r} in the file must be a table: a line [{path}], and its settings below."
    reason = message.removeprefix("Value error, ").rstrip(".")
    variable = _variable_at(place)
    if variable is None:
        return f"{reason[:1].upper()}{reason[1:]}."
    return f"{variable} cannot be used: {reason[:1].lower()}{reason[1:]}."


def _variable_at(place: tuple[int | str, ...]) -> str | None:
    """The variable of the setting at or above ``place``."""
    return next((entry.variable for entry in entries() if place[: len(entry.path)] == entry.path), None)


def _refuse_foreign_data(settings: Settings) -> None:
    try:
        owner = (settings.data_dir / MARKER_NAME).read_text(errors="replace")[:50].strip()
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return
    if owner != settings.environment:
        raise Conflict(
            f"The data folder {settings.data_dir} belongs to the environment {owner!r}, not to {settings.environment}.",
            "Set OVERPRINT_DATA to another folder, or OVERPRINT_ENVIRONMENT to that environment.",
        )
