"""The photos room's manifest. What speaks HTTP is loaded for a web process only."""

from datetime import timedelta

from overprint.engine.schedule import Every, Schedule
from overprint.features.photos.service import Photos
from overprint.http.room import Room


def room(photos: Photos) -> Room:
    from overprint.features.photos.api import consent_router, router
    from overprint.features.photos.web import router as pages

    return Room("photos", routers=(router(photos),), pages=(pages(photos),), open_routers=(consent_router(photos),))


def schedules(photos: Photos) -> tuple[Schedule, ...]:
    return (Schedule("photos.expire", Every(timedelta(minutes=5)), photos.expire),)
