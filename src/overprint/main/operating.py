"""``overprint migrate`` and ``overprint jobs``."""

import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from rich.console import Console
from rich.table import Table

from overprint.core.problems import NotFound
from overprint.db.embedded import role_script
from overprint.engine.job import JOB_ENDED, JobState
from overprint.main.exits import Exit
from overprint.main.home import bring_up_to_date, open_home, open_urls, read_settings
from overprint.wiring import House


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
    async with open_home(read_settings(data, log_level="ERROR")) as house:
        async with house.database.transaction(house.owner.team_id) as transaction:
            jobs = await house.jobs.list_jobs(transaction, limit=limit)
    table = Table("job", "kind", "title", "state", "done", "began", box=None)
    for job in jobs:
        began = job["created_at"].astimezone().strftime("%Y-%m-%d %H:%M")
        table.add_row(str(job["id"]), job["kind"], job["title"], job["state"], _share(job), began)
    _console().print(table)
    return Exit.OK


async def show_job(data: Path | None, job: str) -> int:
    async with open_home(read_settings(data, log_level="ERROR")) as house:
        async with house.database.transaction(house.owner.team_id) as transaction:
            found = await house.jobs.get(transaction, _id(job))
            waiting = await house.jobs.find_outlook(transaction, found)
            steps = await house.jobs.list_steps(transaction, found["id"])
            logs = await house.jobs.list_logs(transaction, found["id"])
    console = _console()
    console.print(f"{found['title']}\n{found['kind']}, {found['state']}, {_share(found)} steps done")
    if waiting:
        console.print(waiting.words, markup=False)
    table = Table("step", "title", "state", "attempt", "seconds", "provider", "cost", "error", box=None)
    for step in steps:
        table.add_row(
            step["key"],
            step["title"],
            step["state"],
            str(step["attempt"]),
            _seconds(step),
            step["provider"] or "",
            _cost(step),
            step["error"] or "",
        )
    console.print(table)
    for line in logs:
        console.print(f"{line['at']:%H:%M:%S} {line['key']}: {line['message']}", markup=False)
    return Exit.OK


async def cancel_job(data: Path | None, job: str) -> int:
    async with open_home(read_settings(data, log_level="ERROR")) as house:
        found = await _change(house, job, "cancel")
    is_going = JobState(found["state"]) not in JOB_ENDED
    happens = "what runs is being stopped" if is_going else "there is nothing to stop"
    print(f"Job {found['id']} is {found['state']}; {happens}.")
    return Exit.OK


async def rerun_job(data: Path | None, job: str) -> int:
    async with open_home(read_settings(data, log_level="ERROR")) as house:
        made = await _change(house, job, "rerun")
    print(made["id"])
    print("A worker makes what is missing: `overprint up` or `overprint worker` must be running.", file=sys.stderr)
    return Exit.OK


async def _change(house: House, job: str, verb: str) -> dict[str, Any]:
    async with house.database.transaction(house.owner.team_id) as transaction:
        if verb == "cancel":
            return await house.jobs.cancel(transaction, house.owner, _id(job))
        return await house.jobs.rerun(transaction, house.owner, _id(job))


def _console() -> Console:
    return Console(width=None if sys.stdout.isatty() else 200, highlight=False)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(f"{text!r} is not a job's id.", "`overprint jobs list` shows them.") from None


def _share(job: dict[str, Any]) -> str:
    return f"{job['steps_ended']}/{job['steps_total']}"


def _cost(step: dict[str, Any]) -> str:
    """What providers stated; then what lost calls may have cost besides."""
    cost, possible = (step[name] / 1_000_000 for name in ("cost_microdollars", "possible_cost_microdollars"))
    return (f"${cost:.4f}" if cost or possible else "") + (f" (perhaps ${possible:.4f} more)" if possible else "")


def _seconds(step: dict[str, Any]) -> str:
    if step["started_at"] is None or step["ended_at"] is None:
        return ""
    return f"{(step['ended_at'] - step['started_at']).total_seconds():.1f}"
