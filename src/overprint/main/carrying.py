"""``overprint export`` and ``overprint import``: a book out as one file, and in on another installation."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from overprint.core.ids import new_id
from overprint.core.problems import Conflict, NotFound, Unavailable
from overprint.core.story import Brief
from overprint.engine.job import JobState
from overprint.features.books import Arrival, Portables, unpack
from overprint.main.beginning import Begun, key_of
from overprint.main.exits import Exit
from overprint.main.exporting import export, look_into, read_brief
from overprint.main.home import open_home, read_settings
from overprint.main.making import log_to_file, seen_through, working
from overprint.main.progress import json_progress, terminal_progress
from overprint.wiring import House

LISTED_MAX = 100


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the command line said. ``out``: where to write the book too, if anywhere."""

    file: Path
    out: Path | None
    data: Path | None
    as_json: bool = False


async def export_book(data: Path | None, book: str, to: Path) -> int:
    """Write the book to ``to``, whole or not at all."""
    if to.exists() or to.is_symlink():
        raise Conflict(f"{to} is there already.", "Choose another name with --out.")
    async with open_home(read_settings(data, log_level="ERROR")) as house:
        portables = Portables(house.books)
        async with house.database.transaction(house.owner.team_id) as transaction:
            parcel = await portables.pack(transaction, await _find(house, transaction, book))
        draft = to.absolute().with_name(f".{to.name}.{os.getpid()}.part")
        try:
            with draft.open("wb") as file:
                async for piece in portables.send(parcel):
                    file.write(piece)
            draft.replace(to)
        except OSError as error:
            raise Unavailable(f"{to} could not be written ({error.strerror}).", "Choose another --out.") from error
        finally:
            draft.unlink(missing_ok=True)
    print(f"{to} ({to.stat().st_size / 1e6:.1f} MB): “{parcel.header.title}”")
    return Exit.OK


async def import_book(options: ImportOptions) -> int:
    """Take a book in and set it; answers the exit code."""
    settings = read_settings(options.data, log_level="CRITICAL")
    try:
        file = options.file.open("rb")
    except OSError as error:
        raise NotFound(f"{options.file} cannot be read ({error.strerror}).") from error
    progress = json_progress() if options.as_json else terminal_progress()
    out = options.out.absolute() if options.out else None
    with file:
        async with open_home(settings) as house:
            arrival = await asyncio.to_thread(unpack, file, house.owner.team_id, new_id())
            if out is not None:
                look_into(out, arrival.header.brief)
            log = log_to_file(settings)
            async with working(house):
                transaction = partial(house.database.transaction, house.owner.team_id)
                job = await Portables(house.books).take_in(house.owner, arrival, transaction)
                state, wrong = await seen_through(house, Begun(arrival.book_id, job), progress)
                if out is not None:
                    await export(house, arrival.book_id, job["id"], arrival.header.brief, out)
                slots = await _results(house, arrival.book_id)
    imported = {"type": "imported", "book_id": str(arrival.book_id), "job_id": str(job["id"]), "state": state}
    print(json.dumps(imported) if options.as_json else arrival.book_id)
    if state is JobState.COMPLETED:
        return _told(arrival, slots)
    print(f"overprint: not everything could be made. {wrong or ''} Details are in {log}.", file=sys.stderr)
    print(f"`overprint jobs rerun {job['id']}` and a worker make the rest.", file=sys.stderr)
    return Exit.INCOMPLETE


async def _results(house: House, book_id: UUID) -> dict[str, str]:
    async with house.database.transaction(house.owner.team_id) as transaction:
        parts = await house.books.get_parts(transaction, book_id)
    return {row["slot"]: row["unsigned_hash"] for row in parts["files"]}


def _told(arrival: Arrival, slots: dict[str, str]) -> int:
    """Whether it came out as it was where it comes from."""
    expected = arrival.header.results
    differing = sorted(slot for slot, content_hash in expected.items() if slots.get(slot) != content_hash)
    said = f"not the same bytes as there: {', '.join(differing)}" if differing else "byte for byte as it was there"
    print(f"overprint: “{arrival.header.title}” is here, {said}.", file=sys.stderr)
    return Exit.OK


async def _find(house: House, transaction: Any, book: str) -> UUID:
    """The book with this id, in this folder that ``make book`` wrote, or the only one with this title."""
    try:
        return UUID(book)
    except ValueError:
        pass
    brief = read_brief(Path(book))
    if brief is not None:
        return await _made_for(house, transaction, brief)
    listed = await house.books.list_books(transaction, limit=LISTED_MAX)
    named = [row["id"] for row in listed if row["title"].casefold() == book.casefold()]
    if len(named) != 1:
        which = "No book is" if not named else f"{len(named)} books are"
        raise NotFound(f"{which} called {book[:80]!r}.", "Say its id, or the folder that `make book` wrote.")
    found: UUID = named[0]
    return found


async def _made_for(house: House, transaction: Any, brief: Brief) -> UUID:
    job = await house.jobs.get_by_key(transaction, key_of(brief))
    if job is None:
        raise NotFound("The book in this folder was not made with this data folder.", "Name the right one with --data.")
    lineage: UUID = job["lineage"]
    return lineage
