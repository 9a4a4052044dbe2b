"""``overprint make book``: from a sentence to a folder, in one command that can be interrupted and run again."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from overprint.core.problems import Invalid, Unavailable
from overprint.core.story import Brief
from overprint.db.database import patiently
from overprint.engine.events import Event
from overprint.engine.job import JobState
from overprint.engine.worker import TIDY_SECONDS
from overprint.features.books import cleaned
from overprint.main.beginning import NOTHING_MORE, Begun, Extras, begin
from overprint.main.exits import Exit
from overprint.main.exporting import Exported, export, look_into
from overprint.main.folders import refuse_data_folder
from overprint.main.home import claim, open_home, read_settings
from overprint.main.photographing import looks_of, named_photos, questions_for, record
from overprint.main.progress import Progress, json_progress, terminal_progress
from overprint.observe import logs
from overprint.settings import Settings
from overprint.wiring import House, lift_pauses, worker_of
from overprint.wiring.handling import consent_of

LOG_MAX_BYTES = 5_000_000
PREMISE_MAX_BYTES = 100_000
# Kinds of failures, as the engine names them: of what was asked for, and of what answers.
_UNUSABLE = {"invalid", "refused"}
_AWAY = {"unavailable", "misconfigured", "busy"}


@dataclass(frozen=True, slots=True)
class MakeBookOptions:
    """What the command line said. ``dpi``: of the pictures; None leaves it to what the book is for."""

    brief: Brief
    out: Path
    data: Path | None
    as_json: bool = False
    extras: Extras = NOTHING_MORE
    dpi: int | None = None
    photos: tuple[str, ...] = ()
    says_yes: bool = False


async def make_book(options: MakeBookOptions) -> int:
    """Make the book and write it to ``out``; answers the exit code."""
    brief = cleaned(options.brief)
    photos = named_photos(options.photos, brief.premise)
    settings = read_settings(options.data, log_level="CRITICAL", claims=False)
    consent = consent_of(settings, keeps=False)
    if photos:
        brief = replace(brief, looks=await looks_of(photos, questions_for(photos, consent, options.says_yes)))
    out = options.out.absolute()
    held_dpi = look_into(out, brief)
    refuse_data_folder(out, settings.data_dir)
    claim(settings)
    log = log_to_file(settings)
    progress = json_progress() if options.as_json else terminal_progress()
    async with open_home(settings) as house, working(house):
        await record(house, photos, consent)
        begun = await begin(house, brief, options.extras, options.dpi, held_dpi)
        brief = replace(brief, picture_dpi=begun.dpi)
        state, error = await seen_through(house, begun, progress, _why_redrawn(begun, options))
        exported = await export(house, begun.work_id, begun.job["id"], brief, out)
        code = Exit.OK if state is JobState.COMPLETED else await why_incomplete(house, begun, exported)
    progress.done(state, out, exported, error)
    if code is not Exit.OK:
        print(f"overprint: details are in {log}", file=sys.stderr)
    return code


async def why_incomplete(house: House, begun: Begun, exported: Exported) -> Exit:
    """When nothing at all was made, the code says whose turn it is: who asked, or who keeps what it needs running."""
    if exported.paths:
        return Exit.INCOMPLETE
    async with house.database.transaction(house.owner.team_id) as transaction:
        steps = await house.jobs.list_steps(transaction, begun.job["id"])
    kinds = {step["error_kind"] for step in steps if step["state"] == "failed"}
    if kinds and kinds <= _UNUSABLE:
        return Exit.USAGE
    return Exit.UNAVAILABLE if kinds and kinds <= _AWAY else Exit.INCOMPLETE


def _why_redrawn(begun: Begun, options: MakeBookOptions) -> str:
    if not begun.redrawn:
        return ""
    pictures = "1 picture is" if begun.redrawn == 1 else f"{begun.redrawn} pictures are"
    reason = (
        "A print edition needs pictures" if options.extras.printer and options.dpi is None else "You asked for pictures"
    )
    return f"{reason} at {begun.dpi} dpi, so {pictures} drawn again."


def log_to_file(settings: Settings) -> Path:
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


async def seen_through(house: House, begun: Begun, progress: Progress, note: str = "") -> tuple[JobState, str | None]:
    """Tell of a job until it ends; answers how it ended, and what went wrong. ``note`` is said first."""
    with progress:
        progress.begin(begun, note)
        state = await house.background.guard(_watch(house, begun, progress))
        return state, (await _job(house, begun.job["id"]))["error"]


async def _watch(house: House, begun: Begun, progress: Progress) -> JobState:
    """Tell of all that happens from now on. Answers how the job ended."""
    job_id = begun.job["id"]
    if begun.has_ended:
        return JobState(begun.job["state"])
    last: Event | None = None
    async for event in house.hub.watch(job_id, begun.job["last_seq"]):
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
