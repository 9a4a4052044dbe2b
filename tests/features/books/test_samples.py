"""The first page of a book, for nothing, before anybody decides."""

import re
from dataclasses import replace
from uuid import UUID

import httpx
import pytest

from overprint.core.clock import SystemClock
from overprint.core.codec import decode
from overprint.core.problems import Denied, NotFound, TooOften
from overprint.core.story import Brief, ChapterText
from overprint.engine.schedule import ScheduleContext
from overprint.features.books.pipeline import SAMPLE
from overprint.features.books.service import Samples, samples
from overprint.features.books.service.samples import CHAPTER_PAGES_MAX, SAMPLES_A_DAY, SAMPLES_OF_GUESTS
from tests.support.database import TestDatabase
from tests.support.studio import BRIEF, Studio, open_studio


async def _begin(studio: Studio, brief: Brief = BRIEF) -> UUID:
    async with studio.transaction() as transaction:
        return await Samples(studio.books).begin(transaction, studio.owner, brief)


async def _steps_of_newest(studio: Studio) -> dict[str, str]:
    async with studio.transaction() as transaction:
        newest = (await studio.jobs.list_jobs(transaction))[0]
        return {step["key"]: step["state"] for step in await studio.jobs.list_steps(transaction, newest["id"])}


async def test_a_first_page_has_its_words_and_one_picture_and_costs_nothing(studio: Studio) -> None:
    await studio.finish(job_id := await _begin(studio))
    async with studio.transaction() as transaction:
        sample = await Samples(studio.books).get(transaction, job_id)
        steps = await studio.jobs.list_steps(transaction, job_id)
        balances = await studio.credits.balances(transaction)
    assert sample.paragraphs and sample.url and sample.alt and not sample.is_going and not sample.error
    assert len(studio.images.requests) == 1
    assert sum(step["price_credits"] for step in steps) == 0 == balances["held_credits"]
    assert await studio.count("ledger_entries") == 0 == await studio.count("books")


async def test_the_book_itself_has_the_words_of_its_first_page(studio: Studio) -> None:
    await studio.finish(job_id := await _begin(studio))
    async with studio.transaction() as transaction:
        sample = await Samples(studio.books).get(transaction, job_id)
    book = await studio.book(await studio.make())
    assert tuple(book["chapters"][0]["pages"][0]["paragraphs"]) == sample.paragraphs
    states = await _steps_of_newest(studio)
    assert {states[key] for key in ("plan", "text/1", "scenes/1")} == {"reused"}


async def test_the_same_page_asked_for_twice_is_made_once(studio: Studio) -> None:
    assert await _begin(studio) == await _begin(studio)
    assert await studio.count("jobs") == 1


async def test_first_pages_are_no_works_of_the_day_and_have_a_bound_of_their_own(
    database_urls: TestDatabase, studio: Studio
) -> None:
    async with open_studio(studio.engine.database, database_urls, plan="guest") as trial:
        for number in range(SAMPLES_OF_GUESTS):
            await _begin(trial, Brief(f"A fox finds door number {number}"))
        with pytest.raises(TooOften, match="as many as are free"):
            await _begin(trial, Brief("A fox finds a door too many"))
        await trial.start()  # the one work that a guest has a day


async def test_a_first_page_made_again_counts_as_another(studio: Studio) -> None:
    await studio.finish(job_id := await _begin(studio))
    with pytest.raises(TooOften):
        for _ in range(SAMPLES_A_DAY):
            async with studio.transaction() as transaction:
                await studio.jobs.rerun(transaction, studio.owner, job_id)
    assert await studio.count("jobs") == SAMPLES_A_DAY


async def test_who_may_not_make_gets_no_first_page(studio: Studio) -> None:
    async with studio.transaction() as transaction:
        with pytest.raises(Denied):
            await Samples(studio.books).begin(transaction, studio.viewer, BRIEF)


async def test_a_book_s_job_is_no_first_page(studio: Studio) -> None:
    _, job_id = await studio.start()
    async with studio.transaction() as transaction:
        with pytest.raises(NotFound):
            await Samples(studio.books).get(transaction, job_id)


async def test_the_form_shows_how_far_its_first_page_is(client: httpx.AsyncClient, studio: Studio) -> None:
    form = {"premise": BRIEF.premise, "pages": "6", "chapters": "2", "act": "begin"}
    page = (await client.post("/make/sample", data=form)).text
    begun = re.search(r'name="sample" value="([^"]+)"', page)
    assert begun is not None and "Writing it…" in page and "data-again" in page
    await studio.finish(UUID(begun[1]))
    page = (await client.post("/make/sample", data={**form, "act": "", "sample": begun[1]})).text
    assert "So it begins." in page and BRIEF.premise in page


@pytest.mark.parametrize("wrong", [{"premise": "?"}, {"pages": "many"}, {"photos": "no-id"}])
async def test_a_first_page_of_nothing_is_refused_where_it_was_asked_for(
    client: httpx.AsyncClient, studio: Studio, wrong: dict[str, str]
) -> None:
    answer = await client.post("/make/sample", data={"premise": BRIEF.premise, "act": "begin", **wrong})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text.partition('data-live="sample"')[2]
    assert await studio.count("jobs") == 0


async def test_a_first_page_of_a_book_in_one_long_chapter_gives_away_no_more_than_a_short_one(studio: Studio) -> None:
    await studio.finish(job_id := await _begin(studio, replace(BRIEF, pages=40, chapters=1)))
    async with studio.transaction() as transaction:
        job = await studio.jobs.get(transaction, job_id)
        words = await studio.jobs.find_output(transaction, job["lineage"], "text/1")
    assert len(decode(ChapterText, words).pages) == CHAPTER_PAGES_MAX


async def test_first_pages_and_their_files_are_forgotten_after_some_days(studio: Studio) -> None:
    await studio.finish(old := await _begin(studio))
    await studio.finish(await _begin(studio, Brief("Two otters build a boat", pages=6)))
    await studio.engine.database.system.execute(
        "UPDATE jobs SET ended_at = ended_at - interval '3 days' WHERE id = $1", old
    )
    before = await studio.count("assets")
    await Samples(studio.books).forget(ScheduleContext(studio.engine.database, SystemClock(), 60.0))
    assert await studio.count("jobs") == 1 and 0 < await studio.count("assets") < before
    async with studio.transaction() as transaction:
        with pytest.raises(NotFound):
            await Samples(studio.books).get(transaction, old)


async def test_the_house_gives_so_many_first_pages_a_day_to_all_together(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _begin(studio)
    assert await studio.jobs.count_begun(SAMPLE) == 1
    monkeypatch.setattr(samples, "SAMPLES_IN_HOUSE", 1)
    await _begin(studio)  # the same page again is none
    with pytest.raises(TooOften, match="for nothing today"):
        await _begin(studio, Brief("An owl reads"))
