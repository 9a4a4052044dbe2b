"""Forgetting what nobody looks at any more: how the work of ended jobs went, and what ran out.

A job, its steps with their outputs, its assets and what its calls cost stay for ever. Of its history the last event
stays, which tells how it ended. What is kept how long is told to operators in ``docs/settings.md``.
"""

from datetime import datetime, timedelta

import asyncpg
import structlog

from overprint.engine import pauses, queue
from overprint.engine.schedule import Every, Schedule, ScheduleContext

JOBS_PER_BATCH = 20
ROWS_PER_BATCH = 5000
RUN_OUT = timedelta(days=1)

_log = structlog.get_logger(__name__)

# Bounded by rows, not only by jobs: one job may have half a million. A job is done with once nothing was left over.
_FORGET = """
WITH old AS (
    SELECT id, last_seq FROM jobs WHERE ended_at < $1 AND history_forgotten_at IS NULL
    ORDER BY ended_at LIMIT $2 FOR UPDATE SKIP LOCKED),
lines AS (SELECT l.id FROM step_logs l JOIN old ON l.job_id = old.id LIMIT $3),
told AS (SELECT e.job_id, e.seq FROM events e JOIN old ON e.job_id = old.id AND e.seq < old.last_seq LIMIT $3),
answers AS (
    SELECT c.job_id, c.key, c.call_key FROM step_calls c JOIN old ON c.job_id = old.id
    WHERE c.answer IS NOT NULL LIMIT $3),
gone_lines AS (DELETE FROM step_logs l USING lines WHERE l.id = lines.id),
gone_events AS (DELETE FROM events e USING told WHERE (e.job_id, e.seq) = (told.job_id, told.seq)),
gone_answers AS (
    UPDATE step_calls c SET answer = NULL FROM answers a
    WHERE (c.job_id, c.key, c.call_key) = (a.job_id, a.key, a.call_key)),
most AS (
    SELECT GREATEST((SELECT count(*) FROM lines), (SELECT count(*) FROM told), (SELECT count(*) FROM answers)) AS rows),
done AS (
    UPDATE jobs SET history_forgotten_at = now() FROM old, most
    WHERE jobs.id = old.id AND most.rows < $3 RETURNING jobs.id)
SELECT (SELECT count(*) FROM old) AS jobs, (SELECT count(*) FROM done) AS done
"""


async def forget_history(
    pool: asyncpg.Pool, before: datetime, *, jobs: int = JOBS_PER_BATCH, rows: int = ROWS_PER_BATCH
) -> tuple[int, int]:
    """One batch of the history of jobs that ended before then: logs, events and providers' answers.

    Answers how many jobs it looked at, and how many of these are done with; none looked at: there is nothing left.
    """
    found = await pool.fetchrow(_FORGET, before, jobs, rows)
    return found["jobs"], found["done"]


async def forget_run_out(pool: asyncpg.Pool, before: datetime) -> None:
    """Rates nobody asked for since then, slots whose lease ran out, and PgQueuer's log. They are a few rows each."""
    await pool.execute("DELETE FROM rate_buckets WHERE at < $1", before)
    await pool.execute("DELETE FROM provider_slots WHERE until < $1", before)
    await queue.forget_history(pool)


def retention(history: timedelta) -> Schedule:
    """Forgets the history of jobs that ended longer than ``history`` ago."""

    async def forget(context: ScheduleContext) -> None:
        pool, now, forgotten = context.database.system, context.clock.now(), 0
        await forget_run_out(pool, now - RUN_OUT)
        await pauses.forget(pool, now - pauses.FORGOTTEN_AFTER)
        while context.has_time:
            looked_at, done = await forget_history(pool, now - history)
            forgotten += done
            if not looked_at:
                break
        if forgotten:
            _log.info("the history of old jobs was forgotten", jobs=forgotten)

    return Schedule("engine.retention", Every(timedelta(hours=1)), forget)
