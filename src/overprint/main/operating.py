"""``overprint migrate`` and ``overprint jobs``."""

import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from rich.console import Console

from overprint.core.problems import Invalid, NotFound
from overprint.db.database import Transaction
from overprint.db.embedded import role_script
from overprint.engine.job import JOB_ENDED, STEP_DELIVERED, JobState
from overprint.features.jobs import PAGE_MAX
from overprint.main.exits import Exit
from overprint.main.home import bring_up_to_date, open_home, open_urls, read_made_settings, read_settings
from overprint.main.tables import Column, fitted
from overprint.wiring import House

JOBS_ARE_LISTED = "`overprint jobs list` shows them."
BEGAN = "%Y-%m-%d %H:%M"
_JOBS = (
    Column("job", 1),
    Column("kind", 6),
    Column("title", 4, shrinks=True),
    Column("state", 2),
    Column("done", 3),
    Column("began", 5),
)
_STEPS = (
    Column("step", 1),
    Column("title", 3, shrinks=True),
    Column("state", 2),
    Column("attempt", 5),
    Column("seconds", 4),
    Column("provider", 7),
    Column("cost", 6),
)


async def show_roles() -> int:
    print(role_script())
    return Exit.OK


async def migrate_database(data: Path | None) -> int:
    settings = read_settings(data)
    async with open_urls(settings) as urls:
        done = await bring_up_to_date(urls)
    if done.before == done.after:
        print(f"The database is up to date (schema {done.after}).")
    else:
        print(f"The database went from schema {done.before or 'empty'} to {done.after}.")
    return Exit.OK


async def show_jobs(data: Path | None, limit: int) -> int:
    if not 1 <= limit <= PAGE_MAX:
        raise Invalid(f"--limit takes 1 to {PAGE_MAX}, not {limit}.", "Choose a number within these bounds.")
    async with open_home(read_made_settings(data)) as house:
        async with house.database.transaction(house.owner.team_id) as transaction:
            jobs = await house.jobs.list_jobs(transaction, limit=limit)
            delivered = await house.jobs.count_delivered(transaction, [job["id"] for job in jobs])
    if not jobs:
        print("No jobs yet. `overprint make book` begins one, or a page of `overprint up`.")
        return Exit.OK
    rows = [
        (
            str(job["id"]),
            job["kind"],
            job["title"],
            job["state"],
            _share(job, delivered.get(job["id"], 0)),
            f"{job['created_at'].astimezone():{BEGAN}}",
        )
        for job in jobs
    ]
    screen = console()
    screen.print(fitted(_JOBS, rows, screen.width))
    return Exit.OK


async def show_job(data: Path | None, job: str) -> int:
    async with open_home(read_made_settings(data)) as house:
        async with house.database.transaction(house.owner.team_id) as transaction:
            found = await _job(house, transaction, job)
            waiting = await house.jobs.find_outlook(transaction, found)
            steps = await house.jobs.list_steps(transaction, found["id"])
            logs = await house.jobs.list_logs(transaction, found["id"])
    screen = console()
    delivered = sum(step["state"] in STEP_DELIVERED for step in steps)
    screen.print(f"{found['title']}\n{found['kind']}, {found['state']}, {_share(found, delivered)} steps done")
    if waiting:
        screen.print(waiting.words)
    screen.print(fitted(_STEPS, [_step(step) for step in steps], screen.width))
    for step in steps:
        if step["error"]:
            screen.print(f"{step['key']}: {step['error']}", soft_wrap=True)
    for line in logs:
        screen.print(f"{line['at']:%H:%M:%S} {line['key']}: {line['message']}", soft_wrap=True)
    return Exit.OK


def _step(step: dict[str, Any]) -> tuple[str, ...]:
    texts = (step["key"], step["title"], step["state"], str(step["attempt"]))
    return (*texts, _seconds(step), step["provider"] or "", _cost(step))


async def cancel_job(data: Path | None, job: str) -> int:
    async with open_home(read_made_settings(data)) as house:
        async with house.database.transaction(house.owner.team_id) as transaction:
            found = await _job(house, transaction, job)
            found = await house.jobs.cancel(transaction, house.owner, found["id"])
    is_going = JobState(found["state"]) not in JOB_ENDED
    happens = "what runs is being stopped" if is_going else "there is nothing to stop"
    print(f"Job {found['id']} is {found['state']}; {happens}.")
    return Exit.OK


async def pause_job(data: Path | None, job: str) -> int:
    async with open_home(read_made_settings(data)) as house:
        async with house.database.transaction(house.owner.team_id) as transaction:
            found = await _job(house, transaction, job)
            found = await house.jobs.pause(transaction, house.owner, found["id"])
    happens = "is paused; what runs ends, and `overprint jobs resume` goes on"
    print(f"Job {found['id']} {happens if found['paused_at'] else 'is ' + found['state']}.")
    return Exit.OK


async def resume_job(data: Path | None, job: str) -> int:
    async with open_home(read_made_settings(data)) as house:
        async with house.database.transaction(house.owner.team_id) as transaction:
            found = await _job(house, transaction, job)
            was_paused = found["paused_at"] is not None
            found = await house.jobs.resume(transaction, house.owner, found["id"])
    print(f"Job {found['id']} goes on." if was_paused else f"Job {found['id']} is {found['state']}; it was not paused.")
    return Exit.OK


async def rerun_job(data: Path | None, job: str) -> int:
    """Prints the id of the job that has the work, then what is to be expected of it."""
    async with open_home(read_made_settings(data)) as house:
        async with house.database.transaction(house.owner.team_id) as transaction:
            found = await _job(house, transaction, job)
            is_complete = await _is_complete(house, transaction, found)
            made = found if is_complete else await house.jobs.rerun(transaction, house.owner, found["id"])
    print(made["id"])
    if is_complete:
        print("Nothing has to be made again: all of it is there, and nothing changed since.", file=sys.stderr)
    else:
        print("A worker makes what is missing: `overprint up` or `overprint worker` must be running.", file=sys.stderr)
    return Exit.OK


async def _is_complete(house: House, transaction: Transaction, job: dict[str, Any]) -> bool:
    """Whether a run of this job would make nothing, and change nothing of the work."""
    newest = await house.jobs.find_newest(transaction, job["lineage"])
    if newest is None or newest["id"] != job["id"] or job["state"] != JobState.COMPLETED:
        return False
    found, _ = await house.jobs.forecast_again(transaction, job, None)
    return not found.runs


def console() -> Console:
    """Where tables go: as wide as the terminal, and wide enough for a pipe."""
    width = None if sys.stdout.isatty() else 200
    return Console(width=width, highlight=False, markup=False, emoji=False)


async def _job(house: House, transaction: Transaction, text: str) -> dict[str, Any]:
    try:
        return await house.jobs.get(transaction, UUID(text))
    except ValueError:
        raise NotFound(f"{text!r} is not a job's id.", JOBS_ARE_LISTED) from None
    except NotFound as problem:
        raise NotFound(problem.message, JOBS_ARE_LISTED) from None


def _share(job: dict[str, Any], delivered: int) -> str:
    return f"{delivered}/{job['steps_total']}"


def _cost(step: dict[str, Any]) -> str:
    """What providers stated; then what lost calls may have cost besides."""
    cost, possible = (step[name] / 1_000_000 for name in ("cost_microdollars", "possible_cost_microdollars"))
    return (f"${cost:.4f}" if cost or possible else "") + (f" (perhaps ${possible:.4f} more)" if possible else "")


def _seconds(step: dict[str, Any]) -> str:
    if step["started_at"] is None or step["ended_at"] is None:
        return ""
    return f"{(step['ended_at'] - step['started_at']).total_seconds():.1f}"
