"""How ``make book`` finds the book it goes on with."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from overprint.core.problems import Conflict
from overprint.core.story import Brief
from overprint.main.beginning import NOTHING_MORE, Begun, Extras, begin
from overprint.wiring import House
from tests.support.database import TestDatabase
from tests.support.house import house_on

BRIEF = Brief("A fox looks for the moon", pages=6, chapters=1)
PRINTED = Extras("lulu-paperback")


@pytest.fixture
async def idle(database_urls: TestDatabase, tmp_path: Path) -> AsyncIterator[House]:
    """A house where nobody works, so that jobs stay as they are."""
    async with house_on(database_urls, tmp_path / "data", works=False) as opened:
        yield opened


async def stopped(house: House, begun: Begun) -> Begun:
    async with house.database.transaction(house.owner.team_id) as transaction:
        await house.jobs.cancel(transaction, house.owner, begun.job["id"])
    return begun


async def test_finer_pictures_make_a_new_version_of_the_same_book(idle: House) -> None:
    first = await stopped(idle, await begin(idle, BRIEF, NOTHING_MORE, None, None))
    finer = await stopped(idle, await begin(idle, BRIEF, NOTHING_MORE, 250, None))
    printed = await stopped(idle, await begin(idle, BRIEF, PRINTED, None, None))
    coarser = await stopped(idle, await begin(idle, BRIEF, PRINTED, 100, 300))
    assert {begun.work_id for begun in (finer, printed, coarser)} == {first.work_id}
    assert [begun.dpi for begun in (first, finer, printed, coarser)] == [200, 250, 300, 100]
    async with idle.database.transaction(idle.owner.team_id) as transaction:
        (book,) = await idle.books.list_books(transaction)
    assert book["brief"]["picture_dpi"] == 100


async def test_whoever_names_no_resolution_gets_the_book_as_it_is(idle: House) -> None:
    first = await begin(idle, BRIEF, NOTHING_MORE, 250, None)
    again = await begin(idle, BRIEF, NOTHING_MORE, None, 200)
    assert (again.work_id, again.job["id"], again.dpi) == (first.work_id, first.job["id"], 250)


async def test_another_resolution_waits_for_the_job_that_goes_on_and_says_how_to_stop_it(
    idle: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("overprint.main.beginning.BEGIN_AGAIN_SECONDS", 0)
    first = await begin(idle, BRIEF, NOTHING_MORE, None, None)
    with pytest.raises(Conflict, match="being made with pictures at 200 dpi") as refused:
        await begin(idle, BRIEF, NOTHING_MORE, 300, None)
    assert str(first.job["id"]) in refused.value.next_step
