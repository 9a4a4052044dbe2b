"""A process that takes the turn of a schedule, says so, and never ends it: somebody has to kill it."""

import asyncio
import sys
from datetime import timedelta

from overprint.core.clock import SystemClock
from overprint.db.database import open_database
from overprint.engine.schedule import Every, Schedule, ScheduleContext
from overprint.engine.scheduler import Scheduler

NAME = "toy.hang"


async def hang(context: ScheduleContext) -> None:
    print("begun", flush=True)
    await asyncio.sleep(600)


async def main(app_url: str, system_url: str, lease_seconds: float) -> None:
    database = await open_database(app_url, system_url, pool_size=2)
    schedule = Schedule(NAME, Every(timedelta(days=1)), hang)
    await Scheduler(database, [schedule], SystemClock(), "child", look_seconds=0.05, lease_seconds=lease_seconds).run()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], float(sys.argv[3])))
