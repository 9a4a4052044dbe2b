"""Jobs from submit to end, on a real database with a real worker."""

from collections.abc import AsyncIterator

import pytest

from overprint.core.codec import encode
from overprint.core.problems import Invalid, LimitReached
from overprint.db.database import Database
from overprint.engine import graph
from overprint.engine.forecast import forecast
from overprint.engine.job import JobState
from overprint.engine.store import Edit, save_edit
from tests.support.database import TestDatabase
from tests.support.engine import Engine, open_engine
from tests.support.toy import Counter, Order, toy_pipeline


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
async def engine(database: Database, database_urls: TestDatabase, counter: Counter) -> AsyncIterator[Engine]:
    async with open_engine(database, database_urls.system, toy_pipeline(counter)) as opened:
        yield opened


async def test_a_job_expands_fans_in_and_completes(engine: Engine, counter: Counter) -> None:
    async with engine.worker():
        job = await engine.submit(Order("a", width=4))
        assert await engine.ended(job) is JobState.COMPLETED
    steps = await engine.steps(job)
    assert steps["join"]["output"] == {"text": "A-0 A-1 A-2 A-3"}
    assert counter.of("leaf") == 4


async def test_events_count_from_one_without_gaps_and_end_with_the_job(engine: Engine) -> None:
    async with engine.worker():
        job = await engine.submit(Order("a", width=10))
        await engine.ended(job)
    events = await engine.events(job)
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert events[0].type == "job.queued"
    assert events[-1].type == "job.completed"


async def test_progress_never_goes_back_and_ends_at_one(engine: Engine) -> None:
    async with engine.worker():
        job = await engine.submit(Order("a", width=10))
        await engine.ended(job)
    told = [event.data["progress"] for event in await engine.events(job)]
    assert told == sorted(told)
    assert told[-1] == 1


async def test_the_same_request_again_runs_nothing(engine: Engine, counter: Counter) -> None:
    async with engine.worker():
        await engine.ended(await engine.submit(Order("a")))
        ran = len(counter.runs)
        again = await engine.submit(Order("a"))
        assert await engine.ended(again) is JobState.COMPLETED
    assert len(counter.runs) == ran
    assert {step["state"] for step in (await engine.steps(again)).values()} == {"reused"}


async def test_a_changed_part_runs_only_what_depends_on_it(engine: Engine, counter: Counter) -> None:
    async with engine.worker():
        first = await engine.submit(Order("a", width=5))
        await engine.ended(first)
        before = {kind: counter.of(kind) for kind in ("root", "leaf", "join")}
        parts = {str(n): f"a-{n}" for n in range(5)} | {"2": "changed"}
        async with engine.database.transaction(engine.team_id) as transaction:
            output = {"name": "a", "parts": parts}
            await save_edit(transaction.driver, first.lineage, "root", engine.team_id, Edit(output), None)
        second = await engine.submit(Order("a", width=5), lineage=first.lineage)
        assert await engine.ended(second) is JobState.COMPLETED
    after = {kind: counter.of(kind) for kind in ("root", "leaf", "join")}
    assert {kind: after[kind] - before[kind] for kind in after} == {"root": 0, "leaf": 1, "join": 1}
    assert "CHANGED" in (await engine.steps(second))["join"]["output"]["text"]


async def test_a_forecast_says_what_would_run_and_is_right(engine: Engine) -> None:
    async with engine.worker():
        first = await engine.submit(Order("a", width=3))
        await engine.ended(first)
        async with engine.database.transaction(engine.team_id) as transaction:
            same = await forecast(transaction, engine.rules, first.kind, encode(Order("a", width=3)), first.lineage)
            other = await forecast(transaction, engine.rules, first.kind, encode(Order("b", width=3)), first.lineage)
    assert same.runs == ()
    assert set(same.reused) == {"root", "join", "leaf/0", "leaf/1", "leaf/2"}
    assert set(other.runs) == {"root", "join"}


async def test_a_failed_step_does_not_stop_the_others(engine: Engine) -> None:
    async with engine.worker():
        job = await engine.submit(Order("a", width=3, fails=(1,)))
        assert await engine.ended(job) is JobState.FAILED
    steps = await engine.steps(job)
    assert steps["leaf/1"]["state"] == "failed"
    assert steps["join"]["output"] == {"text": "A-0 A-2"}
    row = await engine.database.system.fetchrow("SELECT error FROM jobs WHERE id = $1", job.id)
    assert row["error"] == "This leaf cannot be made."


async def test_the_same_idempotency_key_makes_one_job(engine: Engine) -> None:
    await engine.submit(Order("a"), idempotency_key="once")
    await engine.submit(Order("a"), idempotency_key="once")
    assert await engine.database.system.fetchval("SELECT count(*) FROM jobs") == 1


async def test_cancelling_stops_a_running_step_within_two_seconds_and_keeps_what_was_made(engine: Engine) -> None:
    async with engine.worker():
        job = await engine.submit(Order("a", width=2, slow_seconds=30))
        await engine.until(job, "leaf/0", "running")
        await engine.cancel(job)
        assert await engine.ended(job, seconds=2) is JobState.CANCELLED
    steps = await engine.steps(job)
    assert steps["root"]["state"] == "completed"
    assert steps["leaf/0"]["state"] == "cancelled"
    assert await engine.database.system.fetchval("SELECT count(*) FROM pgqueuer") == 0


async def test_a_job_cancelled_before_any_worker_came_ends_at_once(engine: Engine) -> None:
    job = await engine.submit(Order("a"))
    await engine.cancel(job)
    assert await engine.state(job) is JobState.CANCELLED


async def test_a_stopping_worker_hands_its_step_back_uncounted(engine: Engine) -> None:
    async with engine.worker("first"):
        job = await engine.submit(Order("a", width=1, slow_seconds=3))
        await engine.until(job, "leaf/0", "running")
    step = (await engine.steps(job))["leaf/0"]
    assert (step["state"], step["tries"]) == ("ready", 0)
    async with engine.worker("second"):
        assert await engine.ended(job) is JobState.COMPLETED


async def test_an_expansion_into_too_many_steps_fails_its_step_and_adds_none(engine: Engine) -> None:
    async with engine.worker():
        job = await engine.submit(Order("a", width=3000))
        assert await engine.ended(job) is JobState.FAILED
    assert "2000 steps" in (await engine.steps(job))["root"]["error"]


async def test_a_request_that_does_not_decode_is_refused_and_nothing_is_stored(engine: Engine) -> None:
    with pytest.raises(Invalid, match="width"):
        await engine.submit({"name": "a", "width": "many"})
    assert await engine.database.system.fetchval("SELECT count(*) FROM jobs") == 0


async def test_a_request_that_is_too_large_is_refused_and_nothing_is_stored(engine: Engine) -> None:
    with pytest.raises(LimitReached):
        await engine.submit(Order("a" * 5_000_000))
    assert await engine.database.system.fetchval("SELECT count(*) FROM jobs") == 0


async def test_one_teams_many_jobs_do_not_block_anothers_one(
    database: Database, database_urls: TestDatabase, counter: Counter
) -> None:
    pipeline = toy_pipeline(counter)
    async with (
        open_engine(database, database_urls.system, pipeline) as busy,
        open_engine(database, database_urls.system, pipeline) as small,
    ):
        many = [await busy.submit(Order(f"busy-{n}", width=2)) for n in range(20)]
        one = await small.submit(Order("small", width=2))
        async with busy.worker(limit=2):
            await small.ended(one)
            unfinished = [job for job in many if await busy.state(job) not in (JobState.COMPLETED,)]
    assert len(unfinished) >= 10


async def test_cancelling_twice_changes_nothing(engine: Engine) -> None:
    job = await engine.submit(Order("a"))
    await engine.cancel(job)
    events = len(await engine.events(job))
    await engine.cancel(job)
    assert len(await engine.events(job)) == events


async def test_a_job_of_another_team_cannot_be_seen(engine: Engine, database: Database) -> None:
    job = await engine.submit(Order("a"))
    stranger = await database.system.fetchval(
        "INSERT INTO teams (id, name, slug) VALUES (gen_random_uuid(), 'x', 'x') RETURNING id"
    )
    async with database.transaction(stranger) as transaction:
        assert await graph.cancel(transaction, engine.rules, job.id) is None
        assert await transaction.driver.fetchval("SELECT count(*) FROM jobs") == 0
