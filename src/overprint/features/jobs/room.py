"""The jobs room's manifest."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from overprint.engine.events import Hub
from overprint.engine.schedule import Every, Schedule
from overprint.features.jobs.service import Jobs
from overprint.http.room import Room, Starter


def schedules(jobs: Jobs) -> tuple[Schedule, ...]:
    return (Schedule("jobs.closed", Every(timedelta(minutes=1)), jobs.stop_closed),)


def room(
    jobs: Jobs, hub: Callable[[], Hub], starters: Callable[[], Mapping[str, Starter]], link: Callable[[str], str]
) -> Room:
    from overprint.features.jobs.api import router

    return Room("jobs", routers=(router(jobs, hub, starters, link),))
