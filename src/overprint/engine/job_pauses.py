"""A person pauses a job: what runs ends and is kept, nothing more of it begins until they go on.

Steps of a paused job that were ready wait like those that were not yet: they stand in no queue, so that nobody looks
at them in vain, no place in the line is theirs, and going on is what a submission does. What ends meanwhile sets
nothing free (``graph.advance``).
"""

import dataclasses
from uuid import UUID

import asyncpg

from overprint.db.database import Transaction
from overprint.engine import store
from overprint.engine.changes import Changes, record
from overprint.engine.graph import Course, Rules, advance
from overprint.engine.job import JOB_ENDED

_PAUSE = "UPDATE jobs SET paused_at = now() WHERE id = $1"
_GO_ON = "UPDATE jobs SET paused_at = NULL WHERE id = $1"
_PUT_ASIDE = """
WITH aside AS (
    UPDATE steps SET state = 'pending', tag = NULL, ready_at = NULL, not_before = NULL
    WHERE job_id = $1 AND state = 'ready' RETURNING job_id || ':' || key AS entry)
DELETE FROM pgqueuer USING aside WHERE dedupe_key = aside.entry AND status IN ('queued', 'picked')
"""


async def put_aside(driver: asyncpg.Connection, job_id: UUID) -> None:
    """Take the ready steps of a paused job, whose row is held, out of the queue."""
    await driver.execute(_PUT_ASIDE, job_id)


async def pause(transaction: Transaction, job_id: UUID) -> bool:
    """Whether the job is paused by this: not if it has ended, is being stopped, or was paused before."""
    driver = transaction.driver
    job = await store.lock_job(driver, job_id)
    if job is None or job.state in JOB_ENDED or job.cancel_requested or job.is_paused:
        return False
    await driver.execute(_PAUSE, job_id)
    await put_aside(driver, job_id)
    await record(driver, [Changes(job.info, events=[("job.paused", {})])])
    return True


async def resume(transaction: Transaction, rules: Rules, job_id: UUID) -> bool:
    """Go on with a paused job; whether it was one."""
    driver = transaction.driver
    job = await store.lock_job(driver, job_id)
    if job is None or not job.is_paused:
        return False
    await driver.execute(_GO_ON, job_id)
    course = Course.of(dataclasses.replace(job, is_paused=False), events=[("job.resumed", {})])
    course.free = await store.free_steps(driver, job_id, job.info.lineage, None)
    await advance(transaction, rules, [course])
    return True
