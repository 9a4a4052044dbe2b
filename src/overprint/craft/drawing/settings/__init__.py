"""Where a scene can be: one file a setting, listed here."""

from overprint.core.scene import Setting
from overprint.craft.drawing.settings import (
    bedroom,
    city,
    forest,
    library,
    meadow,
    moon,
    mountain,
    sea,
    sky,
    village,
)  # fmt: skip
from overprint.craft.drawing.stage import Build

SETTINGS: dict[Setting, Build] = {
    Setting.FOREST: forest.build,
    Setting.MEADOW: meadow.build,
    Setting.SEA: sea.build,
    Setting.SKY: sky.build,
    Setting.MOON: moon.build,
    Setting.VILLAGE: village.build,
    Setting.BEDROOM: bedroom.build,
    Setting.MOUNTAIN: mountain.build,
    Setting.CITY: city.build,
    Setting.LIBRARY: library.build,
}
