"""The jobs room's manifest."""

from collections.abc import Callable, Mapping

from overprint.engine.events import Hub
from overprint.features.jobs.api import router
from overprint.features.jobs.service import Jobs
from overprint.http.room import Room, Starter


def room(
    jobs: Jobs, hub: Callable[[], Hub], starters: Callable[[], Mapping[str, Starter]], link: Callable[[str], str]
) -> Room:
    return Room("jobs", routers=(router(jobs, hub, starters, link),))
