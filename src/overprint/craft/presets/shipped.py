"""What comes along. A table's name is the preset's key, which stays when its name does not."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from overprint.core.codec import decode
from overprint.core.presets import Category, Preset
from overprint.core.scene import Expression, Pose, PropKind, Setting, Shot, Species, Time, Weather

DATA = Path(__file__).parent / "data"
_FAMILY = UUID("6f0a1c0e-9d3c-5c56-8f5c-2f6f7d0b1a47")


@dataclass(frozen=True, slots=True)
class Shown:
    """The scene of the film that shows a preset, and what is said in it."""

    setting: Setting
    words: str
    time: Time = Time.DAY
    weather: Weather = Weather.CLEAR
    shot: Shot = Shot.MEDIUM
    who: Species | None = None
    pose: Pose = Pose.STAND
    expression: Expression = Expression.HAPPY
    holding: PropKind | None = None
    prop: PropKind | None = None


ANY_SCENE = Shown(Setting.HARBOUR, "A look of your own.", time=Time.GOLDEN, who=Species.FOX)
"""For presets that people made."""


@dataclass(frozen=True, slots=True)
class Shipped:
    """``id`` is made of the key, so it is the same in every house."""

    key: str
    preset: Preset
    shown: Shown

    @property
    def id(self) -> UUID:
        return uuid5(_FAMILY, self.key)


@cache
def shipped_presets() -> tuple[Shipped, ...]:
    """All of them, by category and as they stand in their file. Raises ``Invalid`` for data that does not fit."""
    return tuple(
        _read(key, category, table)
        for category in Category
        for key, table in tomllib.loads((DATA / f"{category}.toml").read_text("utf-8")).items()
    )


def _read(key: str, category: Category, table: Mapping[str, Any]) -> Shipped:
    """In the files ``captions`` may be ``false``, for TOML has no word for nothing."""
    config = dict(table["config"])
    if config.get("captions") is False:
        config["captions"] = None
    told = {"name": table["name"], "description": table["description"], "category": category, "config": config}
    return Shipped(key, decode(Preset, told, at=key), decode(Shown, table["sample"], at=f"{key}.sample"))
