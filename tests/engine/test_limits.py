"""Rates, slots and whose turn it is."""

import asyncio
import time
from collections import Counter as Tally

import pytest

from overprint.db.database import Database
from overprint.engine import limits
from overprint.engine.limits import ProviderLimits
from overprint.ports.errors import Busy
from tests.support.database import TestDatabase
from tests.support.engine import open_engine
from tests.support.toy import Counter, Order, toy_pipeline


async def test_a_rate_is_kept_exactly_by_many_callers_at_once(database: Database) -> None:
    bounds = ProviderLimits(per_second=40, burst=10)
    began = time.monotonic()
    await asyncio.gather(*(limits.wait_for_rate(database.system, "p", bounds) for _ in range(50)))
    seconds = time.monotonic() - began
    assert 0.95 < seconds < 10.0  # 10 at once, then 40 at 40 a second; a busy machine takes longer


async def test_who_would_wait_long_for_a_rate_is_told_to_come_back_and_takes_no_token(database: Database) -> None:
    bounds = ProviderLimits(per_second=1, burst=1)
    await limits.wait_for_rate(database.system, "p", bounds)
    for _ in range(3):
        with pytest.raises(Busy) as busy:
            await limits.wait_for_rate(database.system, "p", bounds, patience_seconds=0.5)
        assert busy.value.retry_after_seconds > 0
    await database.system.execute("UPDATE rate_buckets SET at = at - interval '1 s'")
    await limits.wait_for_rate(database.system, "p", bounds, patience_seconds=0.5)


async def test_no_more_than_so_many_hold_a_provider_at_the_same_time(database: Database) -> None:
    bounds = ProviderLimits(at_once=3)
    now, most = 0, 0

    async def hold(n: int) -> None:
        nonlocal now, most
        async with limits.provider_slot(database.system, "p", f"1@{n}", bounds):
            now += 1
            most = max(most, now)
            await asyncio.sleep(0.03)
            now -= 1

    await asyncio.gather(*(hold(n) for n in range(15)))
    assert most == 3
    assert await database.system.fetchval("SELECT count(*) FROM provider_slots") == 0


async def test_a_full_provider_makes_nobody_wait_for_long(database: Database) -> None:
    bounds = ProviderLimits(at_once=1)
    async with limits.provider_slot(database.system, "p", "1@a", bounds):
        with pytest.raises(Busy):
            async with limits.provider_slot(database.system, "p", "1@b", bounds, patience_seconds=0.1):
                raise AssertionError("there was no room")


async def test_a_dead_holders_slot_comes_free_and_a_living_ones_does_not(database: Database) -> None:
    bounds = ProviderLimits(at_once=1)
    await database.system.execute("INSERT INTO provider_slots VALUES ('p', 0, '1@dead', now() + interval '0.3 s')")
    async with limits.provider_slot(database.system, "p", "1@living", bounds, lease_seconds=0.3):
        ends_at = await database.system.fetchval("SELECT until FROM provider_slots")
        renewed = "SELECT until > now() AND now() > $1 FROM provider_slots"
        async with asyncio.timeout(20):
            while not await database.system.fetchval(renewed, ends_at):
                await asyncio.sleep(0.02)
        with pytest.raises(Busy):
            async with limits.provider_slot(database.system, "p", "1@other", bounds, patience_seconds=0.1):
                raise AssertionError("a renewed lease ran out")


async def test_the_next_attempt_of_a_step_takes_over_the_slot_of_the_one_that_died(database: Database) -> None:
    bounds = ProviderLimits(at_once=1)
    await database.system.execute("INSERT INTO provider_slots VALUES ('p', 0, '1@job:step', now() + interval '1 h')")
    async with limits.provider_slot(database.system, "p", "2@job:step", bounds, patience_seconds=0.1):
        assert await database.system.fetchval("SELECT holder FROM provider_slots") == "2@job:step"


async def test_plans_get_their_share_of_a_busy_queue_six_to_three_to_one(
    database: Database, database_urls: TestDatabase
) -> None:
    pipeline = toy_pipeline(Counter())
    weights = {6: 0, 3: 0, 1: 0}
    owners: dict[object, int] = {}
    for weight in weights:
        async with open_engine(database, database_urls.system, pipeline) as engine:
            for n in range(30):
                job = await engine.submit(Order(f"{weight}-{n}"), weight=weight)
                owners[job.id] = weight
    rows = await database.system.fetch("SELECT dedupe_key FROM pgqueuer ORDER BY priority DESC, id LIMIT 30")
    by_id = {str(job_id): weight for job_id, weight in owners.items()}
    served = Tally(by_id[row["dedupe_key"].partition(":")[0]] for row in rows)
    assert [served[6], served[3], served[1]] == pytest.approx([18, 9, 3], abs=2)


async def test_a_newcomer_goes_before_the_backlog_of_another_team_but_not_before_all_time(
    database: Database, database_urls: TestDatabase
) -> None:
    pipeline = toy_pipeline(Counter())
    async with (
        open_engine(database, database_urls.system, pipeline) as busy,
        open_engine(database, database_urls.system, pipeline) as late,
    ):
        jobs = [await busy.submit(Order(f"b-{n}")) for n in range(10)]
        taken = f"{jobs[4].id}:root"
        await database.system.execute("UPDATE pgqueuer SET status = 'picked' WHERE dedupe_key = $1", taken)
        await database.system.execute("UPDATE steps SET state = 'running' WHERE job_id = $1", jobs[4].id)
        newcomer = await late.submit(Order("new"))
        tags = {job.id: (await busy.steps(job))["root"]["tag"] for job in jobs}
        tag = (await late.steps(newcomer))["root"]["tag"]
    assert tag == tags[jobs[4].id], "not before what is being served"
    assert sum(1 for other in tags.values() if other > tag) == 5
