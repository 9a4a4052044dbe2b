"""The notifications room's manifest. What speaks HTTP is loaded for a web process only."""

from datetime import timedelta
from pathlib import Path

from overprint.engine.schedule import Daily, Every, Schedule
from overprint.features.notifications.service import Notifications
from overprint.http.room import Room

# The room's mails, as the accounts room writes them.
LETTERS = Path(__file__).parent / "templates" / "mail"


def room(notifications: Notifications) -> Room:
    from overprint.features.notifications.api import router
    from overprint.features.notifications.web import router as pages

    return Room("notifications", routers=(router(notifications),), pages=(pages(notifications),))


def schedules(notifications: Notifications) -> tuple[Schedule, ...]:
    return (
        Schedule("notifications.mails", Every(timedelta(minutes=1)), notifications.write_mails),
        Schedule("notifications.forget", Daily(4, 20), notifications.forget),
    )
