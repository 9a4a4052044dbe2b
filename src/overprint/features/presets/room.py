"""The presets room's manifest. What speaks HTTP is loaded for a web process only."""

from overprint.features.presets.service import Presets
from overprint.http.room import Room


def room(presets: Presets) -> Room:
    from overprint.features.presets.api import router

    return Room("presets", routers=(router(presets),))
