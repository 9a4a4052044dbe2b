"""``overprint make book``: from a sentence to a folder, in one command that can be interrupted and run again."""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from overprint import __version__
from overprint.core.codec import decode, digest, encode
from overprint.core.files import StoredFile, file_name
from overprint.core.problems import Conflict, Invalid, Unavailable
from overprint.core.story import Brief
from overprint.engine.events import Event
from overprint.engine.job import JOB_ENDED, JobState
from overprint.features.books import cleaned
from overprint.main.exits import Exit
from overprint.main.home import open_home, read_settings
from overprint.main.progress import Progress, json_progress, terminal_progress
from overprint.wiring import House, lift_pauses, worker_of

KEY_PREFIX = "make:"
BEGIN_TRIES, BEGIN_AGAIN_SECONDS = 5, 0.2


@dataclass(frozen=True, slots=True)
class MakeBookOptions:
    """What the command line said."""

    brief: Brief
    out: Path
    data: Path | None
    as_json: bool = False
    fresh: bool = False


async def make_book(options: MakeBookOptions) -> int:
    """Make the book and write it to ``out``; answers the exit code."""
    brief = cleaned(options.brief)
    out = options.out.absolute()
    if out.exists() and not out.is_dir():
        raise Invalid(f"{out} is a file.", "Choose a folder with --out.")
    settings = read_settings(options.data, log_level="CRITICAL")
    progress = json_progress() if options.as_json else terminal_progress()
    async with open_home(settings) as house, working(house):
        book_id, job = await _begin(house, brief, fresh=options.fresh)
        with progress:
            state = await _watch(house, job["id"], progress)
            error = (await _job(house, job["id"]))["error"]
        written = await _export(house, book_id, job["id"], brief, out)
    progress.done(state, out, written, error)
    if state is JobState.COMPLETED:
        return Exit.OK
    return Exit.INCOMPLETE


@asynccontextmanager
async def working(house: House) -> AsyncIterator[None]:
    """A worker in this very process, for as long as the block runs."""
    await lift_pauses(house)
    worker = worker_of(house)
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        worker.stop()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _begin(house: House, brief: Brief, *, fresh: bool) -> tuple[UUID, dict[str, Any]]:
    """The book of this very request, or a new one; an unfinished job is joined, a failed one is run again.

    Another command that begins the same book at this very moment is waited for, and then joined.
    """
    tries_left = BEGIN_TRIES
    while True:
        try:
            return await _begin_once(house, brief, fresh=fresh)
        except Conflict:
            tries_left -= 1
            if not tries_left:
                raise
        await asyncio.sleep(BEGIN_AGAIN_SECONDS)


async def _begin_once(house: House, brief: Brief, *, fresh: bool) -> tuple[UUID, dict[str, Any]]:
    key = KEY_PREFIX + digest(brief)
    async with house.database.transaction(house.owner.team_id) as transaction:
        if fresh:
            book, job = await house.books.start(transaction, house.owner, brief)
            return book["id"], job
        book, first = await house.books.start(transaction, house.owner, brief, idempotency_key=key)
        job = await house.jobs.find_newest(transaction, book["id"]) or first
        if JobState(job["state"]) in JOB_ENDED and job["state"] != JobState.COMPLETED:
            job = await house.books.make(transaction, house.owner, book["id"])
        return book["id"], job


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
    async with house.database.transaction(house.owner.team_id) as transaction:
        return await house.jobs.get(transaction, job_id)


async def _export(house: House, book_id: UUID, job_id: UUID, brief: Brief, out: Path) -> list[Path]:
    """Write what was made. Every file appears whole or not at all."""
    async with house.database.transaction(house.owner.team_id) as transaction:
        book = await house.books.get(transaction, book_id)
        parts = await house.books.get_parts(transaction, book_id)
        steps = await house.jobs.list_steps(transaction, job_id)
    stem = _stem(book["title"])
    written: list[Path] = []
    files: dict[str, dict[str, Any]] = {}
    for row in parts["files"]:
        file = decode(StoredFile, row["file"])
        path = _place(out, stem, row["slot"], file)
        await asyncio.to_thread(_write, path, await house.ports.storage.get(file.key))
        written.append(path)
        files[path.relative_to(out).as_posix()] = {"sha256": file.content_hash, "media_type": file.media_type}
    recipe = {
        "overprint": __version__,
        "title": book["title"],
        "request": encode(brief),
        "providers": {port: encode(provider) for port, provider in house.ports.providers().items()},
        "steps": [
            {"key": s["key"], "kind": s["kind"], "state": _settled(s["state"]), "recipe": s["recipe"]} for s in steps
        ],
        "files": files,
    }
    text = json.dumps(recipe, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    await asyncio.to_thread(_write, out / "recipe.json", text.encode())
    return [*written, out / "recipe.json"]


def _settled(state: str) -> str:
    """Reused or completed is the same to whoever holds the book."""
    return "completed" if state == "reused" else state


def _place(out: Path, stem: str, slot: str, file: StoredFile) -> Path:
    extension = file.key.rpartition(".")[2]
    if slot.startswith("picture/"):
        numbers = slot.split("/")[1:]
        return out / "pictures" / f"{'-'.join(number.zfill(2) for number in numbers)}.{extension}"
    return out / f"{stem}.{extension}"


def _stem(title: str) -> str:
    """A file name from a title, in any script."""
    return (
        "-".join("".join(letter if letter.isalnum() else " " for letter in file_name(title.lower())).split()) or "book"
    )


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            draft.write_bytes(data)
            draft.replace(path)
        finally:
            with contextlib.suppress(FileNotFoundError):
                draft.unlink()
    except OSError as error:
        raise Unavailable(
            f"{path} could not be written ({error.strerror}).",
            "The book itself is safe: make room or choose another --out, and run the command again.",
        ) from error


def say_interrupted() -> None:
    print("overprint: stopped. Nothing is lost: run the same command again to go on.", file=sys.stderr)
