"""What presets there are for somebody, and who may do what to them. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from overprint.core.codec import decode, encode
from overprint.core.motion import check_curves
from overprint.core.presets import Category, Preset
from overprint.core.problems import Invalid
from overprint.core.words import clean_text, says_something
from overprint.craft.presets import Shipped

PAGE_MAX = 100
OWN_MAX, DEFAULTS_MAX = 100, 100

Row = dict[str, Any]
_DEFAULT: Row = {"is_default": True, "is_personal": False, "person_id": None}


def defaults_of(shipped: Iterable[Shipped], rows: Sequence[Row]) -> list[Row]:
    """What everybody is offered, in the order of the categories: as it came along or as a site admin changed it, then
    what they added."""
    changed = {row["id"]: row for row in rows}
    own = [_default(each.id, each.preset, changed.pop(each.id, None), key=each.key) for each in shipped]
    added = [
        {**row, "is_default": True, "is_personal": False, "person_id": None, "key": ""} for row in changed.values()
    ]
    order = list(Category)
    return sorted([*own, *added], key=lambda row: order.index(row["category"]))


def _default(preset_id: UUID, preset: Preset, changed: Row | None, *, key: str) -> Row:
    told = {**encode(preset), "is_public": True, "version": 0, "created_at": None, "updated_at": None}
    return {**told, **(changed or {}), **_DEFAULT, "key": key, "id": preset_id}


def checked(told: Mapping[str, Any]) -> dict[str, Any]:
    """Name, description, category and config as they are kept. Raises ``Invalid``."""
    texts = {name: clean_text(str(told.get(name, ""))) for name in ("name", "description")}
    if not says_something(texts["name"]):
        raise Invalid("This preset has no name.", "Say in a few words what it looks like.", field="name")
    preset = decode(Preset, {**told, **texts}, at="")
    if preset.config.curves is not None:
        check_curves(preset.config.curves)
    kept: dict[str, Any] = encode(preset)
    return kept


def check_seen_by(*, is_public: bool, is_personal: bool) -> None:
    if is_public and is_personal:
        raise Invalid(
            "A preset is for everybody or for you alone, not both.", "Leave one of them out.", field="is_personal"
        )


def page_of(defaults: Sequence[Row], before: UUID | None, limit: int) -> tuple[list[Row], UUID | None, int]:
    """Defaults of this page; behind which of the others it goes on; how many of those there is room for. Defaults come
    first; a cursor that is none of theirs is among the others."""
    ids = [row["id"] for row in defaults]
    start = 0 if before is None else ids.index(before) + 1 if before in ids else len(ids)
    shown = list(defaults[start : start + limit])
    return shown, before if before is not None and before not in ids else None, limit - len(shown)


def named(rows: Iterable[Row], word: str) -> Row | None:
    """The first that somebody means by a key, an id or a name, whatever its letters' case."""
    wanted = word.strip().casefold()
    for row in rows if wanted else ():
        if wanted in (row.get("key"), str(row["id"]), row["name"].casefold()):
            return row
    return None
