"""Every job goes through the purse: from submit to its end, with a real engine and a real database."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from overprint.core.codec import encode
from overprint.core.problems import OutOfCredits, TooOften
from overprint.db.database import Database, open_database
from overprint.engine.job import JobState
from overprint.features.billing import FREE, Prices, pricing
from overprint.features.billing.rules.prices import PriceList, Tier
from tests.features.jobs.tiny import KIND, TINY, Tiny
from tests.support.database import TestDatabase
from tests.support.studio import Studio, open_studio

# What the tiny pipeline costs: a picture and a word about it.
TINY_PRICES = {"tiny.draw@1": {Tier.BASIC: 30, Tier.PREMIUM: 30}, "tiny.say@1": {Tier.BASIC: 12, Tier.PREMIUM: 12}}
PRICES = Prices({1: PriceList(1, TINY_PRICES)})
QUOTE = 42
PRICED = replace(TINY, most=lambda tiny: {"tiny.draw@1": 1, "tiny.say@1": 1})


@pytest.fixture
async def studio(database: Database, database_urls: TestDatabase) -> AsyncIterator[Studio]:
    async with open_studio(database, database_urls, pipeline=PRICED, prices=PRICES, plan=FREE) as opened:
        yield opened


@pytest.fixture
async def own(database: Database, database_urls: TestDatabase) -> AsyncIterator[Studio]:
    async with open_studio(database, database_urls, pipeline=PRICED, prices=PRICES) as opened:
        yield opened


async def submit(studio: Studio, tiny: Tiny, **options: Any) -> UUID:
    async with studio.transaction() as transaction:
        job = await studio.jobs.submit(transaction, studio.owner, KIND, encode(tiny), **options)
    assert isinstance(job["id"], UUID)
    return job["id"]


async def hold_of(studio: Studio, job_id: UUID) -> tuple[int, int, int]:
    """What is held, was captured and was released."""
    row = await studio.engine.database.system.fetchrow("SELECT * FROM job_holds WHERE job_id = $1", job_id)
    assert row["quote_credits"] == QUOTE
    return row["held_credits"], row["captured_credits"], row["released_credits"]


async def spendable(studio: Studio) -> int:
    async with studio.transaction() as transaction:
        return int((await studio.credits.balances(transaction))["available_credits"])


async def test_a_job_holds_its_quote_and_captures_what_it_delivers(studio: Studio) -> None:
    before = await spendable(studio)
    job_id = await submit(studio, Tiny("fox"))
    assert (await hold_of(studio, job_id), await spendable(studio)) == ((QUOTE, 0, 0), before - QUOTE)
    assert await studio.finish(job_id) is JobState.COMPLETED
    assert await hold_of(studio, job_id) == (0, QUOTE, 0)
    assert await studio.credits.find_drift() == []


async def test_a_step_that_fails_is_not_paid_and_the_rest_comes_back(studio: Studio) -> None:
    before = await spendable(studio)
    job_id = await submit(studio, Tiny("fox", fails=True))
    assert await studio.finish(job_id) is JobState.FAILED
    assert (await hold_of(studio, job_id), await spendable(studio)) == ((0, 30, 12), before - 30)


async def test_a_cancelled_job_pays_for_what_was_delivered(studio: Studio) -> None:
    job_id = await submit(studio, Tiny("fox"))
    async with studio.transaction() as transaction:
        await studio.jobs.cancel(transaction, studio.owner, job_id)
    assert await hold_of(studio, job_id) == (0, 0, QUOTE)
    assert await studio.credits.find_drift() == []


async def test_what_was_made_before_is_not_paid_again(studio: Studio) -> None:
    await studio.finish(await submit(studio, Tiny("fox")))
    again = await submit(studio, Tiny("fox"))
    assert await hold_of(studio, again) == (0, 0, QUOTE), "nothing ran, so it ended at once"


async def test_a_rerun_is_quoted_for_what_does_not_run_already(studio: Studio) -> None:
    first = await submit(studio, Tiny("fox", fails=True))
    await studio.finish(first)
    async with studio.transaction() as transaction:
        lineage = (await studio.jobs.get(transaction, first))["lineage"]
        quote = await studio.jobs.quotes.quote(transaction, KIND, encode(Tiny("fox", fails=True)), lineage=lineage)
        again = await studio.jobs.rerun(transaction, studio.owner, first)
    assert quote.credits == again["quote_credits"] == 12


async def test_each_captured_credit_names_the_step_and_the_files_it_paid_for(studio: Studio) -> None:
    job_id = await submit(studio, Tiny("fox"))
    await studio.finish(job_id)
    async with studio.transaction() as transaction:
        entries = await studio.credits.list_entries(transaction, job_id=job_id)
    assert [(entry["kind"], entry["step_key"], entry["held_credits"]) for entry in entries] == [
        ("capture", "word", -12),
        ("capture", "picture", -30),
        ("hold", None, QUOTE),
    ]
    assert [file["name"] for file in entries[1]["paid_for"]] == ["fox.png"]


async def test_the_same_request_under_a_key_is_held_for_once(studio: Studio) -> None:
    before = await spendable(studio)
    first = await submit(studio, Tiny("fox"), idempotency_key="k")
    assert await submit(studio, Tiny("fox"), idempotency_key="k") == first
    assert await spendable(studio) == before - QUOTE


async def test_who_works_on_their_own_machine_pays_nothing_and_the_books_are_true(own: Studio) -> None:
    job_id = await submit(own, Tiny("fox", fails=True))
    assert await hold_of(own, job_id) == (QUOTE, 0, 0)
    await own.finish(job_id)
    assert (await hold_of(own, job_id), await spendable(own)) == ((0, 30, 12), 0)
    lot = await own.engine.database.system.fetchrow("SELECT * FROM credit_lots WHERE source = 'house'")
    assert (lot["issued_credits"], lot["earned_credits"], lot["available_credits"]) == (-30, 30, 0)
    assert await own.credits.find_drift() == []


async def test_without_enough_credits_nothing_is_begun(studio: Studio) -> None:
    admin = replace(studio.owner, is_site_admin=True)
    async with studio.transaction() as transaction:
        there = (await studio.credits.balances(transaction))["available_credits"]
        await studio.credits.take_back(transaction, admin, there - QUOTE + 1, "To see what happens")
    with pytest.raises(OutOfCredits, match="up to 42 credits, and the team has 41"):
        await submit(studio, Tiny("fox"))
    assert await studio.count("jobs") == 0


async def test_of_two_hundred_at_once_exactly_as_many_begin_as_the_plan_allows(
    studio: Studio, database_urls: TestDatabase
) -> None:
    """Free allows five a day; there are credits for seven."""
    wide = await open_database(database_urls.app, database_urls.system, pool_size=16)
    try:
        outcomes = await asyncio.gather(*(_try(studio, wide, n) for n in range(200)))
    finally:
        await wide.aclose()
    assert (outcomes.count("begun"), outcomes.count("quota")) == (5, 195)
    assert await studio.count("jobs") == 5
    assert await studio.credits.find_drift() == []


async def test_of_two_hundred_at_once_exactly_as_many_begin_as_there_are_credits_for(
    own: Studio, database_urls: TestDatabase
) -> None:
    admin = replace(own.owner, is_site_admin=True)
    async with own.transaction() as transaction:
        await own.jobs.plans.put_on(transaction, admin, "team", "By contract")
        await own.credits.balances(transaction)
        await own.credits.take_back(transaction, admin, 10000 - 9 * QUOTE - 5, "So that there is enough for nine")
    wide = await open_database(database_urls.app, database_urls.system, pool_size=16)
    try:
        outcomes = await asyncio.gather(*(_try(own, wide, n) for n in range(200)))
    finally:
        await wide.aclose()
    assert (outcomes.count("begun"), outcomes.count("credits")) == (9, 191)
    assert await spendable(own) == 5
    assert await own.credits.find_drift() == []


async def _try(studio: Studio, database: Database, number: int) -> str:
    try:
        async with database.transaction(studio.engine.team_id) as transaction:
            await studio.jobs.submit(transaction, studio.owner, KIND, encode(Tiny(f"fox {number}")))
    except TooOften:
        return "quota"
    except OutOfCredits:
        return "credits"
    return "begun"


async def test_a_job_that_goes_on_keeps_its_prices_when_they_change(studio: Studio) -> None:
    dearer = PriceList(2, {kind: dict.fromkeys(tiers, 1000) for kind, tiers in TINY_PRICES.items()})
    prices = Prices({**PRICES.lists, 2: dearer})
    later = replace(
        studio.jobs,
        rules=replace(studio.engine.rules, price=pricing(prices)),
        quotes=replace(studio.jobs.quotes, prices=prices),
    )
    job_id = await submit(studio, Tiny("fox"))
    with pytest.raises(OutOfCredits, match="up to 2000 credits"):
        async with studio.transaction() as transaction:
            await later.submit(transaction, studio.owner, KIND, encode(Tiny("owl")))
    await studio.finish(job_id)
    assert await hold_of(studio, job_id) == (0, QUOTE, 0)


async def test_plans_weigh_what_their_teams_make(studio: Studio) -> None:
    async with studio.transaction() as transaction:
        await studio.jobs.plans.put_on(transaction, replace(studio.owner, is_site_admin=True), "pro", "A present")
    job_id = await submit(studio, Tiny("fox"))
    assert await studio.engine.database.system.fetchval("SELECT weight FROM jobs WHERE id = $1", job_id) == 3


async def test_no_capture_happens_without_its_job_and_step(database_urls: TestDatabase, studio: Studio) -> None:
    superuser = await asyncpg.connect(database_urls.superuser)
    with pytest.raises(asyncpg.CheckViolationError):
        await superuser.execute(
            "INSERT INTO ledger_entries (id, team_id, key, kind, at) VALUES ($1, $1, 'x', 'capture', now())",
            studio.engine.team_id,
        )
    await superuser.close()
