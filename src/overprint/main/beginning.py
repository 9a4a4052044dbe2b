"""How ``make book`` finds what it goes on with: the book of this very request, and how much of it is made already."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from overprint.core.codec import digest
from overprint.core.problems import Conflict
from overprint.core.story import Brief
from overprint.db.database import Transaction
from overprint.engine.job import JOB_ENDED, STEP_DELIVERED, JobState, StepState
from overprint.wiring import House

Row = dict[str, Any]

KEY_PREFIX = "make:"
BEGIN_TRIES, BEGIN_AGAIN_SECONDS = 5, 0.2
SCREEN_DPI, PRINT_DPI = 200, 300
"""What pictures are drawn at unless somebody says otherwise."""
_PICTURES = "picture/"


@dataclass(frozen=True, slots=True)
class Extras:
    """What is wanted besides the book: print files to a printer's terms, and to have it read aloud."""

    printer: str = ""
    is_aloud: bool = False

    def lacked_by(self, job: Row) -> bool:
        """Whether more is wanted than that job was asked for."""
        asked = job["request"]
        is_for_another_printer = bool(self.printer) and asked.get("printer") != self.printer
        return is_for_another_printer or (self.is_aloud and not asked.get("is_aloud"))


NOTHING_MORE = Extras()


@dataclass(frozen=True, slots=True)
class Begun:
    """What is being made, in people's word ``what``. ``steps_made``: how many of its steps were made before.

    ``dpi``: of its pictures. ``redrawn``: how many are there, but at other dots per inch. ``running``: titles of what
    is made already now, by whichever worker, by key.
    """

    work_id: UUID
    job: Row
    steps_made: int = 0
    dpi: int = SCREEN_DPI
    redrawn: int = 0
    running: Sequence[tuple[str, str]] = ()
    what: str = "book"

    @property
    def has_ended(self) -> bool:
        return JobState(self.job["state"]) in JOB_ENDED


def key_of(brief: Brief) -> str:
    """Under which the book of a request is found again. Finer pictures make a new version of it, not another book."""
    return KEY_PREFIX + digest(replace(brief, picture_dpi=SCREEN_DPI))


async def begin(house: House, brief: Brief, extras: Extras, dpi: int | None, held_dpi: int | None) -> Begun:
    """The book of this very request, or a new one; an unfinished job is joined, a failed one is run again.

    Another command that begins the same book at this very moment is waited for, and then joined. ``dpi`` is asked for
    (None: whatever its use needs), ``held_dpi`` is of the pictures that the person has.
    """
    tries_left = BEGIN_TRIES
    while True:
        try:
            async with house.database.transaction(house.owner.team_id) as transaction:
                return await _begin(house, transaction, brief, extras, dpi, held_dpi or SCREEN_DPI)
        except Conflict:
            tries_left -= 1
            if not tries_left:
                raise
        await asyncio.sleep(BEGIN_AGAIN_SECONDS)


async def _begin(
    house: House, transaction: Transaction, brief: Brief, extras: Extras, dpi: int | None, held_dpi: int
) -> Begun:
    key = key_of(brief)
    first = await house.jobs.get_by_key(transaction, key)
    if first is not None:
        return await _go_on(house, transaction, first, extras, dpi)
    book, job = await house.books.start(
        transaction,
        house.owner,
        replace(brief, picture_dpi=dpi or _dpi_for(extras, held_dpi)),
        printer=extras.printer,
        is_aloud=extras.is_aloud,
        idempotency_key=key,
    )
    return await _foreseen(house, transaction, book, job, held_dpi)


async def _go_on(house: House, transaction: Transaction, first: Row, extras: Extras, dpi: int | None) -> Begun:
    """With a book that was begun before by ``first``. Its pictures stay as they are where they are fine enough."""
    book = await house.books.get(transaction, first["lineage"])
    job = await house.jobs.find_newest(transaction, book["id"]) or first
    held_dpi = int(book["brief"]["picture_dpi"])
    wanted_dpi = dpi or _dpi_for(extras, held_dpi)
    is_going = JobState(job["state"]) not in JOB_ENDED
    if wanted_dpi != held_dpi:
        _refuse_while(is_going, job, held_dpi)
        changes = {"picture_dpi": wanted_dpi}
        book = await house.books.change_brief(transaction, house.owner, book["id"], changes)
    lacks = job["state"] != JobState.COMPLETED or extras.lacked_by(job)
    if wanted_dpi != held_dpi or (lacks and not is_going):
        printer, is_aloud = extras.printer or None, extras.is_aloud or None
        job = await house.books.make(transaction, house.owner, book["id"], printer=printer, is_aloud=is_aloud)
        return await _foreseen(house, transaction, book, job, held_dpi)
    steps = await house.jobs.list_steps(transaction, job["id"])
    running = [(step["key"], step["title"]) for step in steps if step["state"] == StepState.RUNNING]
    return Begun(book["id"], job, sum(step["state"] in STEP_DELIVERED for step in steps), held_dpi, running=running)


def _refuse_while(is_going: bool, job: Row, held_dpi: int) -> None:
    if is_going:
        raise Conflict(
            f"This book is being made with pictures at {held_dpi} dpi.",
            f"Let it finish: run the command without --dpi. Or stop it: `overprint jobs cancel {job['id']}`.",
        )


def _dpi_for(extras: Extras, held_dpi: int) -> int:
    """Enough for what the book is for."""
    return max(held_dpi, PRINT_DPI) if extras.printer else held_dpi


async def _foreseen(house: House, transaction: Transaction, book: Row, job: Row, held_dpi: int) -> Begun:
    """A job that has just been set going, and what it will find made already."""
    ahead = await house.books.forecast(transaction, book, job)
    dpi, redrawn = int(book["brief"]["picture_dpi"]), 0
    if dpi != held_dpi:
        held = {**book, "brief": {**book["brief"], "picture_dpi": held_dpi}}
        drawn = set((await house.books.forecast(transaction, held, job)).reused)
        redrawn = sum(key.startswith(_PICTURES) for key in drawn & set(ahead.runs))
    return Begun(book["id"], job, len(ahead.reused), dpi, redrawn)
