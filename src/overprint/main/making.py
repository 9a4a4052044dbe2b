"""``overprint make book``: from a sentence to a folder, in one command that can be interrupted and run again."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from overprint.core.codec import digest
from overprint.core.problems import Conflict, Invalid, Unavailable
from overprint.core.story import Brief
from overprint.db.database import patiently
from overprint.engine.events import Event
from overprint.engine.job import JOB_ENDED, JobState
from overprint.engine.worker import TIDY_SECONDS
from overprint.features.books import cleaned
from overprint.main.exits import Exit
from overprint.main.exporting import export, refuse_place
from overprint.main.home import open_home, read_settings
from overprint.main.progress import Progress, json_progress, terminal_progress
from overprint.observe import logs
from overprint.settings import Settings
from overprint.wiring import House, lift_pauses, worker_of

KEY_PREFIX = "make:"
LOG_MAX_BYTES = 5_000_000
PREMISE_MAX_BYTES = 100_000
BEGIN_TRIES, BEGIN_AGAIN_SECONDS = 5, 0.2


@dataclass(frozen=True, slots=True)
class MakeBookOptions:
    """What the command line said."""

    brief: Brief
    out: Path
    data: Path | None
    as_json: bool = False
    printer: str = ""


async def make_book(options: MakeBookOptions) -> int:
    """Make the book and write it to ``out``; answers the exit code."""
    brief = cleaned(options.brief)
    out = options.out.absolute()
    refuse_place(out, brief)
    settings = read_settings(options.data, log_level="CRITICAL")
    log = _log_to_file(settings)
    progress = json_progress() if options.as_json else terminal_progress()
    async with open_home(settings) as house, working(house):
        book_id, job = await _begin(house, brief, options.printer)
        with progress:
            state = await house.background.guard(_watch(house, job["id"], progress))
            error = (await _job(house, job["id"]))["error"]
        written = await export(house, book_id, job["id"], brief, out)
    progress.done(state, out, written, error)
    if state is JobState.COMPLETED:
        return Exit.OK
    print(f"overprint: details are in {log}", file=sys.stderr)
    return Exit.INCOMPLETE


def _log_to_file(settings: Settings) -> Path:
    """Keep what goes wrong out of the person's sight and in a file that they can send."""
    path = settings.data_dir / "run" / "make.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if path.exists() and path.stat().st_size > LOG_MAX_BYTES:
            path.unlink()
        logs.configure("WARNING", "json", path.open("a", encoding="utf-8"))
    except OSError as error:
        raise Unavailable(
            f"The data folder cannot be used ({error.strerror}: {error.filename}).", "Choose another one with --data."
        ) from error
    return path


@asynccontextmanager
async def working(house: House) -> AsyncIterator[None]:
    """A worker in this very process, for as long as the block runs. Who sits in front of it hears at once what is not
    set up."""
    await lift_pauses(house)
    worker = worker_of(house, waits_while_paused=False)
    task = house.background.begin("The worker", worker.run())
    try:
        yield
    finally:
        worker.stop()
        await house.background.end(task, again_seconds=TIDY_SECONDS)


async def _begin(house: House, brief: Brief, printer: str) -> tuple[UUID, dict[str, Any]]:
    """The book of this very request, or a new one; an unfinished job is joined, a failed one is run again.

    Another command that begins the same book at this very moment is waited for, and then joined.
    """
    tries_left = BEGIN_TRIES
    while True:
        try:
            return await _begin_once(house, brief, printer)
        except Conflict:
            tries_left -= 1
            if not tries_left:
                raise
        await asyncio.sleep(BEGIN_AGAIN_SECONDS)


async def _begin_once(house: House, brief: Brief, printer: str) -> tuple[UUID, dict[str, Any]]:
    key = KEY_PREFIX + digest(brief)
    async with house.database.transaction(house.owner.team_id) as transaction:
        first = await house.jobs.get_by_key(transaction, key)
        if first is None:
            book, job = await house.books.start(transaction, house.owner, brief, printer=printer, idempotency_key=key)
            return book["id"], job
        book_id: UUID = first["lineage"]
        job = await house.jobs.find_newest(transaction, book_id) or first
        is_for_another_printer = printer and job["request"].get("printer") != printer
        if JobState(job["state"]) in JOB_ENDED and (job["state"] != JobState.COMPLETED or is_for_another_printer):
            job = await house.books.make(transaction, house.owner, book_id, printer=printer or None)
        return book_id, job


async def _watch(house: House, job_id: UUID, progress: Progress) -> JobState:
    last: Event | None = None
    async for event in house.hub.watch(job_id):
        job = None
        if event.type in ("step.completed", "step.reused", "job.queued"):
            job = await _job(house, job_id)
        progress.tell(event, job)
        last = event
    if last is None:
        raise Unavailable("The job has no events.", "Run the command again.")
    return JobState(last.type.removeprefix("job."))


async def _job(house: House, job_id: UUID) -> dict[str, Any]:
    async def read() -> dict[str, Any]:
        async with house.database.transaction(house.owner.team_id) as transaction:
            return await house.jobs.get(transaction, job_id)

    return await patiently(read)


def read_premise() -> str:
    """The premise from standard input. Raises ``Invalid``."""
    said = sys.stdin.buffer.read(PREMISE_MAX_BYTES + 1)
    if len(said) > PREMISE_MAX_BYTES:
        raise Invalid(f"The premise from standard input has more than {PREMISE_MAX_BYTES} bytes.", "Shorten it.")
    try:
        return said.decode().strip()
    except UnicodeDecodeError:
        raise Invalid("The premise from standard input is not UTF-8 text.", "Save it as UTF-8.") from None


def say_interrupted() -> None:
    print("overprint: stopped. Nothing is lost: run the same command again to go on.", file=sys.stderr)
