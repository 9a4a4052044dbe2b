"""The admin room's manifest. What speaks HTTP is loaded for a web process only."""

from overprint.features.admin.service import HouseJobs, HousePlans, Upkeep, Workings
from overprint.http.room import Room


def room(upkeep: Upkeep, jobs: HouseJobs, plans: HousePlans, workings: Workings) -> Room:
    from overprint.features.admin import api, web

    pages = (web.router(upkeep), web.jobs_router(upkeep, jobs), web.plans_router(plans), web.workings_router(workings))
    return Room("admin", routers=(api.router(upkeep, jobs, workings),), pages=pages)
