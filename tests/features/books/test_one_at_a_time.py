"""Whoever makes, changes or deletes a book at the same moment as another waits, and is then told what is so."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest

from overprint.core.problems import Conflict, NotFound, Problem
from overprint.db.database import Transaction
from overprint.features.books import Target
from tests.support.statements import until_it_waits
from tests.support.studio import BRIEF, Studio

Act = Callable[[Studio, Transaction, UUID, UUID], Awaitable[Any]]

ACTS: dict[str, Act] = {
    "rerun": lambda studio, t, book, job: studio.jobs.rerun(t, studio.owner, job),
    "make": lambda studio, t, book, job: studio.books.make(t, studio.owner, book, Target.CHAPTERS),
    "change": lambda studio, t, book, job: studio.books.change_brief(t, studio.owner, book, {"author": "Ann"}),
    "delete": lambda studio, t, book, job: studio.books.delete(t, studio.owner, book),
}
BEGINS = {"rerun", "make"}


async def _unmade(studio: Studio) -> tuple[UUID, UUID]:
    """Ids of a book that is not being made any more, and has everything still to be made, and of its job."""
    book_id, job_id = await studio.start(target=Target.CHAPTERS)
    async with studio.transaction() as transaction:
        await studio.jobs.cancel(transaction, studio.owner, job_id)
    return book_id, job_id


async def _act(studio: Studio, name: str, book_id: UUID, job_id: UUID) -> None:
    async with studio.transaction() as transaction:
        await ACTS[name](studio, transaction, book_id, job_id)


def _told_after(first: str, second: str) -> type[Problem] | None:
    """What the second is told that had to wait for the first."""
    if first == "delete":
        return NotFound
    return Conflict if first in BEGINS else None


@pytest.mark.parametrize("second", ACTS)
@pytest.mark.parametrize("first", ACTS)
async def test_the_second_waits_for_the_first_and_sees_what_it_did(studio: Studio, first: str, second: str) -> None:
    book_id, job_id = await _unmade(studio)
    async with studio.transaction() as transaction:
        await ACTS[first](studio, transaction, book_id, job_id)
        waits = asyncio.create_task(_act(studio, second, book_id, job_id))
        await until_it_waits(studio.engine.database, waits)
    told = (await asyncio.gather(waits, return_exceptions=True))[0]
    assert type(told) is (_told_after(first, second) or type(None)), told
    if "delete" in (first, second) and (first == "delete" or told is None):
        assert await studio.count("jobs") == await studio.count("books") == 0


async def test_a_request_that_is_sent_twice_at_once_begins_one_book_and_both_hear_of_it(studio: Studio) -> None:
    async with studio.transaction() as transaction:
        book, job = await studio.books.start(transaction, studio.owner, BRIEF, idempotency_key="once")
        second = asyncio.create_task(studio.start(idempotency_key="once"))
        await until_it_waits(studio.engine.database, second)
    assert await second == (book["id"], job["id"])
    assert (await studio.count("books"), await studio.count("jobs")) == (1, 1)


async def test_of_many_who_make_a_book_at_once_one_does_and_all_others_hear_of_it(studio: Studio) -> None:
    book_id, job_id = await _unmade(studio)
    told = await asyncio.gather(
        *(_act(studio, name, book_id, job_id) for name in ["rerun", "make"] * 3), return_exceptions=True
    )
    assert told.count(None) == 1
    assert {type(problem) for problem in told if problem is not None} == {Conflict}
    assert await studio.count("jobs") == 2
