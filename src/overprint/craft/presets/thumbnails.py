"""Thumbnails of the presets that come along: drawn once by ``tests.support.preset_thumbnails``, so that no gallery
waits for them. Whoever changes a preset gets one that is drawn of the change."""

from collections.abc import Mapping
from functools import cache
from uuid import UUID

from overprint.core.presets import PresetConfig
from overprint.craft.presets.shipped import DATA, Shipped, shipped_presets

FOLDER = DATA / "thumbnails"


def shipped_thumbnail(preset_id: UUID, config: PresetConfig) -> bytes | None:
    """WebP. None where nothing came along that shows this: another preset, or this one changed."""
    shipped = _by_id().get(preset_id)
    if shipped is None or shipped.preset.config != config:
        return None
    file = FOLDER / f"{shipped.key}.webp"
    return file.read_bytes() if file.is_file() else None


@cache
def _by_id() -> Mapping[UUID, Shipped]:
    return {each.id: each for each in shipped_presets()}
