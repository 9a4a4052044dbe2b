"""``overprint presets``: looks of films that have a name."""

import json
from pathlib import Path
from typing import Any

from overprint.core.presets import Category
from overprint.core.problems import Invalid, NotFound
from overprint.features.presets import Presets
from overprint.main.exits import Exit
from overprint.main.home import open_home, read_made_settings
from overprint.main.operating import console
from overprint.main.tables import Column, fitted

_PRESETS = (
    Column("preset", 1),
    Column("category", 2),
    Column("description", 3, shrinks=True),
)


async def list_presets(data: Path | None, category: str, *, as_json: bool) -> int:
    """Those that come along, and in a house that was used those that were changed and added there."""
    if category not in ("", *map(str, Category)):
        raise Invalid(f"No preset is of the category {category!r}.", f"Choose one of {', '.join(Category)}.")
    rows = [row for row in await _presets(data) if category in ("", row["category"])]
    if as_json:
        told = ("key", "name", "description", "category", "config")
        print(json.dumps([{name: row[name] for name in told} for row in rows], indent=2, ensure_ascii=False))
        return Exit.OK
    screen = console()
    lines = [(row["key"] or row["name"], row["category"], row["description"]) for row in rows]
    screen.print(fitted(_PRESETS, lines, screen.width))
    return Exit.OK


async def preset_asked(data: Path | None, name: str) -> dict[str, Any]:
    """What the preset of this name decides about a film; nothing without a name. Raises ``Invalid``."""
    if not name:
        return {}
    try:
        settings = read_made_settings(data)
    except NotFound:
        return Presets.asked_among(Presets.as_shipped(), name)
    async with open_home(settings) as house, house.database.transaction(house.owner.team_id) as transaction:
        return await house.presets.asked(transaction, house.owner, name)


async def _presets(data: Path | None) -> list[dict[str, Any]]:
    try:
        settings = read_made_settings(data)
    except NotFound:
        return Presets.as_shipped()
    async with open_home(settings) as house, house.database.transaction(house.owner.team_id) as transaction:
        rows = await house.presets.list_seen(transaction, house.owner)
        while len(page := await house.presets.list_seen(transaction, house.owner, before=rows[-1]["id"])):
            rows += page
        return rows
