"""``overprint export`` and ``overprint import``: a book or a film out as one file, and in on another installation."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, TypeVar
from uuid import UUID

from overprint.core.codec import digest, encode
from overprint.core.problems import Conflict, Invalid, NotFound, Unavailable
from overprint.core.words import counted
from overprint.engine.job import JobState
from overprint.features import books, videos
from overprint.features.jobs import Arriving, FirstLook, Portables, arriving, send_parcel
from overprint.main import exporting, filming
from overprint.main.beginning import Begun, key_of
from overprint.main.exits import Exit
from overprint.main.folders import refuse_data_folder
from overprint.main.home import open_home, read_settings
from overprint.main.making import log_to_file, seen_through, working
from overprint.main.progress import json_progress, terminal_progress
from overprint.wiring import House

A = TypeVar("A")
S = TypeVar("S")
LISTED_MAX = 100


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the command line said. ``out``: where to write the work too, if anywhere. ``agrees``: to what would be made
    that did not come along."""

    file: Path
    out: Path | None
    data: Path | None
    as_json: bool = False
    agrees: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """A work that was taken in. ``expected``: what its files came to where it comes from, by slot."""

    begun: Begun
    title: str
    expected: Mapping[str, str]


async def export_work(data: Path | None, work: str, to: Path | None) -> int:
    """Write a book or a film to ``to``, whole or not at all."""
    settings = read_settings(data, log_level="ERROR")
    if to is not None:
        _refuse_place(to, settings.data_dir)
    async with open_home(settings) as house:
        title, pieces, what = await _packed(house, work)
        if to is None:
            to = Path(f"{what}.overprint")
            _refuse_place(to, settings.data_dir)
        draft = to.absolute().with_name(f".{to.name}.{os.getpid()}.part")
        try:
            with draft.open("wb") as file:
                async for piece in pieces:
                    file.write(piece)
            draft.replace(to)
        except OSError as error:
            raise Unavailable(f"{to} could not be written ({error.strerror}).", "Choose another --out.") from error
        finally:
            draft.unlink(missing_ok=True)
    print(f"{to} ({to.stat().st_size / 1e6:.1f} MB): “{title}”")
    return Exit.OK


def _refuse_place(to: Path, data_dir: Path) -> None:
    """Raises ``Conflict`` for a name that is taken, ``Invalid`` for a place inside the data folder."""
    refuse_data_folder(to.absolute(), data_dir)
    if to.exists() or to.is_symlink():
        raise Conflict(f"{to} is there already.", "Choose another name with --out.")


async def _packed(house: House, work: str) -> tuple[str, AsyncIterator[bytes], str]:
    """Its title, its pieces, and what it is."""
    async with house.database.transaction(house.owner.team_id) as transaction:
        is_film, work_id = await _find(house, transaction, work)
        portables = videos.Portables(house.videos) if is_film else books.Portables(house.books)
        parcel = await portables.pack(transaction, work_id)
    return parcel.header.title, await send_parcel(portables.library.storage, parcel), "film" if is_film else "book"


async def import_work(options: ImportOptions) -> int:
    """Take a book or a film in and make it again; answers the exit code."""
    settings = read_settings(options.data, log_level="CRITICAL")
    out = options.out.absolute() if options.out else None
    if out is not None:
        refuse_data_folder(out, settings.data_dir)
    try:
        file = options.file.open("rb")
    except OSError as error:
        raise NotFound(f"{options.file} cannot be read ({error.strerror}).") from error
    progress = json_progress() if options.as_json else terminal_progress()
    with file:
        async with open_home(settings) as house, AsyncExitStack() as held:
            is_film = await asyncio.to_thread(videos.holds_film, file)
            log = log_to_file(settings)
            work = _Film(house, out) if is_film else _Book(house, out)
            look = await work.open(file, held)
            if look.asks and not options.agrees:
                await _ask(look)
            async with working(house):
                taken = await work.take_in()
                await held.aclose()
                state, wrong = await seen_through(house, taken.begun, progress)
                slots = await work.results(taken.begun, state)
    begun = taken.begun
    told = {"type": "imported", f"{begun.what}_id": str(begun.work_id), "job_id": str(begun.job["id"]), "state": state}
    print(json.dumps(told) if options.as_json else begun.work_id)
    if state is JobState.COMPLETED:
        print(f"overprint: {told_of(taken, slots)}", file=sys.stderr)
        return Exit.OK
    print(f"overprint: not everything could be made. {wrong or ''} Details are in {log}.", file=sys.stderr)
    print(f"`overprint jobs rerun {begun.job['id']}` and a worker make the rest.", file=sys.stderr)
    return Exit.INCOMPLETE


def question_of(look: FirstLook) -> str:
    """What somebody has to agree to, a line each."""
    if look.anew:
        told = f"“{look.title}” did not bring all that it is made of.\nHere it makes {look.told_anew}, for"
    else:
        told = f"“{look.title}” brought all that it is made of.\nIt is put together again, for"
    price = f"{told} {counted(look.credits, 'credit')} at most."
    return "\n".join([price, *(f"Left out: {lack}" for lack in look.left_out)])


async def _ask(look: FirstLook) -> None:
    """Goes on if somebody at the terminal says so. Raises ``Invalid`` otherwise."""
    print(f"overprint: {question_of(look)}", file=sys.stderr)
    if not sys.stdin.isatty():
        raise Invalid("Nothing was imported.", "Run this in a terminal, or add --yes to agree.")
    print("Make that? [y/N] ", end="", file=sys.stderr, flush=True)
    answer = await asyncio.to_thread(sys.stdin.readline)
    if answer.strip().lower() not in ("y", "yes"):
        raise Invalid("Nothing was imported.")


class _Book:
    """A book on its way in, which is written to ``out`` too."""

    def __init__(self, house: House, out: Path | None) -> None:
        self._house, self._out = house, out
        self._work: Arriving[books.Arrival, Any]

    async def open(self, file: BinaryIO, held: AsyncExitStack) -> FirstLook:
        self._work = await held.enter_async_context(_arriving(self._house, books.Portables(self._house.books), file))
        if self._out is not None:
            exporting.look_into(self._out, self._work.arrived.header.brief)
        return self._work.look

    async def take_in(self) -> Taken:
        header = self._work.arrived.header
        return Taken(await _begun(self._work, "book"), header.title, header.results)

    async def results(self, begun: Begun, state: JobState) -> Mapping[str, str]:
        """SHA-256 of its files by their slots, before they were signed."""
        house, book_id = self._house, begun.work_id
        if self._out is not None:
            await exporting.export(house, book_id, begun.job["id"], self._work.arrived.header.brief, self._out)
        async with house.database.transaction(house.owner.team_id) as transaction:
            parts = await house.books.get_parts(transaction, book_id)
        return {row["slot"]: row["unsigned_hash"] for row in parts["files"]}


class _Film:
    """A film on its way in, which is written to ``out`` too."""

    def __init__(self, house: House, out: Path | None) -> None:
        self._house, self._out = house, out
        self._work: Arriving[videos.Judged, Any]

    @property
    def _asked(self) -> dict[str, Any]:
        """As recipes have it: a film of a storyboard that was there."""
        header = self._work.arrived.arrival.header
        return {**encode(header.brief), "storyboard": digest(header.board)}

    async def open(self, file: BinaryIO, held: AsyncExitStack) -> FirstLook:
        self._work = await held.enter_async_context(_arriving(self._house, videos.Portables(self._house.videos), file))
        if self._out is not None:
            filming.look_into(self._out, self._asked)
        return self._work.look

    async def take_in(self) -> Taken:
        header = self._work.arrived.arrival.header
        return Taken(await _begun(self._work, "film"), header.title, header.results)

    async def results(self, begun: Begun, state: JobState) -> Mapping[str, str]:
        """SHA-256 of its files by their slots, before the film was signed."""
        house = self._house
        if self._out is not None:
            exported = await filming.export(house, begun, self._asked, self._out, state)
            if not exported.paths:
                said = "there is no more of it than a storyboard, which `overprint up` shows."
                print(f"overprint: nothing is written to {self._out}: {said}", file=sys.stderr)
        async with house.database.transaction(house.owner.team_id) as transaction:
            return videos.results_of(await house.videos.get_film(transaction, begun.work_id))


def _arriving(house: House, portables: Portables[A, S], file: BinaryIO) -> AbstractAsyncContextManager[Arriving[A, S]]:
    return arriving(portables, house.owner, partial(house.database.transaction, house.owner.team_id), file)


async def _begun(work: Arriving[Any, Any], what: str) -> Begun:
    """Kept and set going: to what it may cost, somebody has agreed."""
    async with work.stored(work.look.credits) as (_, keep):
        job = await keep()
    return Begun(job["lineage"], job, what=what)


def told_of(taken: Taken, slots: Mapping[str, str]) -> str:
    """Whether it came out as it was where it comes from, if it was made to its end there."""
    differing = sorted(slot for slot, content_hash in taken.expected.items() if slots.get(slot) != content_hash)
    if not taken.expected:
        said = "as far as it was made there"
    elif differing:
        said = f"not the same bytes as there: {', '.join(differing)}"
    else:
        said = "byte for byte as it was there"
    return f"“{taken.title}” is here, {said}."


async def _find(house: House, transaction: Any, work: str) -> tuple[bool, UUID]:
    """Whether it is a film, and the id of the work with this id, in this folder that ``make`` wrote, or the only one
    with this title."""
    try:
        return await _is_film(house, transaction, UUID(work)), UUID(work)
    except ValueError:
        pass
    film = await filming.find_made(house, transaction, Path(work))
    if film is not None:
        return True, film
    brief = exporting.read_brief(Path(work))
    if brief is not None:
        return False, await _made_for(house, transaction, key_of(brief))
    listed = [(False, row) for row in await house.books.list_books(transaction, limit=LISTED_MAX)]
    listed += [(True, row) for row in await house.videos.list_videos(transaction, limit=LISTED_MAX)]
    named = [(is_film, row["id"]) for is_film, row in listed if row["title"].casefold() == work.casefold()]
    if len(named) != 1:
        which = "Nothing is" if not named else f"{len(named)} works are"
        raise NotFound(f"{which} called {work[:80]!r}.", "Say its id, or the folder that `make` wrote.")
    return named[0]


async def _is_film(house: House, transaction: Any, work_id: UUID) -> bool:
    """Raises ``NotFound`` for what is neither."""
    try:
        await house.videos.get(transaction, work_id)
    except NotFound:
        await house.books.get(transaction, work_id)
        return False
    return True


async def _made_for(house: House, transaction: Any, key: str) -> UUID:
    job = await house.jobs.get_by_key(transaction, key)
    if job is None:
        raise NotFound("The book in this folder was not made with this data folder.", "Name the right one with --data.")
    lineage: UUID = job["lineage"]
    return lineage
