"""The admin room's manifest. What speaks HTTP is loaded for a web process only."""

from overprint.features.admin.service import Upkeep
from overprint.http.room import Room


def room(upkeep: Upkeep) -> Room:
    from overprint.features.admin import api, web

    return Room("admin", routers=(api.router(upkeep),), pages=(web.router(upkeep),))
