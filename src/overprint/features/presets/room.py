"""The presets room's manifest. What speaks HTTP is loaded for a web process only."""

from overprint.engine.schedule import Daily, Schedule
from overprint.features.presets.service import Presets, Samples
from overprint.http.room import Room


def room(presets: Presets, samples: Samples) -> Room:
    from overprint.features.presets.api import router
    from overprint.features.presets.web import router as pages

    return Room("presets", routers=(router(presets, samples),), pages=(pages(presets),))


def schedules(samples: Samples) -> tuple[Schedule, ...]:
    return (Schedule("presets.tidy", Daily(4, 50), samples.tidy),)
