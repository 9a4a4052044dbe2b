"""The sharing room's manifest. What speaks HTTP is loaded for a web process only."""

from overprint.engine.schedule import Daily, Schedule
from overprint.features.sharing.service import Sharing
from overprint.http.room import Room


def room(sharing: Sharing) -> Room:
    from overprint.features.sharing.api import router
    from overprint.features.sharing.web import open_router
    from overprint.features.sharing.web import router as pages

    return Room("sharing", routers=(router(sharing),), open_routers=(open_router(sharing),), pages=(pages(sharing),))


def schedules(sharing: Sharing) -> tuple[Schedule, ...]:
    return (Schedule("sharing.forget", Daily(4, 40), sharing.forget),)
