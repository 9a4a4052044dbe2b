"""The photos room's manifest. What speaks HTTP is loaded for a web process only."""

from datetime import timedelta

from overprint.engine.schedule import Every, Schedule
from overprint.features.photos.service import Photos
from overprint.http.room import Product, Room
from overprint.http.wording import N_

_PICTURE = Product(
    "picture", "/photos", N_("A picture from a photo"), N_("Somebody you know, painted or cut from paper"), "camera"
)


def room(photos: Photos) -> Room:
    from overprint.features.photos.api import consent_router, router
    from overprint.features.photos.web import router as pages

    return Room(
        "photos",
        routers=(router(photos),),
        pages=(pages(photos),),
        open_routers=(consent_router(photos),),
        products=(_PICTURE,),
    )


def schedules(photos: Photos) -> tuple[Schedule, ...]:
    return (Schedule("photos.expire", Every(timedelta(minutes=5)), photos.expire),)
