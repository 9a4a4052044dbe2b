"""How ``make book`` finds what it goes on with: the book of this very request, and how much of it is made already."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from overprint.core.codec import digest, encode
from overprint.core.problems import Conflict
from overprint.core.story import Brief
from overprint.db.database import Transaction
from overprint.engine.job import JOB_ENDED, JobState, StepState
from overprint.wiring import House

Row = dict[str, Any]

KEY_PREFIX = "make:"
BEGIN_TRIES, BEGIN_AGAIN_SECONDS = 5, 0.2
SCREEN_DPI, PRINT_DPI = 200, 300
"""What pictures are drawn at unless somebody says otherwise."""
_MADE = (StepState.COMPLETED, StepState.REUSED)
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
    """What is being made. ``steps_made``: how many of its steps were made before.

    ``redrawn``: how many pictures are there, but at other dots per inch. ``running``: titles of what is made already
    now, by whichever worker, by key.
    """

    book_id: UUID
    job: Row
    steps_made: int = 0
    redrawn: int = 0
    running: Sequence[tuple[str, str]] = ()

    @property
    def has_ended(self) -> bool:
        return JobState(self.job["state"]) in JOB_ENDED


async def begin(house: House, brief: Brief, extras: Extras, held_dpi: int | None) -> Begun:
    """The book of this very request, or a new one; an unfinished job is joined, a failed one is run again.

    Another command that begins the same book at this very moment is waited for, and then joined. ``held_dpi``: of the
    pictures that the person has.
    """
    tries_left = BEGIN_TRIES
    while True:
        try:
            async with house.database.transaction(house.owner.team_id) as transaction:
                return await _begin(house, transaction, brief, extras, held_dpi or SCREEN_DPI)
        except Conflict:
            tries_left -= 1
            if not tries_left:
                raise
        await asyncio.sleep(BEGIN_AGAIN_SECONDS)


async def _begin(house: House, transaction: Transaction, brief: Brief, extras: Extras, held_dpi: int) -> Begun:
    key = KEY_PREFIX + digest(brief)
    first = await house.jobs.get_by_key(transaction, key)
    if first is None:
        book, job = await house.books.start(
            transaction,
            house.owner,
            brief,
            printer=extras.printer,
            is_aloud=extras.is_aloud,
            idempotency_key=key,
        )
        return await _foreseen(house, transaction, book, job, brief, held_dpi)
    book = await house.books.get(transaction, first["lineage"])
    job = await house.jobs.find_newest(transaction, book["id"]) or first
    if JobState(job["state"]) in JOB_ENDED and (job["state"] != JobState.COMPLETED or extras.lacked_by(job)):
        printer, is_aloud = extras.printer or None, extras.is_aloud or None
        job = await house.books.make(transaction, house.owner, book["id"], printer=printer, is_aloud=is_aloud)
        return await _foreseen(house, transaction, book, job, brief, held_dpi)
    steps = await house.jobs.list_steps(transaction, job["id"])
    running = [(step["key"], step["title"]) for step in steps if step["state"] == StepState.RUNNING]
    return Begun(book["id"], job, sum(step["state"] in _MADE for step in steps), running=running)


async def _foreseen(house: House, transaction: Transaction, book: Row, job: Row, brief: Brief, held_dpi: int) -> Begun:
    """A job that has just been set going, and what it will find made already."""
    ahead = await house.books.forecast(transaction, book, job)
    redrawn = 0
    if brief.picture_dpi != held_dpi:
        held = {**book, "brief": encode(replace(brief, picture_dpi=held_dpi))}
        drawn = set((await house.books.forecast(transaction, held, job)).reused)
        redrawn = sum(key.startswith(_PICTURES) for key in drawn & set(ahead.runs))
    return Begun(book["id"], job, len(ahead.reused), redrawn)
