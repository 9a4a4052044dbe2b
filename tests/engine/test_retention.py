"""What is forgotten of old jobs, and what never is."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from overprint.db.database import Database
from overprint.engine import pauses, retention
from overprint.engine.job import JobState
from overprint.engine.participants import JobInfo
from overprint.engine.schedule import ScheduleContext
from tests.support.clock import SetClock
from tests.support.database import TestDatabase
from tests.support.engine import Engine, open_engine
from tests.support.toy import Counter, Order, toy_pipeline

KEPT = timedelta(days=30)
COUNTS = """
SELECT (SELECT count(*) FROM step_logs WHERE job_id = $1) AS lines,
       (SELECT count(*) FROM events WHERE job_id = $1) AS events,
       (SELECT count(*) FROM step_calls WHERE job_id = $1) AS calls,
       (SELECT count(*) FROM step_calls WHERE job_id = $1 AND answer IS NOT NULL) AS answers
"""
_LOG = """
INSERT INTO step_logs (job_id, key, team_id, level, message)
SELECT $1, 'root', $2, 'info', n::text FROM generate_series(1, 9) AS n
"""
_CALL = """
INSERT INTO step_calls (job_id, key, call_key, team_id, provider, idempotency_key, state, answer, cost_microdollars)
VALUES ($1, 'root', 'write', $2, 'groq', 'x', 'answered', '{"body": 1}', 70)
"""


async def _made(engine: Engine, name: str) -> JobInfo:
    """An ended job with logs and an answered call."""
    job = await engine.submit(Order(name))
    async with engine.worker():
        assert await engine.ended(job) is JobState.COMPLETED
    for statement in (_LOG, _CALL):
        await engine.database.system.execute(statement, job.id, engine.team_id)
    return job


async def _counts(database: Database, job_id: UUID) -> tuple[int, ...]:
    row: Any = await database.system.fetchrow(COUNTS, job_id)
    return tuple(row)


async def _shown(engine: Engine, job: JobInfo) -> list[Any]:
    """What people see of a job."""
    rows = await engine.database.system.fetch("SELECT * FROM steps WHERE job_id = $1 ORDER BY key", job.id)
    found = await engine.database.system.fetchrow(
        "SELECT state, request, title, progress, steps_total, steps_ended, last_seq, ended_at FROM jobs WHERE id = $1",
        job.id,
    )
    return [dict(found), *(dict(row) for row in rows)]


async def _run(database: Database, ahead: timedelta) -> None:
    await retention.retention(KEPT).body(ScheduleContext(database, SetClock(ahead), 60.0))


async def test_the_history_of_old_jobs_goes_and_what_people_see_stays(
    database: Database, database_urls: TestDatabase
) -> None:
    async with open_engine(database, database_urls.system, toy_pipeline(Counter())) as engine:
        job = await _made(engine, "old")
        shown, events = await _shown(engine, job), await engine.events(job)
        await _run(database, KEPT - timedelta(hours=1))
        assert await _counts(database, job.id) == (9, len(events), 1, 1)
        await _run(database, KEPT + timedelta(hours=1))
        assert await _counts(database, job.id) == (0, 1, 1, 0)
        assert await engine.events(job) == events[-1:]
        assert await _shown(engine, job) == shown
        cost = await database.system.fetchval("SELECT cost_microdollars FROM step_calls WHERE job_id = $1", job.id)
        assert cost == 70


async def test_who_watches_an_old_job_is_told_how_it_ended(database: Database, database_urls: TestDatabase) -> None:
    async with open_engine(database, database_urls.system, toy_pipeline(Counter())) as engine:
        job = await _made(engine, "old")
        events = await engine.events(job)
        await _run(database, 2 * KEPT)
        for after in (0, 3, len(events) - 1):
            assert [event async for event in engine.hub.watch(job.id, after)] == events[-1:]
        assert [event async for event in engine.hub.watch(job.id, len(events))] == []


async def test_jobs_that_go_on_lose_nothing_however_old(database: Database, database_urls: TestDatabase) -> None:
    async with open_engine(database, database_urls.system, toy_pipeline(Counter())) as engine:
        job = await engine.submit(Order("waits"))
        before = await _counts(database, job.id)
        await _run(database, timedelta(days=10_000))
        assert await _counts(database, job.id) == before


async def test_a_step_made_long_ago_is_reused_all_the_same(database: Database, database_urls: TestDatabase) -> None:
    counter = Counter()
    async with open_engine(database, database_urls.system, toy_pipeline(counter)) as engine:
        await _made(engine, "again")
        await _run(database, 2 * KEPT)
        ran = len(counter.runs)
        await _made(engine, "again")
        assert len(counter.runs) == ran


async def test_batches_are_small_and_go_on_where_the_last_one_stopped(
    database: Database, database_urls: TestDatabase
) -> None:
    async with open_engine(database, database_urls.system, toy_pipeline(Counter())) as engine:
        job = await _made(engine, "old")
        lines, events, _, _ = await _counts(database, job.id)
        late = datetime.now(UTC) + KEPT
        assert await retention.forget_history(database.system, late, rows=4) == (1, 0)
        assert await _counts(database, job.id) == (lines - 4, events - 4, 1, 0)
        looked_at, batches = 1, 0
        while looked_at:
            looked_at, _ = await retention.forget_history(database.system, late, rows=4)
            batches += 1
        assert batches >= (events - 1) // 4
        assert await _counts(database, job.id) == (0, 1, 1, 0)


async def test_rates_and_slots_that_ran_out_are_forgotten_and_others_stay(database: Database) -> None:
    await database.system.execute(
        "INSERT INTO rate_buckets (name, tokens, at) VALUES ('old', 1, now() - interval '2 d'), ('new', 1, now())"
    )
    await database.system.execute(
        "INSERT INTO provider_slots VALUES ('old', 0, 'x', now() - interval '2 d'), ('new', 0, 'x', now())"
    )
    await _run(database, timedelta())
    assert await database.system.fetchval("SELECT string_agg(name, ' ') FROM rate_buckets") == "new"
    assert await database.system.fetchval("SELECT string_agg(provider, ' ') FROM provider_slots") == "new"


async def test_without_time_nothing_is_begun_that_could_not_be_ended(
    database: Database, database_urls: TestDatabase
) -> None:
    async with open_engine(database, database_urls.system, toy_pipeline(Counter())) as engine:
        job = await _made(engine, "old")
        before = await _counts(database, job.id)
        await retention.retention(KEPT).body(ScheduleContext(database, SetClock(2 * KEPT), 0.0))
        assert await _counts(database, job.id) == before


async def test_a_pause_that_nobody_lifts_is_forgotten_after_a_month(database: Database) -> None:
    await pauses.begin(database.system, "text:gone", "Wrong key.")
    await _run(database, timedelta(days=29))
    assert [pause.place for pause in await pauses.read_pauses(database.system)] == ["text:gone"]
    await _run(database, timedelta(days=31))
    assert await pauses.read_pauses(database.system) == []
